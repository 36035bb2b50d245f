"""Constraints between named parameters: `fast < slow`, `fast >= 5`."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_CONSTRAINT: Final = re.compile(r"\s*(\S+?)\s*(<=|>=|==|!=|<|>)\s*(\S+?)\s*")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_HOLDS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Constraint:
    """`left` and `right` are names or numbers, as they were written."""

    left: str
    op: str
    right: str

    def holds(self, left: Any, right: Any) -> Any:
        """Whether it is true of two values; of two arrays, element by element."""
        return _HOLDS[self.op](left, right)


def read_constraint(text: str) -> Constraint | None:
    """`NAME-OR-NUMBER OP NAME-OR-NUMBER`; None where the text is no such thing."""
    match = _CONSTRAINT.fullmatch(text)
    return None if match is None else Constraint(match[1], match[2], match[3])


def number_of(term: str) -> float | None:
    """The number that a term is, None for a name."""
    return float(term) if _NUMBER.fullmatch(term) else None
