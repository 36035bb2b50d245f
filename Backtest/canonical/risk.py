"""Stops, targets, trails, gains, position sizes and what trading costs."""

from typing import Annotated, Literal

from pydantic import Field

from Backtest.canonical.node import Count, Finite, Name, Node, NotNegative, Positive
from Backtest.canonical.operands import Operand


class PercentDistance(Node):
    """`value` percent of the entry price."""

    type: Literal["percent"] = "percent"
    value: Positive


class AtrDistance(Node):
    """`multiple` times the ATR named by `indicator`: the signal bar's, for trails the current bar's."""

    type: Literal["atr"] = "atr"
    indicator: Name
    multiple: Positive


class PriceDistance(Node):
    """`value` in units of price."""

    type: Literal["price_distance"] = "price_distance"
    value: Positive


class PipsDistance(Node):
    """`value` pips: 0.0001 of price each, 0.01 for JPY pairs."""

    type: Literal["pips"] = "pips"
    value: Positive


class PriceLevel(Node):
    """A level, fixed at the signal bar."""

    type: Literal["price"] = "price"
    price: Operand


class RMultiple(Node):
    """`multiple` times the distance of the stop."""

    type: Literal["r"] = "r"
    multiple: Positive


class PercentGain(Node):
    """In percent of the entry price."""

    type: Literal["percent"] = "percent"
    value: Positive


class RGain(Node):
    """In multiples of the fixed stop's distance from the fill."""

    type: Literal["r"] = "r"
    value: Positive


class AtrGain(Node):
    """In multiples of the ATR on the signal bar."""

    type: Literal["atr"] = "atr"
    indicator: Name
    value: Positive


Gain = Annotated[PercentGain | RGain | AtrGain, Field(discriminator="type")]
StopLoss = Annotated[
    PercentDistance | AtrDistance | PriceDistance | PipsDistance | PriceLevel, Field(discriminator="type")
]
TakeProfit = Annotated[
    PercentDistance | AtrDistance | PriceDistance | PipsDistance | PriceLevel | RMultiple, Field(discriminator="type")
]


class PercentTrail(PercentDistance):
    """`value` percent behind the best close since entry, from `after_gain` on where there is one."""

    after_gain: Gain | None = None


class AtrTrail(AtrDistance):
    """`multiple` times the ATR behind the best close since entry, from `after_gain` on where there is one."""

    after_gain: Gain | None = None


class PriceTrail(PriceDistance):
    """`value` in price behind the best close since entry, from `after_gain` on where there is one."""

    after_gain: Gain | None = None


class PipsTrail(PipsDistance):
    """`value` pips behind the best close since entry, from `after_gain` on where there is one."""

    after_gain: Gain | None = None


TrailingStop = Annotated[PercentTrail | AtrTrail | PriceTrail | PipsTrail, Field(discriminator="type")]


class BreakEven(Node):
    """On the first close with a gain of `after_gain` the stop goes to the entry price, unless it is tighter already."""

    after_gain: Gain


class Risk(Node):
    """What protects an open position; null where nothing does."""

    stop_loss: StopLoss | None = None
    take_profit: TakeProfit | None = None
    trailing_stop: TrailingStop | None = None
    break_even: BreakEven | None = None
    max_bars: Count | None = None


class AllSizing(Node):
    """The whole account."""

    type: Literal["all"] = "all"


class FractionSizing(Node):
    """`value` (0..1] of the available margin times leverage."""

    type: Literal["fraction"] = "fraction"
    value: Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1)]


class UnitsSizing(Node):
    """`value` units."""

    type: Literal["units"] = "units"
    value: Count


class CashSizing(Node):
    """floor(`value` / close) units."""

    type: Literal["cash"] = "cash"
    value: Positive


class RiskSizing(Node):
    """floor(equity * `percent` % / stop distance) units; needs a stop."""

    type: Literal["risk"] = "risk"
    percent: Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=100)]


class VolatilityTargetSizing(Node):
    """`percent` % / realised volatility (20), at most the whole account."""

    type: Literal["volatility_target"] = "volatility_target"
    percent: Positive


Sizing = Annotated[
    AllSizing | FractionSizing | UnitsSizing | CashSizing | RiskSizing | VolatilityTargetSizing,
    Field(discriminator="type"),
]

Rate = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=-0.1, lt=0.1)]


class RateCommission(Node):
    """A fraction of the order's value per side; negative is a rebate."""

    type: Literal["rate"] = "rate"
    value: Rate


class FixedPlusRateCommission(Node):
    """`fixed` in cash plus `rate` of the order's value per side."""

    type: Literal["fixed_plus_rate"] = "fixed_plus_rate"
    fixed: NotNegative
    rate: Rate


class PerUnitCommission(Node):
    """`value` in cash for each unit per side."""

    type: Literal["per_unit"] = "per_unit"
    value: NotNegative


Commission = Annotated[RateCommission | FixedPlusRateCommission | PerUnitCommission, Field(discriminator="type")]


class Execution(Node):
    """The account: cash, what each side costs, the spread as a fraction of price, and margin (1 = no leverage)."""

    cash: Positive = 100_000.0
    commission: Commission = RateCommission(value=0.001)
    spread: Annotated[Finite, Field(ge=0, lt=1)] = 0.0
    margin: Annotated[Finite, Field(gt=0, le=1)] = 1.0
