"""PATCH /api/strategies/{id}/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import Make, address_of


def test_an_answer_completes_what_was_left_open(api: APIClient, unclear_strategy: dict[str, Any]) -> None:
    answers = {unclear_strategy["questions"][0]["id"]: 50}
    response = api.patch(address_of(unclear_strategy), {"answers": answers})
    body = response.json()
    assert response.status_code == 200
    assert (body["version"], body["status"], body["questions"]) == (2, "valid", [])
    assert body["canonical_json"]["indicators"][0]["params"] == {"timeperiod": 50}


def test_a_name_alone_makes_no_version(api: APIClient, strategy: dict[str, Any]) -> None:
    body = api.patch(address_of(strategy), {"name": "Renamed"}).json()
    assert {**body, "updated_at": ""} == {**strategy, "name": "Renamed", "updated_at": ""}


def test_its_own_name_is_not_taken(api: APIClient, strategy: dict[str, Any]) -> None:
    assert api.patch(address_of(strategy), {"name": strategy["name"]}).status_code == 200


def test_a_part_can_be_said_anew(api: APIClient, strategy: dict[str, Any]) -> None:
    document = {**strategy["canonical_json"], "sizing": {"type": "fraction", "value": 0.5}}
    body = api.patch(address_of(strategy), {"canonical_json": document}).json()
    assert (body["version"], body["canonical_json"]["sizing"]) == (2, {"type": "fraction", "value": 0.5})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"answers": {"period_99": 50}}, "answers/period_99"),
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"status": "valid"}, "status"),
    ],
)
def test_what_can_t_be_read_is_refused(
    api: APIClient, strategy: dict[str, Any], problem: Any, body: dict[str, Any], field: str
) -> None:
    details = problem(api.patch(address_of(strategy), body), 400)["details"]
    assert [detail["field"] for detail in details] == [field]
    assert api.get(address_of(strategy)).json() == strategy


def test_a_name_that_is_taken_is_a_conflict(api: APIClient, make: Make, strategy: dict[str, Any], problem: Any) -> None:
    make(user_description=examples.IDEA, name="Taken")
    body = problem(api.patch(address_of(strategy), {"name": "Taken"}), 409)
    assert [detail["field"] for detail in body["details"]] == ["name"]


def test_there_is_nothing_to_answer_in_a_document(api: APIClient, make: Make, problem: Any) -> None:
    made = make(canonical_json=examples.DOCUMENT.value["canonical_json"])
    problem(api.patch(address_of(made), {"answers": {"x": 1}}), 409)


def test_another_user_s_is_not_there(strange_api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(strange_api.patch(address_of(strategy), {"name": "Mine now"}), 404)


def test_nobody_changes_without_signing_in(anonymous: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(anonymous.patch(address_of(strategy), {"name": "Mine now"}), 401)
