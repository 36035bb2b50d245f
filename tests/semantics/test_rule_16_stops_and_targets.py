"""Rule 16: provisional stops and targets from the signal bar's close protect the entry bar; at its close they move to the fill."""

import pytest
import talib

from tests.semantics.documents import (
    GOOG,
    atr,
    atrs,
    bars,
    compare,
    cross_above,
    document,
    enter,
    flat,
    indicator,
    leave,
    percent,
    price,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Bracket(PlainStrategy):
    """1 buys, 2 sells short, 3 closes; the stop and the target in percent of the fill, first of the signal bar's close."""

    stop = target = None

    def levels(self, at: float, side: int) -> dict:
        return {
            name: at * (1 + sign * side * value / 100)
            for name, sign, value in (("sl", -1, self.stop), ("tp", 1, self.target))
            if value
        }

    def next(self):
        close, code = self.data.Close[-1], self.data.Volume[-1]
        for trade in self.trades:
            if trade.entry_bar == len(self.data) - 1:
                for name, level in self.levels(trade.entry_price, 1 if trade.is_long else -1).items():
                    setattr(trade, name, level)
        if self.position:
            if code == 3:
                self.position.close()
        elif code == 1:
            self.buy(**self.levels(close, 1))
        elif code == 2:
            self.sell(**self.levels(close, -1))


def bracket(stop: float | None, target: float | None) -> type[PlainStrategy]:
    return type("Plain", (Bracket,), {"stop": stop, "target": target})


def spec(stop: float | None, target: float | None) -> dict:
    risk = {"stop_loss": stop and percent(stop), "take_profit": target and percent(target)}
    return document(
        [enter(signal(1)), enter(signal(2), "short")], [leave(signal(3)), leave(signal(3), "short")], risk=risk
    )


BARS = {
    "the provisional stop protects the entry bar": (
        (5, None),
        (flat(100), flat(100, 1), (103, 104, 94, 96), flat(96), flat(96)),
        (2, 95.0),  # measured from the fill it would be 97.85
    ),
    "the provisional target too": (
        (None, 5),
        (flat(100), flat(100, 1), (98, 106, 97, 104), flat(104), flat(104)),
        (2, 105.0),  # from the fill: 102.9
    ),
    "the stop moves to the fill at the entry bar's close": (
        (5, None),
        (flat(100), flat(100, 1), (104, 105, 103, 104), (104, 104, 98, 99), flat(99)),
        (3, 98.8),  # the provisional one stood at 95
    ),
    "the target moves to the fill at the entry bar's close": (
        (None, 5),
        (flat(100), flat(100, 1), (104, 104.5, 103, 104), (104, 107, 103, 106), (106, 110, 106, 109)),
        (4, 109.2),  # the provisional one stood at 105
    ),
    "a re-anchored stop above the close leaves at the next open": (
        (5, None),
        (flat(100), flat(100, 1), (104, 104, 96, 97), (97.5, 99.5, 97, 99), flat(99)),
        (3, 97.5),
    ),
    "a re-anchored target below the close leaves at the next open": (
        (None, 5),
        (flat(100), flat(100, 1), (96, 104, 96, 103), (102, 103, 101, 102), flat(102)),
        (3, 102.0),
    ),
    "an open beyond the provisional stop enters and leaves at that open": (
        (5, None),
        (flat(100), flat(100, 1), (93, 97, 92, 96), flat(96), flat(96)),
        (2, 93.0),
    ),
    "an open beyond the provisional target enters and leaves at that open": (
        (None, 5),
        (flat(100), flat(100, 1), (107, 108, 103, 104), flat(104), flat(104)),
        (2, 107.0),
    ),
    "a short's provisional stop": (
        (5, None),
        (flat(100), flat(100, 2), (97, 106, 96, 104), flat(104), flat(104)),
        (2, 105.0),
    ),
    "a short's stop moves to the fill": (
        (5, None),
        (flat(100), flat(100, 2), (96, 97, 95, 96), (96, 102, 96, 101), flat(101)),
        (3, 100.8),
    ),
    "a short's target moves to the fill": (
        (None, 5),
        (flat(100), flat(100, 2), (96, 97, 95.5, 96), (96, 97, 93, 94), (94, 94, 90, 91)),
        (4, 91.2),
    ),
    "a short's open beyond the provisional stop": (
        (5, None),
        (flat(100), flat(100, 2), (107, 108, 103, 104), flat(104), flat(104)),
        (2, 107.0),
    ),
}


@pytest.mark.parametrize("case", BARS)
def test_where_the_position_is_left(case: str) -> None:
    (stop, target), rows, (exit_bar, exit_price) = BARS[case]
    frame = bars(*rows)
    plain = plain_trades(bracket(stop, target), frame)
    assert plain.column("EntryBar") == [2]
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([exit_bar], [pytest.approx(exit_price)])
    assert_same_trades(compiled_trades(spec(stop, target), frame), plain)


def test_stops_and_targets_on_real_bars() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)

        def next(self):
            c, s = self.data.Close, self.sma
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.98
                    trade.tp = trade.entry_price * 1.03
            if not self.position and c[-2] <= s[-2] and c[-1] > s[-1]:
                self.buy(sl=c[-1] * 0.98, tp=c[-1] * 1.03)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 40
    assert (plain.closed.EntryBar == plain.closed.ExitBar).any()
    document_ = document(
        [enter(cross_above(price(), indicator("SMA_20")))],
        indicators=[sma(20)],
        risk={"stop_loss": percent(2), "take_profit": percent(3)},
    )
    assert_same_trades(compiled_trades(document_, GOOG), plain)


def test_a_target_at_or_below_zero_sends_the_order_without_it_and_is_reported() -> None:
    frame = bars(flat(100), flat(100, 2), flat(90), flat(50), flat(1), flat(1, 3), flat(1))
    plain = plain_trades(bracket(20, None), frame)
    assert plain.column("ExitPrice") == [1.0]
    assert_same_trades(compiled_trades(spec(20, 100), frame, reports="take profit"), plain)


def test_a_stop_at_or_below_zero_sends_the_order_without_it_and_is_reported() -> None:
    frame = bars(flat(10), flat(10, 1), flat(9), flat(2), flat(3, 3), flat(4), flat(4))
    plain = plain_trades(bracket(None, None), frame)
    assert plain.column("ExitPrice") == [4.0]
    risk = {"stop_loss": {"type": "price_distance", "value": 12.0}}
    too_far = document([enter(signal(1))], [leave(signal(3))], risk=risk)
    assert_same_trades(compiled_trades(too_far, frame, reports="stop"), plain)


def test_an_atr_of_zero_sends_the_order_without_stop_and_target_and_is_reported() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.atr = self.I(talib.ATR, self.data.High, self.data.Low, self.data.Close, 3)

        def next(self):
            if self.position:
                if self.data.Volume[-1] == 3:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                assert self.atr[-1] == 0
                self.buy()

    still = (100, 100, 100, 100)
    frame = bars(*[still] * 5, (*still, 1), flat(100), flat(95), flat(104), flat(99, 3), flat(98))
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitPrice") == [98.0]
    risk = {"stop_loss": atrs(3, 2), "take_profit": atrs(3, 2)}
    motionless = document([enter(signal(1))], [leave(signal(3))], indicators=[atr(3)], risk=risk)
    assert_same_trades(compiled_trades(motionless, frame, reports="stop|take profit"), plain)


@pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])
def test_a_provisional_target_inside_the_spread_is_left_out_and_set_at_the_entry_bars_close(side: int) -> None:
    """The lead's decision (f): with a spread of 2 % the broker would refuse a target 1 % away; the fill holds the spread."""

    class Plain(PlainStrategy):
        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.tp = trade.entry_price * (1 + side * 0.01)
            if not self.position and self.data.Volume[-1] == 1:
                self.buy() if side > 0 else self.sell()

    up = (flat(100), flat(100, 1), (100, 103.5, 99, 100), (100, 102.5, 100, 102), (102, 104, 102, 103), flat(103))
    down = (flat(100), flat(100, 1), (100, 101, 96.5, 100), (100, 100, 97.5, 98), (98, 98, 96, 97), flat(97))
    frame = bars(*(up if side > 0 else down))
    plain = plain_trades(Plain, frame, spread=0.02)
    assert plain.column("ExitBar") == [4]
    assert plain.column("EntryPrice") == [pytest.approx(100 + side * 2)]
    assert plain.column("ExitPrice") == [pytest.approx((100 + side * 2) * (1 + side * 0.01))]
    narrow = document(
        [enter(signal(1), "long" if side > 0 else "short")],
        risk={"take_profit": percent(1)},
        execution={"cash": 100_000.0, "commission": {"type": "rate", "value": 0.001}, "spread": 0.02, "margin": 1.0},
    )
    assert_same_trades(compiled_trades(narrow, frame, reports="take profit"), plain)


@pytest.mark.parametrize(
    "target", [percent(2.5), {"type": "price_distance", "value": 2.5}], ids=["percent", "distance"]
)
def test_a_provisional_target_just_outside_the_spread_goes_with_the_order(target: dict) -> None:
    """2.5 % or dollars at a spread of 2 %: the broker takes 102.5 against 102, and the entry bar reaches it."""

    class Plain(PlainStrategy):
        def next(self):
            if not self.position and self.data.Volume[-1] == 1:
                self.buy(tp=self.data.Close[-1] * 1.025)

    frame = bars(flat(100), flat(100, 1), (100, 103.5, 99, 100), flat(100))
    plain = plain_trades(Plain, frame, spread=0.02)
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([2], [pytest.approx(102.5)])
    wider = document(
        [enter(signal(1))],
        risk={"take_profit": target},
        execution={"cash": 100_000.0, "commission": {"type": "rate", "value": 0.001}, "spread": 0.02, "margin": 1.0},
    )
    assert_same_trades(compiled_trades(wider, frame), plain)


def test_a_stop_is_measured_from_a_fill_that_holds_the_spread() -> None:
    class Plain(PlainStrategy):
        def next(self):
            close = self.data.Close
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.96
                    trade.tp = trade.entry_price * 1.05
            if len(close) > 2 and not self.position and close[-1] > close[-2] * 1.02:
                self.buy(sl=close[-1] * 0.96, tp=close[-1] * 1.05)

    plain = plain_trades(Plain, GOOG, spread=0.004)
    assert len(plain.closed) > 40
    rise = {"type": "arith", "op": "*", "args": [price("Close", 1), {"type": "number", "value": 1.02}]}
    spread = document(
        [enter(compare(price(), ">", rise))],
        risk={"stop_loss": percent(4), "take_profit": percent(5)},
        execution={"cash": 100_000.0, "commission": {"type": "rate", "value": 0.001}, "spread": 0.004, "margin": 1.0},
    )
    assert_same_trades(compiled_trades(spread, GOOG), plain)
