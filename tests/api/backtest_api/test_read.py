"""GET /api/backtests/{id}/: one run."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import BACKTESTS, RUN_SANDBOX, Make, address_of

Problem = Callable[[Any, int], dict[str, Any]]


def test_it_tells_what_ran_and_on_what(api: APIClient, verified: dict[str, Any]) -> None:
    read = api.get(address_of(verified)).json()
    assert read == verified
    compile(read["code"], "strategy.py", "exec")
    assert f"class {read['class_name']}(" in read["code"]
    assert read["canonical_json"]["instruments"] == ["GOOG"]
    assert read["versions"]["backtesting"]
    assert read["zone"] == "America/New_York"
    assert set(read["layers"]) >= {"process", "clean_environment"}


def test_what_was_assumed_is_told(run: dict[str, Any]) -> None:
    assert "/execution/cash" in [each["path"] for each in run["assumptions"]]


def test_an_open_trade_is_told_apart(api: APIClient) -> None:
    run = api.post(RUN_SANDBOX, {"code": examples.OWN_CODE, "symbol": "EURUSD"}).json()
    [held] = run["open_at_end"]
    assert held["entry_time"].endswith("+00:00")
    assert held["unrealised_pnl"] == pytest.approx(held["size"] * (held["last_price"] - held["entry_price"]))
    assert run["total_trades"] == 0


@pytest.mark.parametrize("run_id", [10**6, 2**63, 10**40])
def test_what_never_was_is_not_there(api: APIClient, problem: Problem, run_id: int) -> None:
    problem(api.get(f"{BACKTESTS}{run_id}/"), 404)


@pytest.mark.parametrize(
    "part", ["", "trades/", "equity/", "chart/", "artifacts/trades.csv/", "artifacts/report.html/"]
)
def test_another_user_s_run_is_not_there_and_needs_a_token(
    strange_api: APIClient, anonymous: APIClient, run: dict[str, Any], problem: Problem, part: str
) -> None:
    problem(strange_api.get(address_of(run, part)), 404)
    problem(anonymous.get(address_of(run, part)), 401)


def test_a_run_outlives_its_strategy(api: APIClient, make: Make, strategy: dict[str, Any]) -> None:
    run = make(strategy_id=strategy["id"], symbol="GOOG")
    assert api.delete(f"/api/strategies/{strategy['id']}/").status_code == 204
    assert api.get(address_of(run)).json()["metrics"] == run["metrics"]
    assert examples.IDEA in str(run["canonical_json"]["description"])
