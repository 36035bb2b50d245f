"""Sentences that make an entry rule true more often: a level nearer to where the indicator usually is."""

from collections.abc import Iterator

from Backtest.canonical.conditions import Compare, CrossAbove, CrossBelow
from Backtest.canonical.node import Node
from Backtest.canonical.operand_phrases import number_text
from Backtest.canonical.operands import IndicatorRef, Number, PercentChange
from Backtest.canonical.rules import EntryRule
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk

_STEPS = (0.25, 0.5, 0.75, 0.9)
"""How far a level is moved: of the way to the middle of an oscillator, of itself elsewhere."""
_MIDDLES = {"RSI": 50.0, "STOCH": 50.0, "STOCHRSI": 50.0, "MFI": 50.0, "AROON": 50.0, "WILLR": -50.0, "CCI": 0.0}


def loosened(rule: EntryRule, spec: Spec) -> tuple[str, ...]:
    """Each level of the rule moved a little, then further: "use 35 instead of 30"."""
    levels = [level for _, node in walk(rule) for level in _levels(node, spec)]
    sentences = (
        f"use {number_text(_moved(value, is_above, middle, step))} instead of {number_text(value)}"
        for step in _STEPS
        for value, is_above, middle in levels
    )
    return tuple(dict.fromkeys(sentences))


def _levels(node: Node, spec: Spec) -> Iterator[tuple[float, bool, float | None]]:
    """The number that an indicator or a move is compared with, whether a higher one is met more often, and the middle
    of the indicator's scale where it has one."""
    match node:
        case Compare(left=IndicatorRef() | PercentChange() as left, op="<" | "<=", right=Number(value=value)):
            yield value, True, _middle(left, spec)
        case Compare(left=IndicatorRef() | PercentChange() as left, op=">" | ">=", right=Number(value=value)):
            yield value, False, _middle(left, spec)
        case CrossBelow(left=IndicatorRef() as left, right=Number(value=value)):
            yield value, True, _middle(left, spec)
        case CrossAbove(left=IndicatorRef() as left, right=Number(value=value)):
            yield value, False, _middle(left, spec)


def _middle(left: IndicatorRef | PercentChange, spec: Spec) -> float | None:
    return _MIDDLES.get(spec.indicator(left.id).name) if isinstance(left, IndicatorRef) else None


def _moved(value: float, is_above: bool, middle: float | None, step: float) -> float:
    """The level nearer to the middle where it lies on the rare side of it, else so much higher or lower."""
    if middle is not None and (middle > value) is is_above:
        return float(round(value + (middle - value) * step))
    return round(value + abs(value) * (step if is_above else -step), 4)
