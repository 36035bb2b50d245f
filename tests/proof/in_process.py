"""Runs code in this process, as the sandbox would answer: what the tests and the benchmarks of the proof use."""

import io
import types
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache

from Backtest.backtesting_adapter import run_strategy
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.strategy_module import describe_error, find_strategy, load_module


@lru_cache(maxsize=8)
def _module(code: str) -> types.ModuleType:
    return load_module(code)


def run_here(job: SandboxJob) -> SandboxOutcome:
    """The outcome of a job of trusted code; the module of a file is kept, which the sandbox does not do."""
    try:
        strategy, _ = find_strategy(_module(job.code), job.class_name)
        bars, first = job.bars.bars, job.bars.first_bar
        result = run_strategy(
            strategy,
            bars.frame,
            first,
            job.account,
            bars.timeframe,
            record_decisions=job.record_decisions,
            measure=job.measure,
        )
    except Exception as error:  # noqa: BLE001 - whatever the code raises is its outcome
        message, line = describe_error(error)
        return SandboxOutcome("failed", None, job.class_name, message, line, "", (), ())
    return SandboxOutcome("completed", result, strategy.__name__, None, None, "", (), ())


def run_fresh(job: SandboxJob) -> SandboxOutcome:
    """The same with a module of its own for each run, for code that keeps things in it."""
    _module.cache_clear()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return run_here(job)
