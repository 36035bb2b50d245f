"""What can be said of a strategy before it is run."""

from collections.abc import Iterator
from typing import Final

from Backtest.advice.recommendation import Recommendation
from Backtest.canonical.risk import AllSizing, FractionSizing, PercentDistance, RiskSizing
from Backtest.canonical.spec import Spec

MOST_RISK_PCT: Final = 5.0


def advise_spec(spec: Spec) -> tuple[Recommendation, ...]:
    """What can be said of a strategy before it is run."""
    return tuple(_of_protection(spec))


def _of_protection(spec: Spec) -> Iterator[Recommendation]:
    risk = spec.risk
    if risk.stop_loss is None and risk.trailing_stop is None:
        reason = "Nothing limits the loss of a trade: one gap or one long fall can take most of the account."
        yield Recommendation("no_stop", reason, ("add a 5% stop loss",))
    if not spec.exit_rules and risk.max_bars is None:
        reason = "A position ends only at its stop or target, so a quiet market can hold the account for years."
        yield Recommendation("no_exit_in_time", reason, ("exit after 30 bars", "hold for at most 30 bars"))
    risked_pct = _risked_pct(spec)
    if risked_pct is not None and risked_pct > MOST_RISK_PCT:
        reason = f"One stopped trade costs {risked_pct:.4g} % of the account; a row of five is no rare event."
        yield Recommendation("risk_per_trade", reason, ("risk 1% per trade",))


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
