"""The machine code on disk: another process finds it, a change of the sources makes it anew, and none is needed."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json
from Backtest.kernel import broker, compilation
print(json.dumps({
    "answer": broker.floor_divide(7500.0, 0.005),
    "loaded": sum(broker.floor_divide.stats.cache_hits.values()),
    "folder": compilation._CACHE,
}))
"""


def run(program: str, **environment: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_second_process_loads_what_the_first_one_compiled(tmp_path: Path) -> None:
    first = run(PROGRAM, NUMBA_CACHE_DIR=str(tmp_path), HOME=str(tmp_path))
    second = run(PROGRAM, NUMBA_CACHE_DIR=str(tmp_path), HOME=str(tmp_path))
    assert (first["loaded"], second["loaded"]) == (0, 1)
    assert first["answer"] == second["answer"] == 7500.0 // 0.005
    assert second["folder"].startswith(str(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_the_next_place_is_taken_where_one_is_read_only(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    answer = run(PROGRAM, NUMBA_CACHE_DIR=str(closed), HOME=str(tmp_path))
    assert not answer["folder"].startswith(str(closed))


def test_a_place_that_cant_be_a_folder_is_passed_over(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    answer = run(PROGRAM, NUMBA_CACHE_DIR=str(taken), HOME=str(tmp_path))
    assert answer["answer"] == 1_499_999.0
    assert not answer["folder"].startswith(str(taken))


def test_another_process_runs_a_whole_spec_from_the_cache() -> None:
    """What this process compiled or loaded: a cached function that crashes on loading would end the other one."""
    program = """
import json
from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.data_manager import load_bars
from Backtest.kernel.event_loop import simulate
from Backtest.kernel.kernel import run_spec
from tests.generators.documents import rsi_reversal
run = run_spec(parse_spec(rsi_reversal()), load_bars(symbol="GOOG").window(None, None), Account())
print(json.dumps({"trades": len(run.trades), "loaded": sum(simulate.stats.cache_hits.values())}))
"""
    environment = {
        name: os.environ[name] for name in ("HOME", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME") if name in os.environ
    }
    first, second = run(program, **environment), run(program, **environment)
    assert first["trades"] == second["trades"] > 10
    assert second["loaded"] == 1


def test_the_package_itself_loads_no_numba() -> None:
    program = "import json, sys, Backtest.kernel, Backtest.kernel.execution; print(json.dumps({'numba': 'numba' in sys.modules}))"
    assert run(program) == {"numba": False}
