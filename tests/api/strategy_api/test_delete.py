"""DELETE /api/strategies/{id}/"""

from typing import Any

from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import Make, address_of


def test_it_is_put_away_and_its_name_is_free(api: APIClient, make: Make) -> None:
    made = make(user_description=examples.IDEA, name="Mine")
    response = api.delete(address_of(made))
    assert (response.status_code, response.content) == (204, b"")
    assert make(user_description=examples.IDEA, name="Mine")["id"] != made["id"]


def test_nothing_below_it_is_there_any_more(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    api.delete(address_of(strategy))
    for action in ("", "versions/", "explain/", "conversation/"):
        problem(api.get(address_of(strategy, action)), 404)
    for action in ("validate/", "generate-code/", "generate-code-from-canonical/"):
        problem(api.post(address_of(strategy, action), {}), 404)
    problem(api.post(address_of(strategy, "chat/"), {"message": "add a 5% stop"}), 404)


def test_it_is_gone_but_once(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    assert api.delete(address_of(strategy)).status_code == 204
    problem(api.delete(address_of(strategy)), 404)


def test_another_user_s_is_not_there(strange_api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(strange_api.delete(address_of(strategy)), 404)


def test_nobody_deletes_without_signing_in(anonymous: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(anonymous.delete(address_of(strategy)), 401)
