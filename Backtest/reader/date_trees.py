"""The window that a text is tested on, out of parse trees: "from 2007 through 2010", "since March 2006"."""

from calendar import monthrange
from dataclasses import dataclass

from Backtest.reader.lexicon import Token
from Backtest.reader.statement_syntax import ContextSaid, Statement
from Backtest.reader.trees import Misread, Parts, reads

_YEARS = range(1900, 2101)
_NO_LABELS = frozenset({"length", "lengths", "lookback", "lookbacks"})


@dataclass(frozen=True, slots=True)
class Days:
    """The first and last day of a date, a month or a year; `whole`: it is said which of them is meant."""

    first: str
    last: str
    whole: bool


@reads("date")
def _date(parts: Parts) -> Days:
    first, last = _days(parts.tokens("DATE", "NUMBER")[0])
    if not parts.has("DATE_BEGIN", "DATE_END"):
        return Days(first, last, first == last)
    if first == last:
        raise Misread("the beginning of a day")
    day = first if parts.has("DATE_BEGIN") else last
    return Days(day, day, whole=True)


def _days(token: Token) -> tuple[str, str]:
    if token.kind == "DATE" and len(str(token.value)) == len("2008-01"):
        year_said, month = (int(part) for part in str(token.value).split("-"))
        return f"{token.value}-01", f"{token.value}-{monthrange(year_said, month)[1]}"
    if token.kind == "DATE":
        return str(token.value), str(token.value)
    year = token.value
    if not isinstance(year, float) or year not in _YEARS or len(token.text) != len("2008"):
        raise Misread("no year")
    return f"{int(year)}-01-01", f"{int(year)}-12-31"


def _window(parts: Parts, start: str | None, end: str | None) -> tuple[Statement, ...]:
    if start is not None and end is not None and start > end:
        raise Misread("it ends before it begins")
    said = (("start", start), ("end", end))
    return tuple(ContextSaid(kind, day, parts.span) for kind, day in said if day is not None)


@reads("dates", "led_dates", "dates_labelled")
def _dates(parts: Parts) -> tuple[Statement, ...]:
    label = parts.token("UNIT", "LENGTH")
    if label is not None and label.text.lower().split()[-1] not in {"period", "window"}:
        raise Misread("what is so long")
    begin, end = parts.all(Days)
    return _window(parts, begin.first, end.last)


@reads("dates_from", "led_dates_from")
def _dates_from(parts: Parts) -> tuple[Statement, ...]:
    return _window(parts, parts.all(Days)[0].first, None)


@reads("dates_until")
def _dates_until(parts: Parts) -> tuple[Statement, ...]:
    """ "Through 2010"; "until 2010" may leave the year out."""
    until = parts.all(Days)[0]
    if not until.whole and not parts.has("THROUGH"):
        raise Misread("with that year or without it")
    return _window(parts, None, until.last)


@reads("dates_of", "led_dates_of")
def _dates_of(parts: Parts) -> tuple[Statement, ...]:
    """ "Only 2008": a year or a month by itself."""
    of = parts.all(Days)[0]
    if of.whole:
        raise Misread("a day alone")
    return _window(parts, of.first, of.last)


@reads("dates_till_today")
def _dates_till_today(parts: Parts) -> ContextSaid:
    """ "The last three years", whose days no text says."""
    return ContextSaid("till_today", str(parts.value("NUMBER")), parts.span)
