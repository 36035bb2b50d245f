"""Random stops, targets, trails, sizes, orders and accounts on the scale of a chart."""

from collections.abc import Callable
from typing import Any

from Backtest.canonical import risk
from Backtest.canonical.operands import Arith, Highest, Lowest, Number, Operand, Price
from Backtest.canonical.rules import LimitOrder, MarketOrder, Order, Side, StopOrder
from tests.generators.chart import Workshop
from tests.generators.condition_draws import line


def _distance(shop: Workshop, kind: str, scale: float) -> dict[str, Any]:
    """The fields of a distance; `scale` 1 is that of a stop."""
    draws, chart = shop.draws, shop.chart
    small = chart.symbol == "EURUSD"
    if kind == "percent":
        return {"value": round(scale * (draws.real(0.1, 1.0, 2) if small else draws.real(1.0, 8.0, 1)), 3)}
    if kind == "atr":
        return {"indicator": shop.atr(), "multiple": draws.real(0.5, 4.0, 1) * scale}
    if kind == "price_distance":
        return {"value": round(draws.whole(1, 12) * chart.unit * scale, 4)}
    return {"value": draws.whole(1, 12) * chart.pips * scale}


def gain(shop: Workshop, *, has_stop: bool) -> risk.Gain:
    kind = shop.draws.one_of(("percent", "atr", *(("r", "r") if has_stop else ())))
    if kind == "percent":
        return risk.PercentGain(value=_distance(shop, "percent", 0.5)["value"])
    if kind == "atr":
        return risk.AtrGain(indicator=shop.atr(), value=shop.draws.real(0.5, 3.0, 1))
    return risk.RGain(value=shop.draws.real(0.5, 2.0, 1))


def _beyond(shop: Workshop, *, below: bool) -> Operand:
    """A level at the other side of recent prices."""
    bars = shop.draws.whole(2, 15)
    if shop.draws.chance(30):
        factor = Number(value=0.97 if below else 1.03)
        return Arith(op="*", args=(line(shop) if shop.draws.chance(40) else Price(field="Close"), factor))
    if below:
        return Lowest(of=Price(field="Low"), bars=bars, include_current=True)
    return Highest(of=Price(field="High"), bars=bars, include_current=True)


def stop_loss(shop: Workshop, sides: tuple[Side, ...]) -> risk.StopLoss:
    kinds = ("percent", "atr", "price_distance", "pips", *(("price",) if len(sides) == 1 else ()))
    kind = shop.draws.one_of(kinds)
    if kind == "price":
        return risk.PriceLevel(price=_beyond(shop, below=sides == ("long",)))
    made: dict[str, Callable[..., risk.StopLoss]] = {
        "percent": risk.PercentDistance,
        "atr": risk.AtrDistance,
        "price_distance": risk.PriceDistance,
        "pips": risk.PipsDistance,
    }
    return made[kind](**_distance(shop, kind, 1.0))


def take_profit(shop: Workshop, sides: tuple[Side, ...], *, has_stop: bool) -> risk.TakeProfit:
    if has_stop and shop.draws.chance(30):
        return risk.RMultiple(multiple=shop.draws.real(0.5, 4.0, 1))
    if len(sides) == 1 and shop.draws.chance(35):
        return risk.PriceLevel(price=_beyond(shop, below=sides == ("short",)))
    made: dict[str, Callable[..., risk.TakeProfit]] = {
        "percent": risk.PercentDistance,
        "atr": risk.AtrDistance,
        "price_distance": risk.PriceDistance,
        "pips": risk.PipsDistance,
    }
    kind = shop.draws.one_of(tuple(made))
    return made[kind](**_distance(shop, kind, 2.0))


def trailing_stop(shop: Workshop, *, has_stop: bool) -> risk.TrailingStop:
    made: dict[str, Callable[..., risk.TrailingStop]] = {
        "percent": risk.PercentTrail,
        "atr": risk.AtrTrail,
        "price_distance": risk.PriceTrail,
        "pips": risk.PipsTrail,
    }
    kind = shop.draws.one_of(tuple(made))
    after = shop.draws.maybe(70, lambda: gain(shop, has_stop=has_stop))
    return made[kind](**_distance(shop, kind, 1.0), after_gain=after)


def sizing(shop: Workshop, *, has_stop: bool) -> risk.Sizing:
    draws = shop.draws
    kinds = ("all", "fraction", "units", "cash", "volatility_target", *(("risk", "risk") if has_stop else ()))
    kind = draws.one_of(kinds)
    if kind == "fraction":
        return risk.FractionSizing(value=draws.one_of((0.1, 0.25, 0.5, 0.9, 1.0)))
    if kind == "units":
        return risk.UnitsSizing(value=draws.whole(*shop.chart.units))
    if kind == "cash":
        return risk.CashSizing(value=float(draws.whole(1, 90) * 1_000))
    if kind == "risk":
        return risk.RiskSizing(percent=draws.real(0.2, 3.0, 1))
    if kind == "volatility_target":
        return risk.VolatilityTargetSizing(percent=draws.real(2.0, 40.0, 1))
    return risk.AllSizing()


def commission(shop: Workshop) -> risk.Commission:
    draws = shop.draws
    rate = draws.one_of((0.001, 0.0, 0.0005, 0.002, -0.0001))
    kind = draws.one_of(("rate", "rate", "fixed_plus_rate", "per_unit"))
    if kind == "fixed_plus_rate":
        return risk.FixedPlusRateCommission(fixed=draws.one_of((1.0, 0.0, 9.5)), rate=rate)
    if kind == "per_unit":
        return risk.PerUnitCommission(value=draws.one_of(shop.chart.per_unit))
    return risk.RateCommission(value=rate)


def execution(shop: Workshop) -> risk.Execution:
    draws = shop.draws
    return risk.Execution(
        cash=float(draws.one_of((100_000, 250_000, 1_000_000))),
        commission=commission(shop),
        spread=draws.one_of((0.0, 0.0, 0.0002, 0.001)),
        margin=draws.one_of((1.0, 1.0, 0.5, 0.1)),
    )


def order(shop: Workshop, side: Side, *, may_wait: bool) -> Order:
    """A market order, or one that waits: better than the close (limit), or where the price breaks out (stop)."""
    draws = shop.draws
    kind = draws.one_of(("market", "market", "limit", "stop")) if may_wait else "market"
    if kind == "market":
        return MarketOrder()
    valid = draws.one_of((1, 2, 3, 5, None))
    below = (side == "long") == (kind == "limit")
    if kind == "stop":
        return StopOrder(price=_beyond(shop, below=below), valid_bars=valid)
    near = Number(value=(0.995 if below else 1.005) if shop.chart.symbol == "GOOG" else (0.9995 if below else 1.0005))
    base: Operand = line(shop) if draws.chance(30) else Price(field="Close")
    return LimitOrder(price=Arith(op="*", args=(base, near)), valid_bars=valid)
