"""Rules of craft: what an experienced trader would say of a strategy and of its run, each with a way to mend it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from Backtest.canonical.risk import (
    AllSizing,
    FixedPlusRateCommission,
    FractionSizing,
    PercentDistance,
    PerUnitCommission,
    RateCommission,
    RiskSizing,
)
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.run_result import RunResult

MOST_RISK_PCT: Final = 5.0
FEWEST_TRADES: Final = 30


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One piece of advice: a stable `topic`, why it matters here, and the sentence that applies it ("" if none can)."""

    topic: str
    reason: str
    edit: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def advise_spec(spec: Spec) -> tuple[Recommendation, ...]:
    """What can be said of a strategy before it is run."""
    return tuple(_of_protection(spec))


def advise_run(spec: Spec, window: Window, run: RunResult) -> tuple[Recommendation, ...]:
    """What a run on this window shows beside its figures."""
    return tuple(_of_run(spec, window, run))


def _of_protection(spec: Spec) -> Iterator[Recommendation]:
    risk = spec.risk
    if risk.stop_loss is None and risk.trailing_stop is None:
        reason = "Nothing limits the loss of a trade: one gap or one long fall can take most of the account."
        yield Recommendation("no_stop", reason, "add a 5% stop loss")
    if not spec.exit_rules and risk.max_bars is None:
        reason = "A position ends only at its stop or target, so a quiet market can hold the account for years."
        yield Recommendation("no_exit_in_time", reason, "exit after 30 bars")
    risked_pct = _risked_pct(spec)
    if risked_pct is not None and risked_pct > MOST_RISK_PCT:
        reason = f"One stopped trade costs {risked_pct:.4g} % of the account; a row of five is no rare event."
        yield Recommendation("risk_per_trade", reason, "risk 1% per trade")


def _risked_pct(spec: Spec) -> float | None:
    """What one stopped trade costs, in percent of equity, gaps and costs aside; None where the spec doesn't tell."""
    sizing, stop = spec.sizing, spec.risk.stop_loss
    if isinstance(sizing, RiskSizing):
        return sizing.percent
    if not isinstance(stop, PercentDistance):
        return None
    leverage = 1 / spec.execution.margin
    if isinstance(sizing, AllSizing):
        return stop.value * leverage
    if isinstance(sizing, FractionSizing):
        return stop.value * sizing.value * leverage
    return None


def _of_run(spec: Spec, window: Window, run: RunResult) -> Iterator[Recommendation]:
    fired = {trade.tag for trade in run.trades} | {trade.tag for trade in run.open_at_end}
    for rule in spec.entry_rules:
        if rule.id not in fired:
            reason = f"The rule {rule.id} opened no trade on these bars: it may be too strict, or never true."
            yield Recommendation("rule_never_fires", reason, "")
    if 0 < len(run.trades) < FEWEST_TRADES:
        count = "1 closed trade is" if len(run.trades) == 1 else f"{len(run.trades)} closed trades are"
        reason = f"{count} too few to tell skill from luck; from {FEWEST_TRADES} on, averages begin to mean something."
        yield Recommendation("few_trades", reason, "")
    cost_pct, move_pct = _round_trip_cost_pct(spec, window), _median_move_pct(window)
    if cost_pct > move_pct:
        reason = (
            f"A round trip costs {cost_pct:.3g} % of its value, and the median bar moves {move_pct:.3g} %: "
            "short holdings pay more than the market gives. Trade a longer timeframe, or less often."
        )
        yield Recommendation("costs_above_moves", reason, "")


def _round_trip_cost_pct(spec: Spec, window: Window) -> float:
    """Spread and both sides' commission in percent of the value; a fixed fee is that of an order of the whole cash."""
    execution = spec.execution
    match execution.commission:
        case RateCommission(value=rate):
            side = rate
        case FixedPlusRateCommission(fixed=fixed, rate=rate):
            side = rate + fixed / execution.cash
        case PerUnitCommission(value=per_unit):
            side = per_unit / float(np.median(window.bars.frame["Close"].to_numpy()[window.first_bar :]))
    return 100 * (2 * side + execution.spread)


def _median_move_pct(window: Window) -> float:
    """The median absolute change from close to close, in percent; 0 with fewer than two bars."""
    close = window.bars.frame["Close"].to_numpy()[window.first_bar :]
    if len(close) < 2:
        return 0.0
    return float(np.median(np.abs(np.diff(close) / close[:-1]))) * 100
