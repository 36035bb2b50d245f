"""GET and DELETE of /api/data/datasets/."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import User
from tests.api.data_api.conftest import CSV, Upload
from tests.rows import dataset_row

URL = "/api/data/datasets/"
Problem = Callable[..., dict[str, Any]]


def names(api: APIClient, **query: Any) -> list[str]:
    return [each["name"] for each in api.get(URL, query).json()["results"]]


def test_a_user_sees_their_own_alone_the_newest_first(api: APIClient, user: User, stranger: User) -> None:
    for name in ("a", "b"):
        dataset_row(user, name=name)
    dataset_row(stranger, name="c")
    assert names(api) == ["b", "a"]


def test_a_list_is_filtered_and_ordered(api: APIClient, user: User) -> None:
    for name, symbol in (("x one", "AAA"), ("y one", "BBB"), ("z two", "AAA")):
        dataset_row(user, name=name, symbol=symbol)
    assert names(api, symbol="aaa", ordering="name") == ["x one", "z two"]
    assert names(api, search="ONE", ordering="-name") == ["y one", "x one"]


def test_a_list_comes_in_pages(api: APIClient, user: User) -> None:
    for number in range(3):
        dataset_row(user, name=f"{number}")
    body = api.get(URL, {"page": 2, "page_size": 2, "ordering": "name"}).json()
    assert (body["count"], body["next"], [each["name"] for each in body["results"]]) == (3, None, ["2"])


@pytest.mark.parametrize(
    ("query", "field"), [({"page": "none"}, "page"), ({"ordering": "size"}, "ordering"), ({"simbol": "A"}, "simbol")]
)
def test_a_query_at_fault_is_refused(api: APIClient, problem: Problem, query: dict[str, str], field: str) -> None:
    assert problem(api.get(URL, query), 400)["details"][0]["field"] == field


def test_a_deleted_one_is_gone_and_its_name_is_free(api: APIClient, upload: Upload, problem: Problem) -> None:
    address = upload(CSV, name="bars")["Location"]
    assert api.delete(address).status_code == 204
    problem(api.get(address), 404)
    problem(api.delete(address), 404)
    assert names(api) == []
    assert upload(CSV, name="bars").status_code == 201


def test_another_user_s_is_not_there(strange_api: APIClient, api: APIClient, user: User, problem: Problem) -> None:
    address = f"{URL}{dataset_row(user).pk}/"
    problem(strange_api.get(address), 404)
    problem(strange_api.delete(address), 404)
    assert api.get(address).status_code == 200


def test_one_that_never_was_is_not_there(api: APIClient, problem: Problem) -> None:
    problem(api.get(f"{URL}{uuid.uuid4()}/"), 404)


def test_nobody_reads_or_deletes_without_signing_in(anonymous: APIClient, user: User, problem: Problem) -> None:
    address = f"{URL}{dataset_row(user).pk}/"
    for answer in (anonymous.get(URL), anonymous.get(address), anonymous.delete(address)):
        problem(answer, 401)
