"""What import-linter can't say of the house."""

import subprocess
import sys
from pathlib import Path

import pytest

from Backtest import errors

ROOT = Path(__file__).parents[1]
HEAVY = ("numpy", "pandas", "talib", "backtesting", "bokeh", "numba", "yfinance", "pydantic")
DRAWERS = ("utils", "util", "helpers", "helper", "common", "core", "misc", "tools")
FLOORS = ("algoagent_api", "trading", "backtest_api", "strategy_api", "data_api", "auth_api", "rest", "Backtest")


def modules() -> list[Path]:
    return [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "codes" not in path.parts]


def test_every_package_stands_on_a_floor_that_the_contracts_name() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == set(FLOORS)


def test_no_module_is_a_drawer() -> None:
    assert [path for path in modules() if path.stem in DRAWERS or path.parent.name in DRAWERS] == []


@pytest.mark.parametrize("arguments", [["check"], ["migrate", "--plan"]])
def test_the_frame_starts_without_the_engine_s_heavy_libraries(arguments: list[str]) -> None:
    script = (
        "import sys; from django.core.management import execute_from_command_line as run\n"
        f"run(['manage.py', *{arguments!r}])\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "algoagent_api.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_every_error_is_drawn_in_the_tree() -> None:
    def below(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*(below(child) for child in kind.__subclasses__()))

    drawn = {line.split("─ ")[-1].split()[0] for line in str(errors.__doc__).splitlines() if "── " in line}
    assert below(errors.AlgoAgentError) == drawn | {"AlgoAgentError"}


def test_no_path_of_a_machine_and_no_edit_of_sys_path_is_in_the_code() -> None:
    suspicious = ("sys.path.insert", "sys.path.append", "/home/", "/root/", str(ROOT))
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in modules()
        for word in suspicious
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
