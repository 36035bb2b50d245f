"""Changes of the days and hours of trading, out of parse trees of a later sentence."""

from Backtest.reader.condition_trees import days
from Backtest.reader.edit_syntax import (
    DaysRemoval,
    Removal,
)
from Backtest.reader.exchange_syntax import (
    MoreDays,
    NewHours,
)
from Backtest.reader.trees import Misread, Parts, reads


@reads("edit_more_days")
def _more_days(parts: Parts) -> MoreDays:
    """ "Include Fridays", "allow trades on Fridays"."""
    placed = parts.tokens("PLACE")[0]
    if not placed.text.lower().startswith(("add", "include", "put in", "also", "allow")):
        raise Misread("days alone")
    return MoreDays(days(parts), span=parts.span)


@reads("edit_fewer_days")
def _fewer_days(parts: Parts) -> MoreDays:
    """ "Drop Mondays"."""
    return MoreDays(days(parts), fewer=True, span=parts.span)


@reads("edit_all_days")
def _all_days(parts: Parts) -> DaysRemoval | Removal:
    """ "Trade any day", "all day"."""
    unit = parts.tokens("UNIT")[0].text.lower()
    if unit not in {"day", "days"}:
        raise Misread("any of what")
    return Removal("hours", span=parts.span) if parts.has("ALL") and unit == "day" else DaysRemoval(span=parts.span)


@reads("edit_hours")
def _hours(parts: Parts) -> NewHours:
    """ "Make it 07:00 to 17:00"."""
    start, end = (str(token.value) for token in parts.tokens("CLOCK"))
    return NewHours(start, end, parts.span)


@reads("edit_hours_end")
def _hours_end(parts: Parts) -> NewHours:
    """ "Extend the session to 18:00", "trade until 18:00"."""
    return NewHours(end=str(parts.tokens("CLOCK")[0].value), span=parts.span)


@reads("edit_hours_start")
def _hours_start(parts: Parts) -> NewHours:
    """ "Start at 09:00 instead"."""
    return NewHours(str(parts.tokens("CLOCK")[0].value), span=parts.span)
