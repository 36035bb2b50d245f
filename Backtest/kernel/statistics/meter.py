"""Measures runs on one window, again and again, without Python between the bars."""

import numpy as np

from Backtest.kernel.statistics.equity_figures import (
    bar_growth,
    centred,
    full_drawdowns,
    period_returns,
    rank_equity,
)
from Backtest.kernel.statistics.figures import Figure
from Backtest.kernel.statistics.summation import mean
from Backtest.kernel.statistics.time_axis import TimeAxis
from Backtest.kernel.statistics.trade_figures import full_trades, rank_trades, trade_growth


class Meter:
    """The statistics of runs on one window, in memory that is used again: each thread needs its own.

    Logarithms, powers of e and covariances are numpy's own, since its vector code rounds otherwise than the C library
    does; what lies between them is compiled. All of it releases the GIL but for a few microseconds a run.
    `equity` is one float64 a bar of the window, `trades` the kernel's table, both contiguous and writeable.
    """

    def __init__(self, axis: TimeAxis, closes: np.ndarray) -> None:
        """`closes` are those of the window's bars."""
        self._axis = axis
        self._closes = closes
        self._returns, self._growth = np.empty(len(axis.ends)), np.empty(len(axis.ends))
        self._depths = np.empty(len(closes))
        self._pair = np.empty((2, len(closes) - 1))
        self._log_growth(closes, self._pair[1])

    def rank(self, equity: np.ndarray, trades: np.ndarray, row: np.ndarray) -> None:
        """Writes the first RANK_WIDTH figures."""
        axis = self._axis
        count, least, _ = period_returns(equity, axis.ends, self._returns, self._growth)
        growth = geometric_mean(self._growth[:count], least)
        rank_equity(equity, axis, self._returns[:count], growth, row)
        rank_trades(trades, len(equity), row)

    def full(self, equity: np.ndarray, trades: np.ndarray, warm_up_bars: int, row: np.ndarray) -> None:
        """Writes all figures; buy and hold begins at the close of bar `warm_up_bars` of the window."""
        self.rank(equity, trades, row)
        full_drawdowns(equity, self._axis, self._depths, row)
        full_trades(trades, self._axis, geometric_mean(*trade_growth(trades)), row)
        held_from = self._closes[warm_up_bars]
        market = (self._closes[-1] - held_from) / held_from * 100
        beta = self._beta(equity)
        row[Figure.buy_and_hold_return_pct] = market
        row[Figure.beta] = beta
        row[Figure.alpha_pct] = row[Figure.return_pct] - beta * market

    def _beta(self, equity: np.ndarray) -> float:
        """The covariance of the bars' log returns with the market's through the market's variance, as `np.cov` has it:
        whose sums are BLAS's, in an order of its own."""
        if len(equity) < 3:
            return np.nan
        self._log_growth(equity, self._pair[0])
        with np.errstate(all="ignore"):
            products = np.dot(self._pair, self._pair.T)
            products *= np.true_divide(1, len(equity) - 2)
            return float(products[0, 1] / products[1, 1])

    def _log_growth(self, values: np.ndarray, out: np.ndarray) -> None:
        bar_growth(values, out)
        with np.errstate(all="ignore"):  # a ruined account's growth is 0, then undefined
            np.log(out, out=out)
        centred(out, out)


def geometric_mean(growth: np.ndarray, least: float) -> float:
    """The mean growth less 1, 0 where the `least` growth is not above 0, NaN of none; overwrites `growth`."""
    if least <= 0.0:
        return 0.0
    np.log(growth, out=growth)
    return float(np.exp(mean(growth, len(growth))) - 1)
