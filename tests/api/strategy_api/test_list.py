"""GET /api/strategies/"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import STRATEGIES, Make, address_of


def names(api: APIClient, query: str = "") -> list[str]:
    response = api.get(f"{STRATEGIES}?{query}")
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def test_a_row_is_the_strategy_at_its_latest_version(api: APIClient, strategy: dict[str, Any]) -> None:
    api.post(address_of(strategy, "chat/"), {"message": "tighten the stop to 2%"})
    [row] = api.get(STRATEGIES).json()["results"]
    assert row["version"] == 2
    assert row == api.get(address_of(strategy)).json()


def test_they_come_in_the_order_that_is_asked_for(api: APIClient, make: Make) -> None:
    for name in ("b", "a", "c"):
        make(user_description=examples.IDEA, name=name)
    assert names(api) == ["c", "a", "b"]
    assert names(api, "ordering=name") == ["a", "b", "c"]
    assert names(api, "ordering=-name") == ["c", "b", "a"]
    assert names(api, "ordering=created_at") == ["b", "a", "c"]


def test_they_are_found_by_status_and_by_a_part_of_the_name(api: APIClient, make: Make) -> None:
    make(user_description=examples.IDEA, name="Oversold dips")
    make(user_description=examples.UNCLEAR_IDEA, name="Trend")
    assert names(api, "status=valid") == ["Oversold dips"]
    assert names(api, "status=needs_clarification") == ["Trend"]
    assert names(api, "search=DIPS") == ["Oversold dips"]
    assert names(api, "search=100%25") == []


def test_pages_follow_each_other(api: APIClient, make: Make) -> None:
    for name in ("a", "b", "c"):
        make(user_description=examples.IDEA, name=name)
    first = api.get(f"{STRATEGIES}?page_size=2&ordering=name").json()
    assert (first["count"], [row["name"] for row in first["results"]]) == (3, ["a", "b"])
    second = api.get(first["next"]).json()
    assert ([row["name"] for row in second["results"]], second["next"]) == (["c"], None)


def test_deleted_and_others_strategies_are_not_in_it(
    api: APIClient, strange_api: APIClient, strategy: dict[str, Any]
) -> None:
    assert names(strange_api) == []
    api.delete(address_of(strategy))
    assert names(api) == []


def test_more_rows_take_no_more_queries(api: APIClient, make: Make) -> None:
    make()
    with CaptureQueriesContext(
        connection,
    ) as one:
        api.get(STRATEGIES)
    for _ in range(3):
        make()
    with CaptureQueriesContext(connection) as four:
        api.get(STRATEGIES)
    assert len(four) == len(one)


def test_nobody_lists_without_signing_in(anonymous: APIClient, problem: Any, db: None) -> None:
    problem(anonymous.get(STRATEGIES), 401)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page_size=201", "page_size"),
        ("ordering=password", "ordering"),
        ("status=good", "status"),
        ("search=%00", "search"),
        ("sarch=x", "sarch"),
    ],
)
def test_a_query_that_can_t_be_read_is_refused(api: APIClient, problem: Any, query: str, field: str) -> None:
    body = problem(api.get(f"{STRATEGIES}?{query}"), 400)
    assert [detail["field"] for detail in body["details"]] == [field]


def test_a_page_beyond_the_last_is_not_there(api: APIClient, problem: Any) -> None:
    problem(api.get(f"{STRATEGIES}?page=2"), 404)
