"""The only orchestrator: from words or a spec to a strategy, its code, and a measured backtest."""

from Backtest.pipeline.run import BacktestRequest, Outcome, Workshop, account_of, run_backtest

__all__ = ["BacktestRequest", "Outcome", "Workshop", "account_of", "run_backtest"]
