"""Levels of entries and exits changed, and filters taken away, by a later sentence."""

from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.edit_parts import when_of, with_leaf, with_when
from Backtest.reader.edit_syntax import NewLevel, Removal, RuleRemoval
from Backtest.reader.operands import AVERAGES
from Backtest.reader.replacement import mapped
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import BareCondition, EntrySaid, ExitSaid, FilterSaid
from Backtest.reader.syntax import All, Literally, Mention, PriceOf, Relation, Said, Side, State

_TREND = AVERAGES | {"ADX", "SUPERTREND", "PSAR", "ICHIMOKU"}
_EXIT_SIDES = {"sell": "long", "cover": "short"}


def new_level(clauses: list[Clause], change: NewLevel) -> list[Clause]:
    """The clauses with another number in the entry or exit. Raises Unread where it holds none, or several."""
    mine = [clause for clause in clauses if _is_of(clause, change)]
    levels: set[tuple[Literally | State, ...]] = set()

    def noted(relation: Any) -> Any:
        of_line = change.line is None or change.line in {one.name for one in mentions(relation)}
        ends = [end for end in (relation.left, relation.right) if isinstance(end, Literally)]
        levels.update({(end,) for end in ends if of_line and change.old in {None, end.value}})
        return relation

    def noted_state(state: Any) -> Any:
        levels.add((state,))
        return state

    for clause in mine:
        mapped(clause.said, Relation, noted)
        if change.line is None and change.old is None:
            mapped(clause.said, State, noted_state)
    if len(levels) != 1:
        named = change.line or f"the {change.role}"
        raise Unread(f"{named} compares with {len(levels) or 'no'} numbers", change.span, "edit")
    ((level,),) = levels
    if isinstance(level, State):
        return [_state_as_level(clause, level, change) if clause in mine else clause for clause in clauses]
    new = replace(level, value=change.value)
    return [
        replace(c, said=mapped(c.said, Literally, lambda one: new if one == level else one)) if c in mine else c
        for c in clauses
    ]


def new_filter_level(clauses: list[Clause], said: FilterSaid) -> list[Clause] | None:
    """ "Only when ADX is above 15", where more than 20 is asked for: another level; None where nothing is alike."""
    new = said.when
    if not isinstance(new, Relation) or new.left is None or not isinstance(new.right, Literally):
        return None
    sides = {c.said.side or "long" for c in clauses if isinstance(c.said, EntrySaid)}
    alike = [
        (clause, leaf)
        for clause in clauses
        if (when := _required(clause, said, sides)) is not None
        for leaf in (when.of if isinstance(when, All) else (when,))
        if _compares_alike(leaf, new)
    ]
    if len(alike) != 1:
        return None
    clause, leaf = alike[0]
    when = when_of(clause)
    said_of = leaf.left if isinstance(leaf, Relation) and not _has_length(new.left) else new.left
    put = replace(new, left=said_of)
    placed = with_when(clause, with_leaf(when, leaf, put)) if when is not None else clause
    return [placed if one is clause else one for one in clauses]


def _required(clause: Clause, said: FilterSaid, sides: set[Side]) -> Said | None:
    """What must hold for the entries that the filter speaks of."""
    if isinstance(clause.said, FilterSaid):
        return clause.said.when if clause.said.side == said.side else None
    if not isinstance(clause.said, EntrySaid):
        return None
    of_all = said.side is None and len(sides) == 1
    return clause.said.when if of_all or said.side == (clause.said.side or "long") else None


def _has_length(line: object) -> bool:
    return not isinstance(line, Mention) or bool(line.numbers) or line.period is not None


def _compares_alike(one: Said, new: Relation) -> bool:
    """Whether one comparison with a number is that of the same line, the same way; a length may be unsaid."""
    if not isinstance(one, Relation) or not isinstance(one.right, Literally) or one.op.strip("=") != new.op.strip("="):
        return False
    old, line = one.left, new.left
    if not isinstance(old, Mention) or not isinstance(line, Mention):
        return old == line
    unsaid = not _has_length(old) or not _has_length(line)
    return old == line or (unsaid and replace(old, numbers=(), period=None) == replace(line, numbers=(), period=None))


def without_rule(clauses: list[Clause], change: RuleRemoval) -> list[Clause]:
    """The clauses without the one entry or exit meant. Raises Unread where there is none, or several that might be."""
    mine = [clause for clause in clauses if _is_removed(clause, change)]
    name = f"exit of {'that part' if change.portion else 'a part'}" if change.part else change.role
    if not mine or (change.position is not None and change.position >= len(mine)):
        raise Unread(f"there is no such {name} to remove", change.span, "edit")
    if change.position is None and len(mine) > 1:
        raise Unread(f"there are {len(mine)} rules that may be meant: name the {name} to remove", change.span, "edit")
    gone = mine[change.position or 0]
    return [clause for clause in clauses if clause is not gone]


def _is_removed(clause: Clause, change: RuleRemoval) -> bool:
    said = clause.said
    if isinstance(said, BareCondition) and clause.under is not None:
        return clause.under.role == change.role and not change.part
    if change.role == "entry":
        return isinstance(said, EntrySaid) and change.side in {None, said.side or "long"}
    if not isinstance(said, ExitSaid) or change.side not in {None, _EXIT_SIDES.get(said.verb, change.side)}:
        return False
    return not change.part or (bool(said.portion) and change.portion in {None, said.portion})


def _is_of(clause: Clause, change: NewLevel) -> bool:
    return change.role == "any" or is_of_rule(clause, change.role, change.side)


def is_of_rule(clause: Clause, role: str, side: str | None) -> bool:
    """Whether a clause is an entry or exit (`role`), or a condition of one, of that side (None: of both)."""
    said = clause.said
    if isinstance(said, BareCondition):
        return clause.under is not None and clause.under.role == role
    if role == "entry":
        return isinstance(said, EntrySaid) and side in {None, said.side or "long"}
    return isinstance(said, ExitSaid) and side in {None, _EXIT_SIDES.get(said.verb, side)}


def _state_as_level(clause: Clause, state: State, change: NewLevel) -> Clause:
    """ "overbought" at another level than the convention's."""
    if state.state not in {"oversold", "overbought"} or state.value is None:
        raise Unread(f"the {change.role} compares with no number", change.span, "edit")
    low = state.state == "oversold"
    events = {"enter": "cross_below" if low else "cross_above", "leave": "cross_above" if low else "cross_below"}
    op = events.get(state.change, "<" if low else ">")
    level = Relation(state.value, op, Literally(change.value, span=change.span), change.span)
    return replace(clause, said=mapped(clause.said, State, lambda one: level if one == state else one))


def without_filter(clauses: list[Clause], change: Removal) -> list[Clause]:
    """The clauses without the one filter meant: a filter of its own, or one of the conditions of an entry.

    Raises Unread where there is none, or several that might be meant.
    """
    filters = [i for i, c in enumerate(clauses) if isinstance(c.said, FilterSaid) and _speaks_of(c.said, change)]
    if len(filters) == 1:
        return [clause for i, clause in enumerate(clauses) if i != filters[0]]
    entries = [
        (i, one)
        for i, c in enumerate(clauses)
        if isinstance(c.said, EntrySaid) and isinstance(c.said.when, All)
        for one in c.said.when.of
        if change.indicator is not None and _speaks_of(one, change)
    ]
    items = [i for i, c in enumerate(clauses) if _is_entry_item(c) and change.indicator and _speaks_of(c.said, change)]
    if filters or len(entries) + len(items) != 1:
        reason = "there is no such filter to remove" if not (filters or entries or items) else "which filter is meant"
        raise Unread(reason, change.span, "edit")
    if items:
        return [clause for i, clause in enumerate(clauses) if i != items[0]]
    place, removed = entries[0]
    return [_without(clause, removed) if i == place else clause for i, clause in enumerate(clauses)]


def _is_entry_item(clause: Clause) -> bool:
    return isinstance(clause.said, BareCondition) and clause.under is not None and clause.under.role == "entry"


def _without(clause: Clause, removed: Said) -> Clause:
    said = clause.said
    if not isinstance(said, EntrySaid) or not isinstance(said.when, All):
        raise AssertionError("an entry of several conditions")
    left = tuple(one for one in said.when.of if one is not removed)
    return replace(clause, said=replace(said, when=left[0] if len(left) == 1 else replace(said.when, of=left)))


def _speaks_of(said: object, change: Removal) -> bool:
    """Whether a condition is about the indicator, the volume or the trend that the sentence names."""
    spoken = list(mentions(said))
    match change.indicator:
        case None:
            return True
        case "volume":
            return any(m.column == "Volume" for m in spoken) or _of_volume(said)
        case "trend":
            return any(m.name in _TREND and m.column is None for m in spoken) and not _of_volume(said)
        case "":
            return any(m.name in AVERAGES and m.column is None for m in spoken)
        case name:
            return any(m.name == name for m in spoken)


def _of_volume(said: object) -> bool:
    found: list[PriceOf] = []

    def noted(price: Any) -> Any:
        found.append(price)
        return price

    mapped(said, PriceOf, noted)
    return any(one.column == "Volume" for one in found)
