"""Days and hours of trading changed by a later sentence."""

from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.exchange_syntax import (
    MoreDays,
    NewHours,
)
from Backtest.reader.replacement import mapped, parts_of
from Backtest.reader.scope import Unread
from Backtest.reader.statement_syntax import FilterSaid
from Backtest.reader.syntax import InHours, OnDays

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKEND = frozenset({"sat", "sun"})
_MOST_OF_WEEK = 5


def filtered(clauses: list[Clause], clause: Clause, said: FilterSaid, *, added: bool) -> list[Clause]:
    """The clauses with one filter more; days and hours take the place of those said before, or narrow them."""
    if isinstance(said.when, InHours):
        hours = NewHours(said.when.start, said.when.end, clause.span)
        return new_hours(clauses, hours) if _sessions(clauses) else [*clauses, clause]
    before = [c for c in clauses if _is_of(c, OnDays)]
    if not isinstance(said.when, OnDays) or not before:
        return [*clauses, clause]
    return _on_days(clauses, clause, said, said.when.days, added=added)


def _on_days(
    clauses: list[Clause], clause: Clause, said: FilterSaid, days: tuple[str, ...], *, added: bool
) -> list[Clause]:
    """The days said now; "not on Mondays" takes one away from those said before, "also on Fridays" adds one.

    Raises Unread where only some of the new days were allowed before: both may be meant.
    """
    before = [c for c in clauses if _is_of(c, OnDays)]
    kept = [c for c in clauses if not any(c is one for one in before)]
    old, new = {day for c in before for day in _days_of(c)}, {*days}
    banning = _is_ban(days)
    if added and not banning and not new & old:
        together = tuple(day for day in _WEEK if day in old | new)
        return [*kept, replace(clause, said=replace(said, when=OnDays(together)))]
    if new <= old or (new >= old and not banning) or not new & old:
        return [*kept, clause]
    if not banning or len(before) > 1:
        raise Unread("other days, or fewer of the days said before", clause.span, "edit")
    both = tuple(day for day in days if day in old)
    return [*kept, replace(clause, said=replace(said, when=OnDays(both)))]


def _is_ban(days: tuple[str, ...]) -> bool:
    """ "Not on Mondays", which is all the other days, those of the weekend too."""
    return _MOST_OF_WEEK <= len(days) < len(_WEEK) and {*days} >= _WEEKEND


def _is_of(clause: Clause, kind: type[InHours] | type[OnDays]) -> bool:
    return isinstance(clause.said, FilterSaid) and isinstance(clause.said.when, kind)


def _days_of(clause: Clause) -> tuple[str, ...]:
    said = clause.said
    return said.when.days if isinstance(said, FilterSaid) and isinstance(said.when, OnDays) else ()


def more_days(clauses: list[Clause], change: MoreDays) -> list[Clause]:
    """ "Include Fridays": days more in the one filter of days; `fewer`: these no longer.

    Raises Unread where there is no filter of days, or several, and where no day would be left or the days are not
    among those of the filter.
    """
    mine = [c for c in clauses if _is_of(c, OnDays)]
    if len(mine) != 1:
        raise Unread("there is no filter of days that these days could change", change.span, "edit")
    old, told = {*_days_of(mine[0])}, {*change.days}
    if change.fewer and (not told <= old or told == old):
        raise Unread("which days are left", change.span, "edit")
    days = tuple(day for day in _WEEK if day in (old - told if change.fewer else old | told))
    said: Any = mine[0].said
    placed = replace(mine[0], said=replace(said, when=OnDays(days)))
    return [placed if one is mine[0] else one for one in clauses]


def new_hours(clauses: list[Clause], change: NewHours) -> list[Clause]:
    """The one session begins or ends at another hour; None: it keeps its own. Raises Unread where there is none."""
    found = _sessions(clauses)
    if len(found) != 1:
        raise Unread("which hours are changed", change.span, "edit")
    (old,) = found
    new = InHours(change.start or old.start, change.end or old.end)
    return [replace(c, said=mapped(c.said, InHours, lambda one: new)) for c in clauses]


def _sessions(clauses: list[Clause]) -> set[InHours]:
    return {*parts_of(clauses, InHours)}
