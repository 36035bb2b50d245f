"""Who runs what: one worker takes a run, shows that it is alive, and loses it when it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from auth_api.models import User
from backtest_api.leases import LEASE, MAX_ATTEMPTS, Lease, lease_give_back, lease_renew, lease_take, next_expiry
from backtest_api.models import BacktestRun
from backtest_api.services.background import leased_work

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def waiting(user: User) -> BacktestRun:
    return BacktestRun.objects.create(user=user)


def taken(run: BacktestRun, now: datetime = NOW) -> Lease:
    lease = lease_take(BacktestRun, now=now)
    assert lease is not None
    assert lease.row_id == run.pk
    return lease


def test_what_waits_longest_is_taken_first(user: User, waiting: BacktestRun) -> None:
    second = BacktestRun.objects.create(user=user)
    taken(waiting)
    taken(second)
    assert lease_take(BacktestRun, now=NOW) is None


def test_a_taken_run_is_not_taken_again_while_its_lease_holds(waiting: BacktestRun) -> None:
    lease = taken(waiting)
    assert lease_take(BacktestRun, now=NOW + LEASE) is None
    assert lease_renew(lease, now=NOW + LEASE)
    assert lease_take(BacktestRun, now=NOW + 2 * LEASE) is None
    assert next_expiry([BacktestRun]) == NOW + 2 * LEASE


def test_the_run_of_a_worker_that_shows_no_life_is_taken_by_another_and_lost_to_the_first(waiting: BacktestRun) -> None:
    dead = taken(waiting)
    other = taken(waiting, NOW + LEASE + SECOND)
    assert other.holder != dead.holder
    assert not lease_renew(dead, now=NOW + LEASE + SECOND)
    assert dead.rows().update(step="late") == 0
    assert other.rows().count() == 1


def test_a_run_that_outlived_its_workers_too_often_is_failed_by_the_next_one(waiting: BacktestRun) -> None:
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        taken(waiting, now)
        now += LEASE + SECOND
    leased_work(taken(waiting, now))
    assert lease_take(BacktestRun, now=now + LEASE + SECOND) is None
    waiting.refresh_from_db()
    assert waiting.status == "failed"
    assert str(MAX_ATTEMPTS) in waiting.errors[0]["message"]


def test_what_is_given_back_is_taken_at_once_and_its_attempt_does_not_count(waiting: BacktestRun) -> None:
    for _ in range(MAX_ATTEMPTS + 1):
        lease_give_back(taken(waiting))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts) == ("pending", 0)


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_what_has_ended_is_never_taken(user: User, status: str) -> None:
    BacktestRun.objects.create(user=user, status=status, lease_until=NOW - LEASE)
    assert lease_take(BacktestRun, now=NOW) is None


def test_a_cancelled_run_is_lost_to_its_worker(waiting: BacktestRun) -> None:
    lease = taken(waiting)
    BacktestRun.objects.update(status="cancelled")
    assert not lease_renew(lease, now=NOW)
    lease_give_back(lease)
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
