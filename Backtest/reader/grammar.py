"""The grammar of trading English (grammar.lark) as parse trees; every reading of an ambiguous sentence is returned.

Lark reads the grammar and expands it to plain rules. They are run by the chart parser below: Lark's own Earley parser
predicts without looking at the next token, which on this grammar costs a hundred times as much (0.3 s a sentence).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

import lark

from Backtest.reader.lexicon import Token

Start = Literal["sentence", "item", "heading", "edit", "declaration"]
STARTS: tuple[Start, ...] = ("sentence", "item", "heading", "edit", "declaration")
MOST_READINGS = 16
MOST_TOKENS = 160


@dataclass(frozen=True, slots=True)
class Tree:
    """A rule with what it took, in order: tokens and trees. `rule` is the rule's name, or its alias."""

    rule: str
    children: tuple["Tree | Token", ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One expansion. `inline`: its children stand in for it; `collapse`: a single child stands in for it."""

    name: str
    symbols: tuple[str, ...]
    inline: bool
    collapse: bool


class Grammar:
    """Rules by symbol and next terminal. No rule is empty, none left-recursive; both are asserted when it is made."""

    def __init__(self, rules: Mapping[str, Sequence[_Rule]]) -> None:
        self.rules = rules
        first: dict[str, set[str]] = {}
        for symbol in rules:
            self._first(symbol, first, ())
        self.by_next: dict[str, dict[str, list[_Rule]]] = {symbol: {} for symbol in rules}
        for symbol, expansions in rules.items():
            for rule in expansions:
                for terminal in first.get(rule.symbols[0], {rule.symbols[0]}):
                    self.by_next[symbol].setdefault(terminal, []).append(rule)

    def _first(self, symbol: str, first: dict[str, set[str]], above: tuple[str, ...]) -> set[str]:
        if symbol not in self.rules:
            return {symbol}
        if symbol in above:
            raise AssertionError(f"{symbol} is left-recursive")
        if symbol not in first:
            found: set[str] = set()
            for rule in self.rules[symbol]:
                if not rule.symbols:
                    raise AssertionError(f"{symbol} can be empty")
                found |= self._first(rule.symbols[0], first, (*above, symbol))
            first[symbol] = found
        return first[symbol]


class _Chart:
    """The parses of one token list: which ends a symbol reaches from a place, and the trees between two places."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token]) -> None:
        self.rules = grammar.rules
        self.by_next = grammar.by_next
        self.tokens = tokens
        self.kinds = [token.kind for token in tokens]
        self.reached: dict[tuple[str, int], frozenset[int]] = {}
        self.built: dict[tuple[str, int, int], tuple[tuple[Tree | Token, ...], ...]] = {}

    def ends(self, symbol: str, place: int) -> frozenset[int]:
        key = (symbol, place)
        known = self.reached.get(key)
        if known is not None:
            return known
        found: set[int] = set()
        if place < len(self.kinds):
            for rule in self.by_next[symbol].get(self.kinds[place], ()):
                found |= self._through(rule.symbols, place)
        self.reached[key] = result = frozenset(found)
        return result

    def _through(self, symbols: Sequence[str], place: int) -> set[int]:
        places = {place}
        for symbol in symbols:
            after: set[int] = set()
            for at in places:
                if symbol in self.rules:
                    after |= self.ends(symbol, at)
                elif at < len(self.kinds) and self.kinds[at] == symbol:
                    after.add(at + 1)
            if not after:
                return after
            places = after
        return places

    def trees(self, symbol: str, start: int, end: int) -> tuple[tuple[Tree | Token, ...], ...]:
        """What `symbol` gives its parent, once for each parse: one tree, or the children of an inlined rule."""
        key = (symbol, start, end)
        if key not in self.built:
            found: list[tuple[Tree | Token, ...]] = []
            for rule in self.by_next[symbol].get(self.kinds[start], ()):
                for children in islice(self._children(rule.symbols, start, end), MOST_READINGS):
                    inlined = rule.inline or (rule.collapse and len(children) == 1)
                    found.append(children if inlined else (Tree(rule.name, children),))
            self.built[key] = tuple(dict.fromkeys(found))[:MOST_READINGS]
        return self.built[key]

    def _children(self, symbols: Sequence[str], start: int, end: int) -> Iterator[tuple[Tree | Token, ...]]:
        if not symbols:
            if start == end:
                yield ()
            return
        head, rest = symbols[0], symbols[1:]
        if head not in self.rules:
            if start < end and self.kinds[start] == head:
                for others in self._children(rest, start + 1, end):
                    yield (self.tokens[start], *others)
            return
        for middle in sorted(self.ends(head, start)):
            if middle <= end and (end in self._through(rest, middle) if rest else middle == end):
                for first in self.trees(head, start, middle):
                    for others in self._children(rest, middle, end):
                        yield (*first, *others)


@lru_cache(maxsize=1)
def terminals() -> frozenset[str]:
    """The names of the terminals that the grammar uses."""
    return frozenset(re.findall(r"\b[A-Z][A-Z_]+\b", re.sub(r"//.*", "", _source())))


@lru_cache(maxsize=1)
def _source() -> str:
    return (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The rules of grammar.lark, made at the first use."""
    text = f"{_source()}\n%declare {' '.join(sorted(terminals()))}\n"
    loaded = lark.Lark(text, parser=None, lexer="dynamic", start=list(STARTS), maybe_placeholders=False)
    rules: dict[str, list[_Rule]] = {}
    for rule in loaded.grammar.compile(list(STARTS), "*")[1]:
        origin, symbols = str(rule.origin.name), tuple(str(symbol.name) for symbol in rule.expansion)
        if symbols and symbols[0] == origin:  # Lark writes repetition to the left; to the right it needs no fixpoint
            symbols = (*symbols[1:], origin)
        rules.setdefault(origin, []).append(
            _Rule(rule.alias or origin, symbols, origin.startswith("_"), rule.options.expand1 and not rule.alias)
        )
    return Grammar(rules)


class Parses:
    """The parses of any part of some tokens: what one part needed is known to those that overlap with it."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._chart = _Chart(grammar(), tokens)

    def of(self, begin: int, end: int, start: Start) -> tuple[Tree, ...]:
        """Every parse of the tokens from `begin` to `end`, at most `MOST_READINGS`; none when the grammar has none."""
        if not 0 < end - begin <= MOST_TOKENS or end not in self._chart.ends(start, begin):
            return ()
        return tuple(tree for (tree,) in self._chart.trees(start, begin, end) if isinstance(tree, Tree))


def parse(tokens: Sequence[Token], start: Start) -> tuple[Tree, ...]:
    """Every parse of the tokens (noise left out before); see `Parses.of`."""
    if len(tokens) > MOST_TOKENS or any(token.kind not in terminals() for token in tokens):
        return ()
    return Parses(tokens).of(0, len(tokens), start)
