"""Rule 12 is the reader's; what its words come to: an entry has a side, and an exit rule closes its own side only."""

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
    number,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def test_a_short_entry_sells_and_its_exit_covers() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)

        def next(self):
            c, s = self.data.Close, self.sma
            if self.position:
                if c[-2] <= s[-2] and c[-1] > s[-1]:
                    self.position.close()
            elif c[-2] >= s[-2] and c[-1] < s[-1]:
                self.sell()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    assert max(plain.column("Size")) < 0
    spec = document(
        [enter(cross_below(price(), indicator("SMA_20")), "short")],
        [leave(cross_above(price(), indicator("SMA_20")), "short")],
        indicators=[sma(20)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_sell_closes_the_long_and_opens_no_short() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            if self.position:
                if self.rsi[-1] > 65:
                    self.position.close()
            elif self.rsi[-1] < 40:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 5
    assert min(plain.column("Size")) > 0
    spec = document(
        [enter(compare(indicator("RSI_14"), "<", number(40)))],
        [leave(compare(indicator("RSI_14"), ">", number(65)))],
        indicators=[rsi(14)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_long_exit_leaves_a_short_alone_and_a_short_exit_a_long() -> None:
    class Plain(PlainStrategy):
        def next(self):
            code = self.data.Volume[-1]
            if (self.position.is_long and code == 3) or (self.position.is_short and code == 4):
                self.position.close()
            elif not self.position and code == 1:
                self.buy()
            elif not self.position and code == 2:
                self.sell()

    codes = (0, 2, 3, 3, 4, 0, 1, 4, 4, 3, 0, 0)
    frame = bars(*[flat(100 + i, code) for i, code in enumerate(codes)])
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([2, 7], [5, 10])
    spec = document([enter(signal(1)), enter(signal(2), "short")], [leave(signal(3)), leave(signal(4), "short")])
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_both_sides_with_an_exit_of_each() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            r = self.rsi
            if self.position.is_long:
                if r[-1] > 50:
                    self.position.close()
            elif self.position.is_short:
                if r[-1] < 50:
                    self.position.close()
            elif r[-1] < 30:
                self.buy()
            elif r[-1] > 70:
                self.sell()

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 50
    assert min(plain.column("Size")) < 0 < max(plain.column("Size"))
    line = indicator("RSI_14")
    spec = document(
        [enter(compare(line, "<", number(30))), enter(compare(line, ">", number(70)), "short")],
        [leave(compare(line, ">", number(50))), leave(compare(line, "<", number(50)), "short")],
        indicators=[rsi(14)],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)
