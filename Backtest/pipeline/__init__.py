"""The only orchestrator: from words or a spec to a strategy, its code, and a measured backtest."""

from Backtest.pipeline.preparation import Prepared, prepare, read_request
from Backtest.pipeline.request import BacktestRequest, account_of
from Backtest.pipeline.run import Outcome, Workshop, record_of, run_backtest, run_prepared, unfinished

__all__ = [
    "BacktestRequest",
    "Outcome",
    "Prepared",
    "Workshop",
    "account_of",
    "prepare",
    "read_request",
    "record_of",
    "run_backtest",
    "run_prepared",
    "unfinished",
]
