"""The only orchestrator: from words or a spec to a strategy, its code, and a measured backtest."""

from Backtest.pipeline.preparation import Prepared, prepare, read_request
from Backtest.pipeline.request import BacktestRequest, account_of
from Backtest.pipeline.run import (
    Outcome,
    Workshop,
    record_of,
    reported,
    run_backtest,
    run_prepared,
    trusted,
    unfinished,
    written,
)
from Backtest.pipeline.trusted import trusted_run
from Backtest.pipeline.verification import Proof, prove

__all__ = [
    "BacktestRequest",
    "Outcome",
    "Prepared",
    "Proof",
    "Workshop",
    "account_of",
    "prepare",
    "prove",
    "read_request",
    "record_of",
    "reported",
    "run_backtest",
    "run_prepared",
    "trusted",
    "trusted_run",
    "unfinished",
    "written",
]
