"""Parts of what was said put in the place of others."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from Backtest.reader.clause import Clause
from Backtest.reader.scope import mentions
from Backtest.reader.syntax import Mention

S = TypeVar("S")


def with_mentions(clauses: list[Clause], change: Callable[[Mention], Mention]) -> list[Clause]:
    return [replace(clause, said=mapped(clause.said, Mention, change)) for clause in clauses]


def mapped(said: S, kind: type | tuple[type, ...], change: Callable[[Any], Any]) -> S:
    """`said` with every part of that kind changed."""
    if isinstance(said, kind):
        result: S = change(said)
        if isinstance(result, Mention) and result.of is not None:
            return replace(result, of=mapped(result.of, kind, change))
        return result
    if isinstance(said, tuple):
        return tuple(mapped(item, kind, change) for item in said)  # type: ignore[return-value]
    if is_dataclass(said) and not isinstance(said, type):
        parts = {part.name: mapped(getattr(said, part.name), kind, change) for part in fields(said)}
        return replace(said, **parts)
    return said


def parts_in(said: object, kind: type | tuple[type, ...]) -> list[Any]:
    """Every part of that kind, in the order of the text; none within another of them."""
    found: list[Any] = []

    def noted(one: Any) -> Any:
        found.append(one)
        return one

    mapped(said, kind, noted)
    return found


def parts_of(clauses: Sequence[Clause], kind: type | tuple[type, ...]) -> list[Any]:
    return [one for clause in clauses for one in parts_in(clause.said, kind)]


def with_length_of_atr(said: S, replaced: Sequence[Clause]) -> S:
    """ "Make it 2 ATR": a distance in ATR without a length has that of the one in whose place it stands."""
    lengths = {
        (m.numbers, m.period, m.chart) for c in replaced for m in mentions(c.said) if m.name == "ATR" and _told(m)
    }
    if len(lengths) != 1:
        return said
    ((numbers, period, chart),) = lengths

    def lengthened(mention: Mention) -> Mention:
        if mention.name != "ATR" or _told(mention):
            return mention
        return replace(mention, numbers=numbers, period=period, chart=mention.chart or chart)

    return mapped(said, Mention, lengthened)


def _told(mention: Mention) -> bool:
    return bool(mention.numbers) or mention.period is not None
