"""The examples of the schema are what is really answered."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import BACKTESTS, QUICK_RUN, RUN_SANDBOX, VALIDATE_CONFIG, address_of, verify

SEARCHES = f"{BACKTESTS}optimizations/"
VARYING = {
    *("id", "run_id", "strategy_id", "created_at", "started_at", "finished_at", "versions", "layers"),
    *("url", "trades_csv", "equity_csv", "report_html", "manifest", "code_sha256"),
}
"""What differs from one database, machine or code of the compiler to another."""


def comparable(value: Any, name: str = "") -> Any:
    """The value without what differs each time; floats to their ninth digit, of code what names the specification."""
    if name in VARYING:
        return type(value).__name__
    if name == "code":
        return value.split("\n")[:3]
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: comparable(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [comparable(inner) for inner in value]
    return value


def same(answer: Any, example: Any) -> None:
    assert comparable(answer) == comparable(example.value)


@pytest.fixture
def asked(strategy: dict[str, Any]) -> dict[str, Any]:
    return {**examples.RUN_STRATEGY.value, "strategy_id": strategy["id"]}


def test_running_and_reading(api: APIClient, asked: dict[str, Any]) -> None:
    run = api.post(QUICK_RUN, asked).json()
    same(run, examples.RUN_MADE)
    verify()
    same(api.get(BACKTESTS).json(), examples.RUNS)
    for part, example in (
        ("", examples.RUN),
        ("trades/", examples.TRADES),
        ("equity/?max_points=3", examples.EQUITY),
        ("chart/?max_points=3", examples.CHART),
        ("why/?date=2009-03-02", examples.WHY),
        ("recommendations/", examples.RECOMMENDATIONS),
        ("artifacts/manifest.json/", examples.MANIFEST),
    ):
        same(api.get(address_of(run, part)).json(), example)
    assert api.get(address_of(run, "artifacts/trades.csv/")).content.decode() == examples.TRADES_CSV.value


def test_beginning_and_cancelling(api: APIClient, asked: dict[str, Any]) -> None:
    run = api.post(BACKTESTS, asked).json()
    same(run, examples.PENDING)
    same(api.post(address_of(run, "cancel/"), examples.NOTHING.value).json(), examples.CANCELLED)


def test_searching(api: APIClient, asked: dict[str, Any], settings: Any) -> None:
    run = api.post(QUICK_RUN, asked).json()
    same(api.get(address_of(run, "optimize/")).json(), examples.VARIABLES)
    search = api.post(address_of(run, "optimize/"), examples.OPTIMIZE.value).json()
    same(search, examples.OPTIMIZATION_MADE)
    same(api.get(f"{SEARCHES}{search['id']}/").json(), examples.OPTIMIZATION)
    same(api.get(SEARCHES).json(), examples.OPTIMIZATIONS)
    settings.OPTIMIZE_AT_ONCE_COMBINATIONS = 0
    waiting = api.post(address_of(run, "optimize/"), examples.OPTIMIZE.value).json()
    same(waiting, examples.OPTIMIZATION_PENDING)
    same(api.post(f"{SEARCHES}{waiting['id']}/cancel/", {}).json(), examples.OPTIMIZATION_CANCELLED)


def test_the_hardened_doors(api: APIClient) -> None:
    same(api.post(VALIDATE_CONFIG, examples.RUN_IDEA.value).json(), examples.PREVIEW)
    same(api.post(RUN_SANDBOX, examples.RUN_CODE.value).json(), examples.CODE_RUN_MADE)
