"""Turns that take the turn before back, or several."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import tokenize
from Backtest.reader.number_words import read_number_words
from Backtest.reader.phrases import undoings
from Backtest.reader.titles import words_of

_COURTESIES = frozenset({"please", "pls", "ok", "okay", "actually", "no", "oh", "wait", "hmm", "sorry", "thanks"})
_VERBS = r"(?:undo|revert|roll back|take back)"
_ANY_VERB = r"(?:undo|revert|roll back|take back|cancel|scrap|forget|drop|reverse|ignore)"
_CHANGES = r"(?:changes|edits)"
_THINGS = r"(?:changes|edits|steps|turns|ones|things|messages)"
_LAST = r"(?:last|previous|latest)"
_SEVERAL = re.compile(
    rf"{_VERBS} (?:the |my )?{_LAST} (?P<last>\w+)(?: {_THINGS})?"
    rf"|{_ANY_VERB} (?:the |my )?(?:{_LAST} )?(?P<count>\w+) (?:{_LAST} )?{_CHANGES}"
    rf"|go back (?:by )?(?P<steps>\w+) (?:steps|changes|versions|edits)"
    rf"|{_VERBS} (?P<times>twice|three times)"
)
_ALL = re.compile(
    rf"{_VERBS} (?:everything|all(?: of (?:it|that|them))?|it all)"
    rf"|{_ANY_VERB} (?:all (?:of )?)?(?:the |my |those |these )?{_CHANGES}"
    r"|(?:go |revert |roll |reset )?(?:back )?to (?:the |my )?(?:original|first|initial)"
    r"(?: (?:one|version|strategy|rules|idea|text|setup))?|go back to (?:the )?(?:start|beginning)"
)
_TIMES = {"twice": 2, "three times": 3}


def undone(turn: str) -> int | None:
    """How many turns a turn takes back that says nothing else: 0 for all of them; None where it is no such turn."""
    words = words_of([token for token in tokenize(turn) if token.text[:1].isalnum()])
    said = tuple(word for word in words if word not in _COURTESIES)
    if said in undoings():
        return 1
    told = " ".join(said)
    if _ALL.fullmatch(told):
        return 0
    several = _SEVERAL.fullmatch(told)
    if several is None:
        return None
    number = several["last"] or several["count"] or several["steps"] or several["times"]
    return _TIMES.get(number) or _counted(number)


def _counted(word: str) -> int | None:
    """The number that a word says, None for 0 and for no number."""
    said = read_number_words([word])
    return (int(word) if word.isdigit() else said[0] if said is not None else 0) or None


def taken_back(turns: Sequence[str]) -> frozenset[int]:
    """The places of the turns that change nothing: those taken back, and those that take back.

    Each takes back the last turns that still stand; the first turn is the strategy, which none of them takes back:
    where so many are not left the sentence stands, to be reported as not understood.
    """
    standing: list[int] = []
    left_out: set[int] = set()
    for place, turn in enumerate(turns):
        count = undone(turn) if place else None
        if count is not None and standing and count <= len(standing):
            gone = standing[-count:] if count else standing
            left_out |= {place, *gone}
            standing = standing[: len(standing) - len(gone)]
        elif place:
            standing.append(place)
    return frozenset(left_out)
