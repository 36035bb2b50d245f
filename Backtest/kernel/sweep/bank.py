"""The columns that a batch needs, as rows of one matrix, as many as there is room for."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from Backtest.data.bars import Bars
from Backtest.kernel.columns import column_array
from Backtest.kernel.indicator_cache import ArrayCache
from Backtest.kernel.sweep.template import Patch, Template

MOST_BYTES: Final = 256 * 1024 * 1024


class Bank:
    """The matrix of inputs of a search: `rows[id]` says in which row a column stands, -1 for one that is not there."""

    def __init__(self, template: Template, bars: Bars, timeframe: str, rows: int) -> None:
        self._template, self._bars, self._timeframe = template, bars, timeframe
        self.matrix = np.empty((rows, len(bars)))
        self.rows = np.full(len(template.columns), -1, dtype=np.int64)
        self._free = list(range(rows - 1, -1, -1))
        self._cache = ArrayCache(0)  # what is computed here is kept in the matrix

    def load(self, ids: Iterable[int]) -> None:
        """Computes those columns that are not there, in place of such as are not wanted; prices stand in rows 0 to 3.

        Nothing may run on the matrix meanwhile.
        """
        wanted = sorted(set(ids))
        missing = [column for column in wanted if self.rows[column] < 0]
        if len(missing) > len(self._free):
            kept = set(wanted)
            for column in np.flatnonzero(self.rows >= 0).tolist():
                if column not in kept:
                    self._free.append(int(self.rows[column]))
                    self.rows[column] = -1
        for column in missing:
            row = self._free.pop()
            self.matrix[row] = column_array(self._template.columns[column], self._bars, self._timeframe, self._cache)
            self.rows[column] = row


def tile_of(
    template: Template, lengths: Sequence[int], bars: int, most_bytes: int = MOST_BYTES
) -> tuple[list[int], int]:
    """How many values of each axis are tried before the columns of others are computed, and the columns of such a tile.

    The longest axes are halved until the columns fit into `most_bytes`, or each combination has its own tile.
    """
    sides = list(lengths)
    room = max(1, most_bytes // (8 * bars))
    at_columns = template.columns_at
    fixed = len(template.sample.program.columns)

    def columns() -> int:
        varied = (
            math.prod(sides[axis] for axis in patch.axes) * int((patch.at >= at_columns.start).sum())
            for patch in template.patches
        )
        return fixed + sum(varied)

    while columns() > room and max(sides[axis] for axis in _with_columns(template.patches, at_columns)) > 1:
        longest = max(_with_columns(template.patches, at_columns), key=lambda axis: sides[axis])
        sides[longest] = -(-sides[longest] // 2)
    return sides, columns()


def _with_columns(patches: Sequence[Patch], at_columns: slice) -> list[int]:
    return [axis for patch in patches if (patch.at >= at_columns.start).any() for axis in patch.axes]
