"""GET /api/trading/positions/ and /api/trading/trades/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import User
from tests.rows import NOON, position_row, strategy_row, trade_row
from trading import examples

POSITIONS, TRADES = "/api/trading/positions/", "/api/trading/trades/"
BOTH = pytest.mark.parametrize("url", [POSITIONS, TRADES])
Problem = Callable[..., dict[str, Any]]


@BOTH
def test_both_are_empty_until_trading_is_built(api: APIClient, url: str) -> None:
    assert api.get(url).json() == examples.POSITIONS.value == examples.TRADES.value


def test_a_position_is_its_owner_s_alone(api: APIClient, strange_api: APIClient, user: User) -> None:
    strategy = strategy_row(user)
    position = position_row(user, strategy=strategy, size=-5)
    assert api.get(POSITIONS).json()["results"] == [
        {
            "id": position.pk,
            "strategy_id": strategy.pk,
            "symbol": "GOOG",
            "size": -5,
            "entry_price": 100.0,
            "opened_at": "2026-01-05T12:00:00Z",
            "closed_at": None,
        }
    ]
    assert strange_api.get(POSITIONS).json()["results"] == []


def test_a_trade_is_its_owner_s_alone(api: APIClient, strange_api: APIClient, user: User) -> None:
    position = position_row(user)
    trade = trade_row(user, position=position)
    assert api.get(TRADES).json()["results"] == [
        {
            "id": trade.pk,
            "position_id": position.pk,
            "symbol": "GOOG",
            "size": -10,
            "price": 105.0,
            "commission": 0.0,
            "filled_at": "2026-01-05T12:00:00Z",
        }
    ]
    assert strange_api.get(TRADES).json()["results"] == []


@pytest.mark.parametrize(("is_open", "symbols"), [("true", ["OPEN"]), ("false", ["SHUT"])])
def test_positions_are_open_or_closed(api: APIClient, user: User, is_open: str, symbols: list[str]) -> None:
    position_row(user, symbol="OPEN")
    position_row(user, symbol="SHUT", closed_at=NOON)
    assert [each["symbol"] for each in api.get(POSITIONS, {"open": is_open}).json()["results"]] == symbols


@BOTH
def test_rows_of_one_symbol(api: APIClient, user: User, url: str) -> None:
    for symbol in ("GOOG", "AAPL"):
        position_row(user, symbol=symbol)
        trade_row(user, symbol=symbol)
    assert [each["symbol"] for each in api.get(url, {"symbol": "aapl"}).json()["results"]] == ["AAPL"]


@BOTH
def test_a_query_at_fault_is_refused(api: APIClient, problem: Problem, url: str) -> None:
    assert problem(api.get(url, {"simbol": "AAPL"}), 400)["details"][0]["suggestion"] == "did you mean symbol?"


@BOTH
def test_nobody_reads_it_without_signing_in(anonymous: APIClient, problem: Problem, url: str) -> None:
    problem(anonymous.get(url), 401)
