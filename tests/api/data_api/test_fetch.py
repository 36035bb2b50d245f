"""POST /api/data/fetch/: bars with indicators."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import talib
from backtesting.test import EURUSD, GOOG
from rest_framework.test import APIClient

from data_api import examples
from tests.api.data_api.conftest import CSV, Upload

URL = "/api/data/fetch/"
Problem = Callable[..., dict[str, Any]]


def fetched(api: APIClient, **body: Any) -> dict[str, Any]:
    answer = api.post(URL, body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_example_of_the_schema_is_what_is_answered(api: APIClient) -> None:
    assert fetched(api, **examples.FETCH.value) == examples.FETCHED.value


def test_prices_are_those_of_the_file_and_the_indicator_is_ta_lib_s(api: APIClient) -> None:
    body = fetched(api, symbol="GOOG", indicators=["RSI_14"])
    assert body["bars"] == len(GOOG) == len(body["time"])
    assert body["columns"]["Close"] == GOOG["Close"].tolist()
    theirs = talib.RSI(GOOG["Close"].to_numpy(), 14)
    assert body["columns"]["RSI_14"] == [None if np.isnan(value) else value for value in theirs]


def test_a_window_s_indicators_are_warmed_up_on_the_bars_before_it(api: APIClient) -> None:
    body = fetched(api, symbol="GOOG", start_date="2013-01-01", indicators=["SMA_200"])
    close = GOOG["Close"]
    assert body["columns"]["SMA_200"][0] == pytest.approx(close[:"2013-01-02"][-200:].mean(), rel=1e-12)


def test_undefined_values_are_null(api: APIClient) -> None:
    body = fetched(api, symbol="GOOG", end_date="2004-09-01", indicators=["SMA_5"])
    assert body["columns"]["SMA_5"][:5] == [None] * 4 + [pytest.approx(GOOG["Close"][:5].mean(), rel=1e-12)]


def test_all_lines_of_an_indicator_are_named_by_their_parameters(api: APIClient) -> None:
    asked = [{"name": "MACD"}, "BB_20_2p5", "cdlengulfing"]
    body = fetched(api, symbol="GOOG", period="1mo", indicators=asked)
    assert list(body["columns"])[5:] == [
        "MACD_12_26_9", "MACD_SIGNAL_12_26_9", "MACD_HIST_12_26_9",
        "BB_UPPER_20_2p5", "BB_MIDDLE_20_2p5", "BB_LOWER_20_2p5", "CDLENGULFING",
    ]  # fmt: skip


def test_times_of_intraday_bars_have_an_offset(api: APIClient) -> None:
    body = fetched(api, symbol="EURUSD", period="1d")
    assert body["time"][0] == "2018-02-07T00:00:00+00:00"
    assert (body["timeframe"], body["zone"]) == ("1h", "UTC")


def test_an_indicator_of_a_longer_timeframe_knows_only_bars_that_have_ended(api: APIClient) -> None:
    body = fetched(api, symbol="EURUSD", period="5d", indicators=["SMA_3_1D"])
    daily = EURUSD["Close"].groupby(EURUSD.index.normalize()).last()
    last_day = EURUSD.index[-1].normalize()
    ended = daily[daily.index < last_day]
    assert body["columns"]["SMA_3_1D"][-1] == pytest.approx(ended[-3:].mean(), rel=1e-12)


def test_a_longer_timeframe_is_made_of_the_source_s_bars(api: APIClient) -> None:
    body = fetched(api, ticker="GOOG", interval="1w", start_date="2013-02-04", end_date="2013-02-08")
    week = GOOG["2013-02-04":"2013-02-08"]
    assert body["time"] == ["2013-02-04"]
    assert body["columns"]["High"] == [week["High"].max()]
    assert body["columns"]["Volume"] == [week["Volume"].sum()]


def test_more_bars_than_points_are_joined(api: APIClient) -> None:
    body = fetched(api, symbol="GOOG", max_points=100, indicators=["SMA_5"])
    assert body["bars_per_point"] == 22
    assert len(body["time"]) == 98
    first = GOOG[:22]
    assert body["columns"]["Open"][0] == first["Open"].iloc[0]
    assert body["columns"]["High"][0] == first["High"].max()
    assert body["columns"]["Low"][0] == first["Low"].min()
    assert body["columns"]["Close"][0] == first["Close"].iloc[-1]
    assert body["columns"]["Volume"][0] == first["Volume"].sum()
    assert body["columns"]["SMA_5"][0] == pytest.approx(first["Close"].iloc[-5:].mean(), rel=1e-12)
    assert body["columns"]["Close"][-1] == GOOG["Close"].iloc[-1]


def test_a_dataset_is_fetched_by_its_id(api: APIClient, upload: Upload) -> None:
    dataset = upload(CSV).json()
    body = fetched(api, dataset_id=dataset["id"], indicators=["EMA_3"])
    assert (body["source"], body["symbol"], body["dataset_id"]) == ("csv", "BARS", dataset["id"])
    assert body["columns"]["Close"] == [float(11 + day) for day in range(1, 32)]
    assert body["content_hash"] == dataset["content_hash"]
    assert [finding["rule"] for finding in body["findings"]] == ["naive_time"]


def test_a_dataset_of_somebody_else_s_is_not_there(strange_api: APIClient, upload: Upload, problem: Problem) -> None:
    dataset = upload(CSV).json()
    problem(strange_api.post(URL, {"dataset_id": dataset["id"]}), 404)


def test_nobody_fetches_without_signing_in(anonymous: APIClient, problem: Problem) -> None:
    problem(anonymous.post(URL, {"symbol": "GOOG"}), 401)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "symbol", "no symbol was given"),
        ({"symbol": "GOGO"}, "symbol", "does not know 'GOGO'"),
        ({"ticker": "GOGO"}, "ticker", "does not know 'GOGO'"),
        ({"symbol": "GOOG", "ticker": "AAPL"}, "ticker", "two words for one thing"),
        ({"symbol": "GOOG", "timeframe": "1x"}, "timeframe", "is no timeframe"),
        ({"symbol": "GOOG", "interval": "1h"}, "interval", "asked for 1h"),
        ({"symbol": "GOOG", "source": "nowhere"}, "source", "nowhere"),
        ({"symbol": "GOOG", "period": "1 fortnight"}, "period", "is no period"),
        ({"symbol": "GOOG", "period": "1y", "start_date": "2012-01-01"}, "period", "exclude each other"),
        ({"symbol": "GOOG", "start_date": "2012-02-30"}, "start_date", "is no date"),
        ({"symbol": "GOOG", "start_date": "2099-01-01"}, "start_date", "after the last bar"),
        ({"symbol": "GOOG", "end_date": "1999-01-01"}, "end_date", "before the first bar"),
        ({"symbol": "GOOG", "max_points": 0}, "max_points", "greater than or equal to 1"),
        ({"symbol": "GOOG", "simbol": "GOOG"}, "simbol", "there is no field 'simbol'"),
        ({"symbol": "GOOG", "indicators": "RSI_14"}, "indicators", "list"),
        ({"symbol": "GOOG", "indicators": [14]}, "indicators/0", "write a column such as"),
        ({"symbol": "GOOG", "indicators": ["RSI_14", "RSY_14"]}, "indicators/1", "unknown indicator 'RSY_14'"),
        ({"symbol": "GOOG", "indicators": ["SMA"]}, "indicators/0/timeperiod", "SMA needs timeperiod"),
        ({"symbol": "GOOG", "indicators": ["SMA_0"]}, "indicators/0/timeperiod", "out of bounds"),
        ({"symbol": "GOOG", "indicators": ["SMA_20_15M"]}, "indicators/0", "can't be made from 1d bars"),
        ({"symbol": "GOOG", "indicators": ["RSI_14"] * 51}, "indicators", "50"),
    ],
)
def test_what_is_wrong_is_named_by_the_request_s_own_words(
    api: APIClient, problem: Problem, body: dict[str, Any], field: str, message: str
) -> None:
    (detail,) = problem(api.post(URL, body), 400)["details"]
    assert detail["field"] == field
    assert message in detail["message"]


def test_a_dataset_has_its_own_symbol_and_no_other_source(api: APIClient, upload: Upload, problem: Problem) -> None:
    dataset_id = upload(CSV).json()["id"]
    other = problem(api.post(URL, {"dataset_id": dataset_id, "symbol": "GOOG"}), 400)
    assert (other["details"][0]["field"], other["details"][0]["suggestion"]) == ("symbol", "leave the symbol out")
    source = problem(api.post(URL, {"dataset_id": dataset_id, "source": "sample"}), 400)
    assert source["details"][0]["field"] == "source"


def test_every_fault_among_the_indicators_is_told_at_once(api: APIClient, problem: Problem) -> None:
    asked = ["RSY_14", {"name": "SMA", "timeperiods": 20}, {"timeperiod": 3}]
    details = problem(api.post(URL, {"symbol": "GOOG", "indicators": asked}), 400)["details"]
    assert [detail["field"] for detail in details] == [
        "indicators/0",
        "indicators/1/timeperiods",
        "indicators/1/timeperiod",
        "indicators/2/name",
    ]


def test_an_answer_is_strict_json(api: APIClient) -> None:
    text = api.post(URL, {"symbol": "BTCUSD", "indicators": ["ZSCORE_20", "STOCHRSI_K_100_14_3_3"]}).content
    json.loads(text, parse_constant=pytest.fail)
