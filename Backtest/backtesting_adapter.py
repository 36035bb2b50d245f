"""A strategy class and bars in, backtesting.py's run out, as plain data.

The library is imported when a run starts, not with this module: whoever only reads a `RunResult` doesn't wait for it.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from Backtest.errors import InputError, Issue, WindowEmpty
from Backtest.run_notices import Notices
from Backtest.timeframes import is_intraday

MAX_TAG_CHARACTERS = 200

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
class Account:
    """What a run trades with; raises InputError for figures that backtesting.py can't take.

    `commission_rate` is a fraction of the value and `commission_per_unit` cash per unit, both per side;
    `commission_fixed` is cash per order side; `spread` a fraction of the price; `margin` 1 / leverage.
    """

    cash: float = 100_000.0
    commission_rate: float = 0.001
    commission_fixed: float = 0.0
    commission_per_unit: float = 0.0
    spread: float = 0.0
    margin: float = 1.0

    def __post_init__(self) -> None:
        bounds = (
            ("cash", 0.0 < self.cash < math.inf, "above 0"),
            ("commission_rate", -0.1 <= self.commission_rate < 0.1, "at least -0.1 and below 0.1 (0.001 is 0.1 %)"),
            ("commission_fixed", 0.0 <= self.commission_fixed < math.inf, "0 or more"),
            ("commission_per_unit", 0.0 <= self.commission_per_unit < math.inf, "0 or more"),
            ("spread", 0.0 <= self.spread < 1.0, "at least 0 and below 1 (0.0002 is 0.02 %)"),
            ("margin", 0.0 < self.margin <= 1.0, "above 0 and at most 1 (0.5 is a leverage of 2)"),
        )
        issues = [
            Issue(f"/{name}", f"{name} is {getattr(self, name)!r}.", f"Give a number {wanted}.")
            for name, holds, wanted in bounds
            if not holds
        ]
        if issues:
            raise InputError("This account can't be simulated.", issues)


@dataclass(frozen=True)
class ClosedTrade:
    """One closed trade. Bars count from the window's first bar; `size` is in units, negative when short;
    `return_pct` is percent of the entry value and `pnl` cash, both net of `commission` (entry and exit)."""

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
class RunResult:
    """A run on its window: statistics (undefined ones None), closed trades by entry and exit bar, trades left open,
    one equity value per bar, and what the broker or the strategy warned of."""

    metrics: dict[str, float | int | str | None]
    trades: tuple[ClosedTrade, ...]
    open_at_end: tuple[OpenTrade, ...]
    equity: tuple[float, ...]
    notices: tuple[str, ...]


def run_strategy(
    strategy_class: type[Any],
    bars_frame: pd.DataFrame,
    first_bar: int,
    account: Account,
    timeframe: str | None = None,
) -> RunResult:
    """Run a backtesting.py `Strategy` subclass on all bars, trading and measured from `first_bar` on.

    The bars before `first_bar` warm indicators up; open positions are left open. `timeframe` decides whether stamps
    are written as days; without it the stamps themselves do. What the strategy raises is passed on; WindowEmpty is
    raised when no bar is left to evaluate.
    """
    from backtesting import Backtest

    if not 0 <= first_bar < len(bars_frame):
        issue = Issue("first_bar", f"Bar {first_bar} is not one of the {len(bars_frame)} bars.", "Move the start date.")
        raise WindowEmpty("No bar is left to evaluate.", [issue])
    notices = Notices(first_bar)
    with notices.collecting(), _without_progress_bar():
        stats = Backtest(
            bars_frame,
            _windowed(strategy_class, first_bar),
            cash=account.cash,
            spread=account.spread,
            commission=_commission(account),
            margin=account.margin,
            finalize_trades=False,
        ).run()
        stats = _on_window(stats, bars_frame, first_bar)
    stamp = stamp_writer(pd.DatetimeIndex(bars_frame.index), timeframe)
    trades = _closed_trades(stats["_strategy"], first_bar, stamp)
    open_at_end = _open_trades(stats["_strategy"], first_bar, stamp)
    return RunResult(
        metrics=_metrics(stats, account.cash, trades, len(open_at_end), stamp),
        trades=trades,
        open_at_end=open_at_end,
        equity=tuple(float(value) for value in stats["_equity_curve"]["Equity"]),
        notices=notices.texts(),
    )


def stamp_writer(index: pd.DatetimeIndex, timeframe: str | None) -> Callable[[pd.Timestamp], str]:
    """How a run writes the stamps of these bars: naive ISO, `YYYY-MM-DD` for daily bars and longer ones."""
    with_time = is_intraday(timeframe) if timeframe else bool((index != index.normalize()).any())
    return (lambda stamp: stamp.isoformat()) if with_time else (lambda stamp: stamp.date().isoformat())


def _commission(account: Account) -> tuple[float, float] | Callable[[float, float], float]:
    if not account.commission_per_unit:
        return account.commission_fixed, account.commission_rate

    def commission(size: float, price: float) -> float:
        units = abs(size)
        per_unit = units * account.commission_per_unit
        return account.commission_fixed + units * price * account.commission_rate + per_unit

    return commission


def _windowed(strategy_class: type[Any], first_bar: int) -> type[Any]:
    """The same strategy, evaluated from `first_bar` on; orders sent from `init` wait until then too."""
    if first_bar == 0:
        return strategy_class

    class Windowed(strategy_class):  # type: ignore[misc]
        def init(self) -> None:
            super().init()
            self._orders_of_init = list(self._broker.orders)
            self._broker.orders.clear()

        def next(self) -> None:
            bar = len(self.data) - 1
            if bar < first_bar:
                return
            if self._orders_of_init:
                self._broker.orders.extend(self._orders_of_init)
                self._orders_of_init = []
            super().next()

    Windowed.__name__ = strategy_class.__name__
    Windowed.__qualname__ = strategy_class.__qualname__
    Windowed.__module__ = strategy_class.__module__
    return Windowed


def _on_window(stats: "pd.Series[Any]", bars_frame: pd.DataFrame, first_bar: int) -> "pd.Series[Any]":
    """The statistics of the bars from `first_bar` on, by the library's own formulas."""
    if first_bar == 0:
        return stats
    from backtesting._util import _strategy_indicators
    from backtesting.lib import compute_stats

    strategy = stats["_strategy"]
    # Buy & hold is measured from the bar on which the strategy's indicators have values: count it from the window.
    for name, indicator in list(_strategy_indicators(strategy)):
        setattr(strategy, name, indicator[..., first_bar:])
    trades = stats["_trades"].copy()
    trades[["EntryBar", "ExitBar"]] -= first_bar
    equity_curve = stats["_equity_curve"].iloc[first_bar:]
    run = pd.Series({"_strategy": strategy, "_equity_curve": equity_curve, "_trades": trades}, dtype=object)
    with np.errstate(invalid="ignore"):  # as in Backtest.run: a ruined account's returns are 0 / 0
        on_window: pd.Series[Any] = compute_stats(stats=run, data=bars_frame.iloc[first_bar:])
    return on_window


def _closed_trades(strategy: Any, first_bar: int, stamp: Callable[[pd.Timestamp], str]) -> tuple[ClosedTrade, ...]:
    trades = [
        ClosedTrade(
            entry_time=stamp(trade.entry_time),
            exit_time=stamp(trade.exit_time),
            entry_bar=trade.entry_bar - first_bar,
            exit_bar=trade.exit_bar - first_bar,
            size=int(trade.size),
            entry_price=float(trade.entry_price),
            exit_price=float(trade.exit_price),
            pnl=float(trade.pl),
            return_pct=float(trade.pl_pct) * 100,
            commission=float(trade._commissions),
            stop_price=_finite(trade.sl),
            target_price=_finite(trade.tp),
            tag=_tag(trade.tag),
            duration_bars=trade.exit_bar - trade.entry_bar,
        )
        for trade in strategy.closed_trades
    ]
    return tuple(sorted(trades, key=lambda trade: (trade.entry_bar, trade.exit_bar)))


def _open_trades(strategy: Any, first_bar: int, stamp: Callable[[pd.Timestamp], str]) -> tuple[OpenTrade, ...]:
    broker = strategy._broker
    last_bar = len(strategy.data) - 1 - first_bar
    last_price = float(broker.last_price)
    trades = [
        OpenTrade(
            entry_time=stamp(trade.entry_time),
            entry_bar=trade.entry_bar - first_bar,
            size=int(trade.size),
            entry_price=float(trade.entry_price),
            last_price=last_price,
            unrealised_pnl=float(trade.size * (last_price - trade.entry_price)),
            commission=float(broker._commission(trade.size, trade.entry_price)),
            stop_price=_finite(trade.sl),
            target_price=_finite(trade.tp),
            tag=_tag(trade.tag),
            duration_bars=last_bar - (trade.entry_bar - first_bar),
        )
        for trade in broker.trades
    ]
    return tuple(sorted(trades, key=lambda trade: trade.entry_bar))


def _metrics(
    stats: "pd.Series[Any]",
    cash: float,
    trades: tuple[ClosedTrade, ...],
    open_trades: int,
    stamp: Callable[[pd.Timestamp], str],
) -> dict[str, float | int | str | None]:
    metrics = {ours: _plain(stats.get(theirs), stamp) for theirs, ours in METRIC_NAMES.items()}
    # The library leaves commissions out when there are none, and when it recomputes from a table of trades.
    paid = sum(trade.commission for trade in trades)
    metrics["commissions"] = float(stats.get("Commissions [$]", paid))
    metrics["total_trades"] = len(trades)
    metrics["total_pnl"] = float(stats["Equity Final [$]"]) - cash
    metrics["win_rate"] = sum(trade.pnl > 0 for trade in trades) / len(trades) if trades else None
    metrics["max_drawdown"] = metrics["max_drawdown_pct"]
    metrics["open_trades"] = open_trades
    metrics["bars"] = len(stats["_equity_curve"])
    return metrics


def _plain(value: Any, stamp: Callable[[pd.Timestamp], str]) -> float | str | None:
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return stamp(value)
    if isinstance(value, pd.Timedelta):
        return value / pd.Timedelta(days=1)
    return _finite(value)


def _finite(value: Any) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return float(value) + 0.0  # -0.0 is written 0.0


def _tag(tag: object) -> str | None:
    return None if tag is None else str(tag)[:MAX_TAG_CHARACTERS]


@contextmanager
def _without_progress_bar() -> Iterator[None]:
    import backtesting.backtesting as library

    def plain(bars: Any, **_: object) -> Any:
        return bars

    shown, library._tqdm = library._tqdm, plain
    try:
        yield
    finally:
        library._tqdm = shown
