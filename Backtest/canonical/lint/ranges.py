"""Which values an operand can have, and which operands can't lie above others, whatever the market does."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from Backtest.canonical.operands import (
    Arith,
    BarsSinceEntry,
    Highest,
    IndicatorRef,
    Lowest,
    Number,
    OpenProfitPct,
    Operand,
    ParamRef,
    PercentChange,
    Price,
)
from Backtest.canonical.rules import Side
from Backtest.canonical.spec import Spec
from Backtest.indicators.indicator_registry import find, output_of


class Range(NamedTuple):
    """All values from `low` to `high`, both included; infinite where there is no bound."""

    low: float
    high: float


ANYTHING = Range(-math.inf, math.inf)
_BANDS = ("BBANDS", "DONCHIAN", "KELTNER")
_EXTREMES = ("DONCHIAN", "HIGHEST", "LOWEST")
_AVERAGES = ("SMA", "EMA", "WMA")


def constant(operand: Operand, spec: Spec) -> float | None:
    """The number that an operand is on every bar, None for one that moves."""
    if isinstance(operand, Number):
        return operand.value
    return spec.parameter_value(operand.name) if isinstance(operand, ParamRef) else None


def range_of(operand: Operand, spec: Spec, side: Side | None) -> Range:
    """`side`: that of the exit rule in which the operand stands."""
    number = constant(operand, spec)
    if number is not None:
        return Range(number, number)
    match operand:
        case IndicatorRef():
            bounds = output_of(find(spec.indicator(operand.id).name), operand.output).bounds
            return Range(*bounds) if bounds is not None else ANYTHING
        case Price(field="Volume"):
            return Range(0, math.inf)
        case Highest() | Lowest():
            return range_of(operand.of, spec, side)
        case PercentChange() if _is_price(operand.of, spec):
            return Range(-100, math.inf)
        case BarsSinceEntry():
            return Range(1, math.inf)
        case OpenProfitPct() if side is not None:
            return Range(-100, math.inf) if side == "long" else Range(-math.inf, 100)
        case Arith():
            return _arith_range(operand, spec, side)
    return ANYTHING


def _is_price(operand: Operand, spec: Spec) -> bool:
    """Whether an operand is a price, or an average of prices, and so above 0."""
    if isinstance(operand, IndicatorRef):
        use = spec.indicator(operand.id)
        of_price = _is_price(use.source, spec) if isinstance(use.source, IndicatorRef) else use.source != "Volume"
        return find(use.name).name in _AVERAGES and of_price
    return isinstance(operand, Price) and operand.field != "Volume"


def _arith_range(operand: Arith, spec: Spec, side: Side | None) -> Range:
    parts = [range_of(part, spec, side) for part in operand.args]
    match operand.op:
        case "abs":
            (part,) = parts
            nearest = 0.0 if part.low <= 0 <= part.high else min(abs(part.low), abs(part.high))
            return Range(nearest, max(abs(part.low), abs(part.high)))
        case "min":
            return Range(min(part.low for part in parts), min(part.high for part in parts))
        case "max":
            return Range(max(part.low for part in parts), max(part.high for part in parts))
        case "+":
            return Range(sum(part.low for part in parts), sum(part.high for part in parts))
        case "-":
            return Range(parts[0].low - parts[1].high, parts[0].high - parts[1].low)
        case "*" if all(math.isfinite(end) for part in parts for end in part):
            found = parts[0]
            for part in parts[1:]:
                ends = [a * b for a in found for b in part]
                found = Range(min(ends), max(ends))
            return found
    return ANYTHING


def never_above(lower: Operand, upper: Operand, spec: Spec) -> bool:
    """Whether `lower` <= `upper` on every bar by what the two are: Low and High, a band's lines, a window's end."""
    return any(_is_at_least(step, lower, spec) for step in (upper, *_below(upper, spec))) and lower != upper


def _is_at_least(upper: Operand, lower: Operand, spec: Spec) -> bool:
    if isinstance(lower, Price) and isinstance(upper, Price) and lower.shift == upper.shift:
        order = {"Low": 0, "Open": 1, "Close": 1, "High": 2}
        is_ordered = lower.field in order and upper.field in order
        return is_ordered and (lower == upper or order[lower.field] < order[upper.field])
    if isinstance(lower, IndicatorRef) and isinstance(upper, IndicatorRef):
        return _are_lines_of_a_band(lower, upper, spec)
    if lower == upper:
        return True
    return any(_is_at_least(upper, step, spec) for step in _above(lower, spec))


def _are_lines_of_a_band(lower: IndicatorRef, upper: IndicatorRef, spec: Spec) -> bool:
    lines = ("lower", "middle", "upper")
    is_one_band = lower.id == upper.id and lower.shift == upper.shift
    is_one_band = is_one_band and find(spec.indicator(lower.id).name).name in _BANDS
    is_named = lower.output in lines and upper.output in lines
    return is_one_band and is_named and lines.index(str(lower.output)) < lines.index(str(upper.output))


def _below(operand: Operand, spec: Spec) -> Iterator[Operand]:
    """What an extreme that includes its own bar can't lie below."""
    if isinstance(operand, Highest) and operand.include_current:
        yield operand.of
    yield from _extreme_of_indicator(operand, spec, {"HIGHEST": None, "DONCHIAN": "upper"}, "High")


def _above(operand: Operand, spec: Spec) -> Iterator[Operand]:
    """What an extreme that includes its own bar can't lie above."""
    if isinstance(operand, Lowest) and operand.include_current:
        yield operand.of
    yield from _extreme_of_indicator(operand, spec, {"LOWEST": None, "DONCHIAN": "lower"}, "Low")


def is_extreme(operand: Operand, spec: Spec) -> bool:
    """Whether an operand is the end of a window of bars."""
    if isinstance(operand, IndicatorRef):
        return find(spec.indicator(operand.id).name).name in _EXTREMES
    return isinstance(operand, Highest | Lowest)


def _extreme_of_indicator(
    operand: Operand, spec: Spec, outputs: dict[str, str | None], default: str
) -> Iterator[Operand]:
    """The price of the same bar within the window of such an indicator of this chart."""
    if not isinstance(operand, IndicatorRef):
        return
    use = spec.indicator(operand.id)
    name = find(use.name).name
    is_own_chart = use.timeframe in (None, spec.timeframe)
    if name in outputs and operand.output == outputs[name] and is_own_chart:
        if isinstance(use.source, IndicatorRef):
            yield use.source.model_copy(update={"shift": operand.shift})
        else:
            yield Price.model_validate({"field": use.source or default, "shift": operand.shift})
