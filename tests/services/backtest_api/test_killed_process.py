"""A process that is killed in the middle of a run loses nothing: another one takes the run up and ends it, once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services.backtest_api.ideas import SLOW

ROOT = Path(__file__).parents[3]
MOST_S = 60.0
SETUP = "import django; django.setup()\n"
# It holds for a moment, so that its process can be killed meanwhile.
HELD = "\n".join(
    (
        "from backtesting import Strategy",
        "",
        "",
        "class Held(Strategy):",
        "    def init(self):",
        "        self.number = 0",
        "",
        "    def next(self):",
        "        for _ in range(60_000):",
        "            self.number += 1",
        "        if not self.position:",
        "            self.buy(size=1)",
        "        else:",
        "            self.position.close()",
    )
)
CREATE = (
    SETUP
    + """
import time
from auth_api.models import User
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunRequest
from backtest_api.services import backtest_create, workers
user = User.objects.create_user("ada", "ada@example.org", "x")
backtest_create(user=user, request=RunRequest(code={code!r}, symbol="BTCUSD"))
"""
)
UNTIL_DONE = f"workers().join({MOST_S})\n"
UNTIL_RUNNING = "while not BacktestRun.objects.filter(step__startswith='Running').exists():\n    time.sleep(0.02)\n"
SERVE = f"""
import algoagent_api.asgi  # what uvicorn loads
from backtest_api.services import workers
workers().join({MOST_S})
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "algoagent_api.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'runs.sqlite3'}",
        "PRIVATE_DIR": str(tmp_path / "private"),
        "BACKTEST_CODES_DIR": str(tmp_path / "codes"),
    }
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=settings, check=True)
    return settings


def ask(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(tmp_path / "runs.sqlite3", timeout=30) as connection:
        return connection.execute(query).fetchall()


def test_a_killed_process_s_run_is_ended_by_another_and_its_trades_stored_once(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    first = subprocess.Popen([sys.executable, "-c", CREATE.format(code=HELD) + UNTIL_DONE], env=environment)
    deadline = time.monotonic() + MOST_S
    while ask(tmp_path, "SELECT step FROM backtest_api_backtestrun") != [("Running 156 bars of BTCUSD",)]:
        assert first.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    status = "SELECT status, attempts FROM backtest_api_backtestrun"
    assert ask(tmp_path, status) == [("running", 1)]

    ask(tmp_path, "UPDATE backtest_api_backtestrun SET lease_until = '2020-01-01 00:00:00'")  # time passes
    subprocess.run([sys.executable, "-c", SERVE], env=environment, check=True, timeout=2 * MOST_S)
    assert ask(tmp_path, status) == [("completed", 2)]
    [(metrics,)] = ask(tmp_path, "SELECT metrics FROM backtest_api_backtestrun")
    [(trades, last)] = ask(tmp_path, "SELECT count(*), max(number) FROM backtest_api_backtesttrade")
    assert json.loads(str(metrics))["total_trades"] == trades == last
    assert ask(tmp_path, "SELECT count(*) FROM strategy_api_conversationmemory WHERE kind = 'backtest'") == [(1,)]


def test_a_process_that_ends_in_order_gives_its_run_back_at_once(tmp_path: Path, environment: dict[str, str]) -> None:
    ended = CREATE.format(code=SLOW) + UNTIL_RUNNING
    subprocess.run([sys.executable, "-c", ended], env=environment, check=True, timeout=MOST_S)
    waiting = "SELECT status, attempts, lease_holder FROM backtest_api_backtestrun"
    assert ask(tmp_path, waiting) == [("pending", 0, None)]
