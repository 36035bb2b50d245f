"""A strategy that is there already, made over the API as its clients make it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples

STRATEGIES = "/api/strategies/"
Make = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> Path:
    settings.BACKTEST_CODES_DIR = tmp_path / "codes"
    return tmp_path / "codes"


@pytest.fixture
def make(api: APIClient) -> Make:
    """Posts a description and gives the strategy that came of it."""

    def post(**body: Any) -> dict[str, Any]:
        response = api.post(STRATEGIES, body or {"user_description": examples.IDEA})
        assert response.status_code == 201, response.content
        return dict(response.json())

    return post


@pytest.fixture
def strategy(make: Make) -> dict[str, Any]:
    return make()


@pytest.fixture
def unclear_strategy(make: Make) -> dict[str, Any]:
    return make(user_description=examples.UNCLEAR_IDEA)


def address_of(strategy: dict[str, Any], action: str = "") -> str:
    return f"{STRATEGIES}{strategy['id']}/{action}"
