"""Which parts of the language a spec uses, by name, so that a test of generated specs can say what it has reached."""

from collections.abc import Iterator
from types import ModuleType

from Backtest.canonical import conditions, operands, risk, rules
from Backtest.canonical.node import Node
from Backtest.canonical.spec import IndicatorUse, Parameter, Spec
from Backtest.canonical.walk import walk
from Backtest.indicators.indicator_registry import indicators


def _nodes(module: ModuleType) -> tuple[type[Node], ...]:
    found = (thing for thing in vars(module).values() if isinstance(thing, type) and issubclass(thing, Node))
    return tuple(node for node in found if node.__module__ == module.__name__)


_CONDITIONS, _OPERANDS = _nodes(conditions), _nodes(operands)
_DISTANCES = ("percent", "atr", "price_distance", "pips")


def _tags(nodes: tuple[type[Node], ...]) -> list[str]:
    return [str(node.model_fields["type"].default) for node in nodes if "type" in node.model_fields]


ALL_FEATURES: frozenset[str] = frozenset(
    [
        *(f"condition:{tag}" for tag in _tags(_CONDITIONS)),
        *(f"operand:{tag}" for tag in _tags(_OPERANDS)),
        *(f"indicator:{indicator.name}" for indicator in indicators()),
        *(f"compare:{op}" for op in ("<", "<=", ">", ">=", "==", "!=")),
        *(f"arith:{op}" for op in ("+", "-", "*", "/", "abs", "min", "max")),
        *(f"price:{field}" for field in ("Open", "High", "Low", "Close", "Volume")),
        *(f"source:{field}" for field in ("Open", "High", "Low", "Close", "Volume", "indicator")),
        *(f"previous:{period}" for period in ("day", "week", "month")),
        *(f"touches:{side}" for side in ("low", "high", "any")),
        *(f"pattern:{direction}" for direction in ("bullish", "bearish", "any")),
        *(f"between:{kind}" for kind in ("inclusive", "exclusive")),
        *(f"{extreme}:{kind}" for extreme in ("highest", "lowest") for kind in ("current", "before")),
        *(f"stop_loss:{tag}" for tag in (*_DISTANCES, "price")),
        *(f"take_profit:{tag}" for tag in (*_DISTANCES, "price", "r")),
        *(f"trailing_stop:{tag}" for tag in _DISTANCES),
        *(f"trail_after:{tag}" for tag in ("percent", "r", "atr")),
        *(f"break_even:{tag}" for tag in ("percent", "r", "atr")),
        *(f"sizing:{tag}" for tag in ("all", "fraction", "units", "cash", "risk", "volatility_target")),
        *(f"commission:{tag}" for tag in ("rate", "fixed_plus_rate", "per_unit")),
        *(f"order:{tag}" for tag in ("market", "limit", "stop")),
        *("order:one_bar", "order:several_bars", "order:till_cancelled"),
        *("entry:always", "entry:several_of_a_side", "exit:partial", "exit:two_partial", "exit:full", "exit:none"),
        *("sides:long", "sides:short", "sides:both", "timeframe:1d", "timeframe:1h", "longer_timeframe"),
        *("max_bars", "cooldown", "filter:weekdays", "filter:hours", "filter:when", "shift:price", "shift:indicator"),
        *("parameter:in_indicator", "parameter:as_operand", "parameter:bounds", "constraint"),
        *("spread", "leverage", "rebate", "named_indicator"),
    ]
)


def features(spec: Spec) -> set[str]:
    """The names of `ALL_FEATURES` that the spec uses."""
    found = {name for pointer, node in walk(spec) for name in _of_node(pointer, node)}
    return found | set(_of_rules(spec)) | set(_of_account(spec))


def _of_node(pointer: str, node: Node) -> Iterator[str]:
    tag = getattr(node, "type", "")
    if isinstance(node, _CONDITIONS):
        yield f"condition:{tag}"
    elif isinstance(node, _OPERANDS):
        yield f"operand:{tag}"
    match node:
        case conditions.Compare():
            yield f"compare:{node.op}"
        case conditions.Touches():
            yield f"touches:{node.side}"
        case conditions.Pattern():
            yield f"pattern:{node.direction}"
        case conditions.Between():
            yield "between:inclusive" if node.inclusive else "between:exclusive"
        case operands.Arith():
            yield f"arith:{node.op}"
        case operands.Price():
            yield f"price:{node.field}"
            yield from ("shift:price",) if node.shift else ()
        case operands.IndicatorRef():
            yield from ("shift:indicator",) if node.shift else ()
        case operands.Previous():
            yield f"previous:{node.period}"
        case operands.Highest() | operands.Lowest():
            yield f"{tag}:{'current' if node.include_current else 'before'}"
        case operands.ParamRef():
            yield "parameter:in_indicator" if pointer.startswith("/indicators") else "parameter:as_operand"
        case _:
            yield from _of_section(pointer, node, tag)


def _of_section(pointer: str, node: Node, tag: str) -> Iterator[str]:
    place = pointer.removeprefix("/risk/")
    if place in ("stop_loss", "take_profit", "trailing_stop"):
        yield f"{place}:{tag}"
    elif place == "trailing_stop/after_gain":
        yield f"trail_after:{tag}"
    elif place == "break_even/after_gain":
        yield f"break_even:{tag}"
    elif isinstance(node, IndicatorUse):
        yield f"indicator:{node.name}"
        source = node.source
        yield from (f"source:{'indicator' if isinstance(source, Node) else source}",) if source else ()
        yield from ("longer_timeframe",) if node.timeframe else ()
        yield from ("named_indicator",) if node.id.startswith("line_") else ()
    elif isinstance(node, Parameter) and node.min is not None:
        yield "parameter:bounds"
    elif isinstance(node, rules.MarketOrder | rules.LimitOrder | rules.StopOrder):
        yield f"order:{tag}"
        if not isinstance(node, rules.MarketOrder):
            lasting = {1: "one_bar", None: "till_cancelled"}
            yield f"order:{lasting.get(node.valid_bars, 'several_bars')}"


def _of_rules(spec: Spec) -> Iterator[str]:
    sides = [rule.side for rule in spec.entry_rules]
    yield f"sides:{sides[0]}" if len(set(sides)) == 1 else "sides:both"
    yield from ("entry:several_of_a_side",) if len(set(sides)) < len(sides) else ()
    yield from ("entry:always",) if any(rule.when is None for rule in spec.entry_rules) else ()
    partial = [rule.side for rule in spec.exit_rules if rule.portion < 1]
    yield from ("exit:partial",) if partial else ()
    yield from ("exit:two_partial",) if len(set(partial)) < len(partial) else ()
    yield from ("exit:full",) if len(partial) < len(spec.exit_rules) else ()
    yield from () if spec.exit_rules else ("exit:none",)
    yield from ("max_bars",) if spec.risk.max_bars else ()
    yield from ("constraint",) if spec.constraints else ()


def _of_account(spec: Spec) -> Iterator[str]:
    yield f"timeframe:{spec.timeframe}"
    yield f"sizing:{spec.sizing.type}"
    yield f"commission:{spec.execution.commission.type}"
    yield from ("spread",) if spec.execution.spread else ()
    yield from ("leverage",) if spec.execution.margin < 1 else ()
    is_rebate = isinstance(spec.execution.commission, risk.RateCommission) and spec.execution.commission.value < 0
    yield from ("rebate",) if is_rebate else ()
    filters = spec.filters
    yield from ("cooldown",) if filters.cooldown_bars else ()
    yield from ("filter:weekdays",) if filters.weekdays else ()
    yield from ("filter:hours",) if filters.hours else ()
    yield from ("filter:when",) if filters.when else ()
