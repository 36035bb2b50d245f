"""Who does what: work that waits is taken by one worker, which must show that it is alive until it is done.

The rows are the queue. Every step is one conditional UPDATE, so that of several workers, in however many processes,
one takes a row, and what a worker does after it lost its row changes nothing.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from backtest_api.models import Leased

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
_STATUS = Leased.Status


class LeaseLost(Exception):
    """The work was cancelled, or another worker has it: whoever is told so stops, and writes nothing."""


@dataclass(frozen=True)
class Lease:
    """One worker's hold on one row of a kind of work."""

    kind: type[Leased]
    row_id: int
    holder: uuid.UUID

    def rows(self) -> QuerySet[Any]:
        """The row, as long as this lease holds it."""
        return _rows(self.kind).filter(pk=self.row_id, status=_STATUS.RUNNING, lease_holder=self.holder)


def lease_take(kind: type[Leased], *, now: datetime) -> Lease | None:
    """Take the row that waits longest, a dead worker's included; None where none can be taken.

    One that was begun `MAX_ATTEMPTS` times and never ended may be what ends the workers: who takes it once more must
    end it without doing it (see `is_given_up`).
    """
    while (found := _waiting(kind, now).order_by("pk").values("pk", "attempts").first()) is not None:
        lease = Lease(kind, found["pk"], uuid.uuid4())
        taken = (
            _waiting(kind, now)
            .filter(pk=found["pk"], attempts=found["attempts"])
            .update(
                status=_STATUS.RUNNING,
                lease_holder=lease.holder,
                lease_until=now + LEASE,
                attempts=F("attempts") + 1,
                started_at=now,
            )
        )
        if taken:
            return lease
    return None


def is_given_up(row: Leased) -> bool:
    """Whether a row that was just taken has been begun too often."""
    return row.attempts > MAX_ATTEMPTS


def lease_renew(lease: Lease, *, now: datetime) -> bool:
    """Whether the lease holds still, and now for its whole length again."""
    return bool(lease.rows().update(lease_until=now + LEASE))


def lease_give_back(lease: Lease) -> None:
    """Let another worker take the row at once; the attempt does not count."""
    lease.rows().update(
        status=_STATUS.PENDING, lease_holder=None, lease_until=None, attempts=F("attempts") - 1, step=""
    )


def lease_end(lease: Lease, status: Leased.Status, *, finished_at: datetime, **columns: Any) -> bool:
    """Write how the work ended; False, and nothing, where the lease holds the row no more."""
    return bool(lease.rows().update(status=status, **columns, **ended(finished_at)))


def ended(finished_at: datetime) -> dict[str, Any]:
    """The columns of work that nobody does any more."""
    return {"finished_at": finished_at, "lease_holder": None, "lease_until": None, "step": ""}


def next_expiry(kinds: Iterable[type[Leased]]) -> datetime | None:
    """When the first lease that anyone holds on such work would run out; None where none is being done."""
    running = (_rows(kind).filter(status=_STATUS.RUNNING).order_by("lease_until") for kind in kinds)
    held = (rows.values_list("lease_until", flat=True).first() for rows in running)
    return min((until for until in held if until is not None), default=None)


def _waiting(kind: type[Leased], now: datetime) -> QuerySet[Any]:
    dead = Q(status=_STATUS.RUNNING, lease_until__lt=now)
    return _rows(kind).filter(Q(status=_STATUS.PENDING) | dead)


def _rows(kind: type[Leased]) -> QuerySet[Any]:
    return kind._default_manager.all()
