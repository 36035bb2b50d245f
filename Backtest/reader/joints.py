"""Signs inside words and numbers: hyphens and slashes that join, ranges, the signs of %k, %b and +di."""

from collections.abc import Sequence
from functools import lru_cache

from Backtest.reader.phrases import by_first_word
from Backtest.reader.tokens import Atom


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    return frozenset(p.words[0] for phrases in by_first_word().values() for p in phrases if p.kind == "WEEKDAY")


def joined(pieces: Sequence[Atom]) -> list[Atom]:
    """Drops hyphens and slashes inside words and before units; %k, +di and di- are words, a range gets its "to"."""
    out: list[Atom] = []
    for i, atom in enumerate(pieces):
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        before = out[-1] if out else None
        after_number = len(out) > 1 and out[-2].kind == "number"
        if atom.text in "-\u2013" and atom.kind == "sign" and _suspended(before, atom, following):
            continue
        if before is not None and _sticks(before, atom, after_number=after_number and before.glued):
            out[-1] = Atom("word", before.text + atom.text, before.start, atom.end, glued=before.glued)
        elif atom.text == "-" and before and following and {before.text, following.text} <= _weekdays():
            out.append(Atom("word", "-to-", atom.start, atom.end))
        elif atom.kind == "sign" and atom.text in "-/_" and _inside(before, atom, following):
            if before and following and before.kind == following.kind == "number" and atom.text in "-/":
                out.append(
                    Atom(
                        "word" if atom.text == "-" else "sign", {"-": "-to-"}.get(atom.text, "/"), atom.start, atom.end
                    )
                )
        else:
            out.append(atom)
    return out


def _suspended(before: Atom | None, atom: Atom, following: Atom | None) -> bool:
    """The hyphen of "the 50- and the 200-day averages"."""
    return (
        before is not None
        and following is not None
        and before.kind == "number"
        and atom.glued
        and not following.glued
        and following.text in {"and", "or", "to", ","}
    )


def _sticks(before: Atom, atom: Atom, *, after_number: bool) -> bool:
    if not atom.glued:
        return False
    if before.text == "%" and atom.text in {"k", "d", "r", "b"}:
        return not after_number
    if before.text in {"+", "-"} and before.kind == "sign":
        return atom.text == "di" and not after_number
    return before.text == "di" and atom.text in {"+", "-"} and atom.kind == "sign"


def _inside(before: Atom | None, atom: Atom, following: Atom | None) -> bool:
    return (
        before is not None
        and following is not None
        and before.kind in {"word", "number"}
        and following.kind in {"word", "number"}
        and atom.glued
        and following.glued
    )
