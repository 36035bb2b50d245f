"""Turns that take the turn before back."""

from collections.abc import Sequence

from Backtest.reader.lexicon import tokenize
from Backtest.reader.phrases import undoings
from Backtest.reader.titles import words_of

_COURTESIES = frozenset({"please", "pls", "ok", "okay", "actually", "no", "oh", "wait", "hmm", "sorry", "thanks"})


def is_undo(turn: str) -> bool:
    """Whether a turn says "undo" and nothing else."""
    words = words_of([token for token in tokenize(turn) if token.text[:1].isalnum()])
    return tuple(word for word in words if word not in _COURTESIES) in undoings()


def taken_back(turns: Sequence[str]) -> frozenset[int]:
    """The places of the turns that change nothing: those taken back, and those that take back.

    Each takes back the last turn that still stands; the first turn is the strategy, which none of them takes back:
    where nothing else is left the sentence stands, to be reported as not understood.
    """
    standing: list[int] = []
    left_out: set[int] = set()
    for place, turn in enumerate(turns):
        if place and standing and is_undo(turn):
            left_out |= {place, standing.pop()}
        elif place:
            standing.append(place)
    return frozenset(left_out)
