"""Names that a text gives to conditions ("longCondition = RSI(14) < 30", "let A be ..."), put back where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from Backtest.reader.lexicon import Token
from Backtest.reader.lines import content_of
from Backtest.reader.meanings import meanings
from Backtest.reader.statement_syntax import BareCondition
from Backtest.reader.syntax import Span

_LETTER = r"[A-Z]"
_NUMBERED = r"(?:condition|rule|signal|setup|filter|criterion|test|check)[ _]?(?:\d|[A-Za-z])"
_WRITTEN = r"[A-Za-z]\w*(?:_\w+|[a-z][A-Z]\w*|\d)"
_LED = r"(?:(?:let|define|set|call|where|with|given) )"
_DEFINED = re.compile(
    rf"(?:(?:^|(?<=[.;,:\n(]))[ \t]*|\band )"
    rf"(?:(?i:{_LED})?(?P<name>(?i:{_NUMBERED})|{_WRITTEN}|{_LETTER})[ \t]*(?::=|=(?!=)|:(?!=))[ \t]*|"
    rf"(?i:{_LED})(?P<led>(?i:{_NUMBERED})|{_WRITTEN}|{_LETTER}) (?:be|is|as|means|when) |"
    rf"(?P<told>(?i:{_NUMBERED})|{_WRITTEN}|{_LETTER}) (?:is|means|=) )",
    re.MULTILINE,
)
_COUNTS = {"both": 2, "two": 2, "either": 2, "three": 3, "four": 4}
_ENDS = frozenset({"DOT", "NEWLINE"})
_BESIDE = frozenset("WHEN WHILE AND OR BOTH NOT LPAR THEN EITHER AFTER ALL_OF ONLYWHEN UNLESS EACH_TIME".split())
_TOGETHER = re.compile(
    r"(?i)\b(?:(?P<all>both|all(?: (?:two|three|four))?|these)(?: of)?(?: the| these| my)? (?:conditions|rules|"
    r"criteria|signals|filters|tests|checks)|(?P<any>either|any(?: one)?)(?: of)?(?: the| these| my)? "
    r"(?:conditions?|rules?|signals?|tests?|checks?))(?: (?:is|are) (?:true|met)| holds?)?\b"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """The words from `begin` to `end` say what `name` is: `condition`, in brackets."""

    name: str
    condition: tuple[Token, ...]
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Use:
    """Where the names of conditions stand for them."""

    begin: int
    end: int
    of: tuple[_Named, ...]
    joint: str = "AND"


def with_conditions(tokens: Sequence[Token], text: str) -> tuple[list[Token], list[Span]]:
    """The tokens with each named condition where its name stood and without the definitions, and where these were.

    A name that is defined twice, or never used, or used where no condition can be, is none: its words stay.
    """
    defined = list(_definitions(tokens, text))
    names = [one.name for one in defined]
    defined = [one for one in defined if names.count(one.name) == 1]
    uses = [use for one in defined for use in _uses(one, defined, tokens, text)] + _together(defined, text)
    found = [one for one in defined if any(one in use.of for use in uses)]
    if not found or not all(_is_whole(tokens, use) for use in uses):
        return list(tokens), []
    places = {use.begin: use for use in uses}
    out: list[Token] = []
    end = -1
    for token in tokens:
        if token.start < end or any(one.begin <= token.start < one.end for one in found):
            continue
        use = places.get(token.start)
        if use is None:
            out.append(token)
            continue
        end = use.end
        out += _conditions(use)
    return out, [(one.begin, one.end) for one in found]


def _conditions(use: _Use) -> list[Token]:
    """The conditions in brackets, one word after another at the place of their name."""
    said: list[Token] = []
    for i, one in enumerate(use.of):
        said += [*([_sign(use.joint)] if i else []), _sign("LPAR"), *one.condition, _sign("RPAR")]
    said = [_sign("LPAR"), *said, _sign("RPAR")] if len(use.of) > 1 else said
    marks = [use.begin + (use.end - use.begin) * i // len(said) for i in range(len(said) + 1)]
    return [replace(one, start=a, end=b, corrected=None) for one, (a, b) in zip(said, pairwise(marks), strict=True)]


def _sign(kind: str) -> Token:
    return Token(kind, "", 0, 0)


def _is_whole(tokens: Sequence[Token], use: _Use) -> bool:
    """Whether the name is made of whole tokens."""
    return any(one.start == use.begin for one in tokens) and any(one.end == use.end for one in tokens)


def _definitions(tokens: Sequence[Token], text: str) -> Iterator[_Named]:
    heads = [one for one in _DEFINED.finditer(text) if text[one.end() : one.end() + 1].strip()]
    for i, head in enumerate(heads):
        name = head["name"] or head["led"] or head["told"]
        until = heads[i + 1].start() if i + 1 < len(heads) else len(text)
        first = next((n for n, one in enumerate(tokens) if one.start >= head.end()), len(tokens))
        end = next((n for n in range(first, len(tokens)) if tokens[n].kind in _ENDS or tokens[n].start >= until), None)
        line = list(tokens[first : end if end is not None else len(tokens)])
        while line and line[-1].kind in {"COMMA", "AND", "NOISE"}:
            line.pop()
        said = meanings(content_of(line), "item")
        if len(said) == 1 and len(said[0]) == 1 and isinstance(said[0][0], BareCondition):
            yield _Named(name, tuple(content_of(line)), head.start(), line[-1].end)


def _uses(one: _Named, defined: Sequence[_Named], tokens: Sequence[Token], text: str) -> list[_Use]:
    """Where the name stands outside of the definitions; a letter counts as it is written, and among conditions."""
    letter = len(one.name) == 1
    name = re.escape(one.name) if letter else f"(?i:{re.escape(one.name)})"
    pattern = re.compile(rf"(?<![\w'.]){name}(?: (?:holds?|is true|is met|applies|apply)\b)?(?![\w'(=])")
    places = [use.span() for use in pattern.finditer(text)]
    places = [(a, b) for a, b in places if not any(each.begin <= a < each.end for each in defined)]
    return [_Use(a, b, (one,)) for a, b in places if not letter or _is_condition(tokens, a, b)]


def _is_condition(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether a letter stands where a condition does: "when A and B", and not "a dip"."""
    content = [one for one in tokens if one.kind != "NOISE" or begin <= one.start < end]
    at = next((i for i, one in enumerate(content) if one.start == begin and one.end == end), None)
    if at is None:
        return False
    before = content[at - 1].kind if at else ""
    following = content[at + 1].kind if at + 1 < len(content) else ""
    return before in _BESIDE or following in {"AND", "OR", "THEN", "RPAR"}


def _together(defined: Sequence[_Named], text: str) -> list[_Use]:
    """ "Both conditions", of as many that are numbered."""
    numbered = tuple(one for one in defined if re.fullmatch(rf"(?i){_NUMBERED}", one.name))
    out: list[_Use] = []
    for said in _TOGETHER.finditer(text):
        inside = any(one.begin <= said.start() < one.end for one in defined)
        count = next((n for word, n in _COUNTS.items() if word in said[0].lower()), len(numbered))
        if len(numbered) > 1 and count == len(numbered) and not inside:
            out.append(_Use(*said.span(), numbered, "OR" if said["any"] else "AND"))
    return out
