"""A search over a grid of a run's numbers, from its request through the engine; and such a search done by a worker."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from Backtest.errors import InputError, Issue
from backtest_api.leases import Lease, LeaseLost, lease_end
from backtest_api.models import BacktestRun, Leased, Optimization
from backtest_api.records import run_record
from backtest_api.services.commands import sandbox_limits
from backtest_api.services.heartbeat import Heartbeat

if TYPE_CHECKING:
    from Backtest.pipeline.search import Found, Search
    from Backtest.sandbox.job import SandboxJob, SandboxOutcome

TELL_EVERY_S: Final = 0.5
Doing = Callable[[str, int], None]


@dataclass(frozen=True, kw_only=True)
class OptimizationRequest:
    """The values of each name, and which metric of the combinations is to be the largest, or the smallest."""

    grid: Mapping[str, Sequence[float]]
    metric: str
    is_maximum: bool = True
    top: int = 5
    constraints: Sequence[str] = ()


def optimization_do(row: Any, lease: Lease) -> None:
    """Do the search that the lease holds. Raises LeaseLost, and as the engine does."""
    run = BacktestRun.objects.get(pk=row.run_id)
    request = OptimizationRequest(
        grid=row.grid,
        metric=row.metric,
        is_maximum=row.goal == Optimization.Goal.MAXIMIZE,
        top=row.top,
        constraints=row.constraints,
    )
    lost = threading.Event()
    told_s = [0.0]

    def doing(step: str, done: int) -> None:
        if done < row.combinations and time.monotonic() - told_s[0] < TELL_EVERY_S:
            return
        told_s[0] = time.monotonic()
        if not lease.rows().update(step=step, done=done):
            raise LeaseLost

    with Heartbeat(lease, on_lost=lost.set):
        result = searched(search_planned(run, request), doing, lost)
    if not lease_end(lease, Leased.Status.COMPLETED, finished_at=timezone.now(), result=result, done=row.combinations):
        raise LeaseLost


def search_planned(run: BacktestRun, request: OptimizationRequest) -> "Search":
    from Backtest.pipeline.search import search_of

    record = run_record(run)
    if record.spec is None:
        raise ValueError("a run without a specification has nothing to vary")
    try:
        return search_of(
            record.spec,
            record.window,
            record.account,
            request.grid.items(),
            metric=request.metric,
            is_maximum=request.is_maximum,
            top=request.top,
            constraints=request.constraints,
        )
    except InputError as error:
        goal = "maximize" if request.is_maximum else "minimize"
        raise type(error)(error.message, [_named(issue, goal) for issue in error.issues]) from error


def _named(issue: Issue, goal: str) -> Issue:
    """The engine's issue under the name of the request's field."""
    if issue.field == "metric":
        return replace(issue, field=goal)
    return issue if issue.field.startswith(("grid", "constraints")) else replace(issue, field="grid")


def searched(search: "Search", doing: Doing, lost: threading.Event) -> dict[str, Any]:
    """The search's result as JSON. Raises LeaseLost once `lost` is set."""
    from Backtest.pipeline.search import found_document, search_run

    def progress(done: int, total: int) -> None:
        doing("Searching", done)

    found = search_run(search, progress, lost.is_set)
    if lost.is_set():
        raise LeaseLost
    doing("Verifying the best", found.combinations)
    return found_document(search, found, _verified(search, found, lost))


def _verified(search: "Search", found: "Found", lost: threading.Event) -> list[Any]:
    """The best combinations, run again, two at a time. Raises LeaseLost once `lost` is set."""
    from Backtest.pipeline.search import candidate_of
    from Backtest.sandbox.process import run_strategy_source

    def run_code(job: "SandboxJob") -> "SandboxOutcome":
        if lost.is_set():
            raise LeaseLost
        return run_strategy_source(job, sandbox_limits())

    with ThreadPoolExecutor(2, thread_name_prefix="verifying the best") as beside:
        verify = partial(candidate_of, search, run_code=run_code)
        return list(beside.map(verify, [ranked.values for ranked in found.best]))
