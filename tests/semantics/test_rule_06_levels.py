"""Rule 6: states are levels, true on every bar where they hold; touches look inside the bar; the fill is at the next open."""

import operator

import pytest
import talib

from tests.semantics.documents import (
    GOOG,
    bars,
    compare,
    document,
    enter,
    flat,
    indicator,
    leave,
    number,
    percent_change,
    price,
    sma,
    use,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
STEPS = bars(*[flat(level) for level in (12, 10, 9, 10, 11, 10, 10, 12, 13, 9, 8, 10, 7, 10, 14, 9)])


class WhileTrue(PlainStrategy):
    """Enters on every bar on which `holds`, when flat, and leaves on the first close."""

    holds = None

    def next(self):
        if self.position:
            self.position.close()
        elif type(self).holds(self.data):
            self.buy()


def while_true(condition):
    return type("Plain", (WhileTrue,), {"holds": staticmethod(condition)})


@pytest.mark.parametrize("sign", OPERATORS)
def test_a_comparison_includes_equality_or_not_as_written(sign: str) -> None:
    plain = plain_trades(while_true(lambda d: OPERATORS[sign](d.Close[-1], 10)), STEPS)
    assert len(plain.closed) >= 2
    spec = document([enter(compare(price(), sign, number(10)))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, STEPS), plain)


@pytest.mark.parametrize("inclusive", [True, False])
def test_between_includes_its_ends_unless_it_says_otherwise(inclusive: bool) -> None:
    within = (lambda d: 9 <= d.Close[-1] <= 10) if inclusive else (lambda d: 9 < d.Close[-1] < 10)
    frame = bars(*[flat(level) for level in (12, 10, 9.5, 9, 8, 9, 9, 9.5, 10, 11, 10, 9.5, 9.9, 12)])
    plain = plain_trades(while_true(within), frame)
    assert len(plain.closed) == (5 if inclusive else 3)
    inside = {"type": "between", "value": price(), "low": number(9), "high": number(10), "inclusive": inclusive}
    assert_same_trades(compiled_trades(document([enter(inside)], risk={"max_bars": 1}), frame), plain)


def test_a_level_is_true_again_on_the_bar_after_an_exit() -> None:
    plain = plain_trades(while_true(lambda d: d.Close[-1] > 0), STEPS)
    assert plain.column("EntryBar") == [2, 4, 6, 8, 10, 12, 14]
    spec = document([enter(compare(price(), ">", number(0)))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, STEPS), plain)


def touch(value: dict, side: str) -> dict:
    return {"type": "touches", "value": value, "side": side}


def test_touching_a_lower_band_is_a_low_at_or_below_it_and_an_upper_band_a_high_at_or_above() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.upper, _, self.lower = self.I(talib.BBANDS, self.data.Close, 20, 2, 2)

        def next(self):
            if self.position:
                if self.data.High[-1] >= self.upper[-1]:
                    self.position.close()
            elif self.data.Low[-1] <= self.lower[-1]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    spec = document(
        [enter(touch(indicator("BB_20_2", "lower"), "low"))],
        [leave(touch(indicator("BB_20_2", "upper"), "high"))],
        indicators=[use("BB_20_2", "BBANDS", source="Close", timeperiod=20, nbdev=2.0)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_touching_any_other_line_is_the_line_inside_the_bar() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 50)

        def next(self):
            if self.position:
                if len(self.data) - self.trades[0].entry_bar >= 5:
                    self.position.close()
            elif self.data.Low[-1] <= self.sma[-1] <= self.data.High[-1]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    spec = document([enter(touch(indicator("SMA_50"), "any"))], indicators=[sma(50)], risk={"max_bars": 5})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


@pytest.mark.parametrize(
    ("side", "entries"), [("low", [4, 6]), ("high", [2, 4]), ("any", [4])], ids=["low", "high", "any"]
)
def test_an_exact_touch_counts(side: str, entries: list[int]) -> None:
    frame = bars(
        (12, 13, 11, 12),
        (12, 13, 11, 12),  # above 10: only `high` (High >= 10)
        (12, 13, 11, 12),
        (10, 10, 10, 10),  # at 10: all three
        (10, 10, 10, 10),
        (9, 9.5, 8, 9),  # below 10: only `low`
        (9, 9.5, 8, 9),
        (9, 9.5, 8, 9),
    )
    holds = {
        "low": lambda d: d.Low[-1] <= 10,
        "high": lambda d: d.High[-1] >= 10,
        "any": lambda d: d.Low[-1] <= 10 <= d.High[-1],
    }[side]
    plain = plain_trades(while_true(holds), frame)
    assert plain.column("EntryBar") == entries
    spec = document([enter(touch(number(10), side))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_percent_move_is_a_level_of_at_least_that_much() -> None:
    frame = bars(*[flat(level) for level in (100, 100, 125, 125, 156.25, 130, 160, 170, 212.5, 212.5, 210)])
    plain = plain_trades(while_true(lambda d: d.Close[-1] >= d.Close[-2] * 1.25), frame)
    assert plain.column("EntryBar") == [3, 5, 9]  # 25 % exactly, each time
    spec = document([enter(compare(percent_change(price(), 1), ">=", number(25)))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_a_percent_move_over_several_bars_compares_with_the_close_so_many_bars_before() -> None:
    class Plain(PlainStrategy):
        def next(self):
            c = self.data.Close
            if self.position:
                if c[-1] / c[-6] - 1 <= -0.03:
                    self.position.close()
            elif len(c) > 11 and c[-1] / c[-11] - 1 >= 0.05:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    spec = document(
        [enter(compare(percent_change(price(), 10), ">=", number(5)))],
        [leave(compare(percent_change(price(), 5), "<=", number(-3)))],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)
