"""The side of a rule that its own words leave out: that of the heading above it, or of the exit before it."""

import re
from dataclasses import replace

from Backtest.reader.statement_syntax import (
    EntrySaid,
    ExitSaid,
    FilterSaid,
    ListSaid,
    Statement,
)
from Backtest.reader.syntax import (
    Side,
)

_HEADING = re.compile(r"(?:go |going )?(long|short)s?(?: (?:side|setup|rules?|strategy|trades?))?\s*:?", re.IGNORECASE)
_NOUN = re.compile(
    r"(?:(?:any|all|the|a|your|my|our|open)\s+)*(long|short)(s?)((?:\s+(?:positions?|trades?|side|ones?))?)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(r"\b(?:long|short)s?\b", re.IGNORECASE)
_REPEATED = re.compile(r"\b(?:each|every|any) time\b|\bwhenever\b", re.IGNORECASE)
_EXIT_VERBS: dict[Side, str] = {"long": "sell", "short": "cover"}


class Unsided(Exception):
    """A rule whose side can't be told; the message says why."""


def side_of_heading(text: str) -> Side | None:
    """The side that a heading names and nothing else: "Long", "SHORT SIDE:", "Short setup"."""
    found = _HEADING.fullmatch(text.strip(" *_#"))
    return None if found is None else "long" if found[1].lower() == "long" else "short"


def under_side(said: Statement, side: Side) -> Statement:
    """`said` as a rule of the section of that side. Raises Unsided where its verb is the other side's."""
    match said:
        case EntrySaid(side=None):
            return replace(said, side=side)
        case ListSaid(side=None):
            return replace(said, side=side)
        case ExitSaid(verb="exit"):
            return replace(said, verb=_EXIT_VERBS[side])
        case EntrySaid(side=other) if other != side:
            raise Unsided(f"an entry of the other side below the heading of the {side} side")
        case ExitSaid(verb=verb) if verb not in {_EXIT_VERBS[side], "rest"}:
            raise Unsided(f"this verb closes no {side} position, and it stands below the heading of the {side} side")
        case FilterSaid(side=None):
            raise Unsided(f"a filter below the heading of the {side} side: of which entries")
        case _:
            return said


def elided_exit(said: Statement, words: str, exit_words: str) -> Statement:
    """ "exit longs when A and shorts when B": B closes the short, for an elided verb is that of the clause before.

    `words` are those of `said`, `exit_words` those of the exit before it in the sentence. Raises Unsided where a noun
    stands for a verb and the exit names no side.
    """
    noun = _NOUN.match(words)
    if not isinstance(said, EntrySaid) or noun is None:
        return said
    if _SIDE.search(exit_words) is None:
        if noun[2] or noun[3].strip():
            raise Unsided("a position without a verb: is it entered or closed")
        return said
    if said.when is None or said.order.kind != "market" or said.size is not None:
        raise Unsided("a position without a verb: is it entered or closed")
    return ExitSaid(_EXIT_VERBS["long" if noun[1].lower() == "long" else "short"], said.when, span=said.span)


def check_verb(said: Statement, words: str, exit_words: str) -> None:
    """Raises Unsided for "Exit longs when A. Shorts when B.": it may go on with the exits or begin entries."""
    noun = _NOUN.match(words)
    if isinstance(said, EntrySaid) and noun is not None and noun[2] and _SIDE.search(exit_words) is not None:
        raise Unsided("a position without a verb: is it entered or closed")


def is_repeated(said: Statement, words: str) -> bool:
    """Whether a part is to be closed each time something happens; a partial exit happens once (rule 22)."""
    return isinstance(said, ExitSaid) and bool(said.portion) and _REPEATED.search(words) is not None
