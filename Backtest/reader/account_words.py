"""Sums of an account that are written without a currency: "with 50k", "starting from 20,000"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.statement_syntax import AccountSaid, Statement

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


def with_account(said: tuple[tuple[Statement, ...], ...]) -> tuple[tuple[Statement, ...], ...]:
    """ "Use $40k and 0.2% commission": a sum that is named with the costs is the account, and no size of a trade."""
    of_account = [statements for statements in said if all(isinstance(one, AccountSaid) for one in statements)]
    return (of_account[0],) if len(said) > 1 and len(of_account) == 1 and len(of_account[0]) > 1 else said
