"""PUT /api/strategies/{id}/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import Make, address_of

TREND = "Buy when price is above the 50-day SMA, sell when it falls below"


def test_a_new_description_is_the_next_version(api: APIClient, strategy: dict[str, Any]) -> None:
    response = api.put(address_of(strategy), {"user_description": TREND})
    body = response.json()
    assert response.status_code == 200
    assert (body["id"], body["name"], body["version"]) == (strategy["id"], strategy["name"], 2)
    assert body["turns"] == [TREND]
    assert body == api.get(address_of(strategy)).json()


def test_code_of_ones_own_takes_the_place_of_the_specification(api: APIClient, strategy: dict[str, Any]) -> None:
    body = api.put(address_of(strategy), {"generated_code": examples.OWN_CODE}).json()
    assert (body["version"], body["status"], body["provider"]) == (2, "draft", "user")
    assert body["canonical_json"] is None


def test_to_say_the_same_is_to_change_nothing(api: APIClient, strategy: dict[str, Any]) -> None:
    for _ in range(2):
        body = api.put(address_of(strategy), {"user_description": examples.IDEA}).json()
        assert body == strategy


def test_a_name_can_be_given_with_it(api: APIClient, strategy: dict[str, Any]) -> None:
    body = api.put(address_of(strategy), {"user_description": TREND, "name": "Trend"}).json()
    assert (body["name"], body["version"]) == ("Trend", 2)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user_description"),
        ({"name": "Only a name"}, "user_description"),
        ({"user_description": TREND, "generated_code": "x"}, "generated_code"),
        ({"canonical_json": {"entry_rules": []}}, "canonical_json/entry_rules"),
    ],
)
def test_what_can_t_be_read_is_refused(
    api: APIClient, strategy: dict[str, Any], problem: Any, body: dict[str, Any], field: str
) -> None:
    details = problem(api.put(address_of(strategy), body), 400)["details"]
    assert details[0]["field"].startswith(field)
    assert api.get(address_of(strategy)).json() == strategy


def test_a_name_that_is_taken_is_a_conflict(api: APIClient, make: Make, strategy: dict[str, Any], problem: Any) -> None:
    make(user_description=TREND, name="Taken")
    problem(api.put(address_of(strategy), {"user_description": TREND, "name": "Taken"}), 409)
    assert api.get(address_of(strategy)).json() == strategy


def test_another_user_s_is_not_there(strange_api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(strange_api.put(address_of(strategy), {"user_description": TREND}), 404)


def test_nobody_replaces_without_signing_in(anonymous: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(anonymous.put(address_of(strategy), {"user_description": TREND}), 401)
