"""Small random choices for generators: cheap to draw, on grids of sensible decimals, simple values first when shrinking."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _whole(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


class Draws:
    """What a composite strategy draws, by kind."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def whole(self, low: int, high: int) -> int:
        return self._draw(_whole(low, high))

    def real(self, low: float, high: float, decimals: int) -> float:
        """A number of `low` .. `high` with so many decimals."""
        grid = 10**decimals
        return self.whole(round(low * grid), round(high * grid)) / grid

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.whole(0, len(choices) - 1)]

    def some_of(self, choices: Sequence[T], least: int, most: int) -> tuple[T, ...]:
        """So many different ones, in the order of `choices`."""
        left = list(range(len(choices)))
        taken = [left.pop(self.whole(0, len(left) - 1)) for _ in range(self.whole(least, most))]
        return tuple(choices[i] for i in sorted(taken))

    def chance(self, percent: int) -> bool:
        return self.whole(0, 99) >= 100 - percent

    def maybe(self, percent: int, value: Any) -> Any:
        """`value()` with that chance, else None."""
        return value() if self.chance(percent) else None
