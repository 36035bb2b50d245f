"""Phrases that are meant only beside others: "years" of dates, a "volatility" that is a percentage."""

import re
from collections.abc import Sequence

from Backtest.reader.number_words import NUMBER_WORDS
from Backtest.reader.phrases import Phrase

BESIDE_ONLY = frozenset({"YEAR", "DATE_BEGIN", "DATE_END", "VOL_TARGET", "ANNUAL"})
_DATE = re.compile(r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?|year)")
_LATELY = frozenset({"last", "past", "previous"})
_PERCENT = frozenset({"%", "percent", "pct"})


_AIMED = frozenset("$ profit profits gain gains target reward return".split())
_NEXT = frozenset({"next", "following"})
_COMPARED = frozenset("higher lower up down above below green red".split())


def depends(phrase: Phrase) -> bool:
    """Whether it takes the words beside a phrase to know it; among them the next day, which is when orders fill."""
    next_day = phrase.kind == "NOISE" and len(phrase.words) > 1 and phrase.words[-2] in _NEXT
    return phrase.kind in BESIDE_ONLY or next_day or _is_aim(phrase)


def _is_aim(phrase: Phrase) -> bool:
    """ "Look for 5%" is a target; "look for a hammer" is none."""
    return phrase.kind == "TARGET" and phrase.words[-1] == "for"


def is_meant(phrase: Phrase, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a phrase is meant as the terminal that it is listed as, by the words `before` and `after` it."""
    if phrase.kind in {"VOL_TARGET", "ANNUAL"}:
        alone = phrase.words == ("volatility",) or (phrase.kind == "ANNUAL" and "252" not in phrase.words)
        return not alone or (bool(before) and before[-1] in _PERCENT)
    if phrase.kind == "NOISE":  # "it closes higher the next day" is no order
        said = before[:1] if before[-1:] == ["it"] else before[-1:]
        return _COMPARED.isdisjoint(said)
    if _is_aim(phrase):
        return any(word[:1].isdigit() or word in NUMBER_WORDS or word in _AIMED for word in after[:3])
    if phrase.kind not in BESIDE_ONLY:
        return True
    if after and _DATE.fullmatch(after[0]) is not None:
        return True
    counted = bool(before) and (before[-1].isdigit() or before[-1] in NUMBER_WORDS)
    return phrase.kind == "YEAR" and counted and before[0] in _LATELY
