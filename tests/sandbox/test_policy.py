"""What is required, what the self-test finds, and that no run is given code on less."""

import json
import os
import subprocess
import sys

import pytest

from Backtest.account import Account
from Backtest.errors import SandboxBroken, SandboxTooWeak
from Backtest.sandbox import selftest
from Backtest.sandbox.job import SandboxJob
from Backtest.sandbox.policy import PROTECTION_NAMES, PROTECTIONS, Policy, protected_by
from Backtest.sandbox.pool import Pool
from Backtest.sandbox.process import run_strategy_source
from Backtest.sandbox.selftest import STOPPED_BY, Attempt, SelfTest, self_test

NOTHING = "x = 1"


@pytest.fixture
def pool(monkeypatch):
    """A pool of the test's own in place of the process's."""
    own = Pool()
    for module in ("process", "selftest"):
        monkeypatch.setattr(f"Backtest.sandbox.{module}.POOL", own)
    monkeypatch.setattr(selftest, "_last", None)
    yield own
    own.stop()


def test_each_protection_is_given_by_any_of_its_layers():
    for protection in PROTECTIONS:
        for layer in protection.layers:
            Policy(frozenset({protection.name})).expect([layer, "process"])


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda protection: protection.name)
def test_what_is_missing_is_named_with_how_to_reach_it(protection):
    with pytest.raises(SandboxTooWeak, match=protection.name) as weak:
        Policy(frozenset(PROTECTION_NAMES)).expect(
            {layer for other in PROTECTIONS for layer in other.layers - protection.layers} - protection.layers
        )
    assert weak.value.issues[0].suggestion == f"{protection.how}."


def test_a_requirement_must_be_a_known_one():
    with pytest.raises(ValueError, match="netwerk"):
        Policy(frozenset({"netwerk"}))


def test_no_code_is_handed_over_where_less_is_protected_than_required(pool, window):
    pool.policy = Policy(frozenset({"network"}))
    pool.refuted_layers = frozenset({"network_namespace", "system_call_filter"})
    with pytest.raises(SandboxTooWeak):
        run_strategy_source(SandboxJob("print('ran')", window, Account()))


def test_a_run_that_lacks_what_the_self_test_saw_is_refused(pool, window):
    pool.expected_layers = frozenset({"process", "a_wall_that_is_gone"})
    with pytest.raises(SandboxBroken, match="a_wall_that_is_gone"):
        run_strategy_source(SandboxJob(NOTHING, window, Account()))


def test_the_self_test_holds_on_this_machine_and_binds_each_later_run(pool, window):
    result = self_test()
    assert result.ok
    assert [one.name for one in result.attempts if not one.held] == []
    assert selftest.last_self_test() == result
    assert pool.expected_layers == set(result.layers)
    assert set(run_strategy_source(SandboxJob(NOTHING, window, Account())).layers) >= set(result.layers)


def test_each_attempt_of_the_self_test_names_the_layers_that_stop_it():
    from Backtest.sandbox.escape_attempts import ATTEMPTS

    assert {attempt.__name__ for attempt in ATTEMPTS} == set(STOPPED_BY)


def test_a_layer_that_an_attempt_got_through_is_worth_nothing():
    attempts = (Attempt("open_a_network_socket", ("network_namespace",), None),)
    result = SelfTest(attempts, ("landlock_files",), ("network_namespace",), ("network",))
    assert not result.ok
    assert result.protects == protected_by(["landlock_files"])
    assert set(result.how_to_reach()) == {"network", "syscalls", "memory"}


def test_outside_of_the_sandbox_the_attempts_get_through():
    """Else they would prove nothing: what this user may do here is done, by the same code."""
    script = "from Backtest.sandbox import escape_attempts as e, selftest; import json; tried = [e.read_the_passwords, e.write_a_file, e.start_a_process, e.open_a_network_socket]; print(json.dumps([e.outcome_of(a) for a in tried]))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=os.getcwd())
    assert json.loads(answer.stdout) == [None, None, None, None]
