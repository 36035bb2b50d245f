"""What an execution of a spec answers, whoever executed it."""

from dataclasses import dataclass

from Backtest.run_result import ClosedTrade, OpenTrade


@dataclass(frozen=True)
class Execution:
    """What happened on a window: closed trades by entry and exit bar, trades left open, one equity value per bar in
    cash, and what was reported. Equal (==) to the same fields of the `RunResult` of the compiled code."""

    trades: tuple[ClosedTrade, ...]
    open_at_end: tuple[OpenTrade, ...]
    equity: tuple[float, ...]
    notices: tuple[str, ...]
