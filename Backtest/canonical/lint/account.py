"""Stops, targets and sizes that can't work, and an account too small for its instrument."""

from collections.abc import Iterator

from Backtest.canonical.risk import PercentDistance, PercentGain, RGain, RiskSizing, RMultiple
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.errors import Issue

LEAST_UNITS = 100


def account_issues(spec: Spec, first_close: float | None) -> Iterator[Issue]:
    """Whole units leave the size of a small account to chance: it must pay for 100 of them."""
    if first_close is not None and spec.execution.cash < LEAST_UNITS * first_close:
        needed = LEAST_UNITS * first_close
        said = f"cash of {spec.execution.cash:,.10g} is below {LEAST_UNITS} units at {first_close:,.10g}"
        yield Issue("/execution/cash", said, f"at least {needed:,.10g}, since positions are whole units")


def risk_issues(spec: Spec) -> Iterator[Issue]:
    yield from _without_a_stop(spec)
    yield from _beyond_zero(spec)


def _without_a_stop(spec: Spec) -> Iterator[Issue]:
    if spec.risk.stop_loss is not None:
        return
    if isinstance(spec.sizing, RiskSizing):
        said = f"risking {spec.sizing.percent:g} % a trade needs a stop to measure the risk by"
        yield Issue("/sizing", said, "add a stop_loss, or another size")
    for pointer, node in walk(spec.risk, "/risk"):
        if isinstance(node, RMultiple | RGain):
            yield Issue(
                pointer, "R is the distance of the stop, and there is none", "add a stop_loss, or say it in percent"
            )


def _beyond_zero(spec: Spec) -> Iterator[Issue]:
    """A price can't fall by its whole: no long is stopped there, no short gains as much."""
    sides = {rule.side for rule in spec.entry_rules}
    risk = spec.risk
    for name, stop in (("stop_loss", risk.stop_loss), ("trailing_stop", risk.trailing_stop)):
        if isinstance(stop, PercentDistance) and stop.value >= 100 and "long" in sides:
            said = f"a stop {stop.value:g} % below the price of a long lies at or below 0"
            yield Issue(f"/risk/{name}/value", said, "below 100; 5 means 5 %")
    if isinstance(risk.take_profit, PercentDistance) and risk.take_profit.value >= 100 and "short" in sides:
        said = f"a target {risk.take_profit.value:g} % below the entry of a short lies at or below 0"
        yield Issue("/risk/take_profit/value", said, "below 100; 5 means 5 %")
    for pointer, node in walk(risk, "/risk"):
        if isinstance(node, PercentGain) and node.value >= 100 and sides == {"short"}:
            said = f"a short can't gain {node.value:g} %, since the price would lie at or below 0"
            yield Issue(f"{pointer}/value", said, "below 100; 5 means 5 %")
