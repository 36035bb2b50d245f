"""Faults put into generated code, one at a time: the share that a proof finds, and those that it does not.

    python -m benchmarks.mutation [--mutants 2500] [--drawn 12] [--seed 1] [--jobs 2] [--case NAME] [--results FILE]

Code of every reference case and of `--drawn` specs over the whole language is changed in each way that an operator
knows; of more than `--mutants` an even sample is run. What became of each is appended to `--results`, from which a run
that was broken off goes on. A mutant that the proof does not find is a survivor, unless it is the same code in another
spelling (`same_code.py`), or has a written reason (`equivalent_mutants.py`) and trades as the specification on
`SEARCHED` further series too. The exit code is 1 where compiled code itself is not verified or 99 % are not exceeded.
"""

import argparse
import hashlib
import json
import random
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data.bars import Window
from Backtest.data_manager import load_bars
from Backtest.kernel.execution import Execution
from Backtest.pipeline import account_of
from Backtest.proof.adversary import adversary
from Backtest.proof.comparison import first_difference
from Backtest.proof.drawing import Series, bars_of, mixed, scale_of
from Backtest.proof.prove import Budget, prove
from Backtest.proof.trusted import execute
from Backtest.run_result import RunResult
from Backtest.sandbox.job import SandboxJob
from benchmarks.equivalent_mutants import why_equivalent
from benchmarks.same_code import is_same_code
from tests.generators.specs import specs
from tests.proof.in_process import run_here
from tests.proof.mutators import OPERATORS, count, mutants

CASES = Path(__file__).parent.parent / "tests" / "nl_cases" / "specs"
SYMBOLS = {"1d": "GOOG", "1h": "EURUSD", "1mo": "BTCUSD"}
BARS = 500
LONGEST_S = 30
GOAL = 0.99
SEARCHED, SEARCH_SEED = 100, 77
_PROOF = Path(__file__).parent.parent / "Backtest" / "proof"
COMPARED_BY = hashlib.sha256(
    b"".join((_PROOF / f"{name}.py").read_bytes() for name in ("prove", "comparison", "causality", "trusted"))
).hexdigest()


class Verdict(NamedTuple):
    """What became of a mutant; of one that was not caught, whether it is the same code, and on which of the series
    that were searched it trades otherwise. `operator` "" is the compiled code itself."""

    case: str
    operator: str
    line: int
    before: str
    after: str
    key: str
    is_caught: bool
    is_same: bool = False
    told_by: str | None = None

    def __str__(self) -> str:
        told = f" [{self.told_by} would tell]" if self.told_by else ""
        return f"{self.case}, {self.operator}, line {self.line}: {self.before}  ->  {self.after or '(nothing)'}{told}"


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


def judge(case: str, spec: Spec, share: float, number: int, done: set[str], results: Path) -> float:
    """Appends a verdict for each mutant of one spec's code, or of an even sample, that has none yet; the seconds."""
    warnings.simplefilter("ignore")
    begin = time.perf_counter()
    code, window, account = compile_spec(spec), window_of(spec), account_of(spec.execution)
    against = adversary(spec, window, account)
    judged_by = _fingerprint(case, [Series("", window), *against.series])
    sound = _key(judged_by, code.source)
    dice = random.Random(f"{number} {case}")  # noqa: S311 - no secret
    wanted = [mutant for mutant in mutants(code.source) if dice.random() < share]
    left = [mutant for mutant in wanted if _key(judged_by, mutant.source) not in done]
    if not left and sound in done:
        return time.perf_counter() - begin
    budget = Budget(shrinking_runs=0)
    search: list[tuple[Series, Execution]] = []

    def proved(source: str) -> bool:
        proof = prove(spec, source, code.class_name, window, account, run_here, budget=budget, against=against)
        return proof.state == "verified"

    def told_by(source: str) -> str | None:
        if not search:
            search.extend((each, execute(spec, each.window, account)) for each in _further(spec, window, account))
        jobs = (
            (SandboxJob(source, each.window, account, code.class_name, measure=False), each, of) for each, of in search
        )
        return next((each.name for job, each, of in jobs if _differs(run_here(job).result, of, each)), None)

    _append(results, Verdict(case, "", 0, "", "", sound, is_caught=not proved(code.source)))
    for mutant in left:
        said = Verdict(
            case, mutant.operator, mutant.line, mutant.before, mutant.after, _key(judged_by, mutant.source), False
        )
        if is_same_code(code.source, mutant.source):
            said = said._replace(is_same=True)
        elif _in_time(lambda source=mutant.source: not proved(source)):
            said = said._replace(is_caught=True)
        else:
            said = said._replace(told_by=told_by(mutant.source))
        _append(results, said)
    return time.perf_counter() - begin


def _further(spec: Spec, window: Window, account: Account) -> Iterator[Series]:
    """Series that no proof ran on: those that another seed makes, and plain mixtures of two lengths."""
    made = adversary(spec, window, account, seed=SEARCH_SEED)
    yield from made.series
    scale = scale_of(window)
    for k in range(max(0, SEARCHED - len(made.series))):
        bars = bars_of(mixed(f"searched {k}", 150 if k % 3 else 500, scale), scale)
        yield Series(f"searched series {k + 1}", Window(bars, 0))


def _differs(result: RunResult | None, expected: Execution, series: Series) -> bool:
    return result is None or first_difference(expected, result, series.window) is not None


def _fingerprint(case: str, series: list[Series]) -> str:
    """Of what judges the mutants of a case: the series, and how it is compared what they do on them."""
    bars = [f"{each.window.bars.content_hash} {each.window.first_bar}" for each in series]
    return hashlib.sha256("\n".join([case, COMPARED_BY, *bars]).encode()).hexdigest()


def _key(judged_by: str, source: str) -> str:
    """Of a mutant and of what judges it: other series judge again."""
    return hashlib.sha256(f"{judged_by} {source}".encode()).hexdigest()[:24]


def _append(results: Path, verdict: Verdict) -> None:
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(verdict._asdict()) + "\n")


def _in_time(finds: Callable[[], bool]) -> bool:
    def give_up(number: int, frame: FrameType | None) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST_S)
    try:
        return finds()
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
    parser.add_argument("--case", default="", help="only cases whose name holds this")
    parser.add_argument("--results", type=Path, help="the file of verdicts; it is gone on with")
    chosen = parser.parse_args()
    cases = {path.stem: parse_spec(json.loads(path.read_text())) for path in sorted(CASES.glob("*.json"))}
    for k, spec in enumerate(drawn_specs(chosen.drawn, chosen.seed) if chosen.drawn else []):
        cases[f"drawn_{k + 1:02}"] = spec
    cases = {name: spec for name, spec in cases.items() if chosen.case in name}
    total = sum(count(compile_spec(spec).source) for spec in cases.values())
    share = min(1.0, chosen.mutants / max(1, total))
    print(f"{total:,} mutants of {len(cases)} specs by {len(OPERATORS)} operators, {share:.0%} of them run", flush=True)
    with TemporaryDirectory() as folder:
        results = chosen.results or Path(folder) / "verdicts.jsonl"
        done = {verdict.key for verdict in verdicts(results)}
        with ProcessPoolExecutor(chosen.jobs) as pool:
            waiting = {
                pool.submit(judge, name, spec, share, chosen.seed, done, results): name for name, spec in cases.items()
            }
            for one in as_completed(waiting):
                print(f"  {waiting[one]:<40}{one.result():>6.1f} s", flush=True)
        sys.exit(report([verdict for verdict in verdicts(results) if verdict.case in cases]))


def verdicts(results: Path) -> list[Verdict]:
    """Those of the file; of a mutant that was judged again the last one."""
    lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    return list({made[:5]: made for made in (Verdict(**json.loads(line)) for line in lines)}.values())


def report(told: list[Verdict]) -> bool:
    """Prints the score and the survivors; whether it falls short."""
    unverified = [verdict.case for verdict in told if not verdict.operator and verdict.is_caught]
    tried = [verdict for verdict in told if verdict.operator]
    caught = [verdict for verdict in tried if verdict.is_caught]
    same = [verdict for verdict in tried if verdict.is_same]
    reasons = [(verdict, why_equivalent(verdict)) for verdict in tried if not verdict.is_caught and not verdict.is_same]
    excused = [(verdict, why) for verdict, why in reasons if why and not verdict.told_by]
    survivors = [verdict for verdict, why in reasons if not why or verdict.told_by]
    print("by operator: caught of tried (the same code; equivalent for a reason)")
    for name in OPERATORS:
        of = [sum(each.operator == name for each in group) for group in (caught, tried, same, [v for v, _ in excused])]
        print(f"  {name:<24}{of[0]:>6} of {of[1]:<6}({of[2]}; {of[3]})")
    for case in unverified:
        print(f"NOT VERIFIED: {case}")
    for why, number in Counter(why for _, why in excused).most_common():
        print(f"EQUIVALENT: {number:>3}: {why}")
    for survivor in sorted(survivors):
        print(f"SURVIVES: {survivor}")
    score = len(caught) / max(1, len(caught) + len(survivors))
    print(
        f"{len(caught):,} of {len(caught) + len(survivors):,} caught: {score:.2%}; {len(tried):,} were tried, "
        f"{len(same):,} are the same code, {len(excused):,} equivalent for a written reason"
    )
    return bool(unverified) or score <= GOAL


if __name__ == "__main__":
    main()
