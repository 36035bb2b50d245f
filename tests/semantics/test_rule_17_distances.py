"""Rule 17: ATR multiples of the signal bar, R multiples of the stop's distance, distances in price and pips, fixed levels."""

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
    leave,
    lowest,
    number,
    percent,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Crosses(PlainStrategy):
    """Long when the Close crosses above its 20-bar average, short when below; `distances` gives those of stop and target."""

    def init(self):
        d = self.data
        self.sma = self.I(talib.SMA, d.Close, 20)
        self.atr = self.I(talib.ATR, d.High, d.Low, d.Close, 14)

    def distances(self, at: float, bar: int) -> tuple[float, float]:
        raise NotImplementedError

    def next(self):
        c, s = self.data.Close, self.sma
        for trade in self.trades:
            if trade.entry_bar == len(self.data) - 1:
                risk, reward = self.distances(trade.entry_price, -2)
                side = 1 if trade.is_long else -1
                trade.sl, trade.tp = trade.entry_price - side * risk, trade.entry_price + side * reward
        if self.position:
            return
        risk, reward = self.distances(c[-1], -1)
        if c[-2] <= s[-2] and c[-1] > s[-1]:
            self.buy(sl=c[-1] - risk, tp=c[-1] + reward)
        elif c[-2] >= s[-2] and c[-1] < s[-1]:
            self.sell(sl=c[-1] + risk, tp=c[-1] - reward)


def crosses(stop: dict, target: dict, **sections: object) -> dict:
    return document(
        [enter(cross_above(price(), indicator("SMA_20")))],
        indicators=[sma(20), atr(14)],
        risk={"stop_loss": stop, "take_profit": target},
        **sections,
    )


class LongCrosses(Crosses):
    def sell(self, **_):
        """Long only."""


WAYS = {
    "ATR of the signal bar": (
        lambda self, at, bar: (2 * self.atr[bar], 3 * self.atr[bar]),
        (atrs(14, 2), atrs(14, 3)),
    ),
    "R multiples of an ATR stop": (
        lambda self, at, bar: (1.5 * self.atr[bar], 2 * 1.5 * self.atr[bar]),
        (atrs(14, 1.5), {"type": "r", "multiple": 2.0}),
    ),
    "R multiples of a percent stop": (
        lambda self, at, bar: (at * 0.03, 1.5 * at * 0.03),
        (percent(3), {"type": "r", "multiple": 1.5}),
    ),
    "dollars": (
        lambda self, at, bar: (5, 8),
        ({"type": "price_distance", "value": 5.0}, {"type": "price_distance", "value": 8.0}),
    ),
    "a percent stop and a target in dollars": (
        lambda self, at, bar: (at * 0.02, 12.5),
        (percent(2), {"type": "price_distance", "value": 12.5}),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_distance_is_taken_from_the_signal_close_and_then_from_the_fill(way: str) -> None:
    distances, (stop, target) = WAYS[way]
    plain = plain_trades(type("Plain", (LongCrosses,), {"distances": distances}), GOOG)
    assert len(plain.closed) > 25
    assert_same_trades(compiled_trades(crosses(stop, target), GOOG), plain)


def test_the_same_for_shorts() -> None:
    class Plain(Crosses):
        def distances(self, at, bar):
            return 2 * self.atr[bar], 4 * self.atr[bar]

        def buy(self, **_):
            """Short only."""

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 25
    assert max(plain.column("Size")) < 0
    spec = document(
        [enter(cross_below(price(), indicator("SMA_20")), "short")],
        indicators=[sma(20), atr(14)],
        risk={"stop_loss": atrs(14, 2), "take_profit": {"type": "r", "multiple": 2.0}},
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def pips(value: float) -> dict:
    return {"type": "pips", "value": float(value)}


def test_a_pip_is_a_ten_thousandth() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            close = self.data.Close[-1]
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl, trade.tp = trade.entry_price - 0.0025, trade.entry_price + 0.0050
            if not self.position and self.rsi[-2] <= 30 and self.rsi[-1] > 30:
                self.buy(sl=close - 0.0025, tp=close + 0.0050)

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 30
    spec = document(
        [enter(cross_above(indicator("RSI_14"), number(30)))],
        indicators=[rsi(14)],
        risk={"stop_loss": pips(25), "take_profit": pips(50)},
        instruments=["EURUSD"],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


@pytest.mark.parametrize("instrument", ["USDJPY", "EUR/JPY", "GBPJPY=X"])
def test_a_pip_of_a_yen_pair_is_a_hundredth(instrument: str) -> None:
    class Plain(PlainStrategy):
        def next(self):
            close = self.data.Close[-1]
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl, trade.tp = trade.entry_price - 0.40, trade.entry_price + 0.80
            if not self.position and self.data.Volume[-1] == 1:
                self.buy(sl=close - 0.40, tp=close + 0.80)

    frame = bars(
        (150, 150.2, 149.9, 150),
        (150, 150.2, 149.9, 150, 1),
        (150.1, 150.2, 149.9, 150),
        (150, 150.1, 149.5, 149.6, 1),
        (149.6, 149.9, 149.5, 149.7),
        (149.7, 150.9, 149.6, 150.8),
        (150.8, 150.9, 150.7, 150.8),
    )
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitPrice") == [pytest.approx(149.7), pytest.approx(150.4)]
    spec = document([enter(signal(1))], risk={"stop_loss": pips(40), "take_profit": pips(80)}, instruments=[instrument])
    assert_same_trades(compiled_trades(spec, frame), plain)


def level(at: dict) -> dict:
    return {"type": "price", "price": at}


def test_a_stop_at_a_level_is_fixed_on_the_signal_bar_and_not_moved_to_the_fill() -> None:
    """The lead's decision (e): the lowest Low of 5 bars, the signal bar's included, whatever the fill."""

    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)

        def next(self):
            c, s = self.data.Close, self.sma
            if self.position:
                if c[-2] >= s[-2] and c[-1] < s[-1]:
                    self.position.close()
            elif c[-2] <= s[-2] and c[-1] > s[-1]:
                self.buy(sl=min(self.data.Low[-5:]))

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 40
    spec = document(
        [enter(cross_above(price(), indicator("SMA_20")))],
        [leave(cross_below(price(), indicator("SMA_20")))],
        indicators=[sma(20)],
        risk={"stop_loss": level(lowest(price("Low"), 5, include_current=True))},
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


class LowOfTheSignalBar(PlainStrategy):
    def next(self):
        d = self.data
        if self.position:
            if d.Volume[-1] == 3:
                self.position.close()
        elif d.Volume[-1] == 1:
            self.buy(sl=d.Low[-1], tp=d.High[-1] + 4)


def test_levels_of_the_signal_bar_hold_over_gaps() -> None:
    frame = bars(flat(100), flat(100, 1), (103, 104, 102, 103), (103, 103, 99.6, 100), (100, 100, 99, 99.2), flat(99))
    plain = plain_trades(LowOfTheSignalBar, frame)
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([4], [99.5])
    target = {"type": "arith", "op": "+", "args": [price("High"), number(4)]}
    spec = document(
        [enter(signal(1))],
        [leave(signal(3))],
        risk={"stop_loss": level(price("Low")), "take_profit": level(target)},
    )
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_level_on_the_wrong_side_of_the_signal_close_is_left_out_and_reported() -> None:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if self.data.Volume[-1] == 3:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy()

    frame = bars(flat(100), flat(100, 1), flat(100), flat(90), flat(110, 3), flat(109))
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitPrice") == [109.0]
    spec = document([enter(signal(1))], [leave(signal(3))], risk={"stop_loss": level(price("High"))})
    assert_same_trades(compiled_trades(spec, frame, reports="stop"), plain)


def test_r_multiples_of_a_level_are_of_its_distance_from_the_signal_close_and_then_from_the_fill() -> None:
    """Expected: the level stays, so the re-anchored target is the fill plus twice the fill's distance to the level."""

    class Plain(PlainStrategy):
        def next(self):
            d = self.data
            for trade in self.trades:
                if trade.entry_bar == len(d) - 1:
                    trade.tp = trade.entry_price + 2 * (trade.entry_price - self.level)
            if not self.position and d.Volume[-1] == 1:
                self.level = d.Low[-1]
                self.buy(sl=self.level, tp=d.Close[-1] + 2 * (d.Close[-1] - self.level))

    start = (flat(100), (100, 101, 96, 100, 1))
    cases = {
        "the provisional target": ((*start, (101, 109, 100, 108), flat(108)), 108.0),
        "the target from the fill": ((*start, (102, 105, 101, 104), (104, 113, 104, 112), (112, 115, 111, 114)), 114.0),
        "the level": ((*start, (102, 105, 101, 104), (104, 105, 95, 97), flat(97)), 96.0),
    }
    spec = document(
        [enter(signal(1))], risk={"stop_loss": level(price("Low")), "take_profit": {"type": "r", "multiple": 2.0}}
    )
    for rows, exit_price in cases.values():
        plain = plain_trades(Plain, bars(*rows))
        assert plain.column("ExitPrice") == [exit_price]
        assert_same_trades(compiled_trades(spec, bars(*rows)), plain)


def test_an_open_beyond_a_level_enters_and_leaves_at_that_open() -> None:
    class Plain(PlainStrategy):
        def next(self):
            if not self.position and self.data.Volume[-1] == 1:
                self.buy(sl=self.data.Low[-1])

    frame = bars(flat(100), flat(100, 1), (98, 99, 97, 98), flat(98))
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryPrice"), plain.column("ExitPrice"), plain.column("ExitBar")) == ([98.0], [98.0], [2])
    spec = document([enter(signal(1))], risk={"stop_loss": level(price("Low"))})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_level_for_both_sides_is_left_out_on_the_side_where_it_can_not_protect() -> None:
    """The 10-bar average as the stop: below a long that crossed above it; a short that crosses below it has it above."""

    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 10)

        def next(self):
            c, s = self.data.Close, self.sma
            if c[-2] <= s[-2] and c[-1] > s[-1] and not self.position.is_long:
                self.position.close()
                self.buy(sl=s[-1])
            elif c[-2] >= s[-2] and c[-1] < s[-1] and not self.position.is_short:
                self.position.close()
                self.sell(sl=s[-1])

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 100
    average = {**sma(10), "id": "SMA_10"}
    spec = document(
        [enter(cross_above(price(), indicator("SMA_10"))), enter(cross_below(price(), indicator("SMA_10")), "short")],
        indicators=[average],
        risk={"stop_loss": level(indicator("SMA_10"))},
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


@pytest.mark.parametrize("side", ["long", "short"])
def test_a_gain_said_as_an_exit_rule_is_one_of_the_close(side: str) -> None:
    """`take profit at` is a price inside the bar; `exit once 0.6 % in profit`, or `0.4 % in loss`, is a rule on the close."""
    sign = 1 if side == "long" else -1

    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            if self.position:
                gain = sign * (self.data.Close[-1] / self.trades[0].entry_price - 1)
                if gain >= 0.006 or gain <= -0.004:
                    self.position.close()
            elif sign * (self.rsi[-1] - 50) < -20:
                self.buy() if sign > 0 else self.sell()

    plain = plain_trades(Plain, EURUSD)
    gains = sign * (plain.closed.ExitPrice - plain.closed.EntryPrice)
    assert (gains > 0).sum() > 10
    assert (gains < 0).sum() > 10
    gain = {"type": "open_profit_pct"}
    extreme = (
        compare(indicator("RSI_14"), "<", number(30)) if sign > 0 else compare(indicator("RSI_14"), ">", number(70))
    )
    spec = document(
        [enter(extreme, side)],
        [leave(compare(gain, ">=", number(0.6)), side), leave(compare(gain, "<=", number(-0.4)), side)],
        indicators=[rsi(14)],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)
