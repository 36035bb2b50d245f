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
    """Load all that a run at once needs: the reader, the sample prices, and the kernel's compiled code."""
    from Backtest.pipeline import BacktestRequest, Prepared, prepare, trusted_run

    prepared = prepare(BacktestRequest(text=_WORDS), lambda step: None)
    if isinstance(prepared, Prepared) and prepared.spec is not None:
        trusted_run(prepared.spec, prepared.window, prepared.account)
