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

_HELD = re.compile(  # "if long and A: sell", which closes what is held whatever is said of it
    r"(?i)\b(?P<when>if|when|while) (?:(?:i'm|i am|we're|we are|already|currently) )*(?:"
    r"(?P<long>(?:in a )?long(?: position| trade)?|in (?:a )?(?:position|trade)|holding|invested)|"
    r"(?P<short>(?:in a )?short(?: position| trade)?)) (?:and|&&?) (?=(?P<rest>[^.;\n]+))"
)
_SOLD = re.compile(r"(?i)\b(?:sell|sells)\b(?! short| half| another| more)")
_COVERED = re.compile(r"(?i)\b(?:cover|covers|buy to cover)\b")
_CLOSED = re.compile(r"(?i)\b(?:exit|exits|close|closes|get out|sell)\b(?! half)")
_SHORTS = re.compile(r"(?i)\bshorts?\b")


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


def with_held(plain: str) -> tuple[str, list[Span]]:
    """The text without the positions of which its exits speak, and where they stood."""
    left: list[Span] = []

    def blank(found: re.Match[str]) -> str:
        closes = _SOLD if found["long"] else _COVERED
        if found["long"] and not _SHORTS.search(plain):
            closes = _CLOSED
        if closes.search(found["rest"]) is None:
            return found[0]
        left.append((found.end("when"), found.end()))
        return found["when"].ljust(len(found[0]))

    return _HELD.sub(blank, plain), left
