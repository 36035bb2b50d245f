"""One length for all indicators that are named without one: "All 14 periods", "every indicator uses 10 bars"."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from Backtest.indicators.indicator_registry import find
from Backtest.reader.clause import Clause
from Backtest.reader.scope import mentions
from Backtest.reader.statement_syntax import IndicatorsSaid
from Backtest.reader.syntax import Mention, Span

_NOUN = r"(?: (?:indicators?|oscillators?|lines?|of them|them))"
_THEM = (
    rf"(?:(?:all|both)(?: of)?(?: (?:the|my|our))?{_NOUN}?|"
    rf"(?:every|each)(?: one of)?(?: (?:the|my|our))?{_NOUN}|everything)"
)
_USE = r"(?: (?:is|are|use|uses|on|with|at|have|has|over|set to|run on|runs on|calculated|computed|of|a|the|default))*"
_FOR_ALL = re.compile(
    rf"(?i)(?:{_THEM}{_USE} (?P<n>\d+)[- ]?(?:periods?|bars?)?(?: (?:long|each|lengths?|settings?|lookbacks?))?|"
    rf"(?:period|length|lookback|look-back)(?: (?:is|of|=))? (?P<m>\d+) (?:for|on|in) {_THEM}|"
    rf"(?P<k>\d+)[- ]?(?:periods?|bars?) (?:for|on) {_THEM})"
)
_LENGTHS = re.compile(r"(?i)period|length|look|indicator|oscillator|bars? (?:long|each)")


class ForAll(NamedTuple):
    length: float
    two: bool
    span: Span
    sentence: int


def length_for_all(written: str, span: Span, sentence: int) -> ForAll | None:
    """What a sentence says of all lengths; a number beside no word of length may be anything."""
    found = _FOR_ALL.fullmatch(written.strip())
    if found is None or not _LENGTHS.search(written):
        return None
    return ForAll(float(found["n"] or found["m"] or found["k"]), "both" in written.lower(), span, sentence)


def lengths_settled(said: ForAll, clauses: Sequence[Clause]) -> Clause | None:
    """The lengths of the indicators that have none yet; None where one of them takes more than a length."""
    bare = {
        (one.name, one.output): one
        for clause in clauses
        for one in mentions(clause.said)
        if not one.numbers and one.period is None
    }
    names = {name for name, _ in bare}
    if not bare or (said.two and len(names) != 2) or any(len(find(name).parameters) != 1 for name in names):
        return None
    named = tuple(Mention(name, output=output, numbers=(said.length,), span=said.span) for name, output in bare)
    return Clause(IndicatorsSaid(named, said.span), said.span, said.sentence)
