"""The lengths of a strategy changed by a later sentence that names no indicator ("use 10 days instead")."""

from dataclasses import replace

from Backtest.indicators.indicator_registry import find
from Backtest.reader.clause import Clause
from Backtest.reader.edit_rules import new_level
from Backtest.reader.edit_syntax import NewLengths, NewLevel, NewPeriod
from Backtest.reader.operands import AVERAGES
from Backtest.reader.replacement import mapped, parts_in, with_mentions
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import CooldownSaid, HoldSaid
from Backtest.reader.syntax import Extreme, Lasting, Lately, Mention, Period, Slope, Span

_WITH_PERIODS = (Extreme, Lasting, Lately, Slope, HoldSaid, CooldownSaid)


def new_lengths(clauses: list[Clause], change: NewPeriod | NewLengths) -> list[Clause]:
    """The clauses with other lengths. Raises Unread where it is not clear which length is meant."""
    return _one(clauses, change) if isinstance(change, NewPeriod) else _fast_and_slow(clauses, change)


def _length(mention: Mention) -> float | None:
    return mention.numbers[0] if mention.numbers else mention.period.count if mention.period is not None else None


def _one(clauses: list[Clause], change: NewPeriod) -> list[Clause]:
    """Changes the only length that there is, or the only one of `old`; a default length counts as said."""
    told = {
        (m.name, m.column, m.chart, _length(m)) for c in clauses for m in mentions(c.said) if _length(m) is not None
    }
    named = {name for name, *_ in told}
    unsaid = {(m.name, m.column, m.chart, _default(m)) for c in clauses for m in mentions(c.said)}
    told |= {one for one in unsaid if one[0] not in named and one[3] is not None}
    periods = {(type(p).__name__, p.period.count) for p in _periods(clauses) if p.period is not None}
    if change.old is not None:
        told = {one for one in told if one[3] == change.old}
        periods = {one for one in periods if one[1] == change.old}
    if len(told) + len(periods) != 1:
        raise Unread("it is not clear which length is changed", change.span, "edit")
    if told:
        ((name, column, chart, length),) = told
        return with_mentions(
            clauses,
            lambda m: (
                _lengthened(m, change)
                if (m.name, m.column, m.chart) == (name, column, chart) and _length(m) in {length, None}
                else m
            ),
        )
    ((_, count),) = periods
    return [_with_period(clause, count, change) for clause in clauses]


def _default(mention: Mention) -> float | None:
    """The length that an indicator without one takes, None for those with several numbers, or without a default."""
    if mention.name in {"", "%", "CHANNEL"}:
        return None
    takes = [parameter for parameter in find(mention.name).parameters if parameter.in_column]
    return takes[0].default if len(takes) == 1 and not takes[0].required else None


def _lengthened(mention: Mention, change: NewPeriod) -> Mention:
    if change.period is not None and mention.period is None and mention.numbers:
        return replace(mention, numbers=(change.period.count, *mention.numbers[1:]))
    if change.period is not None:
        return replace(mention, period=change.period)
    if mention.period is not None and change.number is not None:
        return replace(mention, period=replace(mention.period, count=change.number))
    return replace(mention, numbers=(change.number or 0.0, *mention.numbers[1:]))


def _periods(clauses: list[Clause]) -> list[Extreme | Lasting | Lately | Slope | HoldSaid | CooldownSaid]:
    return [one for c in clauses for kind in _WITH_PERIODS for one in parts_in(c.said, kind)]


def _with_period(clause: Clause, count: float, change: NewPeriod) -> Clause:
    said = clause.said

    def changed(
        one: Extreme | Lasting | Lately | Slope | HoldSaid | CooldownSaid,
    ) -> Extreme | Lasting | Lately | Slope | HoldSaid | CooldownSaid:
        if one.period is None or one.period.count != count:
            return one
        return replace(one, period=change.period or Period(change.number or 0.0, one.period.unit))

    for kind in _WITH_PERIODS:
        said = mapped(said, kind, changed)
    return replace(clause, said=said)


def _fast_and_slow(clauses: list[Clause], change: NewLengths) -> list[Clause]:
    mine = {change.average} if change.average else AVERAGES
    averages = [m for c in clauses for m in mentions(c.said) if m.name in mine and m.column is None]
    lengths = sorted({length for m in averages if (length := _length(m)) is not None})
    if not lengths and not change.average and change.fast is not None and change.slow is not None:
        entry = new_level(clauses, NewLevel("entry", None, change.fast, span=change.span))
        return new_level(entry, NewLevel("exit", None, change.slow, span=change.span))
    if len(lengths) != 2:
        raise Unread("it is not clear which averages are changed", change.span, "edit")
    fast, slow = (change.fast or lengths[0], change.slow or lengths[1])
    if fast >= slow:
        raise Unread("the faster average would be the slower one", change.span, "edit")
    new = {lengths[0]: fast, lengths[1]: slow}
    return with_mentions(clauses, lambda m: _of_length(m, new, change.span) if m in averages else m)


def _of_length(mention: Mention, new: dict[float, float], span: Span) -> Mention:
    length = _length(mention)
    if length is None:
        return mention
    if mention.numbers:
        return replace(mention, numbers=(new[length], *mention.numbers[1:]), span=span)
    return replace(mention, period=replace(mention.period, count=new[length]), span=span) if mention.period else mention
