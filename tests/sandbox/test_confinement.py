"""What a strategy can't do in the sandbox. The code runs unscanned: these are the child's own bounds."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from Backtest.account import Account
from Backtest.errors import SandboxBroken
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.pool import POOL, Pool
from Backtest.sandbox.process import SandboxProcess
from benchmarks.sandbox_corpus import descendants


def test_an_endless_loop_is_stopped_by_the_clock(run_in):
    started = time.monotonic()
    outcome = run_in("while True: pass", wall_s=1)
    assert (outcome.status, outcome.limits_hit) == ("timeout", ("wall_s",))
    assert outcome.error == "The run was stopped after 1 s."
    assert time.monotonic() - started < 1 + 2 + 3  # the clock starts when the child is loaded


def test_a_sleeping_strategy_is_stopped_by_the_clock(run_in):
    assert run_in("import time\ntime.sleep(60)", wall_s=1).limits_hit == ("wall_s",)


def test_a_loop_in_the_module_is_stopped_as_well(run):
    assert run("while True: pass", wall_s=1).status == "timeout"


def test_the_cpu_limit_holds_before_the_clock(run_in):
    outcome = run_in("while True: pass", cpu_s=1, wall_s=10)
    assert (outcome.status, outcome.limits_hit) == ("timeout", ("cpu_s",))


def test_the_cpu_limit_holds_against_a_strategy_that_ignores_its_signal(run_in):
    body = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    assert run_in(body, "init", cpu_s=1, wall_s=10).limits_hit == ("cpu_s",)


@pytest.mark.parametrize(
    "body",
    ["a = [0]\nwhile True:\n    a = a * 2", "'x' * 10 ** 11", "import numpy as np\nnp.ones(10 ** 10)"],
)
def test_a_memory_bomb_is_killed_with_its_line(run_in, body):
    outcome = run_in(body)
    assert (outcome.status, outcome.limits_hit) == ("killed", ("memory_mb",))
    assert "MemoryError" in outcome.error
    assert outcome.error_line is not None


def test_a_recursion_without_end_is_an_error(run_in):
    outcome = run_in("def f(n):\n    return f(n + 1)\nf(0)")
    assert outcome.status == "failed"
    assert outcome.error.startswith("RecursionError")


@pytest.mark.parametrize(
    "body",
    [
        "import os\nos.fork()",
        "import subprocess\nsubprocess.run(['true'])",
        "import os\nos.posix_spawn('/bin/true', ['true'], {})",
        "import threading\nthreading.Thread(target=print).start()",
    ],
)
def test_no_process_and_no_thread_can_be_started(run_in, body):
    outcome = run_in(body)
    assert outcome.status == "failed"
    assert "(line 1" in outcome.error


def test_the_network_is_out_of_reach(run_in):
    outcome = run_in("import socket\nsocket.create_connection(('127.0.0.1', 80), timeout=1)", "init")
    assert outcome.status == "failed"
    assert "PermissionError" in outcome.error or "unreachable" in outcome.error


def test_printing_without_end_fills_a_bounded_log(run_in):
    outcome = run_in("for _ in range(100):\n    print('A' * 100_000)", "init", log_kb=8)
    assert outcome.status == "completed"
    assert outcome.limits_hit == ("log_kb",)
    assert outcome.logs.startswith("A" * 8 * 1024 + "\n[")
    assert outcome.logs.endswith("further bytes were not kept]")
    assert len(outcome.logs) < 9 * 1024


@pytest.mark.parametrize("place", ["", "/tmp/", "/dev/shm/", "/var/tmp/"])  # noqa: S108 - they are to fail
def test_no_file_can_be_written_anywhere(run_in, place):
    outcome = run_in(f"open({place!r} + 'x', 'w').write('x')", "init")
    assert outcome.status == "failed"
    assert outcome.error.startswith(("PermissionError", "FileNotFoundError"))


def test_open_files_are_limited(run_in):
    outcome = run_in("import os\nfiles = [open(os.__file__) for _ in range(200)]", "init")
    assert outcome.error.startswith("OSError: [Errno 24] Too many open files")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("import os\nos._exit(0)", "The run ended its process (exit code 0) before it was done."),
        ("import os\nos._exit(7)", "The run ended its process (exit code 7) before it was done."),
        ("import ctypes\nctypes.string_at(0)", "The run crashed (SIGSEGV)."),
        ("import os\nos.abort()", "The run crashed (SIGSEGV)."),  # the first process of a namespace has no SIGABRT
    ],
)
def test_a_process_that_ends_early_is_a_clear_failure(run_in, body, error):
    outcome = run_in(body)
    assert (outcome.status, outcome.error, outcome.result) == ("failed", error, None)


def test_the_environment_holds_nothing_of_the_parents(run_in, monkeypatch):
    monkeypatch.setenv("CANARY_SECRET", "tweet")
    outcome = run_in("import os\nprint(dict(os.environ))", "init")
    assert "CANARY" not in outcome.logs
    assert "tweet" not in outcome.logs
    assert "'LANG': 'C.UTF-8'" in outcome.logs


def test_the_input_is_empty(run_in):
    assert run_in("print(input())", "init").error.startswith("EOFError")


def test_descriptors_of_the_parent_are_closed(run_in, tmp_path):
    body = """
import os
def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
print([descriptor for descriptor in range(1024) if is_open(descriptor)])
"""
    (tmp_path / "secret").write_text("secret")
    with (tmp_path / "secret").open() as held:
        os.set_inheritable(held.fileno(), True)
        outcome = run_in(body, "init")
    assert outcome.logs == "[0, 1, 2, 4]\n"  # input, output, errors, the answer


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give each run a user of its own")
def test_two_runs_at_once_are_different_users(window):
    code = "import os\nprint(os.getuid(), os.getgid(), flush=True)\n"
    job = SandboxJob(code, window, Account())
    with SandboxProcess(Limits()) as one, SandboxProcess(Limits()) as two:
        logs = {one.run(job).logs, two.run(job).logs}
    assert len(logs) == 2
    assert not any("0" in log.split() for log in logs)


def test_nothing_the_strategy_registers_for_the_end_runs(run_in):
    outcome = run_in("import atexit\natexit.register(lambda: print('late', flush=True))\nprint('now')", "init")
    assert (outcome.status, outcome.logs) == ("completed", "now\n")


@pytest.fixture
def cold_pool(monkeypatch):
    """A pool without a zygote in place of the process's own."""
    pool = Pool()
    monkeypatch.setattr("Backtest.sandbox.process.POOL", pool)
    yield pool
    pool.stop()


def test_a_child_that_cannot_start_is_the_machines_fault(run, monkeypatch, cold_pool):
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    with pytest.raises(SandboxBroken, match="could not start"):
        run("pass")


def test_a_child_that_fails_to_load_is_told_with_what_it_said(run, monkeypatch, cold_pool):
    monkeypatch.setattr("Backtest.sandbox.pool._PROJECT_ROOT", "/nonexistent")
    with pytest.raises(SandboxBroken) as broken:
        run("x = 1")
    assert "No module named" in broken.value.issues[0].message


def test_a_zygote_that_is_killed_is_replaced_for_the_next_run(run_in, cold_pool):
    assert run_in("pass").status == "completed"
    os.kill(cold_pool.zygote_pid, signal.SIGKILL)
    assert run_in("pass").status == "completed"


def test_a_run_whose_zygote_is_killed_is_run_again(window, cold_pool):
    job = SandboxJob("import time\nprint('begun', flush=True)\ntime.sleep(1)", window, Account())
    with SandboxProcess(Limits()) as process, ThreadPoolExecutor(1) as thread:
        outcome = thread.submit(process.run, job)
        while not process._pipes.log.text():
            time.sleep(0.01)
        os.kill(cold_pool.zygote_pid, signal.SIGKILL)
        assert "defines no strategy" in outcome.result(60).error


SERVER = """
import os, sys, threading
from backtesting.test import GOOG
from Backtest.account import Account
from Backtest.data.bars import Bars
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.pool import POOL
from Backtest.sandbox.process import SandboxProcess

window = Bars.from_frame(GOOG.astype(float).rename_axis("Time"), symbol="G", source="s", zone="UTC").window(None, None)
with SandboxProcess(Limits()) as process:
    job = SandboxJob("print('begun', flush=True)\\nwhile True: pass", window, Account())
    threading.Thread(target=process.run, args=(job,), daemon=True).start()
    while not process._pipes.log.text():
        pass
    print(POOL.zygote_pid, flush=True)
    sys.stdin.read()
"""


def test_a_server_that_is_killed_leaves_no_process():
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    zygote = int(server.stdout.readline())
    below = {zygote, *descendants(zygote)}
    server.kill()
    server.communicate()
    assert len(below) >= 3  # the one outside of the namespace, the zygote in it, the run
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []


def test_a_process_that_is_forked_from_a_server_gets_a_sandbox_of_its_own(run_in):
    assert run_in("pass").status == "completed"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, f"{POOL.zygote_pid} {run_in('pass').status} {POOL.zygote_pid}".encode())
        POOL.stop()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        before, status, own = answer.read().split()
    os.waitpid(child, 0)
    assert (before, status) == ("None", "completed")
    assert int(own) != POOL.zygote_pid
    assert run_in("pass").status == "completed"
