"""How many units, or what fraction of the account, an entry takes (rule 24)."""

from typing import assert_never

from Backtest.canonical.risk import (
    AllSizing,
    CashSizing,
    FractionSizing,
    RiskSizing,
    UnitsSizing,
    VolatilityTargetSizing,
)
from Backtest.kernel.interpreter.broker import WHOLE_ACCOUNT, Broker
from Backtest.kernel.interpreter.operands import at_bar
from Backtest.kernel.interpreter.protection import Plan


def size_of(broker: Broker, plan: Plan, price: float) -> float:
    """Units, or a fraction below 1; 0 where there is nothing to send. `price` is the order's, or the signal's close."""
    sizing = broker.chart.spec.sizing
    match sizing:
        case AllSizing():
            return WHOLE_ACCOUNT
        case FractionSizing():
            return min(sizing.value, WHOLE_ACCOUNT)
        case UnitsSizing():
            return sizing.value
        case CashSizing():
            return sizing.value // price
        case RiskSizing():
            return _units_at_risk(broker, plan, price, sizing.percent)
        case VolatilityTargetSizing():
            volatility = at_bar(broker.chart.volatility, broker.bar)
            if volatility is None:
                return 0
            return WHOLE_ACCOUNT if volatility == 0 else min(sizing.percent / 100 / volatility, WHOLE_ACCOUNT)
    assert_never(sizing)


def _units_at_risk(broker: Broker, plan: Plan, price: float, percent: float) -> float:
    """The whole account where the units, spread and commission included, cost more than it can carry."""
    distance = plan.stop_distance(price)
    if not distance:
        return 0
    units = broker.equity() * (percent / 100) // distance
    cost = units * broker.with_spread(plan.sign, price) + broker.commission(units, price)
    return WHOLE_ACCOUNT if cost > broker.equity() * broker.leverage else units
