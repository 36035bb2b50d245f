"""Many runs of all kinds, and what is left of them: no process, no descriptor, no temporary file, no control group.

    python -m benchmarks.sandbox_mixed_runs [--runs 1000] [--at-once 2]

Honest, failing, hanging, crashing, flooding and greedy code, runs that are stopped, and children that get no job.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from Backtest.account import Account
from Backtest.data_manager import load_bars
from Backtest.sandbox.cgroups import groups_made_by
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.pool import POOL
from Backtest.sandbox.process import SandboxProcess
from benchmarks.sandbox_corpus import descendants

ROOT = Path(__file__).parents[1]
KINDS = {
    "honest": (ROOT / "tests" / "corpus" / "honest" / "breakout_long_short.py").read_text("utf-8"),
    "fails": "1 / 0",
    "ends": "import os\nos._exit(3)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "floods": "while True:\n    print('x' * 10_000)",
    "hoards": "a = [0]\nwhile True:\n    a = a * 2",
    "hangs": "while True:\n    pass",
    "forges": "import os\nos.write(4, b'x' * 100)\nos._exit(0)",
    "stopped": "while True:\n    pass",
    "no job": "",
}
WEIGHTS = (4, 3, 2, 2, 0.5, 1, 0.3, 2, 1, 1)


def left_over() -> dict[str, int]:
    """What this process holds now, beside the zygote and the children that wait."""
    return {
        "processes": len(descendants(os.getpid())),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "temporary files": len(os.listdir(tempfile.gettempdir())),
        "control groups": len(groups_made_by(os.getpid())),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=2)
    arguments = parser.parse_args()
    window = load_bars(symbol="GOOG").window("2008-01-01", "2010-12-31")

    def one(kind: str) -> str:
        with SandboxProcess(Limits(cpu_s=1, wall_s=1, memory_mb=128)) as child:
            if kind == "no job":
                return "no job"
            job = SandboxJob(KINDS[kind], window, Account())
            if kind == "stopped":
                child.stop()
                return "stopped"
            return child.run(job).status

    tempfile.tempdir = os.environ["TMPDIR"] = tempfile.mkdtemp()  # where nobody else leaves anything
    one("honest")
    time.sleep(1)
    before = left_over()
    kinds = random.Random(1).choices(list(KINDS), WEIGHTS, k=arguments.runs)  # noqa: S311 - the same ones each time
    begin = time.monotonic()
    with ThreadPoolExecutor(arguments.at_once) as pool:
        ends = Counter(zip(kinds, pool.map(one, kinds), strict=True))
    took_s = time.monotonic() - begin
    time.sleep(2)
    after = left_over()
    for (kind, status), count in sorted(ends.items()):
        print(f"{kind:<10}{status:<12}{count:>6}")
    print(f"{arguments.runs} runs in {took_s:.0f} s, {took_s / arguments.runs * 1000:.0f} ms each")
    for name in before:
        print(f"{name:<18}{before[name]:>6} before{after[name]:>6} after")
    POOL.stop()
    os.rmdir(tempfile.gettempdir())
    left = [name for name in before if after[name] > before[name]] + list(groups_made_by(os.getpid()))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
