"""Functions that generated files carry verbatim. Each stands alone: numpy as np, pandas as pd, and each other."""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from backtesting.lib import compute_stats

from Backtest.indicators.timeframes import align_to_chart, resample_bars


def shift(values: np.ndarray, bars: int) -> np.ndarray:
    """The values of `bars` bars ago."""
    return pd.Series(values, dtype=float).shift(bars).to_numpy()


def highest(values: np.ndarray, bars: int) -> np.ndarray:
    """The largest of the last `bars` values, the current one included."""
    return pd.Series(values, dtype=float).rolling(bars).max().to_numpy()


def lowest(values: np.ndarray, bars: int) -> np.ndarray:
    """The smallest of the last `bars` values, the current one included."""
    return pd.Series(values, dtype=float).rolling(bars).min().to_numpy()


def percent_change(values: np.ndarray, bars: int) -> np.ndarray:
    """The change against `bars` bars ago in percent; undefined (NaN) against a 0."""
    now = pd.Series(values, dtype=float)
    before = now.shift(bars)
    return (100 * (now / before.where(before != 0) - 1)).to_numpy()


def ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b; undefined (NaN) where b is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.equal(b, 0), np.nan, np.divide(a, b))[()]


def on_timeframe(
    bars: pd.DataFrame, timeframe: str, chart_timeframe: str, compute: Callable[[pd.DataFrame], np.ndarray]
) -> np.ndarray:
    """`compute` on the longer bars that these make up; a value shows on the chart once its bar is complete."""
    longer = resample_bars(bars, timeframe)
    ends, index = pd.DatetimeIndex(longer.index), pd.DatetimeIndex(bars.index)
    shown = [align_to_chart(values, ends, index, chart_timeframe) for values in np.atleast_2d(compute(longer))]
    return np.array(shown) if len(shown) > 1 else shown[0]


def without_values(**columns: np.ndarray) -> list[str]:
    """The names of the columns that have no value on any bar."""
    empty = [name for name, values in columns.items() if np.isnan(values.astype(float)).all()]
    if empty:
        warnings.warn(f"{', '.join(empty)}: no value on these bars, so no rule was evaluated", stacklevel=2)
    return empty


def protective(level: float, price: float, side: int, name: str) -> float | None:
    """`level` where it lies below `price` (side 1) or above it (side -1), else None and a warning."""
    if 0 < level < np.inf and (price - level) * side > 0:
        return level
    warnings.warn(f"a {name} at {level:g} can't protect a position at {price:g} and was left out", stacklevel=2)
    return None


def load_bars(csv: str | None, sample: str) -> pd.DataFrame:
    """The bars of a CSV file, or of a sample that comes with backtesting.py."""
    if csv:
        bars = pd.read_csv(csv, index_col=0, parse_dates=True)
    else:
        from backtesting import test

        bars = getattr(test, sample)
    return bars[["Open", "High", "Low", "Close", "Volume"]].astype(float)


def run_backtest(
    strategy: type[Strategy], bars: pd.DataFrame, start: str | None = None, plot: str | None = None, **account: object
) -> pd.Series:
    """backtesting.py's result on `bars`. With `start` the bars before it are warm-up, and no statistic counts them."""
    first = int(bars.index.searchsorted(pd.Timestamp(start))) if start else 0

    def next_in_window(self: Strategy) -> None:
        if len(self.data) > first:
            strategy.next(self)

    windowed = type(strategy.__name__, (strategy,), {"next": next_in_window})
    backtest = Backtest(bars, windowed, finalize_trades=False, **account)
    stats: pd.Series = backtest.run()
    if plot:
        backtest.plot(filename=plot, open_browser=False)
    if first:
        for name, column in vars(stats["_strategy"]).items():
            if isinstance(column, np.ndarray):
                setattr(stats["_strategy"], name, column[..., first:])
        trades = stats["_trades"]
        stats["_trades"] = trades.assign(EntryBar=trades.EntryBar - first, ExitBar=trades.ExitBar - first)
        stats["_equity_curve"] = stats["_equity_curve"].iloc[first:]
        stats = compute_stats(stats=stats, data=bars.iloc[first:])
    return stats.filter(regex="^[^_]")
