"""GET /api/data/indicators/: the registry."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import talib
from rest_framework.test import APIClient

from Backtest.indicators import indicator_registry as registry
from data_api import examples

URL = "/api/data/indicators/"


def test_every_indicator_and_every_pattern_of_ta_lib_is_there(api: APIClient) -> None:
    body = api.get(URL).json()
    assert [entry["name"] for entry in body["indicators"]] == list(registry.names())
    assert [entry["name"] for entry in body["patterns"]] == talib.get_function_groups()["Pattern Recognition"]


def test_parameters_have_bounds_and_defaults(api: APIClient) -> None:
    (bands,) = (entry for entry in api.get(URL).json()["indicators"] if entry["name"] == "BBANDS")
    assert [(each["name"], each["default"], each["integer"]) for each in bands["parameters"]] == [
        ("timeperiod", 20, True),
        ("nbdev", 2, False),
    ]
    assert all(each["minimum"] <= each["default"] <= each["maximum"] for each in bands["parameters"])


def test_the_bounds_of_an_output_are_numbers_or_null(api: APIClient) -> None:
    entries = {entry["name"]: entry for entry in api.get(URL).json()["indicators"]}
    rsi, sma = entries["RSI"]["outputs"][0], entries["SMA"]["outputs"][0]
    assert (rsi["lowest"], rsi["highest"]) == (0, 100)
    assert (sma["lowest"], sma["highest"]) == (None, None)


@pytest.mark.parametrize("name", registry.names())
def test_the_example_of_an_indicator_fetches_the_columns_that_its_patterns_describe(api: APIClient, name: str) -> None:
    (entry,) = (entry for entry in api.get(URL).json()["indicators"] if entry["name"] == name)
    body = {"symbol": "GOOG", "period": "5d", "indicators": [entry["example"]]}
    columns = list(api.post("/api/data/fetch/", body).json()["columns"])[5:]
    assert len(columns) == len(entry["outputs"])
    for column, output in zip(columns, entry["outputs"], strict=True):
        pattern = re.escape(output["column_pattern"]).replace(r"\[", "(").replace(r"\]", ")?")
        assert re.fullmatch(re.sub(r"\\\{\w+\\\}", r"[0-9A-Zp]+", pattern), column), (column, pattern)


def test_the_example_of_the_schema_is_a_part_of_the_answer(api: APIClient) -> None:
    body, shown = api.get(URL).json(), examples.INDICATORS.value
    assert all(entry in body["indicators"] for entry in shown["indicators"])
    assert all(entry in body["patterns"] for entry in shown["patterns"])


def test_nobody_reads_it_without_signing_in(anonymous: APIClient, problem: Callable[..., dict[str, Any]]) -> None:
    problem(anonymous.get(URL), 401)
