"""How far an equity curve lies below its highest point so far."""

from collections.abc import Sequence
from itertools import accumulate


def drawdowns_pct(equity: Sequence[float]) -> list[float]:
    """Percent below the running peak, one value per bar: 0 at a peak, negative below it, never positive.

    100 x (equity / peak - 1); an account that never held anything has nothing to lose: 0.
    """
    below_peak = zip(equity, accumulate(equity, max), strict=True)
    return [100.0 * (value / peak - 1.0) if value < peak and peak > 0.0 else 0.0 for value, peak in below_peak]
