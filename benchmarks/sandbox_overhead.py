"""What the sandbox costs a run, in milliseconds: min, median and 95th percentile.

    python -m benchmarks.sandbox_overhead [--runs 50] [--cold 5]

`warm`: the child waits, locked up, when the job comes. `fork per job`: it is forked for the job, by a zygote that has
everything loaded. `cold`: a zygote is started for the job. `import`: a bare process that only imports the engine, with
backtesting.py's plots and without. The job defines no strategy, so that only the way there and back is measured; then
a backtest over 757 bars, with the same in this process beside it.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from Backtest.account import Account
from Backtest.backtesting_adapter import run_strategy
from Backtest.data_manager import load_bars
from Backtest.sandbox import process
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.pool import POOL, Child, Pool
from Backtest.sandbox.process import run_strategy_source
from Backtest.sandbox.strategy_module import find_strategy, load_module

ROOT = Path(__file__).parents[1]
NOTHING = "x = 1\n"
STRATEGY = (ROOT / "tests" / "corpus" / "honest" / "breakout_long_short.py").read_text("utf-8")
PLOTLESS = "from Backtest.sandbox import plotless; plotless.install(); "
ENGINE = "import Backtest.backtesting_adapter, Backtest.sandbox.execution"
TIME_TO_GET_READY_S = 0.1


class ForkPerJob(Pool):
    """No child waits: each is asked for when its job is there."""

    def take(self) -> Child:
        with self._lock:
            self._fill()
            assert self._zygote is not None  # noqa: S101 - it was just filled
            return Child(self._zygote)


def measure(runs: int, job: Callable[[], object], pause_s: float = 0.0) -> list[float]:
    taken = []
    for _ in range(runs):
        time.sleep(pause_s)
        begin = time.perf_counter()
        job()
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def show(name: str, taken: list[float]) -> None:
    taken = sorted(taken)
    p95 = taken[min(len(taken) - 1, round(0.95 * (len(taken) - 1)))]
    print(f"{name:<34}{taken[0]:>9.1f}{statistics.median(taken):>9.1f}{p95:>9.1f}")


def import_engine(prefix: str) -> None:
    subprocess.run([sys.executable, "-c", prefix + ENGINE], cwd=ROOT, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--cold", type=int, default=5)
    arguments = parser.parse_args()
    window = load_bars(symbol="GOOG").window("2008-01-01", "2010-12-31")
    strategy, _ = find_strategy(load_module(STRATEGY), None)

    def run(code: str) -> None:
        run_strategy_source(SandboxJob(code, window, Account()), Limits())

    def cold() -> None:
        POOL.stop()
        run(NOTHING)

    def here() -> None:
        run_strategy(strategy, window.bars.frame, window.first_bar, Account(), window.bars.timeframe)

    print(f"{'ms':<34}{'min':>9}{'p50':>9}{'p95':>9}")
    run(NOTHING)
    show("warm, nothing to run", measure(arguments.runs, lambda: run(NOTHING), TIME_TO_GET_READY_S))
    show("warm, a backtest", measure(arguments.runs, lambda: run(STRATEGY), TIME_TO_GET_READY_S))
    show("the backtest in this process", measure(arguments.runs, here, TIME_TO_GET_READY_S))
    warm, forking = POOL, ForkPerJob()
    process.POOL = forking
    run(NOTHING)
    show("fork per job, nothing to run", measure(arguments.runs, lambda: run(NOTHING), TIME_TO_GET_READY_S))
    forking.stop()
    process.POOL = warm
    show("cold, nothing to run", measure(arguments.cold, cold))
    show("import alone, without plots", measure(arguments.cold, lambda: import_engine(PLOTLESS)))
    show("import alone, with plots", measure(arguments.cold, lambda: import_engine("")))


if __name__ == "__main__":
    main()
