"""Lists by pages: each row once, in the asked order, and never an empty page beyond the last."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from rest.models import ThrottleWindow

ADDRESS = "/api/windows/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("our_routes")]


@pytest.fixture
def rows() -> list[int]:
    """Seven rows, of which several have the same count; their ids."""
    made = [ThrottleWindow.objects.create(key=f"k{i}", window_start_s=i, count=i // 3) for i in range(7)]
    return [row.pk for row in made]


def test_an_empty_list_has_one_page(anonymous: APIClient) -> None:
    expected = {"count": 0, "page": 1, "page_size": 50, "next": None, "previous": None, "results": []}
    assert anonymous.get(ADDRESS).json() == expected


def test_pages_lead_to_each_other_and_hold_every_row_once(anonymous: APIClient, rows: list[int]) -> None:
    seen: list[int] = []
    address: str | None = f"{ADDRESS}?page_size=3"
    while address:
        page = anonymous.get(address).json()
        assert page["count"] == 7
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == rows


def test_the_way_back_keeps_the_other_parameters(anonymous: APIClient, rows: list[int]) -> None:
    page = anonymous.get(f"{ADDRESS}?page_size=3&page=2&ordering=-count").json()
    assert page["previous"].startswith("http://testserver/api/windows/?")
    assert set(page["previous"].partition("?")[2].split("&")) == {"page_size=3", "page=1", "ordering=-count"}


@pytest.mark.parametrize(("ordering", "reverse"), [("count", False), ("-count", True)])
def test_rows_of_the_same_value_are_ordered_by_their_id(
    anonymous: APIClient, rows: list[int], ordering: str, reverse: bool
) -> None:
    page = anonymous.get(f"{ADDRESS}?ordering={ordering}").json()
    assert [row["id"] for row in page["results"]] == (rows[::-1] if reverse else rows)


def test_a_page_beyond_the_last_is_not_there(anonymous: APIClient, rows: list[int], problem: Any) -> None:
    assert "the last one is 3" in problem(anonymous.get(f"{ADDRESS}?page_size=3&page=4"), 404)["error"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=one", "page"),
        ("page=1e3", "page"),
        ("page=99999999999999999999", "page"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("ordering=key", "ordering"),
        ("ordering=count;drop", "ordering"),
        ("pagesize=3", "pagesize"),
        ("key=%00", "key"),
    ],
)
def test_a_wrong_parameter_is_named(anonymous: APIClient, problem: Any, query: str, field: str) -> None:
    body = problem(anonymous.get(f"{ADDRESS}?{query}"), 400)
    assert [detail["field"] for detail in body["details"]] == [field]


def test_two_hundred_rows_fit_on_a_page(anonymous: APIClient) -> None:
    ThrottleWindow.objects.bulk_create(ThrottleWindow(key="k", window_start_s=i, count=1) for i in range(201))
    assert len(anonymous.get(f"{ADDRESS}?page_size=200").json()["results"]) == 200
