"""The values that a search tries: axes, and the combinations of theirs that the constraints allow."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

import numpy as np

from Backtest.canonical.constraints import Constraint, number_of, read_constraint
from Backtest.canonical.nearest import did_you_mean
from Backtest.errors import InputError, Issue

MOST_VALUES: Final = 10_000
"""Of one axis."""
MOST_COMBINATIONS: Final = 10**15
_FORM: Final = "write it like fast=5:50:5 (from, to, step; both ends included) or fast=5,10,20"


@dataclass(frozen=True)
class Axis:
    """A name and its values, in the order in which they are tried."""

    name: str
    values: tuple[float, ...]


def parse_axis(text: str) -> Axis:
    """`NAME=FROM:TO[:STEP]`, both ends included, a step of 1 if unsaid; or `NAME=VALUE,VALUE,...`.

    Raises InputError for anything else, for no value, and for more than MOST_VALUES.
    """
    name, equals, said = (part.strip() for part in text.partition("="))
    if not name or not equals or not said:
        raise _refused(text, f"{text!r} names no values", _FORM)
    try:
        values = _between(text, said) if ":" in said else tuple(_number(part) for part in said.split(","))
    except InvalidOperation as error:
        raise _refused(name, f"{said!r} is no list of numbers", _FORM) from error
    return checked_axis(Axis(name, tuple(float(value) for value in values)))


def checked_axis(axis: Axis) -> Axis:
    """The axis; raises InputError unless it has 1 to MOST_VALUES finite values, each once."""
    if not 1 <= len(axis.values) <= MOST_VALUES:
        raise _refused(axis.name, f"{axis.name} has {len(axis.values):,} values", f"give it 1 to {MOST_VALUES:,}")
    if not all(math.isfinite(value) for value in axis.values):
        raise _refused(axis.name, f"{axis.name} has a value that is no finite number", _FORM)
    if len(set(axis.values)) < len(axis.values):
        raise _refused(axis.name, f"{axis.name} has a value twice", "name each value once")
    return axis


def _number(text: str) -> Decimal:
    return Decimal(text.strip())


def _between(text: str, said: str) -> tuple[Decimal, ...]:
    parts = [_number(part) for part in said.split(":")]
    if len(parts) not in (2, 3):
        raise _refused(text, f"{said!r} is no range", _FORM)
    start, stop, step = (*parts, Decimal(1)) if len(parts) == 2 else parts
    if not (start.is_finite() and stop.is_finite() and step.is_finite()) or step <= 0 or stop < start:
        raise _refused(
            text, f"{said!r} holds no value", f"{_FORM}; the step is above 0 and the end not before the start"
        )
    count = int((stop - start) / step) + 1
    if count > MOST_VALUES:
        raise _refused(text, f"{said!r} has {count:,} values", f"give it at most {MOST_VALUES:,}: a larger step")
    return tuple(start + k * step for k in range(count))


def _refused(field: str, message: str, suggestion: str) -> InputError:
    return InputError(message, [Issue(f"grid/{field}", message, suggestion)])


@dataclass(frozen=True)
class Grid:
    """All combinations of the axes' values, the last axis the fastest; those that break a constraint are left out."""

    axes: tuple[Axis, ...]
    constraints: tuple[Constraint, ...] = ()

    @classmethod
    def of(cls, axes: Iterable[Axis], constraints: Iterable[str] = ()) -> "Grid":
        """Raises InputError for no axis, for one named twice, and for a constraint that can't be read."""
        listed = tuple(checked_axis(axis) for axis in axes)
        if not listed:
            raise _refused("", "there is nothing to vary", _FORM)
        names = [axis.name for axis in listed]
        for name in names:
            if names.count(name) > 1:
                raise _refused(name, f"{name} is given twice", "give each name once, with all of its values")
        if (count := math.prod(len(axis.values) for axis in listed)) > MOST_COMBINATIONS:
            raise _refused("", f"{count:.0e} combinations would never end", f"try at most {MOST_COMBINATIONS:.0e}")
        return cls(listed, tuple(_constraint(text) for text in constraints))

    def __len__(self) -> int:
        """Combinations, those that a constraint leaves out included."""
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(axis.values) for axis in self.axes)

    def allowed(self, values: np.ndarray, fixed: dict[str, float]) -> np.ndarray:
        """Of rows of combinations (a column for each axis), which keep the constraints; `fixed` are the values of
        names that are no axis."""
        kept = np.ones(len(values), dtype=np.bool_)
        for constraint in self.constraints:
            left, right = (self._term(term, values, fixed) for term in (constraint.left, constraint.right))
            kept &= constraint.holds(left, right)
        return kept

    def _term(self, term: str, values: np.ndarray, fixed: dict[str, float]) -> np.ndarray | float:
        names = [axis.name for axis in self.axes]
        if term in names:
            column: np.ndarray = values[:, names.index(term)]
            return column
        number = fixed.get(term, number_of(term))
        if number is None:
            message = f"{term!r} in a constraint is no name of the grid, no parameter and no number"
            hint = did_you_mean(term, [*names, *fixed], f"use {', '.join([*names, *fixed])} or a number")
            raise InputError(message, [Issue("constraints", message, hint)])
        return number


def _constraint(text: str) -> Constraint:
    read = read_constraint(text)
    if read is None:
        message = f"can't read the constraint {text!r}"
        raise InputError(message, [Issue("constraints", message, "write it like 'fast < slow' or 'fast >= 5'")])
    return read


def numbers_in_tiles(shape: Sequence[int], tile: Sequence[int], at_once: int) -> Iterator[tuple[int, np.ndarray]]:
    """The number of the tile, and the positions on each axis (rows) of at most so many combinations.

    Tiles follow each other as combinations do, the last axis the fastest; in a tile too.
    """
    tiles = [-(-length // side) for length, side in zip(shape, tile, strict=True)]
    for number in range(math.prod(tiles)):
        place = np.unravel_index(number, tiles)
        begin = [int(at) * side for at, side in zip(place, tile, strict=True)]
        sides = [min(side, length - at) for at, side, length in zip(begin, tile, shape, strict=True)]
        count = math.prod(sides)
        for first in range(0, count, at_once):
            inside = np.unravel_index(np.arange(first, min(count, first + at_once)), sides)
            yield number, np.stack([at + offset for at, offset in zip(begin, inside, strict=True)], axis=1)
