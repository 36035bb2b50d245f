"""Random specs by the kernel and by their generated code under backtesting.py: trades, equity, reports must be equal.

    python -m benchmarks.kernel_parity [--specs 10000] [--seed 1] [--jobs 2] [--bars 400] [--results FILE]

Specs are drawn over the whole language and run on five series: GOOG (daily), BTCUSD (monthly), EURUSD (hourly), a daily
one with gaps and ties, and minutes. The first five that differ are printed with their spec; the exit code says whether
any did. How far it is stands on stderr. With `--results` each comparison is kept in that file as soon as it is made,
and the same command goes on where it was interrupted; a file of other sources is refused.
"""

import argparse
import json
import multiprocessing
import signal
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from Backtest.canonical.document import to_document
from Backtest.canonical.spec import Spec
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from benchmarks.kept_results import Kept, key_of
from benchmarks.progress_line import ProgressLine
from tests.generators.features import ALL_FEATURES, features
from tests.generators.specs import specs
from tests.kernel.differential import Case, case_of, difference, has_yen_pips, reports, run_generated


class Compared(NamedTuple):
    """What both executions of a spec came to; times in seconds, `said` where they part."""

    trades: int
    said: str
    kernel_s: float
    generated_s: float


class Tally(NamedTuple):
    """What some specs came to; `keys` has one for each that differs from the others in itself or in its window."""

    runs: Counter[str]
    trades: Counter[str]
    reached: Counter[str]
    kernel_s: float
    generated_s: float
    differences: tuple[str, ...]
    keys: frozenset[str]


Tell = Callable[[bool], None]
"""Told of each spec that is done whether it differs."""


def compared(case: Case) -> Compared:
    begin = time.perf_counter()
    theirs = run_generated(case)
    middle = time.perf_counter()
    ours = run_spec(case.spec, case.window, account_of(case.spec.execution))
    end = time.perf_counter()
    said = difference(ours, theirs)
    if not said and reports(ours) != reports(theirs):
        said = f"reports\n  {ours.notices}\n  {theirs.notices}"
    return Compared(len(theirs.trades), said, end - middle, middle - begin)


def run_batch(count: int, number: int, bars: int, results: Path | None, tell: Tell) -> Tally:
    """So many specs, drawn from the seed `number`; those in `results` are not run again."""
    warnings.simplefilter("ignore")
    runs, trades, reached = Counter[str](), Counter[str](), Counter[str]()
    done: list[Compared] = []
    keys: set[str] = set()
    differences: list[str] = []
    kept = Kept(results)

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def each(spec: Spec) -> None:
        if _interrupted.is_set():
            raise KeyboardInterrupt
        case = case_of(spec, runs.total(), bars)
        document, window = json.dumps(to_document(case.spec)), case.window
        key = key_of(document, window.bars.content_hash, str(window.first_bar))
        if key not in kept:
            kept.add(key, list(compared(case)))
        one, symbol = Compared(*kept[key]), window.bars.symbol
        if one.said:
            differences.append(f"{symbol} from bar {window.first_bar}: {one.said}\n{document}")
        done.append(one)
        keys.add(key)
        runs[symbol] += 1
        trades[symbol] += one.trades
        reached.update(features(case.spec))
        reached["pips:yen"] += has_yen_pips(case.spec)
        tell(bool(one.said))

    each()
    kernel_s, generated_s = sum(one.kernel_s for one in done), sum(one.generated_s for one in done)
    return Tally(runs, trades, reached, kernel_s, generated_s, tuple(differences), frozenset(keys))


_interrupted = threading.Event()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Raised where it comes, and remembered: in a callback of the garbage collector an exception is lost."""
    _interrupted.set()
    raise KeyboardInterrupt


_done = multiprocessing.Value("q", 0)
_different = multiprocessing.Value("q", 0)


def _tell(differs: bool) -> None:
    for counter, more in ((_done, 1), (_different, int(differs))):
        with counter.get_lock():
            counter.value += more


def _batch(task: tuple[int, int, int, Path | None]) -> Tally:
    return run_batch(*task, _tell)


def tallies_of(tasks: list[tuple[int, int, int, Path | None]], jobs: int) -> list[Tally]:
    """Of all batches, in this process where `jobs` is 1."""
    if jobs == 1:
        return [_batch(task) for task in tasks]
    with multiprocessing.get_context("fork").Pool(jobs) as pool:  # ended as a whole where this process is interrupted
        return pool.map(_batch, tasks, chunksize=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--bars", type=int, default=400, help="of each series")
    parser.add_argument("--results", type=Path, metavar="FILE", help="keeps what is compared, and goes on from there")
    given_ = parser.parse_args()
    batches = max(given_.jobs, given_.specs // 500)
    sizes = [given_.specs // batches + (k < given_.specs % batches) for k in range(batches)]
    seeds = [given_.seed * 1_000_000 + k for k in range(batches)]
    if given_.results:
        Kept(given_.results).begin()
    tasks = [(size, number, given_.bars, given_.results) for size, number in zip(sizes, seeds, strict=True)]
    line = ProgressLine(
        given_.specs, "specs", lambda: (_done.value, f"{_different.value} different" if _different.value else "")
    )
    signal.signal(signal.SIGINT, _interrupt)
    try:
        with line:
            tallies = tallies_of(tasks, given_.jobs)
    except KeyboardInterrupt:
        kept = "the same command goes on from here" if given_.results else "nothing is kept without --results"
        print(f"interrupted after {_done.value:,} of {given_.specs:,} specs: {kept}", file=sys.stderr)
        sys.exit(130)
    report(tallies)


def report(tallies: list[Tally]) -> None:
    runs = sum((tally.runs for tally in tallies), Counter[str]())
    trades = sum((tally.trades for tally in tallies), Counter[str]())
    reached = sum((tally.reached for tally in tallies), Counter[str]())
    differences = [said for tally in tallies for said in tally.differences]
    distinct = len(frozenset[str]().union(*(tally.keys for tally in tallies)))
    print(f"{runs.total():,} specs, {trades.total():,} trades, {len(differences)} different", end="")
    print(f"; {distinct:,} distinct specs on their windows, the others were drawn again")
    for name, count in runs.items():
        print(f"  {name:<8}{count:>8,} specs{trades[name]:>10,} trades")
    print("  by feature: " + ", ".join(f"{name} {reached[name]:,}" for name in sorted(ALL_FEATURES | {"pips:yen"})))
    kernel_s, generated_s = (sum(getattr(tally, name) for tally in tallies) for name in ("kernel_s", "generated_s"))
    print(f"  kernel {kernel_s:,.1f} s (its compilation included), generated code {generated_s:,.1f} s")
    for said in differences[:5]:
        print(said)
    sys.exit(bool(differences) or bool((ALL_FEATURES | {"pips:yen"}) - set(+reached)))


if __name__ == "__main__":
    main()
