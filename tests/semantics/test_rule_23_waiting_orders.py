"""Rule 23: limit and stop entry orders: their price, how long they wait, what replaces them, and when their stops begin."""

import pytest
import talib

from tests.semantics.documents import (
    GOOG,
    arith,
    atr,
    atrs,
    bars,
    compare,
    cross_below,
    document,
    enter,
    flat,
    highest,
    indicator,
    leave,
    limit,
    lowest,
    number,
    percent,
    price,
    rsi,
    signal,
    sma,
    stop,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Waits(PlainStrategy):
    """1 sends `order(close)` while flat, replacing what waits, good for `valid` bars (None: until filled or replaced); 9 closes."""

    valid: int | None = 1
    sent = 0

    def order(self, close: float) -> None:
        raise NotImplementedError

    def next(self):
        code, bar = self.data.Volume[-1], len(self.data) - 1
        if self.position:
            if code == 9:
                self.position.close()
            return
        expired = self.valid is not None and bar - self.sent >= self.valid
        for waiting in self.orders:
            if code == 1 or expired:
                waiting.cancel()
        if code == 1:
            self.sent = bar
            self.order(self.data.Close[-1])


ORDERS = {
    "buy limit": (lambda self, close: self.buy(limit=close - 5), "long", limit, "-"),
    "sell limit": (lambda self, close: self.sell(limit=close + 5), "short", limit, "+"),
    "buy stop": (lambda self, close: self.buy(stop=close + 5), "long", stop, "+"),
    "sell stop": (lambda self, close: self.sell(stop=close - 5), "short", stop, "-"),
}


def waits(kind: str, valid: int | None = 1) -> type[PlainStrategy]:
    return type("Plain", (Waits,), {"order": ORDERS[kind][0], "valid": valid})


def spec(kind: str, valid: int | None = 1, **sections: object) -> dict:
    _, side, order, sign = ORDERS[kind]
    at = order(arith(sign, price(), number(5)), valid)
    return document([enter(signal(1), side, at)], [leave(signal(9), side)], **sections)


DIP, SPIKE = (99, 100, 93, 97), (101, 107, 100, 103)
GAP_DOWN, GAP_UP = (92, 93, 91, 92), (108, 109, 107, 108)
FILLS = {
    "buy limit, inside the bar": ("buy limit", DIP, 95.0),
    "buy limit, the open beyond it": ("buy limit", GAP_DOWN, 92.0),
    "buy limit, not reached": ("buy limit", SPIKE, None),
    "sell limit, inside the bar": ("sell limit", SPIKE, 105.0),
    "sell limit, the open beyond it": ("sell limit", GAP_UP, 108.0),
    "buy stop, inside the bar": ("buy stop", SPIKE, 105.0),
    "buy stop, the open beyond it": ("buy stop", GAP_UP, 108.0),
    "buy stop, not reached": ("buy stop", DIP, None),
    "sell stop, inside the bar": ("sell stop", DIP, 95.0),
    "sell stop, the open beyond it": ("sell stop", GAP_DOWN, 92.0),
}


@pytest.mark.parametrize("case", FILLS)
def test_where_it_fills_on_the_next_bar(case: str) -> None:
    kind, row, filled = FILLS[case]
    frame = bars(flat(100), flat(100, 1), row, flat(100), flat(100, 9), flat(100))
    plain = plain_trades(waits(kind), frame)
    assert plain.column("EntryPrice") == ([filled] if filled else [])
    assert_same_trades(compiled_trades(spec(kind), frame), plain)


@pytest.mark.parametrize(
    ("valid", "reached", "fills"),
    [(1, 2, True), (1, 3, False), (3, 4, True), (3, 5, False), (None, 12, True)],
    ids=["its bar", "a bar too late", "its third bar", "a bar after its third", "good till cancelled"],
)
@pytest.mark.parametrize("kind", ["buy limit", "sell stop"])
def test_how_long_it_waits(kind: str, valid: int | None, reached: int, fills: bool) -> None:
    """Sent on bar 1: good for N bars means the bars 2 to N + 1."""
    rows = [flat(100) for _ in range(15)]
    rows[1], rows[reached] = flat(100, 1), DIP
    frame = bars(*rows)
    plain = plain_trades(waits(kind, valid), frame)
    assert [bar for bar, *_ in plain.open] == ([reached] if fills else [])
    assert_same_trades(compiled_trades(spec(kind, valid), frame), plain)


def test_its_price_is_fixed_on_the_signal_bar_and_a_new_signal_replaces_it() -> None:
    frame = bars(flat(100), flat(100, 1), flat(104), flat(110, 1), (110, 111, 104, 105), flat(106), (99, 100, 90, 91))
    plain = plain_trades(waits("buy limit", None), frame)
    assert plain.open == ((4, plain.open[0][1], 105.0),)  # the second order, at 110 - 5; the first one stood at 95
    assert_same_trades(compiled_trades(spec("buy limit", None), frame), plain)


def test_replacing_begins_its_time_anew() -> None:
    frame = bars(flat(100), flat(100, 1), flat(100), flat(100, 1), flat(100), DIP, flat(97))
    plain = plain_trades(waits("buy limit", 2), frame)
    assert plain.open[0][0] == 5
    assert_same_trades(compiled_trades(spec("buy limit", 2), frame), plain)


def test_an_exit_signal_does_not_cancel_it() -> None:
    frame = bars(flat(100), flat(100, 1), flat(100, 9), flat(100, 9), DIP, flat(97))
    plain = plain_trades(waits("buy limit", None), frame)
    assert plain.open[0][0] == 4
    assert_same_trades(compiled_trades(spec("buy limit", None), frame), plain)


def test_it_is_sent_only_while_flat() -> None:
    """The signals of bars 3 and 4 come in a position, the one of bar 4 with its exit: neither waits afterwards."""

    class Plain(Waits):
        valid = None

        def order(self, close):
            self.buy(limit=close - 5)

        def next(self):
            if self.position and self.data.Volume[-1] == 19:
                self.position.close()
            else:
                super().next()

    frame = bars(
        flat(100), flat(100, 1), DIP, flat(97, 1), flat(97, 19), flat(97), flat(90), flat(85), flat(90, 1), flat(80)
    )
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [2]
    assert plain.open[0][0] == 9
    at = limit(arith("-", price(), number(5)), None)
    both = document([enter(signal(1, 19), "long", at)], [leave(signal(9, 19))])
    assert_same_trades(compiled_trades(both, frame), plain)


def test_a_signal_of_the_other_side_cancels_it() -> None:
    """The lead's decision (j): the short's market signal replaces the waiting buy; nothing waits once the short is closed.

    The buy of bar 8 waits at 91 and fills on bar 9.
    """

    class Plain(PlainStrategy):
        def next(self):
            code = self.data.Volume[-1]
            if self.position:
                if code == 9:
                    self.position.close()
            elif code == 1:
                self.buy(limit=self.data.Close[-1] - 5)
            elif code == 2:
                for waiting in self.orders:
                    waiting.cancel()
                self.sell()

    frame = bars(
        flat(100),
        flat(100, 1),
        flat(101),
        flat(101, 2),
        flat(100),
        DIP,
        flat(97, 9),
        DIP,
        flat(96, 1),
        (93, 94, 90, 93),
    )
    plain = plain_trades(Plain, frame)
    assert plain.column("Size")[0] < 0
    assert (plain.column("EntryBar"), plain.column("ExitBar"), plain.open[0][0]) == ([4], [7], 9)
    at = limit(arith("-", price(), number(5)), None)
    both = document(
        [enter(signal(1), "long", at), enter(signal(2), "short")], [leave(signal(9), "short"), leave(signal(9))]
    )
    assert_same_trades(compiled_trades(both, frame), plain)


def test_a_filtered_signal_neither_replaces_nor_cancels() -> None:
    """Rule 11's filter bars the second signal: there is none, so the first order goes on waiting."""

    class Plain(Waits):
        valid = None

        def order(self, close):
            if self.data.index[-1].weekday() != 3:
                self.buy(limit=close - 5)

        def next(self):
            if self.data.Volume[-1] == 1 and self.data.index[-1].weekday() == 3:
                return
            super().next()

    # 2024-01-01 is a Monday: bar 3, a Thursday, is barred
    frame = bars(flat(100), flat(100, 1), flat(104), flat(110, 1), (110, 111, 104, 105), DIP, flat(97))
    plain = plain_trades(Plain, frame)
    assert plain.open[0][0] == 5
    weekdays = {"weekdays": ["mon", "tue", "wed", "fri", "sat", "sun"]}
    assert_same_trades(compiled_trades(spec("buy limit", None, filters=weekdays), frame), plain)


class SetsStopLater(Waits):
    """No stop or target with the order; 5 % of the fill each, set at the entry bar's close."""

    valid = 1

    def order(self, close):
        self.buy(limit=close - 5)

    def next(self):
        for trade in self.trades:
            if trade.entry_bar == len(self.data) - 1:
                trade.sl, trade.tp = trade.entry_price * 0.95, trade.entry_price * 1.05
        super().next()


LATER = {
    "a fall through the stop on the entry bar leaves it open": (
        ((99, 100, 85, 96), (96, 97, 89, 90), flat(90)),
        3,
        90.25,
    ),
    "a rise over the target on the entry bar leaves it open": (
        ((99, 105, 94, 96), (97, 100, 96, 99), flat(99)),
        3,
        99.75,
    ),
    "a close below the stop leaves at the next open": (
        ((99, 100, 85, 86), (88, 92, 87, 91), flat(91)),
        3,
        88.0,
    ),
    "from the fill at the open where that is better": (
        ((90, 94, 89, 93), (93, 94.6, 92, 94), flat(94)),
        3,
        94.5,
    ),
}


@pytest.mark.parametrize("case", LATER)
def test_stop_and_target_are_set_from_the_fill_at_the_close_of_the_entry_bar(case: str) -> None:
    rows, exit_bar, exit_price = LATER[case]
    frame = bars(flat(100), flat(100, 1), *rows)
    plain = plain_trades(SetsStopLater, frame)
    assert plain.column("EntryBar") == [2]
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([exit_bar], [pytest.approx(exit_price)])
    risk = {"stop_loss": percent(5), "take_profit": percent(5)}
    assert_same_trades(compiled_trades(spec("buy limit", 1, risk=risk), frame), plain)


def test_an_atr_stop_is_of_the_bar_that_sent_the_order_however_late_it_fills() -> None:
    class Plain(PlainStrategy):
        def init(self):
            d = self.data
            self.rsi = self.I(talib.RSI, d.Close, 5)
            self.atr = self.I(talib.ATR, d.High, d.Low, d.Close, 5)
            self.sent = 0

        def next(self):
            bar = len(self.data) - 1
            for trade in self.trades:
                if trade.entry_bar == bar:
                    # the signal that filled is the last one sent
                    trade.sl = trade.entry_price - 1.5 * self.atr[self.sent]
                    trade.tp = trade.entry_price + 3 * self.atr[self.sent]
            if self.position:
                return
            crossed = self.rsi[-2] >= 40 and self.rsi[-1] < 40
            for waiting in self.orders:
                if crossed or bar - self.sent >= 5:
                    waiting.cancel()
            if crossed:
                self.sent = bar
                self.buy(limit=self.data.Close[-1] * 0.98)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    at = limit(arith("*", price(), number(0.98)), 5)
    spec_ = document(
        [enter(cross_below(indicator("RSI_5"), number(40)), "long", at)],
        indicators=[rsi(5), atr(5)],
        risk={"stop_loss": atrs(5, 1.5), "take_profit": {"type": "r", "multiple": 2.0}},
    )
    assert_same_trades(compiled_trades(spec_, GOOG), plain)


def test_a_buy_stop_at_the_n_bar_high_includes_the_signal_bar() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.high = self.I(talib.MAX, self.data.High, 20)
            self.low = self.I(talib.MIN, self.data.Low, 10)

        def next(self):
            if self.position:
                if self.data.Close[-1] < min(self.data.Low[-11:-1]):
                    self.position.close()
                return
            for waiting in self.orders:
                waiting.cancel()
            self.buy(stop=self.high[-1])

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    spec_ = document(
        [enter(None, "long", stop(highest(price("High"), 20, include_current=True)))],
        [leave(compare(price(), "<", lowest(price("Low"), 10, include_current=False)))],
    )
    assert_same_trades(compiled_trades(spec_, GOOG), plain)


def test_sell_stops_under_the_market_on_real_bars() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 50)
            self.sent = 0

        def next(self):
            close, bar = self.data.Close[-1], len(self.data) - 1
            if self.position:
                if bar + 1 - self.trades[0].entry_bar >= 8:
                    self.position.close()
                return
            for waiting in self.orders:
                if close < self.sma[-1] or bar - self.sent >= 2:
                    waiting.cancel()
            if close < self.sma[-1]:
                self.sent = bar
                self.sell(stop=self.data.Low[-1])

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    spec_ = document(
        [enter(compare(price(), "<", indicator("SMA_50")), "short", stop(price("Low"), 2))],
        indicators=[sma(50)],
        risk={"max_bars": 8},
    )
    assert_same_trades(compiled_trades(spec_, GOOG), plain)


def test_a_stop_at_a_level_is_that_of_the_bar_that_sent_the_order() -> None:
    """The lead's decision (e): absolute, fixed on the signal bar; set at the close of the entry bar like any other."""

    class Plain(Waits):
        valid = 3

        def order(self, close):
            self.level = self.data.Low[-1] - 10
            self.buy(limit=close - 5)

        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = self.level
            super().next()

    risk = {"stop_loss": {"type": "price", "price": arith("-", price("Low"), number(10))}}
    held = bars(flat(100), flat(100, 1), flat(100), DIP, (97, 98, 89, 90), flat(90))
    plain = plain_trades(Plain, held)
    assert (plain.column("EntryBar"), plain.column("ExitPrice")) == ([3], [89.5])
    assert_same_trades(compiled_trades(spec("buy limit", 3, risk=risk), held), plain)


def test_a_fill_beyond_the_level_keeps_it_and_leaves_at_the_next_open() -> None:
    """The open gaps under the limit (95) and the level (89.5): set at the entry bar's close it stands above the price.

    Expected: it was on its side of the order's price, so it is not left out; to leave it out would leave the position bare.
    """

    class Plain(Waits):
        def order(self, close):
            self.level = self.data.Low[-1] - 10
            self.buy(limit=close - 5)

        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = self.level
            super().next()

    frame = bars(flat(100), flat(100, 1), (88, 89, 85, 86), (87, 88, 84, 85), flat(85))
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryPrice"), plain.column("ExitPrice"), plain.column("ExitBar")) == ([88.0], [87.0], [3])
    risk = {"stop_loss": {"type": "price", "price": arith("-", price("Low"), number(10))}}
    assert_same_trades(compiled_trades(spec("buy limit", 1, risk=risk), frame), plain)


def test_a_market_rule_and_a_limit_rule_of_one_side() -> None:
    """1 waits at a limit, 2 buys at the market and takes the waiting order's place."""

    class Plain(PlainStrategy):
        def next(self):
            code = self.data.Volume[-1]
            if self.position:
                if code == 9:
                    self.position.close()
                return
            if code in (1, 2):
                for waiting in self.orders:
                    waiting.cancel()
            if code == 1:
                self.buy(limit=self.data.Close[-1] - 5)
            elif code == 2:
                self.buy()

    frame = bars(
        flat(100), flat(100, 1), flat(101, 2), flat(101, 9), flat(101), DIP, flat(97, 1), (97, 97, 91, 93), flat(93)
    )
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([3], [4])
    assert plain.open[0][0] == 7
    both = document(
        [enter(signal(1), "long", limit(arith("-", price(), number(5)), None)), enter(signal(2))], [leave(signal(9))]
    )
    assert_same_trades(compiled_trades(both, frame), plain)


def test_a_cooldown_bars_the_signal_of_a_waiting_order_not_its_fill() -> None:
    class Plain(Waits):
        valid = None

        def order(self, close):
            self.buy(limit=close - 5)

        def next(self):
            bar = len(self.data) - 1
            if self.closed_trades and bar - self.closed_trades[-1].exit_bar <= 2 and not self.position:
                return
            super().next()

    codes = (0, 1, 0, 9, 1, 1, 1, 1, 0, 0)
    rows = [flat(100 + i, code) for i, code in enumerate(codes)]
    rows[2], rows[9] = (99, 100, 93, 97), (99, 100, 90, 97)
    frame = bars(*rows)
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitBar") == [4]
    assert plain.open == ((9, plain.open[0][1], 99.0),)  # the order of bar 7, at 107 - 5, filled at the open
    assert_same_trades(compiled_trades(spec("buy limit", None, filters={"cooldown_bars": 2}), frame), plain)
