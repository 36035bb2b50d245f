"""The execution of a spec that its figures are taken from: the kernel's, or the plain interpreter's where it refuses."""

import threading
from dataclasses import dataclass

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.errors import KernelUnsupported
from Backtest.report.record import Executor
from Backtest.run_result import RunResult

_ready = threading.Event()


@dataclass(frozen=True)
class Trusted:
    """A run of a spec that shares no code with its generated file, and who executed it."""

    result: RunResult
    executor: Executor


def kernel_is_ready() -> bool:
    """Whether the kernel answers in this process at once: its compiled code is loaded."""
    return _ready.is_set()


def trusted_run(spec: Spec, window: Window, account: Account) -> Trusted:
    """The run of a spec that lint has passed, with every metric. Raises IndicatorInvalid as the registry does."""
    from Backtest.kernel.interpreter import interpret
    from Backtest.kernel.kernel import run_spec
    from Backtest.kernel.statistics import run_statistics

    executor: Executor = "kernel"
    try:
        execution = run_spec(spec, window, account)
    except KernelUnsupported:
        executor, execution = "interpreter", interpret(spec, window, account)
    metrics = run_statistics(execution, window, account, "full")
    _ready.set()
    return Trusted(
        RunResult(metrics, execution.trades, execution.open_at_end, execution.equity, execution.notices), executor
    )
