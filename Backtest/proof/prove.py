"""Translation validation: code is run beside its spec's own execution, on the user's bars and on series made to part
the two. Where they part, the shortest series on which they do is the counterexample."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel.execution import Execution
from Backtest.proof.adversary import Adversary, Effort, adversary
from Backtest.proof.causality import Effort as Futures
from Backtest.proof.causality import LookAhead, look_ahead
from Backtest.proof.comparison import Difference, first_difference
from Backtest.proof.drawing import Series
from Backtest.proof.shrink import shrunk
from Backtest.proof.trusted import execute
from Backtest.run_result import stamp_writer
from Backtest.sandbox.job import SandboxJob, SandboxOutcome

State = Literal["verified", "mismatch", "not_compared"]
Run = Callable[[SandboxJob], SandboxOutcome]
USERS_BARS = "the bars at hand"
LIMITS = ("timeout", "killed")
"""How a run ends that tells nothing of what the code would do."""

_BARS_SHOWN = 12


@dataclass(frozen=True)
class Budget:
    """What a proof may cost: the search for series, and how many runs of the code the shortening of a counterexample
    may take; `futures` bounds the search for look-ahead that ends it."""

    effort: Effort = field(default_factory=Effort)
    shrinking_runs: int = 40
    futures: Futures = field(default_factory=lambda: Futures(simulated_bars=12_000, least_cuts=10, most_cuts=16))


@dataclass(frozen=True)
class Checked:
    """A series on which both sides did the same; `trades` closed."""

    series: str
    bars: int
    trades: int

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Counterexample:
    """The shortest series found on which the code does not do what its spec says, and where they part first."""

    series: str
    window: Window
    difference: Difference

    @property
    def sentence(self) -> str:
        count = len(self.window.bars)
        on = f"On {USERS_BARS}" if self.series == USERS_BARS else f"On a series made for it ({self.series})"
        return f"{on}, cut to {count:,} {'bar' if count == 1 else 'bars'}: {self.difference.sentence}"

    @property
    def bars(self) -> tuple[dict[str, Any], ...]:
        """The bars themselves, at most the last few up to the one on which both sides part."""
        frame = self.window.bars.frame
        at = self.window.first_bar + self.difference.bar
        stamp = stamp_writer(pd.DatetimeIndex(frame.index), self.window.bars.timeframe)
        shown = frame.iloc[max(0, at + 1 - _BARS_SHOWN) : at + 1]
        return tuple(
            {"time": stamp(time), **{str(name): float(value) for name, value in row.items()}}
            for time, row in zip(pd.DatetimeIndex(shown.index), shown.to_dict("records"), strict=True)
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "series": self.series,
            "sentence": self.sentence,
            "bar_count": len(self.window.bars),
            "first_bar": self.window.first_bar,
            "bars": list(self.bars),
            "difference": self.difference.as_dict(),
        }


@dataclass(frozen=True)
class Proof:
    """What came of it. `verified`: equal to the last bit on every series of `checked`.

    A `mismatch` has a counterexample, or an `error` of the code on `failed_on`, with its line. `not_compared` has the
    limit in `error`. `execution` is the spec's own run on the user's bars, whose figures are to be shown, `outcome` the
    code's. `open_rivals` are misunderstandings of the spec that none of the series would have shown, of `rivals` that
    were tried.
    """

    state: State
    execution: Execution
    outcome: SandboxOutcome
    checked: tuple[Checked, ...] = ()
    counterexample: Counterexample | None = None
    failed_on: str | None = None
    error: str | None = None
    error_line: int | None = None
    look_ahead: LookAhead | None = None
    rivals: int = 0
    open_rivals: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The result for people."""
        if self.counterexample is not None:
            return self.counterexample.sentence
        if self.state == "verified":
            bars, trades = (sum(getattr(each, name) for each in self.checked) for name in ("bars", "trades"))
            return (
                f"The code made the specification's own {trades:,} trades on {len(self.checked)} series, {bars:,} bars."
            )
        at = "" if self.error_line is None else f"line {self.error_line}: "
        verb = "was not compared" if self.state == "not_compared" else "did not run to its end"
        return f"On {self.failed_on} the code {verb}: {at}{self.error}"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, without the runs themselves."""
        return {
            "state": self.state,
            "sentence": self.sentence,
            "checked": [each.as_dict() for each in self.checked],
            "counterexample": None if self.counterexample is None else self.counterexample.as_dict(),
            "failed_on": self.failed_on,
            "error": self.error,
            "error_line": self.error_line,
            "look_ahead": None if self.look_ahead is None else self.look_ahead.as_dict(),
            "rivals": self.rivals,
            "open_rivals": list(self.open_rivals),
        }


def prove(
    spec: Spec,
    code: str,
    class_name: str | None,
    window: Window,
    account: Account,
    run: Run,
    *,
    seed: int = 0,
    budget: Budget | None = None,
    against: Adversary | None = None,
) -> Proof:
    """Whether `code` does what `spec`, which lint has passed, says: on `window` and on series made for the spec.

    `run` executes a job in the sandbox; it is called once for each series, the user's bars first, and for the
    shortening of a counterexample. `against` are the series of an earlier `adversary` of the same spec, which are made
    otherwise. The same arguments give the same proof. Raises IndicatorInvalid, and what `run` raises of this machine.
    """
    budget = budget or Budget()
    trial = _Trial(spec, code, class_name, account, run)
    execution = execute(spec, window, account)
    outcome = trial.outcome(window, measure=True)
    proof = Proof("verified", execution, outcome)
    found = _judged(trial, Series(USERS_BARS, window), execution, outcome, proof, budget)
    if found.state != "verified":
        return found
    against = against or adversary(spec, window, account, seed=seed, effort=budget.effort)
    return _on_all(trial, against, window, found, budget)


@dataclass(frozen=True)
class _Trial:
    spec: Spec
    code: str
    class_name: str | None
    account: Account
    run: Run

    def outcome(self, window: Window, *, measure: bool = False) -> SandboxOutcome:
        return self.run(SandboxJob(self.code, window, self.account, self.class_name, measure=measure))

    def difference(self, window: Window) -> Difference | None:
        """None too where the code does not run: that is another fault than the one that is looked at."""
        result = self.outcome(window).result
        return None if result is None else first_difference(execute(self.spec, window, self.account), result, window)


def _on_all(trial: _Trial, against: Adversary, window: Window, proof: Proof, budget: Budget) -> Proof:
    for series in against.series:
        expected = execute(trial.spec, series.window, trial.account)
        proof = _judged(trial, series, expected, trial.outcome(series.window), proof, budget)
        if proof.state != "verified":
            return proof
    proof = replace(proof, rivals=against.rivals, open_rivals=against.open_rivals)
    return _judged_ahead(trial, window, proof, budget) if budget.futures.most_cuts else proof


def _judged_ahead(trial: _Trial, window: Window, proof: Proof, budget: Budget) -> Proof:
    """The proof and whether the code looks ahead on the user's bars: the specification never does."""
    found = look_ahead(trial.code, trial.class_name, window, trial.account, trial.run, effort=budget.futures)
    if found.state != "found":
        return replace(proof, look_ahead=found)
    return replace(
        proof,
        state="mismatch",
        look_ahead=found,
        failed_on=USERS_BARS,
        error=found.sentence,
        error_line=found.line,
    )


def _judged(
    trial: _Trial, series: Series, expected: Execution, outcome: SandboxOutcome, proof: Proof, budget: Budget
) -> Proof:
    """The proof so far and what this series adds to it."""
    if outcome.result is None:
        state: State = "not_compared" if outcome.status in LIMITS else "mismatch"
        error = outcome.error or "the run gave no result"
        return replace(proof, state=state, failed_on=series.name, error=error, error_line=outcome.error_line)
    difference = first_difference(expected, outcome.result, series.window)
    if difference is None:
        bars = len(series.window.bars) - series.window.first_bar
        return replace(proof, checked=(*proof.checked, Checked(series.name, bars, len(expected.trades))))
    shorter, first = shrunk(series.window, difference, trial.difference, looks=budget.shrinking_runs)
    return replace(proof, state="mismatch", counterexample=Counterexample(series.name, shorter, first))
