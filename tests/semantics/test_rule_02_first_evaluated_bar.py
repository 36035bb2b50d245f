"""Rule 2: the first evaluation is on the second bar on which every indicator of the spec has a value."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import talib

from tests.semantics.documents import (
    GOOG,
    any_of,
    arith,
    atr,
    atrs,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    highest,
    indicator,
    leave,
    lowest,
    number,
    pattern,
    percent_change,
    price,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades

ALWAYS = compare(price(), ">", number(0))
FRAME = GOOG.iloc[:120]


def after(array: Callable[[pd.DataFrame], pd.Series]) -> type[PlainStrategy]:
    """Enters whenever flat and holds for one bar; `array` is the only indicator."""

    class Plain(PlainStrategy):
        def init(self):
            self.array = self.I(lambda: array(self.data.df).to_numpy())

        def next(self):
            if self.position:
                self.position.close()
            else:
                self.buy()

    return Plain


def test_a_declared_indicator_counts_though_no_rule_names_it() -> None:
    plain = plain_trades(after(lambda d: d.Close.rolling(20).mean()), FRAME)
    assert plain.column("EntryBar")[0] == 21
    spec = document([enter(None)], indicators=[sma(20)], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME), plain)


def test_the_indicator_of_a_stop_counts() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.atr = self.I(talib.ATR, self.data.High, self.data.Low, self.data.Close, 30)

        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price - 4 * self.atr[-2]
            if self.position:
                self.position.close()
            else:
                self.buy(sl=self.data.Close[-1] - 4 * self.atr[-1])

    plain = plain_trades(Plain, FRAME)
    assert plain.column("EntryBar")[0] == 32
    spec = document([enter(None)], indicators=[atr(30)], risk={"stop_loss": atrs(30, 4), "max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME), plain)


OPERANDS = {
    "shift": (price("Close", 5), lambda d: d.Close.shift(5), 7),
    "window with the current bar": (
        highest(price("High"), 10, include_current=True),
        lambda d: d.High.rolling(10).max(),
        11,
    ),
    "window before the current bar": (
        lowest(price("Low"), 10, include_current=False),
        lambda d: d.Low.rolling(10).min().shift(1),
        12,
    ),
    "percent change": (percent_change(price(), 4), lambda d: d.Close.pct_change(4), 6),
    "shifted indicator": (indicator("SMA_3", None, 2), lambda d: d.Close.rolling(3).mean().shift(2), 6),
    "window of a shifted indicator": (
        highest(indicator("SMA_3", None, 2), 4, include_current=True),
        lambda d: d.Close.rolling(3).mean().shift(2).rolling(4).max(),
        9,
    ),
    "inside arithmetic": (
        arith("-", price("Close", 3), percent_change(price("Open"), 8)),
        lambda d: d.Close.shift(3) - d.Open.pct_change(8),
        10,
    ),
}


@pytest.mark.parametrize("operand", OPERANDS)
def test_an_operand_counts(operand: str) -> None:
    value, array, first_entry = OPERANDS[operand]
    plain = plain_trades(after(array), FRAME)
    assert plain.column("EntryBar")[0] == first_entry
    spec = document([enter(any_of(ALWAYS, compare(value, ">", number(0))))], indicators=[sma(3)], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME), plain)


WITHOUT_WARM_UP = {
    "cross": cross_above(price(), number(120)),
    "rising": {"type": "rising", "value": price(), "bars": 5},
    "for": {"type": "for", "of": compare(price(), ">", number(50)), "bars": 5},
    "within": {"type": "within", "of": compare(price(), ">", number(500)), "bars": 5},
    "sequence": {
        "type": "sequence",
        "first": compare(price(), ">", number(500)),
        "then": compare(price(), ">", number(50)),
        "bars": 5,
    },
    "candlestick": pattern("CDLENGULFING", "bullish"),
}


@pytest.mark.parametrize("condition", WITHOUT_WARM_UP)
def test_a_cross_a_look_back_and_a_candlestick_add_none(condition: str) -> None:
    plain = plain_trades(after(lambda d: d.Close), FRAME)
    assert plain.column("EntryBar")[0] == 2
    spec = document([enter(any_of(ALWAYS, WITHOUT_WARM_UP[condition]))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME), plain)


def test_a_cross_is_seen_on_the_first_evaluated_bar() -> None:
    """Evaluation begins on the second bar with values so that a cross has both its bars."""

    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 3)

        def next(self):
            c = self.data.Close
            if self.position:
                self.position.close()
            elif c[-2] <= self.sma[-2] and c[-1] > self.sma[-1]:
                self.buy()

    # the first bar of GOOG after which the Close crosses its SMA of 3, with the frame begun so that this is its fourth bar
    above = (GOOG.Close > GOOG.Close.rolling(3).mean()).to_numpy()
    crossing = next(i for i in range(200, 400) if above[i] and not above[i - 1])
    frame = GOOG.iloc[crossing - 3 : crossing + 60]
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar")[0] == 4
    spec = document([enter(cross_above(price(), indicator("SMA_3")))], indicators=[sma(3)], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_an_indicator_of_a_higher_timeframe_counts() -> None:
    def on_weeks(d: pd.DataFrame) -> pd.Series:
        weeks = d.Close.groupby(d.index.to_period("W-SUN")).last()
        mean = weeks.rolling(3).mean()
        mean.index = (mean.index + 1).start_time
        return mean.reindex(d.index + pd.Timedelta("1D"), method="ffill")

    plain = plain_trades(after(on_weeks), FRAME)
    assert plain.column("EntryBar")[0] > 10
    spec = document([enter(None)], indicators=[sma(3, timeframe="1w") | {"id": "SMA_3_1W"}], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME), plain)


def test_a_start_date_begins_with_the_first_bar_at_or_after_it_and_warms_up_before() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.fast = self.I(talib.SMA, self.data.Close, 10)
            self.slow = self.I(talib.SMA, self.data.Close, 30)

        def next(self):
            if self.position:
                if self.fast[-2] >= self.slow[-2] and self.fast[-1] < self.slow[-1]:
                    self.position.close()
            else:
                self.buy()

    plain = plain_trades(Plain, GOOG, start="2007-01-01")
    signal_bar = plain.column("EntryBar")[0] - 1
    assert str(GOOG.index[signal_bar].date()) == "2007-01-03"
    assert len(plain.closed) > 10
    spec = document(
        [enter(None)],
        [leave(cross_below(indicator("SMA_10"), indicator("SMA_30")))],
        indicators=[sma(10), sma(30)],
    )
    assert_same_trades(compiled_trades(spec, GOOG, start="2007-01-01"), plain)


def test_with_an_indicator_without_any_value_no_rule_is_evaluated_and_the_run_says_so() -> None:
    class Plain(PlainStrategy):
        def next(self):
            pass

    assert np.isnan(talib.SMA(FRAME.Close.to_numpy(), 200)).all()
    spec = document([enter(None)], indicators=[sma(200)], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME, reports="SMA_200|no value"), plain_trades(Plain, FRAME))
