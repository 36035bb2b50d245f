"""The statistics of one execution, by name."""

import math
from typing import Literal, cast

import numpy as np
import pandas as pd

from Backtest.account import Account
from Backtest.data.bars import Window
from Backtest.kernel import broker as b
from Backtest.kernel.columns import closes_of
from Backtest.kernel.execution import Execution
from Backtest.kernel.statistics.calendar_returns import calendar_figures
from Backtest.kernel.statistics.distribution import (
    bar_returns,
    distribution_of,
    information_ratio,
    ulcer_index_pct,
)
from Backtest.kernel.statistics.figures import FULL_WIDTH, RANK_WIDTH, Figure
from Backtest.kernel.statistics.meter import Meter
from Backtest.kernel.statistics.time_axis import DAY_US, TimeAxis, axis_by_bar, bars_in_year, time_axis
from Backtest.run_result import METRIC_NAMES, OWN_METRIC_NAMES, ClosedTrade, stamp_writer

Level = Literal["rank", "full", "extended"]
Statistic = float | int | str | None

_BY_BAR = ("return_annual_pct", "volatility_annual_pct", "sharpe_ratio", "sortino_ratio", "calmar_ratio")


def run_statistics(
    execution: Execution, window: Window, account: Account, level: Level, warm_up_bars: int = 0
) -> dict[str, Statistic]:
    """The statistics of an execution on its window; undefined ones are None.

    "rank" is what a search ranks by, "full" all of `METRIC_NAMES` and `OWN_METRIC_NAMES` as `run_strategy` reports
    them, "extended" more beside (see docs/kernel-statistics.md). `warm_up_bars` of the window pass before the columns
    that rules wait for have values (see `warm_up`); buy and hold begins after them. Percentages are of 100, losses and
    drawdowns negative. Raises ValueError for an equity that isn't the window's.
    """
    stamps = window.bars.frame.index.to_numpy()[window.first_bar :]
    if len(execution.equity) != len(stamps):
        raise ValueError(f"an equity of {len(execution.equity)} values on a window of {len(stamps)} bars")
    axis, equity, trades = time_axis(stamps, 0), np.array(execution.equity), trade_table(execution.trades)
    closes = closes_of(window.bars)[window.first_bar :].copy()
    row = np.empty(FULL_WIDTH)
    meter = Meter(axis, closes)
    if level == "rank":
        meter.rank(equity, trades, row)
    else:
        meter.full(equity, trades, warm_up_bars, row)
    named = figures_by_name(row[:RANK_WIDTH] if level == "rank" else row)
    named |= _own_figures(execution, account, named)
    if level == "rank":
        return named
    named |= _times(window, stamps)
    listed = {name: named[name] for name in (*METRIC_NAMES.values(), *OWN_METRIC_NAMES)}
    return listed if level == "full" else listed | _extended(equity, trades, closes, axis, window, warm_up_bars)


def figures_by_name(row: np.ndarray) -> dict[str, Statistic]:
    """A row's figures as plain data, undefined ones None."""
    named: dict[str, Statistic] = {figure.name: _plain(value) for figure, value in zip(Figure, row, strict=False)}
    return named | {"total_trades": int(row[Figure.total_trades])}


def trade_table(trades: tuple[ClosedTrade, ...]) -> np.ndarray:
    """Closed trades as the kernel's table, their bars counted from the window's first; rules are left out."""
    table = np.zeros((len(trades), b.TRADE_WIDTH))
    for row, trade in zip(table, trades, strict=True):
        row[b.ENTRY_BAR], row[b.EXIT_BAR] = trade.entry_bar, trade.exit_bar
        row[b.UNITS_CLOSED] = trade.size
        row[b.ENTRY_PRICE], row[b.EXIT_PRICE] = trade.entry_price, trade.exit_price
        row[b.PNL], row[b.COMMISSION] = trade.pnl, trade.commission
        row[b.STOP_PRICE], row[b.TARGET_PRICE] = trade.stop_price or 0.0, trade.target_price or 0.0
        # not return_pct / 100, which may be another number
        gained = math.copysign(1, trade.size) * (trade.exit_price / trade.entry_price - 1)
        row[b.RETURN] = gained - trade.commission / (abs(trade.size) * trade.entry_price)
    return table


def _own_figures(execution: Execution, account: Account, named: dict[str, Statistic]) -> dict[str, Statistic]:
    return {
        "total_pnl": execution.equity[-1] - account.cash,
        "max_drawdown": named["max_drawdown_pct"],
        "open_trades": len(execution.open_at_end),
        "bars": len(execution.equity),
    }


def _times(window: Window, stamps: np.ndarray) -> dict[str, Statistic]:
    index = cast(pd.DatetimeIndex, window.bars.frame.index)
    stamp = stamp_writer(index, window.bars.timeframe)
    span_us = int((stamps[-1] - stamps[0]).astype("timedelta64[us]").astype(np.int64))
    return {"start": stamp(index[window.first_bar]), "end": stamp(index[-1]), "duration_days": span_us / DAY_US}


def _extended(
    equity: np.ndarray, trades: np.ndarray, closes: np.ndarray, axis: TimeAxis, window: Window, warm_up_bars: int
) -> dict[str, Statistic]:
    in_year = bars_in_year(window)
    returns, market_returns = bar_returns(equity), bar_returns(closes)
    by_bar = np.empty(FULL_WIDTH)
    Meter(axis_by_bar(axis, in_year), closes).rank(equity, trades, by_bar)
    figures = distribution_of(returns[~np.isnan(returns)])
    figures["ulcer_index_pct"] = ulcer_index_pct(equity)
    figures["information_ratio"] = information_ratio(returns[warm_up_bars:], market_returns[warm_up_bars:], in_year)
    figures["bars_per_year"] = in_year
    figures |= {f"{name}_by_bar": float(by_bar[Figure[name]]) for name in _BY_BAR}
    figures["periods_per_year"] = axis.periods_per_year
    note: dict[str, Statistic] = {"annualisation_note": _annualisation_note(axis, len(equity), in_year, window)}
    calendar = calendar_figures(equity, axis.stamps_us.view("datetime64[us]"))
    return (
        {name: _plain(value) for name, value in figures.items()}
        | note
        | {name: _plain(value) for name, value in calendar.items()}
    )


def _annualisation_note(axis: TimeAxis, bars: int, in_year: float, window: Window) -> str | None:
    """How the two annualisations differ, in words; None where they are the same."""
    if len(axis.ends) == bars and axis.periods_per_year == in_year:
        return None
    measured = "each bar" if len(axis.ends) == bars else f"{len(axis.ends)} days of {bars} bars"
    return (
        f"backtesting.py takes {measured} of this {window.bars.timeframe} chart for one of {axis.periods_per_year:g} "
        f"periods of a year; the figures *_by_bar take the bar, of which a year has {in_year:g}."
    )


def _plain(value: float) -> float | None:
    return float(value) + 0.0 if math.isfinite(value) else None  # -0.0 is written 0.0
