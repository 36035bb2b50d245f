"""Runs that are there already, made over the API as its clients make them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backtest_api import examples
from backtest_api.leases import lease_take
from backtest_api.models import Verification
from backtest_api.services import engine_load
from backtest_api.services.background import leased_work

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
    """A completed run that is yet to be verified."""
    return make()


@pytest.fixture
def verified(api: APIClient, run: dict[str, Any]) -> dict[str, Any]:
    """The run once a worker verified it."""
    verify()
    return dict(api.get(address_of(run)).json())


def verify() -> None:
    """What a worker does with the verification that waits longest."""
    lease = lease_take(Verification, now=timezone.now())
    assert lease is not None
    leased_work(lease)


@pytest.fixture(autouse=True, scope="session")
def loaded_kernel() -> None:
    """The service as it is once it has warmed up."""
    engine_load()


@pytest.fixture
def waiting(api: APIClient) -> dict[str, Any]:
    """A run that nobody has begun: no worker sees what a test's transaction holds."""
    response = api.post(BACKTESTS, {"user_description": examples.IDEA, "symbol": "GOOG"})
    assert response.status_code == 202, response.content
    return dict(response.json())


def address_of(run: dict[str, Any], part: str = "") -> str:
    return f"{BACKTESTS}{run['id']}/{part}"
