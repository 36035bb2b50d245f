import json
import os
import shutil
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
            "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
            "PRIVATE_DIR": str(tmp_path / "private"),
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


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, made once."""
    path = tmp_path_factory.mktemp("database") / "db.sqlite3"
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{path}"}
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True)
    return path


@pytest.fixture
def account(manage: Callable[..., Printed], empty_database: Path, tmp_path: Path) -> str:
    """The only account of this test's database."""
    shutil.copy(empty_database, tmp_path / "db.sqlite3")
    made = manage("first_account", FIRST_ACCOUNT_NAME="ada", FIRST_ACCOUNT_PASSWORD="correct horse battery")
    assert made.status == 0, made.stderr
    return "ada"
