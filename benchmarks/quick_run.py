"""What a quick-run costs over HTTP: a real uvicorn on a temporary database, asked again and again.

    python benchmarks/quick_run.py [--runs 50] [--symbol GOOG] [--clients 1]

Prints the first answer (which loads the engine's libraries) by itself, then p50 and p95 of the others.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of an account that lasts as long as the benchmark
READY_S = 60.0


@contextmanager
def server() -> Iterator[str]:
    """The address of a service with a database and places of its own."""
    with tempfile.TemporaryDirectory(prefix="quick-run-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "PRIVATE_DIR": f"{folder}/private",
            "BACKTEST_CODES_DIR": f"{folder}/codes",
            "THROTTLE_COMPUTE": "off",
        }
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
        )
        arguments = ["--port", str(port), "--log-level", "error", "--no-access-log"]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "algoagent_api.asgi:application", *arguments],
                cwd=ROOT,
                env=environment,
                stderr=log,
            )
            try:
                wait_until_ready(f"http://127.0.0.1:{port}")
                yield f"http://127.0.0.1:{port}"
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()


def wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            urllib.request.urlopen(f"{url}/api/health/", timeout=5).close()  # noqa: S310 - our own address
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def post(url: str, body: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
        return dict(json.load(response))


def quick_run_s(url: str, token: str, symbol: str) -> float:
    """Wall seconds of one completed quick-run."""
    begin = time.perf_counter()
    run = post(f"{url}/api/backtests/quick-run/", {"user_description": IDEA, "symbol": symbol}, token)
    taken_s = time.perf_counter() - begin
    if run["status"] != "completed":
        raise SystemExit(f"the run {run['status']}: {run['errors']}")
    return taken_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--symbol", default="GOOG")
    parser.add_argument("--clients", type=int, default=1, help="how many ask at once")
    options = parser.parse_args()
    with server() as url:
        account = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
        token = post(f"{url}/api/auth/register/", account)["access"]
        first_s = quick_run_s(url, token, options.symbol)
        with ThreadPoolExecutor(options.clients) as clients:
            taken = list(clients.map(lambda _: quick_run_s(url, token, options.symbol), range(options.runs)))
    p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1]
    print(f"first {first_s:.3f} s; {options.runs} more on {options.symbol}, {options.clients} at once: ", end="")
    print(f"p50 {statistics.median(taken):.3f} s, p95 {p95:.3f} s, slowest {max(taken):.3f} s")


if __name__ == "__main__":
    main()
