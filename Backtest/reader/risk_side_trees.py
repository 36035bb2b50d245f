"""Stops and targets of one side or of both, until something happens, at a share of a price, out of parse trees."""

from dataclasses import replace

from Backtest.reader.exit_trees import ExitAct
from Backtest.reader.operand_trees import operand
from Backtest.reader.statement_syntax import HoldSaid, NoteSaid, Statement, StopSaid, TargetSaid, TrailSaid
from Backtest.reader.statement_trees import Held, flat
from Backtest.reader.syntax import Apart, Direction, Distance
from Backtest.reader.trees import Misread, Parts, reads

_AWAY: dict[str, Direction] = {"long": "down", "short": "up"}


@reads("of_side")
def _of_side(parts: Parts) -> str:
    """ "for shorts": the side that a stop is said of."""
    only = parts.token("LONG_ONLY")
    if only is not None and only.text.lower() != "long trades":
        raise Misread("no other side")
    return "short" if parts.has("SHORT", "L_SHORT_ENTRY") else "long"


def _sided(said: StopSaid | TargetSaid | TrailSaid, side: str) -> StopSaid | TargetSaid | TrailSaid:
    """What is said of one side, on that side's side of the entry."""
    way = _AWAY[side]
    if isinstance(said, TargetSaid):
        way = "down" if way == "up" else "up"
    if said.direction not in {None, way}:
        raise Misread("on the other side of the entry")
    return replace(said, direction=way)


@reads("risk_for_side", "stop_of_side_said")
def _risk_for_side(parts: Parts) -> StopSaid | TargetSaid | TrailSaid:
    """ "For shorts the stop goes 2% above the entry"."""
    told: tuple[StopSaid | TargetSaid | TrailSaid, ...] = parts.all(StopSaid, TargetSaid, TrailSaid)
    (side,) = parts.all(str)
    return replace(_sided(told[0], side), span=parts.span)


@reads("stop_of_both")
def _stop_of_both(parts: Parts) -> StopSaid:
    """ "For longs the stop is 3% below the entry, for shorts 3% above": one stop of both sides."""
    first, second = parts.all(StopSaid)[0], parts.all(Distance)[0]
    way: Direction | None = "up" if parts.has("ABOVE", "OVER") else "down" if parts.has("BELOW") else None
    sides = {_AWAY[side] for side in parts.all(str)}
    told = {way} if way is not None else sides
    if len(told) != 1 or first.direction in told or (sides and sides != told):
        raise Misread("which side the second one is for")
    if first.distance is None or first.distance != second:
        raise Misread("unlike stops of the two sides are not in the language")
    return StopSaid(first.distance, span=parts.span)


@reads("stop_level_of_side")
def _stop_level_of_side(parts: Parts) -> StopSaid:
    """ "Stop below entry at the 50-day SMA of the signal bar"."""
    return StopSaid(None, operand(parts), direction="up" if parts.has("ABOVE") else "down", span=parts.span)


@reads("stop_beyond_by")
def _stop_beyond_by(parts: Parts) -> StopSaid:
    """ "Stop under the low of the signal bar by half an ATR"."""
    way: Direction = "up" if parts.has("ABOVE") else "down"
    return StopSaid(None, Apart(parts.all(Distance)[0], way, operand(parts), parts.span), span=parts.span)


@reads("only_risk")
def _only_risk(parts: Parts) -> tuple[Statement, ...]:
    """ "A 5% stop only": a stop that nothing else stands beside is the way out."""
    (said,) = flat(parts.items)
    return (NoteSaid("no_other_exit", parts.span), said) if isinstance(said, StopSaid) else (said,)


@reads("only_exits")
def _only_exits(parts: Parts) -> tuple[Statement, ...]:
    """ "The only exits are a 5% stop and 20 bars": each of them, and nothing else."""
    ways = (*flat(parts.items), *(HoldSaid(one.period, parts.span) for one in parts.all(Held)))
    if len({type(one) for one in ways}) != len(ways):
        raise Misread("two of a kind")
    return NoteSaid("no_other_exit", parts.span), *ways


@reads("only_stop")
def _only_stop(parts: Parts) -> tuple[Statement, ...]:
    """ "A stop only, 5%"."""
    distance = parts.all(Distance)[0]
    if distance.kind == "money":
        raise Misread("a price, or a distance from the entry")
    return NoteSaid("no_other_exit", parts.span), StopSaid(distance, span=parts.span)


@reads("stop_until_then")
def _stop_until_then(parts: Parts) -> StopSaid:
    """ "Until then a 6% stop", "start with a 6% stop"."""
    begun = parts.token("CASH")
    if begun is not None and not begun.text.lower().endswith("with"):
        raise Misread("a sum of money")
    return replace(parts.all(StopSaid)[0], until=True, span=parts.span)


@reads("stop_then_trail")
def _stop_then_trail(parts: Parts) -> tuple[Statement, ...]:
    """ "Stop 6% until the trade is up 8%, then trail by 5%"."""
    stop, trail = parts.all(StopSaid)[0], parts.all(TrailSaid)[0]
    return replace(stop, until=True, span=parts.span), replace(trail, after=parts.all(Distance)[0], span=parts.span)


@reads("target_fixed")
def _target_fixed(parts: Parts) -> TargetSaid:
    """ "Take profit at the upper band of the signal bar"."""
    return TargetSaid(None, operand(parts), span=parts.span, fixed=True)


@reads("target_at_share")
def _target_at_share(parts: Parts) -> TargetSaid:
    """ "Take profit at 110% of the entry price" of a long, at 90% of a short."""
    share = parts.value("PERCENT") or 0.0
    if not 50 <= share < 300 or share == 100:  # "at 10% of it" may be how far off it is
        raise Misread("no share of a price")
    apart = Distance("percent", round(abs(100 - share), 9), span=parts.span)
    return TargetSaid(apart, direction="up" if share > 100 else "down", span=parts.span)


@reads("target_reward", "target_to_one")
def _target_reward(parts: Parts) -> TargetSaid:
    """ "Reward to risk of 3", "aim for two to one"."""
    numbers = [
        float(token.value) for token in parts.tokens("NUMBER", "RMULT", "TIMES") if isinstance(token.value, float)
    ]
    if parts.rule == "target_to_one" and min(numbers) != 1:
        raise Misread("a range of targets")
    if not numbers or max(numbers) <= 0:
        raise Misread("a ratio of nothing")
    return TargetSaid(Distance("r", max(numbers), span=parts.span), span=parts.span)


@reads("target_with_stop")
def _target_with_stop(parts: Parts) -> tuple[Statement, ...]:
    """ "TP/SL: 9%/3%"."""
    target, stop = parts.all(Distance)
    return StopSaid(stop, span=parts.span), TargetSaid(target, span=parts.span)


@reads("exit_by_limit")
def _exit_by_limit(parts: Parts) -> TargetSaid:
    """ "Exit with a limit order 8% above the entry"."""
    act = parts.all(ExitAct)[0]
    if act.portion is not None:
        raise Misread("a part closed inside the bar")
    distance = parts.all(Distance)[0]
    if distance.kind == "money":
        raise Misread("a price, or a distance from the entry")
    way: Direction | None = "up" if parts.has("ABOVE", "OVER") else "down" if parts.has("BELOW") else None
    return TargetSaid(distance, direction=way, span=parts.span)
