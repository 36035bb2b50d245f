"""GET /api/backtests/{id}/why/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from backtest_api.models import BacktestRun
from tests.api.backtest_api.conftest import QUICK_RUN, RUN_SANDBOX, address_of


@pytest.fixture
def run(api: APIClient) -> dict[str, Any]:
    return dict(api.post(QUICK_RUN, {"user_description": examples.IDEA, "symbol": "GOOG"}).json())


def test_a_date_tells_which_condition_was_false(api: APIClient, run: dict[str, Any]) -> None:
    body = api.get(address_of(run, "why/?date=2005-03-02")).json()
    (entry, _) = body["bar"]["rules"]
    assert (entry["id"], entry["outcome"], entry["verdict"]["truth"]) == ("entry_1", "not_true", False)
    assert entry["verdict"]["values"][1]["value"] == pytest.approx(43.0273, abs=1e-4)
    assert "did nothing: “RSI(14) crosses below 30” was false" in body["sentences"][-1]


def test_each_trade_tells_what_its_row_says(api: APIClient, run: dict[str, Any]) -> None:
    for trade in api.get(address_of(run, "trades/")).json()["results"][:3]:
        told = api.get(address_of(run, f"why/?trade={trade['number']}")).json()["trade"]
        assert (told["entry_bar"], told["exit_bar"]) == (trade["entry_bar"], trade["exit_bar"])
        assert told["opened_by"] == trade["tag"]
        assert trade["closed_by"] in (None, told["closed_by"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "date"),
        ("?date=2005-03-02&trade=1", "date"),
        ("?date=2005-03-05", "date"),
        ("?date=soon", "date"),
        ("?trade=25", "trade"),
        ("?trade=x", "trade"),
        ("?when=2005-03-02", "when"),
    ],
)
def test_what_can_t_be_asked_is_named(
    api: APIClient, run: dict[str, Any], problem: Any, query: str, field: str
) -> None:
    details = problem(api.get(address_of(run, f"why/{query}")), 400)["details"]
    assert [detail["field"] for detail in details] == [field]
    assert details[0]["message"]


def test_code_without_rules_can_t_be_asked(api: APIClient, problem: Any) -> None:
    made = api.post(RUN_SANDBOX, {"code": examples.OWN_CODE, "symbol": "GOOG"}).json()
    assert "no rules" in problem(api.get(address_of(made, "why/?trade=1")), 409)["error"]


def test_another_user_s_run_is_not_there(strange_api: APIClient, run: dict[str, Any], problem: Any) -> None:
    problem(strange_api.get(address_of(run, "why/?date=2005-03-02")), 404)


def test_where_the_code_does_something_else_the_story_says_that_it_is_the_specification_s(
    api: APIClient, run: dict[str, Any]
) -> None:
    assert api.get(address_of(run, "why/?trade=1")).json()["notices"] == []
    found = {"message": "the first trade differs"}
    BacktestRun.objects.filter(pk=run["id"]).update(verification={"state": "mismatch", "counterexample": found})
    body = api.get(address_of(run, "why/?trade=1")).json()
    assert "something else than its specification" in body["notices"][0]
    assert body["sentences"][0] == body["notices"][0]
