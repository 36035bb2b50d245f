"""Rule 22: a partial exit is sized on the close, filled at the next open, once per position."""

import pytest
import talib

from tests.semantics.documents import (
    GOOG,
    bars,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    flat,
    indicator,
    leave,
    number,
    percent,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades

# codes: 1 buy, 2 the first partial exit, 3 the second, 23 both, 9 the full exit, 29 the first partial exit and the full one


class InParts(PlainStrategy):
    units, first, second = 10, 0.5, 0.5
    side = 1

    def next(self):
        code = self.data.Volume[-1]
        if not self.position:
            if code == 1:
                self.done = set()
                self.buy(size=self.units) if self.side > 0 else self.sell(size=self.units)
            return
        if code in (9, 29):
            self.position.close()
            return
        parts = []
        if code in (2, 23) and "first" not in self.done:
            parts.append(("first", self.first))
        if code in (3, 23) and "second" not in self.done:
            parts.append(("second", self.second))
        for name, portion in reversed(
            parts
        ):  # an order of close() goes to the front: the last one sent is filled first
            self.done.add(name)
            self.trades[0].close(portion)


def in_parts(units: int, first: float, second: float = 0.5, side: int = 1) -> type[PlainStrategy]:
    return type("Plain", (InParts,), {"units": units, "first": first, "second": second, "side": side})


def spec(units: int, first: float, second: float | None = None, side: str = "long") -> dict:
    parts = [leave(signal(2, 23, 29), side, first)]
    if second is not None:
        parts.append(leave(signal(3, 23), side, second))
    return document(
        [enter(signal(1), side)], [*parts, leave(signal(9, 29), side)], sizing={"type": "units", "value": units}
    )


def frame_of(*codes: int):
    return bars(*[flat(100 + i, code) for i, code in enumerate(codes)])


@pytest.mark.parametrize(
    ("units", "portion", "closed_first"),
    [(10, 0.5, 5), (5, 0.5, 2), (7, 0.5, 4), (3, 0.1, 1), (1, 0.5, 1), (10, 0.25, 2), (6, 0.25, 2), (100, 0.333, 33)],
)
def test_the_portion_is_rounded_half_to_even_and_at_least_one(units: int, portion: float, closed_first: int) -> None:
    frame = frame_of(0, 1, 0, 2, 0, 9, 0)
    plain = plain_trades(in_parts(units, portion), frame)
    rest = units - closed_first
    assert plain.column("Size") == [closed_first, *([rest] if rest else [])]
    assert plain.column("ExitBar") == [4, *([6] if rest else [])]
    assert_same_trades(compiled_trades(spec(units, portion), frame), plain)


def test_a_short_is_closed_in_parts_too() -> None:
    frame = frame_of(0, 1, 0, 2, 0, 9, 0)
    plain = plain_trades(in_parts(7, 0.5, side=-1), frame)
    assert plain.column("Size") == [-4, -3]
    assert_same_trades(compiled_trades(spec(7, 0.5, side="short"), frame), plain)


def test_it_happens_once_per_position_and_again_in_the_next() -> None:
    frame = frame_of(0, 1, 2, 2, 2, 9, 1, 0, 2, 2, 9, 0, 0)
    plain = plain_trades(in_parts(8, 0.25), frame)
    assert plain.column("Size") == [2, 6, 2, 6]
    assert_same_trades(compiled_trades(spec(8, 0.25), frame), plain)


def test_a_full_exit_on_the_same_bar_takes_all() -> None:
    frame = frame_of(0, 1, 0, 29, 0, 0)
    plain = plain_trades(in_parts(10, 0.5), frame)
    assert plain.column("Size") == [10]
    assert_same_trades(compiled_trades(spec(10, 0.5), frame), plain)


@pytest.mark.parametrize(
    ("units", "first", "second", "sizes"),
    [
        (10, 0.5, 0.3, [5, 3, 2]),  # each of the ten, not the second of what the first leaves
        (5, 0.5, 0.8, [2, 3]),  # 2 and 4 of five: the second gets what is there
        (5, 0.8, 0.5, [4, 1]),  # in the order of the rules
        (3, 0.5, 0.5, [2, 1]),
    ],
)
def test_two_on_one_bar_are_sized_on_the_same_units_in_the_order_of_the_rules(units, first, second, sizes) -> None:
    frame = frame_of(0, 1, 0, 23, 0, 9, 0)
    plain = plain_trades(in_parts(units, first, second), frame)
    assert plain.column("Size") == sizes
    assert_same_trades(compiled_trades(spec(units, first, second), frame), plain)


def test_two_on_different_bars_are_each_of_the_units_open_at_their_signal() -> None:
    frame = frame_of(0, 1, 0, 2, 3, 0, 9, 0)
    plain = plain_trades(in_parts(20, 0.5, 0.3), frame)
    assert plain.column("Size") == [10, 3, 7]
    assert_same_trades(compiled_trades(spec(20, 0.5, 0.3), frame), plain)


def test_stop_and_target_cover_what_is_left() -> None:
    class Plain(PlainStrategy):
        def next(self):
            close, code = self.data.Close[-1], self.data.Volume[-1]
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl, trade.tp = trade.entry_price * 0.9, trade.entry_price * 1.2
            if self.position and code == 2 and not self.closed_trades:
                self.trades[0].close(0.5)
            elif not self.position and code == 1:
                self.buy(size=9, sl=close * 0.9, tp=close * 1.2)

    start = (flat(100), flat(100, 1), flat(100), flat(104, 2), flat(105))
    stopped = bars(*start, (100, 101, 85, 88), flat(88))
    taken = bars(*start, (110, 125, 109, 118), flat(118))
    same_bar = bars(*start[:4], (104, 105, 85, 88), flat(88))
    risk = {"stop_loss": percent(10), "take_profit": percent(20)}
    halves = document(
        [enter(signal(1))], [leave(signal(2), portion=0.5)], risk=risk, sizing={"type": "units", "value": 9}
    )
    for frame, prices in ((stopped, [105.0, 90.0]), (taken, [105.0, 120.0]), (same_bar, [104.0, 90.0])):
        plain = plain_trades(Plain, frame)
        assert plain.column("Size") == [4, 5]
        assert plain.column("ExitPrice") == [pytest.approx(price_) for price_ in prices]
        assert_same_trades(compiled_trades(halves, frame), plain)


def test_a_trail_goes_on_for_the_rest() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)
            self.rsi = self.I(talib.RSI, self.data.Close, 14)
            self.halved = False

        def next(self):
            c, s = self.data.Close, self.sma
            for trade in self.trades:
                trade.sl = max(trade.sl or 0, max(c[trade.entry_bar :]) * 0.92)
            if not self.position:
                self.halved = False
                if c[-2] <= s[-2] and c[-1] > s[-1]:
                    self.buy()
            elif c[-2] >= s[-2] and c[-1] < s[-1]:
                self.position.close()
            elif self.rsi[-1] > 60 and not self.halved:
                self.halved = True
                self.trades[0].close(1 / 3)

    plain = plain_trades(Plain, GOOG)
    assert plain.closed.EntryBar.duplicated().sum() > 20
    spec_ = document(
        [enter(cross_above(price(), indicator("SMA_20")))],
        [
            leave(compare(indicator("RSI_14"), ">", number(60)), portion=1 / 3),
            leave(cross_below(price(), indicator("SMA_20"))),
        ],
        indicators=[sma(20), rsi(14)],
        risk={"trailing_stop": percent(8)},
    )
    assert_same_trades(compiled_trades(spec_, GOOG), plain)


def test_a_gain_on_the_close_is_a_rule_for_a_partial_exit() -> None:
    """`sell half once 4 % above entry`: on the close, commission aside (rules 17 and 18)."""

    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)
            self.halved = False

        def next(self):
            c, s = self.data.Close, self.sma
            if not self.position:
                self.halved = False
                if c[-2] <= s[-2] and c[-1] > s[-1]:
                    self.buy()
            elif c[-2] >= s[-2] and c[-1] < s[-1]:
                self.position.close()
            elif c[-1] >= self.trades[0].entry_price * 1.04 and not self.halved:
                self.halved = True
                self.trades[0].close(0.5)

    plain = plain_trades(Plain, GOOG)
    assert plain.closed.EntryBar.duplicated().sum() > 10
    spec_ = document(
        [enter(cross_above(price(), indicator("SMA_20")))],
        [
            leave(compare({"type": "open_profit_pct"}, ">=", number(4)), portion=0.5),
            leave(cross_below(price(), indicator("SMA_20"))),
        ],
        indicators=[sma(20)],
    )
    assert_same_trades(compiled_trades(spec_, GOOG), plain)
