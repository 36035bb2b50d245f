"""The side of a rule that its own words leave out: that of the heading above it, or of the exit before it."""

import re
from collections.abc import Sequence
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


def narrowed(said: Statement, before: Sequence[object], text_before: Sequence[object]) -> Statement:
    """ "Only take longs if A and shorts if B", of sides that have their entries: B narrows as A does.

    `before` are the statements of the sentence, `text_before` those of the text in front of it.
    """
    last = before[-1] if before else None
    if not (isinstance(said, EntrySaid) and isinstance(last, FilterSaid)):
        return said
    entered = {one.side for one in text_before if isinstance(one, EntrySaid)}
    plain = said.order.kind == "market" and said.size is None and said.lead is None
    if (
        said.when is None
        or not plain
        or last.side is None
        or said.side in {None, last.side}
        or said.side not in entered
    ):
        return said
    return FilterSaid(said.when, said.side, said.span)
