"""Sums of an account that are written without a currency: "with 50k", "starting from 20,000"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token

_BEFORE = frozenset({"WITH", "HAS", "DATE_FROM", "CASH"})
_BEHIND = frozenset({"COMMA", "COLON", "DASH", "AND", "EQUITY", "CASH"})
_SUM = re.compile(r"(?i)\d+(?:\.\d+)?k|\d{1,3}(?:,\d{3})+")


def with_sums(content: Sequence[Token]) -> list[Token]:
    """The tokens with such a number, which no unit follows, as money."""
    return [
        replace(one, kind="MONEY")
        if one.kind == "NUMBER"
        and _SUM.fullmatch(one.text)
        and i
        and content[i - 1].kind in _BEFORE
        and (i + 1 == len(content) or content[i + 1].kind in _BEHIND)
        else one
        for i, one in enumerate(content)
    ]
