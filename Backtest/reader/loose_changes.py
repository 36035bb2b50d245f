"""Figures of a later sentence in any order of words: what they are, what they are of, and words that say nothing else.

"2% gap is enough", "-2.5 for the entry", "5 days instead of 3 on the way in": where the grammar knows no change of this
shape, the figures and the names beside them are put together (edit_figures.py finds their places). Any other word that
could bear on a trade, a condition or a hedge leaves the sentence unread.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from Backtest.reader.edit_frames import framed
from Backtest.reader.figure_syntax import Figure, NewFigures
from Backtest.reader.lexicon import Token
from Backtest.reader.loose_settings import loose_setting
from Backtest.reader.meanings import meanings
from Backtest.reader.operand_trees import period_of
from Backtest.reader.statement_syntax import IndicatorsSaid
from Backtest.reader.titles import words_of

Said = tuple[Any, ...]  # statements and changes, as parse trees give them
_FIGURES = {
    "NUMBER": "number",
    "PERCENT": "percent",
    "PERIOD": "period",
    "TIMES": "times",
    "PIPS": "pips",
    "POINTS": "points",
    "MONEY": "money",
    "RMULT": "r",
}
_NEUTRAL = frozenset(
    "NOISE COMMA MAKE PLACE USEV LOWER MOVE_UP SWAP TO AT FOR OF IS IT THEM ON IN WHATIF LEVEL LENGTH UNIT CHART "
    "INSTEAD L_RULES WITH AS LAST COLON DASH".split()
)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "STOP": ("stop",),
    "TARGET": ("target",),
    "TRAIL": ("trail",),
    "TRAILING_STOP": ("trail",),
    "ENTRY": ("entry",),
    "L_ENTRY": ("entry",),
    "BUY": ("entry", "long"),
    "ENTER": ("entry",),
    "L_LONG_ENTRY": ("entry", "long"),
    "SHORT": ("entry", "short"),
    "L_SHORT_ENTRY": ("entry", "short"),
    "EXIT": ("exit",),
    "L_EXIT": ("exit",),
    "SELL": ("exit",),
    "L_LONG_EXIT": ("exit", "long"),
    "COVER": ("exit", "short"),
    "L_SHORT_EXIT": ("exit", "short"),
    "L_FILTER": ("filter",),
    "SIZE": ("size",),
    "EQUITY": ("size",),
    "RISKV": ("size", "risk"),
    "VOLUME": ("Volume",),
    "GAP": ("gap",),
    "MOVE_DOWN": ("move", "down"),
    "MOVE_UP": ("move", "up"),
    "WITHIN": ("lately",),
    "CONSECUTIVE": ("streak",),
    "ROW": ("streak",),
    "HOLD": ("hold",),
    "HOLD_MAX": ("hold",),
    "TIME_STOP": ("hold",),
    "COOLDOWN": ("cooldown",),
    "LIMIT_ORDER": ("order",),
    "BUY_STATE_UP": ("streak", "up"),
    "BUY_STATE_DOWN": ("streak", "down"),
    "COMMISSION": ("commission",),
    "SPREAD": ("spread",),
}
_STREAKS = {"DOWN": "down", "LOWER": "down", "UP": "up", "HIGHER": "up"}
_CLOSES = frozenset({"CLOSES", "CLOSE", "UNIT"})
_WAYS = {"BELOW": "<", "LT": "<", "ABOVE": ">", "OVER": ">", "GT": ">"}
_LINES = frozenset({"MA", "IND", "OUT", "CHANNEL"})
_MOVES = frozenset({"MOVE_DOWN", "MOVE_UP", "DOWN", "UP", "MOVE", "LOWER"})
_COMPARED = frozenset(
    "wider tighter looser longer shorter bigger smaller larger stricter say bit little slightly somewhat a be can "
    "could may might rather".split()
)
_FLUFF = frozenset(
    "altogether plain already simply enough plenty do fine ok okay sufficient will would now only should suffice "
    "suffices normal simple regular standard fixed hard flat".split()
)
_ALIVE = frozenset({"alive", "live", "active", "working", "open", "valid", "pending", "resting", "standing", "there"})
_ORDERS = frozenset({"LIMIT_ORDER", "BUY_LIMIT", "SELL_LIMIT", "STOP_ORDER", "BUY_STOP", "SELL_STOP", "L_RULES"})
_SHARES = frozenset({"EQUITY", "SHARES", "CASH", "SIZE"})
_ADDED = re.compile(
    r"(?i)\b(?:also|too|as well|plus|add|additional|additionally|another|extra|second|first|third|more|or|if|when|"
    r"unless|until|while|maybe|perhaps|either|sometimes|without|never|no|any|every|per|times a)\b"
)


def change_of(content: Sequence[Token], text: str) -> tuple[Said, ...]:
    """The meanings of a part of a later sentence that the grammar knows."""
    said = meanings(content, "sentence")
    if any(isinstance(one, IndicatorsSaid) for statements in said for one in statements):
        said = ()
    if not said:
        told = framed(content, text)
        said = meanings(told, "sentence") if told != list(content) else ()
        said = said or meanings(told, "edit") or meanings(told, "swap")
    return said


def loose_change(content: Sequence[Token], text: str) -> Said:
    """The change that a part of a later sentence says, in whatever order; nothing where it may say more than that."""
    tokens = _plain(content)
    if not tokens:
        return ()
    tokens = _for_old(tokens)
    maker = Token("MAKE", "make it", tokens[0].start, tokens[0].start)
    for told in (tokens, [maker, *tokens]):
        if told != list(content) and len(said := change_of(told, text)) == 1:
            return said[0]
    if tokens != list(content) and (setting := loose_setting(tokens, text)):
        return setting
    return _figures_said(tokens, text)


def _plain(content: Sequence[Token]) -> list[Token]:
    """The tokens without words that only colour a figure ("only half of the equity", "a plain 10% target")."""
    kinds = {token.kind for token in content}
    fluff = {
        *_FLUFF,
        *_COMPARED,
        *(_ALIVE if kinds & _ORDERS else ()),
        *(("each", "apiece") if {"STOP", "TARGET"} <= kinds else ()),
    }
    told = [
        token
        for token in content
        if not (
            (token.kind in {"UNKNOWN", "NOISE", "OPENED"} and all(word in fluff for word in words_of([token])))
            or (token.kind == "ONLY" and kinds & _SHARES)
            or (token.kind == "SETTINGS" and not kinds & _LINES)
        )
    ]
    if len(told) > 2 and told[0].kind in _MOVES and told[1].kind == "TO":  # "go down to a third of the account"
        told = told[2:]
    while told and told[0].kind in {"COMMA", "AND", "COLON", "DASH", "THEN"}:
        told = told[1:]
    while told and told[-1].kind in {"COMMA", "AND", "COLON", "DASH", "THEN"}:
        told.pop()
    return told


def _for_old(tokens: list[Token]) -> list[Token]:
    """ "Swap the 2R for a 10% target": a 10% target instead of 2R."""
    kinds = [token.kind for token in tokens]
    if len(kinds) < 5 or kinds[0] not in {"SWAP", "TURN", "MAKE"} or kinds[1] not in {*_FIGURES, "RMULT"}:
        return tokens
    if kinds[2] not in {"FOR", "WITH", "BY", "TO"}:
        return tokens
    return [*tokens[3:], replace(tokens[2], kind="INSTEAD_OF", text="instead of"), tokens[1]]


@dataclass
class _Told:
    """What was said so far: `last` is the place of the last figure, `denied` behind "instead of" or "not"."""

    new: list[Figure] = field(default_factory=list)
    old: list[Figure] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    way: str = ""
    denied: bool = False
    of_line: bool = False
    last: int = -2

    def take(self, tokens: Sequence[Token], place: int) -> int:
        """Reads what stands at a place; the next place, or -1 where it is no part of a change of figures."""
        token, after = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
        if token.kind in _FIGURES:
            return self._take_figure(token, after, place)
        if token.kind in {"AND", "SLASH"}:
            return place + 1 if after is not None and after.kind in _FIGURES and self.last == place - 1 else -1
        if token.kind in {"INSTEAD_OF", "NOT"} and not self.denied:
            self.denied = True
        elif token.kind in _WAYS and not self.way and after is not None and after.kind == "NUMBER":
            self.way = _WAYS[token.kind]
        elif token.kind in _STREAKS and after is not None and after.kind in _CLOSES:
            self.names |= {"streak", _STREAKS[token.kind]}
            return place + 2
        elif (named := _named(token)) is not None:
            self.names |= named
            self.of_line = token.kind in _LINES and after is not None and after.kind == "OF"
        elif token.kind not in _NEUTRAL:
            return -1
        return place + 1

    def _take_figure(self, token: Token, after: Token | None, place: int) -> int:
        figure = _figure(token, after)
        if figure.kind == "number" and self.of_line:
            figure = replace(figure, kind="period")  # "an RSI of 7"
        if not self.denied and self.new and self.last != place - 2:
            return -1  # two figures apart from each other
        (self.old if self.denied else self.new).append(figure)
        self.last = place + (figure.kind in {"shares", "atr"})
        return self.last + 1

    def is_whole(self, tokens: Sequence[Token]) -> bool:
        """Whether figures are said that can be put somewhere."""
        if not self.new or len(self.old) > 1 or self.denied != bool(self.old) or (self.old and len(self.new) > 1):
            return False
        if len(self.new) > 1 and any(token.kind in _LINES for token in tokens):
            return False  # settings of an indicator, or levels of it
        return len(self.new) > 1 or self.new[0].kind != "number" or bool(self.old or self.names)


def _figures_said(tokens: Sequence[Token], text: str) -> Said:
    span = (tokens[0].start, tokens[-1].end)
    if _ADDED.search(text[slice(*span)]):
        return ()
    told, place = _Told(), 0
    while 0 <= place < len(tokens):
        place = told.take(tokens, place)
    if place < 0 or not told.is_whole(tokens):
        return ()
    new = told.new
    if new[-1].kind == "period" and all(one.kind == "number" for one in new[:-1]):
        new = [replace(new[-1], value=one.value) for one in new]
    return (NewFigures(tuple(new), told.old[0] if told.old else None, frozenset(told.names), told.way, span),)


def _figure(token: Token, after: Token | None) -> Figure:
    value = token.value if isinstance(token.value, float) else 0.0
    period = period_of(token)
    if period is not None:
        return Figure("period", period.count, str(period.unit))
    if token.kind == "NUMBER" and after is not None and after.kind == "SHARES":
        return Figure("shares", value)
    if token.kind in {"NUMBER", "TIMES"} and after is not None and after.kind == "ATR":
        return Figure("atr", value)
    return Figure(_FIGURES[token.kind], value)


def _named(token: Token) -> set[str] | None:
    """What a word names that a number can be a part of; None for any other word."""
    if token.kind in _NAMES:
        return {*_NAMES[token.kind]}
    if token.kind == "TF":
        return {str(token.value)}
    if token.kind == "BAND":
        return {"band"}
    if token.kind in _LINES:
        return set() if not token.value else {str(token.value[0] if isinstance(token.value, tuple) else token.value)}
    return None
