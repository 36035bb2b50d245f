"""Phrases that are meant only beside others: "years" of dates, a "volatility" that is a percentage."""

import re
from collections.abc import Sequence

from Backtest.reader.number_words import NUMBER_WORDS
from Backtest.reader.phrases import Phrase

BESIDE_ONLY = frozenset({"YEAR", "DATE_BEGIN", "DATE_END", "VOL_TARGET", "ANNUAL"})
_DATE = re.compile(r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?|year)")
_LATELY = frozenset({"last", "past", "previous"})
_PERCENT = frozenset({"%", "percent", "pct"})


def is_meant(phrase: Phrase, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a phrase is meant as the terminal that it is listed as, by the words `before` and `after` it."""
    if phrase.kind in {"VOL_TARGET", "ANNUAL"}:
        alone = phrase.words == ("volatility",) or (phrase.kind == "ANNUAL" and "252" not in phrase.words)
        return not alone or (bool(before) and before[-1] in _PERCENT)
    if phrase.kind not in BESIDE_ONLY:
        return True
    if after and _DATE.fullmatch(after[0]) is not None:
        return True
    counted = bool(before) and (before[-1].isdigit() or before[-1] in NUMBER_WORDS)
    return phrase.kind == "YEAR" and counted and before[0] in _LATELY
