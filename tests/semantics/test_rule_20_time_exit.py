"""Rule 20: hold at most N bars: the exit is sent on the Nth close since entry, the entry bar's the first, and fills at the next open."""

import pytest
import talib

from tests.semantics.documents import (
    GOOG,
    bars,
    compare,
    cross_below,
    document,
    enter,
    flat,
    indicator,
    leave,
    limit,
    number,
    percent,
    price,
    rsi,
    signal,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


@pytest.mark.parametrize("held", [1, 2, 5])
@pytest.mark.parametrize("side", ["long", "short"])
def test_the_exit_fills_n_bars_after_the_entry(held: int, side: str) -> None:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if len(self.data) - self.trades[0].entry_bar >= held:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy() if side == "long" else self.sell()

    frame = bars(*[flat(100 + i, 1) for i in range(20)])
    plain = plain_trades(Plain, frame)
    assert {int(n) for n in plain.closed.ExitBar - plain.closed.EntryBar} == {held}
    assert len(plain.closed) >= 2
    assert_same_trades(compiled_trades(document([enter(signal(1), side)], risk={"max_bars": held}), frame), plain)


def test_an_exit_rule_or_a_stop_may_come_first() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 5)

        def next(self):
            close = self.data.Close[-1]
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.97
            if self.position:
                if self.rsi[-1] > 60 or len(self.data) - self.trades[0].entry_bar >= 6:
                    self.position.close()
            elif self.rsi[-2] >= 30 and self.rsi[-1] < 30:
                self.buy(sl=close * 0.97)

    plain = plain_trades(Plain, GOOG)
    held = plain.closed.ExitBar - plain.closed.EntryBar
    assert (held == 6).sum() > 5
    assert (held < 6).sum() > 5
    spec = document(
        [enter(cross_below(indicator("RSI_5"), number(30)))],
        [leave(compare(indicator("RSI_5"), ">", number(60)))],
        indicators=[rsi(5)],
        risk={"stop_loss": percent(3), "max_bars": 6},
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_the_count_begins_with_the_bar_on_which_a_limit_order_fills() -> None:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if len(self.data) - self.trades[0].entry_bar >= 2:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy(limit=95)

    frame = bars(flat(100), flat(100, 1), flat(100), (97, 98, 94, 96), flat(96), flat(96), flat(96))
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([3], [5])
    spec = document([enter(signal(1), "long", limit(number(95), 5))], risk={"max_bars": 2})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_rule_on_the_bars_since_entry_counts_alike() -> None:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if len(self.data) - self.trades[0].entry_bar >= 3 and self.data.Close[-1] > self.trades[0].entry_price:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy()

    frame = bars(flat(100), flat(100, 1), flat(101), flat(102), flat(99), flat(100), flat(104), flat(105), flat(105))
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([2], [7])
    both = [
        compare({"type": "bars_since_entry"}, ">=", number(3)),
        compare(price(), ">", {"type": "entry_price"}),
    ]
    spec = document([enter(signal(1))], [leave({"type": "and", "of": both})])
    assert_same_trades(compiled_trades(spec, frame), plain)
