"""Strategies that look ahead and honest ones, each run beside other futures: how many are told apart, and by what.

    python -m benchmarks.lookahead [--bars 1000] [--name NAME] [--sandbox]

The leaking files are those of `tests/proof/leaks`, the honest ones those of `tests/proof/honest` and of the two corpora
of honest code. Files that are built on the library's TrailingStrategy, which looks ahead, count as leaking. The exit
code says whether all were told right.
"""

import argparse
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from Backtest.account import Account
from Backtest.data.bars import Window
from Backtest.data_manager import load_bars
from Backtest.proof.causality import LookAhead, Run, look_ahead
from Backtest.sandbox.process import run_strategy_source
from tests.proof.in_process import run_fresh

TESTS = Path(__file__).parent.parent / "tests"
HONEST = (TESTS / "proof" / "honest", TESTS / "corpus" / "honest", TESTS / "corpus" / "honest_habits")
LEAKS = TESTS / "proof" / "leaks"
COLLECTION = TESTS.parent.parent / "shared" / "security_corpus" / "benign"
"""A further collection of honest files, where it stands beside the project."""


def files() -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it looks ahead."""
    yield from ((path, True) for path in sorted(LEAKS.glob("*.py")))
    for folder in (*HONEST, COLLECTION):
        for path in sorted(folder.glob("*.py")):
            yield path, "TrailingStrategy" in path.read_text(encoding="utf-8")


def checked(path: Path, window: Window, run: Run) -> LookAhead:
    code = path.read_bytes().decode("utf-8-sig")
    return look_ahead(code, None, window, Account(), run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1000, help="of GOOG's daily ones")
    parser.add_argument("--name", default="", help="only files whose name holds this")
    parser.add_argument("--sandbox", action="store_true", help="in the sandbox, as users' code is run")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    bars = load_bars(symbol="GOOG")
    window = bars.window(None, str(bars.frame.index[chosen.bars - 1].date()))
    right, wrong = {True: 0, False: 0}, 0
    begin = time.perf_counter()
    for path, leaks in files():
        if chosen.name not in path.name:
            continue
        made = checked(path, window, run_strategy_source if chosen.sandbox else run_fresh)
        if made.state == ("found" if leaks else "none_found"):
            right[leaks] += 1
        else:
            wrong += 1
            print(f"WRONG {path.parent.name}/{path.name}: {made.state}: {made.sentence}")
        if leaks:
            print(f"  {path.name:<36}line {made.line or '-':<5}{made.sentence}")
    seconds = time.perf_counter() - begin
    print(f"{right[True]} leaking caught, {right[False]} honest passed, {wrong} told wrong; {seconds:.1f} s")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
