"""The conditions of a strategy one by one: found, put in the place of others, removed."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace

from Backtest.indicators.indicator_registry import find
from Backtest.reader.clause import Clause
from Backtest.reader.edit_syntax import ConditionRemoval, RuleOfRemoval
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import BareCondition, EntrySaid, ExitSaid, FilterSaid
from Backtest.reader.syntax import All, AnyOf, Mention, Period, Said

_UNNUMBERED = frozenset({"span", "sentence", "under", "lead"})


def numbers_in(said: object) -> Iterator[float]:
    """Every number that a part of a strategy says; the settings that an indicator takes unsaid count as said."""
    if isinstance(said, bool):
        return
    if isinstance(said, int | float):
        yield float(said)
    elif isinstance(said, tuple | list):
        for one in said:
            yield from numbers_in(one)
    elif is_dataclass(said) and not isinstance(said, type):
        if isinstance(said, Mention) and not said.numbers and said.period is None:
            yield from defaults_of(said.name)
        for part in fields(said):
            if part.name not in _UNNUMBERED:
                yield from numbers_in(getattr(said, part.name))


def defaults_of(name: str) -> tuple[float, ...]:
    """The settings that an indicator takes where the text says none; none for a name that stands for several."""
    if name in {"", "%", "CHANNEL"}:
        return ()
    return tuple(one.default for one in find(name).parameters if one.in_column and not one.required)


def leaves(said: Said) -> Iterator[Said]:
    """The conditions that "and" and "or" join."""
    if isinstance(said, All | AnyOf):
        for one in said.of:
            yield from leaves(one)
    else:
        yield said


def with_leaf(said: Said, old: Said, new: Said) -> Said:
    """`said` with the condition `new` in the place of `old`, which is the very object."""
    if said is old:
        return new
    if isinstance(said, All | AnyOf):
        return replace(said, of=tuple(with_leaf(one, old, new) for one in said.of))
    return said


def when_of(clause: Clause) -> Said | None:
    said = clause.said
    return said.when if isinstance(said, EntrySaid | ExitSaid | BareCondition | FilterSaid) else None


def with_when(clause: Clause, when: Said) -> Clause:
    said = clause.said
    if not isinstance(said, EntrySaid | ExitSaid | BareCondition | FilterSaid):
        raise AssertionError("a rule with a condition")
    return replace(clause, said=replace(said, when=when))


def without_condition(clauses: list[Clause], change: ConditionRemoval) -> list[Clause]:
    """The clauses without the one condition that is named by its length or its place.

    Raises Unread where there is none, where several may be meant, and where an entry would be left without one.
    """
    told = [(clause, part) for clause in clauses for part in _conditions(clause)]
    if change.filters:
        told = [(clause, part) for clause, part in told if isinstance(clause.said, FilterSaid)]
    if change.position is not None:
        if len({id(clause) for clause, _ in told if isinstance(clause.said, EntrySaid)}) > 1:
            raise Unread("there are several entries: say which condition", change.span, "edit")
        mine = told[change.position :][:1] if change.position < len(told) else []
    else:
        mine = [
            (clause, part)
            for clause, part in told
            if change.length in _lengths(part) and change.indicator in {None, *(m.name for m in mentions(part))}
        ]
    if len(mine) != 1:
        raise Unread("which condition is meant" if mine else "there is no such condition", change.span, "edit")
    clause, part = mine[0]
    return _without(clauses, clause, part, change)


def _conditions(clause: Clause) -> tuple[Said, ...]:
    """The conditions that "and" joins before an entry."""
    said = clause.said
    if isinstance(said, BareCondition) and (clause.under is None or clause.under.role not in {"entry", "filter"}):
        return ()
    if not isinstance(said, EntrySaid | FilterSaid | BareCondition) or said.when is None:
        return ()
    return said.when.of if isinstance(said.when, All) else (said.when,)


def _lengths(said: object) -> set[float]:
    """The lengths that a condition speaks of: of its indicators, and of what it says in bars or days."""
    if isinstance(said, Period):
        return {said.count}
    if isinstance(said, Mention):
        return {*said.numbers[:1], *({said.period.count} if said.period is not None else ())}
    if isinstance(said, tuple):
        return {length for one in said for length in _lengths(one)}
    if is_dataclass(said) and not isinstance(said, type):
        return {length for part in fields(said) for length in _lengths(getattr(said, part.name))}
    return set()


def _without(clauses: list[Clause], clause: Clause, part: Said, change: ConditionRemoval) -> list[Clause]:
    when = when_of(clause)
    if isinstance(when, All) and when is not part:
        left = tuple(one for one in when.of if one is not part)
        kept = with_when(clause, left[0] if len(left) == 1 else replace(when, of=left))
        return [kept if one is clause else one for one in clauses]
    if isinstance(clause.said, EntrySaid):
        raise Unread("the entry would be left without a condition", change.span, "edit")
    return [one for one in clauses if one is not clause]


def without_rule_of(clauses: list[Clause], change: RuleOfRemoval) -> list[Clause]:
    """The clauses without the one entry or exit that speaks of an indicator, or without that way of several.

    Raises Unread where there is none or several, and where the rule speaks of other things in the same breath.
    """
    kind = EntrySaid if change.role == "entry" else ExitSaid
    mine = [c for c in clauses if isinstance(c.said, kind) and _speaks(c.said, change.indicator)]
    if len(mine) != 1:
        reason = f"which {change.role} is meant" if mine else f"there is no such {change.role} to remove"
        raise Unread(reason, change.span, "edit")
    when = when_of(mine[0])
    if isinstance(when, AnyOf):
        left = tuple(one for one in when.of if not _speaks(one, change.indicator))
        if len(left) != len(when.of) - 1 or isinstance(next(o for o in when.of if o not in left), All):
            raise Unread(f"which part of the {change.role} is meant", change.span, "edit")
        kept = with_when(mine[0], left[0] if len(left) == 1 else replace(when, of=left))
        return [kept if one is mine[0] else one for one in clauses]
    if isinstance(when, All):
        raise Unread(f"the {change.role} speaks of other things too", change.span, "edit")
    return [one for one in clauses if one is not mine[0]]


def _speaks(said: object, indicator: str) -> bool:
    return any(m.name == indicator for m in mentions(said))


def the_leaf(
    clauses: list[Clause], mine: Callable[[Clause], bool], fits: Callable[[Said], bool]
) -> tuple[Clause, Said] | None:
    """The one condition that fits, of the rules that are meant; None where there is none, or are several."""
    found = [
        (clause, leaf)
        for clause in clauses
        if mine(clause) and (when := when_of(clause)) is not None
        for leaf in leaves(when)
        if fits(leaf)
    ]
    return found[0] if len(found) == 1 else None
