"""The pieces of a sentence that can't be read whole: those between separators that can be read, and the others."""

from collections.abc import Sequence
from itertools import pairwise

from Backtest.reader.announcements import is_announcement
from Backtest.reader.grammar import Parses
from Backtest.reader.headings import names_hours
from Backtest.reader.leads import disputed
from Backtest.reader.lexicon import Token
from Backtest.reader.meanings import distinct
from Backtest.reader.narratives import is_narrative
from Backtest.reader.remarks import (
    is_always_in,
    is_exhortation,
    is_of_instrument,
    is_remark,
    is_request,
    is_routine,
    is_slogan,
)
from Backtest.reader.statement_syntax import Statement
from Backtest.reader.theses import is_thesis
from Backtest.reader.titles import is_narration

Piece = tuple[int, int, tuple[Statement, ...]]
_SEPARATORS = frozenset({"COMMA", "AND", "OR", "COLON", "DASH", "THEN", "WITH", "WHILE"})
_ACTIONS = frozenset(
    "BUY LONG SHORT ENTER SELL EXIT COVER STOP TARGET TRAILING_STOP TRAIL RISKV SIZE HOLD HOLD_MAX ENTRY COOLDOWN "
    "RUN FROM BETWEEN DATE_FROM L_ENTRY L_LONG_ENTRY L_SHORT_ENTRY L_EXIT L_LONG_EXIT L_SHORT_EXIT "
    "LONG_ONLY SHORT_ONLY NO_STOP NO_TARGET".split()
)
_MOST_MARKS = 24


def pieces(content: Sequence[Token], text: str) -> list[Piece]:
    """The cut that leaves the fewest tokens unread, then the fewest disputed conditions, then the fewest pieces.

    Sentences are cut at separators; one written without any ("buy rsi<30 sell rsi>70 stop 5%"), where actions begin.
    """
    parses = Parses(content)
    lost, cut = _cut(content, _SEPARATORS, text, parses)
    if lost:
        more_lost, more_cut = _cut(content, _SEPARATORS | _ACTIONS, text, parses)
        if more_lost == 0:
            cut = more_cut
    return _merged(cut, content, text)


_ACTS = frozenset({"BUY", "SELL", "EXIT", "COVER", "ENTER"})
_JOINTS = frozenset({"COMMA", "AND", "THEN", "DASH"})
_SHORTEST_RULE = 3  # tokens


def by_action(content: Sequence[Token]) -> list[list[Token]]:
    """Words that are not read, cut where another action begins ("buy when ..., get out when ..."): a rule each."""
    cuts = [
        i
        for i in range(1, len(content))
        if content[i].kind in _ACTS
        and content[i - 1].kind in _JOINTS
        and any(token.kind in _ACTS for token in content[:i])
    ]
    marks = [0, *cuts, len(content)]
    rules = [list(content[begin:end]) for begin, end in pairwise(marks)]
    rules = [rule[:-1] if rule and rule[-1].kind in _JOINTS else rule for rule in rules]
    return rules if all(len(rule) >= _SHORTEST_RULE for rule in rules) else [list(content)]


def _cut(content: Sequence[Token], at: frozenset[str], text: str, parses: Parses) -> tuple[int, list[Piece]]:
    """How many tokens the best cut at these kinds of tokens leaves unread, and the cut."""
    marks = [0, *(i for i, token in enumerate(content) if i and token.kind in at), len(content)]
    if len(marks) > _MOST_MARKS:
        return len(content), [(0, len(content), ())]
    best: dict[int, tuple[int, int, int, list[Piece]]] = {0: (0, 0, 0, [])}
    for end in marks[1:]:
        for begin in (mark for mark in marks if mark < end):
            first, after = _without_signs(content, begin, end)
            piece = content[first:after]
            said = distinct(parses.of(first, after, "sentence"))
            read = said[0] if len(said) == 1 else ()
            lost, unsure, count, before = best[begin]
            last = next((one[2][-1:] for one in reversed(before) if one[2]), ())
            unsure += len(disputed((*last, *read), content))
            told = not read and bool(piece) and is_told(content, begin, end, text)
            cost = (lost + (0 if read or told or not piece else len(piece)), unsure, count + 1)
            if end not in best or cost < best[end][:3]:
                best[end] = (*cost, [*before, (begin, end, read)])
    lost, _, _, cut = best[len(content)]
    return lost, cut


def is_told(content: Sequence[Token], begin: int, end: int, text: str) -> bool:
    """Whether a piece is narration, up to a sign or the end of its sentence: "I was told to sell when" is none.

    What goes on with narration behind a sign ("I have traded for years, mostly by feel") need not begin as one.
    """
    ends = end == len(content) or content[end].kind in _SIGNS
    piece = stripped(content[begin:end])
    if not ends or not piece:
        return False
    if _is_telling(piece, text) or (end < len(content) and names_hours(piece, text)):
        return True
    if begin == 0 or content[begin].kind not in _SIGNS | {"AND"}:
        return False
    if not (is_remark(piece, text, goes_on=True) or is_exhortation(piece, text)):
        return False
    before = [at for at in range(begin) if not at or content[at].kind in _SIGNS]
    return any(is_told(content, at, begin, text) for at in before)


_SIGNS = frozenset({"COMMA", "COLON", "DASH"})


def _is_telling(piece: Sequence[Token], text: str) -> bool:
    """Whether a piece tells of its author, of others or of what is to be done with the rules."""
    telling = (
        is_narration,
        is_remark,
        is_narrative,
        is_request,
        is_slogan,
        is_routine,
        is_of_instrument,
        is_always_in,
    )
    return is_announcement(piece, text) or is_thesis(piece, text) or any(tells(piece, text) for tells in telling)


def _merged(cut: list[Piece], content: Sequence[Token], text: str) -> list[Piece]:
    """Neighbouring unread pieces are one, but those of narration."""
    out: list[Piece] = []
    unread = False
    for begin, end, said in cut:
        piece = stripped(content[begin:end])
        told = not said and bool(piece) and is_told(content, begin, end, text)
        if out and not said and not told and unread:
            out[-1] = (out[-1][0], end, ())
        else:
            out.append((begin, end, said))
        unread = not said and not told
    return out


def stripped(tokens: Sequence[Token]) -> Sequence[Token]:
    begin, end = _without_signs(tokens, 0, len(tokens))
    return tokens[begin:end]


def _without_signs(tokens: Sequence[Token], begin: int, end: int) -> tuple[int, int]:
    while begin < end and tokens[begin].kind in {"COMMA", "AND", "OR", "COLON", "DASH", "THEN"}:
        begin += 1
    while end > begin and tokens[end - 1].kind in {"COMMA", "AND", "OR", "COLON", "DASH", "THEN"}:
        end -= 1
    return begin, end
