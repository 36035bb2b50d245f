"""Whether code trades as its spec says on given bars: its own run, isolated, against the plain interpreter's."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.gemini_strategy_generator import Proof, ProofState
from Backtest.kernel.interpreter.interpret import interpret
from Backtest.proof.comparison import first_difference
from Backtest.sandbox.job import SandboxJob, SandboxOutcome


@dataclass(frozen=True)
class AgreementOnBars:
    """A prover on one window; `run` executes a job in the sandbox."""

    window: Window
    account: Account
    run: Callable[[SandboxJob], SandboxOutcome]

    def hindrance(self, spec: Spec) -> str:
        expected = interpret(spec, self.window, self.account)
        if expected.trades or expected.open_at_end:
            return ""
        bars = self.window.bars
        return f"the spec makes no trade on the {len(bars):,} {bars.timeframe} bars of {bars.symbol}"

    def __call__(self, spec: Spec, code: str) -> Proof:
        bars = self.window.bars
        about = Proof("mismatch", symbol=bars.symbol, timeframe=bars.timeframe, bars=len(bars) - self.window.first_bar)
        outcome = self.run(SandboxJob(code, self.window, self.account))
        if outcome.result is None:
            return replace(about, error=outcome.error or "the run gave no result", line=outcome.error_line)
        expected = interpret(spec, self.window, self.account)
        differs = first_difference(expected, outcome.result, self.window)
        state: ProofState = "verified" if differs is None else "mismatch"
        told = "" if differs is None else differs.sentence
        trades = len(expected.trades) + len(expected.open_at_end)
        return replace(about, state=state, counterexample=told, trades=trades)
