"""Bubblewrap as the outer wall: the same runs inside of it, nothing less held, and a clear word where it is missing."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from Backtest.account import Account
from Backtest.errors import SandboxTooWeak
from Backtest.sandbox import bubblewrap
from Backtest.sandbox.job import SandboxJob
from Backtest.sandbox.pool import Pool
from Backtest.sandbox.process import run_strategy_source
from Backtest.sandbox.selftest import self_test
from Backtest.sandbox.surroundings import Surroundings
from benchmarks.sandbox_corpus import descendants
from tests.sandbox.conftest import HEAD

STRATEGY = f"""{HEAD}
class Breakout(Strategy):
    def init(self):
        self.slow = self.I(SMA, self.data.Close, 50)

    def next(self):
        if not self.position and self.data.Close[-1] > self.slow[-1]:
            self.buy(sl=self.data.Close[-1] * 0.95)
"""

needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed here")


@pytest.fixture
def pool(monkeypatch):
    own = Pool()
    own.surroundings = Surroundings(outer_wall="bubblewrap")
    for module in ("process", "selftest"):
        monkeypatch.setattr(f"Backtest.sandbox.{module}.POOL", own)
    yield own
    own.stop()


def run(code, window):
    return run_strategy_source(SandboxJob(code, window, Account()))


@needs_bubblewrap
def test_a_run_inside_is_the_run_outside_with_one_wall_more(pool, window):
    inside = run(STRATEGY, window)
    pool.stop()
    pool.surroundings = Surroundings()
    outside = run(STRATEGY, window)
    assert inside.result == outside.result
    assert inside.result.trades
    assert set(inside.layers) == {*outside.layers, "bubblewrap"}


@needs_bubblewrap
def test_each_attempt_to_escape_is_stopped_inside(pool):
    result = self_test()
    assert result.ok
    assert "bubblewrap" in result.layers
    assert [one.name for one in result.attempts if not one.held] == []


@needs_bubblewrap
def test_nothing_stays_when_the_pool_ends(pool, window):
    before = descendants(os.getpid())
    run("x = 1", window)
    assert len(descendants(os.getpid())) > len(before)
    pool.stop()
    assert set(descendants(os.getpid())) <= set(before)


@needs_bubblewrap
def test_nothing_stays_when_the_server_is_killed():
    script = """
import os, signal
from Backtest.sandbox.pool import POOL
from Backtest.sandbox.selftest import self_test
from Backtest.sandbox.surroundings import Surroundings
POOL.surroundings = Surroundings(outer_wall="bubblewrap")
self_test()
print(POOL.zygote_pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    zygote = int(ended.stdout)
    deadline = time.monotonic() + 5
    while is_running(zygote) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(zygote)


def test_where_it_is_missing_no_run_begins_and_the_error_says_how_to_install_it(tmp_path):
    with pytest.raises(SandboxTooWeak, match="not installed") as refused:
        bubblewrap.program(str(tmp_path))
    assert "bubblewrap" in refused.value.issues[0].suggestion


def test_outside_of_it_the_look_around_sees_the_holes():
    """Else a wall that is not there would be reported."""
    assert "files of the machine" in bubblewrap.holes()


def is_running(pid):
    """Not gone, and not one that only waits to be seen off."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
