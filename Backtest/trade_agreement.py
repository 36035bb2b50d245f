"""Whether code trades as its spec says on given bars: its own run, isolated, against the plain interpreter's."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.gemini_strategy_generator import Proof, ProofState
from Backtest.kernel.interpreter.interpret import interpret
from Backtest.run_result import ClosedTrade, OpenTrade
from Backtest.sandbox.job import SandboxJob, SandboxOutcome

PRICE_TOLERANCE = 1e-9
"""Relative: the order in which a price is multiplied may change its last bits, and nothing else."""


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
        wanted: list[ClosedTrade | OpenTrade] = [*expected.trades, *expected.open_at_end]
        found: list[ClosedTrade | OpenTrade] = [*outcome.result.trades, *outcome.result.open_at_end]
        differs = first_difference(wanted, found)
        state: ProofState = "mismatch" if differs else "verified"
        return replace(about, state=state, counterexample=differs, trades=len(wanted))


def first_difference(wanted: list[ClosedTrade | OpenTrade], found: list[ClosedTrade | OpenTrade]) -> str:
    """The first trade that differs in bar, size or price, in words; empty where none does."""
    for number in range(max(len(wanted), len(found))):
        should = wanted[number] if number < len(wanted) else None
        does = found[number] if number < len(found) else None
        if should is None or does is None or not _alike(should, does):
            return f"trade {number + 1} differs: by the specification {_told(should)}; by the code {_told(does)}"
    return ""


def _alike(one: ClosedTrade | OpenTrade, other: ClosedTrade | OpenTrade) -> bool:
    if (one.entry_bar, one.size) != (other.entry_bar, other.size) or not _close(one.entry_price, other.entry_price):
        return False
    if isinstance(one, ClosedTrade) and isinstance(other, ClosedTrade):
        return one.exit_bar == other.exit_bar and _close(one.exit_price, other.exit_price)
    return isinstance(one, OpenTrade) and isinstance(other, OpenTrade)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=PRICE_TOLERANCE)


def _told(trade: ClosedTrade | OpenTrade | None) -> str:
    if trade is None:
        return "there is none"
    side = "long" if trade.size > 0 else "short"
    entry = f"{side} {abs(trade.size)} at {trade.entry_price:.10g} on bar {trade.entry_bar} ({trade.entry_time})"
    if isinstance(trade, OpenTrade):
        return f"{entry}, still open at the end"
    return f"{entry}, out at {trade.exit_price:.10g} on bar {trade.exit_bar} ({trade.exit_time})"
