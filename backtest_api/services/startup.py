"""What a process that serves does first."""

import threading

import structlog
from django.conf import settings

from Backtest.errors import AlgoAgentError
from Backtest.sandbox.pool import POOL
from backtest_api.services.workers import verifiers, workers

_WORDS = "Buy when RSI(14) drops below 30, sell when it rises above 70"

log = structlog.get_logger("backtest_api.startup")


def service_start() -> None:
    """Take up the work that waits, load the engine and ready the sandbox, so that the first request need not.

    Returns at once.
    """
    threading.Thread(target=sandbox_ready, name="readying the sandbox", daemon=True).start()
    workers().wake()
    verifiers().wake()
    threading.Thread(target=engine_load, name="loading the engine", daemon=True).start()


def engine_load() -> None:
    """Load all that a run or a search at once needs: the sandbox, the reader, sample prices, the compiled kernel."""
    from Backtest.kernel.warm_up import warm_up
    from Backtest.pipeline import BacktestRequest, prepare

    POOL.start()  # a process of its own, which loads its libraries meanwhile
    prepare(BacktestRequest(text=_WORDS), lambda step: None)
    warm_up()


def sandbox_ready() -> None:
    """Let children wait for runs, and find out which walls hold; what is wrong is logged, and said by each run too."""
    from Backtest.sandbox.selftest import self_test

    try:
        POOL.start(settings.SANDBOX_READY_CHILDREN)
        result = self_test()
    except AlgoAgentError as error:
        log.error("the sandbox can't start", error=error.message, issues=[issue.message for issue in error.issues])
        return
    report = log.info if result.ok else log.error
    missing = [name for name, held in result.protects.items() if not held]
    report("the sandbox was tested", ok=result.ok, layers=result.layers, refuted=result.refuted, missing=missing)
