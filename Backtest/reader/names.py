"""Names that a text gives to its lines ("let F = EMA(15)"), put back wherever they are used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from Backtest.reader.lexicon import Token
from Backtest.reader.lines import content_of
from Backtest.reader.meanings import meanings
from Backtest.reader.statement_syntax import BareCondition, IndicatorsSaid, Statement
from Backtest.reader.syntax import Formula, Relation, Span

_LEADS: Final = frozenset({"let", "define", "set", "call", "where", "with", "given"})
_JOINTS: Final = frozenset({"COMMA", "AND"})
_ENDS: Final = frozenset({*_JOINTS, "DOT", "NEWLINE", "WHEN", "BUY", "SELL", "ENTER", "EXIT"})
_NAMES: Final = frozenset({"UNKNOWN", "FAST"})
_LABEL: Final = Token("L_INDICATORS", "indicators", 0, 0)
_ABOVE_ONE: Final = (Token("GT", ">", 0, 0), Token("NUMBER", "1", 0, 0, 1.0))


@dataclass(frozen=True, slots=True)
class Definition:
    """The tokens `begin` to `end` name a line; `name` is what it is called, in lower case but for a single letter."""

    name: tuple[str, ...]
    line: tuple[Token, ...]
    begin: int
    end: int


def with_names(tokens: Sequence[Token]) -> tuple[list[Token], list[Span]]:
    """The tokens with each name's line in its place and without the definitions, and where these stood.

    A name that is defined twice, or never used, is none: its words stay as they are.
    """
    found = list(_definitions(tokens))
    names = [one.name for one in found]
    found = [one for one in found if names.count(one.name) == 1 and _is_used(tokens, one, found)]
    lines = {one.name: one.line for one in found}
    left_out = {i for one in found for i in range(one.begin, one.end)}
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        name = None if i in left_out else _name_at(tokens, i, lines)
        if i in left_out:
            i += 1
        elif name is None:
            out.append(tokens[i])
            i += 1
        else:
            last = tokens[i + len(name) - 1]
            out += [replace(token, start=tokens[i].start, end=last.end, corrected=None) for token in lines[name]]
            i += len(name)
    return out, [(tokens[one.begin].start, tokens[one.end - 1].end) for one in found]


def _definitions(tokens: Sequence[Token]) -> Iterator[Definition]:
    i, end = 0, 0
    while i < len(tokens):
        one = _definition_at(tokens, i, follows=bool(i) and i == end)
        if one is not None:
            yield one
            end = one.end
        i = one.end if one is not None else i + 1


def _definition_at(tokens: Sequence[Token], begin: int, *, follows: bool) -> Definition | None:
    """ "let F = EMA(15)", "F := EMA(15)", "where N is the 20-day ATR", each with the "and" before it.

    One that `follows` another may leave out its verb ("let F be the 15-day EMA and S the 40-day EMA").
    """
    i, is_led = begin, False
    while i < len(tokens) and (tokens[i].kind in _JOINTS or tokens[i].kind == "NOISE" or _is_lead(tokens[i])):
        is_led |= _is_lead(tokens[i])
        i += 1
    length = _length_of_name(tokens, i)
    if not length:
        return None
    at = i + length
    kinds = [token.kind for token in tokens[at : at + 2]]
    if kinds[:1] == ["EQ"] or ((is_led or follows) and kinds[:1] in (["IS"], ["AS"])):
        at += 1
    elif kinds == ["COLON", "EQ"]:
        at += 2
    elif not (follows and kinds[:1] == ["NOISE"]):
        return None
    end = _end_of_line(tokens, at)
    line = tuple(content_of(tokens[at:end]))
    return Definition(_name(tokens[i : i + length]), line, begin, end) if _is_line(line) else None


def _is_lead(token: Token) -> bool:
    return token.text.lower() in _LEADS


def _length_of_name(tokens: Sequence[Token], i: int) -> int:
    """How many tokens the name at `i` has: a word of no other meaning, perhaps with "average" after it."""
    if (
        i >= len(tokens)
        or not (tokens[i].kind in _NAMES or _is_capital(tokens, i))
        or not tokens[i].text.isalpha()
        or _is_lead(tokens[i])
    ):
        return 0
    return 2 if i + 1 < len(tokens) and tokens[i + 1].kind in {"MA", "BAND"} else 1


def _is_capital(tokens: Sequence[Token], i: int) -> bool:
    """ "IBS = ...": letters that could be an instrument's, if they were not defined here."""
    return tokens[i].kind in {"TICKER", "IBS"} and [token.kind for token in tokens[i + 1 : i + 2]] == ["EQ"]


def _name(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.text if len(token.text) == 1 else token.text.lower() for token in tokens)


def _end_of_line(tokens: Sequence[Token], begin: int) -> int:
    depth = 0
    for i in range(begin, len(tokens)):
        depth += (tokens[i].kind == "LPAR") - (tokens[i].kind == "RPAR")
        if depth <= 0 and tokens[i].kind in _ENDS:
            return i
    return len(tokens)


def _is_line(line: Sequence[Token]) -> bool:
    """Whether the words are one indicator and nothing else."""
    said = meanings([_LABEL, *line], "sentence") if line else ()
    if not said and line and line[0].kind == "LPAR":
        return any(_is_formula(one) for (one, *_) in meanings([*line, *_ABOVE_ONE], "item"))
    return len(said) == 1 and len(said[0]) == 1 and isinstance(said[0][0], IndicatorsSaid)


def _is_formula(said: Statement) -> bool:
    """Whether it compares a formula."""
    when = said.when if isinstance(said, BareCondition) else None
    return isinstance(when, Relation) and isinstance(when.left, Formula)


def _name_at(
    tokens: Sequence[Token], i: int, names: dict[tuple[str, ...], tuple[Token, ...]]
) -> tuple[str, ...] | None:
    return next((name for name in names if _name(tokens[i : i + len(name)]) == name), None)


def _is_used(tokens: Sequence[Token], one: Definition, all_of_them: Sequence[Definition]) -> bool:
    defined = {i for each in all_of_them for i in range(each.begin, each.end)}
    return any(i not in defined and _name_at(tokens, i, {one.name: one.line}) for i in range(len(tokens)))
