"""A run that happened: a small strategy on the GOOG sample, shared by the tests of its artifacts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from Backtest.account import Account
from Backtest.backtesting_adapter import run_strategy
from Backtest.canonical.parse import parse_spec
from Backtest.data.sample import SampleSource
from Backtest.report.record import RunRecord

CODE = """\
from backtesting import Strategy


class Periodic(Strategy):
    def init(self):
        self.close = self.I(lambda close: close, self.data.Close)

    def next(self):
        turn = len(self.data) % 40
        if turn == 0:
            order = self.sell if len(self.data) % 120 == 0 else self.buy
            order(size=0.5, tag=f"turn {len(self.data)}")
        if turn == 15:
            self.position.close()  # after 15 bars
"""
DOCUMENT: dict[str, Any] = {
    "strategy_name": "Periodic",
    "description": "Buy below 30, sell above 70, stop at 5 %",
    "instruments": ["GOOG"],
    "indicators": [{"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}}],
    "entry_rules": [
        {
            "side": "long",
            "when": {"type": "cross_below", "left": {"type": "indicator", "id": "RSI_14"}, "right": 30},
        }
    ],
    "exit_rules": [
        {
            "side": "long",
            "when": {"type": "cross_above", "left": {"type": "indicator", "id": "RSI_14"}, "right": 70},
        }
    ],
    "risk": {"stop_loss": {"type": "percent", "value": 5}},
}


def _run(symbol: str, start: str | None) -> RunRecord:
    names: dict[str, Any] = {"__name__": "strategy"}
    exec(compile(CODE, "strategy.py", "exec"), names)  # noqa: S102 - the text above
    window = SampleSource().load(symbol).window(start, None)
    account = Account(cash=50_000.0)
    result = run_strategy(names["Periodic"], window.bars.frame, window.first_bar, account, window.bars.timeframe)
    return RunRecord(
        spec=parse_spec({**DOCUMENT, "instruments": [symbol], "timeframe": window.bars.timeframe}),
        code=CODE,
        window=window,
        account=account,
        result=result,
        created_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        run_id="run-1",
    )


@pytest.fixture(scope="session")
def goog() -> RunRecord:
    """GOOG from 2005 on, with 94 daily bars before it that only warm up."""
    return _run("GOOG", "2005-01-03")


@pytest.fixture(scope="session")
def eurusd() -> RunRecord:
    """5,000 hourly bars of EURUSD: intraday stamps, prices in five digits, more bars than a chart draws one by one."""
    return _run("EURUSD", None)


@pytest.fixture(scope="session")
def with_tag(goog: RunRecord) -> Callable[[str], RunRecord]:
    """The GOOG run, its first trade bearing another tag."""

    def tagged(tag: str) -> RunRecord:
        first, *others = goog.result.trades
        return replace(goog, result=replace(goog.result, trades=(replace(first, tag=tag), *others)))

    return tagged


@pytest.fixture(scope="session")
def at_rest(goog: RunRecord) -> RunRecord:
    """The GOOG window on which nothing was traded."""
    equity = tuple(50_000.0 for _ in goog.result.equity)
    metrics = {name: value if isinstance(value, str) else None for name, value in goog.result.metrics.items()}
    result = replace(goog.result, trades=(), open_at_end=(), equity=equity, metrics=metrics)
    return replace(goog, result=result)
