"""How far stops, targets and gains lie from a price, and what an entry's signal fixed of them."""

import math
from dataclasses import dataclass
from typing import assert_never

from Backtest.canonical.risk import (
    AtrDistance,
    AtrGain,
    Gain,
    PercentDistance,
    PercentGain,
    PipsDistance,
    PriceDistance,
    PriceLevel,
    RGain,
    RMultiple,
    StopLoss,
    TakeProfit,
    TrailingStop,
)
from Backtest.canonical.rules import Side
from Backtest.canonical.spec import Spec
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.operands import at_bar, value


@dataclass(frozen=True)
class Percent:
    """So many percent of the price that it is measured from."""

    percent: float


@dataclass(frozen=True)
class Distance:
    """`multiple` times a `unit`: so much in price, or so many ATRs."""

    multiple: float
    unit: float

    @property
    def in_price(self) -> float:
        return self.multiple * self.unit


@dataclass(frozen=True)
class Level:
    """A price that stands still; NaN where it was undefined."""

    price: float


@dataclass(frozen=True)
class Multiple:
    """So many times the distance of the fixed stop."""

    of_stop: float


Reach = Percent | Distance | Level | Multiple


@dataclass(frozen=True)
class Plan:
    """What an entry's signal fixed; `sign` is 1 for a long, -1 for a short. None where there is none, and for a stop
    or target at a level that is not on its side of the order's price."""

    sign: int
    stop: Reach | None
    target: Reach | None
    trail_after: Reach | None
    break_even_after: Reach | None

    def stop_from(self, anchor: float) -> float | None:
        """The stop of a position entered at `anchor`."""
        return self._from(self.stop, anchor, -self.sign)

    def target_from(self, anchor: float) -> float | None:
        """The target of a position entered at `anchor`."""
        return self._from(self.target, anchor, self.sign)

    def gain_from(self, gain: Reach | None, anchor: float) -> float | None:
        """The close that is such a gain over `anchor`."""
        return self._from(gain, anchor, self.sign)

    def stop_distance(self, anchor: float) -> float | None:
        """How far the stop lies from `anchor`."""
        match self.stop:
            case Percent():
                return anchor * (self.stop.percent / 100)
            case Distance():
                return self.stop.in_price
            case Level():
                return abs(anchor - self.stop.price)
        return None

    def trail_from(self, trail: Reach | None, best_close: float) -> float | None:
        """The stop that a trail sets behind the best close."""
        return self._from(trail, best_close, -self.sign)

    def _from(self, reach: Reach | None, anchor: float, direction: int) -> float | None:
        match reach:
            case Percent():
                return anchor * ((100 + direction * reach.percent) / 100)
            case Distance():
                return anchor + direction * reach.in_price
            case Level():
                return reach.price
            case Multiple():
                return self._from(self._multiplied(reach, anchor), anchor, direction)
        return None

    def _multiplied(self, multiple: Multiple, anchor: float) -> Reach | None:
        """A multiple of 2 ATRs is so many ATRs, one of a percentage a percentage, one of a level a distance."""
        match self.stop:
            case Percent():
                return Percent(multiple.of_stop * self.stop.percent)
            case Distance():
                return Distance(multiple.of_stop * self.stop.multiple, self.stop.unit)
            case Level():
                return Distance(multiple.of_stop, abs(anchor - self.stop.price))
        return None


UNPROTECTED = Plan(1, None, None, None, None)


def reach_of(risk: StopLoss | TakeProfit | TrailingStop | Gain | None, bar: int, chart: Chart) -> Reach | None:
    """What a stop, a target, a trail or a gain is with the values of `bar`; None for none and for what is undefined."""
    match risk:
        case None:
            return None
        case PercentDistance() | PercentGain():
            return Percent(risk.value)
        case PriceDistance():
            return Distance(risk.value, 1.0)
        case PipsDistance():
            return Distance(risk.value / pips_per_unit(chart.spec), 1.0)
        case AtrDistance():
            return _atrs(risk.multiple, risk.indicator, bar, chart)
        case AtrGain():
            return _atrs(risk.value, risk.indicator, bar, chart)
        case PriceLevel():
            price = value(risk.price, bar, chart, None)
            return Level(math.nan if price is None else price)
        case RMultiple():
            return Multiple(risk.multiple)
        case RGain():
            return Multiple(risk.value)
    assert_never(risk)


def _atrs(multiple: float, identifier: str, bar: int, chart: Chart) -> Distance | None:
    atr = at_bar(chart.indicator(identifier), bar)
    return None if atr is None else Distance(multiple, atr)


def pips_per_unit(spec: Spec) -> int:
    """A pip is 0.0001 of price, for a JPY pair 0.01; dividing by these gives the number that a person would write."""
    return 100 if any("JPY" in instrument.upper() for instrument in spec.instruments) else 10_000


def sign_of(side: Side) -> int:
    return 1 if side == "long" else -1
