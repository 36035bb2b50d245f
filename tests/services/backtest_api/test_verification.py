"""The figures of a spec are its own execution's, and its code is compared with them: what that finds is told."""

import uuid
from typing import Any

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from auth_api.models import User
from backtest_api.leases import MAX_ATTEMPTS, Lease, lease_take
from backtest_api.models import BacktestRun, Verification
from backtest_api.records import run_record
from backtest_api.run_request import RunRequest
from backtest_api.services import artifact_open, backtest_quick_run
from backtest_api.services import backtests as module
from backtest_api.services.background import leased_work
from strategy_api.models import StrategyVersion
from tests.services.backtest_api.ideas import HOLD, IDEA

pytestmark = pytest.mark.usefixtures("loaded_kernel")


def quick_run(user: User, **asked: object) -> BacktestRun:
    return backtest_quick_run(user=user, request=RunRequest(**asked))


def taken() -> Lease:
    lease = lease_take(Verification, now=timezone.now())
    assert lease is not None
    return lease


def verified(run: BacktestRun) -> BacktestRun:
    leased_work(taken())
    run.refresh_from_db()
    return run


def altered(version: StrategyVersion, before: str, after: str) -> StrategyVersion:
    """The version as somebody who edits the database leaves it."""
    assert before in version.generated_code
    version.generated_code = version.generated_code.replace(before, after)
    version.save(update_fields=["generated_code"])
    return version


def test_a_run_at_once_has_the_kernel_s_figures_and_waits_for_its_proof(user: User) -> None:
    run = quick_run(user, user_description=IDEA, symbol="GOOG")
    assert (run.status, run.executor, run.verification["state"]) == ("completed", "kernel", "pending")
    assert {trade.closed_by for trade in run.trades.all()} == {"exit_1", "stop_loss"}
    assert run.metrics["omega_ratio"] > 0


def test_the_code_of_a_run_is_verified_bar_by_bar(user: User) -> None:
    run = quick_run(user, user_description=IDEA, symbol="GOOG", start_date="2009-01-01")
    before = run_record(run).result
    verified(run)
    assert run.verification == {"state": "verified", "counterexample": None}
    assert run_record(run).result == before
    assert {"process", "clean_environment"} <= set(run.layers)
    assert run.proof.status == "completed"
    assert lease_take(Verification, now=timezone.now()) is None


def test_a_stored_version_whose_code_was_altered_is_found_and_told(user: User, idea: StrategyVersion) -> None:
    as_said = quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG")
    altered(idea, "30", "31")
    run = quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG")
    assert run.code == idea.generated_code
    with capture_logs() as logs:
        verified_run = verified_last(run)
    assert verified_run.verification["state"] == "mismatch"
    found = verified_run.verification["counterexample"]
    assert "the code" in found["message"] or "the specification" in found["message"]
    assert found["specification"] != found["code"]
    assert isinstance(found["bar"], int)
    assert [line["run_id"] for line in logs if line["log_level"] == "error"] == [run.pk]
    assert verified_run.metrics == as_said.metrics  # the figures remain those of the specification
    page = artifact_open(user=user, run_id=run.pk, name="report.html").content.decode()
    assert "Mismatch." in page
    manifest = artifact_open(user=user, run_id=run.pk, name="manifest.json").content.decode()
    assert '"state": "mismatch"' in manifest


def verified_last(run: BacktestRun) -> BacktestRun:
    """Verify all that waits, up to this run's."""
    while run.verification["state"] == "pending":
        verified(run)
    return run


def test_code_that_does_not_run_to_its_end_is_a_mismatch(user: User, idea: StrategyVersion) -> None:
    altered(idea, "def next(self):\n", "def next(self):\n        1 // 0\n")
    run = verified(quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG"))
    assert run.verification["state"] == "mismatch"
    assert "ZeroDivisionError" in run.verification["counterexample"]["message"]
    assert run.metrics["total_trades"] == 24


def test_code_that_reaches_a_limit_was_not_compared(user: User, idea: StrategyVersion, settings: Any) -> None:
    settings.SANDBOX_CPU_S = 1
    altered(idea, "def next(self):\n", "def next(self):\n        while True: pass\n")
    run = verified(quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG"))
    assert run.verification == {"state": "not_applicable", "counterexample": None}
    assert "was not compared" in run.notices[-1]


def test_before_the_kernel_is_loaded_the_code_answers_and_the_execution_follows(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "plan_at_once", lambda plan: None)
    run = quick_run(user, user_description=IDEA, symbol="GOOG")
    assert (run.executor, run.verification["state"]) == ("code", "pending")
    figures = dict(run.metrics)
    verified(run)
    assert (run.executor, run.verification["state"]) == ("kernel", "verified")
    close = {
        name: pytest.approx(value, rel=1e-12) if isinstance(value, float) else value for name, value in figures.items()
    }
    assert {name: run.metrics[name] for name in figures} == close
    assert {trade.closed_by for trade in run.trades.all()} == {"exit_1", "stop_loss"}


def test_figures_that_the_code_reported_and_its_spec_does_not_make_give_way(
    user: User, idea: StrategyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG")
    monkeypatch.setattr(module, "plan_at_once", lambda plan: None)
    altered(idea, "30", "31")
    run = quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG")
    assert run.metrics["equity_final"] != honest.metrics["equity_final"]
    verified_last(run)
    assert (run.executor, run.verification["state"]) == ("kernel", "mismatch")
    assert run.metrics == honest.metrics
    assert run_record(run).result == run_record(honest).result


def test_code_without_a_spec_is_compared_with_nothing(user: User) -> None:
    run = quick_run(user, code=HOLD, symbol="BTCUSD")
    assert (run.self_reported, run.executor, run.verification["state"]) == (True, "code", "not_applicable")
    assert not Verification.objects.exists()


def test_a_dead_worker_s_verification_is_taken_up_by_another(user: User) -> None:
    run = quick_run(user, user_description=IDEA, symbol="GOOG")
    taken()  # by a process that is killed now
    assert lease_take(Verification, now=timezone.now()) is None
    Verification.objects.update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    assert verified(run).verification["state"] == "verified"


def test_what_can_never_be_verified_says_so_and_claims_nothing(user: User) -> None:
    run = quick_run(user, user_description=IDEA, symbol="GOOG")
    Verification.objects.update(attempts=MAX_ATTEMPTS)
    verified(run)
    assert run.verification == {"state": "not_applicable", "counterexample": None}
    assert "could not be compared" in run.notices[-1]
    assert run.proof.status == "failed"


def test_a_lease_that_was_lost_writes_nothing(user: User) -> None:
    run = quick_run(user, user_description=IDEA, symbol="GOOG")
    lease = taken()
    Verification.objects.update(lease_holder=uuid.uuid4())
    leased_work(lease)
    run.refresh_from_db()
    assert run.verification["state"] == "pending"
