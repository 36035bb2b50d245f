"""Where a text gives a name to a line: "let F = EMA(15)", "column F is CCI(20)", "call the 20-day high the ceiling"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from Backtest.reader.lexicon import Token
from Backtest.reader.lines import content_of
from Backtest.reader.meanings import meanings
from Backtest.reader.statement_syntax import BareCondition
from Backtest.reader.syntax import Apart, Before, Extreme, Formula, Mention, Relation, Scaled

Name = tuple[str, ...]
Lines = Mapping[Name, tuple[Token, ...]]

_LEADS: Final = frozenset({"let", "define", "set", "where", "with", "given", "given that", "denote"})
_CALLS: Final = frozenset({"call", "name", "label", "dub", "denote"})
_OWNERS: Final = frozenset({"my", "our"})
_COLUMNS: Final = frozenset({"column", "col", "col."})
_SHEETS: Final = frozenset({"sheet", "spreadsheet", "table", "workbook", "excel", "chart", "file", "template"})
_ARTICLES: Final = frozenset({"the", "a", "an"})
_LABELS: Final = frozenset(
    "definition definitions input inputs line lines notation variable variables legend terms term channel bands band "
    "setup indicator indicators signal signals averages names columns".split()
)
_SIDES: Final = frozenset({"UPPER", "LOWER", "MIDDLE"})
_JOINTS: Final = frozenset({"COMMA", "AND"})
_BREAKS: Final = frozenset({"DOT", "NEWLINE", "COLON"})
_ENDS: Final = frozenset({*_JOINTS, *_BREAKS, "WHEN", "BUY", "SELL", "ENTER", "EXIT", "LONG", "SHORT"})
_NAMES: Final = frozenset({"UNKNOWN", "FAST"})
_CHART_FIGURE: Final = "elliott waves and chart figures"
_NOUNS: Final = frozenset({"MA", "BAND"})
_COLOURED: Final = frozenset({"BUY_STATE_UP", "BUY_STATE_DOWN"})
_NAMED: Final = frozenset({*_NAMES, *_SIDES, *_COLOURED, "LONG", "SHORT"})
_MEASURES: Final = frozenset({"TICKER", "IBS", "SPREAD", "RANGE", "TREND", "LEVEL"})
_OF_BANDS: Final = frozenset("CHANNEL BAND OF HALF THIRD QUARTER FIFTH TENTH PERCENT LPAR".split())
_COMPARED: Final = (Token("CLOSE", "close", 0, 0), Token("GT", ">", 0, 0))
_OPEN, _CLOSE = Token("LPAR", "(", 0, 0), Token("RPAR", ")", 0, 0)
_LONGEST_LINE: Final = 26  # tokens

_LONGEST_LEAD = 12
"""Words and signs that may stand between a definition's beginning and its name."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The tokens `begin` to `end` name a line; `names` are what it is called, in lower case but for single letters."""

    names: tuple[Name, ...]
    line: tuple[Token, ...]
    begin: int
    end: int


def definitions(tokens: Sequence[Token]) -> list[Definition]:
    """The definitions of a text in order; the lines of later ones have the earlier names' lines in their places."""
    found: list[Definition] = []
    lines: dict[Name, tuple[Token, ...]] = {}
    i = 0
    while i < len(tokens):
        follows = bool(found) and found[-1].end == i and tokens[i - 1].kind not in _BREAKS
        one = next(_definitions_at(tokens, i, lines, follows=follows), None)
        if one is None:
            i += 1
            continue
        found.append(one)
        lines.update((name, one.line) for name in one.names)
        i = one.end
    return found


def name_at(tokens: Sequence[Token], i: int, names: Lines) -> Name | None:
    """The name that stands at `i`; "the upper" alone, where the upper line was named, but no "upper Bollinger band"."""
    for name in sorted(names, key=len, reverse=True):
        if spelt(tokens[i : i + len(name)]) != name:
            continue
        following = tokens[i + len(name)].kind if i + len(name) < len(tokens) else ""
        if tokens[i + len(name) - 1].kind not in _SIDES or following not in _OF_BANDS:
            return name
    return None


def spelt(tokens: Sequence[Token]) -> Name:
    return tuple(token.text if len(token.text) == 1 else token.text.lower() for token in tokens)


def with_lines(tokens: Sequence[Token], names: Lines) -> list[Token]:
    """The tokens with each name's line in its place."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        name = name_at(tokens, i, names)
        if name is None:
            out.append(tokens[i])
            i += 1
            continue
        last = tokens[i + len(name) - 1]
        out += [replace(token, start=tokens[i].start, end=last.end, corrected=None) for token in names[name]]
        i += len(name)
    return out


def _definitions_at(tokens: Sequence[Token], i: int, lines: Lines, *, follows: bool) -> Iterator[Definition]:
    begins = not i or tokens[i - 1].kind in _BREAKS or _is_bullet(tokens, i - 1)
    ways = (_by_equation, _by_calling, _by_use) if begins or follows or _is_lead(tokens[i]) else (_by_equation,)
    for way in ways:
        one = way(tokens, i, begins=begins, follows=follows)
        if one is None:
            continue
        line = tuple(_divided(with_lines(one.line, lines)))
        line = line if _is_line(line) else (_OPEN, *line, _CLOSE)  # "EMA(10) - EMA(30)"
        if _is_line(line):
            yield replace(one, line=line, begin=_label_before(tokens, i))


def _label_before(tokens: Sequence[Token], i: int) -> int:
    """Where the label begins that stands before a definition ("Definitions: ...", "Channel: ...")."""
    if i and _is_bullet(tokens, i - 1):
        i -= 1
        while i > 2 and tokens[i - 1].kind == "NEWLINE":
            i -= 1
    if i < 2 or tokens[i - 1].kind != "COLON":
        return i
    begin = i - 2
    while begin and tokens[begin - 1].kind not in {"DOT", "NEWLINE"} and tokens[begin - 1].text.lower() in _OWNERS:
        begin -= 1
    opens = not begin or tokens[begin - 1].kind in {"DOT", "NEWLINE"}
    return begin if opens and tokens[i - 2].text.lower() in _LABELS else i


def _is_bullet(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i].kind == "DASH" and (not i or tokens[i - 1].kind == "NEWLINE")


def _by_equation(tokens: Sequence[Token], begin: int, *, begins: bool, follows: bool) -> Definition | None:
    """ "let F = EMA(15)", "F := EMA(15)", "where N is the 20-day ATR", each with the "and" before it.

    One that `follows` another may leave out its verb ("let F be the 15-day EMA and S the 40-day EMA"); words that
    are known to nobody, and those that are said to be the author's own, need no lead at the beginning of a sentence.
    """
    i, is_led = _after_sheet(tokens, begin), False
    last = min(len(tokens), i + _LONGEST_LEAD)
    while i < last and (tokens[i].kind in _JOINTS or tokens[i].kind == "NOISE" or _is_lead(tokens[i])):
        if _kinds(tokens, i + 1, 1) == ["EQ"] or _names_at(tokens, i, is_led=False)[1] > 1:
            break  # "A = SMA(10)", "trigger line = EMA(20)"
        is_led |= _is_lead(tokens[i])
        i += 1
    names, length = _names_at(tokens, i, is_led=is_led or follows)
    if not names:
        return None
    at = _after_sheet(tokens, i + length)
    owned = any(token.text.lower() in _OWNERS for token in tokens[begin:i])
    own = begins and (owned or len(names) > 1 or tokens[i].kind in {"UNKNOWN", "UNSUPPORTED", *_COLOURED, "FAST"})
    kinds = _kinds(tokens, at, 2)
    if kinds[:1] == ["EQ"] or ((is_led or follows or own) and kinds[:1] in (["IS"], ["AS"])):
        at += 1
    elif kinds == ["COLON", "EQ"]:
        at += 2
    elif begins and (length > 1 or tokens[i].kind == "FAST") and kinds[:1] == ["COLON"]:  # "Slow line: SMA(100)"
        at += 1
    elif not (follows and kinds[:1] == ["NOISE"]):
        return None
    end = _end_of_line(tokens, at)
    return Definition(names, tuple(content_of(tokens[at:end])), begin, end)


def _by_calling(tokens: Sequence[Token], begin: int, *, begins: bool, follows: bool) -> Definition | None:
    """ "call the 20-day high the ceiling and the 10-day low the floor", "the 20-day high I call the ceiling"."""
    end = _end_of_line(tokens, begin + (tokens[begin].kind in _JOINTS))
    calls = [k for k in range(begin, end) if tokens[k].text.lower() in _CALLS]
    if len(calls) > 1 or not (calls or follows):
        return None
    plain = [k for k in range(begin, end) if tokens[k].kind not in {*_JOINTS, "NOISE"} and k not in calls]
    named = _last_name(tokens, plain)
    if not named:
        return None
    between = [k for k in plain if k not in named and tokens[k].text.lower() not in {"that", "which"}]
    names, _ = _names_at(tokens, named[0], is_led=True)
    return Definition(names, tuple(tokens[k] for k in between), begin, end) if names else None


def _by_use(tokens: Sequence[Token], begin: int, *, begins: bool, follows: bool) -> Definition | None:
    """ "We use the 20-day EMA as our baseline", "the 200-day SMA is my trend line"."""
    i = begin
    while i < len(tokens) and tokens[i].kind == "NOISE":
        i += 1
    used = _kinds(tokens, i, 1) == ["PLACE"]
    i += used
    end = _end_of_line(tokens, i)
    marks = [k for k in range(i, end) if tokens[k].kind == ("AS" if used else "IS")]
    if not begins or len(marks) != 1:
        return None
    plain = [k for k in range(marks[0] + 1, end) if tokens[k].kind != "NOISE"]
    names, length = _names_at(tokens, plain[0], is_led=True) if plain else ((), 0)
    if not names or plain[0] + length != end:
        return None
    return Definition(names, tuple(content_of(tokens[i : marks[0]])), begin, end)


def _last_name(tokens: Sequence[Token], plain: Sequence[int]) -> list[int]:
    """Where the name stands that ends these words."""
    for length in (2, 1):
        named = list(plain[-length:])
        if len(named) == length < len(plain) and named[-1] - named[0] == length - 1:
            _, found = _names_at(tokens, named[0], is_led=True)
            if found == length:
                return named
    return []


def _after_sheet(tokens: Sequence[Token], i: int) -> int:
    """Behind "of my sheet", "in the spreadsheet,": where a column stands."""
    if _kinds(tokens, i, 1) not in (["OF"], ["IN"]):
        return i
    at = i + 1
    while _kinds(tokens, at, 1) == ["NOISE"] and tokens[at].text.lower() not in _SHEETS:
        at += 1
    if at == len(tokens) or tokens[at].text.lower() not in _SHEETS:
        return i
    return at + 2 if _kinds(tokens, at + 1, 1) == ["COMMA"] else at + 1


def _kinds(tokens: Sequence[Token], i: int, count: int) -> list[str]:
    return [token.kind for token in tokens[i : i + count]]


def _is_lead(token: Token) -> bool:
    return token.text.lower() in _LEADS


def _names_at(tokens: Sequence[Token], i: int, *, is_led: bool) -> tuple[tuple[Name, ...], int]:
    """What the words at `i` can name, and how many they are: words of no other meaning, perhaps with a noun behind.

    A column goes by its letter too, the upper, middle or lower line by its side.
    """
    if i >= len(tokens) or _is_lead(tokens[i]):
        return (), 0
    first, second = tokens[i], tokens[i + 1] if i + 1 < len(tokens) else None
    if first.text.lower() in _COLUMNS and second is not None and len(second.text) == 1 and second.text.isalpha():
        return (spelt((first, second)), spelt((second,))), 2
    nominal = second is not None and second.kind in _NOUNS
    if nominal and (first.kind in _NAMED or (first.kind == "NOISE" and first.text.lower() not in _ARTICLES | _OWNERS)):
        both = spelt(tokens[i : i + 2])
        return ((both, both[:1]) if first.kind in _SIDES else (both,)), 2
    equated = _kinds(tokens, i + 1, 1) == ["EQ"]
    defined = is_led or equated
    figure = first.kind == "UNSUPPORTED" and first.value == _CHART_FIGURE
    letter = defined and len(first.text) == 1
    known = (defined and first.kind in _SIDES) or (equated and first.kind in _MEASURES)
    if not (first.kind in _NAMES or figure or letter or known) or not first.text.replace(" ", "").isalpha():
        return (), 0
    return (spelt((first,)),), 1


def _end_of_line(tokens: Sequence[Token], begin: int) -> int:
    depth = 0
    for i in range(begin, len(tokens)):
        depth += (tokens[i].kind == "LPAR") - (tokens[i].kind == "RPAR")
        if depth <= 0 and tokens[i].kind in _ENDS and tokens[i].text.lower() not in {"+", "plus"}:
            return i
    return len(tokens)


def _divided(line: Sequence[Token]) -> list[Token]:
    """ "(close - SMA(20)) over the standard deviation" divides: a definition compares nothing."""
    return [
        replace(token, kind="SLASH") if i and token.kind == "OVER" and line[i - 1].kind == "RPAR" else token
        for i, token in enumerate(line)
    ]


def _is_line(line: Sequence[Token]) -> bool:
    """Whether the words are one line and nothing else."""
    if not line or len(line) > _LONGEST_LINE:
        return False
    said = meanings([*_COMPARED, *line], "item")
    one = said[0][0] if len(said) == 1 and len(said[0]) == 1 else None
    when = one.when if isinstance(one, BareCondition) else None
    return isinstance(when, Relation) and isinstance(when.right, Mention | Extreme | Before | Apart | Formula | Scaled)
