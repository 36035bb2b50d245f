"""A run that waited, done by a worker."""

from typing import Any

from django.utils import timezone

from backtest_api.leases import Lease, LeaseLost
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunPlan, RunRequest
from backtest_api.services.commands import sandbox_limits
from backtest_api.services.execution import plan_execute
from backtest_api.services.heartbeat import Heartbeat
from backtest_api.services.storing import outcome_finish


def queued_run(row: Any, lease: Lease) -> None:
    """Run what the row asks for, both its executions where it has a spec. Raises LeaseLost, and as the engine does."""
    from Backtest.sandbox.process import SandboxProcess

    run = BacktestRun.objects.select_related("user", "strategy", "version__strategy", "dataset").get(pk=row.pk)
    request = RunRequest.from_json(run.request)
    plan = RunPlan(user=run.user, request=request, version=run.version, dataset=run.dataset)

    def progress(step: str) -> None:
        if not lease.rows().update(step=step[:80]):
            raise LeaseLost

    with SandboxProcess(sandbox_limits()) as sandbox, Heartbeat(lease, on_lost=sandbox.stop):
        outcome = plan_execute(plan, progress=progress, sandbox=sandbox)
    outcome_finish(lease, plan, outcome, finished_at=timezone.now())
