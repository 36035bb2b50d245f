"""A run read back from its rows is the run as it was right after it ran."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auth_api.models import User
from Backtest.pipeline import Outcome, record_of
from Backtest.report.artifacts import manifest_json
from Backtest.report.csv_tables import equity_csv, trades_csv
from Backtest.report.page import report_html
from backtest_api.models import BacktestRun
from backtest_api.records import run_record, storable
from backtest_api.run_request import RunRequest
from backtest_api.services import backtest_quick_run
from backtest_api.services import backtests as module
from tests.services.backtest_api.ideas import HOLD, IDEA

RENDERERS = (manifest_json, trades_csv, equity_csv, report_html)


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """What the engine answered, beside what was stored of it."""
    seen: list[Outcome] = []
    create = module.outcome_create

    def watched(plan: Any, outcome: Outcome, **named: Any) -> BacktestRun:
        seen.append(outcome)
        return create(plan, outcome, **named)

    monkeypatch.setattr(module, "outcome_create", watched)
    return seen


@pytest.mark.parametrize(
    "asked",
    [
        {"user_description": IDEA, "symbol": "GOOG", "start_date": "2006-01-01"},
        {"user_description": IDEA, "symbol": "EURUSD"},
        {"code": HOLD, "symbol": "BTCUSD"},
    ],
    ids=["daily with warm-up", "hourly", "code with an open trade"],
)
def test_every_file_rendered_from_the_rows_is_that_of_the_run_itself(
    user: User, outcomes: list[Outcome], asked: dict[str, Any]
) -> None:
    run = backtest_quick_run(user=user, request=RunRequest(**asked))
    run.refresh_from_db()
    itself = record_of(outcomes[0], run_id=str(run.pk), created_at=run.created_at)
    for render in RENDERERS:
        assert render(run_record(run)) == render(itself)


def test_a_run_keeps_the_versions_that_ran_it(user: User) -> None:
    run = backtest_quick_run(user=user, request=RunRequest(code=HOLD, symbol="BTCUSD"))
    run.versions = {**run.versions, "numpy": "1.0"}
    run.created_at = datetime(2026, 1, 5, tzinfo=UTC)
    assert '"numpy": "1.0"' in manifest_json(run_record(run))


REQUESTS = st.builds(
    RunRequest,
    user_description=st.text(min_size=1),
    version=st.none() | st.integers(1, 9),
    dataset_id=st.none() | st.uuids(),
    symbol=st.none() | st.text(min_size=1),
    account=st.dictionaries(st.sampled_from(["cash", "spread"]), st.floats(0.1, 10)),
    answers=st.dictionaries(st.text(), st.text() | st.booleans()),
    accept_defaults=st.booleans(),
)


@given(REQUESTS)
@settings(suppress_health_check=[HealthCheck.differing_executors])
def test_a_request_comes_back_from_its_row_as_it_was(request: RunRequest) -> None:
    assert RunRequest.from_json(request.as_json()) == request


@given(st.text())
def test_what_is_stored_of_a_text_has_no_zero_byte_and_all_else(text: str) -> None:
    assert storable(text) == "".join("\ufffd" if character == "\0" else character for character in text)
