"""After a warm-up nothing is left to compile, whatever is run; nothing heavy is loaded before it begins."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNT = """
def compiled():
    modules = [module for name, module in sys.modules.items() if name.startswith("Backtest.kernel")]
    functions = {id(value): value for module in modules for value in vars(module).values() if hasattr(value, "nopython_signatures")}
    return sum(len(function.nopython_signatures) for function in functions.values())
"""


def run(program: str, **environment: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_nothing_is_left_to_compile_for_runs_and_searches_of_other_kinds() -> None:
    program = f"""
import json, sys, warnings
{COUNT}
from Backtest.kernel.warm_up import is_warm, warm_up
before = is_warm()
warm_up()
count = compiled()
from Backtest.account import Account
from Backtest.kernel.kernel import measure, run_spec
from Backtest.kernel.sweep import places_of
from tests.kernel.sweep.grids import CROSS, REVERSAL, grid, searched
from tests.kernel.test_kernel import LIVE
from tests.kernel.differential import Window, bars_named
from tests.semantics.documents import document, enter, leave, limit, price
from Backtest.canonical.parse import parse_spec
minutes = Window(bars_named("MINUTE"), 90)
for live in list(LIVE.values())[:4]:
    spec = parse_spec(document([enter(None, "short", limit(price(), 3))], [leave(live, "short", 0.4)], risk={{"max_bars": 9}}))
    run_spec(spec, minutes, Account())
    for level in ("rank", "full", "extended"):
        measure(spec, minutes, Account(), level)
for level in ("rank", "full"):
    searched(REVERSAL, grid("stop_loss=2,3", "RSI_14=5,9"), minutes, level=level)
print(json.dumps({{"before": before, "after": is_warm(), "more": compiled() - count, "compiled": count}}))
"""
    answer = run(program)
    assert (answer["before"], answer["after"], answer["more"]) == (False, True, 0)
    assert answer["compiled"] > 10


def test_the_command_keeps_the_bytecode_of_the_libraries_where_none_is_written_else(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(tmp_path)}
    command = [sys.executable, "-m", "Backtest.kernel.warm_up"]
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    kept = {path.name.split(".")[0] for path in tmp_path.rglob("*.pyc")}
    assert {"arrayobj", "frame", "kernel"} <= kept  # numba's, pandas' and our own


def test_the_module_itself_loads_nothing_heavy() -> None:
    program = "import json, sys, Backtest.kernel.warm_up; print(json.dumps([m for m in ('numba', 'numpy', 'pandas', 'pydantic') if m in sys.modules]))"
    assert run(program) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_the_cache_of_a_read_only_installation_is_used_though_it_can_not_be_written_to(tmp_path: Path) -> None:
    program = """
import json
from Backtest.kernel import broker, compilation
broker.floor_divide(7500.0, 0.005)
print(json.dumps({"loaded": sum(broker.floor_divide.stats.cache_hits.values()), "folder": compilation._CACHE}))
"""
    made, home = tmp_path / "made", tmp_path / "home"
    home.mkdir()
    assert run(program, NUMBA_CACHE_DIR=str(made), HOME=str(home))["loaded"] == 0
    for folder in (made, *made.rglob("*")):
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    answer = run(program, NUMBA_CACHE_DIR=str(made), HOME=str(home), XDG_CACHE_HOME=str(home))
    assert answer["loaded"] == 1
    assert not answer["folder"].startswith(str(made))
