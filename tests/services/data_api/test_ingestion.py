"""DataIngestionModel: frames of bars with indicator columns."""

import numpy as np
import pandas as pd
import pytest
import talib
from backtesting.test import GOOG
from hypothesis import given
from hypothesis import strategies as st

from Backtest.data_manager import load_bars
from Backtest.errors import IndicatorInvalid
from Backtest.indicators import indicator_registry as registry
from data_api.indicator_requests import AskedFor, read_indicators
from data_api.ingestion import DataIngestionModel, thinned, with_indicators

PRICES = ["Open", "High", "Low", "Close", "Volume"]


def test_a_frame_has_prices_and_a_column_for_each_indicator() -> None:
    frame = DataIngestionModel().ingest_and_process("GOOG", ["RSI_14", "ATR_14"], period="1y", interval="1d")
    assert list(frame.columns) == [*PRICES, "RSI_14", "ATR_14"]
    assert (frame.index[0], frame.index[-1]) == (pd.Timestamp("2012-03-01"), pd.Timestamp("2013-03-01"))
    close, high, low = (GOOG[name].to_numpy(dtype=float) for name in ("Close", "High", "Low"))
    assert frame["RSI_14"].to_numpy().tolist() == talib.RSI(close, 14)[-len(frame) :].tolist()
    assert frame["ATR_14"].to_numpy().tolist() == talib.ATR(high, low, close, 14)[-len(frame) :].tolist()


def test_without_a_period_or_an_interval_all_the_source_s_own_bars_are_there() -> None:
    frame = DataIngestionModel("sample").ingest_and_process("GOOG")
    assert frame.to_numpy().tolist() == GOOG[PRICES].to_numpy(dtype=float).tolist()


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ("rsi_14", ["RSI_14"]),
        ("RSI", ["RSI_14"]),
        (" sma_20_volume ", ["SMA_20_VOLUME"]),
        ("MACD", ["MACD_12_26_9"]),
        ({"name": "macd"}, ["MACD_12_26_9", "MACD_SIGNAL_12_26_9", "MACD_HIST_12_26_9"]),
        ({"name": "MACD", "output": "Signal", "fastperiod": 5}, ["MACD_SIGNAL_5_26_9"]),
        ({"name": "SMA", "params": {"timeperiod": 20.0}, "source": "volume"}, ["SMA_20_VOLUME"]),
        ({"name": "SMA", "timeperiod": 3, "timeframe": "daily"}, ["SMA_3"]),
        ({"name": "SMA", "timeperiod": 3, "timeframe": "1w"}, ["SMA_3_1W"]),
        ("doji", None),
        ("CDLDOJI", ["CDLDOJI"]),
        ({"name": "cdl_doji"}, ["CDLDOJI"]),
    ],
)
def test_indicators_are_asked_for_in_several_ways(asked: AskedFor, columns: list[str] | None) -> None:
    model = DataIngestionModel()
    if columns is None:
        with pytest.raises(IndicatorInvalid):
            model.ingest_and_process("GOOG", [asked])
    else:
        assert list(model.ingest_and_process("GOOG", [asked]).columns[5:]) == columns


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ({"name": 14}, "x/0/name", "name is no text"),
        ({"name": "SMA", "params": 20}, "x/0/params", "params is no object"),
        ({"name": "SMA", "params": {}, "timeperiod": 3}, "x/0/timeperiod", "partly beside it"),
        ({"name": "SMA", "params": {"timeperiod": "20"}}, "x/0/params/timeperiod", "must be a whole number"),
        ({"name": "SMA", "timeperiod": True}, "x/0/timeperiod", "must be a whole number"),
        ({"name": "ATR", "source": "Open"}, "x/0/source", "no choice of source"),
        ({"name": "RSI", "source": "Typical"}, "x/0/source", "no column of prices"),
        ({"name": "RSI", "timeframe": "1x"}, "x/0/timeframe", "no timeframe"),
        ({"name": "RSI", "output": "upper"}, "x/0/output", "none called 'upper'"),
        ({"name": "CDLDOJI", "penetration": 0.3}, "x/0/penetration", "takes no parameters"),
        ("CDLDOJY", "x/0", "unknown candlestick pattern"),
    ],
)
def test_a_fault_names_the_part_that_has_it(asked: AskedFor, field: str, message: str) -> None:
    with pytest.raises(IndicatorInvalid) as refused:
        read_indicators([asked], "x")
    assert refused.value.issues[0].field == field
    assert message in refused.value.issues[0].message


def test_the_same_column_twice_is_one_and_two_meanings_of_one_are_refused() -> None:
    model = DataIngestionModel()
    assert list(model.ingest_and_process("GOOG", ["RSI_14", {"name": "RSI"}]).columns[5:]) == ["RSI_14"]
    daily, hourly = ({"name": "REALISED_VOLATILITY", "timeperiod": 20, "bars_per_year": n} for n in (252, 1638))
    with pytest.raises(IndicatorInvalid, match="has the column"):
        model.ingest_and_process("GOOG", [daily, hourly])


@given(
    st.sampled_from(registry.indicators()),
    st.integers(min_value=2, max_value=400),
    st.integers(min_value=1, max_value=40),
)
def test_every_indicator_can_be_computed_of_any_number_of_bars(
    indicator: registry.Indicator, period: int, bars: int
) -> None:
    window = load_bars(symbol="GOOG", end=f"{GOOG.index[bars - 1]:%Y-%m-%d}")
    asked = {"name": indicator.name}
    if (parameter := indicator.parameter("timeperiod")) is not None and parameter.integer:
        asked["timeperiod"] = period
    frame = with_indicators(window, read_indicators([asked], "x"))
    assert len(frame) == bars
    assert len(frame.columns) == 5 + len(indicator.outputs)


@given(st.integers(min_value=1, max_value=300), st.integers(min_value=1, max_value=40))
def test_joined_bars_keep_the_extremes_the_first_open_the_last_close_and_all_the_volume(bars: int, joined: int) -> None:
    frame = GOOG[:bars].astype(float)
    rows = thinned(frame, joined)
    for place in range(len(rows)):
        part = frame[place * joined : (place + 1) * joined]
        expected = [part["Open"].iloc[0], part["High"].max(), part["Low"].min(), part["Close"].iloc[-1]]
        assert rows[PRICES[:4]].iloc[place].tolist() == expected
        assert rows["Volume"].iloc[place] == part["Volume"].sum()
        assert rows.index[place] == part.index[0]
    assert len(rows) == -(-bars // joined)


def test_an_indicator_s_value_on_joined_bars_is_that_of_the_last_of_them() -> None:
    frame = GOOG[:7].astype(float).assign(SMA_3=talib.SMA(GOOG["Close"][:7].to_numpy(dtype=float), 3))
    assert np.array_equal(thinned(frame, 2)["SMA_3"], frame["SMA_3"].iloc[[1, 3, 5, 6]], equal_nan=True)
