"""GET /api/data/sources/ and /api/data/symbols/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from data_api import examples

SOURCES, SYMBOLS = "/api/data/sources/", "/api/data/symbols/"


def test_each_source_says_what_it_needs(api: APIClient) -> None:
    found = {each["name"]: each for each in api.get(SOURCES).json()["sources"]}
    assert set(found) == {"sample", "csv", "yfinance"}
    assert {name for name, each in found.items() if each["needs_network"]} == {"yfinance"}
    assert {name for name, each in found.items() if each["needs_file"]} == {"csv"}
    assert found["sample"]["symbols"] == ["GOOG", "EURUSD", "BTCUSD", "AAPL"]


def test_the_examples_of_the_schema_are_parts_of_the_answers(api: APIClient) -> None:
    sources, symbols = api.get(SOURCES).json()["sources"], api.get(SYMBOLS).json()["symbols"]
    assert all(entry in sources for entry in examples.SOURCES.value["sources"])
    assert all(entry in symbols for entry in examples.SYMBOLS.value["symbols"])


def test_times_of_intraday_bars_have_an_offset_and_those_of_days_have_none(api: APIClient) -> None:
    found = {each["symbol"]: each for each in api.get(SYMBOLS).json()["symbols"]}
    assert found["EURUSD"]["first_time"] == "2017-04-19T09:00:00+00:00"
    assert found["GOOG"]["first_time"] == "2004-08-19"


@pytest.mark.parametrize(("source", "count"), [("sample", 4), ("yfinance", 0)])
def test_the_symbols_of_one_source(api: APIClient, source: str, count: int) -> None:
    symbols = api.get(SYMBOLS, {"source": source}).json()["symbols"]
    assert [each["source"] for each in symbols] == [source] * count


def test_an_unknown_source_is_refused(api: APIClient, problem: Callable[..., dict[str, Any]]) -> None:
    body = problem(api.get(SYMBOLS, {"source": "nowhere"}), 400)
    assert body["details"][0]["field"] == "source"


@pytest.mark.parametrize("url", [SOURCES, SYMBOLS])
def test_nobody_reads_it_without_signing_in(
    anonymous: APIClient, problem: Callable[..., dict[str, Any]], url: str
) -> None:
    problem(anonymous.get(url), 401)
