"""Sums in numpy's order, so that they are equal to its sums to the last bit.

numpy adds blocks of at most 128 values in eight running sums, and the blocks in pairs; written without recursion, since
numba can't load a function that calls itself from its cache.
"""

from typing import Final

import numpy as np

from Backtest.kernel.compilation import compiled

_BLOCK: Final = 128
_ADD: Final = -1
_U: Final = np.uint64
_ROOM: Final = 192
"""Steps that may be pending at once: three for each halving of an array."""


@compiled
def _block_sum(values: np.ndarray, begin: int, count: int) -> float:
    # numba reads an index without a sign faster: one that may be negative would count from the end
    at, end = _U(begin), _U(begin + count)
    if count < 8:
        total = 0.0
        for i in range(at, end):
            total += values[i]
        return total
    s0, s1, s2, s3 = values[at], values[at + _U(1)], values[at + _U(2)], values[at + _U(3)]
    s4, s5, s6, s7 = values[at + _U(4)], values[at + _U(5)], values[at + _U(6)], values[at + _U(7)]
    whole = end - _U(count % 8)
    for i in range(at + _U(8), whole, _U(8)):
        s0 += values[i]
        s1 += values[i + _U(1)]
        s2 += values[i + _U(2)]
        s3 += values[i + _U(3)]
        s4 += values[i + _U(4)]
        s5 += values[i + _U(5)]
        s6 += values[i + _U(6)]
        s7 += values[i + _U(7)]
    total = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
    for i in range(whole, end):
        total += values[i]
    return float(total)


@compiled
def pairwise_sum(values: np.ndarray, count: int) -> float:
    """The sum of the first `count` values of a contiguous float64 array, equal to `values[:count].sum()`."""
    if count <= _BLOCK:
        return _block_sum(values, 0, count)
    begins, counts = np.empty(_ROOM, np.int64), np.empty(_ROOM, np.int64)
    sums = np.empty(_ROOM)
    begins[0], counts[0] = 0, count
    pending, made = 1, 0
    while pending > 0:
        pending -= 1
        begin, size = begins[pending], counts[pending]
        if size == _ADD:
            made -= 1
            sums[made - 1] += sums[made]
        elif size <= _BLOCK:
            sums[made] = _block_sum(values, begin, size)
            made += 1
        else:
            half = size // 2
            half -= half % 8
            counts[pending] = _ADD
            begins[pending + 1], counts[pending + 1] = begin + half, size - half
            begins[pending + 2], counts[pending + 2] = begin, half
            pending += 3
    return float(sums[0])


@compiled
def mean(values: np.ndarray, count: int) -> float:
    """Of the first `count` values; NaN of none."""
    return pairwise_sum(values, count) / count


@compiled
def variance(values: np.ndarray, count: int) -> float:
    """The sample variance (n - 1) of the first `count` values, in two passes as pandas computes it; NaN below two."""
    if count < 2:
        return np.nan
    centre = mean(values, count)
    squares = np.empty(count)
    for i in range(count):
        squares[i] = (centre - values[i]) * (centre - values[i])
    return pairwise_sum(squares, count) / (count - 1)
