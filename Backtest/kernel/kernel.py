"""A spec, run without Python in the loop: the same trades, equity and statistics as its generated code under
backtesting.py."""

from typing import NamedTuple

import numpy as np

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel import broker as b
from Backtest.kernel.columns import column_array
from Backtest.kernel.event_loop import simulate, write_events
from Backtest.kernel.execution import Execution
from Backtest.kernel.ledger import Run, execution_of
from Backtest.kernel.live_rules import Sheet
from Backtest.kernel.machine import first_evaluated, run_program
from Backtest.kernel.order_plan import StrategyPlan, plan_strategy
from Backtest.kernel.statistics import Level, run_statistics, warm_up_bars
from Backtest.kernel.statistics.run_statistics import Statistic


class Measured(NamedTuple):
    """An execution and its statistics by name, undefined ones None."""

    execution: Execution
    metrics: dict[str, Statistic]


def measure(spec: Spec, window: Window, account: Account, level: Level = "full") -> Measured:
    """Run a spec (as `run_spec`, whose errors it raises) and measure the run: "rank" is what a search ranks by, "full"
    the metrics of a `RunResult`, equal to those of the generated code, "extended" more (docs/kernel-statistics.md)."""
    strategy = plan_strategy(spec, account, window.first_bar)
    run = run_arrays(strategy, window, spec.timeframe)
    execution = execution_of(run, strategy, window, spec.timeframe)
    return Measured(execution, run_statistics(execution, window, account, level, run.warm_up_bars))


def run_spec(spec: Spec, window: Window, account: Account) -> Execution:
    """Run a spec on a window. `account` is what it trades with, whatever `spec.execution` says.

    The spec must be free of what lint reports; raises KernelUnsupported for a part that can't be run, and
    IndicatorInvalid for an indicator that can't be computed. The first call of a process compiles or loads the kernel.
    """
    strategy = plan_strategy(spec, account, window.first_bar)
    run = run_arrays(strategy, window, spec.timeframe)
    return execution_of(run, strategy, window, spec.timeframe)


def run_arrays(strategy: StrategyPlan, window: Window, chart_timeframe: str) -> Run:
    """The run of a planned strategy; see `run_spec`."""
    program, bars = strategy.program, len(window.bars)
    inputs = np.empty((len(program.columns), bars))
    for row, column in enumerate(program.columns):
        inputs[row] = column_array(column, window.bars, chart_timeframe)
    numbers = np.empty((program.numbers, bars))
    truths = np.empty((program.truths, bars), np.int8)
    run_program(program.code, program.constants, inputs, numbers, truths)
    start = int(first_evaluated(inputs, numbers, program.waited))
    events = np.empty(bars, np.int64)
    write_events(truths, strategy.entries, strategy.exits, events)
    live = (np.empty_like(numbers), np.empty_like(truths)) if len(program.live_rows) else (numbers[:0], truths[:0])
    sheet = Sheet(
        inputs, numbers, truths, program.code, program.live_rows, program.number_is_live, program.truth_is_live, *live
    )
    book = np.zeros(1, b.BOOK)
    equity = np.empty(bars)
    trades, notes = simulate(
        strategy.plan[0],
        sheet,
        events,
        strategy.entries,
        strategy.exits,
        strategy.portions,
        start,
        book[0],
        equity,
    )
    without_values: tuple[str, ...] = ()
    if start == bars:
        waited = zip(program.waited.tolist(), program.names, strict=True)
        rows = ((inputs[at] if at >= 0 else numbers[-1 - at], name) for at, name in waited)
        without_values = tuple(name for row, name in rows if np.isnan(row).all())
    warm_up = warm_up_bars(inputs, numbers, program.waited, window.first_bar)
    return Run(trades, equity, book, notes, start, without_values, int(warm_up))
