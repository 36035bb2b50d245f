"""A strategy changed by later sentences: each replaces, adds or removes clauses of what was said before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.edit_lengths import new_lengths
from Backtest.reader.edit_numbers import new_amount, new_condition, new_deviation, new_number, new_operand, new_streak
from Backtest.reader.edit_rules import new_level, without_filter, without_rule
from Backtest.reader.edit_syntax import (
    Change,
    NewAmount,
    NewAverage,
    NewCondition,
    NewLength,
    NewLengths,
    NewLevel,
    NewNumber,
    NewOperand,
    NewPeriod,
    NewRule,
    NewStreak,
    Removal,
    RuleRemoval,
    SameStop,
)
from Backtest.reader.operands import AVERAGES
from Backtest.reader.questions import Desk
from Backtest.reader.replacement import with_mentions
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BreakEvenSaid,
    ContextSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    NoteSaid,
    SizeSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import (
    Mention,
    Side,
)

_REPLACED = (StopSaid, TargetSaid, TrailSaid, BreakEvenSaid, HoldSaid, SizeSaid, CooldownSaid, ContextSaid, AccountSaid)
_REMOVED: Mapping[str, type] = {
    "stop": StopSaid,
    "target": TargetSaid,
    "trail": TrailSaid,
    "cooldown": CooldownSaid,
    "hold": HoldSaid,
    "filter": FilterSaid,
    "break_even": BreakEvenSaid,
    "entry": EntrySaid,
    "exit": ExitSaid,
}
_DENIED = {"no_stop": "stop", "no_target": "target"}
_DENIALS: Mapping[type, str] = {StopSaid: "no_stop", TargetSaid: "no_target"}
_ONLY: Mapping[str, Side] = {"long_only": "long", "short_only": "short"}


def changed(clauses: list[Clause], clause: Clause, desk: Desk, *, added: bool = False) -> list[Clause]:
    """The clauses after a statement of a later sentence; `added`: it says "also". Raises Unread without a place."""
    said = clause.said
    if isinstance(said, _REPLACED):
        kept = [one for one in _admitted(clauses, said) if not _same_place(one.said, said)]
        if isinstance(said, ContextSaid):
            kept = [_elsewhere(c, said) for c in kept]
        if isinstance(said, SizeSaid):
            kept = [replace(c, said=replace(c.said, size=None)) if isinstance(c.said, EntrySaid) else c for c in kept]
        return [*kept, clause]
    if isinstance(said, FilterSaid):
        return [*clauses, clause]
    if isinstance(said, NoteSaid) and said.kind in _ONLY:
        return [*_one_side(clauses, _ONLY[said.kind], clause), clause]
    if isinstance(said, NoteSaid):
        denied = _DENIED.get(said.kind)
        kept = [c for c in clauses if denied is None or not isinstance(c.said, _REMOVED[denied])]
        return [*kept, clause]
    if isinstance(said, EntrySaid | ExitSaid) and added:
        return [*_admitted(clauses, said), clause]
    if isinstance(said, EntrySaid | ExitSaid):
        return _rule(clauses, clause, desk)
    raise Unread("it is not clear what this changes", clause.span, "edit")


def _elsewhere(clause: Clause, said: ContextSaid) -> Clause:
    """The clause without what its entry says of the instrument or the chart that `said` replaces."""
    entry = clause.said
    if not isinstance(entry, EntrySaid):
        return clause
    return replace(clause, said=replace(entry, context=tuple(one for one in entry.context if one.kind != said.kind)))


def _same_place(one: Statement | Change, other: Statement) -> bool:
    if isinstance(other, ContextSaid):
        return isinstance(one, ContextSaid) and one.kind == other.kind
    if isinstance(other, AccountSaid):
        kind = other.kind.partition("_")[0]
        return (isinstance(one, AccountSaid) and one.kind.partition("_")[0] == kind) or (
            kind == "commission" and one == NoteSaid("no_commission")
        )
    return type(one) is type(other)


def _admitted(clauses: list[Clause], said: Statement) -> list[Clause]:
    """The clauses without the denial ("no stop", "long only") that what is said now takes back."""
    denial = _DENIALS.get(type(said))
    if isinstance(said, EntrySaid):
        denial = "long_only" if said.side == "short" else "short_only"
    return [one for one in clauses if not (isinstance(one.said, NoteSaid) and one.said.kind == denial)]


def _one_side(clauses: list[Clause], side: Side, clause: Clause) -> list[Clause]:
    """The clauses of one side. Raises Unread where the strategy has no entry of that side."""
    entered = {one.said.side or "long" for one in clauses if isinstance(one.said, EntrySaid)}
    if side not in entered:
        raise Unread(f"the strategy has no {side} entry: say when to go {side}", clause.span, "edit")
    if len(entered) == 1:
        return clauses
    exits = [one.said for one in clauses if isinstance(one.said, ExitSaid)]
    if any(said.verb not in {"sell", "cover"} for said in exits):
        raise Unread("it is not clear which exits are left", clause.span, "edit")
    other = {"long": "cover", "short": "sell"}[side]
    return [
        one
        for one in clauses
        if not (isinstance(one.said, EntrySaid | FilterSaid) and (one.said.side or side) != side)
        and not (isinstance(one.said, ExitSaid) and one.said.verb == other)
    ]


def _rule(clauses: list[Clause], clause: Clause, desk: Desk) -> list[Clause]:
    kind = type(clause.said)
    name = "entry" if kind is EntrySaid else "exit"
    before = [one for one in clauses if isinstance(one.said, kind)]
    if not before or _is_beside(clause.said, [one.said for one in before]):
        return [*clauses, clause]
    offered = {"replace": f"it takes the place of the {name} said before", "add": f"it is one more {name}"}
    if desk.choice("edit", f"There is an {name} already: what becomes of it?", clause.span, offered) == "add":
        return [*clauses, clause]
    return [*(one for one in clauses if not isinstance(one.said, kind)), clause]


def _is_beside(said: Statement | Change, others: Sequence[Statement | Change]) -> bool:
    """Whether an exit can take the place of none: of a part beside those of the whole, or of the other side."""
    if not isinstance(said, ExitSaid):
        return False
    exits = [one for one in others if isinstance(one, ExitSaid)]
    if said.portion:
        return not any(one.portion for one in exits)
    return said.verb == "cover" and all(one.verb == "sell" for one in exits)


def applied(clauses: list[Clause], change: Change) -> list[Clause]:
    """The clauses after a change of indicators or numbers. Raises Unread where it is not clear what is changed."""
    match change:
        case SameStop():
            return _same_stop(clauses, change)
        case Removal():
            return _without(clauses, change)
        case _:
            apply: Callable[[list[Clause], Any], list[Clause]] = _APPLIED[type(change)]
            return apply(clauses, change)


def _same_stop(clauses: list[Clause], change: SameStop) -> list[Clause]:
    told = {type(one.said) for one in clauses}
    if _REMOVED[change.kind] not in told and told & {StopSaid, TrailSaid}:
        raise Unread("it is not clear whether this stop takes the place of the other", change.span, "edit")
    return clauses


def _without(clauses: list[Clause], change: Removal) -> list[Clause]:
    if change.what == "filter":
        return without_filter(clauses, change)
    kept = [one for one in clauses if not isinstance(one.said, _REMOVED[change.what])]
    if len(kept) == len(clauses):
        raise Unread(f"there is no {change.what.replace('_', ' ')} to remove", change.span, "edit")
    return kept


def _new_length(clauses: list[Clause], change: NewLength) -> list[Clause]:
    if change.mention.name == "STDDEV":
        return new_deviation(clauses, change)
    names = AVERAGES if change.mention.name in AVERAGES else {change.mention.name}
    found = [
        m for clause in clauses for m in mentions(clause.said) if m.name in names and m.column == change.mention.column
    ]
    if change.mention.name not in {"", *(m.name for m in found)}:
        raise Unread(f"there is no {change.mention.name} to change", change.span, "edit")
    mine = [m for m in found if change.mention.name in {"", m.name}]
    if change.named:
        mine = [m for m in mine if _length(m) == _length(change.mention)]
    lengths = {(m.numbers, m.period, m.chart) for m in mine if m.numbers or m.period is not None}
    if not mine or len(lengths) > 1 or change.mention.chart is not None:
        raise Unread("it is not clear which one is changed", change.span, "edit")

    def lengthened(mention: Mention) -> Mention:
        if mention not in mine:
            return mention
        return replace(mention, numbers=change.numbers, period=change.period)

    return with_mentions(clauses, lengthened)


def _length(mention: Mention) -> tuple[float, ...]:
    return mention.numbers if mention.period is None else (mention.period.count,)


def _new_rule(clauses: list[Clause], change: NewRule) -> list[Clause]:
    """A rule in the place of the only one of its kind."""
    kind = EntrySaid if isinstance(change.rule, EntrySaid) else ExitSaid
    before = [
        one
        for one in clauses
        if isinstance(one.said, kind) and (change.of is None or change.of in {m.name for m in mentions(one.said)})
    ]
    if len(before) != 1:
        raise Unread("it is not clear which rule this takes the place of", change.span, "edit")
    placed = replace(before[0], said=change.rule, span=change.span, under=None)
    kept = [
        one
        for one in clauses
        if one is before[0] or not isinstance(change.rule, _REPLACED) or not _same_place(one.said, change.rule)
    ]
    return [placed if one is before[0] else one for one in kept]


def _new_average(clauses: list[Clause], change: NewAverage) -> list[Clause]:
    found = [m for clause in clauses for m in mentions(clause.said) if m.name in AVERAGES and m.column is None]
    mine = [m for m in found if change.old is None or m.name == change.old]
    lengths = {(m.numbers, m.period) for m in mine if m.numbers or m.period is not None}
    if not mine or (change.both and len(lengths) != 2):
        raise Unread("it is not clear which averages are changed", change.span, "edit")
    return with_mentions(clauses, lambda m: replace(m, name=change.name) if m in mine else m)


_APPLIED: Mapping[type, Callable[[list[Clause], Any], list[Clause]]] = {
    NewLength: _new_length,
    NewAverage: _new_average,
    NewNumber: new_number,
    NewOperand: new_operand,
    NewCondition: new_condition,
    NewStreak: new_streak,
    NewAmount: new_amount,
    NewRule: _new_rule,
    NewPeriod: new_lengths,
    NewLengths: new_lengths,
    NewLevel: new_level,
    RuleRemoval: without_rule,
}
