"""What a process that serves does first."""

import threading
from functools import cache

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from Backtest.errors import AlgoAgentError
from Backtest.sandbox.pool import POOL
from backtest_api.services.workers import verifiers, workers

_WORDS = "Buy when RSI(14) drops below 30, sell when it rises above 70"

log = structlog.get_logger("backtest_api.startup")


def service_start() -> None:
    """Take up the work that waits, load the engine and ready the sandbox, so that the first request need not.

    Returns at once.
    """
    database_hold()
    threading.Thread(target=sandbox_ready, name="readying the sandbox", daemon=True).start()
    workers().wake()
    verifiers().wake()
    threading.Thread(target=engine_load, name="loading the engine", daemon=True).start()


@cache
def database_hold() -> BaseDatabaseWrapper | None:
    """A connection to an SQLite file that stays open and is never used; None for other databases.

    Whoever closes the last one writes the log back into the file, and each request opens and closes one of its own.
    """
    if connections[DEFAULT_DB_ALIAS].vendor != "sqlite":
        return None
    held = connections.create_connection(DEFAULT_DB_ALIAS)
    held.connect()
    return held


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
