"""What a process that serves does first."""

import threading

from backtest_api.services.workers import workers

_WORDS = "Buy when RSI(14) drops below 30, sell when it rises above 70"


def service_start() -> None:
    """Take up the runs that wait, and load the engine, so that the first request need not. Returns at once."""
    workers().wake()
    threading.Thread(target=_load_engine, name="loading the engine", daemon=True).start()


def _load_engine() -> None:
    from Backtest.pipeline import BacktestRequest, prepare

    prepare(BacktestRequest(text=_WORDS), lambda step: None)
