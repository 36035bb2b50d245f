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


def span_of(tree: Tree | Token) -> Span:
    if isinstance(tree, Token):
        return tree.start, tree.end
    spans = [span_of(child) for child in tree.children]
    return min(s for s, _ in spans), max(e for _, e in spans)


def convert(tree: Tree | Token) -> object:
    """What `tree` says. Raises `Misread` where it can't be meant."""
    if isinstance(tree, Token):
        return tree
    return HANDLERS[tree.rule](Parts(tree.rule, tuple(convert(child) for child in tree.children), span_of(tree)))


def statements(tree: Tree) -> tuple[Statement, ...]:
    """The statements of a sentence, an item or a heading."""
    said = convert(tree)
    if not isinstance(said, tuple):
        raise AssertionError(f"{tree.rule} says no statements")
    return said


@reads("only_child")
def _only_child(parts: Parts) -> object:
    said = [item for item in parts.items if not isinstance(item, Token)]
    return said[0] if said else parts.items[-1]


@reads("ticker", "state", "and_mark")
def _passed(parts: Parts) -> object:
    tokens = parts.tokens("TICKER", "OVERSOLD", "OVERBOUGHT", "POSITIVE", "NEGATIVE", "BUY_STATE_UP", "BUY_STATE_DOWN")
    return tokens[0] if tokens else "comma" if parts.has("COMMA") else "plain"
