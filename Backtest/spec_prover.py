"""The proof as a prover of the generator: on the bars at hand, and on series that are made once for a spec."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.gemini_strategy_generator import Proof
from Backtest.proof.adversary import Adversary, adversary
from Backtest.proof.prove import Budget, prove
from Backtest.proof.trusted import execute
from Backtest.sandbox.job import SandboxJob, SandboxOutcome

BUDGET = Budget(shrinking_runs=16)
"""Somebody waits for the answer, and a counterexample need not be the very shortest to be mended."""


@dataclass(frozen=True)
class ProofOnBars:
    """A prover of one spec; `run` executes a job in the sandbox."""

    spec: Spec
    window: Window
    account: Account
    run: Callable[[SandboxJob], SandboxOutcome]

    @cached_property
    def against(self) -> Adversary:
        return adversary(self.spec, self.window, self.account)

    def hindrance(self) -> str:
        """Empty where the spec trades on the bars at hand or on any of the series made for it."""
        for window in (self.window, *(series.window for series in self.against.series)):
            execution = execute(self.spec, window, self.account)
            if execution.trades or execution.open_at_end:
                return ""
        bars = self.window.bars
        return (
            f"the spec makes no trade on the {len(bars):,} {bars.timeframe} bars of {bars.symbol}, "
            "nor on a series made for it"
        )

    def __call__(self, code: str) -> Proof:
        bars = self.window.bars
        found = prove(self.spec, code, None, self.window, self.account, self.run, budget=BUDGET, against=self.against)
        about = Proof(
            "verified" if found.state == "verified" else "mismatch",
            symbol=bars.symbol,
            timeframe=bars.timeframe,
            series=len(found.checked),
            bars=sum(checked.bars for checked in found.checked),
            trades=sum(checked.trades for checked in found.checked),
        )
        if found.counterexample is not None:
            return replace(about, counterexample=found.counterexample.sentence)
        if found.state == "verified":
            return about
        return replace(about, error=f"on {found.failed_on}: {found.error}", line=found.error_line)
