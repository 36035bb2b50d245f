"""What a spec says of orders, sizes and risk, as plain numbers for the event loop."""

from typing import Final, NamedTuple

import numpy as np

from Backtest.account import Account
from Backtest.canonical import risk as r
from Backtest.canonical.rules import EntryRule, ExitRule, LimitOrder, StopOrder
from Backtest.canonical.spec import Spec
from Backtest.kernel.columns import IndicatorColumn, PriceColumn
from Backtest.kernel.rule_program import ProgramBuilder, RuleProgram, unsupported
from Backtest.timeframes import bars_per_year

# how far a level lies from a price
NOTHING: Final = 0
PERCENT: Final = 1  # of the price
ATR: Final = 2  # so many of a column, on the signal bar
PRICE: Final = 3  # in units of price
LEVEL: Final = 4  # no distance: a column's value on the signal bar
OF_LEVEL: Final = 5  # so many of the price's distance from the stop's column on the signal bar
AT_ONCE: Final = 6  # a gain that every close has

# sizes
ALL: Final = 0
UNITS: Final = 1
CASH: Final = 2
RISK: Final = 3
VOLATILITY: Final = 4

# orders
MARKET: Final = 1
LIMIT: Final = 2
STOP: Final = 3

WHOLE_ACCOUNT: Final = 1 - np.finfo(np.float64).eps  # what backtesting.py takes for an order without a size
PIPS_PER_UNIT: Final = 10_000
YEN_PIPS_PER_UNIT: Final = 100
VOLATILITY_BARS: Final = 20

# columns of the tables of rules
SIDE: Final = 0  # 1 long, -1 short
TRUTH: Final = 1  # its register
ORDER: Final = 2
PRICE_REGISTER: Final = 3
VALID_BARS: Final = 4  # 0: until filled or replaced
PART: Final = 2  # which of the portions; -1 closes all
IS_LIVE: Final = 3


class Distance(NamedTuple):
    kind: int = NOTHING
    value: float = 0.0
    register: int = 0


class Plan(NamedTuple):
    """One run's numbers. Rates are fractions, `*_kind` one of the constants above, `*_column` a register;
    `max_bars` 0 is no limit. R multiples are resolved to distances."""

    cash: float
    spread: float
    leverage: float
    commission_fixed: float
    commission_rate: float
    commission_per_unit: float
    stop_kind: int
    stop_value: float
    stop_column: int
    target_kind: int
    target_value: float
    target_column: int
    trail_kind: int
    trail_value: float
    trail_column: int
    trail_gain_kind: int
    trail_gain_value: float
    trail_gain_column: int
    even_gain_kind: int
    even_gain_value: float
    even_gain_column: int
    size_kind: int
    size_value: float
    size_column: int
    max_bars: int
    cooldown_bars: int
    first_bar: int


PLAN: Final = np.dtype([(name, "i8" if kind is int else "f8") for name, kind in Plan.__annotations__.items()])
"""A `Plan` as the event loop takes it: by reference, and many of them in one array for a sweep."""


class StrategyPlan(NamedTuple):
    """All that a spec comes to, but for the bars; `plan` is one record of PLAN."""

    program: RuleProgram
    plan: np.ndarray
    entries: np.ndarray
    exits: np.ndarray
    portions: np.ndarray
    entry_rule_ids: tuple[str, ...]
    """The tags of their trades."""
    exit_rule_ids: tuple[str, ...]


def plan_strategy(spec: Spec, account: Account, first_bar: int, *, merges: bool = True) -> StrategyPlan:
    """Raises KernelUnsupported, naming the part, for what is not of the language that lint lets pass.

    Without `merges` the plan has one shape whatever the numbers in the spec are.
    """
    builder = ProgramBuilder(spec, merges)
    for field in ("Open", "High", "Low", "Close"):  # the event loop finds them in rows 0 to 3
        builder.column(PriceColumn(field))
    entries = _entries(spec, builder)
    exits, portions = _exits(spec, builder)
    plan = _plan(spec, account, first_bar, builder)
    _wait_for_the_unused(spec, builder)
    ids = (tuple(rule.id for rule in rules) for rules in (spec.entry_rules, spec.exit_rules))
    return StrategyPlan(builder.program(), np.array([plan], dtype=PLAN), entries, exits, portions, *ids)


def _wait_for_the_unused(spec: Spec, builder: ProgramBuilder) -> None:
    used = builder.indicators_used
    for use in spec.indicators:
        if use.id not in used:
            builder.all_outputs(use)


def _entries(spec: Spec, builder: ProgramBuilder) -> np.ndarray:
    barred = spec.filters
    registers = []
    if barred.weekdays is not None:
        registers.append(builder.weekdays(barred.weekdays))
    if barred.hours is not None:
        registers.append(builder.session(barred.hours))
    if barred.when is not None:
        registers.append(builder.truth(barred.when))
    rows = [_entry(rule, builder, registers) for rule in spec.entry_rules]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 5)


def _entry(rule: EntryRule, builder: ProgramBuilder, filters: list[int]) -> tuple[int, int, int, int, int]:
    truth = builder.all_true([builder.truth(rule.when), *filters])
    if builder.is_live(truth):
        raise unsupported("the open position is spoken of outside an exit rule", "say it in an exit rule")
    kinds = {LimitOrder: LIMIT, StopOrder: STOP}
    side = 1 if rule.side == "long" else -1
    if not isinstance(rule.order, LimitOrder | StopOrder):
        return side, truth, MARKET, 0, 0
    return side, truth, kinds[type(rule.order)], builder.fixed(rule.order.price), rule.order.valid_bars or 0


def _exits(spec: Spec, builder: ProgramBuilder) -> tuple[np.ndarray, np.ndarray]:
    rows: list[tuple[int, int, int, int]] = []
    portions: list[float] = []
    for rule in spec.exit_rules:
        truth = builder.truth(rule.when)
        rows.append((1 if rule.side == "long" else -1, truth, _part(rule, portions), int(builder.is_live(truth))))
    return np.array(rows, dtype=np.int64).reshape(len(rows), 4), np.array(portions, dtype=np.float64)


def _part(rule: ExitRule, portions: list[float]) -> int:
    if rule.portion == 1:
        return -1
    portions.append(rule.portion)
    return len(portions) - 1


def _plan(spec: Spec, account: Account, first_bar: int, builder: ProgramBuilder) -> Plan:
    risk = spec.risk
    stop = _distance(risk.stop_loss, spec, builder)
    target = _distance(risk.take_profit, spec, builder)
    if isinstance(risk.take_profit, r.RMultiple):
        target = _r_multiple(risk.take_profit.multiple, stop)
    trail = risk.trailing_stop
    begins = _gain(trail.after_gain, stop, builder) if trail is not None else Distance()
    even = _gain(risk.break_even.after_gain, stop, builder) if risk.break_even is not None else Distance()
    return Plan(
        float(account.cash),
        float(account.spread),
        1 / account.margin,
        float(account.commission_fixed),
        float(account.commission_rate),
        float(account.commission_per_unit),
        *stop,
        *target,
        *_distance(trail, spec, builder),
        *begins,
        *even,
        *_size(spec, builder),
        risk.max_bars or 0,
        spec.filters.cooldown_bars,
        first_bar,
    )


def _distance(node: r.StopLoss | r.TakeProfit | r.TrailingStop | None, spec: Spec, builder: ProgramBuilder) -> Distance:
    """R multiples aside, which need the stop's."""
    match node:
        case r.PercentDistance(value=value):
            return Distance(PERCENT, value)
        case r.AtrDistance(indicator=identifier, multiple=multiple):
            return Distance(ATR, multiple, builder.indicator(identifier))
        case r.PriceDistance(value=value):
            return Distance(PRICE, value)
        case r.PipsDistance(value=value):
            return Distance(PRICE, value / _pips_per_unit(spec))
        case r.PriceLevel(price=operand):
            return Distance(LEVEL, 0.0, builder.fixed(operand))
    return Distance()


def _pips_per_unit(spec: Spec) -> int:
    """A quotient, since 70 * 0.01 is not the nearest double to 0.7."""
    return YEN_PIPS_PER_UNIT if any("JPY" in name.upper() for name in spec.instruments) else PIPS_PER_UNIT


def _r_multiple(multiple: float, stop: Distance) -> Distance:
    if stop.kind == NOTHING:
        raise unsupported("R is the distance of the stop, and there is none", "add a stop")
    if stop.kind == LEVEL:
        return Distance(OF_LEVEL, multiple, stop.register)
    return Distance(stop.kind, multiple * stop.value, stop.register)


def _gain(node: r.Gain | None, stop: Distance, builder: ProgramBuilder) -> Distance:
    match node:
        case r.PercentGain(value=value):
            return Distance(PERCENT, value)
        case r.AtrGain(indicator=identifier, value=value):
            return Distance(ATR, value, builder.indicator(identifier))
        case r.RGain(value=value):
            return _r_multiple(value, stop)
    return Distance(AT_ONCE)


def _size(spec: Spec, builder: ProgramBuilder) -> Distance:
    match spec.sizing:
        case r.FractionSizing(value=value):
            return Distance(ALL, WHOLE_ACCOUNT if value == 1 else value)
        case r.UnitsSizing(value=value):
            return Distance(UNITS, float(value))
        case r.CashSizing(value=value):
            return Distance(CASH, value)
        case r.RiskSizing(percent=percent):
            if spec.risk.stop_loss is None:
                raise unsupported("risking a part of the account needs a stop to measure the risk by", "add a stop")
            return Distance(RISK, percent)
        case r.VolatilityTargetSizing(percent=percent):
            params = (("timeperiod", VOLATILITY_BARS), ("bars_per_year", bars_per_year(spec.timeframe)))
            column = IndicatorColumn("REALISED_VOLATILITY", params, "Close", None, 0)
            return Distance(VOLATILITY, percent, builder.wait_for_column(column, "realised volatility"))
    return Distance(ALL, WHOLE_ACCOUNT)
