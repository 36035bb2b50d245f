"""How far back a period such as `6mo` reaches from the last bar."""

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from Backtest.errors import Issue, WindowEmpty

_PERIOD: Final = re.compile(r"max|ytd|([1-9][0-9]{0,2})(d|wk|w|mo|y)")
_MONTHS: Final = {"mo": 1, "y": 12}


def period_start(period: str, days: Sequence[date]) -> str | None:
    """The first day (`YYYY-MM-DD`) that the period evaluates, None for all there is.

    `days` are those that have bars, ascending, each once. `5d` is the last five of them; `2w`, `6mo` and `1y` reach
    back from the last one by the calendar, `ytd` to the first of its January. Raises WindowEmpty for no such text.
    """
    match = _PERIOD.fullmatch(period.strip().lower())
    if match is None:
        message = f"{period[:40]!r} is no period"
        raise WindowEmpty(message, [Issue("period", message, "write 5d, 2w, 6mo, 1y, ytd or max")])
    last = days[-1]
    if match[0] == "max":
        return None
    if match[0] == "ytd":
        return date(last.year, 1, 1).isoformat()
    count, unit = int(match[1]), match[2]
    if unit == "d":
        return days[max(0, len(days) - count)].isoformat()
    if unit in _MONTHS:
        return _months_before(last, count * _MONTHS[unit]).isoformat()
    return (last - timedelta(weeks=count)).isoformat()


def _months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
