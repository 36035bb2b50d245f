"""Stops, targets and trails out of parse trees."""

from Backtest.reader.operand_trees import ratio
from Backtest.reader.syntax import BreakEvenSaid, Direction, Distance, PriceOf, StopSaid, TargetSaid, TrailSaid
from Backtest.reader.trees import Misread, Parts, reads


def _side_of_entry(parts: Parts) -> Direction | None:
    return "up" if parts.has("ABOVE") else "down" if parts.has("BELOW") else None


def _distance(parts: Parts) -> Distance:
    return parts.all(Distance)[0]


@reads("stop")
def _stop(parts: Parts) -> StopSaid:
    return StopSaid(_distance(parts), direction=_side_of_entry(parts), span=parts.span)


@reads("stop_level")
def _stop_level(parts: Parts) -> StopSaid:
    return StopSaid(None, PriceOf("Low" if parts.has("LOW") else "High", span=parts.span), span=parts.span)


@reads("target")
def _target(parts: Parts) -> TargetSaid:
    distance = parts.one(Distance)
    if distance is not None:
        return TargetSaid(distance, direction=_side_of_entry(parts), span=parts.span)
    percent = parts.value("PERCENT")
    if percent is not None:
        return TargetSaid(_checked(Distance("percent", percent, None, parts.span)), span=parts.span)
    return TargetSaid(_checked(Distance("r", ratio(parts) or 0.0, None, parts.span)), span=parts.span)


def _checked(distance: Distance) -> Distance:
    if distance.value <= 0:
        raise Misread("a distance is positive")
    return distance


@reads("trail")
def _trail(parts: Parts) -> TrailSaid:
    distance = _distance(parts)
    if distance.kind == "r":
        raise Misread("a trail in R")
    return TrailSaid(distance, span=parts.span)


@reads("gain")
def _gain(parts: Parts) -> Distance:
    return _distance(parts)


@reads("trail_after")
def _trail_after(parts: Parts) -> TrailSaid:
    return TrailSaid(parts.all(TrailSaid)[0].distance, _distance(parts), parts.span)


@reads("break_even")
def _break_even(parts: Parts) -> BreakEvenSaid:
    return BreakEvenSaid(_distance(parts), parts.span)
