"""Faults put into generated code, one at a time: the share that a proof finds, and those that it does not.

    python -m benchmarks.mutation [--mutants 2000] [--drawn 12] [--seed 1] [--jobs 2] [--case NAME]

Code of every reference case and of `--drawn` specs over the whole language is changed in each way that an operator
knows; of more than `--mutants` an even sample is run. A survivor is listed with its line; one that no series could
tell from the code it was made of is equivalent, and `benchmarks/equivalent_mutants.py` says why. The exit code is 1
where compiled code itself is not verified or less than 99 % are caught.
"""

import argparse
import json
import random
import signal
import sys
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data.bars import Window
from Backtest.data_manager import load_bars
from Backtest.pipeline import account_of
from Backtest.proof.adversary import adversary
from Backtest.proof.prove import Budget, prove
from benchmarks.equivalent_mutants import why_equivalent
from tests.generators.specs import specs
from tests.proof.in_process import run_here
from tests.proof.mutators import OPERATORS, Mutant, mutants

CASES = Path(__file__).parent.parent / "tests" / "nl_cases" / "specs"
SYMBOLS = {"1d": "GOOG", "1h": "EURUSD", "1mo": "BTCUSD"}
BARS = 500
LONGEST_S = 30
GOAL = 0.99


class Tally(NamedTuple):
    """What became of a case's mutants; `survivors` without those known to be equivalent."""

    case: str
    verified: str
    caught: Counter[str]
    tried: Counter[str]
    equivalent: Counter[str]
    survivors: tuple[Mutant, ...]
    seconds: float


class TooLong(Exception):
    """A mutant that does not end is caught."""


def drawn_specs(count: int, number: int) -> list[Spec]:
    found: list[Spec] = []

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
        found.append(spec)

    each()
    return found


def window_of(spec: Spec) -> Window:
    bars = load_bars(symbol=SYMBOLS[spec.timeframe])
    return bars.window(None, str(bars.frame.index[min(BARS, len(bars)) - 1].date()))


def tally(case: str, spec: Spec, share: float, number: int) -> Tally:
    """The mutants of one spec's code, or an even sample of them."""
    warnings.simplefilter("ignore")
    begin = time.perf_counter()
    code, window, account = compile_spec(spec), window_of(spec), account_of(spec.execution)
    against = adversary(spec, window, account)
    budget = Budget(shrinking_runs=0)

    def proved(source: str) -> tuple[str, str]:
        proof = prove(spec, source, code.class_name, window, account, run_here, budget=budget, against=against)
        return proof.state, proof.sentence

    state, sentence = proved(code.source)
    dice = random.Random(f"{number} {case}")  # noqa: S311 - no secret
    caught, tried, equivalent = Counter[str](), Counter[str](), Counter[str]()
    survivors = []
    for mutant in mutants(code.source):
        if dice.random() >= share:
            continue
        if why_equivalent(mutant, case) is not None:
            equivalent[mutant.operator] += 1
            continue
        tried[mutant.operator] += 1
        if _is_caught(proved, mutant.source):
            caught[mutant.operator] += 1
        else:
            survivors.append(mutant)
    verified = "" if state == "verified" else sentence
    return Tally(case, verified, caught, tried, equivalent, tuple(survivors), time.perf_counter() - begin)


def _is_caught(proved, source: str) -> bool:
    def give_up(number: int, frame: FrameType | None) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST_S)
    try:
        return proved(source)[0] != "verified"
    except TooLong:
        return True
    finally:
        signal.alarm(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=2_500, help="at most about so many are run")
    parser.add_argument("--drawn", type=int, default=12, help="specs drawn over the whole language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--case", help="only cases whose name holds this")
    chosen = parser.parse_args()
    cases = {path.stem: parse_spec(json.loads(path.read_text())) for path in sorted(CASES.glob("*.json"))}
    for k, spec in enumerate(drawn_specs(chosen.drawn, chosen.seed) if chosen.drawn else []):
        cases[f"drawn_{k + 1:02}"] = spec
    if chosen.case:
        cases = {name: spec for name, spec in cases.items() if chosen.case in name}
    total = sum(sum(1 for _ in mutants(compile_spec(spec).source)) for spec in cases.values())
    share = min(1.0, chosen.mutants / max(1, total))
    print(f"{total:,} mutants of {len(cases)} specs by {len(OPERATORS)} operators, {share:.0%} of them run", flush=True)
    tallies = []
    with ProcessPoolExecutor(chosen.jobs) as pool:
        waiting = [pool.submit(tally, name, spec, share, chosen.seed) for name, spec in cases.items()]
        for done in as_completed(waiting):
            made = done.result()
            tallies.append(made)
            print(
                f"  {made.case:<40}{made.caught.total():>5} of {made.tried.total():<5}{made.seconds:>6.1f} s",
                flush=True,
            )
    _report(tallies)


def _report(tallies: list[Tally]) -> None:
    caught, tried, equivalent = (
        sum((getattr(made, name) for made in tallies), Counter[str]()) for name in ("caught", "tried", "equivalent")
    )
    print("by operator: caught of tried (equivalent)")
    for name in OPERATORS:
        print(f"  {name:<24}{caught[name]:>6} of {tried[name]:<6}({equivalent[name]})")
    unverified = [made for made in tallies if made.verified]
    for made in unverified:
        print(f"NOT VERIFIED: {made.case}: {made.verified}")
    for made in tallies:
        for survivor in made.survivors:
            print(f"SURVIVES: {made.case}: {survivor}")
    share = caught.total() / max(1, tried.total())
    print(
        f"{caught.total():,} of {tried.total():,} caught: {share:.2%}; "
        f"{equivalent.total():,} more are equivalent, each with its reason"
    )
    sys.exit(bool(unverified) or share <= GOAL)


if __name__ == "__main__":
    main()
