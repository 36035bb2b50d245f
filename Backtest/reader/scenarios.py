"""Scenarios ("Given A / When B / Then buy"): what is given is a condition; a position that is given is none."""

import re

from Backtest.reader.syntax import Span

_GIVEN = re.compile(r"(?im)^[ \t]*(?:[-*•][ \t]*)?given\b|(?<=[.;:\n] )given\b")
_THEN = re.compile(r"(?i)\bthen\b")
_POSITION = re.compile(
    r"(?i)given (?:that )?(?:(?:i am|i'm|we are|we're|there is|the (?:strategy|system|account|trader) is) )?"
    r"(?:(?:no|an?|the|any|in|out of|already|currently|open|long|short|existing|running|active|flat|market) ?)+"
    r"(?:(?:position|positions|trade|trades)(?: is open| exists| is held| open)?)?[ \t]*(?:[,;]|(?=\n))"
)
_NAMED = re.compile(r"(?im)^[ \t]*(?:scenario|feature|background|example)\b[^:\n]{0,20}:?[^\n]*$")
_NEXT = re.compile(r"(?i)\n[ \t]*(?:[-*•][ \t]*)?(?=(?P<word>and|when|then)\b)")


def with_given(plain: str) -> tuple[str, list[Span]]:
    """The text with its scenarios as sentences, every letter in its place, and where the words stood that are "
    "left out."""
    if _GIVEN.search(plain) is None or _THEN.search(plain) is None:
        return plain, []
    left: list[Span] = []

    def blank(found: re.Match[str]) -> str:
        left.append(found.span())
        return re.sub(r"[^\n]", " ", found[0])

    plain = _NAMED.sub(blank, plain)
    plain = _POSITION.sub(blank, plain)
    plain = _GIVEN.sub(lambda found: found[0][:-5] + "While", plain)
    return _NEXT.sub(lambda found: (" " if found["word"].lower() == "and" else ",").ljust(len(found[0])), plain), left
