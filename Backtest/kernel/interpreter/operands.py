"""What an operand is worth on a bar: a number, or None where it is undefined."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add, mul, sub
from typing import assert_never

from Backtest.canonical.operands import (
    Arith,
    BarsSinceEntry,
    EntryPrice,
    Highest,
    IndicatorRef,
    Lowest,
    Number,
    OpenProfitPct,
    Operand,
    ParamRef,
    PercentChange,
    Previous,
    Price,
)
from Backtest.kernel.interpreter.chart import Chart


@dataclass(frozen=True)
class Holding:
    """The open position as rules see it: `sign` 1 long, -1 short; `entry_price` is the fill's."""

    sign: int
    entry_bar: int
    entry_price: float


_FOLDED: dict[str, Callable[[float, float], float]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "min": min,
    "max": max,
}


def value(operand: Operand, bar: int, chart: Chart, holding: Holding | None) -> float | None:
    """The operand on the close of `bar`; None before the first bar and wherever it is undefined."""
    if bar < 0:
        return None
    match operand:
        case Number():
            return operand.value
        case ParamRef():
            return chart.spec.parameter_value(operand.name)
        case Price():
            return at_bar(chart.prices[operand.field], bar - operand.shift)
        case IndicatorRef():
            return at_bar(chart.indicator(operand.id, operand.output), bar - operand.shift)
        case Previous():
            return at_bar(chart.previous(operand), bar)
        case Arith():
            return _arithmetic(operand.op, [value(argument, bar, chart, holding) for argument in operand.args])
        case Highest() | Lowest():
            return _extreme(operand, bar, chart, holding)
        case PercentChange():
            now, before = (value(operand.of, at, chart, holding) for at in (bar, bar - operand.bars))
            return None if now is None or before is None or before == 0 else 100 * (now / before - 1)
        case BarsSinceEntry() | OpenProfitPct() | EntryPrice():
            return _of_position(operand, bar, chart, holding)
    assert_never(operand)


def at_bar(series: list[float], bar: int) -> float | None:
    return None if bar < 0 or math.isnan(series[bar]) else series[bar]


def _arithmetic(op: str, args: list[float | None]) -> float | None:
    known = [argument for argument in args if argument is not None]
    if len(known) < len(args):
        return None
    if op == "abs":
        return abs(known[0])
    if op == "/":
        return None if known[1] == 0 else known[0] / known[1]
    return reduce(_FOLDED[op], known)


def _extreme(operand: Highest | Lowest, bar: int, chart: Chart, holding: Holding | None) -> float | None:
    last = bar if operand.include_current else bar - 1
    values = [value(operand.of, last - ago, chart, holding) for ago in range(operand.bars)]
    known = [each for each in values if each is not None]
    if len(known) < len(values):
        return None
    return max(known) if isinstance(operand, Highest) else min(known)


def _of_position(
    operand: BarsSinceEntry | OpenProfitPct | EntryPrice, bar: int, chart: Chart, holding: Holding | None
) -> float | None:
    if holding is None or bar < holding.entry_bar:
        return None
    match operand:
        case BarsSinceEntry():
            return bar - holding.entry_bar + 1
        case EntryPrice():
            return holding.entry_price
        case OpenProfitPct():
            return holding.sign * 100 * (chart.prices["Close"][bar] / holding.entry_price - 1)
