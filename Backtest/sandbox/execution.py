"""One job, executed in the child: what comes back is the payload of the answer, whatever the strategy does."""

import random
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from Backtest.backtesting_adapter import run_strategy
from Backtest.run_result import RunResult
from Backtest.sandbox.confinement import use_the_memory_reserve
from Backtest.sandbox.job import MEGABYTE, Limits
from Backtest.sandbox.protocol import ChildJob, to_json
from Backtest.sandbox.strategy_module import describe_error, find_strategy, load_module


def execute(job: ChildJob, limits: Limits) -> bytes:
    """Run the job and answer in JSON: a result, an error with its line, or the limit that was reached."""
    random.seed(0)
    np.random.seed(0)
    try:
        result, class_name = _run(job)
    except BaseException as error:  # noqa: BLE001 - SystemExit and the like end the strategy, not the answer
        return to_json({"job_id": job.job_id, **_failure(error)})
    answer = {"job_id": job.job_id, "status": "completed", "class_name": class_name, "result": asdict(result)}
    payload = to_json(answer)
    if len(payload) > limits.result_mb * MEGABYTE:
        message = f"The result is larger than {limits.result_mb} MB."
        failure = {"status": "killed", "limit": "result_mb", "error": message, "line": None}
        return to_json({"job_id": job.job_id, **failure})
    return payload


def _run(job: ChildJob) -> tuple[RunResult, str]:
    module = load_module(job.code)
    strategy_class, notice = find_strategy(module, job.class_name)
    result = run_strategy(
        strategy_class,
        job.bars,
        job.first_bar,
        job.account,
        job.timeframe,
        record_decisions=job.record_decisions,
        measure=job.measure,
    )
    if notice is not None:
        result = replace(result, notices=(notice, *result.notices))
    return result, strategy_class.__name__


def _failure(error: BaseException) -> dict[str, Any]:
    limit = None
    if isinstance(error, MemoryError):
        use_the_memory_reserve()
        limit = "memory_mb"
    message, line = describe_error(error)
    if limit is None:
        return {"status": "failed", "error": message, "line": line}
    return {"status": "killed", "limit": limit, "error": message, "line": line}
