"""Python source as pieces that a stylesheet colours."""

import io
import keyword
import tokenize
from collections.abc import Iterator

_KINDS = {tokenize.COMMENT: "comment", tokenize.STRING: "string", tokenize.NUMBER: "digits"}


def pieces(code: str) -> Iterator[tuple[str, str]]:
    """(CSS class or "", text) whose texts make up the code exactly; in one piece where it can't be read as Python."""
    try:
        spans = list(_spans(code))
    except (tokenize.TokenError, SyntaxError):
        spans = []
    at = 0
    for start, end, kind in spans:
        if start > at:
            yield "", code[at:start]
        yield kind, code[start:end]
        at = end
    if at < len(code):
        yield "", code[at:]


def _spans(code: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, class) of what is coloured, in characters from the beginning."""
    lines = io.StringIO(code, newline="").readlines()
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line))
    for token in tokenize.generate_tokens(iter(lines).__next__):
        kind = _KINDS.get(token.type, "")
        if token.type == tokenize.NAME and keyword.iskeyword(token.string):
            kind = "keyword"
        if kind:
            yield begins[token.start[0] - 1] + token.start[1], begins[token.end[0] - 1] + token.end[1], kind
