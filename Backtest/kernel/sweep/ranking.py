"""The best combinations of a search by one figure, kept while it streams."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from Backtest.canonical.nearest import did_you_mean
from Backtest.errors import InputError, Issue
from Backtest.kernel.statistics import RANK_WIDTH, Figure
from Backtest.kernel.sweep.grid import Grid
from Backtest.kernel.sweep.search import Chunk, Level

_SAME_ORDER: Final = {"total_pnl": Figure.equity_final, "max_drawdown": Figure.max_drawdown_pct}
RANKED_BY: Final = (*(figure.name for figure in Figure), *_SAME_ORDER)
"""What a search can rank by."""


@dataclass(frozen=True)
class Ranked:
    """One combination: its number in the grid, its values by name, its figures by name (undefined ones None)."""

    number: int
    values: dict[str, float]
    figures: dict[str, float | int | None]


def figure_named(name: str) -> Figure:
    """The figure that a ranking by `name` compares; raises InputError for none, and says which was perhaps meant."""
    if name in _SAME_ORDER:
        return _SAME_ORDER[name]
    if name in Figure.__members__:
        return Figure[name]
    message = f"a search can't rank by {name!r}"
    listed = f"use one of {', '.join(RANKED_BY)}"
    raise InputError(message, [Issue("metric", message, did_you_mean(name, RANKED_BY, listed))])


def level_for(name: str) -> Level:
    """The level of statistics that a ranking by `name` needs."""
    return "rank" if figure_named(name) < RANK_WIDTH else "full"


class Ranking:
    """The best `keep` combinations so far; of equal ones the first of the grid, those without a value last."""

    def __init__(self, grid: Grid, metric: str, *, is_maximum: bool = True, keep: int = 10) -> None:
        """Raises InputError for a metric that is none."""
        self._grid, self._figure, self._keep = grid, figure_named(metric), keep
        self._sign = -1.0 if is_maximum else 1.0
        self._keys = np.empty(0)
        self._numbers = np.empty(0, dtype=np.int64)
        self._values = np.empty((0, len(grid.axes)))
        self._figures: np.ndarray | None = None
        self.seen, self.skipped = 0, 0

    def add(self, chunk: Chunk) -> None:
        """Takes note of what has been run."""
        self.seen += len(chunk.numbers)
        self.skipped += chunk.skipped
        keys = self._sign * chunk.figures[:, self._figure]
        keys = np.where(np.isfinite(keys), keys, np.inf)
        mine = self._figures if self._figures is not None else chunk.figures[:0]
        keys, numbers = np.concatenate([self._keys, keys]), np.concatenate([self._numbers, chunk.numbers])
        order = np.lexsort((numbers, keys))[: self._keep]
        self._keys, self._numbers = keys[order], numbers[order]
        self._values = np.concatenate([self._values, chunk.values])[order]
        self._figures = np.concatenate([mine, chunk.figures])[order]

    def best(self) -> tuple[Ranked, ...]:
        """The best first."""
        figures = self._figures if self._figures is not None else np.empty((0, 0))
        names = [axis.name for axis in self._grid.axes]
        return tuple(
            Ranked(int(number), dict(zip(names, values.tolist(), strict=True)), _plain(row))
            for number, values, row in zip(self._numbers, self._values, figures, strict=True)
        )


def _plain(row: np.ndarray) -> dict[str, float | int | None]:
    named: dict[str, float | int | None] = {
        figure.name: float(value) + 0.0 if np.isfinite(value) else None
        for figure, value in zip(Figure, row, strict=False)
    }
    trades = named[Figure.total_trades.name]
    return named | {Figure.total_trades.name: None if trades is None else int(trades)}
