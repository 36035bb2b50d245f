"""Rule 10: indicators of longer timeframes are built from the chart's own bars, seen from the bar whose end is at or after theirs."""

import numpy as np
import pandas as pd
import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    GOOG,
    bars,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    indicator,
    leave,
    number,
    price,
    rsi,
    sma,
    use,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades

DAY, HOUR = pd.Timedelta("1D"), pd.Timedelta("1h")
HOW = {"Open": "first", "High": "max", "Low": "min", "Close": "last", "Volume": "sum"}


def calendar_bars(frame: pd.DataFrame, frequency: str) -> pd.DataFrame:
    """OHLCV of each calendar period that has bars, stamped by the period's end (the next one's start)."""
    longer = frame.groupby(frame.index.to_period(frequency)).agg(HOW)
    longer.index = (longer.index + 1).start_time
    return longer


def seen(values: np.ndarray, ends: pd.DatetimeIndex, chart: pd.DatetimeIndex, bar_length: pd.Timedelta) -> np.ndarray:
    """On each chart bar the value of the last longer bar that ended by the chart bar's own end."""
    return pd.Series(values, index=ends).reindex(chart + bar_length, method="ffill").to_numpy()


def above_its_longer_average(frequency: str, period: int, bar_length: pd.Timedelta) -> type[PlainStrategy]:
    class Plain(PlainStrategy):
        def average(self):
            longer = calendar_bars(self.data.df, frequency)
            return seen(talib.SMA(longer.Close.to_numpy(), period), longer.index, self.data.df.index, bar_length)

        def init(self):
            self.trend = self.I(self.average)

        def next(self):
            c = self.data.Close
            if self.position:
                if c[-2] >= self.trend[-2] and c[-1] < self.trend[-1]:
                    self.position.close()
            elif c[-2] <= self.trend[-2] and c[-1] > self.trend[-1]:
                self.buy()

    return Plain


CHARTS = [
    pytest.param("W-SUN", "1w", 10, GOOG, "1d", DAY, 20, id="10-week average on days"),
    pytest.param("M", "1mo", 3, GOOG, "1d", DAY, 20, id="3-month average on days"),
    pytest.param("D", "1d", 5, EURUSD, "1h", HOUR, 20, id="5-day average on hours, Sunday sessions are days"),
    pytest.param("W-SUN", "1w", 3, EURUSD, "1h", HOUR, 5, id="3-week average on hours"),
]


@pytest.mark.parametrize(("frequency", "timeframe", "period", "frame", "chart", "bar_length", "trades"), CHARTS)
def test_an_average_of_a_longer_timeframe(frequency, timeframe, period, frame, chart, bar_length, trades) -> None:
    plain = plain_trades(above_its_longer_average(frequency, period, bar_length), frame)
    assert len(plain.closed) >= trades
    trend = {**sma(period, timeframe=timeframe), "id": "trend"}
    spec = document(
        [enter(cross_above(price(), indicator("trend")))],
        [leave(cross_below(price(), indicator("trend")))],
        indicators=[trend],
        timeframe=chart,
    )
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_highs_and_lows_of_the_longer_bars_are_those_of_all_their_bars() -> None:
    class Plain(PlainStrategy):
        def width(self):
            days = calendar_bars(self.data.df, "D")
            values = talib.ATR(days.High.to_numpy(), days.Low.to_numpy(), days.Close.to_numpy(), 5)
            return seen(values, days.index, self.data.df.index, HOUR)

        def init(self):
            self.atr = self.I(self.width)
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price - self.atr[-2]
                    trade.tp = trade.entry_price + self.atr[-2]
            if not self.position and self.rsi[-1] < 30:
                self.buy(sl=self.data.Close[-1] - self.atr[-1], tp=self.data.Close[-1] + self.atr[-1])

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 30
    width = {"type": "atr", "indicator": "ATR_5_1D", "multiple": 1.0}
    spec = document(
        [enter(compare(indicator("RSI_14"), "<", number(30)))],
        indicators=[use("ATR_5_1D", "ATR", timeframe="1d", timeperiod=5), rsi(14)],
        risk={"stop_loss": width, "take_profit": width},
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_four_hour_bars_start_at_midnight_and_count_once_their_last_hour_has_closed() -> None:
    class Plain(PlainStrategy):
        def on_4h(self):
            close = self.data.Close.s
            four = close.groupby(close.index.floor("4h")).last()
            return seen(talib.RSI(four.to_numpy(), 7), four.index + 4 * HOUR, close.index, HOUR)

        def init(self):
            self.rsi = self.I(self.on_4h)

        def next(self):
            if self.position:
                if self.rsi[-1] > 65:
                    self.position.close()
            elif self.rsi[-2] >= 30 and self.rsi[-1] < 30:
                self.buy()

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 10
    assert all(EURUSD.index[bar].hour % 4 == 0 for bar in plain.column("EntryBar")[:3])
    slow = indicator("RSI_7_4H")
    spec = document(
        [enter(cross_below(slow, number(30)))],
        [leave(compare(slow, ">", number(65)))],
        indicators=[{**rsi(7), "id": "RSI_7_4H", "timeframe": "4h"}],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def first_entry(spec: dict, frame: pd.DataFrame) -> pd.Timestamp:
    return frame.index[int(compiled_trades(spec, frame).column("EntryBar")[0])]


def weekdays(first: str, last: str, leap: str) -> pd.DataFrame:
    """Business days at 100, and 200 from `leap` on."""
    index = pd.bdate_range(first, last)
    levels = np.where(index < leap, 100.0, 200.0)
    frame = bars(*[(level, level, level, level) for level in levels])
    frame.index = index
    return frame


def over_150(timeframe: str) -> dict:
    last_close = {**sma(2, timeframe=timeframe), "id": "longer"}
    return document(
        [enter(compare(indicator("longer"), ">", number(150)))], indicators=[last_close], risk={"max_bars": 1}
    )


def test_a_week_is_not_seen_on_its_own_friday_but_on_the_monday_after() -> None:
    """The week of January 15th and the one after it close at 200: the average of both passes 150 with the second's first.

    SMA(2) of closes 100, 100, 200, 200: above 150 first with the second week at 200, which ends on Sunday, January 28th at 24:00;
    Friday's bar ends before, Monday's (the 29th) after: signal on Monday's close, fill on Tuesday.
    """
    frame = weekdays("2024-01-01", "2024-02-09", "2024-01-15")
    assert first_entry(over_150("1w"), frame) == pd.Timestamp("2024-01-30")


@pytest.mark.parametrize(
    ("first", "last", "leap", "fill"),
    [
        # February 2024 ends on a Thursday: seen on that very close
        ("2023-11-01", "2024-03-29", "2024-01-10", "2024-03-01"),
        # March 2024 ends on a Sunday: Friday the 29th ends before the month does, Monday, April 1st after
        ("2023-12-01", "2024-04-30", "2024-02-10", "2024-04-02"),
    ],
    ids=["a month that ends on a trading day", "a month that ends on a weekend"],
)
def test_a_month_is_seen_from_the_first_bar_that_ends_with_it_or_later(first, last, leap, fill) -> None:
    assert first_entry(over_150("1mo"), weekdays(first, last, leap)) == pd.Timestamp(fill)


def test_a_partial_first_bar_counts() -> None:
    """The bars begin on a Thursday: its two-day week is the first of the three that SMA(3) needs."""

    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                self.position.close()
            elif self.data.index[-1] >= pd.Timestamp("2024-01-23"):
                self.buy()

    frame = weekdays("2024-01-04", "2024-02-09", "2024-06-01")
    # weeks end January 7th, 14th and 21st: a value from Monday the 22nd, the first evaluation on the second such bar
    plain = plain_trades(Plain, frame)
    assert len(plain.closed) > 3
    spec = document([enter(None)], indicators=[{**sma(3, timeframe="1w"), "id": "weekly"}], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)
