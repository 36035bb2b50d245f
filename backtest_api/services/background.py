"""A leased run, from its row through the engine and back into it, as long as the lease holds."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from Backtest.errors import AlgoAgentError
from backtest_api.leases import LEASE, Lease, LeaseLost, lease_renew
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunPlan, RunRequest
from backtest_api.services.commands import sandbox_limits
from backtest_api.services.execution import plan_execute
from backtest_api.services.storing import outcome_finish, run_fail
from rest.errors import ServiceError

LOOK_EVERY_S = 0.5
RENEW_EVERY_S = LEASE.total_seconds() / 4

log = structlog.get_logger("backtest_api.background")


def leased_run(lease: Lease) -> None:
    """Run what the lease holds; whatever happens, the row then ends, or is not the lease's any more."""
    run = lease.rows().select_related("user", "strategy", "version__strategy", "dataset").first()
    if run is None:
        return
    log.info("backtest begins", run_id=run.pk, user_id=run.user_id)
    try:
        _run(run, lease)
    except LeaseLost:
        log.info("backtest stopped", run_id=run.pk)
        return
    except (ServiceError, AlgoAgentError) as error:
        run_fail(lease, error, finished_at=timezone.now())
    except Exception as error:  # a run must end, whatever is wrong with it
        log.error("backtest broke", run_id=run.pk, exc_info=error)
        run_fail(lease, error, finished_at=timezone.now())
    log.info("backtest ended", run_id=run.pk)


def _run(run: BacktestRun, lease: Lease) -> None:
    from Backtest.sandbox.process import SandboxProcess

    request = RunRequest.from_json(run.request)
    plan = RunPlan(user=run.user, request=request, version=run.version, dataset=run.dataset)

    def progress(step: str) -> None:
        if not lease.rows().update(step=step[:80]):
            raise LeaseLost

    with SandboxProcess(sandbox_limits()) as sandbox, Heartbeat(lease, on_lost=sandbox.stop):
        outcome = plan_execute(plan, progress=progress, sandbox=sandbox)
    outcome_finish(lease, plan, outcome, finished_at=timezone.now())


class Heartbeat:
    """Renews a lease while the block runs, and calls `on_lost` once when it does not hold any more."""

    def __init__(self, lease: Lease, on_lost: Callable[[], None]) -> None:
        self._lease = lease
        self._on_lost = on_lost
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of run {lease.run_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        renewed_s = time.monotonic()
        try:
            while not self._done.wait(LOOK_EVERY_S):
                renew = time.monotonic() - renewed_s > RENEW_EVERY_S
                if not self._holds(renew=renew):
                    self._on_lost()
                    return
                renewed_s = time.monotonic() if renew else renewed_s
        finally:
            connection.close()

    def _holds(self, *, renew: bool) -> bool:
        try:
            return lease_renew(self._lease, now=timezone.now()) if renew else self._lease.rows().exists()
        except DatabaseError as error:  # it may be busy; if it stays so, another worker takes the run
            log.warning("lease not seen", run_id=self._lease.run_id, error=str(error))
            return True
