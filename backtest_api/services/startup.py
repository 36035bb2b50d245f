"""What a process that serves does first."""

import threading

from backtest_api.services.workers import verifiers, workers

_WORDS = "Buy when RSI(14) drops below 30, sell when it rises above 70"


def service_start() -> None:
    """Take up the work that waits, and load the engine, so that the first request need not. Returns at once."""
    workers().wake()
    verifiers().wake()
    threading.Thread(target=engine_load, name="loading the engine", daemon=True).start()


def engine_load() -> None:
    """Load all that a run or a search at once needs: the sandbox, the reader, sample prices, the compiled kernel."""
    from Backtest.kernel.warm_up import warm_up
    from Backtest.pipeline import BacktestRequest, prepare
    from Backtest.sandbox.pool import POOL

    POOL.start()  # a process of its own, which loads its libraries meanwhile
    prepare(BacktestRequest(text=_WORDS), lambda step: None)
    warm_up()
