"""The figures of a run as columns of one row: those that a search ranks by first, the dearer ones of the full list
after them. Names are those of `Backtest.run_result`."""

from enum import IntEnum
from typing import Final


class Figure(IntEnum):
    """Which column of a row holds which figure; undefined ones are NaN or infinite."""

    equity_final = 0
    equity_peak = 1
    return_pct = 2
    cagr_pct = 3
    return_annual_pct = 4
    volatility_annual_pct = 5
    sharpe_ratio = 6
    sortino_ratio = 7
    calmar_ratio = 8
    max_drawdown_pct = 9
    exposure_time_pct = 10
    total_trades = 11
    win_rate = 12
    win_rate_pct = 13
    best_trade_pct = 14
    worst_trade_pct = 15
    expectancy_pct = 16
    profit_factor = 17
    sqn = 18
    kelly_criterion = 19
    commissions = 20
    # the full list goes on
    buy_and_hold_return_pct = 21
    alpha_pct = 22
    beta = 23
    avg_drawdown_pct = 24
    max_drawdown_duration_days = 25
    avg_drawdown_duration_days = 26
    avg_trade_pct = 27
    max_trade_duration_days = 28
    avg_trade_duration_days = 29


RANK_WIDTH: Final = 21
"""Columns of a row of level "rank"."""
FULL_WIDTH: Final = len(Figure)
"""Columns of a row of level "full", of which those of "rank" are the first."""
