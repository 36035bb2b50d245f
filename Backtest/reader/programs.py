"""Calls of charting programs in the words that they stand for: `strategy.entry("Long", strategy.long)` is "buy"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.syntax import Span

_ID = r"(?:id\s*=\s*)?\"[^\"\n]*\"|(?:id\s*=\s*)?'[^'\n]*'"
_ENTRY = re.compile(
    rf"strategy\.entry\(\s*(?:{_ID})\s*,\s*(?:direction\s*=\s*)?(?:strategy\.(?P<side>long|short)|true)\s*"
    r"(?P<ends>\)|,\s*when\s*=\s*)"
)
_CLOSE = re.compile(rf"strategy\.close(?:_all\(\s*(?P<all>\))|\(\s*(?:{_ID})\s*(?P<ends>\)|,\s*when\s*=\s*))")
_BARE = re.compile(r"strategy\.(?P<act>entry|close)(?=\s+(?:on|when|if)\b)")
_ASSIGNED = re.compile(r"\b(?:Buy|Sell|Short|Cover)\s*=")


def in_words(text: str) -> tuple[str, list[Span]]:
    """The text with calls as words of the same length, and where they stood."""
    spans: list[Span] = []

    def said(call: re.Match[str], words: str) -> str:
        spans.append(call.span())
        return (f"{words} when (" if (call.groupdict().get("ends") or ")") != ")" else words).ljust(len(call[0]))

    text = _ENTRY.sub(lambda call: said(call, "sell short" if call["side"] == "short" else "buy"), text)
    text = _CLOSE.sub(lambda call: said(call, "exit"), text)
    text = _BARE.sub(lambda call: said(call, "enter" if call["act"] == "entry" else "exit"), text)
    return text, spans


def with_crossings(tokens: Sequence[Token], text: str) -> list[Token]:
    """ "Buy = Cross(MA(C, 10), MA(C, 30))": the formula languages that write so mean a crossing upwards."""
    if not _ASSIGNED.search(text):
        return list(tokens)
    return [
        replace(one, kind="CROSSES_UP")
        if one.text == "Cross" and [token.kind for token in tokens[i + 1 : i + 2]] == ["LPAR"]
        else one
        for i, one in enumerate(tokens)
    ]
