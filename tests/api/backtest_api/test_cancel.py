"""POST /api/backtests/{id}/cancel/: the end of a run before its time."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from tests.api.backtest_api.conftest import address_of

Problem = Callable[[Any, int], dict[str, Any]]


def test_a_run_that_waits_is_cancelled(api: APIClient, waiting: dict[str, Any]) -> None:
    response = api.post(address_of(waiting, "cancel/"), {})
    assert response.status_code == 200
    assert response.json()["status"] == "cancelled"
    assert api.get(address_of(waiting)).json()["status"] == "cancelled"


def test_what_has_ended_can_t_be_cancelled(api: APIClient, run: dict[str, Any], problem: Problem) -> None:
    assert "completed" in problem(api.post(address_of(run, "cancel/"), {}), 409)["error"]
    assert api.get(address_of(run)).json() == run


def test_it_takes_no_fields(api: APIClient, waiting: dict[str, Any], problem: Problem) -> None:
    problem(api.post(address_of(waiting, "cancel/"), {"reason": "slow"}), 400)
    assert api.get(address_of(waiting)).json()["status"] == "pending"


def test_another_user_s_run_is_not_there(
    strange_api: APIClient, api: APIClient, waiting: dict[str, Any], problem: Problem
) -> None:
    problem(strange_api.post(address_of(waiting, "cancel/"), {}), 404)
    assert api.get(address_of(waiting)).json()["status"] == "pending"


def test_it_needs_a_token(anonymous: APIClient, waiting: dict[str, Any], problem: Problem) -> None:
    problem(anonymous.post(address_of(waiting, "cancel/"), {}), 401)
