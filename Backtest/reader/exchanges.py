"""Lines, patterns and conditions of a strategy put in the place of others by a later sentence."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.edit_numbers import new_number
from Backtest.reader.edit_parts import defaults_of, when_of, with_when
from Backtest.reader.edit_rules import is_of_rule
from Backtest.reader.edit_syntax import NewNumber
from Backtest.reader.exchange_syntax import (
    NewFraction,
    NewIndicator,
    NewLine,
    NewPattern,
    NewThat,
    NewWhen,
    OfRule,
    OfRules,
)
from Backtest.reader.operands import AVERAGES
from Backtest.reader.replacement import mapped, parts_of, with_mentions
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import CooldownSaid, EntrySaid, ExitSaid, FilterSaid, HoldSaid, SizeSaid
from Backtest.reader.syntax import (
    All,
    CandleSaid,
    Distance,
    Extreme,
    Lasting,
    Lately,
    Literally,
    Mention,
    Period,
    Relation,
    Said,
    Slope,
)

_TWO_WAYS = frozenset({"CDLENGULFING", "CDLHARAMI", "CDLHARAMICROSS"})
_WAYS = {"CDLHAMMER": "bullish", "CDLINVERTEDHAMMER": "bullish", "CDLSHOOTINGSTAR": "bearish"}
_TIMED = (Extreme, Lasting, Lately, Slope, HoldSaid, CooldownSaid)


def the_only_average(clauses: list[Clause], change: NewLine) -> list[Clause] | None:
    """The clauses with another average; None where the strategy has several, or only those of this type."""
    found = [m for c in clauses for m in mentions(c.said) if m.name in AVERAGES and m.column is None]
    if change.filter:
        found = _of_filters(clauses) or found
    if change.both and len(found) < 2:
        raise Unread("there are no two averages", change.span, "edit")
    told = {(m.name, m.numbers, m.period, m.chart) for m in found}
    if change.filter and len(told) != 1:
        raise Unread("which average is the filter" if told else "there is no such filter", change.span, "edit")
    if len(told) != 1 or (found[0].name == change.new.name and not change.filter):
        return None
    new = change.new
    return with_mentions(
        clauses,
        lambda m: replace(m, name=new.name or m.name, numbers=new.numbers, period=new.period) if m in found else m,
    )


def _of_filters(clauses: list[Clause]) -> list[Mention]:
    """The averages of filters, and those that a price is compared with beside an entry's other conditions."""
    parts: list[Said] = [c.said.when for c in clauses if isinstance(c.said, FilterSaid)]
    for clause in clauses:
        when = when_of(clause)
        if isinstance(clause.said, EntrySaid) and isinstance(when, All):
            parts += [one for one in when.of if isinstance(one, Relation) and "cross" not in one.op]
    return [m for part in parts for m in mentions(part) if m.name in AVERAGES and m.column is None]


def _length(mention: Mention) -> tuple[float, ...]:
    return mention.numbers if mention.period is None else (mention.period.count,)


def new_indicator(clauses: list[Clause], change: NewIndicator) -> list[Clause]:
    """One oscillator in the place of another; its levels are said anew, or are on the same scale.

    Raises Unread where a length or a level would have to be guessed.
    """
    old, new = change.old, change.new
    mine = [m for c in clauses for m in mentions(c.said) if m.name == old.name and _length(old) in {(), _length(m)}]
    told = {_length(m) for m in mine} - {()}
    if not mine or len(told) > 1 or any(m.column != old.column for m in mine):
        raise Unread(f"it is not clear which {old.name} is changed", change.span, "edit")
    relations = [one for one in parts_of(clauses, Relation) if any(m in mine for m in mentions(one))]
    if any(not isinstance(one.left, Mention) or not isinstance(one.right, Literally) for one in relations):
        raise Unread("what the new indicator is compared with", change.span, "edit")
    if len(relations) < len(mine) or any(m.output != mine[0].output for m in mine):
        raise Unread("what the new indicator is compared with", change.span, "edit")
    length = _length(new) or _same_length(told, change)
    put = _levels(relations, change)

    def exchanged(one: Any) -> Any:
        if one not in relations:
            return one
        return replace(one, left=_in_place(one.left, new, length), right=replace(one.right, value=put(one.right.value)))

    return [replace(c, said=mapped(c.said, Relation, exchanged)) for c in clauses]


def _in_place(old: Mention, new: Mention, length: tuple[float, ...]) -> Mention:
    period = new.period
    return replace(
        new, numbers=() if period is not None else length, period=period, chart=new.chart or old.chart, span=old.span
    )


def _same_length(told: set[tuple[float, ...]], change: NewIndicator) -> tuple[float, ...]:
    """None said: the convention's length, unless the old one was of another length than its own convention's."""
    if told - {defaults_of(change.old.name), defaults_of(change.old.name)[:1]}:
        raise Unread(f"of what length is the {change.new.name}", change.span, "edit")
    return ()


def _levels(relations: list[Relation], change: NewIndicator) -> Callable[[float], float]:
    values = [one.right.value for one in relations if isinstance(one.right, Literally)]
    old = list(dict.fromkeys(values))
    if not change.levels:
        if old and _scale(change.old) != _scale(change.new):
            raise Unread(f"with which numbers is the {change.new.name} compared", change.span, "edit")
        return lambda value: value
    if len(change.levels) != len(old) or not _same_order(old, change.levels):
        raise Unread("which number takes the place of which", change.span, "edit")
    return dict(zip(old, change.levels, strict=True)).__getitem__


_HUNDREDS = frozenset({"RSI", "MFI", "STOCH", "STOCHRSI"})


def _scale(line: Mention) -> str:
    return "percentage" if line.name in _HUNDREDS else line.name


def _same_order(old: list[float], new: tuple[float, ...]) -> bool:
    places = range(len(old))
    return sorted(places, key=lambda i: old[i]) == sorted(places, key=lambda i: new[i]) and len({*new}) == len(new)


def new_pattern(clauses: list[Clause], change: NewPattern) -> list[Clause]:
    """Another candlestick pattern; one that goes both ways keeps the way of the old one."""
    found = {one for one in parts_of(clauses, CandleSaid) if _is_pattern(one, change.old)}
    if len(found) != 1:
        raise Unread("which pattern is changed" if found else "there is no such pattern", change.span, "edit")
    (old,) = found
    name, way = change.new
    way = way or (old.direction if name in _TWO_WAYS else _WAYS.get(name, ""))
    if way != old.direction:
        raise Unread("a pattern of the other direction", change.span, "edit")
    new = CandleSaid(name, way, change.span)
    return [replace(c, said=mapped(c.said, CandleSaid, lambda one: new if one == old else one)) for c in clauses]


def _is_pattern(one: CandleSaid, old: tuple[str, str] | None) -> bool:
    return old is None or (one.name == old[0] and old[1] in {"", one.direction})


def of_rules(clauses: list[Clause], change: OfRules) -> list[Clause]:
    """The rules with other lengths, or with other levels. Raises Unread where it is not clear which of the two."""
    rules = [(one, [c for c in clauses if is_of_rule(c, one.role, one.side)]) for one in change.of]
    lengths = [_own_lengths(mine) for _, mine in rules]
    levels = [{one for one in parts_of(mine, Relation) if isinstance(one.right, Literally)} for _, mine in rules]
    timed = any(one.unit is not None for one in change.of)
    apart = all(not one & other for i, one in enumerate(lengths) for other in lengths[i + 1 :])
    if all(len(one) == 1 for one in lengths) and apart and (timed or not any(levels)):
        return _each(clauses, rules, _with_length)
    if not timed and all(len(one) == 1 for one in levels) and not (apart and all(lengths)):
        return _each(clauses, rules, _with_level)
    raise Unread("it is not clear which numbers are changed", change.span, "edit")


def _each(
    clauses: list[Clause], rules: list[tuple[OfRule, list[Clause]]], put: Callable[[Clause, OfRule], Clause]
) -> list[Clause]:
    new = {id(clause): put(clause, one) for one, mine in rules for clause in mine}
    return [new.get(id(clause), clause) for clause in clauses]


def _own_lengths(clauses: list[Clause]) -> set[Any]:
    told = [m for c in clauses for m in mentions(c.said) if len(_length(m)) == 1]
    lines = [replace(m, output="", owned=False) for m in told]
    return {*lines, *(one for one in parts_of(clauses, _TIMED) if one.period is not None)}


def _with_length(clause: Clause, new: OfRule) -> Clause:
    def put(one: Any) -> Any:
        if isinstance(one, Mention) and one.period is None and new.unit is None:
            return replace(one, numbers=(new.count,))
        if not isinstance(one, Mention) and one.period is None:
            return one
        unit = new.unit or one.period.unit
        return (
            replace(one, numbers=(), period=Period(new.count, unit))
            if isinstance(one, Mention)
            else (replace(one, period=Period(new.count, unit)))
        )

    return replace(clause, said=mapped(clause.said, (Mention, *_TIMED), put))


def _with_level(clause: Clause, new: OfRule) -> Clause:
    def put(one: Any) -> Any:
        return replace(one, right=replace(one.right, value=new.count)) if isinstance(one.right, Literally) else one

    return replace(clause, said=mapped(clause.said, Relation, put))


def new_when(clauses: list[Clause], change: NewWhen) -> list[Clause]:
    """The one rule meant on another condition. Raises Unread where there are several rules of this role."""
    kind = EntrySaid if change.role == "entry" else ExitSaid
    mine = [c for c in clauses if is_of_rule(c, change.role, change.side)]
    if len(mine) != 1 or not isinstance(mine[0].said, kind) or when_of(mine[0]) is None:
        raise Unread(f"it is not clear which {change.role} is changed", change.span, "edit")
    before = when_of(mine[0])
    if isinstance(before, All) and not isinstance(change.when, All) and _same_lines(before, change.when):
        raise Unread(f"the whole {change.role}, or that condition of it", change.span, "edit")
    placed = with_when(replace(mine[0], span=change.span), change.when)
    return [placed if one is mine[0] else one for one in clauses]


def _same_lines(one: Said, other: Said) -> bool:
    return bool({m.name for m in mentions(one)} & {m.name for m in mentions(other)})


def new_that(clauses: list[Clause], change: NewThat) -> list[Clause]:
    """The one number of these clauses: a level, a length or an amount. Raises Unread where there are several, or none.

    The length of the one indicator that is compared with a level counts only where the new number is nearer to it.
    """
    levels = {one.right for one in parts_of(clauses, Relation) if isinstance(one.right, Literally)}
    told = {(m.name, m.numbers, m.period) for c in clauses for m in mentions(c.said) if _length(m)}
    lengths = {length for _, numbers, period in told for length in (numbers or (period.count if period else 0.0,))}
    timed = {one.period.count for one in parts_of(clauses, _TIMED) if one.period is not None}
    amounts = {one.value for one in parts_of(clauses, Distance) if one.kind == "percent"}
    counted = {one.value for one in parts_of(clauses, SizeSaid) if one.kind == "units"}
    if len(levels) == 1 and not (timed or amounts or counted):
        (level,) = levels
        if all(abs(change.value - level.value) < abs(change.value - length) for length in lengths):
            return _put(clauses, Literally, lambda one: replace(one, value=change.value) if one == level else one)
    if levels or len(lengths | timed) + len(amounts) + len(counted) != 1:
        raise Unread("it is not clear which number is changed", change.span, "edit")
    old = next(iter(lengths | timed | amounts | counted))
    unit = "%" if amounts else "period" if lengths or timed else ""
    return new_number(clauses, NewNumber(old, change.value, unit, span=change.span))


def _put(clauses: list[Clause], kind: type, change: Callable[[Any], Any]) -> list[Clause]:
    return [replace(c, said=mapped(c.said, kind, change)) for c in clauses]


def new_fraction(clauses: list[Clause], change: NewFraction) -> list[Clause]:
    """Another part is closed, or another part of the account taken. Raises Unread where there are several, or none."""

    def is_meant(said: object) -> bool:
        if isinstance(said, ExitSaid):
            return bool(said.portion) and change.old in {None, said.portion}
        return isinstance(said, SizeSaid) and said.kind == "fraction" and change.old in {None, said.value}

    sizes = [one for one in parts_of(clauses, SizeSaid) if is_meant(one)]
    parts = [c.said for c in clauses if is_meant(c.said) and isinstance(c.said, ExitSaid)]
    if len(sizes) + len(parts) != 1:
        raise Unread("it is not clear which part is changed", change.span, "edit")

    def put(one: Any) -> Any:
        if not is_meant(one):
            return one
        return replace(one, portion=change.new) if isinstance(one, ExitSaid) else replace(one, value=change.new)

    return [replace(c, said=mapped(c.said, (ExitSaid, SizeSaid), put)) for c in clauses]
