"""Who runs what: a run that waits is taken by one worker, which must show that it is alive until it is done.

The rows are the queue. Every step is one conditional UPDATE, so that of several workers, in however many processes,
one takes a run, and what a worker does after it lost its run changes nothing.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Q, QuerySet

from Backtest.errors import Issue
from backtest_api.models import BacktestRun

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
_STATUS = BacktestRun.Status

log = structlog.get_logger("backtest_api.leases")


class LeaseLost(Exception):
    """The run was cancelled, or another worker has it: whoever is told so stops, and writes nothing."""


@dataclass(frozen=True)
class Lease:
    """One worker's hold on one run."""

    run_id: int
    holder: uuid.UUID

    def rows(self) -> QuerySet[BacktestRun]:
        """The run, as long as this lease holds it."""
        return BacktestRun.objects.filter(pk=self.run_id, status=_STATUS.RUNNING, lease_holder=self.holder)


def lease_take(*, now: datetime) -> Lease | None:
    """Take the run that waits longest, a dead worker's included; None where none can be taken.

    A run that was begun `MAX_ATTEMPTS` times and never ended is failed instead: it may be what ends the workers.
    """
    while (found := _waiting(now).order_by("pk").values("pk", "attempts").first()) is not None:
        row = _waiting(now).filter(pk=found["pk"], attempts=found["attempts"])
        if found["attempts"] >= MAX_ATTEMPTS:
            _give_up(row, found["pk"], now)
            continue
        lease = Lease(found["pk"], uuid.uuid4())
        taken = row.update(
            status=_STATUS.RUNNING,
            lease_holder=lease.holder,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            started_at=now,
        )
        if taken:
            return lease
    return None


def lease_renew(lease: Lease, *, now: datetime) -> bool:
    """Whether the lease holds still, and now for its whole length again."""
    return bool(lease.rows().update(lease_until=now + LEASE))


def lease_give_back(lease: Lease) -> None:
    """Let another worker take the run at once; the attempt does not count."""
    lease.rows().update(
        status=_STATUS.PENDING, lease_holder=None, lease_until=None, attempts=F("attempts") - 1, step=""
    )


def next_expiry() -> datetime | None:
    """When the first lease that anyone holds would run out; None where nothing is running."""
    running = BacktestRun.objects.filter(status=_STATUS.RUNNING).order_by("lease_until")
    return running.values_list("lease_until", flat=True).first()


def _waiting(now: datetime) -> QuerySet[BacktestRun]:
    dead = Q(status=_STATUS.RUNNING, lease_until__lt=now)
    return BacktestRun.objects.filter(Q(status=_STATUS.PENDING) | dead)


def _give_up(row: QuerySet[BacktestRun], run_id: int, now: datetime) -> None:
    message = f"the run was begun {MAX_ATTEMPTS} times, and each time the service ended before it did"
    issue = Issue("", message, "try a shorter period, or another strategy")
    if row.update(status=_STATUS.FAILED, errors=[issue.as_dict()], finished_at=now, lease_holder=None, step=""):
        log.error("backtest given up", run_id=run_id)
