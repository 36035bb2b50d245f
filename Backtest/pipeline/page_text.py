"""The part of a page that tells a strategy."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from Backtest.canonical.spec import Assumption
from Backtest.errors import Issue, PageRefused
from Backtest.pages.page import Page
from Backtest.reader.clause import Cut
from Backtest.reader.clauses import cut
from Backtest.reader.interpreter import LONGEST_TEXT
from Backtest.reader.reading import Reading
from Backtest.reader.statement_syntax import BareCondition, EntrySaid, ExitSaid
from Backtest.reader.syntax import Span

_OF_TRADES = re.compile(
    r"\b(buy|sell|enter|entry|exit|long|short|cover|close|stop|target|profit|trail|risk|hold|position|trade|only)",
    re.IGNORECASE,
)
_MOST_LINES = 1_500
_SHOWN = 200
LEFT_OUT = "left out of the page"
"""The topic of the assumption that names the lines of a page which were taken for no part of the strategy."""


@dataclass(frozen=True, slots=True)
class Told:
    """A strategy's text and, where a page told it, the page's address and what of it was left out ("": nothing)."""

    text: str
    url: str | None = None
    left_out: str = ""


def told_by(page: Page) -> Told:
    """From the first line of a page that says what to trade to the last one; what lies between them is all kept.

    The whole page where no line says it: the reader will tell what it can't read. Raises PageRefused for more than a
    strategy's text may be.
    """
    lines = page.text.split("\n")
    if len(lines) > _MOST_LINES:
        raise _too_long(f"the page has {len(lines):,} lines")
    said = _said_by_line(page.text, lines)
    rules = [number for number, what in said.items() if what is _Says.RULE]
    first, last = 0, len(lines) - 1
    if rules:
        first = min([*(number for number in said if said[number] is not _Says.UNFIT), rules[0]])
        last = max(number for number in said if said[number] is not _Says.UNFIT)
        while said.get(last + 1) is _Says.UNFIT:
            last += 1
        while first > 0 and lines[first - 1].rstrip().endswith(":"):
            first -= 1
    text = "\n".join(lines[first : last + 1])
    if len(text) > LONGEST_TEXT:
        raise _too_long(f"the strategy on the page has {len(text):,} characters, more than {LONGEST_TEXT:,}")
    return Told(text, page.url, _left_out([*lines[:first], *lines[last + 1 :]]))


def from_page(reading: Reading, page: Told | None) -> Reading:
    """The reading with the page that told its text: in the provenance, and as an assumption what was left out of it."""
    if page is None or page.url is None:
        return reading
    assumptions = reading.assumptions
    if page.left_out:
        assumptions += (Assumption(topic=LEFT_OUT, path="/provenance/text", value=page.left_out),)
    spec = reading.spec
    if spec is not None:
        said = spec.provenance
        provenance = said.model_copy(
            update={"url": page.url, "source": "url" if said.source == "text" else said.source}
        )
        spec = spec.model_copy(update={"provenance": provenance, "assumptions": assumptions})
    return replace(reading, spec=spec, assumptions=assumptions)


class _Says(Enum):
    """What a line tells: when to trade, something else of the strategy, or something that can't be run."""

    RULE = auto()
    REST = auto()
    UNFIT = auto()


def _said_by_line(text: str, lines: list[str]) -> dict[int, _Says]:
    """What each line that tells anything of a strategy tells; a text too long to be one is read line by line."""
    said: dict[int, _Says] = {}
    if len(text) > LONGEST_TEXT:
        for number, line in enumerate(lines):
            if _OF_TRADES.search(line):
                said |= {number + at: what for at, what in _said(cut(line), line).items()}
        return said
    return _said(cut(text), text)


def _said(found: Cut, text: str) -> dict[int, _Says]:
    said: dict[int, _Says] = {}
    for unread in found.unresolved:
        if unread.unsupported:
            said[_line(text, unread.span)] = _Says.UNFIT
    for clause in found.clauses:
        number = _line(text, clause.span)
        is_rule = isinstance(clause.said, EntrySaid | ExitSaid | BareCondition)
        said[number] = _Says.RULE if is_rule or said.get(number) is _Says.RULE else _Says.REST
    return said


def _line(text: str, span: Span) -> int:
    return text.count("\n", 0, span[0])


def _left_out(lines: list[str]) -> str:
    shown = " / ".join(lines)
    cut_off = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
    return f"{len(lines)} {'line' if len(lines) == 1 else 'lines'}: {cut_off}" if lines else ""


def _too_long(message: str) -> PageRefused:
    return PageRefused(message, [Issue("/text", message, "paste the part that says when to buy and when to sell")])
