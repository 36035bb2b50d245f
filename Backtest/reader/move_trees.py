"""Moves, gaps, streaks and profits out of parse trees."""

from dataclasses import dataclass

from Backtest.reader.operand_trees import direction, operands, period_of
from Backtest.reader.predicate_trees import trend
from Backtest.reader.syntax import (
    Direction,
    GapSaid,
    Literally,
    NotSaid,
    PercentMove,
    Period,
    PriceOf,
    ProfitSaid,
    Said,
    Slope,
    Vague,
)
from Backtest.reader.time_trees import counted
from Backtest.reader.trees import Misread, Parts, reads


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage with its comparison; `strict`: more than."""

    value: float
    strict: bool


@reads("compared_percent")
def _compared_percent(parts: Parts) -> Percent:
    value = parts.value("PERCENT") or 0.0
    if value <= 0 or parts.has("LATEST"):
        raise Misread("how much at least")
    return Percent(value, parts.has("GT"))


def _over(parts: Parts) -> Period | None:
    period = period_of(parts.token("PERIOD"))
    if period is not None:
        return period
    if parts.has("PREVIOUS", "YESTERDAY"):
        return Period(1, "day" if parts.has("YESTERDAY") else "bar")
    unit = parts.token("UNIT")
    return Period(1, unit.text.lower().removesuffix("s")) if unit else None


@reads("p_move", "drop")
def _p_move(parts: Parts) -> Said:
    percent = parts.all(Percent)[0]
    return PercentMove(None, trend(parts), percent.value, _over(parts), percent.strict, parts.span)


@reads("p_gap")
def _p_gap(parts: Parts) -> Said:
    percent = parts.one(Percent)
    found = operands(parts)
    if found and isinstance(found[0], Literally):
        if found[0].unit != "%" or percent is not None:
            raise Misread("a gap beyond a number")
        return GapSaid(direction(parts), found[0].value, parts.has("ABOVE", "OVER"), None, parts.span)
    if found:
        return GapSaid(
            direction(parts), percent.value if percent else None, bool(percent and percent.strict), found[0], parts.span
        )
    return GapSaid(trend(parts), percent.value if percent else None, bool(percent and percent.strict), None, parts.span)


@reads("p_vague")
def _p_vague(parts: Parts) -> Said:
    return Vague(parts.span)


@reads("p_streak")
def _p_streak(parts: Parts) -> Said:
    period = period_of(parts.token("PERIOD")) or counted(parts)
    return Slope(PriceOf("Close", span=parts.span), trend(parts), period, span=parts.span)


@reads("streak")
def _streak(parts: Parts) -> Said:
    if not parts.has("CONSECUTIVE", "ROW", "AFTER"):
        raise Misread("in a row, or not")
    return Slope(PriceOf("Close", span=parts.span), trend(parts), counted(parts), span=parts.span)


@reads("first_streak", "one_streak")
def _first_streak(parts: Parts) -> Said:
    return Slope(PriceOf("Close", span=parts.span), trend(parts), Period(1, "bar"), span=parts.span)


@reads("profit_from_entry")
def _profit_from_entry(parts: Parts) -> ProfitSaid:
    """ "When it has gained 5% from my entry"."""
    percent = parts.all(Percent)[0]
    way: Direction = "up" if parts.has("MOVE_UP", "UP") else "down"
    return ProfitSaid(way, percent.value, percent.strict, of_price=True, span=parts.span)


@reads("profit_cond")
def _profit(parts: Parts) -> Said:
    gained = parts.all(Percent)
    if parts.has("IN_PROFIT") and gained:  # "10% in profit on the close"
        return ProfitSaid("up", gained[0].value, gained[0].strict, span=parts.span)
    if parts.has("IN_PROFIT", "IN_LOSS"):
        said = ProfitSaid("up" if parts.has("IN_PROFIT") else "down", 0.0, strict=True, span=parts.span)
        return NotSaid(said) if parts.has("NOT") else said
    percent = gained[0]
    if parts.has("PROFIT_IS", "LOSS_IS"):
        return ProfitSaid("up" if parts.has("PROFIT_IS") else "down", percent.value, percent.strict, span=parts.span)
    way = direction(parts)
    if parts.has("MOVE_UP" if way == "down" else "MOVE_DOWN"):
        raise Misread("up and down at once")
    return ProfitSaid(way, percent.value, percent.strict, of_price=True, span=parts.span)
