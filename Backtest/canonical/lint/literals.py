"""Conditions as alternatives of plain facts about one bar: what must hold for them to be true."""

from collections.abc import Iterator
from collections.abc import Sequence as Listed
from dataclasses import dataclass

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
from Backtest.canonical.operands import Operand, Price
from Backtest.canonical.rules import Session

MOST_ALTERNATIVES, MOST_FACTS = 128, 512


@dataclass(frozen=True)
class Order:
    """`low` < `high`, or `low` <= `high` where not `strict`."""

    low: Operand
    high: Operand
    strict: bool


@dataclass(frozen=True)
class Different:
    left: Operand
    right: Operand


@dataclass(frozen=True)
class Among:
    """What `topic` is on the bar is one of `values`."""

    topic: object
    values: frozenset[object]


Fact = Order | Different | Among
Alternatives = list[tuple[Fact, ...]]  # the condition implies that all facts of one of them hold
UNKNOWN: Alternatives = [()]


def alternatives(condition: Condition, *, negated: bool = False) -> Alternatives:
    """What must hold now for the condition to be true (`negated`: false); `UNKNOWN` where nothing is certain."""
    match condition:
        case And() | Or():
            parts = [alternatives(part, negated=negated) for part in condition.of]
            return _all(parts) if isinstance(condition, And) != negated else _any(parts)
        case Not():
            return alternatives(condition.of, negated=not negated)
        case For() if not negated:
            return alternatives(condition.of)
        case Within() if negated:
            return alternatives(condition.of, negated=True)
        case Sequence() if not negated:
            return alternatives(condition.then)
        case Compare():
            return [(fact,) for fact in _one_of(condition, negated)] or [_both(condition)]
        case Between():
            return _between(condition, negated)
        case Touches():
            return _touches(condition, negated)
    return [tuple(facts)] if (facts := list(_plain(condition, negated))) else UNKNOWN


def _all(parts: Listed[Alternatives]) -> Alternatives:
    found: Alternatives = [()]
    for part in parts:
        is_narrow = len(found) * len(part) <= MOST_ALTERNATIVES
        if is_narrow and len(part) * _size(found) + len(found) * _size(part) <= MOST_FACTS:
            found = [(*before, *facts) for before in found for facts in part]
    return found  # a part too wide to be followed is left out, which only says less


def _any(parts: Listed[Alternatives]) -> Alternatives:
    found = [facts for part in parts for facts in part]
    return found if len(found) <= MOST_ALTERNATIVES and _size(found) <= MOST_FACTS else UNKNOWN


def _size(parts: Alternatives) -> int:
    return sum(len(facts) for facts in parts)


_CONTRARY = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def _one_of(condition: Compare, negated: bool) -> Iterator[Fact]:
    left, right = condition.left, condition.right
    match _CONTRARY[condition.op] if negated else condition.op:
        case "<":
            yield Order(left, right, strict=True)
        case "<=":
            yield Order(left, right, strict=False)
        case ">":
            yield Order(right, left, strict=True)
        case ">=":
            yield Order(right, left, strict=False)
        case "!=":
            yield Different(left, right)


def _both(condition: Compare) -> tuple[Fact, ...]:
    """Equality, as two facts that hold together."""
    left, right = condition.left, condition.right
    return Order(left, right, strict=False), Order(right, left, strict=False)


def _between(condition: Between, negated: bool) -> Alternatives:
    value, low, high, is_open = condition.value, condition.low, condition.high, not condition.inclusive
    if negated:
        return [(Order(value, low, strict=not is_open),), (Order(high, value, strict=not is_open),)]
    return [(Order(low, value, strict=is_open), Order(value, high, strict=is_open))]


def _touches(condition: Touches, negated: bool) -> Alternatives:
    facts: list[Fact] = []
    if condition.side in ("low", "any"):
        low = Price(field="Low")
        facts.append(Order(condition.value, low, strict=True) if negated else Order(low, condition.value, strict=False))
    if condition.side in ("high", "any"):
        high = Price(field="High")
        facts.append(
            Order(high, condition.value, strict=True) if negated else Order(condition.value, high, strict=False)
        )
    return [(fact,) for fact in facts] if negated else [tuple(facts)]


def _plain(condition: Condition, negated: bool) -> Iterator[Fact]:
    match condition:
        case CrossAbove() if not negated:
            yield Order(condition.right, condition.left, strict=True)
        case CrossBelow() if not negated:
            yield Order(condition.left, condition.right, strict=True)
        case Rising() | Falling() if not negated:
            yield Among(("trend", condition.value), frozenset((condition.type,)))
        case Weekday():
            yield on_weekdays(tuple(set(WEEKDAYS) - set(condition.days)) if negated else condition.days)
        case Hours():
            inside = in_hours(condition)
            yield Among("minute", frozenset(range(1440)) - inside.values) if negated else inside
        case Pattern():
            signs = {"bullish": {1}, "bearish": {-1}, "any": {1, -1}}[condition.direction]
            yield Among(("pattern", condition.name), frozenset({0, 1, -1} - signs if negated else signs))


def on_weekdays(days: Listed[str]) -> Among:
    return Among("weekday", frozenset(days))


def in_hours(session: Hours | Session) -> Among:
    """The minutes of the day of a session, which may run over midnight."""
    start, end = (60 * int(text[:2]) + int(text[3:]) for text in (session.start, session.end))
    minutes = range(start, end) if start < end else (*range(start, 1440), *range(end))
    return Among("minute", frozenset(minutes))
