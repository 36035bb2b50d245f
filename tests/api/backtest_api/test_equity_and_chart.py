"""GET /api/backtests/{id}/equity/ and chart/: columns, drawn together with their extremes kept."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backtesting.test import GOOG
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import RUN_SANDBOX, address_of

Problem = Callable[[Any, int], dict[str, Any]]
BOTH = pytest.mark.parametrize("part", ["equity/", "chart/"])


def get(api: APIClient, run: dict[str, Any], part: str) -> dict[str, Any]:
    response = api.get(address_of(run, part))
    assert response.status_code == 200, response.content
    return dict(response.json())


def test_the_equity_is_one_point_a_bar_where_there_is_room(api: APIClient, run: dict[str, Any]) -> None:
    equity = get(api, run, "equity/?max_points=5000")
    columns = equity["columns"]
    bars = run["metrics"]["bars"]
    assert (equity["bars"], equity["bars_each"]) == (bars, 1)
    assert columns["bar"] == list(range(bars))
    assert columns["time"][0] == run["metrics"]["start"]
    assert columns["equity"][-1] == run["metrics"]["equity_final"]
    assert columns["equity_low"] == columns["equity_high"] == columns["equity"]
    assert min(columns["drawdown_pct"]) == pytest.approx(run["metrics"]["max_drawdown_pct"])


@pytest.mark.parametrize("max_points", [2, 7, 100, 999])
def test_fewer_points_keep_every_extreme(api: APIClient, run: dict[str, Any], max_points: int) -> None:
    whole = get(api, run, "equity/?max_points=5000")["columns"]
    few = get(api, run, f"equity/?max_points={max_points}")["columns"]
    assert {len(column) for column in few.values()} == {len(few["bar"])}
    assert len(few["bar"]) <= max_points
    assert max(few["equity_high"]) == max(whole["equity"])
    assert min(few["equity_low"]) == min(whole["equity"])
    assert min(few["drawdown_pct"]) == min(whole["drawdown_pct"])
    assert few["equity"][-1] == whole["equity"][-1]


def test_the_chart_has_the_prices_of_the_bars(api: APIClient, run: dict[str, Any]) -> None:
    columns = get(api, run, "chart/?max_points=5000")["columns"]
    there = GOOG.loc["2009-01-01":]
    for name in ("Open", "High", "Low", "Close", "Volume"):
        np.testing.assert_array_equal(columns[name.lower()], there[name].to_numpy())
    assert columns["time"] == [stamp.date().isoformat() for stamp in there.index]


def test_prices_drawn_together_are_those_of_longer_bars(api: APIClient, run: dict[str, Any]) -> None:
    chart = get(api, run, "chart/?max_points=100")
    columns, each = chart["columns"], chart["bars_each"]
    first = GOOG.loc["2009-01-01":].iloc[:each]
    assert [columns[name][0] for name in ("open", "high", "low", "close", "volume")] == [
        first["Open"].iloc[0],
        first["High"].max(),
        first["Low"].min(),
        first["Close"].iloc[-1],
        first["Volume"].sum(),
    ]


def test_the_markers_are_the_trades(api: APIClient, run: dict[str, Any]) -> None:
    chart = get(api, run, "chart/")
    trades = api.get(address_of(run, "trades/?page_size=200")).json()["results"]
    assert chart["total_trades"] == len(trades) == run["total_trades"]
    for name, column in chart["trades"].items():
        assert column == [trade[name] for trade in trades]


def test_of_more_trades_than_points_the_largest_results_are_marked(api: APIClient, run: dict[str, Any]) -> None:
    marked = get(api, run, "chart/?max_points=3")["trades"]
    trades = api.get(address_of(run, "trades/?page_size=200")).json()["results"]
    largest = sorted(sorted(trades, key=lambda trade: -abs(trade["pnl"]))[:3], key=lambda trade: trade["number"])
    assert marked["number"] == [trade["number"] for trade in largest]


def test_an_open_trade_is_marked(api: APIClient) -> None:
    run = api.post(RUN_SANDBOX, {"code": examples.OWN_CODE, "symbol": "EURUSD"}).json()
    chart = get(api, run, "chart/?max_points=10")
    assert chart["open_at_end"]["entry_time"] == [run["open_at_end"][0]["entry_time"]]
    assert chart["columns"]["time"][0].endswith("+00:00")


@BOTH
def test_a_run_that_waits_has_no_figures(api: APIClient, waiting: dict[str, Any], problem: Problem, part: str) -> None:
    assert "pending" in problem(api.get(address_of(waiting, part)), 409)["error"]


@BOTH
@pytest.mark.parametrize("query", ["max_points=1", "max_points=10001", "max_points=many", "points=3"])
def test_a_query_at_fault_is_named(
    api: APIClient, run: dict[str, Any], problem: Problem, part: str, query: str
) -> None:
    details = problem(api.get(address_of(run, f"{part}?{query}")), 400)["details"]
    assert [detail["field"] for detail in details] == [query.split("=")[0]]
