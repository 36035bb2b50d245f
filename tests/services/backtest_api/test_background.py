"""Runs in the background: stored first, done by threads, ended by their owner, never done twice."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from auth_api.models import User
from Backtest.errors import SymbolUnknown
from backtest_api.leases import lease_take
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunRequest
from backtest_api.services import backtest_cancel, backtest_create, backtest_quick_run
from backtest_api.services import backtests as module
from backtest_api.services.background import leased_work
from backtest_api.services.workers import Workers
from rest.errors import Conflict, NotFound, Unclear
from strategy_api.models import ConversationMemory
from tests.services.backtest_api.ideas import FAILS, HOLD, IDEA, OPEN_IDEA, SLOW

SOON_S = 60.0


@pytest.fixture
def workers(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Two threads of the test's own, gone at its end."""
    own = Workers(2, (BacktestRun,))
    monkeypatch.setattr(module, "workers", lambda: own)
    yield own
    BacktestRun.objects.filter(status__in=("pending", "running")).update(status="cancelled")
    assert own.join(SOON_S)


def create(user: User, **asked: object) -> BacktestRun:
    return backtest_create(user=user, request=RunRequest(**asked))


def wait_for(run: BacktestRun, *statuses: str) -> BacktestRun:
    deadline = time.monotonic() + SOON_S
    while time.monotonic() < deadline:
        run.refresh_from_db()
        if run.status in statuses:
            return run
        time.sleep(0.05)
    raise AssertionError(f"the run is {run.status} after {SOON_S:.0f} s")


@pytest.mark.usefixtures("loaded_kernel")
def test_a_run_is_stored_first_and_done_later_as_a_run_at_once_is(workers: Workers, user: User) -> None:
    run = create(user, user_description=IDEA, symbol="GOOG")
    assert (run.status, run.symbol, run.timeframe) == ("pending", "GOOG", "1d")
    done = wait_for(run, "completed", "failed")
    at_once = backtest_quick_run(user=user, request=RunRequest(user_description=IDEA, symbol="GOOG"))
    assert (done.status, done.metrics, done.canonical_json) == ("completed", at_once.metrics, at_once.canonical_json)
    columns = ("number", "entry_time", "exit_time", "size", "pnl", "tag")
    assert list(done.trades.values_list(*columns)) == list(at_once.trades.values_list(*columns))
    assert (done.step, done.lease_holder, done.attempts) == ("", None, 1)
    assert ConversationMemory.objects.filter(kind="backtest", answer__run_id=done.pk).count() == 1


def test_code_that_raises_fails_its_run(workers: Workers, user: User) -> None:
    run = wait_for(create(user, code=FAILS, symbol="GOOG"), "completed", "failed")
    assert run.status == "failed"
    assert "ZeroDivisionError" in run.errors[0]["message"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [({"user_description": OPEN_IDEA}, Unclear), ({"user_description": IDEA, "symbol": "NOPE"}, SymbolUnknown)],
)
def test_what_is_seen_to_be_at_fault_at_once_stores_nothing(
    user: User, asked: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        create(user, **asked)
    assert not BacktestRun.objects.exists()


def test_what_turns_out_to_be_at_fault_later_fails_the_run_with_its_field(workers: Workers, user: User) -> None:
    request = RunRequest(user_description=IDEA, symbol="NOPE").as_json()
    run = BacktestRun.objects.create(user=user, request=request)
    workers.wake()
    wait_for(run, "failed")
    assert [error["field"] for error in run.errors] == ["symbol"]


def test_a_running_one_is_cancelled_and_its_process_killed(workers: Workers, user: User) -> None:
    run = create(user, code=SLOW, symbol="GOOG")
    wait_for(run, "running")
    while not BacktestRun.objects.filter(pk=run.pk, step__startswith="Running").exists():
        time.sleep(0.05)
    backtest_cancel(user=user, run_id=run.pk)
    assert workers.join(SOON_S)  # long before the limit of the sandbox would have ended it
    run.refresh_from_db()
    assert (run.status, run.step, run.metrics, run.errors) == ("cancelled", "", {}, [])
    assert run.finished_at is not None


def test_a_waiting_one_is_cancelled_and_never_begun(user: User) -> None:
    run = create(user, code=HOLD, symbol="GOOG")
    cancelled = backtest_cancel(user=user, run_id=run.pk)
    assert (cancelled.status, cancelled.started_at) == ("cancelled", None)
    with pytest.raises(Conflict):
        backtest_cancel(user=user, run_id=run.pk)


def test_a_stranger_cancels_nothing(user: User, stranger: User) -> None:
    run = create(user, code=HOLD, symbol="GOOG")
    with pytest.raises(NotFound):
        backtest_cancel(user=stranger, run_id=run.pk)


def test_what_a_stopping_process_had_begun_waits_for_another(workers: Workers, user: User) -> None:
    run = create(user, code=SLOW, symbol="GOOG")
    wait_for(run, "running")
    workers.stop()
    run.refresh_from_db()
    assert (run.status, run.attempts, run.lease_holder) == ("pending", 0, None)


def test_two_sets_of_workers_do_each_run_once(workers: Workers, user: User) -> None:
    runs = [create(user, code=HOLD, symbol="BTCUSD") for _ in range(6)]
    other = Workers(2, (BacktestRun,))
    other.wake()
    for run in runs:
        wait_for(run, "completed")
    assert {run.attempts for run in runs} == {1}
    assert {run.trades.count() for run in runs} == {0}
    assert ConversationMemory.objects.filter(kind="backtest").count() == len(runs)
    assert other.join(SOON_S)


def test_no_transaction_is_open_while_the_engine_works(transactional_db: None, user: User) -> None:
    run = BacktestRun.objects.create(user=user, request=RunRequest(code=HOLD, symbol="BTCUSD").as_json())
    lease = lease_take(BacktestRun, now=timezone.now())
    seen: dict[str, bool] = {}

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        for step in ("Loading prices", "Running 156 bars of BTCUSD", "completed"):
            if step in map(str, params or ()):
                seen[step] = connection.in_atomic_block
        return execute(sql, params, many, context)

    assert lease is not None
    with connection.execute_wrapper(watch):
        leased_work(lease)
    assert wait_for(run, "completed")
    assert seen == {"Loading prices": False, "Running 156 bars of BTCUSD": False, "completed": True}
