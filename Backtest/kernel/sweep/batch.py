"""Runs and measures the combinations of a batch: a few calls without the GIL, in memory that is used again."""

from typing import Final, NamedTuple

import numpy as np

from Backtest.kernel import broker as b
from Backtest.kernel.compilation import compiled
from Backtest.kernel.event_loop import doubled, simulate, write_events
from Backtest.kernel.live_rules import Sheet
from Backtest.kernel.machine import first_evaluated, run_program
from Backtest.kernel.rule_program import RuleProgram
from Backtest.kernel.statistics import FULL_WIDTH, RANK_WIDTH, Figure, TimeAxis, warm_up_bars
from Backtest.kernel.statistics.equity_figures import (
    bar_growth,
    centred,
    full_drawdowns,
    period_returns,
    rank_equity,
)
from Backtest.kernel.statistics.summation import mean
from Backtest.kernel.statistics.trade_figures import full_trades, rank_trades
from Backtest.kernel.sweep.template import Parts

_CACHE_BYTES: Final = 1_500_000
"""What the curves of a batch may take, so that they stay near the processor."""
_MOST: Final = 64
_PIECE: Final = 16_384


class Scratch(NamedTuple):
    """What a run computes of its columns, and the parts of its program that depend on the position (see `Sheet`)."""

    numbers: np.ndarray
    truths: np.ndarray
    events: np.ndarray
    live_rows: np.ndarray
    number_is_live: np.ndarray
    truth_is_live: np.ndarray
    live_numbers: np.ndarray
    live_truths: np.ndarray


class Runner:
    """One thread's memory for runs of one shape on one window."""

    def __init__(self, program: RuleProgram, axis: TimeAxis, closes: np.ndarray, bars: int, *, is_full: bool) -> None:
        """`closes` are those of the window's bars, `bars` those of the whole series."""
        self._axis, self._closes, self._is_full = axis, closes, is_full
        self.at_once = combinations_at_once(bars)
        measured, periods = len(closes), len(axis.ends)
        self._scratch = scratch_for(program, bars)
        self._equity = np.empty((self.at_once, bars))
        self._returns, self._growth = np.empty((self.at_once, periods)), np.empty((self.at_once, periods))
        self._counts = np.empty((self.at_once, 6), np.int64)
        self._least = np.empty((self.at_once, 2))
        self._depths = np.empty(measured)
        self._pairs = np.empty((self.at_once if is_full else 1, 2, measured - 1))
        self._products = np.empty((len(self._pairs), 2, 2))
        if measured > 2:
            market = self._pairs[0, 1]
            write_log_growth(closes, market)
            centred(market, market)
            self._pairs[1:, 1] = market

    def run(self, inputs: np.ndarray, parts: Parts) -> np.ndarray:
        """The figures of each plan, a row each; a run that can't be counted exactly has NaN in all of them."""
        count = len(parts.plans)
        rows = np.full((count, FULL_WIDTH if self._is_full else RANK_WIDTH), np.nan)
        counts, least = self._counts[:count], self._least[:count]
        with np.errstate(all="ignore"):
            trades, growth = run_all(
                inputs, *parts, *self._scratch, self._axis, self._equity, self._returns, self._growth, counts, least
            )
            np.log(self._growth[:count], out=self._growth[:count])
            np.log(growth, out=growth)
            means = np.empty((count, 2))
            means_of(self._growth, growth, counts, means)
            geometric = np.exp(means) - 1
            geometric[least <= 0.0] = 0.0
            measure_all(self._equity, self._returns, trades, counts, geometric, self._axis, self._depths, rows)
            if self._is_full:
                self._measure_market(counts, rows)
        rows[counts[:, VOID] > 0] = np.nan
        return rows

    def _measure_market(self, counts: np.ndarray, rows: np.ndarray) -> None:
        """Buy and hold, beta and alpha; the products are BLAS's, as in `Meter`."""
        count, measured = len(rows), len(self._closes)
        warm = self._closes[counts[:, WARM_UP]]
        market = (self._closes[-1] - warm) / warm * 100.0
        beta = np.full(count, np.nan)
        if measured > 2:
            pairs, products = self._pairs[:count], self._products[:count]
            for k in np.flatnonzero(counts[:, BARS] == 0).tolist():
                write_log_growth(self._equity[k, self._axis.first_bar :], pairs[k, 0])
            centre_all(self._growth, counts, pairs)
            np.matmul(pairs, pairs.transpose(0, 2, 1), out=products)
            products *= np.true_divide(1, measured - 2)
            beta = products[:, 0, 1] / products[:, 1, 1]
        rows[:, Figure.buy_and_hold_return_pct] = market
        rows[:, Figure.beta] = beta
        rows[:, Figure.alpha_pct] = rows[:, Figure.return_pct] - beta * market


def write_log_growth(values: np.ndarray, out: np.ndarray) -> None:
    """Writes the logarithm of each value through the one before, by pieces that stay near the processor in between."""
    for begin in range(0, len(out), _PIECE):
        piece = out[begin : begin + _PIECE]
        bar_growth(values[begin : begin + _PIECE + 1], piece)
        np.log(piece, out=piece)


def scratch_for(program: RuleProgram, bars: int) -> Scratch:
    numbers, truths = np.empty((program.numbers, bars)), np.empty((program.truths, bars), np.int8)
    live = (np.empty_like(numbers), np.empty_like(truths)) if len(program.live_rows) else (numbers[:0], truths[:0])
    events = np.empty(bars, np.int64)
    return Scratch(numbers, truths, events, program.live_rows, program.number_is_live, program.truth_is_live, *live)


def combinations_at_once(bars: int) -> int:
    """How many runs on so many bars make a batch."""
    return max(1, min(_MOST, _CACHE_BYTES // (32 * bars)))


# columns of the counts of a batch
PERIODS: Final = 0
FIRST_TRADE: Final = 1
TRADES: Final = 2
WARM_UP: Final = 3
VOID: Final = 4
BARS: Final = 5
"""Whether the growth of periods is that of bars."""


@compiled
def run_all(
    inputs: np.ndarray,
    plans: np.ndarray,
    constants: np.ndarray,
    code: np.ndarray,
    entries: np.ndarray,
    exits: np.ndarray,
    portions: np.ndarray,
    waited: np.ndarray,
    numbers: np.ndarray,
    truths: np.ndarray,
    events: np.ndarray,
    live_rows: np.ndarray,
    number_is_live: np.ndarray,
    truth_is_live: np.ndarray,
    live_numbers: np.ndarray,
    live_truths: np.ndarray,
    axis: TimeAxis,
    equity: np.ndarray,
    returns: np.ndarray,
    growth: np.ndarray,
    counts: np.ndarray,
    least: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulates each plan; writes equity, returns and growth of periods, counts, the least growth of periods and of
    trades; answers all trades in one table, and 1 + the return of each."""
    pool = np.empty((256, b.TRADE_WIDTH))
    used = 0
    for k in range(len(plans)):
        run_program(code[k], constants[k], inputs, numbers, truths)
        start = first_evaluated(inputs, numbers, waited[k])
        sheet = Sheet(
            inputs, numbers, truths, code[k], live_rows, number_is_live, truth_is_live, live_numbers, live_truths
        )
        write_events(truths, entries[k], exits[k], events)
        book = np.zeros(1, b.BOOK)
        trades, notes = simulate(plans[k], sheet, events, entries[k], exits[k], portions[k], start, book[0], equity[k])
        while used + len(trades) > len(pool):
            pool = doubled(pool)
        pool[used : used + len(trades)] = trades
        counts[k, FIRST_TRADE], counts[k, TRADES] = used, len(trades)
        used += len(trades)
        counts[k, WARM_UP] = warm_up_bars(inputs, numbers, waited[k], axis.first_bar)
        counts[k, VOID] = 0
        for i in range(len(notes)):
            counts[k, VOID] |= notes[i, b.KIND] == b.BEYOND_COUNTING
        count, lowest, is_bars = period_returns(equity[k, axis.first_bar :], axis.ends, returns[k], growth[k])
        growth[k, count:] = 1.0
        counts[k, PERIODS], counts[k, BARS], least[k, 0] = count, is_bars, lowest
        least[k, 1] = np.inf
        for i in range(len(trades)):
            least[k, 1] = min(least[k, 1], trades[i, b.RETURN] + 1.0)
    trade_growth = np.empty(used)
    for i in range(used):
        trade_growth[i] = pool[i, b.RETURN] + 1.0
    return pool, trade_growth


@compiled
def means_of(growth: np.ndarray, trade_growth: np.ndarray, counts: np.ndarray, means: np.ndarray) -> None:
    """The mean logarithm of the growth of periods, and of trades; NaN of none."""
    for k in range(len(counts)):
        means[k, 0] = mean(growth[k], counts[k, PERIODS])
        first, count = counts[k, FIRST_TRADE], counts[k, TRADES]
        means[k, 1] = mean(trade_growth[first : first + count], count)


@compiled
def measure_all(
    equity: np.ndarray,
    returns: np.ndarray,
    trades: np.ndarray,
    counts: np.ndarray,
    geometric: np.ndarray,
    axis: TimeAxis,
    depths: np.ndarray,
    rows: np.ndarray,
) -> None:
    """Writes the figures but for those of the market."""
    for k in range(len(rows)):
        values, first = equity[k, axis.first_bar :], counts[k, FIRST_TRADE]
        closed = trades[first : first + counts[k, TRADES]]
        rank_equity(values, axis, returns[k, : counts[k, PERIODS]], geometric[k, 0], rows[k])
        rank_trades(closed, len(values), rows[k])
        if rows.shape[1] > RANK_WIDTH:
            full_drawdowns(values, axis, depths, rows[k])
            full_trades(closed, axis, geometric[k, 1], rows[k])


@compiled
def centre_all(period_logs: np.ndarray, counts: np.ndarray, pairs: np.ndarray) -> None:
    """Centres the logarithms of each pair's first row, taken from those of the periods where these are the bars."""
    for k in range(len(pairs)):
        centred(period_logs[k] if counts[k, BARS] else pairs[k, 0], pairs[k, 0])
