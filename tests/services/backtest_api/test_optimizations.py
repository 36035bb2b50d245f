"""Searches in the background: done by a worker, taken up by another, ended by their owner."""

import threading
from typing import Any

import pytest
from django.utils import timezone

from auth_api.models import User
from backtest_api.leases import Lease, lease_take
from backtest_api.models import BacktestRun, Optimization
from backtest_api.run_request import RunRequest
from backtest_api.services import (
    OptimizationRequest,
    backtest_quick_run,
    engine_load,
    optimization_cancel,
    optimization_create,
)
from backtest_api.services.background import leased_work
from backtest_api.services.searching import search_planned, searched
from tests.services.backtest_api.ideas import IDEA

GRID = {"entry_1.level": (25.0, 30.0, 35.0), "exit_1.level": (60.0, 70.0), "stop_loss": (3.0, 5.0)}


@pytest.fixture(autouse=True, scope="module")
def loaded_kernel() -> None:
    engine_load()


@pytest.fixture
def run(user: User) -> BacktestRun:
    return backtest_quick_run(user=user, request=RunRequest(user_description=IDEA, symbol="GOOG"))


@pytest.fixture
def waiting(run: BacktestRun, user: User, settings: Any) -> Optimization:
    settings.OPTIMIZE_AT_ONCE_COMBINATIONS = 0
    request = OptimizationRequest(grid=GRID, metric="return_pct", top=1)
    return optimization_create(user=user, run_id=run.pk, request=request)


def taken() -> Lease:
    lease = lease_take(Optimization, now=timezone.now())
    assert lease is not None
    return lease


def test_a_worker_finds_what_is_found_at_once(waiting: Optimization, run: BacktestRun) -> None:
    leased_work(taken())
    waiting.refresh_from_db()
    assert (waiting.status, waiting.done, waiting.step, waiting.attempts) == ("completed", 12, "", 1)
    request = OptimizationRequest(grid=GRID, metric="return_pct", top=1)
    at_once = searched(search_planned(run, request), lambda step, done: None, threading.Event())
    assert waiting.result == at_once


def test_every_combination_is_tried_and_the_best_are_those_of_runs_of_their_own(
    waiting: Optimization, user: User
) -> None:
    leased_work(taken())
    waiting.refresh_from_db()
    found = waiting.result
    assert found is not None
    returns = {}
    for level in GRID["entry_1.level"]:
        for exit_level in GRID["exit_1.level"]:
            for stop in GRID["stop_loss"]:
                idea = f"Buy when RSI(14) drops below {level:g}, sell when it rises above {exit_level:g}, {stop:g}% stop loss"
                made = backtest_quick_run(user=user, request=RunRequest(user_description=idea, symbol="GOOG"))
                returns[level, exit_level, stop] = made.metrics["return_pct"]
    best = max(returns, key=lambda values: returns[values])
    assert tuple(found["best"][0]["values"].values()) == best
    assert found["best"][0]["metrics"]["return_pct"] == returns[best] == found["spread"]["best"]
    assert found["spread"]["worst"] == min(returns.values())
    # of the third name the heatmap shows the better value
    assert found["heatmap"]["rows"][0][0] == max(returns[25.0, 60.0, 3.0], returns[25.0, 60.0, 5.0])


def test_one_that_was_cancelled_is_never_begun(waiting: Optimization, user: User) -> None:
    assert optimization_cancel(user=user, optimization_id=waiting.pk).status == "cancelled"
    assert lease_take(Optimization, now=timezone.now()) is None


def test_one_that_is_cancelled_while_it_goes_on_stops_and_keeps_nothing(waiting: Optimization, user: User) -> None:
    lease = taken()
    optimization_cancel(user=user, optimization_id=waiting.pk)
    leased_work(lease)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.result) == ("cancelled", None)


def test_a_dead_worker_s_search_is_taken_up_by_another(waiting: Optimization) -> None:
    taken()
    Optimization.objects.update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    leased_work(taken())
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts) == ("completed", 2)


def test_a_search_that_can_t_be_done_fails_with_its_field(waiting: Optimization) -> None:
    Optimization.objects.update(metric="luck")
    leased_work(taken())
    waiting.refresh_from_db()
    assert waiting.status == "failed"
    assert waiting.errors[0]["field"] == "maximize"
