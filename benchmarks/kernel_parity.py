"""Random specs by the kernel and by their generated code under backtesting.py: trades, equity, reports must be equal.

    python -m benchmarks.kernel_parity [--specs 10000] [--seed 1] [--jobs 2] [--bars 400]

Specs are drawn over the whole language and run on five series: GOOG (daily), BTCUSD (monthly), EURUSD (hourly), a daily
one with gaps and ties, and minutes. The first five that differ are printed with their spec; the exit code says whether
any did.
"""

import argparse
import json
import sys
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from Backtest.canonical.document import to_document
from Backtest.canonical.spec import Spec
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from tests.generators.features import ALL_FEATURES, features
from tests.generators.specs import specs
from tests.kernel.differential import Case, case_of, difference, has_yen_pips, reports, run_generated


class Tally(NamedTuple):
    """What some specs came to; times in seconds."""

    runs: Counter[str]
    trades: Counter[str]
    reached: Counter[str]
    kernel_s: float
    generated_s: float
    differences: tuple[str, ...]


def compared(case: Case, clocks: list[float]) -> tuple[int, str]:
    """The number of trades, and where the two executions part; adds both times to `clocks`."""
    begin = time.perf_counter()
    theirs = run_generated(case)
    middle = time.perf_counter()
    ours = run_spec(case.spec, case.window, account_of(case.spec.execution))
    clocks[0] += time.perf_counter() - middle
    clocks[1] += middle - begin
    said = difference(ours, theirs)
    if not said and reports(ours) != reports(theirs):
        said = f"reports\n  {ours.notices}\n  {theirs.notices}"
    return len(theirs.trades), said


def run_batch(count: int, number: int, bars: int) -> Tally:
    """So many specs, drawn from the seed `number`."""
    warnings.simplefilter("ignore")
    runs, trades, reached = Counter[str](), Counter[str](), Counter[str]()
    differences, clocks = [], [0.0, 0.0]

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
        case = case_of(spec, runs.total(), bars)
        symbol = case.window.bars.symbol
        closed, said = compared(case, clocks)
        if said:
            differences.append(
                f"{symbol} from bar {case.window.first_bar}: {said}\n{json.dumps(to_document(case.spec))}"
            )
        runs[symbol] += 1
        trades[symbol] += closed
        reached.update(features(case.spec))
        reached["pips:yen"] += has_yen_pips(case.spec)

    each()
    return Tally(runs, trades, reached, clocks[0], clocks[1], tuple(differences))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--bars", type=int, default=400, help="of each series")
    given_ = parser.parse_args()
    batches = max(given_.jobs, given_.specs // 500)
    sizes = [given_.specs // batches + (k < given_.specs % batches) for k in range(batches)]
    seeds = [given_.seed * 1_000_000 + k for k in range(batches)]
    with ProcessPoolExecutor(given_.jobs) as pool:
        tallies = list(pool.map(run_batch, sizes, seeds, [given_.bars] * batches))
    runs = sum((tally.runs for tally in tallies), Counter[str]())
    trades = sum((tally.trades for tally in tallies), Counter[str]())
    reached = sum((tally.reached for tally in tallies), Counter[str]())
    differences = [said for tally in tallies for said in tally.differences]
    print(f"{runs.total():,} specs, {trades.total():,} trades, {len(differences)} different")
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
