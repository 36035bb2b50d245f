"""The verification of stored runs: done by a worker, written into the run."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.utils import timezone

from backtest_api.leases import Lease, LeaseLost, lease_end
from backtest_api.models import BacktestRun, Leased, unverified
from backtest_api.records import code_columns, figure_columns, issue_columns, run_record
from backtest_api.series import Series, series_save
from backtest_api.services.commands import sandbox_limits
from backtest_api.services.heartbeat import Heartbeat
from backtest_api.services.storing import issues_of, log_mismatch, trades_create
from rest.private_files import private_file_delete

if TYPE_CHECKING:
    from Backtest.pipeline import Proof
    from Backtest.report.record import RunRecord

log = structlog.get_logger("backtest_api")


def verification_do(row: Any, lease: Lease) -> None:
    """Make the execution that a run lacks, and write what comparing says. Raises LeaseLost, and as `prove` does."""
    from Backtest.pipeline import prove
    from Backtest.sandbox.process import run_strategy_source

    run = BacktestRun.objects.get(pk=row.run_id)
    record = run_record(run)
    with Heartbeat(lease, on_lost=lambda: None):
        proof = prove(record, lambda job: run_strategy_source(job, sandbox_limits()))
    _finish(lease, run, record, proof, finished_at=timezone.now())


def verification_abandon(lease: Lease, error: Exception, *, finished_at: datetime) -> None:
    """End a verification that can't be made: nothing was compared, and the run says so and why."""
    issues = issues_of(error)
    with transaction.atomic():
        row = lease.rows().select_related("run").first()
        if row is None or not lease_end(
            lease, Leased.Status.FAILED, finished_at=finished_at, errors=issue_columns(issues)
        ):
            return
        notice = f"The generated code could not be compared with the specification: {issues[0].message}"
        notices = [*row.run.notices, notice]
        BacktestRun.objects.filter(pk=row.run_id).update(verification=unverified(), notices=notices)
    log.error("run not verified", run_id=row.run_id, exc_info=error)


def _finish(lease: Lease, run: BacktestRun, record: "RunRecord", proof: "Proof", *, finished_at: datetime) -> None:
    """Write the verdict, and the figures where others stand now. Raises LeaseLost, and keeps nothing, without lease."""
    columns = figure_columns(proof.result, proof.executor, proof.verdict)
    if proof.answer is not None:
        columns |= code_columns(proof.answer.logs, proof.answer.layers, proof.answer.class_name or run.class_name)
    replaced = ""
    if proof.result.equity != record.result.equity:
        replaced = run.series_file_name
        columns["series_file_name"] = series_save(Series(record.window.bars.frame, proof.result.equity))
    try:
        with transaction.atomic():
            if not lease_end(lease, Leased.Status.COMPLETED, finished_at=finished_at):
                raise LeaseLost
            BacktestRun.objects.filter(pk=run.pk).update(**columns)
            if proof.executor != record.executor:
                run.trades.all().delete()
                trades_create(run, proof.result)
    except BaseException:
        if replaced:
            private_file_delete(columns["series_file_name"])
        raise
    if replaced:
        private_file_delete(replaced)
    run.verification = columns["verification"]
    log_mismatch(run)
