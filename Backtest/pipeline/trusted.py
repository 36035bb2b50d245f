"""The execution of a spec that its figures are taken from: the kernel's, or the interpreter's where it refuses."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.errors import KernelUnsupported
from Backtest.report.record import Executor
from Backtest.run_result import RunResult

if TYPE_CHECKING:
    from Backtest.kernel.execution import Execution
    from Backtest.kernel.statistics.run_statistics import Statistic

_MONTH = re.compile(r"return_pct_\d{4}_\d{2}")
"""What each month returned: ten years have more of these than of all others, and the equity tells them."""


@dataclass(frozen=True)
class Trusted:
    """A run of a spec that shares no code with its generated file, and who executed it."""

    result: RunResult
    executor: Executor


def trusted_run(spec: Spec, window: Window, account: Account, *, most_bars_interpreted: int | None = None) -> Trusted:
    """The run of a spec that lint has passed, with every metric. Raises IndicatorInvalid as the registry does.

    Raises KernelUnsupported where the kernel refuses the spec and there are more bars than the interpreter is to take.
    """
    from Backtest.kernel.kernel import measure

    try:
        made = measure(spec, window, account, "extended")
    except KernelUnsupported:
        if most_bars_interpreted is not None and len(window.bars) > most_bars_interpreted:
            raise
        return Trusted(_interpreted(spec, window, account), "interpreter")
    return Trusted(_run_result(made.execution, made.metrics), "kernel")


def _interpreted(spec: Spec, window: Window, account: Account) -> RunResult:
    from Backtest.kernel.interpreter import interpret
    from Backtest.kernel.interpreter.chart import Chart
    from Backtest.kernel.interpreter.warm_up import first_bars
    from Backtest.kernel.statistics import run_statistics

    execution = interpret(spec, window, account)
    begins = first_bars(Chart(spec, window.bars.frame)).values()
    warm_up_bars = max((bar - window.first_bar for bar in begins if bar is not None), default=0)
    return _run_result(execution, run_statistics(execution, window, account, "extended", max(0, warm_up_bars)))


def _run_result(execution: "Execution", figures: "dict[str, Statistic]") -> RunResult:
    metrics = {name: value for name, value in figures.items() if not _MONTH.fullmatch(name)}
    return RunResult(metrics, execution.trades, execution.open_at_end, execution.equity, execution.notices)
