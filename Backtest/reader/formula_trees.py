"""Formulas of prices out of parse trees: sums, differences, ratios, and a line so far off."""

from Backtest.reader.operand_trees import operand, operands
from Backtest.reader.syntax import (
    Apart,
    Before,
    Distance,
    Extreme,
    Formula,
    Literally,
    Mention,
    OperandSaid,
    PriceOf,
)
from Backtest.reader.trees import Misread, Parts, reads


@reads("range")
def _range(parts: Parts) -> Formula:
    """ "The range of the day"."""
    high, low = (PriceOf(column, span=parts.span) for column in ("High", "Low"))
    return Formula("-", high, low, parts.span)


@reads("apart_signed")
def _apart_signed(parts: Parts) -> Apart:
    """ "EMA(20) - 1.5 * ATR(14)": so far below the line."""
    up = sign(parts) == "+"
    return Apart(parts.all(Distance)[0], "up" if up else "down", operand(parts), parts.span)


@reads("formula")
def _formula(parts: Parts) -> Formula:
    left, right = operands(parts)
    if not all(map(_of_prices, (left, right))):
        raise Misread("a sum of other things than prices")
    return Formula(sign(parts), left, right, parts.span)


@reads("formula_ratio")
def _formula_ratio(parts: Parts) -> Formula:
    left, right = operands(parts)
    if right == Literally(0.0):
        raise Misread("divided by zero")
    return Formula("/", left, right, parts.span)


def _of_prices(said: OperandSaid) -> bool:
    return isinstance(said, PriceOf | Mention | Extreme | Before)


def sign(parts: Parts) -> str:
    """The sign between two operands; a word is none."""
    said = parts.tokens("AND", "DASH")[0].text.lower()
    if said not in {"+", "plus", "-", "minus", "\u2212", "\u2013"}:
        raise Misread("no sign")
    return "+" if said in {"+", "plus"} else "-"
