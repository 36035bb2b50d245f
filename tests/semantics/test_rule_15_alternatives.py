"""Rule 15 is the reader's; what it comes to: several entry rules of a side are any of them, exits alike, and `and` binds in `or`."""

import talib

from tests.semantics.documents import (
    GOOG,
    all_of,
    any_of,
    arith,
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


class DipOrBreakout(PlainStrategy):
    def init(self):
        self.rsi = self.I(talib.RSI, self.data.Close, 14)
        self.sma = self.I(talib.SMA, self.data.Close, 50)

    def next(self):
        c, r, s = self.data.Close, self.rsi, self.sma
        if self.position:
            if r[-1] > 65 or (c[-2] >= s[-2] and c[-1] < s[-1]):
                self.position.close()
        elif r[-1] < 35 or (c[-2] <= s[-2] and c[-1] > s[-1] and r[-1] > 50):
            self.buy()


DIP = compare(indicator("RSI_14"), "<", number(35))
UP = all_of(cross_above(price(), indicator("SMA_50")), compare(indicator("RSI_14"), ">", number(50)))
HOT = compare(indicator("RSI_14"), ">", number(65))
DOWN = cross_below(price(), indicator("SMA_50"))
LINES = [rsi(14), sma(50)]


def test_several_rules_of_one_side_are_any_of_them() -> None:
    plain = plain_trades(DipOrBreakout, GOOG)
    assert len(plain.closed) > 20
    spec = document([enter(DIP), enter(UP)], [leave(HOT), leave(DOWN)], indicators=LINES)
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_and_inside_or_is_the_same_in_one_rule() -> None:
    spec = document([enter(any_of(DIP, UP))], [leave(any_of(HOT, DOWN))], indicators=LINES)
    assert_same_trades(compiled_trades(spec, GOOG), plain_trades(DipOrBreakout, GOOG))


def test_of_two_entry_rules_that_are_true_the_first_is_taken() -> None:
    """The lead's decision (b): their orders differ, and the first rule's is sent."""

    class Plain(PlainStrategy):
        def next(self):
            for order in self.orders:
                order.cancel()
            if not self.position and self.data.Volume[-1] == 1:
                self.buy(limit=self.data.Close[-1] * 0.98)

    frame = bars(flat(100), flat(100, 1), (100, 101, 90, 95), flat(95))
    plain = plain_trades(Plain, frame)
    assert plain.open[0][2] == 98.0

    def below(factor: float) -> dict:
        return limit(arith("*", price(), number(factor)))

    spec = document([enter(signal(1), "long", below(0.98)), enter(signal(1), "long", below(0.95))])
    assert_same_trades(compiled_trades(spec, frame), plain)
