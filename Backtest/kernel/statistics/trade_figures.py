"""Figures of closed trades, in backtesting.py's formulas and order of operations.

Trades are the kernel's table (columns of `Backtest.kernel.broker`) by entry and exit bar.
"""

import numpy as np

from Backtest.kernel import broker as b
from Backtest.kernel.compilation import compiled
from Backtest.kernel.statistics.equity_figures import rounded_days
from Backtest.kernel.statistics.figures import Figure
from Backtest.kernel.statistics.summation import mean, pairwise_sum, variance
from Backtest.kernel.statistics.time_axis import TimeAxis


@compiled
def bars_in_trades(trades: np.ndarray) -> int:
    """On how many bars one of the trades was open, its entry's and its exit's bar included."""
    covered, next_bar = 0, 0
    for k in range(len(trades)):
        begin, end = max(int(trades[k, b.ENTRY_BAR]), next_bar), int(trades[k, b.EXIT_BAR])
        if end >= begin:
            covered += end - begin + 1
            next_bar = end + 1
    return covered


@compiled
def with_sign(values: np.ndarray, sign: float) -> np.ndarray:
    """Those above 0 (sign 1) or below it (-1), in their order."""
    kept = np.empty(len(values))
    count = 0
    for i in range(len(values)):
        if values[i] * sign > 0.0:
            kept[count] = values[i]
            count += 1
    return kept[:count]


@compiled
def rank_trades(trades: np.ndarray, bars: int, row: np.ndarray) -> None:
    """Writes the trades' figures of level "rank"; `bars` are those of the window."""
    count = len(trades)
    row[Figure.exposure_time_pct] = bars_in_trades(trades) / bars * 100.0
    row[Figure.total_trades] = count
    paid = 0.0
    for k in range(count):
        paid += trades[k, b.COMMISSION]
    row[Figure.commissions] = paid
    if count == 0:
        row[Figure.win_rate : Figure.kelly_criterion + 1] = np.nan
        return
    pnl, returns = trades[:, b.PNL].copy(), trades[:, b.RETURN].copy()
    won, lost = with_sign(pnl, 1.0), with_sign(pnl, -1.0)
    win_rate = len(won) / count
    row[Figure.win_rate] = win_rate
    row[Figure.win_rate_pct] = win_rate * 100.0
    row[Figure.best_trade_pct] = np.max(returns) * 100.0
    row[Figure.worst_trade_pct] = np.min(returns) * 100.0
    row[Figure.expectancy_pct] = mean(returns, count) * 100.0
    gains, losses = with_sign(returns, 1.0), with_sign(returns, -1.0)
    lost_together = abs(pairwise_sum(losses, len(losses)))
    row[Figure.profit_factor] = pairwise_sum(gains, len(gains)) / lost_together if lost_together != 0.0 else np.nan
    deviation = np.sqrt(variance(pnl, count))
    row[Figure.sqn] = np.sqrt(count) * mean(pnl, count) / deviation if deviation != 0.0 else np.nan
    row[Figure.kelly_criterion] = win_rate - (1.0 - win_rate) / (mean(won, len(won)) / -mean(lost, len(lost)))


@compiled
def trade_growth(trades: np.ndarray) -> tuple[np.ndarray, float]:
    """1 + the return of each trade, and the least of them."""
    growth, least = np.empty(len(trades)), np.inf
    for k in range(len(trades)):
        growth[k] = trades[k, b.RETURN] + 1.0
        least = min(least, growth[k])
    return growth, least


@compiled
def full_trades(trades: np.ndarray, axis: TimeAxis, growth: float, row: np.ndarray) -> None:
    """Writes the geometric mean of the trades' returns (`growth`) and their durations."""
    row[Figure.avg_trade_pct] = growth * 100.0
    longest, together = 0, 0
    for k in range(len(trades)):
        begin, end = int(trades[k, b.ENTRY_BAR]) - axis.first_bar, int(trades[k, b.EXIT_BAR]) - axis.first_bar
        lasted = axis.stamps_us[end] - axis.stamps_us[begin]
        longest, together = max(longest, lasted), together + lasted
    if len(trades) == 0:
        row[Figure.max_trade_duration_days] = np.nan
        row[Figure.avg_trade_duration_days] = np.nan
        return
    row[Figure.max_trade_duration_days] = rounded_days(longest, axis.resolution_us)
    row[Figure.avg_trade_duration_days] = rounded_days(together / len(trades), axis.resolution_us)
