"""A grid of a spec's numbers, run and measured on all cores, streamed in the order of the grid."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel.statistics import time_axis
from Backtest.kernel.sweep.bank import MOST_BYTES, Bank, tile_of
from Backtest.kernel.sweep.batch import Runner, combinations_at_once
from Backtest.kernel.sweep.grid import Grid, numbers_in_tiles
from Backtest.kernel.sweep.places import place_named
from Backtest.kernel.sweep.template import Parts, Template

Level = Literal["rank", "full"]
Progress = Callable[[int, int], None]
_AHEAD: Final = 3
"""Batches that wait for each thread."""
_PLANNED_TOGETHER: Final = 16
"""Batches: planning them one by one would hold the GIL longer than their runs take."""


@dataclass(frozen=True)
class Chunk:
    """Some combinations of a grid: `numbers` count them in the grid, from 0; `values` has a column for each axis,
    `figures` one for each `Figure` of the level. `skipped` others before the last of them broke a constraint."""

    numbers: np.ndarray
    values: np.ndarray
    figures: np.ndarray
    skipped: int


def sweep(
    spec: Spec,
    grid: Grid,
    window: Window,
    account: Account,
    level: Level = "rank",
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    threads: int | None = None,
    most_bytes: int = MOST_BYTES,
) -> Iterator[Chunk]:
    """Run every combination that keeps the constraints (the grid's and the spec's own), and yield their figures.

    The order is the grid's; where its columns need more than `most_bytes` it is that of tiles of the grid. Neither it
    nor any figure depends on `threads` (one for each core if None). `progress` is told how many combinations of all are
    done, skipped ones included; the search ends early where `cancel` answers True. Memory depends on the bars and on
    the number of values of the axes, not on the number of combinations.

    Raises InputError for a name that can't be varied, SpecInvalid and IndicatorInvalid for a value that may not be,
    KernelUnsupported for a spec that the kernel can't run.
    """
    places = [place_named(spec, axis.name) for axis in grid.axes]
    template = Template(spec, places, grid.axes, account, window.first_bar)
    search = _Search(spec, grid, window, template, level, most_bytes)
    return search.chunks(threads or cores(), progress or (lambda done, total: None), cancel or (lambda: False))


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Batch(NamedTuple):
    """Combinations that one thread runs; `skipped` others between them broke a constraint."""

    numbers: np.ndarray
    values: np.ndarray
    parts: Parts
    skipped: int


class _Search:
    def __init__(
        self, spec: Spec, grid: Grid, window: Window, template: Template, level: Level, most_bytes: int
    ) -> None:
        self._spec, self._grid, self._window, self._template = spec, grid, window, template
        bars, first = len(window.bars), window.first_bar
        self._sides, columns = tile_of(template, grid.shape, bars, most_bytes)
        self._bank = Bank(template, window.bars, spec.timeframe, columns)
        self._axis = time_axis(window.bars.frame.index.to_numpy()[first:], first)
        self._closes = np.array(window.bars.frame["Close"].to_numpy()[first:])
        self._is_full = level == "full"
        self._values = [np.array(axis.values) for axis in grid.axes]
        self._fixed = {parameter.name: parameter.value for parameter in spec.parameters}
        self._own = Grid.of(grid.axes, (*spec.constraints,)).constraints
        self._of_thread = threading.local()

    def chunks(self, threads: int, progress: Progress, cancel: Callable[[], bool]) -> Iterator[Chunk]:
        waiting: deque[tuple[Future[np.ndarray], _Batch]] = deque()
        done, total, tile_before = 0, len(self._grid), -1
        at_once = combinations_at_once(len(self._window.bars))
        with ThreadPoolExecutor(threads, thread_name_prefix="sweep") as pool:

            def finished(left: int) -> Iterator[Chunk]:
                nonlocal done
                while len(waiting) > left:
                    future, batch = waiting.popleft()
                    chunk = Chunk(batch.numbers, batch.values, future.result(), batch.skipped)
                    done += len(batch.numbers) + batch.skipped
                    progress(done, total)
                    yield chunk

            try:
                for tile, positions in numbers_in_tiles(self._grid.shape, self._sides, at_once * _PLANNED_TOGETHER):
                    if tile != tile_before:
                        yield from finished(0)
                        self._load(positions)
                        tile_before = tile
                    for batch in self._batches(positions, at_once):
                        if cancel():
                            yield from finished(0)
                            return
                        waiting.append((pool.submit(self._run, batch.parts), batch))
                        yield from finished(threads * _AHEAD)
                yield from finished(0)
            finally:
                for future, *_ in waiting:
                    future.cancel()

    def _batches(self, positions: np.ndarray, at_once: int) -> Iterator[_Batch]:
        """Those of the positions that keep the constraints, by at most so many; one empty batch where none does."""
        values = np.stack([axis[positions[:, k]] for k, axis in enumerate(self._values)], axis=1)
        kept = np.flatnonzero(
            self._grid.allowed(values, self._fixed) & Grid(self._grid.axes, self._own).allowed(values, self._fixed)
        )
        parts = self._parts(positions[kept])
        numbers = np.ravel_multi_index(tuple(positions[kept].T), self._grid.shape)
        done = 0
        for first in range(0, max(1, len(kept)), at_once):
            cut = slice(first, min(len(kept), first + at_once))
            is_last = cut.stop == len(kept)
            seen = len(positions) if is_last else int(kept[cut.stop])
            own = Parts(*(part[cut] for part in parts))
            yield _Batch(numbers[cut], values[kept[cut]], own, seen - done - (cut.stop - cut.start))
            done = seen

    def _load(self, first: np.ndarray) -> None:
        """The columns of all combinations of the tile that begins with these."""
        begin = first[0]
        ids: set[int] = set()
        at = self._template.columns_at
        ids.update(self._template.words_of(first[:1])[0, at].tolist())
        for patch in self._template.patches:
            if (patch.at >= at.start).any():
                lengths = [self._grid.shape[axis] for axis in patch.axes]
                spans = [
                    np.arange(begin[axis], min(begin[axis] + self._sides[axis], self._grid.shape[axis]))
                    for axis in patch.axes
                ]
                numbers = np.ravel_multi_index(np.meshgrid(*spans, indexing="ij"), lengths).reshape(-1)
                ids.update(patch.words[numbers][:, patch.at >= at.start].reshape(-1).tolist())
        self._bank.load(ids)

    def _parts(self, positions: np.ndarray) -> Parts:
        return self._template.parts_of(self._template.words_of(positions), self._bank.rows)

    def _run(self, parts: Parts) -> np.ndarray:
        runner = getattr(self._of_thread, "runner", None)
        if runner is None:
            program, bars = self._template.sample.program, len(self._window.bars)
            runner = Runner(program, self._axis, self._closes, bars, is_full=self._is_full)
            self._of_thread.runner = runner
        return runner.run(self._bank.matrix, parts)
