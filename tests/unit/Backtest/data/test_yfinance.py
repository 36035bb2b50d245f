"""Yahoo as a source: what its answers become. No test needs the network; one asks it for a symbol that can't be."""

import logging
import threading
import time
from logging.handlers import BufferingHandler

import numpy as np
import pandas as pd
import pytest

from Backtest.data.yfinance_source import YFinanceSource, normalised, within
from Backtest.errors import BarsInvalid, SourceUnavailable, SymbolUnknown, WindowEmpty


def _answer(index: pd.DatetimeIndex) -> pd.DataFrame:
    """A frame as yfinance's Ticker.history gives it."""
    close = 100.0 + np.arange(len(index))
    frame = pd.DataFrame(
        {"Open": close, "High": close + 2, "Low": close - 2, "Close": close + 1, "Volume": 1000}, index=index
    )
    return frame.rename_axis("Date")


NEW_YORK_DAYS = pd.bdate_range("2024-03-01", periods=20, tz="America/New_York")


class _Yahoo:
    """Answers every request with one frame and keeps what was asked."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.asked: list[tuple[str, str, float]] = []

    def __call__(self, symbol: str, interval: str, timeout_s: float) -> pd.DataFrame:
        self.asked.append((symbol, interval, timeout_s))
        return self.frame


def test_an_impossible_symbol_is_one_clear_error_with_and_without_a_network() -> None:
    with pytest.raises(SourceUnavailable, match="Yahoo gave no bars for ZZZZ-NO-SUCH-SYMBOL") as caught:
        YFinanceSource(timeout_s=8.0).load("zzzz-no-such-symbol")
    assert "sample" in caught.value.issues[0].suggestion
    assert "CSV" in caught.value.issues[0].suggestion


def test_the_failure_is_raised_and_neither_printed_nor_logged_as_well(capfd: pytest.CaptureFixture[str]) -> None:
    heard = BufferingHandler(1000)
    logging.getLogger().addHandler(heard)
    try:
        with pytest.raises(SourceUnavailable):
            YFinanceSource(timeout_s=8.0).load("ZZZZ-NO-SUCH-SYMBOL")
    finally:
        logging.getLogger().removeHandler(heard)
    assert capfd.readouterr() == ("", "")
    assert [record.getMessage() for record in heard.buffer if record.name.startswith("yfinance")] == []


def test_an_empty_answer_is_an_error() -> None:
    with pytest.raises(SourceUnavailable, match="no bars for GOOG"):
        YFinanceSource(_Yahoo(_answer(NEW_YORK_DAYS[:0]))).load("GOOG")


def test_an_answer_of_empty_rows_is_an_error() -> None:
    frame = _answer(NEW_YORK_DAYS).astype(float)
    frame[:] = np.nan
    with pytest.raises(SourceUnavailable, match="no bars for GOOG"):
        YFinanceSource(_Yahoo(frame)).load("GOOG")


def test_an_answer_that_does_not_come_is_given_up_after_the_timeout() -> None:
    released = threading.Event()

    def stuck(symbol: str, interval: str, timeout_s: float) -> pd.DataFrame:
        released.wait(10)
        return pd.DataFrame()

    begin = time.monotonic()
    with pytest.raises(SourceUnavailable, match=r"within 0\.1 seconds"):
        YFinanceSource(stuck, timeout_s=0.1).load("GOOG")
    released.set()
    assert time.monotonic() - begin < 5


def test_an_error_of_the_call_reaches_the_caller() -> None:
    def fails() -> pd.DataFrame:
        raise ZeroDivisionError("in the other thread")

    with pytest.raises(ZeroDivisionError, match="in the other thread"):
        within(5.0, fails)


def test_a_good_answer_becomes_bars_in_the_zone_of_the_exchange() -> None:
    bars = YFinanceSource(_Yahoo(_answer(NEW_YORK_DAYS))).load("goog")
    assert (bars.symbol, bars.source, bars.timeframe, bars.zone) == ("GOOG", "yfinance", "1d", "America/New_York")
    assert (bars.first_time, bars.last_time, len(bars)) == ("2024-03-01", "2024-03-28", 20)


def test_what_yahoos_prices_are_is_said() -> None:
    findings = YFinanceSource(_Yahoo(_answer(NEW_YORK_DAYS))).load("GOOG").findings
    assert [finding.rule for finding in findings] == ["adjusted", "live_bar"]


def test_history_before_the_start_stays_and_the_end_cuts() -> None:
    bars = YFinanceSource(_Yahoo(_answer(NEW_YORK_DAYS))).load("GOOG", start="2024-03-12", end="2024-03-15")
    assert (bars.first_time, bars.last_time) == ("2024-03-01", "2024-03-15")
    with pytest.raises(WindowEmpty):
        YFinanceSource(_Yahoo(_answer(NEW_YORK_DAYS))).load("GOOG", start="2025-01-01")


@pytest.mark.parametrize(
    ("timeframe", "interval"),
    [(None, "1d"), ("1h", "1h"), ("4h", "1h"), ("90m", "30m"), ("10m", "5m"), ("3m", "1m"), ("1w", "1d"), ("1q", "1d")],
)
def test_the_longest_interval_that_builds_the_timeframe_is_asked_for(timeframe: str | None, interval: str) -> None:
    step = {"1d": "D", "1h": "h", "30m": "30min", "5m": "5min", "1m": "min"}[interval]
    yahoo = _Yahoo(_answer(pd.date_range("2024-03-01", periods=200, freq=step, tz="UTC")))
    bars = YFinanceSource(yahoo, timeout_s=3.0).load("BTC-USD", timeframe)
    assert yahoo.asked == [("BTC-USD", interval, 3.0)]
    assert bars.timeframe == (timeframe or "1d")


def test_a_timeframe_that_yahoo_can_not_give_is_refused_before_it_is_asked() -> None:
    yahoo = _Yahoo(_answer(NEW_YORK_DAYS))
    with pytest.raises(BarsInvalid, match="no 2d bars"):
        YFinanceSource(yahoo).load("GOOG", "2d")
    assert yahoo.asked == []


@pytest.mark.parametrize("symbol", ["../../x", "A?b=c", "A B", ""])
def test_a_text_that_is_no_symbol_never_reaches_an_address(symbol: str) -> None:
    yahoo = _Yahoo(_answer(NEW_YORK_DAYS))
    with pytest.raises(SymbolUnknown):
        YFinanceSource(yahoo).load(symbol)
    assert yahoo.asked == []


def test_impossible_prices_of_yahoo_are_refused_like_any_other() -> None:
    with pytest.raises(BarsInvalid, match="High is below Low"):
        YFinanceSource(_Yahoo(_answer(NEW_YORK_DAYS).assign(High=1.0))).load("GOOG")


@pytest.mark.parametrize("levels", [["Price", "Ticker"], ["Ticker", "Price"]])
def test_a_second_level_of_columns_is_dropped(levels: list[str]) -> None:
    frame = _answer(NEW_YORK_DAYS)
    pairs = [(name, "GOOG") if levels[0] == "Price" else ("GOOG", name) for name in frame.columns]
    frame.columns = pd.MultiIndex.from_tuples(pairs, names=levels)
    assert list(normalised(frame)[0].columns) == ["Open", "High", "Low", "Close", "Volume"]


def test_further_columns_are_left_out() -> None:
    frame = _answer(NEW_YORK_DAYS).assign(Dividends=0.0, **{"Stock Splits": 0.0})
    assert list(normalised(frame)[0].columns) == ["Open", "High", "Low", "Close", "Volume"]


def test_an_answer_without_a_column_is_no_series_of_bars() -> None:
    with pytest.raises(SourceUnavailable, match="no series of bars"):
        normalised(_answer(NEW_YORK_DAYS).drop(columns="Low"))


def test_an_answer_for_two_symbols_is_no_series_of_bars() -> None:
    both = pd.concat({"GOOG": _answer(NEW_YORK_DAYS), "AAPL": _answer(NEW_YORK_DAYS)}, axis=1)
    with pytest.raises(SourceUnavailable, match="no series of bars"):
        normalised(both)


def test_rows_without_any_price_are_left_out_and_counted() -> None:
    frame = _answer(NEW_YORK_DAYS).astype(float)
    frame.iloc[[3, 4]] = np.nan
    kept, _, (finding,) = normalised(frame)
    assert len(kept) == 18
    assert (finding.rule, finding.count) == ("empty_row", 2)


def test_hours_that_a_clock_set_back_makes_one_stay_apart_in_utc() -> None:
    index = pd.date_range("2024-10-26 20:00", periods=12, freq="h", tz="UTC").tz_convert("Europe/London")
    frame, zone, _ = normalised(_answer(index))
    assert zone == "UTC"
    assert frame.index.is_unique
    assert str(frame.index[0]) == "2024-10-26 20:00:00"


def test_a_zone_without_a_name_becomes_utc() -> None:
    frame, zone, _ = normalised(_answer(pd.date_range("2024-03-01 09:30-05:00", periods=3, freq="h")))
    assert (zone, str(frame.index[0])) == ("UTC", "2024-03-01 14:30:00")


def test_the_answer_itself_is_not_changed() -> None:
    answer = pd.concat({"GOOG": _answer(NEW_YORK_DAYS)}, axis=1)
    before = answer.copy()
    normalised(answer)
    pd.testing.assert_frame_equal(answer, before)
