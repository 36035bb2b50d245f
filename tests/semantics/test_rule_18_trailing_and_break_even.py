"""Rule 18: trailing stops follow the extreme close since entry, break-even goes to the fill; neither ever loosens a stop."""

import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    GOOG,
    atr,
    atrs,
    bars,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    flat,
    indicator,
    number,
    percent,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class BuysOnOne(PlainStrategy):
    """Buys on a bar marked 1 (with `order`'s stop); `protect` sets the stop of the open trade on each close."""

    def order(self) -> dict:
        return {}

    def protect(self, trade, closes) -> None:
        raise NotImplementedError

    def next(self):
        for trade in self.trades:
            self.protect(trade, self.data.Close[trade.entry_bar :])
        if not self.position and self.data.Volume[-1] == 1:
            self.buy(**self.order())


def rule(**risk: object) -> dict:
    return document([enter(signal(1))], risk=risk)


class TrailsFivePercent(BuysOnOne):
    def protect(self, trade, closes):
        trade.sl = max(trade.sl or 0, max(closes) * 0.95)


TRAILS = {
    "from the entry bar's close on, active from the next bar": (
        (flat(100), flat(100, 1), (100, 101, 80, 98), (98, 99, 92, 93), flat(93)),
        (3, 93.1),  # the fall to 80 on the entry bar itself finds no stop
    ),
    "from the highest close, not the highest high": (
        (
            flat(100),
            flat(100, 1),
            flat(100),
            (100, 120, 99, 110),
            (110, 111, 105, 106),
            (106, 106, 104, 104),
            flat(104),
        ),
        (5, 104.5),
    ),
    "never loosened": (
        (
            flat(100),
            flat(100, 1),
            flat(110),
            (110, 110, 105, 106),
            (106, 107, 105, 106),
            (106, 106, 104, 105),
            flat(105),
        ),
        (5, 104.5),
    ),
    "a gap through it fills at the open": (
        (flat(100), flat(100, 1), flat(110), (102, 103, 101, 102), flat(102)),
        (3, 102.0),
    ),
}


@pytest.mark.parametrize("case", TRAILS)
def test_a_percent_trail(case: str) -> None:
    rows, (exit_bar, exit_price) = TRAILS[case]
    frame = bars(*rows)
    plain = plain_trades(TrailsFivePercent, frame)
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([exit_bar], [pytest.approx(exit_price)])
    assert_same_trades(compiled_trades(rule(trailing_stop=percent(5)), frame), plain)


class EntersOnCross(PlainStrategy):
    """Long when the Close crosses above its 20-bar average; `first_stop` goes with the order, `protect` runs on each close."""

    side = 1

    def init(self):
        d = self.data
        self.sma = self.I(talib.SMA, d.Close, 20)
        self.atr = self.I(talib.ATR, d.High, d.Low, d.Close, 14)

    def first_stop(self) -> float | None:
        return None

    def protect(self, trade, closes, bars_held) -> None:
        raise NotImplementedError

    def next(self):
        c, s = self.data.Close, self.sma
        for trade in self.trades:
            self.protect(trade, c[trade.entry_bar :], len(c) - trade.entry_bar)
        if self.position:
            return
        if self.side > 0 and c[-2] <= s[-2] and c[-1] > s[-1]:
            self.buy(sl=self.first_stop())
        elif self.side < 0 and c[-2] >= s[-2] and c[-1] < s[-1]:
            self.sell(sl=self.first_stop())


def on_cross(side: str = "long", **risk: object) -> dict:
    cross = cross_above if side == "long" else cross_below
    return document([enter(cross(price(), indicator("SMA_20")), side)], indicators=[sma(20), atr(14)], risk=risk)


def test_a_percent_trail_on_real_bars_for_a_short() -> None:
    class Plain(EntersOnCross):
        side = -1

        def protect(self, trade, closes, bars_held):
            trade.sl = min(trade.sl or float("inf"), min(closes) * 1.04)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    assert_same_trades(compiled_trades(on_cross("short", trailing_stop=percent(4)), GOOG), plain)


def test_an_atr_trail_takes_the_current_bars_atr_and_never_loosens() -> None:
    class Plain(EntersOnCross):
        def protect(self, trade, closes, bars_held):
            trade.sl = max(trade.sl or 0, max(closes) - 3 * self.atr[-1])

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    assert_same_trades(compiled_trades(on_cross(trailing_stop=atrs(14, 3)), GOOG), plain)


def test_a_trail_in_dollars() -> None:
    class Plain(EntersOnCross):
        def protect(self, trade, closes, bars_held):
            trade.sl = max(trade.sl or 0, max(closes) - 12.5)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    trail = {"type": "price_distance", "value": 12.5}
    assert_same_trades(compiled_trades(on_cross(trailing_stop=trail), GOOG), plain)


def test_a_trail_in_pips() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            for trade in self.trades:
                trade.sl = max(trade.sl or 0, max(self.data.Close[trade.entry_bar :]) - 0.0030)
            if not self.position and self.rsi[-1] < 30:
                self.buy()

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 40
    spec = document(
        [enter(compare(indicator("RSI_14"), "<", number(30)))],
        indicators=[rsi(14)],
        risk={"trailing_stop": {"type": "pips", "value": 30.0}},
        instruments=["EURUSD"],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


class FixedAtFive(EntersOnCross):
    """A fixed stop of 5 % beside whatever `tighten` wants."""

    def first_stop(self):
        return self.data.Close[-1] * (1 - self.side * 0.05)

    def protect(self, trade, closes, bars_held):
        if bars_held == 1:
            trade.sl = trade.entry_price * (1 - self.side * 0.05)
        self.tighten(trade, closes)

    def tighten(self, trade, closes):
        raise NotImplementedError


def test_with_a_fixed_stop_the_tighter_one_holds() -> None:
    class Plain(FixedAtFive):
        def tighten(self, trade, closes):
            trade.sl = max(trade.sl, max(closes) * 0.93)

    plain = plain_trades(Plain, GOOG)
    below_fill = plain.closed.ExitPrice < plain.closed.EntryPrice * 0.96
    assert below_fill.sum() > 5  # the fixed stop
    assert (~below_fill).sum() > 5  # the trail
    spec = on_cross(stop_loss=percent(5), trailing_stop=percent(7))
    assert_same_trades(compiled_trades(spec, GOOG), plain)


GAINS = {
    "percent": (
        {"type": "percent", "value": 4.0},
        lambda self, trade: 0.04 * trade.entry_price,
    ),
    "R of the fixed stop": (
        {"type": "r", "value": 0.6},
        lambda self, trade: 0.6 * 0.05 * trade.entry_price,
    ),
    "ATR of the signal bar": (
        {"type": "atr", "indicator": "ATR_14", "value": 1.5},
        lambda self, trade: 1.5 * self.atr[trade.entry_bar - 1],
    ),
}


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("gain", GAINS)
def test_after_a_gain_the_trail_begins_on_the_close_that_reaches_it(gain: str, side: str) -> None:
    """The lead's decision (c): R and ATR gains take the signal bar's distance, from the fill."""
    after_gain, distance = GAINS[gain]
    sign = 1 if side == "long" else -1

    class Plain(FixedAtFive):
        def tighten(self, trade, closes):
            best = max(sign * closes)
            if best - sign * trade.entry_price >= distance(self, trade):
                trade.sl = sign * max(sign * trade.sl, best - abs(best) * 0.02)

    Plain.side = sign
    plain = plain_trades(Plain, GOOG)
    gains = sign * (plain.closed.ExitPrice - plain.closed.EntryPrice)
    assert (gains > 0).sum() > 5
    assert (gains < 0).sum() > 5
    spec = on_cross(side, stop_loss=percent(5), trailing_stop={**percent(2), "after_gain": after_gain})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("gain", GAINS)
def test_after_a_gain_break_even_goes_to_the_fill(gain: str, side: str) -> None:
    after_gain, distance = GAINS[gain]
    sign = 1 if side == "long" else -1

    class Plain(FixedAtFive):
        def tighten(self, trade, closes):
            if max(sign * closes) - sign * trade.entry_price >= distance(self, trade):
                trade.sl = sign * max(sign * trade.sl, sign * trade.entry_price)
            if len(closes) >= 25:
                trade.close()

    Plain.side = sign
    plain = plain_trades(Plain, GOOG)
    assert (plain.closed.ExitPrice == plain.closed.EntryPrice).sum() > 3
    assert len(plain.closed) > 30
    spec = on_cross(side, stop_loss=percent(5), break_even={"after_gain": after_gain}, max_bars=25)
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_the_gain_is_one_of_a_close_over_the_fill_commission_aside() -> None:
    """Exactly 25 % on the close counts, a High above it does not, and a commission of 1 % takes nothing from it."""

    class Plain(BuysOnOne):
        def protect(self, trade, closes):
            if closes[-1] >= trade.entry_price * 1.25:
                trade.sl = trade.entry_price

    frame = bars(
        flat(100), flat(100, 1), flat(100), (100, 130, 90, 120), (120, 126, 120, 125), (125, 126, 95, 96), flat(96)
    )
    plain = plain_trades(Plain, frame, commission=0.01)
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([5], [100.0])
    spec = rule(break_even={"after_gain": percent(25)})
    spec["execution"] = {"cash": 100_000.0, "commission": {"type": "rate", "value": 0.01}, "spread": 0.0, "margin": 1.0}
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_break_even_does_not_loosen_a_stop_that_is_tighter_already() -> None:
    class Plain(EntersOnCross):
        def protect(self, trade, closes, bars_held):
            trail = max(closes) * 0.97
            if max(closes) >= trade.entry_price * 1.02:
                trail = max(trail, trade.entry_price)
            trade.sl = max(trade.sl or 0, trail)

    plain = plain_trades(Plain, GOOG)
    assert (plain.closed.ExitPrice == plain.closed.EntryPrice).sum() > 3
    assert (plain.closed.ExitPrice > plain.closed.EntryPrice).sum() > 3
    spec = on_cross(trailing_stop=percent(3), break_even={"after_gain": percent(2)})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_target_stays_while_the_stop_trails() -> None:
    class Plain(EntersOnCross):
        def protect(self, trade, closes, bars_held):
            if bars_held == 1:
                trade.tp = trade.entry_price * 1.06
            trade.sl = max(trade.sl or 0, max(closes) * 0.96)

        def next(self):
            c, s = self.data.Close, self.sma
            for trade in self.trades:
                self.protect(trade, c[trade.entry_bar :], len(c) - trade.entry_bar)
            if not self.position and c[-2] <= s[-2] and c[-1] > s[-1]:
                self.buy(tp=c[-1] * 1.06)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 40
    spec = on_cross(take_profit=percent(6), trailing_stop=percent(4))
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_fixed_stop_late_trail_break_even_and_target_together_on_both_sides() -> None:
    class Plain(PlainStrategy):
        def init(self):
            d = self.data
            self.rsi = self.I(talib.RSI, d.Close, 10)
            self.atr = self.I(talib.ATR, d.High, d.Low, d.Close, 14)

        def next(self):
            c, r = self.data.Close, self.rsi
            for trade in self.trades:
                side = 1 if trade.is_long else -1
                signal_atr = self.atr[trade.entry_bar - 1]
                if trade.entry_bar == len(c) - 1:
                    trade.sl = trade.entry_price - side * 3 * signal_atr
                    trade.tp = trade.entry_price + side * 12 * signal_atr
                best = max(side * c[trade.entry_bar :])
                gain = best - side * trade.entry_price
                if gain >= 2 * signal_atr:
                    trade.sl = side * max(side * trade.sl, side * trade.entry_price)
                if gain >= 1.5 * 3 * signal_atr:
                    trade.sl = side * max(side * trade.sl, best - 2 * self.atr[-1])
            close, width = c[-1], self.atr[-1]
            if r[-2] >= 30 and r[-1] < 30 and not self.position.is_long:
                self.position.close()
                self.buy(sl=close - 3 * width, tp=close + 12 * width)
            elif r[-2] <= 70 and r[-1] > 70 and not self.position.is_short:
                self.position.close()
                self.sell(sl=close + 3 * width, tp=close - 12 * width)

    plain = plain_trades(Plain, EURUSD)
    closed = plain.closed
    assert (closed.ExitPrice == closed.EntryPrice).sum() > 5
    for side in (1, -1):
        assert ((closed.ExitPrice - closed.EntryPrice)[closed.Size * side > 0] * side > 0).sum() > 5
    spec = document(
        [
            enter(cross_below(indicator("RSI_10"), number(30))),
            enter(cross_above(indicator("RSI_10"), number(70)), "short"),
        ],
        indicators=[rsi(10), atr(14)],
        risk={
            "stop_loss": atrs(14, 3),
            "take_profit": {"type": "r", "multiple": 4.0},
            "trailing_stop": {**atrs(14, 2), "after_gain": {"type": "r", "value": 1.5}},
            "break_even": {"after_gain": {"type": "atr", "indicator": "ATR_14", "value": 2.0}},
        },
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_a_trail_alone_on_both_sides_with_reversals() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)

        def next(self):
            c, s = self.data.Close, self.sma
            for trade in self.trades:
                side = 1 if trade.is_long else -1
                trail = max(side * c[trade.entry_bar :]) * (1 - side * 0.03)
                trade.sl = side * max(side * trade.sl, trail) if trade.sl else side * trail
            if c[-2] <= s[-2] and c[-1] > s[-1] and not self.position.is_long:
                self.position.close()
                self.buy()
            elif c[-2] >= s[-2] and c[-1] < s[-1] and not self.position.is_short:
                self.position.close()
                self.sell()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 80
    spec = document(
        [enter(cross_above(price(), indicator("SMA_20"))), enter(cross_below(price(), indicator("SMA_20")), "short")],
        indicators=[sma(20)],
        risk={"trailing_stop": percent(3)},
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)
