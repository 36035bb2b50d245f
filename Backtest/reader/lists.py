"""The items of a list as one rule, and what a text says of all its rules at once."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from Backtest.reader.clause import Clause
from Backtest.reader.statement_syntax import (
    BareCondition,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    NoteSaid,
    OrderSaid,
    Statement,
    StopSaid,
    ValiditySaid,
)
from Backtest.reader.syntax import All, AnyOf, NotSaid, Otherwise, Span


def gathered(clauses: Sequence[Clause]) -> list[Clause]:
    """The items of a list as one rule: joined by "and" for entries and filters, by "or" for exits (rule 15)."""
    out: list[Clause] = []
    lists: dict[tuple[Span, str], list[Clause]] = {}
    for clause in clauses:
        under = clause.under
        if not isinstance(clause.said, BareCondition) or under is None:
            out.append(clause)
            continue
        key = (under.span, under.role)
        if key not in lists:
            lists[key] = []
            out.append(clause)
        lists[key].append(clause)
    return [
        _list_rule(lists[(c.under.span, c.under.role)]) if c.under and isinstance(c.said, BareCondition) else c
        for c in out
    ]


def _list_rule(items: Sequence[Clause]) -> Clause:
    """One entry, exit or filter out of the items below one heading."""
    first, under = items[0], items[0].under
    if under is None:
        raise AssertionError("a list of conditions")
    conditions = tuple(clause.said.when for clause in items if isinstance(clause.said, BareCondition))
    either = (under.joined or ("or" if under.role == "exit" else "and")) == "or"
    when = conditions[0] if len(conditions) == 1 else AnyOf(conditions) if either else All(conditions)
    span = (min(c.span[0] for c in items), max(c.span[1] for c in items))
    said: Statement
    if under.role == "entry":
        said = EntrySaid(under.side, when, span=span)
    elif under.role == "exit":
        said = ExitSaid({"long": "sell", "short": "cover", None: "exit"}[under.side], when, span=span)
    else:
        said = FilterSaid(when, under.side, span, setup=under.role == "setup")
    return replace(first, said=said, span=span)


def of_short_only(clauses: list[Clause]) -> list[Clause]:
    """The clauses, with the entries that name no side short where the text says that it only sells short."""
    if not any(isinstance(c.said, NoteSaid) and c.said.kind == "short_only" for c in clauses):
        return clauses
    return [
        replace(c, said=replace(c.said, side=c.said.side or "short")) if isinstance(c.said, EntrySaid) else c
        for c in clauses
    ]


def sells_short(clauses: Sequence[Clause]) -> bool:
    """Whether a sell order can only open a short: nothing is bought, and the text is of shorts or covers them."""
    said = [clause.said for clause in clauses]
    if any(isinstance(one, EntrySaid) and one.side != "short" for one in said):
        return False
    return any(
        (isinstance(one, NoteSaid) and one.kind == "short_only")
        or (isinstance(one, ExitSaid) and one.verb == "cover")
        or (isinstance(one, EntrySaid) and not one.sells)
        for one in said
    )


def with_their_entry(clauses: list[Clause]) -> list[Clause]:
    """Conditions without a heading go to the bare verb behind them ("1. A 2. B 3. buy"); a setup alone is an entry."""
    out: list[Clause] = []
    waiting: list[Clause] = []
    for clause in clauses:
        said = clause.said
        if isinstance(said, BareCondition) and clause.under is None:
            waiting.append(clause)
            continue
        if waiting and isinstance(said, EntrySaid) and _is_bare(said):
            conditions = tuple(one.said.when for one in waiting if isinstance(one.said, BareCondition))
            when = conditions[0] if len(conditions) == 1 else All(conditions)
            clause, waiting = (
                replace(clause, said=replace(said, when=when), span=(waiting[0].span[0], clause.span[1])),
                [],
            )
        out += [*waiting, clause]
        waiting = []
    out += waiting
    entries = [c for c in out if isinstance(c.said, EntrySaid)]
    if len(entries) == 1 and _is_bare(entries[0].said) and any(_is_setup(c.said) for c in out):
        return _setups_as_entry([c for c in out if c is not entries[0]], entries[0])
    return out if entries else _setups_as_entry(out)


def with_needs(clauses: list[Clause]) -> list[Clause]:
    """ "Buy when A. To buy, B must be so.": what an entry needs beside one that says when is a filter of its side."""
    when = [
        c.said.side or "long"
        for c in clauses
        if isinstance(c.said, EntrySaid) and not c.said.needed and c.said.when is not None
    ]
    out = list(clauses)
    for i, clause in enumerate(clauses):
        said = clause.said
        if not isinstance(said, EntrySaid) or not said.needed or said.when is None or said.size is not None:
            continue
        if said.side in when or (said.side is None and when):
            out[i] = replace(clause, said=FilterSaid(said.when, said.side, said.span))
    return out


def with_validity(clauses: list[Clause]) -> list[Clause]:
    """ "Buy limit 1% below the close. Good for 3 bars.": the order of the one waiting entry before it."""
    out: list[Clause] = []
    for clause in clauses:
        said = clause.said
        waiting = [
            i for i, one in enumerate(out) if isinstance(one.said, EntrySaid) and one.said.order.kind != "market"
        ]
        entry = out[waiting[0]].said if len(waiting) == 1 else None
        if isinstance(said, ValiditySaid) and isinstance(entry, EntrySaid) and _is_open(entry.order):
            order = replace(entry.order, valid=said.period, gtc=said.gtc)
            out[waiting[0]] = replace(out[waiting[0]], said=replace(entry, order=order))
        else:
            out.append(clause)
    return out


def _is_open(order: OrderSaid) -> bool:
    return order.valid is None and not order.gtc


def held_as_exit(clauses: list[Clause]) -> list[Clause]:
    """ "Stay in as long as A" beside another entry: out when A is no longer so; alone it says both."""
    pairs = [
        (entry, leaving)
        for entry, leaving in pairwise(clauses)
        if isinstance(entry.said, EntrySaid)
        and isinstance(leaving.said, ExitSaid)
        and isinstance(leaving.said.when, Otherwise)
        and entry.said.span == leaving.said.span
    ]
    entries = sum(isinstance(clause.said, EntrySaid) for clause in clauses)
    if len(pairs) != 1 or entries < 2:
        return clauses
    ((entry, leaving),) = pairs
    when = entry.said.when if isinstance(entry.said, EntrySaid) else None
    if when is None or not isinstance(leaving.said, ExitSaid):
        return clauses
    out = replace(leaving, said=replace(leaving.said, when=NotSaid(when), only=False))
    return [out if clause is leaving else clause for clause in clauses if clause is not entry]


def _is_bare(said: object) -> bool:
    """Whether it is "buy", and not a word of when."""
    return isinstance(said, EntrySaid) and said.when is None and said.order.kind == "market"


def _is_setup(said: object) -> bool:
    return isinstance(said, FilterSaid) and said.setup


def _setups_as_entry(clauses: list[Clause], verb: Clause | None = None) -> list[Clause]:
    """All that a text without an entry, or with its verb alone, calls its setup, as one entry."""
    setups = [(c, c.said) for c in clauses if isinstance(c.said, FilterSaid) and c.said.setup]
    if not setups:
        return clauses
    first, said = setups[0]
    conditions = tuple(one.when for _, one in setups)
    when = conditions[0] if len(conditions) == 1 else All(conditions)
    if verb is not None and isinstance(verb.said, EntrySaid):
        entry = replace(first, said=replace(verb.said, when=when), span=(first.span[0], verb.span[1]))
    else:
        entry = replace(first, said=EntrySaid(said.side, when, span=said.span))
    rest = [c for c in clauses if not any(c is one for one, _ in setups)]
    return sorted([*rest, entry], key=lambda c: clauses.index(c) if c is not entry else clauses.index(first))


def with_stops_of_both(clauses: list[Clause]) -> list[Clause]:
    """ "Long stop 2 ATR below entry. Short stop 2 ATR above entry.": alike, and so one stop of both sides."""
    stops = [(c, c.said) for c in clauses if isinstance(c.said, StopSaid) and c.said.distance is not None]
    if len(stops) != 2:
        return clauses
    (first, one), (second, other) = stops
    if one.distance != other.distance or {one.direction, other.direction} != {"up", "down"}:
        return clauses
    joined = replace(first, said=replace(one, direction=None))
    return [joined if c is first else c for c in clauses if c is not second]
