"""Runs each attempt of escapes.py in the sandbox of a server that has something to lose, and prints what came of it.

    python tests/sandbox/escape_driver.py HOUSE [ATTEMPT ...]

HOUSE is `present` (the user that calls), `bubblewrap` (the same, with it as the outer wall), `ordinary` (from root: a
user without rights), `no_namespaces` (the same in a container that refuses them) or `outside` (no sandbox at all: what
the attempts do when nothing holds them). One JSON object a line, and a last one with what was seen on the server's side.
"""

import contextlib
import inspect
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.sandbox.ordinary_user import become_ordinary, refuse_namespaces  # noqa: E402 - run as a script

ESCAPES = Path(__file__).with_name("escapes.py")


def attempt_names():
    namespace = {"__name__": "escapes"}
    exec(compile(ESCAPES.read_text("utf-8"), str(ESCAPES), "exec"), namespace)  # noqa: S102 - our own file
    return [name for name, value in namespace.items() if inspect.isfunction(value) and not name.startswith("_")]


class World:
    """What an attempt would like to reach, and what is seen when it does."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="algoagent-escapes-"))
        os.chmod(self.directory, 0o777)  # noqa: S103 - the file modes are not to be what holds
        digits = secrets.token_hex(8)
        self.canary = f"CANARY-{digits}"
        os.environ["CANARY"] = os.environ["SECRET_KEY"] = self.canary
        for name in ("secret", "database", "file", "removable"):
            (self.directory / name).write_text(self.canary)
            os.chmod(self.directory / name, 0o666)  # noqa: S103
        self.visits = []
        self._sockets = [socket.socket(), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        abstract = f"\0algoagent-{digits}"
        for listener, address in zip(
            self._sockets, (("127.0.0.1", 0), str(self.directory / "socket"), abstract), strict=True
        ):
            listener.bind(address)
            listener.listen()
            threading.Thread(target=self._welcome, args=(listener,), daemon=True).start()
        os.chmod(self.directory / "socket", 0o777)  # noqa: S103
        port = self._sockets[0].getsockname()[1]
        self._datagrams.bind(("127.0.0.1", port))
        self._datagrams.setblocking(False)
        self.told = {
            "pid": os.getpid(), "port": port, "project": str(ROOT), "outside": None, "canary_digits": digits[::-1],
            "unix_path": str(self.directory / "socket"), "abstract_name": abstract,
            "secret_path": str(self.directory / "secret"), "database_path": str(self.directory / "database"),
            "open_directory": str(self.directory), "open_file": str(self.directory / "file"),
        }  # fmt: skip
        self._before = self._files()

    def _welcome(self, listener):
        while True:
            visitor, _ = listener.accept()
            self.visits.append(str(listener.getsockname()))
            visitor.close()

    def _files(self):
        return {path.name: path.read_text() if path.is_file() else "" for path in self.directory.iterdir()}

    def damage(self):
        with contextlib.suppress(BlockingIOError):
            self._datagrams.recv(16)
            self.visits.append("a datagram")
        changed = sorted(str(item) for item in set(self._before.items()) ^ set(self._files().items()))
        return {"visits": self.visits, "changed_files": changed}

    def remove(self):
        import shutil

        shutil.rmtree(self.directory)


def run_inside(world, names):
    import pandas as pd

    from Backtest.account import Account
    from Backtest.data.bars import Bars
    from Backtest.sandbox.job import Limits, SandboxJob
    from Backtest.sandbox.process import SandboxProcess, run_strategy_source

    columns = {name: [1.0, 1.0] for name in ("Open", "High", "Low", "Close", "Volume")}
    bars = pd.DataFrame(columns, index=pd.date_range("2020-01-01", periods=2, name="Time"))
    window = Bars.from_frame(bars, symbol="TWO", source="test", zone="UTC").window(None, None)

    def job(code):
        return SandboxJob(code, window, Account())

    text = ESCAPES.read_text("utf-8")
    limits = Limits(cpu_s=5, wall_s=5, memory_mb=256)
    with SandboxProcess(Limits(cpu_s=600, wall_s=600)) as sibling:
        ended = []
        thread = threading.Thread(target=lambda: ended.append(sibling.run(job("import time\ntime.sleep(500)"))))
        thread.start()
        for name in names:
            outcome = run_strategy_source(job(f"{text}\n\n_report({name!r}, {world.told!r})\n"), limits)
            yield {"attempt": name, "said": outcome.logs.strip(), "error": outcome.error, "layers": outcome.layers}
        yield {"the_sibling_ended": [outcome.error for outcome in ended]}
        sibling.stop()
        thread.join()


def run_outside(world, names):
    world.told["outside"] = True
    for name in names:
        code = f"exec(open({str(ESCAPES)!r}).read())\n_report({name!r}, {world.told!r})"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")
        yield {"attempt": name, "said": ran.stdout.strip(), "error": ran.stderr[-300:], "layers": []}


def main(house, names):
    if house in ("ordinary", "no_namespaces") and os.geteuid() == 0:
        become_ordinary()
        os.execv(sys.executable, [sys.executable, __file__, house, *names])  # noqa: S606 - anew, as that user
    if house == "no_namespaces":
        refuse_namespaces()
    if house == "bubblewrap":
        from Backtest.sandbox.pool import POOL
        from Backtest.sandbox.surroundings import Surroundings

        POOL.surroundings = Surroundings(outer_wall="bubblewrap")
    world = World()
    try:
        run = run_outside if house == "outside" else run_inside
        for line in run(world, names or attempt_names()):
            print(json.dumps(line), flush=True)  # noqa: T201
        print(json.dumps({"user": os.geteuid(), **world.damage()}))  # noqa: T201
    finally:
        world.remove()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
