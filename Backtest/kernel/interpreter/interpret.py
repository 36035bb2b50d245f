"""A spec, its bars and an account in; what it traded out: bar by bar, slow and obvious."""

import warnings

import pandas as pd

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter.broker import Broker, Exit, Ruined, Trade
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.trader import Trader
from Backtest.kernel.interpreter.warm_up import first_bars
from Backtest.run_notices import Notices
from Backtest.run_result import ClosedTrade, OpenTrade, stamp_writer


def interpret(spec: Spec, window: Window, account: Account) -> Execution:
    """What the compiled spec does under backtesting.py, from the conventions and the library's behaviour alone.

    All bars are simulated, those before the window's first as warm-up; rules are evaluated and all is counted from that
    bar on. `spec` is free of lint errors. IndicatorInvalid is raised as the registry does.
    """
    notices = Notices(window.first_bar)
    with notices.collecting():
        chart = Chart(spec, window.bars.frame)
        broker = Broker(chart, account)
        equity = _simulate(chart, broker, window.first_bar)
    index = pd.DatetimeIndex(window.bars.frame.index)
    stamp = stamp_writer(index, window.bars.timeframe)
    times = [stamp(time) for time in index]
    closed = [_closed(leg, times, window.first_bar) for leg in broker.exits]
    return Execution(
        trades=tuple(sorted(closed, key=lambda trade: (trade.entry_bar, trade.exit_bar))),
        open_at_end=tuple(_open(trade, broker, times, window.first_bar) for trade in broker.trades),
        equity=tuple(equity[window.first_bar :]),
        notices=notices.texts(),
    )


def _simulate(chart: Chart, broker: Broker, first_bar: int) -> list[float]:
    """The equity on each bar: the cash until the rules begin, 0 from the bar on which none is left."""
    begins = first_bars(chart)
    missing = [name for name, bar in begins.items() if bar is None]
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        text = f"{shown}: no value on these bars, so no rule was evaluated"
        warnings.warn(text, UserWarning, stacklevel=2)
        return [broker.cash] * len(chart)
    start = 1 + max((bar for bar in begins.values() if bar is not None), default=0)
    equity = [broker.cash] * min(start, len(chart))
    trader = Trader(chart, broker)
    for bar in range(start, len(chart)):
        try:
            equity.append(broker.run_bar(bar))
        except Ruined:
            return equity + [0.0] * (len(chart) - bar)
        if bar >= first_bar:
            trader.on_close()
    return equity


def _closed(leg: Exit, times: list[str], first_bar: int) -> ClosedTrade:
    trade = leg.trade
    return ClosedTrade(
        entry_time=times[trade.entry_bar],
        exit_time=times[leg.bar],
        entry_bar=trade.entry_bar - first_bar,
        exit_bar=leg.bar - first_bar,
        size=trade.size,
        entry_price=trade.entry_price,
        exit_price=leg.price,
        pnl=leg.pnl(),
        return_pct=leg.gain() * 100,
        commission=leg.commission,
        stop_price=trade.stop_price,
        target_price=trade.target_price,
        tag=trade.tag,
        duration_bars=leg.bar - trade.entry_bar,
        closed_by=leg.closed_by,
    )


def _open(trade: Trade, broker: Broker, times: list[str], first_bar: int) -> OpenTrade:
    last_price = broker.price("Close")
    return OpenTrade(
        entry_time=times[trade.entry_bar],
        entry_bar=trade.entry_bar - first_bar,
        size=trade.size,
        entry_price=trade.entry_price,
        last_price=last_price,
        unrealised_pnl=trade.size * (last_price - trade.entry_price),
        commission=broker.commission(trade.size, trade.entry_price),
        stop_price=trade.stop_price,
        target_price=trade.target_price,
        tag=trade.tag,
        duration_bars=len(times) - 1 - trade.entry_bar,
    )
