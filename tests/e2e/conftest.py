"""A real server in a real process, with a database and places of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READY_S = 60.0


@dataclass(frozen=True)
class Server:
    """Where the service answers, and where it keeps its things."""

    url: str
    directory: Path
    environment: dict[str, str]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment_in(directory: Path) -> dict[str, str]:
    """Settings whose every place lies in this directory."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "DATABASE_URL": f"sqlite:///{directory / 'db.sqlite3'}",
        "PRIVATE_DIR": str(directory / "private"),
        "BACKTEST_CODES_DIR": str(directory / "codes"),
        "BACKTEST_RUNS_DIR": str(directory / "runs"),
        "PYTHONWARNINGS": "default",
    }


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/api/health/", timeout=5):  # noqa: S310 - our own http address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server was not ready after {READY_S:.0f} s (exit status {process.poll()})")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """What `make serve` starts, on a free port."""
    directory = tmp_path_factory.mktemp("server")
    port = free_port()
    environment = environment_in(directory)
    make = ["make", "-s", "-C", str(ROOT), "serve", f"PORT={port}", f"VENV={Path(sys.prefix)}"]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(make, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield Server(f"http://127.0.0.1:{port}", directory, environment)
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=30)
