"""POST /api/backtests/{id}/optimize/, and the searches that it makes."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from backtest_api.models import Optimization
from tests.api.backtest_api.conftest import BACKTESTS, RUN_SANDBOX, address_of

SEARCHES = f"{BACKTESTS}optimizations/"
CROSS = "Buy when the 20-day SMA crosses above the 50-day SMA, sell when it crosses below"
GRID = {"fast": {"from": 10, "to": 30, "step": 10}, "slow": [20, 40]}
Problem = Callable[[Any, int], dict[str, Any]]


@pytest.fixture
def cross(make: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return make(user_description=CROSS, symbol="GOOG")


def optimize(api: APIClient, run: dict[str, Any], **body: Any) -> Any:
    return api.post(address_of(run, "optimize/"), {"grid": GRID, "top": 1, **body})


def test_a_small_grid_is_answered_at_once_with_the_best_of_it_verified(api: APIClient, cross: dict[str, Any]) -> None:
    response = optimize(api, cross, constraints=["fast < slow"], maximize="return_pct")
    assert response.status_code == 201, response.content
    search = response.json()
    assert api.get(response["Location"]).json() == search
    assert (search["status"], search["combinations"], search["done"]) == ("completed", 6, 6)
    found = search["result"]
    assert (found["tried"], found["skipped"], found["undefined"]) == (4, 2, 0)
    [best] = found["best"]
    assert best["verified"] is True
    assert best["metrics"]["return_pct"] == found["spread"]["best"] >= found["spread"]["median"]
    assert found["as_it_stands"] == cross["metrics"]["return_pct"]
    assert "In-sample: the best of 4 combinations" in found["caution"]
    heatmap = found["heatmap"]
    assert (heatmap["x"], heatmap["y"]) == (
        {"name": "fast", "values": [10.0, 20.0, 30.0]},
        {"name": "slow", "values": [20.0, 40.0]},
    )
    assert [[value is None for value in row] for row in heatmap["rows"]] == [[False, True, True], [False] * 3]
    assert max(value for row in heatmap["rows"] for value in row if value is not None) == found["spread"]["best"]


def test_the_best_is_what_a_run_of_that_strategy_gives(
    api: APIClient, cross: dict[str, Any], make: Callable[..., dict[str, Any]]
) -> None:
    asked = {"minimize": "volatility_annual_pct", "constraints": ["fast < slow"]}
    [best] = optimize(api, cross, **asked).json()["result"]["best"]
    assert make(canonical_json=best["canonical_json"], symbol="GOOG")["metrics"] == best["metrics"]


def test_a_combination_that_is_no_strategy_says_so(api: APIClient, cross: dict[str, Any]) -> None:
    [best] = optimize(api, cross, grid={"fast": [20], "slow": [20]}, maximize="return_pct").json()["result"]["best"]
    assert best["verified"] is False
    assert "can never be true" in best["notices"][0]


def test_a_larger_one_waits_for_a_worker_and_can_be_cancelled(
    api: APIClient, cross: dict[str, Any], problem: Problem, settings: Any
) -> None:
    settings.OPTIMIZE_AT_ONCE_COMBINATIONS = 5
    response = optimize(api, cross)
    assert response.status_code == 202
    search = response.json()
    assert (search["status"], search["done"], search["result"]) == ("pending", 0, None)
    cancelled = api.post(f"{SEARCHES}{search['id']}/cancel/", {})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    problem(api.post(f"{SEARCHES}{search['id']}/cancel/", {}), 409)


def test_searches_are_listed_by_run_and_status(api: APIClient, cross: dict[str, Any], settings: Any) -> None:
    settings.OPTIMIZE_AT_ONCE_COMBINATIONS = 0
    search = optimize(api, cross).json()
    listed = api.get(f"{SEARCHES}?run_id={cross['id']}&status=pending").json()["results"]
    assert [each["id"] for each in listed] == [search["id"]]
    assert "result" not in listed[0]
    assert api.get(f"{SEARCHES}?status=completed").json()["count"] == 0


def test_what_can_be_varied_is_told(api: APIClient, cross: dict[str, Any]) -> None:
    variables = api.get(address_of(cross, "optimize/")).json()["variables"]
    named = {variable["name"]: variable for variable in variables}
    assert named["SMA_20.timeperiod"] == {
        "name": "SMA_20.timeperiod",
        "aliases": ["fast", "SMA_20"],
        "value": 20.0,
        "whole": True,
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grid": {}}, "grid"),
        ({"grid": {"fats": [1, 2]}}, "grid/fats"),
        ({"grid": {"fast": []}}, "grid/fast"),
        ({"grid": {"fast": {"from": 5}}}, "grid/fast"),
        ({"grid": {"fast": {"from": 5, "to": 1}}}, "grid/fast"),
        ({"grid": {"fast": {"from": 5, "to": 9, "step": 0}}}, "grid/fast"),
        ({"grid": {"fast": {"from": 1, "to": 1e9}}}, "grid/fast"),
        ({"grid": {"fast": ["ten"]}}, "grid/fast"),
        ({"grid": {"fast": [5, 5]}}, "grid/fast"),
        ({"grid": {"fast": [0, 5]}}, "grid/timeperiod"),
        ({"maximize": "shape_ratio"}, "maximize"),
        ({"minimize": "shape_ratio"}, "minimize"),
        ({"maximize": "sqn", "minimize": "sqn"}, "minimize"),
        ({"constraints": ["fast << slow"]}, "constraints"),
        ({"top": 0}, "top"),
        ({"topp": 1}, "topp"),
    ],
)
def test_what_is_at_fault_is_named_by_its_field_and_stores_nothing(
    api: APIClient, cross: dict[str, Any], problem: Problem, body: dict[str, Any], field: str
) -> None:
    details = problem(optimize(api, cross, **body), 400)["details"]
    assert field in [detail["field"].removesuffix("/0") for detail in details]
    assert not Optimization.objects.exists()


def test_more_combinations_than_are_taken_are_refused(
    api: APIClient, cross: dict[str, Any], problem: Problem, settings: Any
) -> None:
    settings.OPTIMIZE_MOST_COMBINATIONS = 5
    [detail] = problem(optimize(api, cross), 400)["details"]
    assert (detail["field"], detail["message"]) == ("grid", "the grid has 6 combinations; 5 are taken at most")


def test_a_run_of_code_alone_or_without_figures_has_nothing_to_vary(
    api: APIClient, waiting: dict[str, Any], problem: Problem
) -> None:
    run = api.post(RUN_SANDBOX, {"code": examples.OWN_CODE, "symbol": "BTCUSD"}).json()
    problem(optimize(api, run), 409)
    problem(api.get(address_of(run, "optimize/")), 409)
    problem(optimize(api, waiting), 409)


def test_another_user_s_run_or_search_is_not_there(
    api: APIClient, strange_api: APIClient, cross: dict[str, Any], problem: Problem, settings: Any
) -> None:
    settings.OPTIMIZE_AT_ONCE_COMBINATIONS = 0
    search = optimize(api, cross).json()
    problem(optimize(strange_api, cross), 404)
    problem(strange_api.get(f"{SEARCHES}{search['id']}/"), 404)
    problem(strange_api.post(f"{SEARCHES}{search['id']}/cancel/", {}), 404)
    assert strange_api.get(SEARCHES).json()["count"] == 0


def test_it_is_counted_as_computing(api: APIClient, cross: dict[str, Any], settings: Any) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "compute": "1/h"}
    assert optimize(api, cross, top=0).status_code == 400
    assert optimize(api, cross, top=0).status_code == 429
