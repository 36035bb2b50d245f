"""Figures of an equity curve, in backtesting.py's formulas and order of operations."""

import numpy as np

from Backtest.kernel.compilation import compiled
from Backtest.kernel.statistics.figures import Figure
from Backtest.kernel.statistics.summation import mean, pairwise_sum, variance
from Backtest.kernel.statistics.time_axis import TimeAxis


@compiled
def period_returns(
    equity: np.ndarray, ends: np.ndarray, returns: np.ndarray, growth: np.ndarray
) -> tuple[int, float, bool]:
    """Writes the returns between the `ends`, and 1 + them; answers how many there are, the least growth (or 1 where it
    is above 0), and whether the growth is that of `bar_growth`: each period is a bar, and nothing was lost where 1 was
    taken and added.

    What follows ruin has no return (0 / 0).
    """
    if len(ends) == len(equity) and bar_returns(equity, returns, growth):
        return len(ends) - 1, 1.0, True
    count, least = 0, 1.0
    for k in range(1, len(ends)):
        change = equity[ends[k]] / equity[ends[k - 1]] - 1.0
        if not np.isnan(change):
            returns[count] = change
            growth[count] = change + 1.0
            least = min(least, growth[count])
            count += 1
    return count, least, False


@compiled
def bar_returns(equity: np.ndarray, returns: np.ndarray, growth: np.ndarray) -> bool:
    """Writes each bar's return, and 1 + it; whether all of the latter are the ratios they came from, and above 0."""
    others = 0
    for k in range(len(equity) - 1):
        ratio = equity[k + 1] / equity[k]
        change = ratio - 1.0
        returns[k] = change
        growth[k] = change + 1.0
        others += int(change + 1.0 != ratio) | int(not ratio > 0.0)
    return others == 0


@compiled
def worst_drawdown(equity: np.ndarray) -> tuple[float, float]:
    """The largest loss from a peak, as a fraction of it, and the highest peak."""
    peak, least, worst = equity[0], equity[0], 0.0
    for i in range(1, len(equity)):
        value = equity[i]
        if value > peak:
            worst = max(worst, 1.0 - least / peak)
            peak, least = value, value
        else:
            least = min(least, value)
    return max(worst, 1.0 - least / peak), peak


@compiled
def squared_losses(returns: np.ndarray) -> np.ndarray:
    squares = np.empty(len(returns))
    for i in range(len(returns)):
        squares[i] = returns[i] * returns[i] * (returns[i] < 0.0)  # a factor, not a branch that half of them take
    return squares


@compiled
def rank_equity(equity: np.ndarray, axis: TimeAxis, returns: np.ndarray, growth: float, row: np.ndarray) -> None:
    """Writes the equity's figures of level "rank". `growth` is the geometric mean of the periods' `returns`."""
    first, final = equity[0], equity[-1]
    worst, peak = worst_drawdown(equity)
    row[Figure.equity_final] = final
    row[Figure.equity_peak] = peak
    row[Figure.return_pct] = (final - first) / first * 100.0
    row[Figure.cagr_pct] = ((final / first) ** (1.0 / axis.years) - 1.0) * 100.0 if axis.years > 0.0 else np.nan
    row[Figure.max_drawdown_pct] = -worst * 100.0
    count, periods, base = len(returns), axis.periods_per_year, 1.0 + growth
    annual = base**periods - 1.0
    squares = variance(returns, count) + base**axis.two
    volatility = np.sqrt(squares**periods - base ** (axis.two * periods)) * 100.0
    row[Figure.return_annual_pct] = annual * 100.0
    row[Figure.volatility_annual_pct] = volatility
    row[Figure.sharpe_ratio] = annual * 100.0 / volatility if volatility != 0.0 else np.nan
    row[Figure.sortino_ratio] = annual / (np.sqrt(mean(squared_losses(returns), count)) * np.sqrt(periods))
    row[Figure.calmar_ratio] = annual / worst if worst != 0.0 else np.nan


@compiled
def drawdown_episodes(equity: np.ndarray, stamps_us: np.ndarray, depths: np.ndarray) -> tuple[int, int, int]:
    """Writes each drawdown's depth on the bar of its end, 0 on all others; answers their number, the longest and the
    sum of their durations.

    One lasts from a peak to the bar that reaches it again, or to the last bar; at least one bar lies between.
    """
    depths[:] = 0.0
    episodes, longest, together = 0, 0, 0
    peak_bar, least, last = 0, np.inf, len(equity) - 1
    for i in range(1, len(equity)):
        least = min(least, equity[i])
        if equity[i] >= equity[peak_bar] or i == last:
            if i > peak_bar + 1:
                lasted = stamps_us[i] - stamps_us[peak_bar]
                depths[i] = 1.0 - least / equity[peak_bar]
                episodes, longest, together = episodes + 1, max(longest, lasted), together + lasted
            peak_bar, least = i, np.inf
    return episodes, longest, together


@compiled
def rounded_days(duration_us: float, resolution_us: int) -> float:
    """A duration in days, whole microseconds rounded up to the resolution of the bars."""
    return -(-int(duration_us) // resolution_us) * resolution_us / 86_400_000_000


@compiled
def full_drawdowns(equity: np.ndarray, axis: TimeAxis, depths: np.ndarray, row: np.ndarray) -> None:
    """Writes mean drawdown and durations. `depths` is memory for one value a bar."""
    episodes, longest, together = drawdown_episodes(equity, axis.stamps_us, depths)
    if episodes:
        row[Figure.avg_drawdown_pct] = -(pairwise_sum(depths, len(depths)) / episodes) * 100.0
        row[Figure.max_drawdown_duration_days] = rounded_days(longest, axis.resolution_us)
        row[Figure.avg_drawdown_duration_days] = rounded_days(together / episodes, axis.resolution_us)
        return
    # backtesting.py then takes the series of drawdowns for durations too: all 0, but for one begun on the last bar
    depth = 1.0 - equity[-1] / np.max(equity)
    depth = depth if depth != 0.0 else np.nan
    row[Figure.avg_drawdown_pct] = -depth * 100.0
    row[Figure.max_drawdown_duration_days] = depth
    row[Figure.avg_drawdown_duration_days] = depth


@compiled
def bar_growth(values: np.ndarray, growth: np.ndarray) -> None:
    """Writes each bar's value through the one before, for all bars but the first."""
    for i in range(len(growth)):
        growth[i] = values[i + 1] / values[i]


@compiled
def centred(values: np.ndarray, out: np.ndarray) -> None:
    """Writes the values less their mean; `out` may be the same array."""
    centre = mean(values, len(out))
    for i in range(len(out)):
        out[i] = values[i] - centre
