"""A run's arrays as plain data, fields and order as `run_result` has them."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from Backtest.data.bars import Window
from Backtest.kernel import broker as b
from Backtest.kernel.columns import closes_of
from Backtest.kernel.execution import Execution
from Backtest.kernel.notices import notices_of
from Backtest.kernel.order_plan import StrategyPlan
from Backtest.kernel.rule_program import unsupported
from Backtest.run_result import ClosedTrade, OpenTrade, stamp_writer

Times = Mapping[int, str]


class Run(NamedTuple):
    """A run as arrays, over all bars of the window's series: what a sweep ranks by, and an `Execution` is written from.

    `trades` and `notes`: columns as `broker` names them, in the order in which they came about. `book`: the account at
    the end, one record. `start`: the first bar on which the broker ran. `without_values`: the columns that rules wait
    for and that have no value on any bar, so that no rule was evaluated. `warm_up_bars` of the window pass before all
    that rules wait for has a value in it (see `statistics.warm_up`).
    """

    trades: np.ndarray
    equity: np.ndarray
    book: np.ndarray
    notes: np.ndarray
    start: int
    without_values: tuple[str, ...]
    warm_up_bars: int


def execution_of(run: Run, strategy: StrategyPlan, window: Window, timeframe: str) -> Execution:
    """Bars count from the window's first; trades stand by entry and exit bar, those of one pair as they closed.

    Raises KernelUnsupported for a run in which more units were bought than can be counted.
    """
    if (run.notes[:, b.KIND] == b.BEYOND_COUNTING).any():
        raise unsupported(
            f"a position of more than {b.MOST_UNITS:,.0f} units can't be counted exactly",
            "trade with less cash or leverage, or on prices that are not so small",
        )
    rows = sorted(run.trades.tolist(), key=lambda row: (row[b.ENTRY_BAR], row[b.EXIT_BAR]))
    bars = {int(row[column]) for row in rows for column in (b.ENTRY_BAR, b.EXIT_BAR)}
    times = _times(bars | {int(run.book[0]["entry_bar"])}, window, timeframe)
    first, closers = window.first_bar, (*b.CLOSERS, *strategy.exit_rule_ids, *strategy.entry_rule_ids)
    return Execution(
        trades=tuple(_closed(row, strategy.entry_rule_ids, closers, first, times) for row in rows),
        open_at_end=_open(run.book[0], strategy, window, times),
        equity=tuple(run.equity[first:].tolist()),
        notices=notices_of(run.notes, run.without_values, strategy, window),
    )


def _times(bars: Iterable[int], window: Window, timeframe: str) -> Times:
    """The stamps of these bars as they are written: taken from the index at once, since each look-up costs as much as a
    hundred bars of the run."""
    index = cast(pd.DatetimeIndex, window.bars.frame.index)
    wanted = sorted(bars)
    return dict(zip(wanted, map(stamp_writer(index, timeframe), index.take(wanted)), strict=True))


def _closed(
    row: list[float], entry_rule_ids: tuple[str, ...], closers: tuple[str, ...], first_bar: int, times: Times
) -> ClosedTrade:
    entry_bar, exit_bar = int(row[b.ENTRY_BAR]), int(row[b.EXIT_BAR])
    return ClosedTrade(
        entry_time=times[entry_bar],
        exit_time=times[exit_bar],
        entry_bar=entry_bar - first_bar,
        exit_bar=exit_bar - first_bar,
        size=int(row[b.UNITS_CLOSED]),
        entry_price=row[b.ENTRY_PRICE],
        exit_price=row[b.EXIT_PRICE],
        pnl=row[b.PNL],
        return_pct=row[b.RETURN] * 100,
        commission=row[b.COMMISSION],
        stop_price=row[b.STOP_PRICE] or None,
        target_price=row[b.TARGET_PRICE] or None,
        tag=entry_rule_ids[int(row[b.RULE])],
        duration_bars=exit_bar - entry_bar,
        closed_by=closers[int(row[b.CLOSED_BY])],
    )


def _open(book: Any, strategy: StrategyPlan, window: Window, times: Times) -> tuple[OpenTrade, ...]:
    units, price = float(book["units"]), float(book["entry_price"])
    if not units:
        return ()
    bar, last_bar = int(book["entry_bar"]), len(window.bars) - 1
    last_price = float(closes_of(window.bars)[-1])
    trade = OpenTrade(
        entry_time=times[bar],
        entry_bar=bar - window.first_bar,
        size=int(units),
        entry_price=price,
        last_price=last_price,
        unrealised_pnl=units * (last_price - price),
        commission=b.commission_of(strategy.plan[0], units, price),
        stop_price=float(book["stop"]) or None,
        target_price=float(book["target"]) or None,
        tag=strategy.entry_rule_ids[int(book["rule"])],
        duration_bars=last_bar - bar,
    )
    return (trade,)
