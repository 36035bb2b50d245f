"""What users ask for: runs at once, runs in the background, and their end before their time."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.utils import timezone

from auth_api.models import User
from Backtest.errors import Issue
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunPlan, RunRequest, named_by_request, run_plan
from backtest_api.selectors import backtest_get
from backtest_api.services.commands import sandbox_limits
from backtest_api.services.execution import plan_at_once, plan_check, plan_read, plan_reported
from backtest_api.services.storing import outcome_create, plan_columns
from backtest_api.services.workers import verifiers, workers
from rest.errors import Conflict
from rest.turns import turn

if TYPE_CHECKING:
    from Backtest.pipeline import Prepared

log = structlog.get_logger("backtest_api")
NETWORK_SOURCES = ("yfinance",)
ANSWER_S = 0.02
"""While a run's answer is written and sent: its verification, beside it in this process, would only hold it up."""


@dataclass(frozen=True)
class RunPreview:
    """What a request would run."""

    plan: RunPlan
    prepared: "Prepared"


def backtest_quick_run(*, user: User, request: RunRequest) -> BacktestRun:
    """Run it now, and store it completed or failed; what is at fault before it could run stores nothing.

    A spec's figures are those of its own execution, and its code is verified in the background; before the kernel is
    loaded they are the code's, and the execution follows.

    Raises NotFound, Unclear, InputError under the request's names, and MachineError.
    """
    from Backtest.sandbox.process import SandboxProcess

    plan = run_plan(user=user, request=request)
    started_at = timezone.now()
    outcome = plan_at_once(plan)
    if outcome is None:
        with turn(), SandboxProcess(sandbox_limits()) as sandbox:  # loads its libraries while the text is read
            outcome = plan_reported(plan, sandbox=sandbox)
    run = outcome_create(plan, outcome, started_at=started_at, finished_at=timezone.now())
    transaction.on_commit(partial(verifiers().wake, after_s=ANSWER_S))
    log.info("backtest run", run_id=run.pk, status=run.status, symbol=run.symbol)
    return run


def backtest_create(*, user: User, request: RunRequest) -> BacktestRun:
    """Store a run for this process's workers, or another's, to do; what can be seen to be at fault at once is refused.

    Raises NotFound, Unclear and InputError under the request's names. Prices from a network are fetched later only.
    """
    plan = run_plan(user=user, request=request)
    named: dict[str, Any] = {"symbol": request.symbol or "", "source": request.source or ""}
    if request.source in NETWORK_SOURCES:
        plan_read(plan)
    else:
        bars = plan_check(plan).window.bars
        named = {"symbol": bars.symbol, "source": bars.source, "timeframe": bars.timeframe}
    with transaction.atomic():
        run = BacktestRun.objects.create(**plan_columns(plan), **named)
        transaction.on_commit(workers().wake)
    log.info("backtest queued", run_id=run.pk, symbol=run.symbol)
    return run


def backtest_preview(*, user: User, request: RunRequest) -> RunPreview:
    """What would be run, without running it; a document must be canonical as it stands.

    Raises as `backtest_quick_run` does.
    """
    from Backtest.pipeline.author import check_canonical

    plan = run_plan(user=user, request=request)
    if request.canonical_json is not None:
        with named_by_request(plan):
            check_canonical(request.canonical_json)
    return RunPreview(plan, plan_check(plan))


def backtest_cancel(*, user: User, run_id: int) -> BacktestRun:
    """End a run that waits or goes on, which its worker notices soon. Raises NotFound, and Conflict if it has ended."""
    run = backtest_get(user=user, run_id=run_id)
    unfinished = (BacktestRun.Status.PENDING, BacktestRun.Status.RUNNING)
    cancelled = BacktestRun.objects.filter(pk=run.pk, status__in=unfinished).update(
        status=BacktestRun.Status.CANCELLED, finished_at=timezone.now(), lease_holder=None, lease_until=None, step=""
    )
    run = backtest_get(user=user, run_id=run_id)
    if not cancelled:
        message = f"the backtest is {run.status}: there is nothing to cancel"
        raise Conflict(message, [Issue("", message, "begin another one")])
    log.info("backtest cancelled", run_id=run.pk)
    return run
