"""Writes of runs: those of the commands, those of users, and the files that they leave."""

from backtest_api.services.artifacts import CONTENT_TYPES, ArtifactFile, artifact_open
from backtest_api.services.backtests import (
    RunPreview,
    backtest_cancel,
    backtest_create,
    backtest_preview,
    backtest_quick_run,
)
from backtest_api.services.commands import (
    backtest_optimize,
    backtest_prepare,
    backtest_run,
    sandbox_limits,
    strategy_code_look_ahead,
    strategy_code_read,
    strategy_code_run,
)
from backtest_api.services.optimizations import optimization_cancel, optimization_create
from backtest_api.services.recommendations import backtest_recommend
from backtest_api.services.searching import OptimizationRequest
from backtest_api.services.startup import engine_load, service_start
from backtest_api.services.workers import verifiers, workers

__all__ = [
    "CONTENT_TYPES",
    "ArtifactFile",
    "OptimizationRequest",
    "RunPreview",
    "artifact_open",
    "backtest_cancel",
    "backtest_create",
    "backtest_optimize",
    "backtest_prepare",
    "backtest_preview",
    "backtest_quick_run",
    "backtest_recommend",
    "backtest_run",
    "engine_load",
    "optimization_cancel",
    "optimization_create",
    "sandbox_limits",
    "service_start",
    "strategy_code_look_ahead",
    "strategy_code_read",
    "strategy_code_run",
    "verifiers",
    "workers",
]
