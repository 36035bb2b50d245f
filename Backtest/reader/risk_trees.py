"""Stops, targets and trails out of parse trees."""

from dataclasses import replace

from Backtest.reader.formula_trees import sign
from Backtest.reader.operand_trees import operand, ratio
from Backtest.reader.statement_syntax import (
    BreakEvenSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import (
    Direction,
    Distance,
)
from Backtest.reader.trees import Misread, Parts, reads

_PUT = frozenset({"set", "put", "place", "i set", "i put", "we set", "we put"})


def _side_of_entry(parts: Parts) -> Direction | None:
    return "up" if parts.has("ABOVE") else "down" if parts.has("BELOW") else None


def _distance(parts: Parts) -> Distance:
    return parts.all(Distance)[0]


def _check_money(parts: Parts) -> None:
    """ "a $5 stop" is a distance (rule 17); "stop at $90" may be a price."""
    if _distance(parts).kind != "money":
        return
    if parts.has("AGAINST"):
        raise Misread("a loss in money, or a distance")
    if parts.has("AT") and not parts.has("ENTRY"):
        raise Misread("a price, or a distance from the entry")


@reads("falling_stop")
def _falling_stop(parts: Parts) -> StopSaid:
    """ "-4% stop": the sign says where it lies."""
    percent = parts.value("PERCENT") or 0.0
    if percent >= 0:
        raise Misread("no fall")
    return StopSaid(Distance("percent", -percent, span=parts.span), span=parts.span)


@reads("stop")
def _stop(parts: Parts) -> StopSaid:
    _check_money(parts)
    return StopSaid(_distance(parts), direction=_side_of_entry(parts), span=parts.span)


@reads("stop_distance")
def _stop_distance(parts: Parts) -> StopSaid:
    """ "Stop distance: 2.5 x ATR(20)"."""
    said = parts.tokens("R_UNIT")[0].text.lower()
    if "stop" not in said or "distance" not in said:
        raise Misread("what is risked")
    return StopSaid(_distance(parts), span=parts.span)


@reads("stop_level")
def _stop_level(parts: Parts) -> StopSaid:
    way: Direction | None = "up" if parts.has("ABOVE") else "down" if parts.has("BELOW") else None
    return StopSaid(None, operand(parts), beyond=way, span=parts.span)


@reads("target_level")
def _target_level(parts: Parts) -> TargetSaid:
    return TargetSaid(None, operand(parts), span=parts.span)


@reads("target")
def _target(parts: Parts) -> TargetSaid:
    distance = parts.one(Distance)
    if distance is not None:
        _check_money(parts)
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
    named = parts.token("TRAIL", "TRAILING_STOP")
    if named is not None and parts.has("AT") and named.text.lower().startswith(("start", "begin", "activate")):
        raise Misread("where it begins, or how far behind it is")
    way: Direction | None = "up" if parts.has("ABOVE") and parts.has("LOWEST_CLOSE") else None
    if (parts.has("LOWEST_CLOSE") and way is None) or (parts.has("HIGHEST_CLOSE") and parts.has("ABOVE", "OVER")):
        raise Misread("a trail on the other side of the price")
    return TrailSaid(distance, span=parts.span, direction=way)


@reads("stop_at_share")
def _stop_at_share(parts: Parts) -> StopSaid:
    """ "A stop at 93% of the entry price" of a long, at 107% of a short; "at 5% of it" may be how far off it is."""
    share = parts.value("PERCENT") or 0.0
    if not 50 <= share <= 150 or share == 100:
        raise Misread("no share of a price")
    apart = Distance("percent", round(abs(100 - share), 9), span=parts.span)
    return StopSaid(apart, direction="down" if share < 100 else "up", span=parts.span)


@reads("greatest_loss")
def _greatest_loss(parts: Parts) -> StopSaid:
    """ "Max loss per trade is 6% from entry"; a loss in money is none in price (rule 17)."""
    distance = _distance(parts)
    if distance.kind not in {"percent", "atr", "pips"}:
        raise Misread("a loss in money")
    return StopSaid(distance, span=parts.span)


@reads("stop_with_target")
def _stop_with_target(parts: Parts) -> tuple[Statement, ...]:
    """ "SL/TP: 2% / 4%"."""
    distances = parts.all(Distance)
    stop = StopSaid(distances[0], span=parts.span)
    return stop, TargetSaid(distances[-1], span=parts.span)


@reads("stop_from_entry")
def _stop_from_entry(parts: Parts) -> StopSaid:
    """ "Stop = entry - 2 ATR", of a long."""
    if not parts.has("LESS") and sign(parts) != "-":
        raise Misread("no stop of a long")
    return StopSaid(_distance(parts), direction="down", span=parts.span)


@reads("target_from_entry")
def _target_from_entry(parts: Parts) -> TargetSaid:
    """ "Target: entry + 10%", of a long."""
    if sign(parts) != "+":
        raise Misread("no target of a long")
    return TargetSaid(_distance(parts), direction="up", span=parts.span)


@reads("gain")
def _gain(parts: Parts) -> Distance:
    return _distance(parts)


@reads("trail_after")
def _trail_after(parts: Parts) -> TrailSaid:
    trails = parts.all(TrailSaid)
    if trails:
        return replace(trails[0], after=_distance(parts), span=parts.span)
    gain, distance = parts.all(Distance)
    if distance.kind == "r":
        raise Misread("a trail in R")
    return TrailSaid(distance, gain, parts.span)


@reads("break_even")
def _break_even(parts: Parts) -> BreakEvenSaid:
    verb = parts.token("PLACE")
    if verb is not None and verb.text.lower() not in _PUT:
        raise Misread("it is not said that the stop is moved")
    return BreakEvenSaid(_distance(parts), parts.span)
