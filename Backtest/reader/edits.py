"""A strategy changed by later sentences: each replaces, adds or removes clauses of what was said before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from Backtest.reader.clauses import Clause
from Backtest.reader.edit_lengths import new_lengths
from Backtest.reader.edit_rules import new_level, without_filter
from Backtest.reader.edit_trees import (
    Change,
    NewAverage,
    NewLength,
    NewLengths,
    NewLevel,
    NewMention,
    NewNumber,
    NewPeriod,
    NewRule,
    Removal,
    SameStop,
)
from Backtest.reader.operands import AVERAGES
from Backtest.reader.questions import Desk
from Backtest.reader.replacement import mapped, with_mentions
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
    Literally,
    Mention,
    Period,
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
    if not before:
        return [*clauses, clause]
    offered = {"replace": f"it takes the place of the {name} said before", "add": f"it is one more {name}"}
    if desk.choice("edit", f"There is an {name} already: what becomes of it?", clause.span, offered) == "add":
        return [*clauses, clause]
    return [*(one for one in clauses if not isinstance(one.said, kind)), clause]


def applied(clauses: list[Clause], change: Change) -> list[Clause]:
    """The clauses after a change of indicators or numbers. Raises Unread where it is not clear what is changed."""
    match change:
        case NewLength():
            return _new_length(clauses, change)
        case NewAverage():
            return _new_average(clauses, change)
        case NewNumber():
            return _new_number(clauses, change)
        case NewMention():
            return _new_mention(clauses, change)
        case NewRule():
            return _new_rule(clauses, change)
        case NewPeriod() | NewLengths():
            return new_lengths(clauses, change)
        case NewLevel():
            return new_level(clauses, change)
        case SameStop(kind, span):
            told = {type(one.said) for one in clauses}
            if _REMOVED[kind] not in told and told & {StopSaid, TrailSaid}:
                raise Unread("it is not clear whether this stop takes the place of the other", span, "edit")
            return clauses
        case Removal(what="filter"):
            return without_filter(clauses, change)
        case Removal(what, _, span):
            kept = [one for one in clauses if not isinstance(one.said, _REMOVED[what])]
            if len(kept) == len(clauses):
                raise Unread(f"there is no {what.replace('_', ' ')} to remove", span, "edit")
            return kept


def _new_length(clauses: list[Clause], change: NewLength) -> list[Clause]:
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


def _new_mention(clauses: list[Clause], change: NewMention) -> list[Clause]:
    """Every mention of the old indicator and length becomes the new one; the lengths may differ in their words."""
    old, new = change.old, change.new
    mine = [
        m
        for clause in clauses
        for m in mentions(clause.said)
        if old.name in {"", m.name} and (m.column, m.chart) == (old.column, old.chart) and _length(m) == _length(old)
    ]
    if not mine or new.name not in AVERAGES or any(m.name not in AVERAGES for m in mine):
        raise Unread("it is not clear which one is changed", change.span, "edit")

    def renamed(mention: Mention) -> Mention:
        if mention not in mine:
            return mention
        return replace(mention, name=new.name or mention.name, numbers=new.numbers, period=new.period)

    return with_mentions(clauses, renamed)


def _length(mention: Mention) -> tuple[float, ...]:
    return mention.numbers if mention.period is None else (mention.period.count,)


def _new_rule(clauses: list[Clause], change: NewRule) -> list[Clause]:
    """A rule in the place of the only one of its kind."""
    kind = type(change.rule)
    before = [i for i, one in enumerate(clauses) if isinstance(one.said, kind)]
    if len(before) != 1:
        raise Unread("it is not clear which rule this takes the place of", change.span, "edit")
    placed = replace(clauses[before[0]], said=change.rule, span=change.span, under=None)
    return [*clauses[: before[0]], placed, *clauses[before[0] + 1 :]]


def _new_average(clauses: list[Clause], change: NewAverage) -> list[Clause]:
    found = [m for clause in clauses for m in mentions(clause.said) if m.name in AVERAGES and m.column is None]
    mine = [m for m in found if change.old is None or m.name == change.old]
    lengths = {(m.numbers, m.period) for m in mine if m.numbers or m.period is not None}
    if not mine or (change.both and len(lengths) != 2):
        raise Unread("it is not clear which averages are changed", change.span, "edit")
    return with_mentions(clauses, lambda m: replace(m, name=change.name) if m in mine else m)


def _new_number(clauses: list[Clause], change: NewNumber) -> list[Clause]:
    """Changes the one place where the old number stands: a level, or the length of one indicator."""
    places: set[object] = set()

    def noted(found: Any) -> Any:
        places.add(found)
        return found

    old = change.old
    for clause in clauses:
        mapped(clause.said, Literally, lambda one: noted(one) if one.value == old else one)
        mapped(clause.said, Mention, lambda one: noted(one) if _bears(one, old) else one)
    if len(places) != 1:
        raise Unread(f"{old:g} stands in {len(places) or 'no'} places", change.span, "edit")
    levels = [
        replace(c, said=mapped(c.said, Literally, lambda one: replace(one, value=change.new) if one in places else one))
        for c in clauses
    ]
    return with_mentions(levels, lambda one: _renumbered(one, change) if one in places else one)


def _bears(mention: Mention, number: float) -> bool:
    return number in mention.numbers or (mention.period is not None and mention.period.count == number)


def _renumbered(mention: Mention, change: NewNumber) -> Mention:
    numbers = tuple(change.new if number == change.old else number for number in mention.numbers)
    period = mention.period
    if period is not None and period.count == change.old:
        period = Period(change.new, period.unit)
    return replace(mention, numbers=numbers, period=period)
