"""The grammar of trading English (grammar.lark) as parse trees; every reading of an ambiguous sentence is returned.

The grammar is written out to plain rules (notation.py), which the chart parser below runs: Lark's own Earley parser
predicts without looking at the next token, which on this grammar costs a hundred times as much (0.3 s a sentence).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import islice
from operator import and_, itemgetter, or_
from pathlib import Path
from typing import Literal, NamedTuple

from Backtest.reader.lexicon import Token
from Backtest.reader.notation import definitions

Start = Literal["sentence", "item", "heading", "edit", "swap", "declaration"]
STARTS: tuple[Start, ...] = ("sentence", "item", "heading", "edit", "swap", "declaration")
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


@dataclass(slots=True)
class _Fork:
    """Where expansions with the same beginning part: those that end here, numbered by their place in the grammar.

    `ways`: the branches as steps; `by_next`: those of them that may begin with a terminal.
    """

    ended: list[tuple[int, _Rule]]
    branches: dict[str, "_Fork"]
    ways: tuple["_Way", ...] = ()
    by_next: dict[str, tuple["_Way", ...]] = field(default_factory=dict)


class _Way(NamedTuple):
    """A step beyond a fork; `needs`: the bits of terminals without which none of its expansions can be completed."""

    symbol: str
    is_terminal: bool
    further: _Fork
    needs: int


class Grammar:
    """Rules by symbol and next terminal. No rule is empty, none left-recursive; both are asserted when it is made.

    `first`: the terminals that a symbol may begin with. A fork: what rules begin with in common is walked once.
    """

    def __init__(self, rules: Mapping[str, Sequence[_Rule]]) -> None:
        self.rules = rules
        first: dict[str, set[str]] = {}
        for symbol in rules:
            self._first(symbol, first, ())
        self.first = {symbol: frozenset(found) for symbol, found in first.items()}
        self.bits, self.needed = _needed(rules)
        self._forks: dict[tuple[str, str], _Fork | None] = {}

    def fork(self, symbol: str, terminal: str) -> _Fork | None:
        """The rules of a symbol that may begin with a terminal, forked; made when they are first asked for."""
        key = (symbol, terminal)
        if key not in self._forks:
            begun = [
                rule for rule in self.rules[symbol] if terminal in self.first.get(rule.symbols[0], (rule.symbols[0],))
            ]
            self._forks[key] = _forked(begun, self.needed, self.first) if begun else None
        return self._forks[key]

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


def _needed(rules: Mapping[str, Sequence[_Rule]]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """A bit for each terminal, and for each symbol the bits of those that stand in whatever it derives."""
    symbols = {symbol for expansions in rules.values() for rule in expansions for symbol in rule.symbols}
    bits = {terminal: 1 << number for number, terminal in enumerate(sorted(symbols - rules.keys()))}
    needed = bits | dict.fromkeys(rules, (1 << len(bits)) - 1)
    while True:  # until no derivation, however high, leaves out one more
        before = dict(needed)
        for symbol, expansions in rules.items():
            needed[symbol] = reduce(and_, (reduce(or_, map(needed.__getitem__, rule.symbols)) for rule in expansions))
        if needed == before:
            return bits, needed


def _forked(rules: Sequence[_Rule], needed: Mapping[str, int], first: Mapping[str, frozenset[str]]) -> _Fork:
    root = _Fork([], {})
    for number, rule in enumerate(rules):
        fork = root
        for symbol in rule.symbols:
            fork = fork.branches.setdefault(symbol, _Fork([], {}))
        fork.ended.append((number, rule))
    _weigh(root, needed, first)
    return root


def _weigh(fork: _Fork, needed: Mapping[str, int], first: Mapping[str, frozenset[str]]) -> int:
    """Set the ways of a fork and of those beyond it; the bits that whatever goes on from here needs."""
    for symbol, further in fork.branches.items():
        way = _Way(symbol, symbol not in first, further, needed[symbol] | _weigh(further, needed, first))
        fork.ways += (way,)
        for terminal in first.get(symbol, (symbol,)):
            fork.by_next[terminal] = (*fork.by_next.get(terminal, ()), way)
    return 0 if fork.ended else reduce(and_, (way.needs for way in fork.ways))


class _Chart:
    """The parses of one token list: which places a symbol reaches from a place, and the trees between two places.

    Places are a number's bits: bit i stands for the place before token i.
    """

    def __init__(self, grammar: Grammar, tokens: Sequence[Token]) -> None:
        self.grammar = grammar
        self.tokens = tokens
        self.kinds = [token.kind for token in tokens]
        self.begins: dict[str, int] = {}  # where a symbol may begin, by its next terminal
        for place, kind in enumerate(self.kinds):
            self.begins[kind] = self.begins.get(kind, 0) | 1 << place
        self.present = frozenset(self.begins)
        self.ahead = [0]  # the terminals that stand at a place or after it
        for kind in reversed(self.kinds):
            self.ahead.append(self.ahead[-1] | grammar.bits.get(kind, 0))
        self.ahead.reverse()
        self.reached: dict[tuple[str, int], int] = {}
        self.built: dict[tuple[str, int, int], tuple[tuple[Tree | Token, ...], ...]] = {}

    def ends(self, symbol: str, place: int) -> int:
        """The places that `symbol` reaches from this one, which is before a token."""
        key = (symbol, place)
        known = self.reached.get(key)
        if known is None:
            fork = self.grammar.fork(symbol, self.kinds[place])
            self.reached[key] = known = self._beyond(fork, 1 << place) if fork else 0
        return known

    def _beyond(self, fork: _Fork, places: int) -> int:
        found = places if fork.ended else 0
        for further, after in self._steps(fork, places):
            found |= self._beyond(further, after) if further.ways else after
        return found

    def _steps(self, fork: _Fork, places: int) -> list[tuple[_Fork, int]]:
        """What lies one symbol beyond a fork, with the places reached, of these places."""
        lowest = places & -places
        place = lowest.bit_length() - 1
        if place == len(self.kinds):
            return []
        lacking = ~self.ahead[place]
        steps: list[tuple[_Fork, int]] = []
        if places != lowest:
            for symbol, _, further, needs in fork.ways:
                if not needs & lacking and (after := self._after(symbol, places)):
                    steps.append((further, after))
            return steps
        for symbol, is_terminal, further, needs in fork.by_next.get(self.kinds[place], ()):
            if not needs & lacking and (after := places << 1 if is_terminal else self.ends(symbol, place)):
                steps.append((further, after))
        return steps

    def _after(self, symbol: str, places: int) -> int:
        """The places after `symbol`, of those before it."""
        first = self.grammar.first.get(symbol)
        if first is None:
            return (places & self.begins.get(symbol, 0)) << 1
        begins = self.begins.get(symbol)
        if begins is None:
            begins = 0
            for kind in first & self.present:
                begins |= self.begins[kind]
            self.begins[symbol] = begins
        after = 0
        for place in _ascending(places & begins):
            after |= self.ends(symbol, place)
        return after

    def _fitting(self, fork: _Fork, places: int, end: int) -> Iterator[tuple[int, _Rule]]:
        """The expansions beyond a fork that reach the end from these places."""
        if fork.ended and places >> end & 1:
            yield from fork.ended
        for further, after in self._steps(fork, places):
            yield from self._fitting(further, after, end)

    def trees(self, symbol: str, start: int, end: int) -> tuple[tuple[Tree | Token, ...], ...]:
        """What `symbol` gives its parent, once for each parse: one tree, or the children of an inlined rule."""
        key = (symbol, start, end)
        if key not in self.built:
            found: list[tuple[Tree | Token, ...]] = []
            fork = self.grammar.fork(symbol, self.kinds[start])
            fitting = sorted(self._fitting(fork, 1 << start, end), key=itemgetter(0)) if fork else ()
            for _, rule in fitting:
                for children in islice(self._children(rule.symbols, start, end), MOST_READINGS):
                    inlined = rule.inline or (rule.collapse and len(children) == 1)
                    found.append(children if inlined else (Tree(rule.name, children),))
            self.built[key] = tuple(dict.fromkeys(found))[:MOST_READINGS]
        return self.built[key]

    def _children(self, symbols: Sequence[str], start: int, end: int) -> Iterator[tuple[Tree | Token, ...]]:
        """The children for each way in which the symbols, which do reach `end`, share what lies before it."""
        if not symbols:
            yield ()
            return
        head, rest = symbols[0], symbols[1:]
        if head not in self.grammar.rules:
            for others in self._children(rest, start + 1, end):
                yield (self.tokens[start], *others)
            return
        for middle in _ascending(self.ends(head, start)):
            if self._through(rest, 1 << middle) >> end & 1:
                for first in self.trees(head, start, middle):
                    for others in self._children(rest, middle, end):
                        yield (*first, *others)

    def _through(self, symbols: Sequence[str], places: int) -> int:
        """The places after all of these symbols, of those before them."""
        for symbol in symbols:
            if not places:
                break
            places = self._after(symbol, places)
        return places


def _ascending(places: int) -> Iterator[int]:
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest


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
    rules = {}
    for name, definition in definitions(_source(), STARTS).items():
        rules[name] = [
            _Rule(alias or name, symbols, name.startswith("_"), not definition.keeps_one and alias is None)
            for symbols, alias in definition.ways
        ]
    return Grammar(rules)


class Parses:
    """The parses of any part of some tokens: what one part needed is known to those that overlap with it."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._chart = _Chart(grammar(), tokens)

    def of(self, begin: int, end: int, start: Start) -> tuple[Tree, ...]:
        """Every parse of the tokens from `begin` to `end`, at most `MOST_READINGS`; none when the grammar has none."""
        if not 0 < end - begin <= MOST_TOKENS or not self._chart.ends(start, begin) >> end & 1:
            return ()
        return tuple(tree for (tree,) in self._chart.trees(start, begin, end) if isinstance(tree, Tree))


def parse(tokens: Sequence[Token], start: Start) -> tuple[Tree, ...]:
    """Every parse of the tokens (noise left out before); see `Parses.of`."""
    if len(tokens) > MOST_TOKENS or any(token.kind not in terminals() for token in tokens):
        return ()
    return Parses(tokens).of(0, len(tokens), start)
