"""Runs compiled code in this process, as the sandbox would answer: what the tests and the benchmarks of the proof use."""

import types
from functools import lru_cache

from Backtest.backtesting_adapter import run_strategy
from Backtest.sandbox.job import SandboxJob, SandboxOutcome


@lru_cache(maxsize=8)
def _module(code: str) -> types.ModuleType:
    module = types.ModuleType("strategy")
    exec(compile(code, "strategy.py", "exec"), module.__dict__)  # noqa: S102 - what is tested
    return module


def run_here(job: SandboxJob) -> SandboxOutcome:
    """The outcome of a job of trusted code."""
    try:
        strategy = getattr(_module(job.code), job.class_name or "")
        bars = job.bars.bars
        result = run_strategy(strategy, bars.frame, job.bars.first_bar, job.account, bars.timeframe)
    except Exception as error:  # noqa: BLE001 - whatever the code raises is its outcome
        return SandboxOutcome("failed", None, job.class_name, f"{type(error).__name__}: {error}", None, "", (), ())
    return SandboxOutcome("completed", result, job.class_name, None, None, "", (), ())
