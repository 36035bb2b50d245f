"""Rule 7: `for N bars`, `within the last N bars`, rising and falling, and `A, then B within N bars`."""

from collections.abc import Callable

import pytest
import talib

from tests.semantics.documents import (
    GOOG,
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
    negated,
    number,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def holding_one_bar(holds: Callable) -> type[PlainStrategy]:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                self.position.close()
            elif holds(self.data):
                self.buy()

    return Plain


def marked(*codes: int):
    """One bar for each code, at 100."""
    return bars(*[flat(100, code) for code in codes])


def test_for_n_bars_is_each_of_the_last_n() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 20)

        def next(self):
            above = self.data.Close > self.sma
            if self.position:
                if not above[-1]:
                    self.position.close()
            elif above[-4:].all():
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    above = compare(price(), ">", indicator("SMA_20"))
    spec = document(
        [enter({"type": "for", "of": above, "bars": 4})],
        [leave(compare(price(), "<=", indicator("SMA_20")))],
        indicators=[sma(20)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_within_the_last_n_bars_is_at_least_one_of_them_this_one_included() -> None:
    frame = marked(0, 0, 1, 0, 0, 0, 0, 0, 0)
    plain = plain_trades(holding_one_bar(lambda d: 1 in d.Volume[-3:]), frame)
    assert plain.column("EntryBar") == [3, 5]  # signals on the marked bar and two bars later; a third bar later none
    spec = document([enter({"type": "within", "of": signal(1), "bars": 3})], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_condition_within_five_bars_of_an_event() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)
            self.sma = self.I(talib.SMA, self.data.Close, 5)

        def next(self):
            r = self.rsi
            crossed = any(r[-i - 1] >= 35 and r[-i] < 35 for i in range(1, 6))
            if self.position:
                if r[-1] > 60:
                    self.position.close()
            elif crossed and self.data.Close[-1] > self.sma[-1]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 10
    event = {"type": "within", "of": cross_below(indicator("RSI_14"), number(35)), "bars": 5}
    spec = document(
        [enter({"type": "and", "of": [event, compare(price(), ">", indicator("SMA_5"))]})],
        [leave(compare(indicator("RSI_14"), ">", number(60)))],
        indicators=[rsi(14), sma(5)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_rising_and_falling_are_consecutive_strict_changes() -> None:
    class Plain(PlainStrategy):
        def next(self):
            c = self.data.Close
            if self.position:
                if len(c) > 2 and c[-1] < c[-2] < c[-3]:
                    self.position.close()
            elif len(c) > 3 and c[-1] > c[-2] > c[-3] > c[-4]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 50
    spec = document(
        [enter({"type": "rising", "value": price(), "bars": 3})],
        [leave({"type": "falling", "value": price(), "bars": 2})],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)

    frame = bars(*[flat(level) for level in (10, 11, 12, 12, 13, 14, 15, 14, 14, 13, 12, 12)])
    plain = plain_trades(Plain, frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([7], [11])
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_rising_is_one_bar_if_unsaid() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 30)

        def next(self):
            if self.position:
                if self.sma[-1] < self.sma[-2]:
                    self.position.close()
            elif self.sma[-1] > self.sma[-2]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    spec = document(
        [enter({"type": "rising", "value": indicator("SMA_30")})],
        [leave({"type": "falling", "value": indicator("SMA_30")})],
        indicators=[sma(30)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


@pytest.mark.parametrize(
    ("codes", "entries"),
    [
        ((0, 0, 3, 0, 0, 0), []),  # both on one bar only
        ((0, 1, 2, 0, 0, 0), [3]),
        ((0, 1, 0, 0, 2, 0, 0), [5]),  # exactly three bars before
        ((0, 1, 0, 0, 0, 2, 0, 0), []),  # four bars before
        ((0, 1, 3, 0, 0, 0), [3]),  # again on the bar itself, beside the bar before
    ],
)
def test_a_then_b_is_b_now_and_a_on_one_of_the_n_bars_before(codes: tuple[int, ...], entries: list[int]) -> None:
    """Code 1: A, 2: B, 3: both."""

    def holds(d):
        before = d.Volume[-4:-1]
        return d.Volume[-1] in (2, 3) and (1 in before or 3 in before)

    frame = marked(*codes)
    plain = plain_trades(holding_one_bar(holds), frame)
    assert plain.column("EntryBar") == entries
    then = {"type": "sequence", "first": signal(1, 3), "then": signal(2, 3), "bars": 3}
    assert_same_trades(compiled_trades(document([enter(then)], risk={"max_bars": 1}), frame), plain)


def test_a_then_b_on_real_bars() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 5)
            self.sma = self.I(talib.SMA, self.data.Close, 10)

        def next(self):
            c, s = self.data.Close, self.sma
            if self.position:
                if c[-2] >= s[-2] and c[-1] < s[-1]:
                    self.position.close()
            elif c[-2] <= s[-2] and c[-1] > s[-1] and (self.rsi[-7:-1] < 30).any():
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    then = {
        "type": "sequence",
        "first": compare(indicator("RSI_5"), "<", number(30)),
        "then": cross_above(price(), indicator("SMA_10")),
        "bars": 6,
    }
    spec = document([enter(then)], [leave(cross_below(price(), indicator("SMA_10")))], indicators=[rsi(5), sma(10)])
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_before_n_bars_have_passed_for_n_bars_is_not_true() -> None:
    """A look-back adds no warm-up (the lead's decision g): on the first bars it is undefined or false, never true."""

    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                self.position.close()
            elif len(self.data) >= 5:
                self.buy()

    frame = bars(*[flat(10 + i) for i in range(12)])
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar")[0] == 5
    spec = document([enter({"type": "for", "of": compare(price(), ">", number(1)), "bars": 5})], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_not_of_an_undefined_window_is_undefined_not_true() -> None:
    """`not (A within 4 bars)`: before four bars are known and A was on none, nobody can say; later it is true."""

    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                self.position.close()
            elif len(self.data) >= 4 and not (self.data.Volume[-4:] == 1).any():
                self.buy()

    frame = marked(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [4, 6, 11]
    spec = document([enter(negated({"type": "within", "of": signal(1), "bars": 4}))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_division_by_zero_is_undefined_and_so_is_its_negation() -> None:
    """not (100 / Volume > 60): on a bar without volume neither it nor its negation is true; `or` with a truth is true."""

    class Plain(PlainStrategy):
        def next(self):
            volume = self.data.Volume[-1]
            if self.position:
                self.position.close()
            elif (volume != 0 and not 100 / volume > 60) or self.data.Close[-1] > 100:
                self.buy()

    frame = bars(
        *[flat(100, volume) for volume in (1, 0, 0, 2, 0, 0, 1, 1, 0)], flat(101, 0), flat(100), flat(100), flat(100)
    )
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [4, 10]
    quotient = compare(arith("/", number(100), price("Volume")), ">", number(60))
    spec = document([enter(any_of(negated(quotient), compare(price(), ">", number(100))))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)
