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
    """Load all that a run or a search at once needs: the reader, sample prices, and the kernel's compiled code."""
    from Backtest.pipeline import BacktestRequest, Prepared, prepare, trusted_run
    from Backtest.pipeline.search import search_of, search_run

    prepared = prepare(BacktestRequest(text=_WORDS), lambda step: None)
    if not isinstance(prepared, Prepared) or prepared.spec is None:
        raise ValueError("the words that load the engine can't be read")
    trusted_run(prepared.spec, prepared.window, prepared.account)
    levels = [("entry_1.level", [25.0, 30.0])]
    for metric in ("sharpe_ratio", "alpha_pct"):  # the two levels of statistics
        search_run(
            search_of(prepared.spec, prepared.window, prepared.account, levels, metric=metric, is_maximum=True, top=1)
        )
