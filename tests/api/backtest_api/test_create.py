"""POST /api/backtests/: a run that is begun, and done later."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import BACKTESTS, OPEN_IDEA

Problem = Callable[[Any, int], dict[str, Any]]


def test_it_answers_the_pending_run_and_where_to_ask_for_it(api: APIClient, strategy: dict[str, Any]) -> None:
    response = api.post(BACKTESTS, {"strategy_id": strategy["id"], "symbol": "GOOG"})
    assert response.status_code == 202
    run = response.json()
    assert response["Location"] == f"{BACKTESTS}{run['id']}/"
    assert (run["status"], run["symbol"], run["strategy_id"]) == ("pending", "GOOG", strategy["id"])
    assert (run["total_pnl"], run["trades_csv"], run["metrics"]) == (None, None, {})
    assert api.get(response["Location"]).json() == run


def test_it_asks_what_the_words_leave_open_before_anything_is_stored(api: APIClient, problem: Problem) -> None:
    body = problem(api.post(BACKTESTS, {"user_description": OPEN_IDEA}), 422)
    assert body["details"][0]["field"].startswith("answers/")
    assert api.get(BACKTESTS).json()["count"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"user_description": examples.IDEA, "symbol": "NOPE"}, "symbol"),
        ({"user_description": examples.IDEA, "end_date": "1990-01-01"}, "end_date"),
        ({"symbol": "GOOG"}, "user_description"),
    ],
)
def test_what_is_at_fault_is_named_by_its_field(
    api: APIClient, problem: Problem, body: dict[str, Any], field: str
) -> None:
    assert [detail["field"] for detail in problem(api.post(BACKTESTS, body), 400)["details"]] == [field]


def test_it_needs_a_token(anonymous: APIClient, problem: Problem) -> None:
    problem(anonymous.post(BACKTESTS, {"user_description": examples.IDEA}), 401)


def test_another_user_s_strategy_is_not_there(
    strange_api: APIClient, strategy: dict[str, Any], problem: Problem
) -> None:
    problem(strange_api.post(BACKTESTS, {"strategy_id": strategy["id"]}), 404)
