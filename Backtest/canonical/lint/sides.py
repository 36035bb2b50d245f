"""Which sides are entered and left, which orders wait, and where the open position may be spoken of."""

from collections.abc import Iterator

from Backtest.canonical.conditions import Hours, Touches
from Backtest.canonical.operands import POSITION_OPERANDS, Highest, IndicatorRef, Lowest, Operand, PercentChange, Price
from Backtest.canonical.risk import PriceLevel
from Backtest.canonical.rules import LimitOrder, MarketOrder, Session, Side, StopOrder
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators.indicator_registry import find, output_of
from Backtest.timeframes import is_intraday

_OTHER: dict[Side, Side] = {"long": "short", "short": "long"}


def side_issues(spec: Spec) -> Iterator[Issue]:
    yield from _missing_exits(spec)
    yield from _needless_exits(spec)
    yield from _waiting_on_both_sides(spec)
    yield from _position_operands(spec)
    for pointer, node in walk(spec):
        if isinstance(node, LimitOrder | StopOrder | PriceLevel):
            yield from _no_price(f"{pointer}/price", node.price, spec)
        elif isinstance(node, Touches):
            yield from _no_price(f"{pointer}/value", node.value, spec)
        elif isinstance(node, Hours | Session):
            yield from _hours(pointer, node, spec)


def _missing_exits(spec: Spec) -> Iterator[Issue]:
    risk = spec.risk
    if any(way is not None for way in (risk.stop_loss, risk.take_profit, risk.trailing_stop, risk.max_bars)):
        return
    left = {rule.side for rule in spec.exit_rules if rule.portion == 1}
    reversing = {rule.side for rule in spec.entry_rules if isinstance(rule.order, MarketOrder)}
    for side in dict.fromkeys(rule.side for rule in spec.entry_rules):
        if side not in left and _OTHER[side] not in reversing:
            in_part = any(rule.side == side for rule in spec.exit_rules)
            said = "closes more than a part of" if in_part else "closes"
            hint = f"add an exit rule for {side}, a stop, a target, a trailing stop or max_bars"
            yield Issue("/exit_rules", f"a missing exit: nothing ever {said} a {side} position", hint)


def _needless_exits(spec: Spec) -> Iterator[Issue]:
    entered = {rule.side for rule in spec.entry_rules}
    for i, rule in enumerate(spec.exit_rules):
        if rule.side not in entered:
            said = f"this rule closes a {rule.side} position, and none is ever opened"
            yield Issue(f"/exit_rules/{i}/side", said, f"did you mean {_OTHER[rule.side]!r}?")


def _waiting_on_both_sides(spec: Spec) -> Iterator[Issue]:
    first: Side | None = None
    for i, rule in enumerate(spec.entry_rules):
        if isinstance(rule.order, MarketOrder):
            continue
        if first is not None and rule.side != first:
            said = "a buy and a sell order that wait together are not supported"
            yield Issue(f"/entry_rules/{i}/order", said, "let one side enter at the market")
            return
        first = rule.side


def _position_operands(spec: Spec) -> Iterator[Issue]:
    windows = [pointer for pointer, node in walk(spec) if isinstance(node, Highest | Lowest | PercentChange)]
    for pointer, node in walk(spec):
        if not isinstance(node, POSITION_OPERANDS):
            continue
        if not pointer.startswith("/exit_rules/"):
            hint = "say it in an exit rule"
            yield Issue(pointer, f"{node.type} is known in a position only, and belong to exit rules", hint)
        elif any(pointer.startswith(f"{window}/") for window in windows):
            hint = "compare it directly"
            yield Issue(pointer, f"{node.type} has no history to look back on before the entry", hint)


def _no_price(pointer: str, operand: Operand, spec: Spec) -> Iterator[Issue]:
    """Volumes and oscillators, where only a price can be meant."""
    if isinstance(operand, Price) and operand.field == "Volume":
        yield Issue(pointer, "a volume is no price", "name a price or a line on its scale")
    if not isinstance(operand, IndicatorRef):
        return
    try:
        use = spec.indicator(operand.id)
        indicator = find(use.name)
        output = output_of(indicator, operand.output)
    except (KeyError, IndicatorInvalid):  # named with the references
        return
    if output.bounds is not None or use.source == "Volume":
        yield Issue(pointer, f"{operand.id} is no price", "name a price or a line on its scale")
    elif isinstance(use.source, IndicatorRef):
        yield from _no_price(pointer, use.source, spec)


def _hours(pointer: str, node: Hours | Session, spec: Spec) -> Iterator[Issue]:
    if node.start == node.end:
        said = f"a session from {node.start} to {node.end} holds no bar"
        yield Issue(f"{pointer}/to", said, "it runs up to, not including, its end")
    elif not is_intraday(spec.timeframe):
        said = f"bars of {spec.timeframe} have no time of day"
        yield Issue(pointer, said, "take an intraday timeframe, or leave the hours out")
