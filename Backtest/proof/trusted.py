"""A spec's own execution, which shares no code with what is written for it."""

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.errors import KernelUnsupported
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.kernel import run_spec
from Backtest.run_result import ClosedTrade, OpenTrade


def execute(spec: Spec, window: Window, account: Account) -> Execution:
    """The kernel's run of a spec that lint has passed, the plain interpreter's of what the kernel refuses.

    Raises IndicatorInvalid as the registry does.
    """
    try:
        return run_spec(spec, window, account)
    except KernelUnsupported:
        return interpret(spec, window, account)


def trades_of(spec: Spec, window: Window, account: Account) -> tuple[ClosedTrade | OpenTrade, ...]:
    """Those of `execute`, the closed ones first."""
    run = execute(spec, window, account)
    return (*run.trades, *run.open_at_end)
