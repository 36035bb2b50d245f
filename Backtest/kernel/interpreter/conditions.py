"""Whether a condition holds on a bar's close: True, False, or None where that is undefined (Kleene's logic)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import eq, ge, gt, le, lt, ne
from typing import assert_never

from Backtest.canonical.conditions import (
    And,
    Between,
    Compare,
    Condition,
    CrossAbove,
    CrossBelow,
    Falling,
    For,
    Hours,
    Not,
    Or,
    Pattern,
    Rising,
    Sequence,
    Touches,
    Weekday,
    Within,
)
from Backtest.canonical.operands import Operand, Price
from Backtest.canonical.rules import Session
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.operands import Holding, value

Truth = bool | None
Plain = Weekday | Hours | Pattern | Compare | CrossAbove | CrossBelow | Rising | Falling | Between | Touches
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


@dataclass(frozen=True)
class Reader:
    """Reads conditions off one chart, with the position that is open now (None while flat)."""

    chart: Chart
    holding: Holding | None

    def truth(self, condition: Condition, bar: int) -> Truth:
        """The condition on the close of `bar`; undefined on a bar that does not exist."""
        if bar < 0:
            return None
        match condition:
            case And():
                return every(self.truth(part, bar) for part in condition.of)
            case Or():
                return some(self.truth(part, bar) for part in condition.of)
            case Not():
                return negated(self.truth(condition.of, bar))
            case For():
                return every(self.truth(condition.of, bar - ago) for ago in range(condition.bars))
            case Within():
                return some(self.truth(condition.of, bar - ago) for ago in range(condition.bars))
            case Sequence():
                before = some(self.truth(condition.first, bar - ago) for ago in range(1, condition.bars + 1))
                return every((self.truth(condition.then, bar), before))
        return self._plain(condition, bar)

    def _plain(self, condition: Plain, bar: int) -> Truth:
        """A condition without conditions in it."""
        match condition:
            case Weekday():
                return self.chart.weekdays[bar] in condition.days
            case Hours():
                return in_session(condition, self.chart.clock[bar])
            case Pattern():
                return self._pattern(condition, bar)
            case Compare():
                return self._compared(condition.left, condition.op, condition.right, bar)
            case CrossAbove():
                return self._crossed(condition, "<=", ">", bar)
            case CrossBelow():
                return self._crossed(condition, ">=", "<", bar)
            case Rising():
                return self._changed(condition, ">", bar)
            case Falling():
                return self._changed(condition, "<", bar)
            case Between():
                op = "<=" if condition.inclusive else "<"
                low = self._compared(condition.low, op, condition.value, bar)
                return every((low, self._compared(condition.value, op, condition.high, bar)))
            case Touches():
                return self._touched(condition, bar)
        assert_never(condition)

    def _compared(self, left: Operand, op: str, right: Operand, bar: int) -> Truth:
        one, other = (value(operand, bar, self.chart, self.holding) for operand in (left, right))
        return None if one is None or other is None else _COMPARISONS[op](one, other)

    def _crossed(self, cross: CrossAbove | CrossBelow, before: str, now: str, bar: int) -> Truth:
        """Undefined as a whole on the first bar, which has none before it."""
        if bar < 1:
            return None
        was = self._compared(cross.left, before, cross.right, bar - 1)
        return every((was, self._compared(cross.left, now, cross.right, bar)))

    def _changed(self, trend: Rising | Falling, op: str, bar: int) -> Truth:
        """Undefined as a whole while one of its bars is missing."""
        if bar < trend.bars:
            return None
        at = [value(trend.value, bar - ago, self.chart, self.holding) for ago in range(trend.bars + 1)]
        return every(None if now is None or was is None else _COMPARISONS[op](now, was) for now, was in pairwise(at))

    def _touched(self, touch: Touches, bar: int) -> Truth:
        low = self._compared(Price(field="Low"), "<=", touch.value, bar)
        high = self._compared(Price(field="High"), ">=", touch.value, bar)
        return {"low": low, "high": high, "any": every((low, high))}[touch.side]

    def _pattern(self, pattern: Pattern, bar: int) -> bool:
        sign = self.chart.pattern(pattern.name)[bar]
        return {"bullish": sign > 0, "bearish": sign < 0, "any": sign != 0}[pattern.direction]


def every(truths: Iterable[Truth]) -> Truth:
    """Kleene's and."""
    listed = list(truths)
    return False if False in listed else None if None in listed else True


def some(truths: Iterable[Truth]) -> Truth:
    """Kleene's or."""
    listed = list(truths)
    return True if True in listed else None if None in listed else False


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def in_session(session: Hours | Session, time: str) -> bool:
    """Whether "HH:MM" lies in [start, end); a start after the end runs over midnight."""
    if session.start < session.end:
        return session.start <= time < session.end
    return time >= session.start or time < session.end
