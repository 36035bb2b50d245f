"""Leased work, from its row through the engine and back into it, as long as the lease holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.utils import timezone

from Backtest.errors import AlgoAgentError, Issue
from backtest_api.leases import MAX_ATTEMPTS, Lease, LeaseLost, is_given_up
from backtest_api.models import BacktestRun, Leased, Optimization, Verification
from backtest_api.services.queued_runs import queued_run
from backtest_api.services.searching import optimization_do
from backtest_api.services.storing import work_fail
from backtest_api.services.verifications import verification_abandon, verification_do
from rest.errors import Conflict, ServiceError

log = structlog.get_logger("backtest_api.background")


@dataclass(frozen=True)
class Kind:
    """How work of one kind is done, and how its row ends when it can't be."""

    name: str
    do: Callable[[Any, Lease], None]
    fail: Callable[..., None] = work_fail


KINDS: Final[Mapping[type[Leased], Kind]] = {
    BacktestRun: Kind("backtest", queued_run),
    Optimization: Kind("optimization", optimization_do),
    Verification: Kind("verification", verification_do, verification_abandon),
}


def leased_work(lease: Lease) -> None:
    """Do what the lease holds; whatever happens, the row then ends, or is not the lease's any more."""
    row = lease.rows().first()
    if row is None:
        return
    kind = KINDS[lease.kind]
    log.info(f"{kind.name} begins", id=row.pk)
    try:
        if is_given_up(row):
            raise _given_up()
        kind.do(row, lease)
    except LeaseLost:
        log.info(f"{kind.name} stopped", id=row.pk)
        return
    except (ServiceError, AlgoAgentError) as error:
        log.warning(f"{kind.name} failed", id=row.pk, error=str(error))
        kind.fail(lease, error, finished_at=timezone.now())
    except Exception as error:  # work must end, whatever is wrong with it
        log.error(f"{kind.name} broke", id=row.pk, exc_info=error)
        kind.fail(lease, error, finished_at=timezone.now())
    log.info(f"{kind.name} ended", id=row.pk)


def _given_up() -> Conflict:
    """Work that was begun too often and never ended may be what ends the workers."""
    message = f"this was begun {MAX_ATTEMPTS} times, and each time the service ended before it did"
    return Conflict(message, [Issue("", message, "try a shorter period, or another strategy")])
