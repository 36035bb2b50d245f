"""Parse trees to what they say. One function for each rule of grammar.lark, registered under the rule's name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from Backtest.reader.grammar import Tree
from Backtest.reader.lexicon import Token
from Backtest.reader.statement_syntax import Statement
from Backtest.reader.syntax import (
    Span,
)

T = TypeVar("T")


class Misread(Exception):
    """This parse says nothing that can be meant ("falls above 70"); another parse may."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The children of a tree, in order: tokens, and what the trees below said."""

    rule: str
    items: tuple[object, ...]
    span: Span

    def has(self, *kinds: str) -> bool:
        return any(isinstance(item, Token) and item.kind in kinds for item in self.items)

    def token(self, *kinds: str) -> Token | None:
        return next((item for item in self.items if isinstance(item, Token) and item.kind in kinds), None)

    def tokens(self, *kinds: str) -> tuple[Token, ...]:
        return tuple(item for item in self.items if isinstance(item, Token) and item.kind in kinds)

    def all(self, *types: type[T]) -> tuple[T, ...]:
        return tuple(item for item in self.items if isinstance(item, types))

    def one(self, *types: type[T]) -> T | None:
        return next((item for item in self.items if isinstance(item, types)), None)

    def value(self, *kinds: str) -> float | None:
        """The number of the first token of these kinds."""
        token = self.token(*kinds)
        return float(token.value) if token is not None and isinstance(token.value, int | float) else None


Handler = Callable[[Parts], object]
H = TypeVar("H", bound=Handler)
HANDLERS: dict[str, Handler] = {}


def reads(*rules: str) -> Callable[[H], H]:
    """Registers a function as the reader of these rules."""

    def register(handler: H) -> H:
        for rule in rules:
            HANDLERS[rule] = handler
        return handler

    return register


@dataclass(frozen=True, slots=True)
class _Made:
    """What a tree says, None where it can't be meant, and where its words stand."""

    said: object
    span: Span
    misread: Misread | None = None


Known = dict[int, _Made]
"""What trees say, by their identity: those of one text's parses share most of their branches."""


def _made(tree: Tree, known: Known) -> _Made:
    made = known.get(id(tree))
    if made is None:
        made = known[id(tree)] = _make(tree, known)
    return made


def _make(tree: Tree, known: Known) -> _Made:
    below = [child if isinstance(child, Token) else _made(child, known) for child in tree.children]
    spans = [(one.start, one.end) if isinstance(one, Token) else one.span for one in below]
    span = min(start for start, _ in spans), max(end for _, end in spans)
    misread = next((one.misread for one in below if isinstance(one, _Made) and one.misread is not None), None)
    if misread is not None:
        return _Made(None, span, misread)
    items = tuple(one if isinstance(one, Token) else one.said for one in below)
    try:
        return _Made(HANDLERS[tree.rule](Parts(tree.rule, items, span)), span)
    except Misread as found:
        return _Made(None, span, found.with_traceback(None))


def statements(tree: Tree, known: Known) -> tuple[Statement, ...] | None:
    """The statements of a sentence, an item or a heading; None where it can't be meant.

    `known` is kept between the parses of one text, all of which must outlive it.
    """
    made = _made(tree, known)
    if made.misread is not None:
        return None
    if not isinstance(made.said, tuple):
        raise AssertionError(f"{tree.rule} says no statements")
    return made.said


@reads("only_child")
def _only_child(parts: Parts) -> object:
    said = [item for item in parts.items if not isinstance(item, Token)]
    return said[0] if said else parts.items[-1]


@reads("ticker", "state", "and_mark")
def _passed(parts: Parts) -> object:
    tokens = parts.tokens("TICKER", "OVERSOLD", "OVERBOUGHT", "POSITIVE", "NEGATIVE", "BUY_STATE_UP", "BUY_STATE_DOWN")
    return tokens[0] if tokens else "comma" if parts.has("COMMA") else "plain"
