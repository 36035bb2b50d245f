"""Where the marks of an axis stand and what they say. report.js does the same for the part that is zoomed into."""

import math
from collections.abc import Sequence

STAMP_PARTS = (4, 7, 10, 13, 16)
"""How much of a stamp names its year, month, day, hour and minute."""


def value_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers (1, 2, 2.5 or 5 times a power of ten apart) from `low` to `high`, at most `most` of them."""
    if not low < high:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10, 20) if (high - low) / (power * factor) <= most - 1)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def tick_digits(ticks: Sequence[float]) -> int:
    """The digits after the point that these ticks need."""
    return next(
        (digits for digits in range(9) if all(math.isclose(round(t, digits), t, abs_tol=1e-12) for t in ticks)),
        8,
    )


def time_ticks(stamps: Sequence[str], most: int = 9) -> list[tuple[int, str]]:
    """(position, label) where a year, month, day, hour or minute begins: the finest that has at most `most`."""
    chosen: list[tuple[int, str]] = []
    for length in STAMP_PARTS:
        if length > len(stamps[0]):
            break
        starts = [
            (i, _label(stamps[i], length))
            for i in range(1, len(stamps))
            if stamps[i][:length] != stamps[i - 1][:length]
        ]
        if len(starts) > most:
            thinned = starts[:: -(-len(starts) // most)]
            return chosen if len(chosen) > 2 else thinned
        chosen = starts or chosen
    return chosen


def _label(stamp: str, length: int) -> str:
    return stamp[:length] if length <= len("YYYY-MM-DD") else f"{stamp[5:10]} {stamp[11:16]}"
