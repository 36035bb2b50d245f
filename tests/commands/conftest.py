import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Printed:
    """What a command left behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def answer(self) -> dict[str, Any]:
        return json.loads(self.stdout)


@pytest.fixture
def manage(tmp_path: Path) -> Callable[..., Printed]:
    """Runs `manage.py` in a real process, in an empty folder, its results going there too."""

    def run(*arguments: str, given: str | None = None, **settings: str) -> Printed:
        environment = {
            "PATH": os.environ["PATH"],
            "BACKTEST_CODES_DIR": str(tmp_path / "codes"),
            "BACKTEST_RUNS_DIR": str(tmp_path / "runs"),
            **settings,
        }
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=tmp_path,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
        )
        return Printed(done.returncode, done.stdout, done.stderr)

    return run
