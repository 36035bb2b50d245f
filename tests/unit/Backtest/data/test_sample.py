"""The sample source, compared with the packages whose files it reads."""

import subprocess
import sys

import hvsampledata
import numpy as np
import pandas as pd
import pytest
from backtesting import test as backtesting_samples

from Backtest.data.quality import COLUMNS
from Backtest.data.sample import SampleSource
from Backtest.errors import BarsInvalid, SymbolUnknown, WindowEmpty

SYMBOLS = ("GOOG", "EURUSD", "BTCUSD", "AAPL")


@pytest.mark.parametrize("symbol", ["GOOG", "EURUSD", "BTCUSD"])
def test_the_bars_are_those_of_backtesting_to_the_last_bit(symbol: str) -> None:
    expected = getattr(backtesting_samples, symbol)
    frame = SampleSource().load(symbol).frame
    assert frame.index.equals(expected.index)
    assert list(frame.columns) == list(expected.columns)
    np.testing.assert_array_equal(frame.to_numpy(), expected.to_numpy(dtype=np.float64))
    assert frame["Volume"].dtype == np.float64


def test_the_apple_bars_are_those_of_hvsampledata() -> None:
    expected = hvsampledata.apple_stocks("pandas")
    frame = SampleSource().load("AAPL").frame
    assert list(frame.index) == list(pd.to_datetime(expected["date"]))
    for column in COLUMNS:
        np.testing.assert_array_equal(frame[column], expected[column.lower()].astype(float))


def test_the_catalogue_says_what_there_is() -> None:
    facts = {
        info.symbol: (info.timeframe, info.first, info.last, info.bars, info.zone) for info in SampleSource().symbols()
    }
    assert facts == {
        "GOOG": ("1d", "2004-08-19", "2013-03-01", 2148, "America/New_York"),
        "EURUSD": ("1h", "2017-04-19T09:00:00", "2018-02-07T15:00:00", 5000, "UTC"),
        "BTCUSD": ("1mo", "2012-01-31", "2024-12-31", 156, "UTC"),
        "AAPL": ("1d", "2019-01-02", "2024-12-30", 1509, "America/New_York"),
    }


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_real_prices_raise_no_warning(symbol: str) -> None:
    assert [finding for finding in SampleSource().load(symbol).findings if finding.severity != "info"] == []


def test_the_zone_that_the_file_does_not_name_is_a_finding() -> None:
    notes = [finding.message for finding in SampleSource().load("EURUSD").findings]
    assert any("names no zone" in note and "UTC" in note for note in notes)


def test_the_weeks_of_eurusd_end_with_new_yorks_friday_afternoon_in_utc() -> None:
    frame = SampleSource().load("EURUSD").frame
    ends = frame.index[:-1][np.diff(frame.index.to_numpy()) > np.timedelta64(1, "D")]
    closes = (ends + pd.Timedelta(hours=1)).tz_localize("UTC").tz_convert("America/New_York")
    assert {close.day_name() for close in closes} == {"Friday"}
    assert pd.Series(closes.hour).mode().tolist() == [17]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("goog", "GOOG"), ("EUR/USD", "EURUSD"), ("eur-usd", "EURUSD"), ("EURUSD=X", "EURUSD"), ("BTC-USD", "BTCUSD")],
)
def test_case_and_separators_are_free(text: str, symbol: str) -> None:
    assert SampleSource().load(text).symbol == symbol


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("GOGL", "GOOG"),
        ("GOOGL", "GOOG"),
        ("Google", "GOOG"),
        ("apple", "AAPL"),
        ("bitcoin", "BTCUSD"),
        ("EURUSDT", "EURUSD"),
    ],
)
def test_a_near_miss_is_named_with_the_list(text: str, meant: str) -> None:
    with pytest.raises(SymbolUnknown, match="GOOG, EURUSD, BTCUSD, AAPL") as caught:
        SampleSource().load(text)
    assert f"did you mean {meant}?" in caught.value.issues[0].suggestion


def test_a_far_miss_is_not_guessed() -> None:
    with pytest.raises(SymbolUnknown) as caught:
        SampleSource().load("XQZ")
    assert "did you mean" not in caught.value.issues[0].suggestion


def test_a_shorter_timeframe_than_the_files_can_not_be_had() -> None:
    with pytest.raises(BarsInvalid, match="the sample bars of GOOG are 1d; asked for 1h"):
        SampleSource().load("GOOG", "hourly")


def test_a_misspelt_timeframe_gets_the_nearest() -> None:
    with pytest.raises(BarsInvalid, match="no timeframe") as caught:
        SampleSource().load("GOOG", "1dd")
    assert "did you mean 1d?" in caught.value.issues[0].suggestion


def test_the_files_own_timeframe_in_other_words_changes_nothing() -> None:
    assert SampleSource().load("GOOG", "daily") == SampleSource().load("GOOG")


def test_a_longer_bar_holds_nothing_from_after_the_end() -> None:
    bars = SampleSource().load("GOOG", "1w", end="2013-02-27")  # a Wednesday
    assert bars.last_time == "2013-02-25"
    assert bars.frame["Close"].iloc[-1] == SampleSource().load("GOOG").frame.loc["2013-02-27", "Close"]


def test_history_before_the_start_is_kept_and_an_empty_window_refused() -> None:
    assert SampleSource().load("GOOG", start="2012-01-01").first_time == "2004-08-19"
    with pytest.raises(WindowEmpty, match="after the last bar"):
        SampleSource().load("GOOG", start="2014-01-01")


def test_a_start_within_the_last_longer_bar_leaves_none() -> None:
    with pytest.raises(WindowEmpty, match="43 1w bars"):
        SampleSource().load("EURUSD", "1w", start="2018-02-06")


def test_what_the_source_says_of_its_prices_stays_with_longer_bars() -> None:
    rules = [finding.rule for finding in SampleSource().load("BTCUSD", "1q").findings]
    assert rules == ["sample_note", "resampled"]


def test_loading_a_sample_imports_none_of_the_packages_it_comes_from() -> None:
    script = (
        "import sys; from Backtest.data_manager import load_bars; load_bars(symbol='GOOG'); load_bars(symbol='AAPL');"
        "print(sorted({'backtesting', 'bokeh', 'hvsampledata', 'yfinance', 'talib', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
