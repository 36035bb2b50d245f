"""Stops, targets, trails, sizes and the account as said, to the sections of a canonical document."""

from collections.abc import Sequence

from Backtest.indicators.indicator_registry import find
from Backtest.reader.operands import Operands
from Backtest.reader.scope import Json, Scope, Unread
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BreakEvenSaid,
    SizeSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import Apart, Before, Direction, Distance, Extreme, Mention, OperandSaid, PriceOf, Span


def side_of_level(level: OperandSaid | None) -> Direction | None:
    """Whether a level is one below the price ("the 10-day low") or above it, None where it may be either."""
    match level:
        case Extreme(kind="low") | Before(column="Low") | PriceOf(column="Low") | Mention(output="lower"):
            return "down"
        case Extreme(kind="high") | Before(column="High") | PriceOf(column="High") | Mention(output="upper"):
            return "up"
        case Apart(base=base):
            return side_of_level(base)
        case _:
            return None


def check_until(stop: StopSaid, others: Sequence[object]) -> None:
    """Raises Unread for a stop "until then" that would still be the tighter one: after that it does not hold.

    The stop of a position holds for all of it, beside the trail; where the trail begins above it that is the same.
    """
    if any(isinstance(one, BreakEvenSaid) for one in others):
        return
    trails = [one for one in others if isinstance(one, TrailSaid) and one.after is not None]
    distances = [stop.distance, *(one for trail in trails for one in (trail.after, trail.distance))]
    if len(trails) != 1 or any(one is None or one.kind != "percent" for one in distances):
        raise Unread("until when this stop holds", stop.span, "stop")
    held, gain, behind = (one.value / 100 for one in distances if one is not None)
    if (1 + gain) * (1 - behind) < 1 - held or (1 - gain) * (1 + behind) > 1 + held:
        raise Unread("a stop that ends when a looser trail begins is not in the language", stop.span, "stop")


class RiskSections:
    """Each method answers one section, in canonical JSON."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.operands = Operands(scope)

    def stop(self, said: StopSaid) -> Json:
        if said.distance is None:
            return self._stop_level(said)
        if said.distance.kind == "r":
            raise Unread("a stop in multiples of itself", said.span, "stop")
        return self._distance(said.distance)

    def target(self, said: TargetSaid) -> Json:
        if said.distance is None:
            return self._target_level(said)
        return self._distance(said.distance)

    def _stop_level(self, said: StopSaid) -> Json:
        """A price that is fixed on the signal bar."""
        if said.level is None:
            raise Unread("a stop at what", said.span, "stop")
        if said.beyond is not None:
            way = "below" if said.beyond == "down" else "above"
            question = f"How far {way} this level is the stop?"
            self.scope.desk.choice("stop", question, said.span, {"at": "at the level itself"}, "at")
        self.scope.ledger.note("stop level", "/risk/stop_loss", "fixed on the signal bar", 23)
        return {"type": "price", "price": self.operands.resolve(said.level)}

    def _target_level(self, said: TargetSaid) -> Json:
        if said.level is None:
            raise Unread("a target at what", said.span, "target")
        if not said.fixed:
            offered = {"fixed": "fixed on the signal bar; for one that moves say 'sell when price touches ...'"}
            self.scope.desk.choice("target", "Is this target fixed, or does it move with its line?", said.span, offered)
        return {"type": "price", "price": self.operands.resolve(said.level)}

    def trail(self, said: TrailSaid) -> Json:
        return {**self._distance(said.distance), "after_gain": self.gain(said.after) if said.after else None}

    def break_even(self, said: BreakEvenSaid) -> Json:
        if said.after is None:
            raise Unread("break-even after what", said.span, "stop")
        return {"after_gain": self.gain(said.after)}

    def gain(self, said: Distance) -> Json:
        """A profit on the close, in percent, R or ATR (rule 18)."""
        match said.kind:
            case "percent" | "r":
                return {"type": said.kind, "value": said.value}
            case "atr":
                return {"type": "atr", "indicator": self._atr(said.atr, said.span), "value": said.value}
            case _:
                raise Unread(
                    f"unsupported: a gain in {said.kind} is not in the language", said.span, "stop", unsupported=True
                )

    def _distance(self, said: Distance) -> Json:
        match said.kind:
            case "percent":
                return {"type": "percent", "value": said.value}
            case "atr":
                return {"type": "atr", "indicator": self._atr(said.atr, said.span), "multiple": said.value}
            case "money":
                self.scope.ledger.note("distance", "/risk", "in price from the fill", 17)
                return {"type": "price_distance", "value": said.value}
            case "points":
                raise Unread("how much is a point", said.span, "stop")
            case "pips":
                self.scope.ledger.note("pip", "/risk", self.scope.pip(), 17)
                return {"type": "pips", "value": said.value}
            case _:
                self.scope.ledger.note("R", "/risk/take_profit", "multiples of the stop distance", 17)
                return {"type": "r", "multiple": said.value}

    def _atr(self, said: Mention | None, span: Span) -> str:
        if said is None:
            raise Unread("the ATR of what", span, "stop")
        params, timeframe = self.operands.parameters(find("ATR"), said)
        return self.scope.declared.declare(find("ATR"), params, None, timeframe)

    def size(self, said: SizeSaid) -> Json:
        match said.kind:
            case "fraction":
                return {"type": "fraction", "value": said.value}
            case "units":
                return {"type": "units", "value": int(said.value)}
            case "cash":
                return {"type": "cash", "value": said.value}
            case "risk":
                return {"type": "risk", "percent": said.value}
            case "volatility":
                return {"type": "volatility_target", "percent": said.value}
            case "all":
                return {"type": "all"}
            case _:
                question = "A loss in money is not a stop: what is risked on each trade?"
                examples = ("risk 1% of equity per trade", "use 100 shares per trade")
                self.scope.desk.sentence("size", question, said.span, examples)
                raise Unread("a loss in money", said.span, "size")


def account_section(said: list[AccountSaid]) -> tuple[Json, list[Span]]:
    """cash, commission, spread and margin as the text says them. Raises Unread for two that contradict each other."""
    told: dict[str, AccountSaid] = {}
    for one in said:
        if one.kind in told and told[one.kind].value != one.value:
            raise Unread(f"two values for {one.kind.replace('_', ' ')}", one.span, "account")
        told[one.kind] = one
    section: Json = {key: told[key].value for key in ("cash", "spread", "margin") if key in told}
    rate, fixed, per_unit = (told.get(f"commission_{kind}") for kind in ("rate", "fixed", "per_unit"))
    if per_unit is not None and (rate is not None or fixed is not None):
        raise Unread("two kinds of commission", per_unit.span, "account")
    if per_unit is not None:
        section["commission"] = {"type": "per_unit", "value": per_unit.value}
    elif fixed is not None:
        section["commission"] = {"type": "fixed_plus_rate", "fixed": fixed.value, "rate": rate.value if rate else 0.0}
    elif rate is not None:
        section["commission"] = {"type": "rate", "value": rate.value}
    return section, [one.span for one in told.values()]
