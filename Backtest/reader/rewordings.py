"""Turns of phrase that stand for plainer ones (phrases/turns.txt), put in their place before the text is read.

Every letter keeps its place: a turn is replaced by words that are no longer than it, and the rest of it by spaces.
"""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from Backtest.reader.required_words import required_words
from Backtest.reader.syntax import Span

_TABLE = Path(__file__).parent / "phrases" / "turns.txt"
_MACROS = {
    "{BEGINS}": r"(?:(?<=[.,;:!?(\n–—*•-] )|(?<=\n)|^)",
    "{ENDS}": r"(?=\s*(?:[,.;:)!]|$))",
    "{DAY}": r"(?:day|bar|candle|session)",
}


class _Turn(NamedTuple):
    """`plain` may name groups of the pattern, as in `re.Match.expand`; without any of `needs` there is none."""

    pattern: re.Pattern[str]
    plain: str
    needs: tuple[str, ...]


@lru_cache(maxsize=1)
def _turns() -> tuple[_Turn, ...]:
    return tuple(_read())


def _read() -> Iterator[_Turn]:
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    for i, line in enumerate(lines):
        if line.startswith(" "):
            continue
        following = lines[i + 1].strip() if i + 1 < len(lines) and lines[i + 1].startswith(" ") else ""
        for name, meant in _MACROS.items():
            line = line.replace(name, meant)
        plain = following.removeprefix("=>").removeprefix(" ")
        yield _Turn(re.compile(f"(?im){line}"), plain.removesuffix("$"), required_words(line))


def reworded(text: str) -> tuple[str, list[Span]]:
    """The text in plainer words, every letter in its place, and where the turns of phrase stood."""
    spans: list[Span] = []
    lower = text.lower()
    for turn in _turns():
        if turn.needs and not any(word in lower for word in turn.needs):
            continue
        text = turn.pattern.sub(partial(_said, plain=turn.plain, spans=spans), text)
    return text, spans


def _said(found: re.Match[str], plain: str, spans: list[Span]) -> str:
    words = found.expand(plain)
    if len(words) > len(found[0]):
        return found[0]
    spans.append(found.span())
    return words.ljust(len(found[0]))
