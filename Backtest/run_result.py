"""What a run answers, whoever executed it: plain data, and the names of its statistics."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from Backtest.timeframes import is_intraday

METRIC_NAMES = {
    "Start": "start",
    "End": "end",
    "Duration": "duration_days",
    "Exposure Time [%]": "exposure_time_pct",
    "Equity Final [$]": "equity_final",
    "Equity Peak [$]": "equity_peak",
    "Commissions [$]": "commissions",
    "Return [%]": "return_pct",
    "Buy & Hold Return [%]": "buy_and_hold_return_pct",
    "Return (Ann.) [%]": "return_annual_pct",
    "Volatility (Ann.) [%]": "volatility_annual_pct",
    "CAGR [%]": "cagr_pct",
    "Sharpe Ratio": "sharpe_ratio",
    "Sortino Ratio": "sortino_ratio",
    "Calmar Ratio": "calmar_ratio",
    "Alpha [%]": "alpha_pct",
    "Beta": "beta",
    "Max. Drawdown [%]": "max_drawdown_pct",
    "Avg. Drawdown [%]": "avg_drawdown_pct",
    "Max. Drawdown Duration": "max_drawdown_duration_days",
    "Avg. Drawdown Duration": "avg_drawdown_duration_days",
    "# Trades": "total_trades",
    "Win Rate [%]": "win_rate_pct",
    "Best Trade [%]": "best_trade_pct",
    "Worst Trade [%]": "worst_trade_pct",
    "Avg. Trade [%]": "avg_trade_pct",
    "Max. Trade Duration": "max_trade_duration_days",
    "Avg. Trade Duration": "avg_trade_duration_days",
    "Profit Factor": "profit_factor",
    "Expectancy [%]": "expectancy_pct",
    "SQN": "sqn",
    "Kelly Criterion": "kelly_criterion",
}
"""backtesting.py's statistics and our names for them, units in the name."""

OWN_METRIC_NAMES = ("total_pnl", "win_rate", "max_drawdown", "open_trades", "bars")
"""Added: final equity - cash; a fraction 0..1; `max_drawdown_pct` again; positions left open; bars of the window."""


@dataclass(frozen=True)
class ClosedTrade:
    """One closed trade. Bars count from the window's first bar; `size` is in units, negative when short;
    `return_pct` is percent of the entry value and `pnl` cash, both net of `commission` (entry and exit). `tag` is the
    rule that opened it.

    `closed_by` is what closed it, by the spec's own terms: the id of an exit rule, or of the entry rule that reversed
    the position; `stop_loss`, `take_profit`, `trailing_stop`, `break_even` or `max_bars`; `ruin` where the equity was
    used up. backtesting.py can't tell and leaves it None, so two trades are equal whatever stands there.
    """

    entry_time: str
    exit_time: str
    entry_bar: int
    exit_bar: int
    size: int
    entry_price: float
    exit_price: float
    pnl: float
    return_pct: float
    commission: float
    stop_price: float | None
    target_price: float | None
    tag: str | None
    duration_bars: int
    closed_by: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class OpenTrade:
    """A trade still open after the last bar: valued at the last close, not counted as a trade.

    `unrealised_pnl` leaves costs aside; `commission` is the cash paid for the entry of the units still open.
    """

    entry_time: str
    entry_bar: int
    size: int
    entry_price: float
    last_price: float
    unrealised_pnl: float
    commission: float
    stop_price: float | None
    target_price: float | None
    tag: str | None
    duration_bars: int


@dataclass(frozen=True)
class PendingOrder:
    """An order that waits once the strategy has seen `bar` and decided; listed on the bars on which what waits changed.

    `size` is in units, or a fraction of the account below 1, negative to sell, 0 where nothing waits any more;
    `purpose` is "entry", or "exit" for what belongs to an open trade. `line` is that of the strategy's file which asked
    for something on this bar, where one did.
    """

    bar: int
    size: float
    purpose: str
    limit_price: float | None
    stop_price: float | None
    stop_loss: float | None
    take_profit: float | None
    line: int | None


@dataclass(frozen=True)
class RunResult:
    """A run on its window: statistics (undefined ones None), closed trades by entry and exit bar, trades left open,
    one equity value per bar, what the broker or the strategy warned of, and its decisions where those are asked for."""

    metrics: dict[str, float | int | str | None]
    trades: tuple[ClosedTrade, ...]
    open_at_end: tuple[OpenTrade, ...]
    equity: tuple[float, ...]
    notices: tuple[str, ...]
    decisions: tuple[PendingOrder, ...] = field(default=(), compare=False, repr=False)


def stamp_writer(index: pd.DatetimeIndex, timeframe: str | None) -> Callable[[pd.Timestamp], str]:
    """How a run writes the stamps of these bars: naive ISO, `YYYY-MM-DD` for daily bars and longer ones."""
    with_time = is_intraday(timeframe) if timeframe else bool((index != index.normalize()).any())
    return (lambda stamp: stamp.isoformat()) if with_time else (lambda stamp: stamp.date().isoformat())
