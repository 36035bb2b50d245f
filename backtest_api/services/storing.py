"""What came of a run, written in one short transaction: the run, its trades, and the conversation's note of it.

Where the run is yet to be verified, the work of doing so is stored with it.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db import connection, transaction

from Backtest.errors import AlgoAgentError, Issue, MachineError
from backtest_api.leases import Lease, LeaseLost, ended, lease_end
from backtest_api.models import BacktestRun, BacktestTrade, Leased, Verification
from backtest_api.records import TRADE_COLUMNS, issue_columns, outcome_columns, outcome_series, trade_rows
from backtest_api.run_request import RunPlan
from backtest_api.series import series_save
from rest.errors import ServiceError
from rest.private_files import private_file_delete
from strategy_api.models import ConversationMemory
from strategy_api.services import conversation_append, version_state

if TYPE_CHECKING:
    from Backtest.pipeline import Outcome
    from Backtest.run_result import RunResult

log = structlog.get_logger("backtest_api")


def outcome_create(plan: RunPlan, outcome: "Outcome", *, started_at: datetime, finished_at: datetime) -> BacktestRun:
    """A run that ended before it was stored."""
    with _series(outcome) as series_file_name, transaction.atomic():
        run = BacktestRun.objects.create(
            **plan_columns(plan),
            **outcome_columns(outcome),
            series_file_name=series_file_name,
            started_at=started_at,
            finished_at=finished_at,
        )
        _store_trades(run, outcome)
        _await_verification(run)
        _note(plan, run)
    log_mismatch(run)
    return run


def outcome_finish(lease: Lease, plan: RunPlan, outcome: "Outcome", *, finished_at: datetime) -> None:
    """Complete or fail the run that the lease holds. Raises LeaseLost, and keeps nothing, where it holds it no more."""
    with _series(outcome) as series_file_name, transaction.atomic():
        columns = outcome_columns(outcome) | {"series_file_name": series_file_name}
        if not lease.rows().update(**columns, **ended(finished_at)):
            raise LeaseLost
        run = BacktestRun.objects.get(pk=lease.row_id)
        _store_trades(run, outcome)
        _await_verification(run)
        _note(plan, run)
    log_mismatch(run)


def work_fail(lease: Lease, error: Exception, *, finished_at: datetime) -> None:
    """Fail what the lease holds, with what its owner may know of the error."""
    lease_end(lease, Leased.Status.FAILED, finished_at=finished_at, errors=issue_columns(issues_of(error)))


def issues_of(error: Exception) -> list[Issue]:
    """What the owner of work that ended so may know of it."""
    match error:
        case MachineError():
            return [Issue("", error.message)]  # its issues name this machine's paths
        case ServiceError() | AlgoAgentError():
            return list(error.issues) or [Issue("", error.message)]
    return [Issue("", "something went wrong here; its id leads to it in the log")]


def log_mismatch(run: BacktestRun) -> None:
    """Say it loudly where a run's code does not do what its spec says."""
    if run.verification["state"] == "mismatch":
        found = run.verification["counterexample"]
        log.error("generated code differs from its specification", run_id=run.pk, counterexample=found)


def plan_columns(plan: RunPlan) -> dict[str, Any]:
    """The columns of a run that its request fills."""
    return {
        "user": plan.user,
        "strategy": plan.version.strategy if plan.version else None,
        "version": plan.version,
        "dataset": plan.dataset,
        "request": plan.request.as_json(),
    }


@contextmanager
def _series(outcome: "Outcome") -> Iterator[str]:
    """The name of the outcome's stored series, empty where it has none; gone again if the block raises."""
    series = outcome_series(outcome)
    file_name = series_save(series) if series else ""
    try:
        yield file_name
    except BaseException:
        if file_name:
            private_file_delete(file_name)
        raise


def _store_trades(run: BacktestRun, outcome: "Outcome") -> None:
    if outcome.run is not None:
        trades_create(run, outcome.run)


def trades_create(run: BacktestRun, result: "RunResult") -> None:
    """The closed trades of a run as rows.

    They are numbers and texts that the database takes as they are: making a model of each is most of storing them.
    """
    names = (BacktestTrade._meta.db_table, *TRADE_COLUMNS)
    table, *columns = (connection.ops.quote_name(name) for name in names)
    places = ", ".join(["%s"] * len(columns))
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - names of our own
    with connection.cursor() as cursor:
        cursor.executemany(insert, trade_rows(run, result))


def _await_verification(run: BacktestRun) -> None:
    if run.verification["state"] == "pending":
        Verification.objects.create(run=run)


def _note(plan: RunPlan, run: BacktestRun) -> None:
    """Tell the strategy's conversation, or one of its own where the run is of no stored strategy."""
    state = version_state(plan.version) if plan.version else None
    conversation_append(
        user=plan.user,
        strategy=run.strategy,
        session=run.strategy.session if run.strategy else uuid.uuid4(),
        kind=ConversationMemory.Kind.BACKTEST,
        message=plan.request.user_description or "",
        answer={"run_id": run.pk, "status": run.status, "symbol": run.symbol, "metrics": run.metrics},
        state_before=state,
        state_after=state,
    )
