"""Conditions in English: one clause for each kind, brackets where a list would be read wrong."""

from collections.abc import Callable, Iterable
from typing import Any

from Backtest.canonical.conditions import (
    WEEKDAYS,
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
from Backtest.canonical.node import Node
from Backtest.canonical.operand_phrases import bars_text, describe_operand
from Backtest.canonical.spec import Spec
from Backtest.errors import IndicatorInvalid
from Backtest.indicators.indicator_registry import find_pattern

_COMPARED = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "==": "equals",
    "!=": "is different from",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def describe_condition(condition: Condition, spec: Spec) -> str:
    """The condition as a clause that can follow "when": "RSI(14) crosses below 30 and the close is above SMA(200)"."""
    return CONDITION_PHRASES[type(condition)](condition, spec)


def weekday_list(days: Iterable[str], joint: str = "or") -> str:
    """ "Monday, Tuesday or Friday", in the order of the week."""
    names = [_DAYS[WEEKDAYS.index(day)] for day in WEEKDAYS if day in set(days)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joint} {names[-1]}"


def _junction(condition: And | Or, spec: Spec) -> str:
    words = [_bracketed(part, spec, And, Or) for part in condition.of]
    return f" {condition.type} ".join(words)


def _bracketed(condition: Condition, spec: Spec, *kinds: type[Node]) -> str:
    """The clause, in brackets where its kind would run into the words around it."""
    text = describe_condition(condition, spec)
    return f"({text})" if isinstance(condition, (*kinds, For, Within, Sequence, Not)) else text


def _pair(verb: str) -> Callable[[Any, Spec], str]:
    return lambda c, spec: f"{describe_operand(c.left, spec)} {verb} {describe_operand(c.right, spec)}"


def _between(condition: Between, spec: Spec) -> str:
    value, low, high = (describe_operand(each, spec) for each in (condition.value, condition.low, condition.high))
    return f"{value} is {'' if condition.inclusive else 'strictly '}between {low} and {high}"


def _trend(condition: Rising | Falling, spec: Spec) -> str:
    value, verb = describe_operand(condition.value, spec), "risen" if condition.type == "rising" else "fallen"
    return f"{value} has {verb}" if condition.bars == 1 else f"{value} has {verb} {condition.bars:,} bars in a row"


def _for(condition: For, spec: Spec) -> str:
    return f"on each of the last {bars_text(condition.bars)}, {_bracketed(condition.of, spec, And, Or)}"


def _within(condition: Within, spec: Spec) -> str:
    return f"on at least one of the last {bars_text(condition.bars)}, {_bracketed(condition.of, spec, And, Or)}"


def _sequence(condition: Sequence, spec: Spec) -> str:
    first, then = (_bracketed(part, spec, And, Or) for part in (condition.first, condition.then))
    return f"{then}, and on at least one of the {bars_text(condition.bars)} before, {first}"


def _touches(condition: Touches, spec: Spec) -> str:
    value = describe_operand(condition.value, spec)
    if condition.side == "low":
        return f"the low is at or below {value}"
    return f"the high is at or above {value}" if condition.side == "high" else f"the bar's range touches {value}"


def _pattern(condition: Pattern, spec: Spec) -> str:
    try:
        title = find_pattern(condition.name).title
    except IndicatorInvalid:  # lint names it; the sentence is still to be made
        title = condition.name
    direction = "" if condition.direction == "any" else f"{condition.direction} "
    return f"the candles form the {direction}pattern '{title}'"


CONDITION_PHRASES: dict[type[Node], Callable[[Any, Spec], str]] = {
    And: _junction,
    Or: _junction,
    Not: lambda c, spec: f"it is not so that {_bracketed(c.of, spec, And, Or)}",
    Compare: lambda c, spec: _pair(_COMPARED[c.op])(c, spec),
    CrossAbove: _pair("crosses above"),
    CrossBelow: _pair("crosses below"),
    Between: _between,
    Rising: _trend,
    Falling: _trend,
    For: _for,
    Within: _within,
    Sequence: _sequence,
    Touches: _touches,
    Pattern: _pattern,
    Weekday: lambda c, spec: f"the bar is of {weekday_list(c.days)}",
    Hours: lambda c, spec: f"the bar's time is from {c.start} up to, not including, {c.end}",
}
