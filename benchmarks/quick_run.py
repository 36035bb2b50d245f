"""What a quick-run costs over HTTP: a real uvicorn on a temporary database, asked again and again.

    python benchmarks/quick_run.py [--runs 50] [--symbol GOOG] [--clients 1] [--ideas]

Prints the first answer (of a server that has not warmed up yet) by itself, then p50 and p95 of the others, and how long
after each answer its verification was there: a client asks, looks until the run is verified, and asks again. With
`--ideas` each run is of another strategy, so that nothing can be remembered of it.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of an account that lasts as long as the benchmark
READY_S = 60.0
WARM_S = 180.0
LOOK_EVERY_S = 0.01


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


def get(url: str, token: str) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
        return dict(json.load(response))


@dataclass(frozen=True)
class Taken:
    """Wall seconds from the question to the answer, and from the answer to its verification."""

    answer_s: float
    proof_s: float
    executor: str


def quick_run(url: str, token: str, symbol: str, idea: str) -> Taken:
    """One quick-run, looked at until it is verified."""
    begin = time.perf_counter()
    run = post(f"{url}/api/backtests/quick-run/", {"user_description": idea, "symbol": symbol}, token)
    answered = time.perf_counter()
    if run["status"] != "completed":
        raise SystemExit(f"the run {run['status']}: {run['errors']}")
    executor = run["executor"]
    while run["verification"]["state"] == "pending":
        time.sleep(LOOK_EVERY_S)
        run = get(f"{url}/api/backtests/{run['id']}/", token)
    proved = time.perf_counter()
    if not run["verified"]:
        raise SystemExit(f"the run is not verified: {run['verification']}")
    return Taken(answered - begin, proved - answered, executor)


def wait_until_warm(url: str, token: str, symbol: str) -> float:
    """Seconds until the kernel answers."""
    begin = time.perf_counter()
    while quick_run(url, token, symbol, IDEA).executor != "kernel":
        if time.perf_counter() - begin > WARM_S:
            raise SystemExit(f"the kernel does not answer after {WARM_S:.0f} s")
    return time.perf_counter() - begin


def told(name: str, seconds: list[float]) -> str:
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return f"{name}: p50 {statistics.median(seconds):.3f} s, p95 {p95:.3f} s, slowest {max(seconds):.3f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--symbol", default="GOOG")
    parser.add_argument("--clients", type=int, default=1, help="how many ask at once")
    parser.add_argument("--ideas", action="store_true", help="another strategy each time")
    options = parser.parse_args()
    with server() as url:
        account = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
        token = post(f"{url}/api/auth/register/", account)["access"]
        first = quick_run(url, token, options.symbol, IDEA)
        warm_s = wait_until_warm(url, token, options.symbol)
        ideas = [other_idea(number) if options.ideas else IDEA for number in range(options.runs)]
        with ThreadPoolExecutor(options.clients) as clients:
            taken = list(clients.map(lambda idea: quick_run(url, token, options.symbol, idea), ideas))
    print(f"first answer {first.answer_s:.3f} s (by the {first.executor}), verified {first.proof_s:.3f} s later;")
    print(f"the kernel answers {warm_s:.1f} s after that. {options.runs} more on {options.symbol}, ", end="")
    print(f"{options.clients} at once, by {', '.join(sorted({each.executor for each in taken}))}:")
    print(told("  answer", [each.answer_s for each in taken]))
    print(told("  verified after it", [each.proof_s for each in taken]))


def other_idea(number: int) -> str:
    return f"Buy when RSI({5 + number}) drops below 30, sell when it rises above 70, 5% stop loss"


if __name__ == "__main__":
    main()
