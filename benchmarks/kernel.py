"""The kernel beside backtesting.py and vectorbt: searches of an SMA cross on GOOG, long series, single runs.

    python -m benchmarks.kernel [--rounds 5] [--side 100] [--optimize 60] [--long-bars 1000000] [--vectorbt PYTHON]

All contenders take turns in one run; medians are printed, beside them the least, the CPU time of all threads, the goal,
and a bare pass over the memory of the same bars as the limit. `--side 100` is a grid of 100 x 100. backtesting.py's
`optimize` searches `--optimize` combinations and is counted by the combination, since ten thousand would take it a
quarter of an hour.

vectorbt is no part of AlgoAgent: `make .venv/.installed-bench` installs it beside it, or `--vectorbt` names the Python
of another environment that has it; without either its lines are left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Bars, Window
from Backtest.data_manager import load_bars
from Backtest.kernel.compilation import compiled
from Backtest.kernel.kernel import measure
from Backtest.kernel.statistics import FULL_WIDTH, Level
from Backtest.kernel.sweep import Axis, Grid, cores, sweep
from benchmarks.startup import measure as clocked_command

ROOT = Path(__file__).parents[1]
FAST, SLOW = 5, 110
ACCOUNT = Account(cash=100_000.0, commission_rate=0.001)
Clock = tuple[float, float]
LEVELS: tuple[Level, ...] = ("rank", "full", "extended")


def cross(timeframe: str) -> Spec:
    """Long while one average is above the other, the whole account, 0.1 % a side."""
    lines = [{"type": "indicator", "id": f"SMA_{period}", "output": None, "shift": 0} for period in (20, 120)]
    periods = [{"timeperiod": period} for period in (20, 120)]
    uses = [
        {"id": line["id"], "name": "SMA", "params": params, "source": "Close"}
        for line, params in zip(lines, periods, strict=True)
    ]
    rule = {"left": lines[0], "right": lines[1]}
    document = {
        "schema_version": 1,
        "timeframe": timeframe,
        "indicators": uses,
        "entry_rules": [{"id": "entry_1", "side": "long", "when": {"type": "cross_above", **rule}}],
        "exit_rules": [{"id": "exit_1", "side": "long", "when": {"type": "cross_below", **rule}}],
    }
    return parse_spec(document)


def long_series(count: int) -> Bars:
    """Minutes of a random walk around the clock."""
    closes = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.0005, count)))
    opens = np.concatenate([closes[:1], closes[:-1]])
    columns = {
        "Open": opens,
        "High": np.maximum(opens, closes) * 1.0002,
        "Low": np.minimum(opens, closes) * 0.9998,
        "Close": closes,
        "Volume": np.ones(count),
    }
    frame = pd.DataFrame(columns, index=pd.date_range("2015-01-01", periods=count, freq="min"))
    return Bars.from_frame(frame, symbol="MINUTES", source="csv", zone="UTC", timeframe="1m")


def square(side_fast: int, side_slow: int) -> Grid:
    spans = {"fast": range(FAST, FAST + side_fast), "slow": range(SLOW, SLOW + side_slow)}
    return Grid.of([Axis(name, tuple(map(float, values))) for name, values in spans.items()])


def search(spec: Spec, grid: Grid, window: Window) -> int:
    """All statistics of all combinations; answers how many there were."""
    done = 0
    for chunk in sweep(spec, grid, window, ACCOUNT, "full"):
        if chunk.figures.shape[1] != FULL_WIDTH:
            raise SystemExit("not all statistics")
        done += len(chunk.numbers)
    return done


@compiled
def memory_pass(values: np.ndarray, times: int) -> float:
    """So many passes over the values, each of which depends on the one before; nothing can be left out."""
    total = 0.0
    for _ in range(times):
        best = total
        for i in range(len(values)):
            best = max(best, values[i])
        total += best * 1e-9
    return total


def clocked(work: Callable[[], object]) -> Clock:
    """Wall and CPU seconds of all threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


class Vectorbt:
    """The other search, in a process that waits for its turn."""

    def __init__(self, python: str, folder: str, side: int) -> None:
        frame = load_bars(symbol="GOOG").frame
        path = Path(folder) / "goog.npz"
        np.savez(path, close=frame["Close"].to_numpy(), stamps=frame.index.to_numpy())
        spans = [f"{FAST},{FAST + side}", f"{SLOW},{SLOW + side}"]
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.vectorbt_sweep", str(path), *spans],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout  # noqa: S101 - it is a pipe
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("vectorbt ended without an answer")
        return dict(json.loads(line))

    def once(self) -> dict[str, float]:
        assert self._process.stdin  # noqa: S101 - it is a pipe
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return self._answer()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()


def has_vectorbt(python: str) -> bool:
    return subprocess.run([python, "-c", "import vectorbt"], capture_output=True, check=False).returncode == 0


def library(frame: pd.DataFrame, optimized: int) -> tuple[Callable[[], object], Callable[[], object], int]:
    """backtesting.py's `run`, its `optimize` on about so many combinations, and how many those are."""
    import backtesting.backtesting
    import talib
    from backtesting import Backtest, Strategy

    backtesting.backtesting._tqdm = lambda steps, **_: steps  # no progress bars

    class Cross(Strategy):
        fast, slow = 20, 120

        def init(self) -> None:
            self.quick = self.I(talib.SMA, self.data.Close, timeperiod=self.fast)
            self.late = self.I(talib.SMA, self.data.Close, timeperiod=self.slow)

        def next(self) -> None:
            above, was_above = self.quick[-1] > self.late[-1], self.quick[-2] > self.late[-2]
            if above and not was_above and not self.position:
                self.buy()
            elif was_above and not above and self.position:
                self.position.close()

    globals()["Cross"] = Cross  # a pool's processes look it up here
    Cross.__qualname__ = "Cross"
    library_run = Backtest(frame, Cross, cash=ACCOUNT.cash, commission=ACCOUNT.commission_rate, finalize_trades=False)
    side = max(2, int(optimized**0.5))
    spans = {"fast": range(FAST, FAST + side), "slow": range(SLOW, SLOW + side)}
    return library_run.run, lambda: library_run.optimize(**spans, maximize="Sharpe Ratio"), side * side


def show(what: str, clocks: list[Clock], unit: str, scale: float, goal: str = "") -> float:
    wall, cpu = (median(clock[k] for clock in clocks) * scale for k in (0, 1))
    least = min(clock[0] for clock in clocks) * scale
    print(f"  {what:<48}{wall:>9.3f} {unit:<2} (least {least:.3f})  CPU {cpu:.3f} {unit} {goal}", flush=True)
    return wall


def fresh(side: int) -> Clock:
    """A process of its own, from its start to its last figure."""
    program = (
        "from benchmarks.kernel import *; window = load_bars(symbol='GOOG').window(None, None); "
        f"search(cross('1d'), square({side}, {side}), window)"
    )
    return clocked_command([sys.executable, "-c", program])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", type=int, default=100, help="values of each axis of the search")
    parser.add_argument("--optimize", type=int, default=60, help="combinations of backtesting.py's search")
    parser.add_argument("--long-bars", type=int, default=1_000_000)
    parser.add_argument("--vectorbt", default=sys.executable, metavar="PYTHON", help="that has vectorbt installed")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    window, grid, spec = load_bars(symbol="GOOG").window(None, None), square(options.side, options.side), cross("1d")
    closes = window.bars.frame["Close"].to_numpy().copy()
    run, optimize, optimized = library(window.bars.frame, options.optimize)
    long = Window(long_series(options.long_bars), 0)
    long_closes, long_grid, long_spec = long.bars.frame["Close"].to_numpy().copy(), square(8, 8), cross("1m")
    names = ("search", "pass", "rank", "full", "extended", "run", "optimize", "long", "long pass", "fresh")
    clocks: dict[str, list[Clock]] = {name: [] for name in names}
    theirs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="kernel-benchmark-") as folder:
        vectorbt = Vectorbt(options.vectorbt, folder, options.side) if has_vectorbt(options.vectorbt) else None
        search(spec, grid, window)
        search(long_spec, square(1, 1), long)
        memory_pass(closes, 1)
        measure(spec, window, ACCOUNT)
        for _ in range(options.rounds):
            clocks["search"].append(clocked(lambda: search(spec, grid, window)))
            clocks["pass"].append(clocked(lambda: memory_pass(closes, len(grid))))
            for level in LEVELS:
                clocks[level] += [clocked(partial(measure, spec, window, ACCOUNT, level)) for _ in range(20)]
            clocks["run"].append(clocked(run))
            clocks["optimize"].append(clocked(optimize))
            clocks["long"].append(clocked(lambda: search(long_spec, long_grid, long)))
            clocks["long pass"].append(clocked(lambda: memory_pass(long_closes, len(long_grid))))
            clocks["fresh"].append(fresh(options.side))
            if vectorbt:
                theirs.append(vectorbt.once())
        if vectorbt:
            vectorbt.end()
    report(clocks, theirs, len(grid), optimized, len(long_grid), options)


def report(
    clocks: dict[str, list[Clock]],
    theirs: list[dict[str, float]],
    combinations: int,
    optimized: int,
    long_combinations: int,
    options: argparse.Namespace,
) -> None:
    print(f"{combinations:,} combinations of an SMA cross, GOOG, {FULL_WIDTH} statistics", end="")
    print(f", {cores()} cores, medians of {options.rounds} rounds")
    ours = show("kernel, indicators included", clocks["search"], "s", 1, "(goal 1.0 s)")
    show("kernel, a fresh process", clocks["fresh"], "s", 1, "(goal 3 s)")
    show("the limit: so many bare passes over the closes", clocks["pass"], "s", 1)
    each = median(clock[0] for clock in clocks["optimize"]) / optimized
    print(f"  backtesting.py's optimize: {each * 1e3:.1f} ms each of {optimized} combinations", end="")
    print(f", {each * combinations / ours:,.0f} times the kernel's (goal 500)")
    if theirs:
        all_s, finals_s = (median(answer[name] for answer in theirs) for name in ("all_s", "finals_s"))
        print(f"  vectorbt, {theirs[0]['metrics']:.0f} statistics: {all_s:.2f} s", end="")
        print(f", {all_s / ours:.1f} times the kernel's (goal 15)", end="")
        print(f"; {finals_s:.2f} s until final values alone stand, {finals_s / ours:.1f} times")
    else:
        print("  vectorbt is not there: make .venv/.installed-bench, or --vectorbt PYTHON")
    print("One run of GOOG with all statistics")
    one = show("kernel", clocks["full"], "ms", 1e3, "(goal 2 ms)")
    show("kernel, only what a search ranks by", clocks["rank"], "ms", 1e3)
    show("kernel, extended statistics", clocks["extended"], "ms", 1e3)
    other = show("backtesting.py's run", clocks["run"], "ms", 1e3)
    print(f"  {other / one:,.0f} times the kernel's")
    print(f"{options.long_bars:,} minutes, all statistics, each of {long_combinations} combinations")
    show("kernel, indicators included", clocks["long"], "ms", 1e3 / long_combinations, "(goal 25 ms)")
    show("the limit: a bare pass over the closes", clocks["long pass"], "ms", 1e3 / long_combinations)


if __name__ == "__main__":
    main()
