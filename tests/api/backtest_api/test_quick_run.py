"""POST /api/backtests/quick-run/: a run at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import BACKTESTS, OPEN_IDEA, QUICK_RUN, Make

DAILY = b"Date,Open,High,Low,Close,Volume\n" + b"".join(
    f"2024-{month:02d}-{day:02d},{price},{price + 2},{price - 1},{price + 1},1000\n".encode()
    for month in (1, 2, 3)
    for day in range(1, 29)
    for price in [10 + (day * 7 + month * 3) % 11]
)
Problem = Callable[[Any, int], dict[str, Any]]


def test_it_answers_the_completed_run_where_it_stands(api: APIClient) -> None:
    response = api.post(QUICK_RUN, {"user_description": examples.IDEA, "symbol": "GOOG"})
    assert response.status_code == 201
    run = response.json()
    assert response["Location"] == f"{BACKTESTS}{run['id']}/"
    assert (run["status"], run["symbol"], run["total_trades"]) == ("completed", "GOOG", 24)
    assert run["total_pnl"] == run["metrics"]["equity_final"] - 100_000
    assert 0 <= run["win_rate"] <= 1
    assert run["max_drawdown"] == run["metrics"]["max_drawdown_pct"] < 0
    assert (run["verification"], run["verified"]) == ({"state": "pending", "counterexample": None}, False)
    assert api.get(response["Location"]).json() == run


def test_a_strategy_is_run_by_its_id_and_version(api: APIClient, strategy: dict[str, Any]) -> None:
    api.post(f"/api/strategies/{strategy['id']}/chat/", {"message": "tighten the stop to 2%"})
    run = api.post(QUICK_RUN, {"strategy_id": strategy["id"], "version": 1, "symbol": "GOOG"}).json()
    latest = api.post(QUICK_RUN, {"strategy_id": strategy["id"], "symbol": "GOOG"}).json()
    assert (run["strategy_id"], run["version"], latest["version"]) == (strategy["id"], 1, 2)
    assert run["canonical_json"]["risk"]["stop_loss"]["value"] == 5
    assert latest["canonical_json"]["risk"]["stop_loss"]["value"] == 2


def test_a_document_is_run_as_the_words_that_it_came_from(api: APIClient, make: Make, strategy: dict[str, Any]) -> None:
    run = make(canonical_json=strategy["canonical_json"], symbol="GOOG")
    assert run["metrics"] == make(strategy_id=strategy["id"], symbol="GOOG")["metrics"]
    assert (run["strategy_id"], run["version"]) == (None, None)


def test_an_uploaded_dataset_is_what_it_runs_on(api: APIClient, make: Make) -> None:
    file = SimpleUploadedFile("mine.csv", DAILY, "text/csv")
    dataset = api.post("/api/data/upload/", {"file": file, "symbol": "MINE"}, format="multipart").json()
    idea = "Buy when the close crosses above the SMA 5, sell when it crosses below the SMA 5"
    run = make(user_description=idea, dataset_id=dataset["id"])
    assert (run["symbol"], run["source"], run["dataset_id"]) == ("MINE", "csv", dataset["id"])
    assert run["metrics"]["bars"] == 84
    assert run["total_trades"] > 0


def test_words_that_leave_something_open_are_a_422_with_the_questions(api: APIClient, problem: Problem) -> None:
    body = problem(api.post(QUICK_RUN, {"user_description": OPEN_IDEA, "symbol": "GOOG"}), 422)
    [question] = [detail for detail in body["details"] if detail["field"].startswith("answers/")]
    assert question["message"].endswith("?")
    answer = "sell when the 20-day EMA crosses below the 50-day EMA"
    answers = {question["field"].removeprefix("answers/"): answer}
    completed = api.post(QUICK_RUN, {"user_description": OPEN_IDEA, "symbol": "GOOG", "answers": answers})
    assert completed.json()["status"] == "completed"


def test_code_that_fails_is_a_run_that_failed(api: APIClient, make: Make) -> None:
    failing = examples.OWN_CODE.replace("self.buy()", "self.buy(size=1 // 0)")
    made = api.post("/api/strategies/", {"generated_code": failing})
    run = make(strategy_id=made.json()["id"], symbol="GOOG")
    assert (run["status"], run["total_pnl"], run["trades_csv"], run["self_reported"]) == ("failed", None, None, True)
    assert "ZeroDivisionError" in run["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user_description"),
        ({"user_description": examples.IDEA, "strategy_id": 1}, "user_description"),
        ({"canonical_json": {}, "strategy_id": 1}, "canonical_json"),
        ({"user_description": examples.IDEA, "version": 1}, "version"),
        ({"user_description": examples.IDEA, "symbl": "GOOG"}, "symbl"),
        ({"user_description": examples.IDEA, "account": {"cash": "much"}}, "account/cash"),
        ({"user_description": examples.IDEA, "account": {"cash": 0}}, "account/cash"),
        ({"user_description": examples.IDEA, "account": {"cash": 100}}, "account/cash"),
        ({"user_description": examples.IDEA, "account": {"leverage": 2}}, "account/leverage"),
        ({"user_description": examples.IDEA, "timeframe": "fortnight"}, "timeframe"),
        ({"user_description": examples.IDEA, "symbol": "GOOG", "timeframe": "1h"}, "timeframe"),
        ({"user_description": examples.IDEA, "symbol": "NOPE"}, "symbol"),
        ({"user_description": examples.IDEA, "source": "nowhere"}, "source"),
        ({"user_description": examples.IDEA, "source": "sample", "dataset_id": "0" * 32}, "source"),
        ({"user_description": examples.IDEA, "start_date": "2020-01-01"}, "start_date"),
        ({"user_description": examples.IDEA, "end_date": "31 May"}, "end_date"),
        ({"user_description": "x" * 20_001}, "user_description"),
        ({"canonical_json": {"entry_rules": 7}}, "canonical_json/entry_rules"),
        ({"canonical_json": {}, "answers": {"a": 1}}, "answers"),
        ({"strategy_id": True}, "strategy_id"),
    ],
)
def test_what_is_at_fault_is_named_by_its_field(
    api: APIClient, problem: Problem, body: dict[str, Any], field: str
) -> None:
    details = problem(api.post(QUICK_RUN, body), 400)["details"]
    assert field in [detail["field"] for detail in details]
    assert api.get(BACKTESTS).json()["count"] == 0


def test_it_needs_a_token(anonymous: APIClient, problem: Problem) -> None:
    problem(anonymous.post(QUICK_RUN, {"user_description": examples.IDEA}), 401)


def test_another_user_s_strategy_or_dataset_is_not_there(
    strange_api: APIClient, strategy: dict[str, Any], problem: Problem
) -> None:
    problem(strange_api.post(QUICK_RUN, {"strategy_id": strategy["id"]}), 404)
    body = {"user_description": examples.IDEA, "dataset_id": "00000000-0000-4000-8000-000000000000"}
    problem(strange_api.post(QUICK_RUN, body), 404)


def test_it_is_counted_as_computing(api: APIClient, problem: Problem, settings: Any) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "compute": "1/h"}
    assert api.post(QUICK_RUN, {}).status_code == 400
    assert "Retry-After" in api.post(QUICK_RUN, {})
    assert api.get(BACKTESTS).status_code == 200
