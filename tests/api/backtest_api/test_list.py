"""GET /api/backtests/: the user's runs, by pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import BACKTESTS, Make

Problem = Callable[[Any, int], dict[str, Any]]


@pytest.fixture
def runs(make: Make, strategy: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        make(strategy_id=strategy["id"], symbol="GOOG", start_date="2012-01-01"),
        make(user_description=examples.IDEA, symbol="AAPL"),
    ]


def test_the_newest_comes_first_without_what_it_ran(api: APIClient, runs: list[dict[str, Any]]) -> None:
    page = api.get(BACKTESTS).json()
    assert page["count"] == 2
    assert [row["id"] for row in page["results"]] == [runs[1]["id"], runs[0]["id"]]
    whole = runs[1]
    heavy = {"canonical_json", "code", "class_name", "account", "logs", "layers", "zone", "data_hash", "versions"}
    assert page["results"][0] == {name: value for name, value in whole.items() if name not in heavy}


def test_it_is_filtered_and_ordered_by_fields(
    api: APIClient, runs: list[dict[str, Any]], strategy: dict[str, Any]
) -> None:
    goog, aapl = runs

    def ids(query: str) -> list[int]:
        return [row["id"] for row in api.get(f"{BACKTESTS}?{query}").json()["results"]]

    assert ids("symbol=AAPL") == [aapl["id"]]
    assert ids(f"strategy_id={strategy['id']}") == [goog["id"]]
    assert ids("status=failed") == []
    assert ids("timeframe=1d&ordering=symbol") == [aapl["id"], goog["id"]]
    assert ids("page_size=1&page=2") == [goog["id"]]


def test_more_rows_need_no_more_queries(api: APIClient, runs: list[dict[str, Any]], make: Make) -> None:
    with CaptureQueriesContext(connection) as two:
        api.get(BACKTESTS)
    make(user_description=examples.IDEA, symbol="GOOG")
    with CaptureQueriesContext(connection) as three:
        api.get(BACKTESTS)
    assert len(three) == len(two)


def test_a_stranger_sees_none(strange_api: APIClient, runs: list[dict[str, Any]]) -> None:
    assert strange_api.get(BACKTESTS).json()["results"] == []


def test_it_needs_a_token(anonymous: APIClient, problem: Problem) -> None:
    problem(anonymous.get(BACKTESTS), 401)


@pytest.mark.parametrize("query", ["page=0", "page_size=201", "status=done", "ordering=total_pnl", "strategy_id=a"])
def test_a_query_at_fault_is_named(api: APIClient, problem: Problem, query: str) -> None:
    assert problem(api.get(f"{BACKTESTS}?{query}"), 400)["details"][0]["field"] == query.split("=")[0]
