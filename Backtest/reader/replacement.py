"""Parts of what was said put in the place of others."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from Backtest.reader.clause import Clause
from Backtest.reader.syntax import Mention

S = TypeVar("S")


def with_mentions(clauses: list[Clause], change: Callable[[Mention], Mention]) -> list[Clause]:
    return [replace(clause, said=mapped(clause.said, Mention, change)) for clause in clauses]


def mapped(said: S, kind: type | tuple[type, ...], change: Callable[[Any], Any]) -> S:
    """`said` with every part of that kind changed."""
    if isinstance(said, kind):
        result: S = change(said)
        return result
    if isinstance(said, tuple):
        return tuple(mapped(item, kind, change) for item in said)  # type: ignore[return-value]
    if is_dataclass(said) and not isinstance(said, type):
        parts = {part.name: mapped(getattr(said, part.name), kind, change) for part in fields(said)}
        return replace(said, **parts)
    return said
