"""Rule 13: one position at a time; an entry of its own side is ignored, an opposite market entry reverses at the same open."""

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
    flat,
    indicator,
    leave,
    limit,
    number,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Reverses(PlainStrategy):
    """1 buys, 2 sells short; each turns the other around."""

    def next(self):
        code = self.data.Volume[-1]
        if code == 1 and not self.position.is_long:
            self.position.close()
            self.buy()
        elif code == 2 and not self.position.is_short:
            self.position.close()
            self.sell()


BOTH_SIDES = [enter(signal(1)), enter(signal(2), "short")]


def test_an_entry_signal_in_a_position_of_its_side_is_ignored() -> None:
    class Plain(PlainStrategy):
        def next(self):
            code = self.data.Volume[-1]
            if self.position:
                if code == 3:
                    self.position.close()
            elif code == 1:
                self.buy(size=0.2)

    frame = bars(*[flat(100 + i, code) for i, code in enumerate((0, 1, 1, 1, 3, 1, 1, 3, 0, 0))])
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([2, 6], [5, 8])
    spec = document([enter(signal(1))], [leave(signal(3))], sizing={"type": "fraction", "value": 0.2})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_an_opposite_market_entry_closes_and_reverses_at_the_same_open() -> None:
    frame = bars(*[flat(100 + i, code) for i, code in enumerate((0, 1, 0, 2, 2, 0, 1, 1, 0, 2, 0))])
    plain = plain_trades(Reverses, frame)
    assert plain.column("EntryBar") == [2, 4, 7]
    assert plain.column("ExitBar") == [4, 7, 10]
    assert len(plain.open) == 1
    assert_same_trades(compiled_trades(document(BOTH_SIDES), frame), plain)


def test_always_in_the_market_on_both_sides() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.fast = self.I(talib.SMA, self.data.Close, 10)
            self.slow = self.I(talib.SMA, self.data.Close, 30)

        def next(self):
            fast, slow = self.fast, self.slow
            if fast[-2] <= slow[-2] and fast[-1] > slow[-1] and not self.position.is_long:
                self.position.close()
                self.buy()
            elif fast[-2] >= slow[-2] and fast[-1] < slow[-1] and not self.position.is_short:
                self.position.close()
                self.sell()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    assert plain.column("EntryBar")[1:] == plain.column("ExitBar")[:-1]
    fast, slow = indicator("SMA_10"), indicator("SMA_30")
    spec = document(
        [enter(cross_above(fast, slow)), enter(cross_below(fast, slow), "short")], indicators=[sma(10), sma(30)]
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_reversal_with_stops_and_targets_takes_its_own() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 10)

        def next(self):
            close, r = self.data.Close[-1], self.rsi[-1]
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    side = 1 if trade.is_long else -1
                    trade.sl = trade.entry_price * (1 - side * 0.008)
                    trade.tp = trade.entry_price * (1 + side * 0.008)
            if r < 30 and not self.position.is_long:
                self.position.close()
                self.buy(size=0.4, sl=close * 0.992, tp=close * 1.008)
            elif r > 70 and not self.position.is_short:
                self.position.close()
                self.sell(size=0.4, sl=close * 1.008, tp=close * 0.992)

    plain = plain_trades(Plain, EURUSD)
    both = set(plain.column("EntryBar")) & set(plain.column("ExitBar"))
    assert len(both) > 10
    spec = document(
        [
            enter(compare(indicator("RSI_10"), "<", number(30))),
            enter(compare(indicator("RSI_10"), ">", number(70)), "short"),
        ],
        indicators=[rsi(10)],
        risk={"stop_loss": {"type": "percent", "value": 0.8}, "take_profit": {"type": "percent", "value": 0.8}},
        sizing={"type": "fraction", "value": 0.4},
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_an_opposite_entry_of_zero_units_closes_and_opens_nothing() -> None:
    """The lead's decision (a): $100 buy two units at 40 but none at 120; the reversal is only an exit, and reported."""

    class Plain(PlainStrategy):
        def next(self):
            code = self.data.Volume[-1]
            if code == 1 and not self.position:
                self.buy(size=100 // self.data.Close[-1])
            elif code == 2 and self.position.is_long:
                self.position.close()

    frame = bars(flat(40), flat(40, 1), flat(40), flat(120, 2), flat(121), flat(122))
    plain = plain_trades(Plain, frame)
    assert plain.column("Size") == [2]
    assert (plain.column("ExitPrice"), plain.open) == ([121.0], ())
    spec = document(BOTH_SIDES, sizing={"type": "cash", "value": 100.0})
    assert_same_trades(compiled_trades(spec, frame, reports="0 units|zero|no unit"), plain)


def test_an_opposite_limit_entry_is_no_reversal() -> None:
    """Rule 23: a waiting order is sent only while flat, so in a long position the short's limit signal is ignored."""

    class Plain(PlainStrategy):
        def next(self):
            code = self.data.Volume[-1]
            if self.position:
                if code == 3:
                    self.position.close()
            elif code == 1:
                self.buy()

    frame = bars(flat(100), flat(100, 1), flat(100), flat(100, 2), flat(105), flat(105, 3), flat(104), flat(104))
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitBar") == [6]
    spec = document([enter(signal(1)), enter(signal(2), "short", limit(price("High")))], [leave(signal(3))])
    assert_same_trades(compiled_trades(spec, frame), plain)
