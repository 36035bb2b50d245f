"""Random strategies over the whole language: valid, lint-clean, and on a scale that trades on GOOG (1d) and EURUSD (1h)."""

from hypothesis import strategies as st

from Backtest.canonical.conditions import WEEKDAYS
from Backtest.canonical.operands import IndicatorRef, ParamRef
from Backtest.canonical.risk import AtrDistance, AtrGain, BreakEven, Risk, StopLoss
from Backtest.canonical.rules import EntryRule, ExitRule, Filters, Session, Side
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.indicators.indicator_registry import indicators
from tests.generators import risk_draws
from tests.generators.chart import EURUSD, GOOG, Workshop
from tests.generators.condition_draws import condition, hours
from tests.generators.draws import Draws


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """A spec of GOOG's daily or EURUSD's hourly chart; `spec.timeframe` tells which ("1d" or "1h")."""
    draws = Draws(draw)
    shop = Workshop(draws, draws.one_of((GOOG, EURUSD)))
    sides: tuple[Side, ...] = draws.one_of((("long",), ("short",), ("long", "short"), ("long", "short")))
    stop = draws.maybe(65, lambda: risk_draws.stop_loss(shop, sides))
    filters = _filters(shop)
    entries = _entries(shop, sides)
    risk = _risk(shop, sides, stop)
    exits = _exits(shop, sides, is_needed=not _always_leaves(risk))
    unused = shop.indicator(draws.one_of(indicators())).id if draws.chance(8) else ""
    spec = Spec(
        strategy_name=f"{shop.chart.symbol} {'/'.join(sides)}",
        instruments=(shop.chart.symbol,) if draws.chance(70) else (),
        timeframe=shop.chart.timeframe,
        sizing=risk_draws.sizing(shop, has_stop=stop is not None),
        execution=risk_draws.execution(shop),
        entry_rules=entries,
        exit_rules=exits,
        risk=risk,
        filters=filters,
        parameters=tuple(shop.parameters.values()),
        constraints=tuple(shop.constraints),
        indicators=tuple(shop.uses.values()),
    )
    return _pruned(spec, unused)


def _pruned(spec: Spec, unused: str) -> Spec:
    """Without what was declared for conditions that were not taken; `unused` stays, and counts for the warm-up."""
    nodes = [node for _, node in walk(spec)]
    used = {unused, *(node.id for node in nodes if isinstance(node, IndicatorRef))}
    used |= {node.indicator for node in nodes if isinstance(node, AtrDistance | AtrGain)}
    kept = tuple(use for use in spec.indicators if use.id in used)
    rules = (*spec.entry_rules, *spec.exit_rules, spec.filters, *kept)
    names = {node.name for rule in rules for _, node in walk(rule) if isinstance(node, ParamRef)}
    constraints = spec.constraints if {"fast", "slow"} <= names else ()
    parameters = tuple(parameter for parameter in spec.parameters if parameter.name in names)
    return spec.model_copy(update={"indicators": kept, "parameters": parameters, "constraints": constraints})


def _filters(shop: Workshop) -> Filters:
    """Drawn first: what they speak of, the entries leave alone."""
    draws = shop.draws
    days = draws.maybe(20, lambda: draws.some_of(WEEKDAYS[:5], 2, 4))
    if days is not None:
        shop.say("weekday")
    session = draws.maybe(30, lambda: hours(shop))
    return Filters(
        weekdays=days,
        hours=None if session is None else Session(start=session.start, end=session.end),
        when=draws.maybe(20, lambda: condition(shop, in_exit=False, depth=1)),
        cooldown_bars=draws.one_of((0, 0, 1, 3, 8)),
    )


def _entries(shop: Workshop, sides: tuple[Side, ...]) -> tuple[EntryRule, ...]:
    """One or two rules a side; orders of one side only may wait."""
    draws = shop.draws
    said_by_filters = set(shop.said)
    waiting = draws.one_of(sides)
    rules: list[EntryRule] = []
    for side in sides:
        for _ in range(draws.whole(1, 2)):
            shop.said = set(said_by_filters)
            order = risk_draws.order(shop, side, may_wait=side == waiting)
            when = None if draws.chance(6) else condition(shop, in_exit=False)
            rules.append(EntryRule(id=f"entry_{len(rules) + 1}", side=side, order=order, when=when))
    return tuple(rules)


def _risk(shop: Workshop, sides: tuple[Side, ...], stop: StopLoss | None) -> Risk:
    draws, has_stop = shop.draws, stop is not None
    return Risk(
        stop_loss=stop,
        take_profit=draws.maybe(60, lambda: risk_draws.take_profit(shop, sides, has_stop=has_stop)),
        trailing_stop=draws.maybe(45, lambda: risk_draws.trailing_stop(shop, has_stop=has_stop)),
        break_even=draws.maybe(35, lambda: BreakEven(after_gain=risk_draws.gain(shop, has_stop=has_stop))),
        max_bars=draws.maybe(25, lambda: draws.whole(1, 40)),
    )


def _always_leaves(risk: Risk) -> bool:
    return any(way is not None for way in (risk.stop_loss, risk.take_profit, risk.trailing_stop, risk.max_bars))


def _exits(shop: Workshop, sides: tuple[Side, ...], *, is_needed: bool) -> tuple[ExitRule, ...]:
    """Up to two partial exits and a full one for each side; the full one wherever nothing else leaves."""
    draws = shop.draws
    rules: list[ExitRule] = []
    for side in sides:
        portions = [draws.one_of((0.5, 0.25, 0.33, 0.8)) for _ in range(draws.one_of((0, 0, 1, 2)))]
        if is_needed or draws.chance(70):
            portions.insert(draws.whole(0, len(portions)), 1.0)
        for portion in portions:
            shop.said = set()
            when = condition(shop, in_exit=True)
            rules.append(ExitRule(id=f"exit_{len(rules) + 1}", side=side, portion=portion, when=when))
    return tuple(rules)
