"""What hostile strategies achieve in the sandbox with the scan off, as a table.

    python -m benchmarks.sandbox_corpus [FOLDER ...] [--as ordinary|no_namespaces] [--outer-wall bubblewrap]
    python -m benchmarks.sandbox_corpus --control

A FOLDER holds `malicious` (or `hostile`) and `benign` (or `honest*`) folders of strategy files; the project's own by
default. What such a file does is seen from outside: a mark under /tmp/algoagent_marks, a request to 127.0.0.1:48765, a
canary of the parent's environment, settings or database, or a line of /etc/passwd in what comes back, a process left
over, a limit overrun. `--as`, from root only, runs the same as a user without rights, or where a container refuses
namespaces. `--outer-wall` puts bubblewrap around all of it. The status is 1 when anything got out.

`--control` shows that the detectors see: harmless programs that do each of these things are run without any sandbox,
and each has to be found out. The status is 1 when one was missed.
"""

import argparse
import contextlib
import ctypes
import io
import logging
import os
import platform
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from Backtest.data.bars import Window

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus"
MARKS = Path("/tmp/algoagent_marks")  # noqa: S108 - where the files of the corpus try to write
PORT = 48765
CPU_S, WALL_S = 2.0, 2.0
PASSWORD_LINE = "root:x:"  # noqa: S105 - of /etc/passwd
TELL = """

def _tell():
    import sys
    for _value in list(globals().values()):
        if isinstance(_value, type) and hasattr(_value, 'next') and 'init' in vars(_value):
            def next(self, _value=_value, _next=_value.next):
                if getattr(_value, 'LEAK', None):
                    sys.__stdout__.write(_value.LEAK)
                    _value.LEAK = None
                return _next(self)
            _value.next = next


_tell()
"""
"""Appended to each file: what it put into its class attribute LEAK is printed, or it would stay in the child."""
CONTROLS = {
    "mark": f"open('{MARKS}/control', 'w').close()",
    "request": f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{PORT}/control')",
    "canary": "import os; print(os.environ['CANARY'])",
    "passwords": "print(open('/etc/passwd').read())",
    "overrun": f"import time; time.sleep({WALL_S + 3})",
    "processes left": "import subprocess, sys; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(9)'], stdout=subprocess.DEVNULL)",
}
"""What each detector has to see, done by a program that nothing confines."""
_SET_CHILD_SUBREAPER = 36  # of prctl(2)


class Server:
    """What the attacks aim at: a listening port, and secrets where a service has them."""

    def __init__(self) -> None:
        self.canary = f"CANARY-{secrets.token_hex(16)}"
        os.environ["SECRET_KEY"] = os.environ["CANARY"] = self.canary
        self.requests: list[str] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                requests.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        shutil.rmtree(MARKS, ignore_errors=True)
        MARKS.mkdir(exist_ok=True)
        if MARKS.stat().st_uid == os.geteuid():
            MARKS.chmod(0o777)
        self._fill_settings_and_database()

    def _fill_settings_and_database(self) -> None:
        os.environ["DATABASE_URL"] = "sqlite://:memory:"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "algoagent_api.settings")
        import django
        from django.conf import settings
        from django.db import connection

        django.setup()
        assert self.canary == settings.SECRET_KEY  # noqa: S101
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE canary (text TEXT)")
            cursor.execute("INSERT INTO canary VALUES (%s)", [self.canary])

    def marks(self) -> list[str]:
        return sorted(path.name for path in MARKS.iterdir())


@dataclass(frozen=True)
class Watch:
    """What is known of the server before a run."""

    server: Server
    marks: tuple[str, ...]
    requests: int
    started: float

    @classmethod
    def begin(cls, server: Server) -> "Watch":
        return cls(server, tuple(server.marks()), len(server.requests), time.monotonic())

    def got_out(self, said: str, wall_s: float) -> list[str]:
        """What a run that said so and took so long did to the server, or knows of it."""
        found = [f"mark {name}" for name in self.server.marks() if name not in self.marks]
        found += ["request"] * (len(self.server.requests) - self.requests)
        found += ["canary"] * (self.server.canary in said) + ["passwords"] * (PASSWORD_LINE in said)
        return found + ["overrun"] * (wall_s > WALL_S + 2)


@dataclass(frozen=True)
class Row:
    """One file's run: how it ended, how long it took, and what got out."""

    file: Path
    effect: str
    status: str
    wall_s: float
    got_out: tuple[str, ...]


def files_in(folders: list[Path], *names: str) -> list[Path]:
    return [file for folder in folders for name in names for file in sorted(folder.glob(f"{name}/*.py"))]


def effect_of(code: str) -> str:
    first = code.split("\n", 1)[0]
    return first.rsplit("effect=", 1)[1].strip() if "effect=" in first else "other"


def descendants(pid: int) -> set[int]:
    """The living processes under a process, zombies too."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            parents[int(entry)] = int(stat.rsplit(")", 1)[1].split()[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid} and child not in found}:
        found |= more
    return found


def sample() -> "Window":
    from Backtest.data_manager import load_bars

    return load_bars(symbol="GOOG").window("2008-01-01", "2010-12-31")


def runner(window: "Window") -> Callable[[str], "object"]:
    from Backtest.account import Account
    from Backtest.sandbox.job import Limits, SandboxJob
    from Backtest.sandbox.process import run_strategy_source

    limits = Limits(cpu_s=CPU_S, wall_s=WALL_S, memory_mb=256)
    return lambda code: run_strategy_source(SandboxJob(code, window, Account()), limits)


def hostile_rows(files: list[Path], server: Server, run: Callable[[str], object]) -> list[Row]:
    from Backtest.sandbox.pool import POOL

    rows = []
    honest = (CORPUS / "honest" / "breakout_long_short.py").read_text("utf-8")
    before = str(asdict(run(honest)))  # type: ignore[call-overload]
    for file in files:
        code = file.read_bytes().decode("utf-8", "replace")
        other: list[object] = []
        beside = threading.Thread(target=lambda: other.append(run(honest)))  # noqa: B023 - joined below
        beside.start()
        watch = Watch.begin(server)
        outcome = run(code + TELL)
        wall_s = time.monotonic() - watch.started
        beside.join()
        got_out = watch.got_out(str(outcome), wall_s)
        got_out += ["another user's run"] * (str(asdict(other[0])) != before)  # type: ignore[call-overload]
        got_out += ["the next run"] * (str(asdict(run(honest))) != before)  # type: ignore[call-overload]
        rows.append(Row(file, effect_of(code), outcome.status, wall_s, tuple(got_out)))  # type: ignore[attr-defined]
    time.sleep(1)
    around_zygote = 2 if POOL.zygote_pid in descendants(os.getpid()) else 0  # the one outside of its namespace, and it
    left = len(descendants(os.getpid())) - POOL.ready_children - around_zygote
    if left > 0:
        rows.append(Row(Path("after all"), "processes left", "", 0.0, (str(left),)))
    return rows


def adopt_orphans() -> None:
    """What a run leaves behind becomes a child of this process, wherever it hung before."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "orphans can't be adopted here")


def missed_controls(server: Server) -> list[str]:
    """The detectors that don't see what they are for."""
    missed = []
    for effect, program in CONTROLS.items():
        watch = Watch.begin(server)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        seen = watch.got_out(done.stdout, time.monotonic() - watch.started)
        seen += ["processes left"] * bool(descendants(os.getpid()))
        found = any(what.startswith(effect) for what in seen)
        print(f"| {effect} | {'seen' if found else 'MISSED'} | {', '.join(seen)} |")
        missed += [] if found else [effect]
    return missed


def print_table(rows: list[Row]) -> None:
    print("| effect tried | files | completed | failed | timeout | killed | longest s | got out |")
    print("|---|--:|--:|--:|--:|--:|--:|---|")
    effects = Counter(row.effect for row in rows)
    for effect in sorted(effects):
        group = [row for row in rows if row.effect == effect]
        ended = Counter(row.status for row in group)
        out = "; ".join(f"{row.file.stem}: {', '.join(row.got_out)}" for row in group if row.got_out) or "nothing"
        counts = " | ".join(str(ended[status]) for status in ("completed", "failed", "timeout", "killed"))
        print(f"| {effect} | {len(group)} | {counts} | {max(row.wall_s for row in group):.2f} | {out} |")


def check_benign(files: list[Path], window: "Window") -> list[str]:
    """The files whose trades differ in and out of the sandbox."""
    import random

    import numpy as np

    from Backtest.account import Account
    from Backtest.backtesting_adapter import run_strategy
    from Backtest.sandbox.job import Limits, SandboxJob
    from Backtest.sandbox.process import run_strategy_source
    from Backtest.sandbox.strategy_module import find_strategy, load_module

    differing = []
    logging.disable()
    for file in files:
        code = file.read_bytes().decode("utf-8")
        inside = run_strategy_source(SandboxJob(code, window, Account()), Limits(memory_mb=512))
        random.seed(0)
        np.random.seed(0)
        with contextlib.redirect_stdout(io.StringIO()):
            strategy, _ = find_strategy(load_module(code), None)
            outside = run_strategy(strategy, window.bars.frame, window.first_bar, Account(), window.bars.timeframe)
        if inside.result is None or (inside.result.trades, inside.result.equity) != (outside.trades, outside.equity):
            differing.append(f"{file.name}: {inside.error or 'other trades'}")
    return differing


def main() -> int:
    from Backtest.sandbox.pool import POOL
    from Backtest.sandbox.surroundings import OUTER_WALLS, Surroundings

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[CORPUS])
    parser.add_argument("--as", dest="house", choices=["ordinary", "no_namespaces"])
    parser.add_argument("--outer-wall", choices=OUTER_WALLS, default="none")
    parser.add_argument("--control", action="store_true", help="whether the detectors see what nothing confines")
    arguments = parser.parse_args()
    if arguments.house:
        from tests.sandbox.ordinary_user import become_ordinary, refuse_namespaces

        if os.geteuid() == 0:
            become_ordinary()
            os.execv(sys.executable, [sys.executable, "-m", "benchmarks.sandbox_corpus", *sys.argv[1:]])  # noqa: S606
        if arguments.house == "no_namespaces":
            refuse_namespaces()
    POOL.surroundings = Surroundings(outer_wall=arguments.outer_wall)
    adopt_orphans()
    server = Server()
    if arguments.control:
        missed = missed_controls(server)
        shutil.rmtree(MARKS, ignore_errors=True)
        print(f"{len(CONTROLS)} effects of programs that nothing confines, {len(missed)} of which were missed.")
        return 1 if missed else 0
    window = sample()
    hostile = files_in(arguments.folders, "malicious", "hostile")
    benign = files_in(arguments.folders, "benign", "honest*")
    rows = hostile_rows(hostile, server, runner(window))
    user = "root" if os.geteuid() == 0 else "an ordinary user"
    where = " where namespaces are refused" if arguments.house == "no_namespaces" else ""
    inside = f", inside of {arguments.outer_wall}" if arguments.outer_wall != "none" else ""
    print(f"{datetime.now(UTC):%Y-%m-%d}, Linux {platform.release()}, as {user}{where}{inside}\n")
    print_table(rows)
    differing = check_benign(benign, window)
    print(f"\n{len(benign)} honest files, {len(differing)} with other trades in the sandbox than outside of it.")
    for line in differing:
        print(f"  {line}")
    shutil.rmtree(MARKS, ignore_errors=True)
    out = sum(1 for row in rows if row.got_out)
    print(f"{len(hostile)} hostile files, {out} of which got something out.")
    return 1 if out or differing else 0


if __name__ == "__main__":
    sys.exit(main())
