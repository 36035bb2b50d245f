"""A strategy class and bars in, backtesting.py's run out, as plain data.

The library is imported when a run starts, not with this module: whoever only reads a `RunResult` doesn't wait for it.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import pandas as pd

from Backtest.account import Account
from Backtest.errors import Issue, WindowEmpty
from Backtest.order_recorder import Recorder
from Backtest.run_notices import Notices
from Backtest.run_result import METRIC_NAMES, ClosedTrade, OpenTrade, RunResult, stamp_writer

MAX_TAG_CHARACTERS = 200


def run_strategy(
    strategy_class: type[Any],
    bars_frame: pd.DataFrame,
    first_bar: int,
    account: Account,
    timeframe: str | None = None,
    *,
    record_decisions: bool = False,
    measure: bool = True,
) -> RunResult:
    """Run a backtesting.py `Strategy` subclass on all bars, trading and measured from `first_bar` on.

    The bars before `first_bar` warm indicators up; open positions are left open. `timeframe` decides whether stamps
    are written as days; without it the stamps themselves do. `record_decisions` fills `RunResult.decisions`;
    without `measure` the metrics are left out.
    What the strategy raises is passed on; WindowEmpty is raised when no bar is left to evaluate.
    """
    from backtesting import Backtest

    if not 0 <= first_bar < len(bars_frame):
        issue = Issue("first_bar", f"Bar {first_bar} is not one of the {len(bars_frame)} bars.", "Move the start date.")
        raise WindowEmpty("No bar is left to evaluate.", [issue])
    notices = Notices(first_bar)
    recorder = Recorder(first_bar, strategy_class.next.__code__.co_filename) if record_decisions else None
    traded = _windowed(strategy_class, first_bar)
    unmeasured = nullcontext() if measure else _without_statistics()
    with (
        notices.collecting(),
        _without_progress_bar(),
        unmeasured,
        recorder.noting_lines() if recorder else nullcontext(),
    ):
        stats = Backtest(
            bars_frame,
            recorder.recorded(traded) if recorder else traded,
            cash=account.cash,
            spread=account.spread,
            commission=_commission(account),
            margin=account.margin,
            finalize_trades=False,
        ).run()
        stats = _on_window(stats, bars_frame, first_bar) if measure else stats
    count = len(bars_frame) - first_bar
    stamp = stamp_writer(pd.DatetimeIndex(bars_frame.index), timeframe)
    trades = _closed_trades(stats["_strategy"], first_bar, stamp)
    open_at_end = _open_trades(stats["_strategy"], first_bar, stamp)
    return RunResult(
        metrics=_metrics(stats, account.cash, trades, len(open_at_end), stamp) if measure else {},
        trades=trades,
        open_at_end=open_at_end,
        equity=tuple(float(value) for value in stats["_equity_curve"]["Equity"].iloc[-count:]),
        notices=notices.texts(),
        decisions=tuple(recorder.orders) if recorder else (),
    )


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


@contextmanager
def _without_statistics() -> Iterator[None]:
    import backtesting.backtesting as library

    def trades_and_equity(*, equity: Any, strategy_instance: Any, **_: object) -> Any:
        return {"_strategy": strategy_instance, "_equity_curve": pd.DataFrame({"Equity": equity})}

    measured, library.compute_stats = library.compute_stats, trades_and_equity
    try:
        yield
    finally:
        library.compute_stats = measured
