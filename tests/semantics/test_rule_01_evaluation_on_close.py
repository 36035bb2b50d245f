"""Rule 1: rules are evaluated on a bar's close, with that bar's and earlier values only; market orders fill at the next open."""

import pandas as pd
import talib

from tests.semantics.documents import (
    GOOG,
    all_of,
    bars,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    indicator,
    leave,
    previous,
    price,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def test_a_market_order_fills_at_the_open_after_the_signal_bar() -> None:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if self.data.Volume[-1] == 2:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy()

    frame = bars(
        (10, 11, 9, 10),
        (10, 11, 9, 10.5, 1),
        (12, 13, 11, 12.5),
        (12, 13, 11, 12, 2),
        (14, 15, 13, 14),
        (14, 15, 13, 14),
    )
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryPrice") == [12.0]
    assert plain.column("ExitPrice") == [14.0]
    assert_same_trades(compiled_trades(document([enter(signal(1))], [leave(signal(2))]), frame), plain)


def test_a_rule_compares_this_close_with_the_bar_before() -> None:
    class Plain(PlainStrategy):
        def next(self):
            d = self.data
            if len(d) < 3:  # the bar before counts as warm-up (rule 2)
                return
            if self.position:
                if d.Close[-1] < d.Low[-2]:
                    self.position.close()
            elif d.Close[-1] > d.High[-2]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 100
    spec = document(
        [enter(compare(price("Close"), ">", price("High", 1)))], [leave(compare(price("Close"), "<", price("Low", 1)))]
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_what_comes_later_changes_no_earlier_trade() -> None:
    weekly = sma(4, timeframe="1w") | {"id": "SMA_4_1W"}
    spec = document(
        [enter(all_of(cross_above(price(), indicator("SMA_10")), compare(price(), ">", indicator("SMA_4_1W"))))],
        [leave(cross_below(price(), previous("week", "Low")))],
        indicators=[sma(10), weekly],
    )
    whole = compiled_trades(spec, GOOG).closed
    for bars_seen in (700, 701, 702, 703, 704, 1500):
        ended = compiled_trades(spec, GOOG.iloc[:bars_seen]).closed
        assert len(ended) >= 5
        pd.testing.assert_frame_equal(ended, whole[whole.ExitBar < bars_seen])


def test_indicators_hold_this_bars_value_on_its_close() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.macd, self.signal, _ = self.I(talib.MACD, self.data.Close, 12, 26, 9)

        def next(self):
            if self.position:
                if self.macd[-1] < self.signal[-1]:
                    self.position.close()
            elif self.macd[-1] > self.signal[-1] and self.data.Close[-1] > self.data.Open[-1]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    macd = {
        "id": "MACD_12_26_9",
        "name": "MACD",
        "params": {"fastperiod": 12, "slowperiod": 26, "signalperiod": 9},
        "source": "Close",
    }
    line, average = indicator("MACD_12_26_9", "macd"), indicator("MACD_12_26_9", "signal")
    spec = document(
        [enter(all_of(compare(line, ">", average), compare(price("Close"), ">", price("Open"))))],
        [leave(compare(line, "<", average))],
        indicators=[macd],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)
