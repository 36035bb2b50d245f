"""GET /api/backtests/{id}/trades/: the closed trades, from page to page by a cursor."""

import base64
import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.backtest_api.conftest import Make, address_of

Problem = Callable[[Any, int], dict[str, Any]]


def pages(api: APIClient, first: str, way: str) -> list[list[int]]:
    """The trades' numbers, page by page, along `next` or `previous`."""
    found, address = [], first
    while address:
        page = api.get(address).json()
        found.append([trade["number"] for trade in page["results"]])
        address = page[way]
    return found


def test_every_trade_comes_once_in_order(api: APIClient, run: dict[str, Any]) -> None:
    total = run["total_trades"]
    found = pages(api, address_of(run, "trades/?page_size=4"), "next")
    assert [number for page in found for number in page] == list(range(1, total + 1))
    assert {len(page) for page in found[:-1]} == {4}


def test_the_way_back_is_the_same(api: APIClient, run: dict[str, Any]) -> None:
    second = api.get(api.get(address_of(run, "trades/?page_size=4")).json()["next"]).json()
    assert [trade["number"] for trade in api.get(second["previous"]).json()["results"]] == [1, 2, 3, 4]


def test_they_are_those_of_the_csv(api: APIClient, run: dict[str, Any]) -> None:
    text = api.get(address_of(run, "artifacts/trades.csv/")).content.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    trades = api.get(address_of(run, "trades/?page_size=200")).json()["results"]
    names = ("entry_time", "exit_time", "entry_bar", "size", "entry_price", "exit_price", "pnl", "return_pct", "tag")
    assert [[str(trade[name]) for name in names] for trade in trades] == [[row[name] for name in names] for row in rows]


def test_times_within_a_day_have_their_offset(api: APIClient, make: Make) -> None:
    idea = "Buy when RSI(14) drops below 30, sell when it rises above 70"
    run = make(user_description=idea, symbol="EURUSD")
    [trade] = api.get(address_of(run, "trades/?page_size=1")).json()["results"]
    assert trade["entry_time"].endswith(":00+00:00")
    assert "T" in trade["exit_time"]


def test_a_run_that_waits_has_none_yet(api: APIClient, waiting: dict[str, Any]) -> None:
    assert api.get(address_of(waiting, "trades/")).json() == {"next": None, "previous": None, "results": []}


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page=2", "page"),
        ("cursor=nonsense", "cursor"),
        (f"cursor={cursor('p=first')}", "cursor"),
        (f"cursor={cursor('p=-1')}", "cursor"),
        (f"cursor={cursor('p=99999999999999999999')}", "cursor"),
        (f"cursor={cursor('p=1&o=x')}", "cursor"),
        (f"cursor={cursor('r=1&o=999999')}", "cursor"),
    ],
)
def test_a_query_at_fault_is_named(
    api: APIClient, run: dict[str, Any], problem: Problem, query: str, field: str
) -> None:
    assert problem(api.get(address_of(run, f"trades/?{query}")), 400)["details"][0]["field"] == field
