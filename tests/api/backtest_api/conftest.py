"""Runs that are there already, made over the API as its clients make them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples

BACKTESTS = "/api/backtests/"
QUICK_RUN = f"{BACKTESTS}quick-run/"
RUN_SANDBOX = "/api/production/backtests/run-sandbox/"
VALIDATE_CONFIG = "/api/production/backtests/validate-config/"
OPEN_IDEA = "Buy when the 20-day EMA crosses above the 50-day EMA."
Make = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> Path:
    settings.BACKTEST_CODES_DIR = tmp_path / "codes"
    return tmp_path / "codes"


@pytest.fixture
def strategy(api: APIClient) -> dict[str, Any]:
    response = api.post("/api/strategies/", {"user_description": examples.IDEA})
    assert response.status_code == 201, response.content
    return dict(response.json())


@pytest.fixture
def make(api: APIClient) -> Make:
    """Runs something at once and gives the run."""

    def post(**body: Any) -> dict[str, Any]:
        asked = {"user_description": examples.IDEA, "symbol": "GOOG", "start_date": "2009-01-01"}
        response = api.post(QUICK_RUN, body or asked)
        assert response.status_code == 201, response.content
        return dict(response.json())

    return post


@pytest.fixture
def run(make: Make) -> dict[str, Any]:
    return make()


@pytest.fixture
def waiting(api: APIClient) -> dict[str, Any]:
    """A run that nobody has begun: no worker sees what a test's transaction holds."""
    response = api.post(BACKTESTS, {"user_description": examples.IDEA, "symbol": "GOOG"})
    assert response.status_code == 202, response.content
    return dict(response.json())


def address_of(run: dict[str, Any], part: str = "") -> str:
    return f"{BACKTESTS}{run['id']}/{part}"
