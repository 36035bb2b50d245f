"""GET /api/strategies/{id}/versions/ explain/ conversation/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import Make, address_of

each_list = pytest.mark.parametrize("action", ["versions/", "explain/", "conversation/"])


@each_list
def test_another_user_s_is_not_there(
    strange_api: APIClient, strategy: dict[str, Any], problem: Any, action: str
) -> None:
    problem(strange_api.get(address_of(strategy, action)), 404)


@each_list
def test_nobody_reads_without_signing_in(
    anonymous: APIClient, strategy: dict[str, Any], problem: Any, action: str
) -> None:
    problem(anonymous.get(address_of(strategy, action)), 401)


@each_list
def test_a_parameter_that_is_not_known_is_refused(
    api: APIClient, strategy: dict[str, Any], problem: Any, action: str
) -> None:
    body = problem(api.get(f"{address_of(strategy, action)}?versoin=1"), 400)
    assert [detail["field"] for detail in body["details"]] == ["versoin"]


def test_versions_come_with_what_made_them_the_latest_first(api: APIClient, strategy: dict[str, Any]) -> None:
    api.post(address_of(strategy, "chat/"), {"message": "tighten the stop to 2%"})
    api.put(address_of(strategy), {"generated_code": examples.OWN_CODE})
    rows = api.get(address_of(strategy, "versions/")).json()["results"]
    assert [(row["version"], row["status"], row["provider"], row["change"]) for row in rows] == [
        (3, "draft", "user", "code given"),
        (2, "valid", "compiler", "tighten the stop to 2%"),
        (1, "valid", "compiler", "described"),
    ]
    ascending = api.get(f"{address_of(strategy, 'versions/')}?ordering=number&page_size=1").json()
    assert [row["version"] for row in ascending["results"]] == [1]


def test_a_strategy_is_said_back_in_english(api: APIClient, strategy: dict[str, Any]) -> None:
    body = api.get(address_of(strategy, "explain/")).json()
    assert (body["version"], body["status"]) == (1, "valid")
    assert "Enter long at the next open when RSI(14) crosses below 30." in body["explanation"]
    assert {"path": "/risk/stop_loss", "text": "Stop out 5 % from the entry price."} in body["sentences"]
    assert body["assumptions"] == strategy["assumptions"]


def test_each_version_has_its_own_explanation(api: APIClient, strategy: dict[str, Any]) -> None:
    api.post(address_of(strategy, "chat/"), {"message": "tighten the stop to 2%"})
    first = api.get(f"{address_of(strategy, 'explain/')}?version=1").json()
    assert "Stop out 5 %" in first["explanation"]
    assert "Stop out 2 %" in api.get(address_of(strategy, "explain/")).json()["explanation"]


def test_what_is_not_clear_is_explained_by_its_questions(api: APIClient, unclear_strategy: dict[str, Any]) -> None:
    body = api.get(address_of(unclear_strategy, "explain/")).json()
    assert (body["explanation"], body["sentences"]) == ("", [])
    assert body["questions"] == unclear_strategy["questions"]


def test_code_of_ones_own_says_nothing_in_english(api: APIClient, make: Make) -> None:
    body = api.get(address_of(make(generated_code=examples.OWN_CODE), "explain/")).json()
    assert (body["status"], body["sentences"]) == ("draft", [])


def test_the_conversation_is_told_in_order(api: APIClient, unclear_strategy: dict[str, Any]) -> None:
    answers = {unclear_strategy["questions"][0]["id"]: 50}
    api.patch(address_of(unclear_strategy), {"answers": answers})
    api.post(address_of(unclear_strategy, "chat/"), {"message": "add a 5% stop"})
    body = api.get(address_of(unclear_strategy, "conversation/")).json()
    assert [(row["kind"], row["message"]) for row in body["results"]] == [
        ("describe", examples.UNCLEAR_IDEA),
        ("answer", f"{unclear_strategy['questions'][0]['id']}: 50"),
        ("edit", "add a 5% stop"),
    ]
    assert body["results"][1]["state_before"]["status"] == "needs_clarification"
    assert body["results"][1]["state_after"]["status"] == "valid"
