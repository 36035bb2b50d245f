"""Checks of versions, documents and code."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from auth_api.models import User
from Backtest.errors import SandboxBroken, SymbolUnknown
from rest.errors import NotFound
from rest.turns import turn
from strategy_api.models import Status, StrategyValidation
from strategy_api.selectors import strategy_get, strategy_version_get
from strategy_api.services import (
    Description,
    code_try,
    code_validate,
    schema_validate,
    strategy_create,
    strategy_update,
    strategy_validate,
)

RSI = Description(user_description="Buy when RSI(14) drops below 30, sell when it rises above 70")
AVERAGE = Description(user_description="Buy when price is above its moving average, sell when it falls below")


def code(body: str) -> str:
    return (
        "from backtesting import Strategy\n\n\nclass Own(Strategy):\n    def init(self):\n        pass\n\n"
        f"    def next(self):\n        {body}\n"
    )


HOLD = code("self.position or self.buy()")
NUL = code("raise ValueError('a\\x00b')")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> None:
    settings.BACKTEST_CODES_DIR = tmp_path


# of a stored version


def test_a_generated_strategy_passes_all_three_checks_and_they_are_written_down(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    validated = strategy_validate(user=user, strategy_id=first.strategy_id)
    assert (validated.valid, validated.skipped) == (True, ())
    rows = StrategyValidation.objects.filter(version=first).order_by("id")
    assert [(row.kind, row.ok, row.findings) for row in rows] == [
        ("spec", True, []),
        ("code", True, []),
        ("sandbox", True, []),
    ]
    assert rows[2].details["bars"] == 2148
    assert rows[2].details["status"] == "completed"


def test_code_of_ones_own_becomes_valid_by_its_run(user: User) -> None:
    first = strategy_create(user=user, description=Description(generated_code=HOLD))
    validated = strategy_validate(user=user, strategy_id=first.strategy_id)
    assert [validation.kind for validation in validated.validations] == ["code", "sandbox"]
    assert strategy_get(user=user, strategy_id=first.strategy_id).status == Status.VALID


def test_code_that_fails_in_its_run_becomes_invalid_with_the_line(user: User) -> None:
    first = strategy_create(user=user, description=Description(generated_code=code("1 / 0")))
    validated = strategy_validate(user=user, strategy_id=first.strategy_id)
    [finding] = validated.validations[-1].findings
    assert (finding["field"], finding["line"]) == ("generated_code", 9)
    assert "ZeroDivisionError" in finding["message"]
    assert strategy_get(user=user, strategy_id=first.strategy_id).status == Status.INVALID


def test_what_failed_code_says_is_stored_whatever_it_holds(user: User) -> None:
    first = strategy_create(user=user, description=Description(generated_code=NUL))
    strategy_validate(user=user, strategy_id=first.strategy_id)
    [finding] = StrategyValidation.objects.get(kind="sandbox").findings
    assert "a�b" in finding["message"]


def test_an_unclear_version_stays_what_it_is_and_its_questions_are_the_findings(user: User) -> None:
    first = strategy_create(user=user, description=AVERAGE)
    validated = strategy_validate(user=user, strategy_id=first.strategy_id)
    [validation] = validated.validations
    assert (validation.kind, validation.ok) == ("spec", False)
    assert validation.findings[0]["field"] == f"answers/{first.questions[0]['id']}"
    assert validated.skipped == ("there is no code to scan and to run",)
    assert strategy_get(user=user, strategy_id=first.strategy_id).status == Status.NEEDS_CLARIFICATION


def test_an_older_version_is_checked_without_touching_where_the_strategy_stands(user: User) -> None:
    first = strategy_create(user=user, description=Description(generated_code=code("1 / 0")))
    strategy_update(user=user, strategy_id=first.strategy_id, description=RSI)
    strategy_validate(user=user, strategy_id=first.strategy_id, number=1)
    assert strategy_version_get(user=user, strategy_id=first.strategy_id, number=1).status == Status.INVALID
    assert strategy_get(user=user, strategy_id=first.strategy_id).status == Status.VALID


def test_a_chart_that_no_sample_has_is_said_to_be_skipped(user: User) -> None:
    document = {
        "timeframe": "5m",
        "entry_rules": [{"side": "long", "when": {"type": "cross_below", "left": "RSI_14", "right": 30}}],
        "exit_rules": [{"side": "long", "when": {"type": "cross_above", "left": "RSI_14", "right": 70}}],
    }
    first = strategy_create(user=user, description=Description(canonical_json=document))
    validated = strategy_validate(user=user, strategy_id=first.strategy_id)
    assert [validation.kind for validation in validated.validations] == ["spec", "code"]
    assert validated.skipped == ("the code was not run: no sample has bars of 5m",)


def test_a_version_that_is_not_there_is_not_found(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    with pytest.raises(NotFound):
        strategy_validate(user=user, strategy_id=first.strategy_id, number=2)


@pytest.mark.django_db(transaction=True)
def test_others_write_while_code_is_being_tried(user: User, settings: Any) -> None:
    settings.SANDBOX_CPU_S = 1
    endless = strategy_create(user=user, description=Description(generated_code=code("\n        while True: pass")))
    found: list[bool] = []

    def validate() -> None:
        try:
            found.append(strategy_validate(user=user, strategy_id=endless.strategy_id).valid)
        finally:
            connection.close()

    trial = threading.Thread(target=validate)
    trial.start()
    written = 0
    while trial.is_alive():
        strategy_create(user=user, description=AVERAGE)
        written += 1
        trial.join(0.05)
    assert found == [False]
    assert written > 4  # a transaction held during the trial would have kept all but the first waiting


# of what is only sent


def test_tries_take_turns_with_all_other_runs_of_this_process(user: User, settings: Any) -> None:
    settings.SANDBOX_WALL_S = 1
    drafted = strategy_create(user=user, description=Description(generated_code=HOLD))
    with turn(), turn():
        with pytest.raises(SandboxBroken, match="too many"):
            code_try(code=HOLD, symbol="GOOG")
        with pytest.raises(SandboxBroken, match="too many"):
            strategy_validate(user=user, strategy_id=drafted.strategy_id)
    assert strategy_get(user=user, strategy_id=drafted.strategy_id).status == Status.DRAFT


def test_a_stored_document_is_canonical(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    assert first.canonical_json is not None
    report = schema_validate(canonical_json=first.canonical_json)
    assert (report.valid, report.errors, report.identity) == (True, (), first.identity)


def test_a_shorthand_is_refused_and_its_canonical_form_is_given() -> None:
    rules = {
        "entry_rules": [{"side": "long", "when": {"type": "cross_below", "left": "RSI_14", "right": 30}}],
        "exit_rules": [{"side": "long", "when": {"type": "cross_above", "left": "RSI_14", "right": 70}}],
    }
    report = schema_validate(canonical_json=rules)
    assert not report.valid
    assert "canonical_json/entry_rules/0/when/right" in [issue.field for issue in report.errors]
    assert report.canonical_json is not None
    assert schema_validate(canonical_json=report.canonical_json).valid


def test_code_is_judged_without_being_run() -> None:
    assert code_validate(code=code("while True: pass")).ok
    assert [finding.rule for finding in code_validate(code="import os\n").findings] == ["import"]


def test_code_that_is_refused_is_not_run() -> None:
    trial = code_try(code="import os\n", symbol="GOOG")
    assert (trial.status, trial.layers, trial.metrics) == ("refused", (), {})
    assert [finding.rule for finding in trial.findings] == ["import"]


def test_code_is_tried_on_the_sample_that_is_named() -> None:
    trial = code_try(code=HOLD, symbol="AAPL")
    assert (trial.status, trial.error, trial.self_reported) == ("completed", None, True)
    assert trial.metrics["open_trades"] == 1
    assert "process" in trial.layers


def test_a_sample_that_is_not_there_is_refused() -> None:
    with pytest.raises(SymbolUnknown):
        code_try(code=HOLD, symbol="NOWHERE")
