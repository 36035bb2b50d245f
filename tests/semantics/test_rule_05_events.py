"""Rule 5: verbs of motion are events, true only on the bar where it happens."""

import numpy as np
import talib

from tests.semantics.documents import (
    GOOG,
    bars,
    cross_above,
    cross_below,
    document,
    enter,
    flat,
    indicator,
    leave,
    number,
    price,
    rsi,
    sma,
    use,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def test_a_cross_from_the_very_level_counts_and_staying_beyond_it_does_not() -> None:
    class Plain(PlainStrategy):
        def next(self):
            c = self.data.Close
            if self.position:
                if c[-2] >= 30 and c[-1] < 30:
                    self.position.close()
            elif c[-2] <= 30 and c[-1] > 30:
                self.buy()

    levels = [25, 30, 35, 36, 30, 25, 24, 31, 32, 28, 27, 30, 30, 29, 30, 31, 29, 28]
    frame = bars(*[flat(level) for level in levels])
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [3, 8, 16]
    assert plain.column("ExitBar") == [6, 10, 17]
    spec = document([enter(cross_above(price(), number(30)))], [leave(cross_below(price(), number(30)))])
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_two_lines_cross() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.fast = self.I(talib.SMA, self.data.Close, 10)
            self.slow = self.I(talib.SMA, self.data.Close, 25)

        def next(self):
            fast, slow = self.fast, self.slow
            if self.position:
                if fast[-2] >= slow[-2] and fast[-1] < slow[-1]:
                    self.position.close()
            elif fast[-2] <= slow[-2] and fast[-1] > slow[-1]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    fast, slow = indicator("SMA_10"), indicator("SMA_25")
    spec = document([enter(cross_above(fast, slow))], [leave(cross_below(fast, slow))], indicators=[sma(10), sma(25)])
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_line_turns_up_and_turns_down() -> None:
    """`A turns up` = A[-2] <= A[-3] and A[-1] > A[-2]: A crosses above itself of the bar before."""

    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)

        def next(self):
            a = self.sma
            if self.position:
                if a[-2] >= a[-3] and a[-1] < a[-2]:
                    self.position.close()
            elif a[-2] <= a[-3] and a[-1] > a[-2]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 50
    now, before = indicator("SMA_20"), indicator("SMA_20", None, 1)
    spec = document([enter(cross_above(now, before))], [leave(cross_below(now, before))], indicators=[sma(20)])
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_going_into_a_state_is_its_first_bar_and_leaving_it_is_the_cross_back() -> None:
    """Goes oversold: RSI crosses below 30. Leaves oversold: RSI crosses back above 30."""

    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 7)

        def next(self):
            if self.position:
                if self.rsi[-2] <= 30 and self.rsi[-1] > 30:
                    self.position.close()
            elif self.rsi[-2] >= 30 and self.rsi[-1] < 30:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    line = indicator("RSI_7")
    spec = document([enter(cross_below(line, number(30)))], [leave(cross_above(line, number(30)))], indicators=[rsi(7)])
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def supertrend_direction(high, low, close, period, multiple):
    """Rule 26: +1 while up, -1 while down, begins up."""
    atr = talib.ATR(high, low, close, period)
    upper = (high + low) / 2 + multiple * atr
    lower = (high + low) / 2 - multiple * atr
    direction = np.full(len(close), np.nan)
    direction[period] = 1
    for i in range(period + 1, len(close)):
        if not close[i - 1] > upper[i - 1]:
            upper[i] = min(upper[i], upper[i - 1])
        if not close[i - 1] < lower[i - 1]:
            lower[i] = max(lower[i], lower[i - 1])
        direction[i] = direction[i - 1]
        if close[i] > upper[i - 1]:
            direction[i] = 1
        elif close[i] < lower[i - 1]:
            direction[i] = -1
    return direction


def test_a_trend_flips_on_the_first_bar_of_its_new_state() -> None:
    class Plain(PlainStrategy):
        def init(self):
            d = self.data
            self.trend = self.I(lambda: supertrend_direction(*map(np.array, (d.High, d.Low, d.Close)), 10, 3))

        def next(self):
            if self.position:
                if self.trend[-2] == 1 and self.trend[-1] == -1:
                    self.position.close()
            elif self.trend[-2] == -1 and self.trend[-1] == 1:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 10
    trend = indicator("SUPERTREND_10_3", "direction")
    spec = document(
        [enter(cross_above(trend, number(0)))],
        [leave(cross_below(trend, number(0)))],
        indicators=[use("SUPERTREND_10_3", "SUPERTREND", timeperiod=10, multiple=3.0)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)
