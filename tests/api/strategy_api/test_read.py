"""GET /api/strategies/{id}/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.strategy_api.conftest import STRATEGIES, address_of


def test_the_latest_version_is_answered(api: APIClient, strategy: dict[str, Any]) -> None:
    assert api.get(address_of(strategy)).json() == strategy


def test_each_version_can_be_read(api: APIClient, strategy: dict[str, Any]) -> None:
    second = api.post(address_of(strategy, "chat/"), {"message": "tighten the stop to 2%"}).json()["strategy"]
    first = api.get(f"{address_of(strategy)}?version=1").json()
    assert {**first, "updated_at": ""} == {**strategy, "updated_at": ""}
    assert api.get(f"{address_of(strategy)}?version=2").json() == second


def test_another_user_s_is_not_there(strange_api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(strange_api.get(address_of(strategy)), 404)


def test_a_deleted_one_is_not_there(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    api.delete(address_of(strategy))
    problem(api.get(address_of(strategy)), 404)


def test_nobody_reads_without_signing_in(anonymous: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(anonymous.get(address_of(strategy)), 401)


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30, "9" * 5000])
def test_a_number_that_no_strategy_has_is_not_there(api: APIClient, problem: Any, number: int | str) -> None:
    problem(api.get(f"{STRATEGIES}{number}/"), 404)


def test_a_version_that_is_not_there_is_not_there(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    problem(api.get(f"{address_of(strategy)}?version=2"), 404)


@pytest.mark.parametrize("version", ["0", "-1", "two", "1e1", "99999999999999999999"])
def test_a_version_that_is_no_number_is_refused(
    api: APIClient, strategy: dict[str, Any], problem: Any, version: str
) -> None:
    body = problem(api.get(f"{address_of(strategy)}?version={version}"), 400)
    assert [detail["field"] for detail in body["details"]] == ["version"]
