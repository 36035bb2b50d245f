"""Small random choices for generators: cheap to draw, on grids of sensible decimals, simple values first when shrinking."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
_RANDOMS = st.randoms(use_true_random=False)


class Draws:
    """What a composite strategy draws, by kind.

    All of it comes from one Random of Hypothesis's: were each number a strategy of its own, Hypothesis would spend half of
    its examples on copying one drawn part over another, and few of them would be unlike each other.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self._random = draw(_RANDOMS)

    def whole(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

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

    def maybe(self, percent: int, value: Callable[[], Any]) -> Any:
        """`value()` with that chance, else None."""
        return value() if self.chance(percent) else None
