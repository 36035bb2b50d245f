"""Remarks in words that no table lists: what says nothing of a trade, by its shape and by what is not in it.

A sentence that is not read is a remark only if nothing in it could bear on a trade: no number, action, comparison or
condition, and none of the words that are listed as weighty, however the rest is worded. It is named as noise, so that
its author sees it; whatever is in doubt is asked about.
"""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import narrators, weighty
from Backtest.reader.titles import ABANDONED, words_of

LIGHT = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON LPAR RPAR AND OR IT ITS OF IN ON AT TO FOR FROM BY WITH AS THEN IS HAS CHART SETUP "
    "MAKES BACK L_RULES L_INDICATORS TICKER IND OUT MA CROSSNAME FIRST NOT MOVE TERM".split()
)
"""Kinds of tokens that ask for nothing by themselves."""
_FILLERS = frozenset("so and but well ok okay oh hey hi yes yeah anyway honestly also now".split())
_REASONS = frozenset({"because", "cause", "cuz", "coz"})


def is_remark(tokens: Sequence[Token], text: str) -> bool:
    """ "My mate swears by this one": somebody, or something, and not a word that could bear on a trade.

    `tokens` are those of a part of `text`, with or without those of noise.
    """
    if not tokens:
        return False
    before = re.split(r"[^\w'’ ]", text[: tokens[0].start])[-1]
    words = [word for word in words_of(tokens) if word[0].isalnum()]
    led = [word for word in [*before.lower().replace("’", "'").split(), *words] if word not in _FILLERS]
    told = [token for token in tokens if token.kind != "NOISE"]
    if not told or not any(token.kind == "UNKNOWN" for token in told) or {*words} & ABANDONED:
        return False
    if not led or led[0] not in narrators() or any(token.kind not in LIGHT and not _is_one(token) for token in told):
        return False
    return not any(word in weighty() for word in led)


def is_reason(tokens: Sequence[Token]) -> bool:
    """ "because stops have only ever cost us money": why a rule is, which changes nothing of it."""
    words = words_of(tokens)
    if not words or words[0] not in _REASONS:
        return False
    return not any(token.kind in _FIGURES for token in tokens)


def _is_one(token: Token) -> bool:
    return token.text.lower() == "one"


_FIGURES = frozenset(
    "NUMBER PERCENT MONEY PIPS RMULT PERIOD TIMES IND OUT MA CHANNEL GT LT GE LE EQ CROSS ABOVE BELOW OVER WHEN".split()
)
