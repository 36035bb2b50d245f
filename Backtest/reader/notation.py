"""The notation of grammar.lark, which is Lark's: definitions in EBNF, written out to rules without operators.

Lark itself takes two seconds to write this grammar out, which every process would pay for its first text; a test
compares its rules with these.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

_COMMENT = re.compile(r"//.*")
_DEFINITION = re.compile(r"^(\??)([a-z_]\w*)\s*:", re.MULTILINE)
_TOKEN = re.compile(r"\s*(->|[|()?*+]|\w+|\S)")
_OPERATORS = frozenset("?*+")

Symbols = tuple[str, ...]


class Written(NamedTuple):
    """One way to write a symbol out. `alias`: the name that its trees bear in the symbol's place."""

    symbols: Symbols
    alias: str | None


@dataclass(frozen=True, slots=True)
class Definition:
    """`keeps_one`: a single child may not stand in for its tree (the name has no `?` before it)."""

    keeps_one: bool
    ways: tuple[Written, ...]


def definitions(text: str, starts: Sequence[str]) -> dict[str, Definition]:
    """The symbols of a grammar that `starts` lead to, with the ways to write them out, in its order, each once.

    Names in capitals are terminals. A repetition is a symbol of its own, whose name begins with an underscore, and
    repeats on its right. Raises ValueError for what is not of the notation, for a symbol that is not defined or twice,
    and for a way that two names claim.
    """
    plain = _COMMENT.sub("", text)
    heads = list(_DEFINITION.finditer(plain))
    found: dict[str, Definition] = {}
    repeats = _Repeats()
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        name = head[2]
        if name in found:
            raise ValueError(f"{name} is defined twice")
        body = plain[head.end() : after.start() if after is not None else len(plain)]
        found[name] = Definition(not head[1], _Body(name, body, repeats.of).ways())
    for name, ways in repeats.made.items():
        found[name] = Definition(True, tuple(Written(way, None) for way in ways))
    reached = _reached(found, starts)
    return {name: definition for name, definition in found.items() if name in reached}


def _reached(found: Mapping[str, Definition], starts: Sequence[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name.isupper() or name in reached:
            continue
        if name not in found:
            raise ValueError(f"{name} is not defined")
        reached.add(name)
        waiting += {symbol for way in found[name].ways for symbol in way.symbols}
    return reached


@dataclass
class _Repeats:
    """The symbols that repetitions are written with: one for each thing that is repeated."""

    made: dict[str, tuple[Symbols, ...]] = field(default_factory=dict)
    _names: dict[tuple[Symbols, ...], str] = field(default_factory=dict)

    def of(self, ways: tuple[Symbols, ...]) -> str:
        if ways not in self._names:
            name = f"__repeated_{len(self._names)}"
            self._names[ways] = name
            self.made[name] = _once((*ways, *((*way, name) for way in ways)))
        return self._names[ways]


class _Body:
    """What stands behind a definition's colon."""

    def __init__(self, name: str, text: str, repeated: Callable[[tuple[Symbols, ...]], str]) -> None:
        self._name = name
        self._tokens = [match[1] for match in _TOKEN.finditer(text)]
        self._at = 0
        self._repeated = repeated

    def ways(self) -> tuple[Written, ...]:
        by_symbols: dict[Symbols, Written] = {}
        for way in self._aliased():
            if by_symbols.setdefault(way.symbols, way) != way:
                raise ValueError(f"{self._name}: {' '.join(way.symbols)} is written under two names")
        return tuple(by_symbols.values())

    def _aliased(self) -> Iterator[Written]:
        while True:
            sequence = self._sequence()
            alias = None
            if self._next() == "->":
                self._take()
                alias = self._take()
            yield from (Written(way, alias) for way in sequence)
            if self._next() is None:
                return
            if self._take() != "|":
                raise self._fault()

    def _alternatives(self) -> tuple[Symbols, ...]:
        found = list(self._sequence())
        while self._next() == "|":
            self._take()
            found += self._sequence()
        return _once(found)

    def _sequence(self) -> tuple[Symbols, ...]:
        parts = []
        while (token := self._next()) is not None and token not in ("|", ")", "->"):
            parts.append(self._operated(self._part()))
        if not parts:
            raise self._fault()
        return _once(sum(chosen, ()) for chosen in product(*parts))

    def _part(self) -> tuple[Symbols, ...]:
        part = self._take()
        if part == "(":
            inner = self._alternatives()
            if self._next() != ")":
                raise self._fault()
            self._take()
            return inner
        if not part.isidentifier():
            raise self._fault()
        return ((part,),)

    def _operated(self, ways: tuple[Symbols, ...]) -> tuple[Symbols, ...]:
        if self._next() not in _OPERATORS:
            return ways
        operator = self._take()
        if operator == "?":
            return _once((*ways, ()))
        repeated: tuple[Symbols, ...] = ((self._repeated(ways),),)
        return repeated if operator == "+" else (*repeated, ())

    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        token = self._next()
        if token is None:
            raise self._fault()
        self._at += 1
        return token

    def _fault(self) -> ValueError:
        before = " ".join(self._tokens[max(0, self._at - 6) : self._at])
        return ValueError(f"{self._name}: can't be read after {before!r}")


def _once(ways: Iterable[Symbols]) -> tuple[Symbols, ...]:
    return tuple(dict.fromkeys(ways))
