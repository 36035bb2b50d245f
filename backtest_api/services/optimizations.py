"""Searches over a grid of a completed run's numbers: small ones at once, larger ones by a worker."""

import threading
from math import prod
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from auth_api.models import User
from Backtest.errors import Issue
from backtest_api.leases import ended
from backtest_api.models import Leased, Optimization
from backtest_api.selectors import backtest_with_spec, optimization_get
from backtest_api.services.searching import OptimizationRequest, search_planned, searched
from backtest_api.services.workers import workers
from rest.errors import Conflict, Invalid
from rest.turns import turn

log = structlog.get_logger("backtest_api")

AT_ONCE_BARS: Final = 20_000_000
"""Combinations times bars that are simulated in about a second: more are left to a worker."""


def optimization_create(*, user: User, run_id: int, request: OptimizationRequest) -> Optimization:
    """A search, completed where it is small enough to be answered at once, else pending for a worker to do.

    Raises NotFound, Conflict for a run without a specification or figures, Invalid for too many combinations,
    InputError under the request's names, KernelUnsupported, and SandboxBroken.
    """
    from Backtest.kernel.warm_up import is_warm

    run = backtest_with_spec(user=user, run_id=run_id)
    combinations = prod(len(values) for values in request.grid.values())
    if combinations > settings.OPTIMIZE_MOST_COMBINATIONS:
        message = (
            f"the grid has {combinations:,} combinations; {settings.OPTIMIZE_MOST_COMBINATIONS:,} are taken at most"
        )
        raise Invalid(message, [Issue("grid", message, "take larger steps, or vary fewer numbers at once")])
    search = search_planned(run, request)
    row = Optimization(
        user=user,
        run=run,
        metric=request.metric,
        goal="maximize" if request.is_maximum else "minimize",
        top=request.top,
        grid={name: list(values) for name, values in request.grid.items()},
        constraints=list(request.constraints),
        combinations=combinations,
    )
    small = combinations <= settings.OPTIMIZE_AT_ONCE_COMBINATIONS
    if small and combinations * len(search.window.bars) <= AT_ONCE_BARS and is_warm():
        row.started_at = timezone.now()
        with turn():
            row.result = searched(search, lambda step, done: None, threading.Event())
        row.status, row.done, row.finished_at = Leased.Status.COMPLETED, combinations, timezone.now()
        row.save()
    else:
        with transaction.atomic():
            row.save()
            transaction.on_commit(workers().wake)
    log.info("optimization made", optimization_id=row.pk, status=row.status, combinations=combinations)
    return row


def optimization_cancel(*, user: User, optimization_id: int) -> Optimization:
    """End a search that waits or goes on; its worker notices soon. Raises NotFound, and Conflict if it has ended."""
    row = optimization_get(user=user, optimization_id=optimization_id)
    unfinished = (Leased.Status.PENDING, Leased.Status.RUNNING)
    cancelled = Optimization.objects.filter(pk=row.pk, status__in=unfinished).update(
        status=Leased.Status.CANCELLED, **ended(timezone.now())
    )
    row = optimization_get(user=user, optimization_id=optimization_id)
    if not cancelled:
        message = f"the optimization is {row.status}: there is nothing to cancel"
        raise Conflict(message, [Issue("", message, "begin another one")])
    log.info("optimization cancelled", optimization_id=row.pk)
    return row
