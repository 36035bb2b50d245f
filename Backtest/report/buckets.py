"""Bars drawn together where there are more of them than a chart has room for, their extremes kept."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from Backtest.report.drawdown import drawdowns_pct
from Backtest.report.record import RunRecord

_Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Buckets:
    """Columns with one value per bucket of `bars_each` neighbouring bars (the last bucket may hold fewer).

    Bucket i begins at evaluated bar `i * bars_each`. Prices and `volume` are those of one longer bar; `equity` is the
    last one, `equity_low`, `equity_high` and `drawdown` (percent, the deepest) are the extremes.
    """

    bars: int
    bars_each: int
    open: _Array
    high: _Array
    low: _Array
    close: _Array
    volume: _Array
    equity: _Array
    equity_low: _Array
    equity_high: _Array
    drawdown: _Array

    def __len__(self) -> int:
        return len(self.close)

    def first_bars(self) -> range:
        """The evaluated bar that each bucket begins with."""
        return range(0, self.bars, self.bars_each)

    def centre(self, bucket: int) -> float:
        """The middle of a bucket, counted in bars: 0.0 is the first bar's."""
        first = bucket * self.bars_each
        return (first + min(first + self.bars_each, self.bars) - 1) / 2


def buckets_of(record: RunRecord, limit: int) -> Buckets:
    """The evaluated bars in at most `limit` (at least 1) buckets, all of the same number of bars but the last."""
    frame = record.evaluated
    bars = len(frame)
    each = -(-bars // limit)
    starts = np.arange(0, bars, each)
    ends = np.minimum(starts + each, bars) - 1
    prices: dict[str, _Array] = {name: frame[name].to_numpy() for name in ("Open", "High", "Low", "Close")}
    equity = np.array(record.result.equity, dtype=np.float64)
    return Buckets(
        bars=bars,
        bars_each=each,
        open=prices["Open"][starts],
        high=np.maximum.reduceat(prices["High"], starts),
        low=np.minimum.reduceat(prices["Low"], starts),
        close=prices["Close"][ends],
        volume=np.add.reduceat(frame["Volume"].to_numpy(), starts),
        equity=equity[ends],
        equity_low=np.minimum.reduceat(equity, starts),
        equity_high=np.maximum.reduceat(equity, starts),
        drawdown=np.minimum.reduceat(np.array(drawdowns_pct(record.result.equity)), starts),
    )


def rounded(values: _Array) -> list[Any]:
    """The values with eight significant digits: more than any screen shows."""
    return [float(f"{value:.8g}") for value in values.tolist()]
