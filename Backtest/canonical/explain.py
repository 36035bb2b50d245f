"""The spec said back in English: a sentence for each rule and section, readable by someone who doesn't code."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from Backtest.canonical import risk
from Backtest.canonical.condition_phrases import describe_condition, weekday_list
from Backtest.canonical.node import Node
from Backtest.canonical.operand_phrases import (
    bars_text,
    chart_name,
    describe_indicator,
    describe_operand,
    number_text,
)
from Backtest.canonical.operands import IndicatorRef
from Backtest.canonical.rules import EntryRule, ExitRule, MarketOrder
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk

__all__ = ["Sentence", "describe_condition", "describe_operand", "explain"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `path` is the JSON pointer of what it says."""

    path: str
    text: str


def explain(spec: Spec) -> tuple[Sentence, ...]:
    """The whole spec, in the order of the document; equal specs give equal sentences."""
    return tuple(Sentence(path, f"{text[0].upper()}{text[1:]}.") for path, text in _sections(spec))


def _sections(spec: Spec) -> Iterator[tuple[str, str]]:
    of = f" of {' and '.join(spec.instruments)}" if spec.instruments else ""
    yield "/timeframe", f"the rules are judged on the close of each {chart_name(spec.timeframe)} bar{of}"
    yield from _tuning(spec)
    yield from _unused_indicators(spec)
    for i, entry in enumerate(spec.entry_rules):
        yield f"/entry_rules/{i}", _entry(entry, spec)
    for i, leave in enumerate(spec.exit_rules):
        yield f"/exit_rules/{i}", _exit(leave, spec)
    yield from _risk(spec)
    yield "/sizing", _SIZES[type(spec.sizing)](spec.sizing)
    yield from _account(spec.execution)
    yield from _filters(spec)


def _tuning(spec: Spec) -> Iterator[tuple[str, str]]:
    for i, parameter in enumerate(spec.parameters):
        low, high, step = parameter.min, parameter.max, parameter.step
        bounds = [f"{word} {number_text(end)}" for word, end in (("from", low), ("to", high)) if end is not None]
        steps = f" in steps of {number_text(step)}" if step is not None else ""
        tuned = f", and may be tuned {' '.join(bounds)}{steps}" if bounds else ""
        yield f"/parameters/{i}", f"the parameter {parameter.name} is {number_text(parameter.value)}{tuned}"
    for i, constraint in enumerate(spec.constraints):
        yield f"/constraints/{i}", f"the parameters keep {constraint}"


def _unused_indicators(spec: Spec) -> Iterator[tuple[str, str]]:
    used = {node.id for _, node in walk(spec) if isinstance(node, IndicatorRef)}
    used |= {node.indicator for _, node in walk(spec) if isinstance(node, risk.AtrDistance | risk.AtrGain)}
    for i, use in enumerate(spec.indicators):
        if use.id not in used:
            name = describe_indicator(use.id, spec)
            yield f"/indicators/{i}", f"no rule speaks of {name}, but all of them wait until it has a value"


def _entry(rule: EntryRule, spec: Spec) -> str:
    when = "on every bar" if rule.when is None else f"when {describe_condition(rule.when, spec)}"
    if isinstance(rule.order, MarketOrder):
        return f"enter {rule.side} at the next open {when}"
    verb = "buy" if rule.side == "long" else "sell"
    valid = rule.order.valid_bars
    good = "until it is filled or replaced" if valid is None else f"for {bars_text(valid)}"
    price = describe_operand(rule.order.price, spec)
    return f"while flat, place a {verb} {rule.order.type} order at {price}, good {good}, {when}"


def _exit(rule: ExitRule, spec: Spec) -> str:
    what = f"the {rule.side} position"
    if rule.portion < 1:
        what = f"{number_text(round(100 * rule.portion, 10))} % of {what}, once per position,"
    return f"close {what} at the next open when {describe_condition(rule.when, spec)}"


def _distance(node: Node, spec: Spec) -> str:
    """How far a stop, target or trail is away."""
    match node:
        case risk.PercentDistance():
            return f"{number_text(node.value)} %"
        case risk.AtrDistance():
            return f"{number_text(node.multiple)} × {describe_indicator(node.indicator, spec)}"
        case risk.PriceDistance():
            return f"{number_text(node.value)} in price"
        case risk.PipsDistance():
            return f"{number_text(node.value)} pips"
        case risk.RMultiple():
            return f"{number_text(node.multiple)} × the stop's distance"
    raise TypeError(type(node).__name__)


def _gain(gain: risk.Gain, spec: Spec) -> str:
    match gain:
        case risk.PercentGain():
            return f"{number_text(gain.value)} %"
        case risk.RGain():
            return f"{number_text(gain.value)} × the stop's distance"
        case risk.AtrGain():
            return f"{number_text(gain.value)} × {describe_indicator(gain.indicator, spec)} of the signal bar"


def _risk(spec: Spec) -> Iterator[tuple[str, str]]:
    stop, target, trail = spec.risk.stop_loss, spec.risk.take_profit, spec.risk.trailing_stop
    if isinstance(stop, risk.PriceLevel):
        yield "/risk/stop_loss", f"stop out at {describe_operand(stop.price, spec)}, as it is on the signal bar"
    elif stop is not None:
        yield "/risk/stop_loss", f"stop out {_distance(stop, spec)} from the entry price"
    if isinstance(target, risk.PriceLevel):
        yield "/risk/take_profit", f"take profit at {describe_operand(target.price, spec)}, as it is on the signal bar"
    elif target is not None:
        yield "/risk/take_profit", f"take profit {_distance(target, spec)} from the entry price"
    if trail is not None:
        after = f", once a close has gained {_gain(trail.after_gain, spec)}" if trail.after_gain else ""
        yield "/risk/trailing_stop", f"trail a stop {_distance(trail, spec)} behind the best close since entry{after}"
    if spec.risk.break_even is not None:
        gain = _gain(spec.risk.break_even.after_gain, spec)
        yield "/risk/break_even", f"move the stop to the entry price once a close has gained {gain}"
    if spec.risk.max_bars is not None:
        yield "/risk/max_bars", f"leave at the next open after {bars_text(spec.risk.max_bars)} at most"


_SIZES: dict[type[Node], Callable[[Any], str]] = {
    risk.AllSizing: lambda size: "each position takes the whole account",
    risk.FractionSizing: lambda size: (
        f"each position takes {number_text(round(100 * size.value, 10))} % of the account"
    ),
    risk.UnitsSizing: lambda size: f"each position is {number_text(size.value)} units",
    risk.CashSizing: lambda size: f"each position is worth {number_text(size.value)} in cash, in whole units",
    risk.RiskSizing: lambda size: f"each position risks {number_text(size.percent)} % of the equity at its stop",
    risk.VolatilityTargetSizing: lambda size: (
        f"each position is sized for a volatility of {number_text(size.percent)} % a year, the whole account at most"
    ),
}
_COSTS: dict[type[Node], Callable[[Any], str]] = {
    risk.RateCommission: lambda cost: f"{_percent(cost.value)} of its value",
    risk.FixedPlusRateCommission: lambda cost: f"{number_text(cost.fixed)} plus {_percent(cost.rate)} of its value",
    risk.PerUnitCommission: lambda cost: f"{number_text(cost.value)} for each unit",
}


def _percent(fraction: float) -> str:
    return f"{number_text(round(100 * fraction, 10))} %"


def _account(execution: risk.Execution) -> Iterator[tuple[str, str]]:
    yield "/execution/cash", f"the account begins with {number_text(execution.cash)} in cash"
    yield (
        "/execution/commission",
        f"each side of a trade costs {_COSTS[type(execution.commission)](execution.commission)}",
    )
    if execution.spread:
        yield "/execution/spread", f"the spread is {_percent(execution.spread)} of the price"
    if execution.margin < 1:
        yield "/execution/margin", f"a position needs {_percent(execution.margin)} of its value as margin"


def _filters(spec: Spec) -> Iterator[tuple[str, str]]:
    filters = spec.filters
    if filters.weekdays is not None:
        yield "/filters/weekdays", f"enter only on signals of {weekday_list(filters.weekdays, 'and')}"
    if filters.hours is not None:
        start, end = filters.hours.start, filters.hours.end
        yield "/filters/hours", f"enter only on signals of bars stamped from {start} up to, not including, {end}"
    if filters.when is not None:
        yield "/filters/when", f"enter only while {describe_condition(filters.when, spec)}"
    if filters.cooldown_bars:
        bars = bars_text(filters.cooldown_bars)
        yield "/filters/cooldown_bars", f"take no entry on the bar of an exit's fill and the {bars} after it"
