"""POST /api/strategies/{id}/validate/ generate-code/ generate-code-from-canonical/ chat/"""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import Make, address_of

ACTIONS = {
    "validate/": {},
    "generate-code/": {},
    "generate-code-from-canonical/": {},
    "chat/": {"message": "tighten the stop to 2%"},
}
each_action = pytest.mark.parametrize(("action", "body"), ACTIONS.items())


@each_action
def test_another_user_s_is_not_there(
    strange_api: APIClient, strategy: dict[str, Any], problem: Any, action: str, body: dict[str, Any]
) -> None:
    problem(strange_api.post(address_of(strategy, action), body), 404)


@each_action
def test_nobody_acts_without_signing_in(
    anonymous: APIClient, strategy: dict[str, Any], problem: Any, action: str, body: dict[str, Any]
) -> None:
    problem(anonymous.post(address_of(strategy, action), body), 401)


@each_action
def test_a_field_that_is_not_known_is_refused(
    api: APIClient, strategy: dict[str, Any], problem: Any, action: str, body: dict[str, Any]
) -> None:
    details = problem(api.post(address_of(strategy, action), {**body, "mesage": "x"}), 400)["details"]
    assert [detail["field"] for detail in details] == ["mesage"]


@pytest.mark.parametrize("action", ["validate/", "generate-code/", "generate-code-from-canonical/"])
def test_no_body_is_needed(api: APIClient, strategy: dict[str, Any], action: str) -> None:
    assert api.post(address_of(strategy, action)).status_code == 200


# validate


def test_each_check_of_a_version_is_answered(api: APIClient, strategy: dict[str, Any]) -> None:
    body = api.post(address_of(strategy, "validate/"), {"version": 1}).json()
    assert (body["version"], body["status"], body["valid"], body["skipped"]) == (1, "valid", True, [])
    assert [(check["kind"], check["ok"]) for check in body["validations"]] == [
        ("spec", True),
        ("code", True),
        ("sandbox", True),
    ]


def test_code_that_fails_makes_the_strategy_invalid(api: APIClient, make: Make) -> None:
    made = make(generated_code=examples.OWN_CODE.replace("self.buy()", "self.buy(size=-1)"))
    body = api.post(address_of(made, "validate/"), {}).json()
    assert (body["status"], body["valid"]) == ("invalid", False)
    assert body["validations"][-1]["findings"][0]["line"] == 10
    assert api.get(address_of(made)).json()["status"] == "invalid"


@pytest.mark.parametrize(("version", "status"), [(2, 404), (0, 400), ("x", 400), (2**31, 400)])
def test_a_version_that_is_not_there_can_t_be_checked(
    api: APIClient, strategy: dict[str, Any], problem: Any, version: Any, status: int
) -> None:
    problem(api.post(address_of(strategy, "validate/"), {"version": version}), status)


# generate-code, generate-code-from-canonical


@pytest.mark.parametrize("action", ["generate-code/", "generate-code-from-canonical/"])
def test_the_code_is_answered_with_its_file_and_its_scan(api: APIClient, strategy: dict[str, Any], action: str) -> None:
    body = api.post(address_of(strategy, action), {}).json()
    assert set(body) == {
        "strategy_id",
        "version",
        "strategy_code",
        "file_path",
        "success",
        "provider",
        "model",
        "rounds",
        "proof",
        "counterexample",
        "fallback_reason",
        "validation",
    }
    assert (body["proof"]["state"], body["fallback_reason"]) == ("pending", None)
    assert (body["success"], body["provider"], body["version"]) == (True, "compiler", 1)
    assert Path(body["file_path"]).read_text(encoding="utf-8") == body["strategy_code"] == strategy["generated_code"]
    assert (body["validation"]["kind"], body["validation"]["ok"]) == ("code", True)


@pytest.mark.parametrize("action", ["generate-code/", "generate-code-from-canonical/"])
def test_what_is_not_clear_has_no_code_and_its_questions_are_named(
    api: APIClient, unclear_strategy: dict[str, Any], problem: Any, action: str
) -> None:
    [detail] = problem(api.post(address_of(unclear_strategy, action), {}), 422)["details"]
    [question] = unclear_strategy["questions"]
    assert detail == {
        "field": f"answers/{question['id']}",
        "message": question["question"],
        "suggestion": "for example: 20, 50, 200",
    }


@pytest.mark.parametrize("action", ["generate-code/", "generate-code-from-canonical/"])
def test_code_of_ones_own_is_not_overwritten(api: APIClient, make: Make, problem: Any, action: str) -> None:
    made = make(generated_code=examples.OWN_CODE)
    problem(api.post(address_of(made, action), {}), 409)


def test_a_document_is_the_next_version(api: APIClient, strategy: dict[str, Any]) -> None:
    document = {**strategy["canonical_json"], "sizing": {"type": "fraction", "value": 0.5}}
    body = api.post(address_of(strategy, "generate-code-from-canonical/"), {"canonical_json": document}).json()
    read = api.get(address_of(strategy)).json()
    assert body["version"] == read["version"] == 2
    assert body["strategy_code"] == read["generated_code"] != strategy["generated_code"]


def test_a_faulty_document_is_refused_by_its_place(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    document = {**strategy["canonical_json"], "sizing": {"type": "fraction", "value": 50}}
    body = problem(api.post(address_of(strategy, "generate-code-from-canonical/"), {"canonical_json": document}), 400)
    assert body["details"][0]["field"] == "canonical_json/sizing/value"
    assert api.get(address_of(strategy)).json() == strategy


# chat


def test_a_sentence_changes_the_strategy(api: APIClient, strategy: dict[str, Any]) -> None:
    body = api.post(address_of(strategy, "chat/"), {"message": "tighten the stop to 2%"}).json()
    assert (body["changed"], body["status"]) == (True, "valid")
    assert body["strategy"]["version"] == 2
    assert body["changes"] == [
        {
            "path": "/risk/stop_loss",
            "before": "Stop out 5 % from the entry price.",
            "after": "Stop out 2 % from the entry price.",
        }
    ]
    assert body["strategy"] == api.get(address_of(strategy)).json()


def test_what_is_not_understood_changes_nothing(api: APIClient, strategy: dict[str, Any]) -> None:
    response = api.post(address_of(strategy, "chat/"), {"message": "flibber the gibbet"})
    body = response.json()
    assert response.status_code == 200
    assert (body["changed"], body["changes"]) == (False, [])
    assert body["questions"] or body["unresolved"]
    assert body["strategy"] == strategy


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": " "}, {"message": "x" * 20_001}, {"message": 5}])
def test_a_message_that_is_none_is_refused(
    api: APIClient, strategy: dict[str, Any], problem: Any, body: dict[str, Any]
) -> None:
    details = problem(api.post(address_of(strategy, "chat/"), body), 400)["details"]
    assert [detail["field"] for detail in details] == ["message"]


def test_code_of_ones_own_is_not_changed_by_a_sentence(api: APIClient, make: Make, problem: Any) -> None:
    made = make(generated_code=examples.OWN_CODE)
    problem(api.post(address_of(made, "chat/"), {"message": "add a 5% stop"}), 409)


# rates


def test_what_runs_the_engine_is_counted_and_reading_is_not(
    api: APIClient, strategy: dict[str, Any], problem: Any, settings: Any
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "compute": "2/d"}
    assert all(api.get(address_of(strategy)).status_code == 200 for _ in range(3))
    for action in ("generate-code/", "validate/"):
        assert api.post(address_of(strategy, action), {}).status_code == 200
    response = api.post(address_of(strategy, "chat/"), {"message": "add a 5% stop"})
    problem(response, 429)
    assert int(response["Retry-After"]) > 0
    assert api.get(address_of(strategy)).status_code == 200
