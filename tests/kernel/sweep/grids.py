"""A crossover and an RSI strategy to vary, and what a search makes of them."""

from collections.abc import Callable

import numpy as np

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel.sweep import Chunk, Grid, parse_axis, sweep
from tests.kernel.differential import bars_named
from tests.semantics.documents import (
    cross_above,
    cross_below,
    document,
    enter,
    indicator,
    leave,
    number,
    percent,
    rsi,
    sma,
)

CROSS = parse_spec(
    document(
        [enter(cross_above(indicator("SMA_10"), indicator("SMA_50")))],
        [leave(cross_below(indicator("SMA_10"), indicator("SMA_50")))],
        indicators=[sma(10), sma(50)],
    )
)
REVERSAL = parse_spec(
    document(
        [enter(cross_below(indicator("RSI_14"), number(30)))],
        [leave(cross_above(indicator("RSI_14"), number(70)))],
        indicators=[rsi(14)],
        risk={"stop_loss": percent(5), "max_bars": 40},
    )
)
GOOG = Window(bars_named("GOOG"), 0)


def grid(*axes: str, constraints: tuple[str, ...] = ()) -> Grid:
    return Grid.of([parse_axis(axis) for axis in axes], constraints)


def searched(
    spec: Spec, of: Grid, window: Window = GOOG, account: Account | None = None, **options: object
) -> list[Chunk]:
    return list(sweep(spec, of, window, account or Account(), **options))  # type: ignore[arg-type]


def joined(chunks: list[Chunk], part: Callable[[Chunk], np.ndarray]) -> np.ndarray:
    return np.concatenate([part(chunk) for chunk in chunks])
