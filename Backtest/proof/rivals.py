"""Rivals of a spec: what it would be had one small thing been understood otherwise. Series on which each of them trades
differently are series on which such a misunderstanding in code shows."""

import math
from collections.abc import Iterator
from typing import Any

from Backtest.canonical import conditions as c
from Backtest.canonical import operands as o
from Backtest.canonical import risk as r
from Backtest.canonical import rules
from Backtest.canonical.node import Node
from Backtest.canonical.spec import IndicatorUse, Parameter, Spec

Rival = tuple[str, Spec]
_Variant = tuple[str, Any]

_OTHER_OPS = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": (">=", "<=", "!="),
    "!=": (">", "<", "=="),
}
_ALIKE = (("SMA", "EMA"), ("EMA", "SMA"), ("WMA", "SMA"), ("ATR", "NATR"))
_PRICE_FIELDS = ("Close", "Open", "High", "Low")
_NUDGES = (0.9, 0.99, 1.01, 1.1)


def rivals(spec: Spec) -> tuple[Rival, ...]:
    """Each with the words for what it takes otherwise. Not each can be run, and some trade as the spec does always."""
    seen: set[str] = {_shape(spec)}
    found, words = [], dict[str, int]()
    for said, rival in _variants(spec, ""):
        shape = _shape(rival)
        if shape not in seen:
            seen.add(shape)
            words[said] = words.get(said, 0) + 1
            found.append((said if words[said] == 1 else f"{said} ({words[said]})", rival))
    return tuple(found)


def _shape(spec: Spec) -> str:
    return spec.model_dump_json(exclude={"provenance", "assumptions", "description"})


def _variants(node: Node, at: str) -> Iterator[_Variant]:
    """The node changed in one place, itself or below."""
    for said, own in _own(node):
        yield f"{at or '/'}: {said}", own
    for name in type(node).model_fields:
        if name in ("provenance", "assumptions", "execution"):
            continue
        value = getattr(node, name)
        if isinstance(value, Node):
            for said, changed in _variants(value, f"{at}/{name}"):
                yield said, node.model_copy(update={name: changed})
        elif isinstance(value, tuple):
            yield from _of_items(node, name, value, at)


def _of_items(node: Node, name: str, items: tuple[Any, ...], at: str) -> Iterator[_Variant]:
    for i, item in enumerate(items):
        if isinstance(item, Node):
            for said, changed in _variants(item, f"{at}/{name}/{i}"):
                yield said, node.model_copy(update={name: (*items[:i], changed, *items[i + 1 :])})


def _but(node: Node, **update: Any) -> _Variant:
    said = ", ".join(f"{name} {_short(value)}" for name, value in update.items())
    return said, node.model_copy(update=update)


def _short(value: Any) -> str:
    return str(getattr(value, "type", value))[:60]


def _own(node: Node) -> Iterator[_Variant]:
    """The node itself changed."""
    match node:
        case Spec():
            yield from _of_spec(node)
        case rules.EntryRule() | rules.ExitRule():
            yield from _of_rule(node)
        case rules.LimitOrder() | rules.StopOrder():
            yield from _of_order(node)
        case rules.Filters():
            yield from _of_filters(node)
        case r.Risk():
            yield from (
                _but(node, **{name: None}) for name in type(node).model_fields if getattr(node, name) is not None
            )
            if node.max_bars is not None:
                yield from _counts(node, "max_bars", node.max_bars)
        case IndicatorUse() | Parameter():
            yield from _of_declaration(node)
        case o.Price() | o.IndicatorRef() | o.Number() | o.Arith() | o.Highest() | o.Lowest() | o.PercentChange():
            yield from _of_operand(node)
        case o.Previous():
            yield from (_but(node, period=period) for period in ("day", "week", "month") if period != node.period)
            yield from (_but(node, field=field) for field in _PRICE_FIELDS if field != node.field)
        case o.BarsSinceEntry():
            yield "one bar more", o.Arith(op="+", args=(node, o.Number(value=1.0)))
            yield "one bar less", o.Arith(op="-", args=(node, o.Number(value=1.0)))
        case o.EntryPrice():
            yield "the close", o.Price(field="Close")
        case c.Hours() | c.Weekday() | c.Pattern() | c.Touches():
            yield from _of_event(node)
        case _:
            yield from _of_condition(node) if _is_condition(node) else _of_figures(node)


def _is_condition(node: Node) -> bool:
    return type(node).__module__ == c.__name__


def _counts(node: Node, name: str, value: int, least: int = 1) -> Iterator[_Variant]:
    yield from (_but(node, **{name: other}) for other in (value - 1, value + 1) if other >= least)


def _nudged(node: Node, name: str, value: float) -> Iterator[_Variant]:
    if value == 0:
        yield from (_but(node, **{name: other}) for other in (-1.0, -0.01, 0.01, 1.0))
        return
    yield from (_but(node, **{name: value * factor}) for factor in _NUDGES)
    if float(value).is_integer() and value > 1:
        yield from (_but(node, **{name: value + by}) for by in (-1.0, 1.0))


# the whole, and rules


def _of_spec(spec: Spec) -> Iterator[_Variant]:
    for name in ("entry_rules", "exit_rules"):
        listed = getattr(spec, name)
        for i in range(len(listed)):
            if len(listed) > 1 or name == "exit_rules":
                yield f"{name} without number {i + 1}", spec.model_copy(update={name: listed[:i] + listed[i + 1 :]})
        if len(listed) > 1:
            yield f"{name} in the contrary order", spec.model_copy(update={name: listed[::-1]})
    if isinstance(spec.sizing, r.AllSizing):
        yield "99 % of the account", spec.model_copy(update={"sizing": r.FractionSizing(value=0.99)})
    else:
        yield "the whole account", spec.model_copy(update={"sizing": r.AllSizing()})


def _of_rule(rule: rules.EntryRule | rules.ExitRule) -> Iterator[_Variant]:
    yield _but(rule, side="short" if rule.side == "long" else "long")
    if isinstance(rule, rules.ExitRule):
        yield from (_but(rule, portion=portion) for portion in (0.34, 0.5, 0.51, 1.0) if portion != rule.portion)
        yield "never", rule.model_copy(update={"when": _NEVER})
    else:
        yield "on every bar", rule.model_copy(update={"when": None})
        if rule.order.type != "market":
            yield "at the market", rule.model_copy(update={"order": rules.MarketOrder()})
    if rule.when is not None:
        yield "a bar late", rule.model_copy(update={"when": _a_bar_late(rule.when)})


_NEVER = c.Compare(op="<", left=o.Number(value=1.0), right=o.Number(value=0.0))


def _a_bar_late(condition: Any) -> Any:
    return c.Sequence(
        first=condition, then=c.Compare(op="<", left=o.Number(value=0.0), right=o.Number(value=1.0)), bars=1
    )


def _of_order(order: rules.LimitOrder | rules.StopOrder) -> Iterator[_Variant]:
    other = rules.StopOrder if isinstance(order, rules.LimitOrder) else rules.LimitOrder
    yield "the other kind of order", other(price=order.price, valid_bars=order.valid_bars)
    yield _but(order, valid_bars=None if order.valid_bars else 1)
    if order.valid_bars:
        yield from _counts(order, "valid_bars", order.valid_bars)


def _of_filters(filters: rules.Filters) -> Iterator[_Variant]:
    yield from (_but(filters, **{name: None}) for name in ("weekdays", "hours", "when") if getattr(filters, name))
    yield from _counts(filters, "cooldown_bars", filters.cooldown_bars, least=0)
    if filters.weekdays:
        for day in c.WEEKDAYS:
            kept = tuple(d for d in c.WEEKDAYS if (d in filters.weekdays) != (d == day))
            if kept:
                yield _but(filters, weekdays=kept)
    if filters.hours:
        session = filters.hours
        yield from (
            (f"hours {side} {time}", filters.model_copy(update={"hours": session.model_copy(update={side: time})}))
            for side, time in _other_times(session)
        )


def _of_declaration(node: IndicatorUse | Parameter) -> Iterator[_Variant]:
    if isinstance(node, Parameter):
        by = 1.0 if float(node.value).is_integer() else node.value / 100
        yield from (_but(node, value=node.value + step) for step in (-by, by))
        return
    for name, value in node.params.items():
        if isinstance(value, int | float):
            steps = (-1, 1) if isinstance(value, int) else (-0.1 * value, 0.1 * value)
            for step in steps:
                yield f"{name} {value + step}", node.model_copy(update={"params": {**node.params, name: value + step}})
    if node.source is not None:
        yield from (_but(node, source=field) for field in _PRICE_FIELDS if field != node.source)
    if node.timeframe is not None:
        yield _but(node, timeframe=None)
    yield from (_but(node, name=other) for one, other in _ALIKE if node.name == one)


# operands


def _of_operand(node: Node) -> Iterator[_Variant]:
    match node:
        case o.Price() | o.IndicatorRef():
            yield from _counts(node, "shift", node.shift, least=0)
            if isinstance(node, o.Price) and node.field != "Volume":
                yield from (_but(node, field=field) for field in _PRICE_FIELDS if field != node.field)
        case o.Number():
            yield from _nudged(node, "value", node.value)
        case o.Arith():
            yield from (_but(node, op=op) for op in _other_arith(node.op))
            if len(node.args) > 1 and node.op in ("-", "/"):
                yield _but(node, args=node.args[::-1])
        case o.Highest() | o.Lowest():
            yield from _counts(node, "bars", node.bars)
            yield "a bar further back", node.model_copy(update={"of": _back(node.of)})
            yield _but(node, include_current=not node.include_current)
            other = o.Lowest if isinstance(node, o.Highest) else o.Highest
            yield "the other extreme", other(of=node.of, bars=node.bars, include_current=node.include_current)
        case o.PercentChange():
            yield from _counts(node, "bars", node.bars)


def _other_arith(op: str) -> tuple[str, ...]:
    return {"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "min": ("max",), "max": ("min",)}.get(op, ())


# conditions


def _of_condition(node: Node) -> Iterator[_Variant]:
    match node:
        case c.And() | c.Or():
            other = c.Or if isinstance(node, c.And) else c.And
            yield "and for or, or for and", other(of=node.of)
            for i in range(len(node.of)):
                rest = node.of[:i] + node.of[i + 1 :]
                if rest:
                    yield f"without part {i + 1}", rest[0] if len(rest) == 1 else node.model_copy(update={"of": rest})
        case c.Not():
            yield "its contrary", node.of
        case c.Compare():
            yield from (_but(node, op=op) for op in _OTHER_OPS[node.op])
        case c.CrossAbove() | c.CrossBelow():
            yield from _of_cross(node)
        case c.Between():
            yield _but(node, inclusive=not node.inclusive)
            op = "<=" if node.inclusive else "<"
            yield "the low end alone", c.Compare(op=op, left=node.low, right=node.value)
            yield "the high end alone", c.Compare(op=op, left=node.value, right=node.high)
        case c.Rising() | c.Falling():
            yield from _counts(node, "bars", node.bars)
            other_way = c.Falling if isinstance(node, c.Rising) else c.Rising
            yield "the other direction", other_way(value=node.value, bars=node.bars)
            level = c.Not(of=other_way(value=node.value, bars=1))
            yield "or unchanged", level if node.bars == 1 else c.For(of=level, bars=node.bars)
        case c.For() | c.Within():
            yield from _counts(node, "bars", node.bars)
            yield "on this bar alone", node.of
            over = c.Within if isinstance(node, c.For) else c.For
            yield "for or within", over(of=node.of, bars=node.bars)
        case c.Sequence():
            yield from _counts(node, "bars", node.bars)
            yield "without what came before", node.then
            yield "on one bar too", c.And(of=(node.then, c.Within(of=node.first, bars=node.bars + 1)))


def _of_cross(node: c.CrossAbove | c.CrossBelow) -> Iterator[_Variant]:
    above = isinstance(node, c.CrossAbove)
    other = c.CrossBelow if above else c.CrossAbove
    yield "the other direction", other(left=node.left, right=node.right)
    op = ">" if above else "<"
    level = c.Compare(op=op, left=node.left, right=node.right)
    yield "a level", level
    loose = c.Compare(op=">=" if above else "<=", left=node.left, right=node.right)
    yield "as soon as they are equal", c.And(of=(loose, c.Within(of=c.Not(of=loose), bars=2)))
    yield from _of_halves(node, "<=" if above else ">=", op)
    before = c.Compare(op="<" if above else ">", left=node.left, right=node.right)
    yield "only from strictly beyond", c.Sequence(first=before, then=level, bars=1)


def _of_halves(node: c.CrossAbove | c.CrossBelow, was: str, now: str) -> Iterator[_Variant]:
    """A cross written out as what held on the bar before and what holds now, one side of which is looked up a bar
    further back, or is another price or another number."""
    if not all(isinstance(side, o.Price | o.IndicatorRef | o.Number) for side in (node.left, node.right)):
        yield from _of_half_before(node, was, now)
        return
    before = c.Compare(op=was, left=_back(node.left), right=_back(node.right))
    here = c.Compare(op=now, left=node.left, right=node.right)
    yield "written out, equal is enough now", c.And(of=(before, _or_equal(here)))
    yield "written out, equal is too little before", c.And(of=(_strictly(before), here))
    for half in (before, here):
        for side in ("left", "right"):
            operand = getattr(half, side)
            others = [_back(operand)] if not isinstance(operand, o.Number) else []
            others += [other for _, other in _of_operand(operand)]
            for other in others:
                changed = half.model_copy(update={side: other})
                pair = (changed, here) if half is before else (before, changed)
                yield (
                    f"written out, with {side} {_short(other)} {'before' if half is before else 'now'}",
                    c.And(of=pair),
                )


def _of_half_before(node: c.CrossAbove | c.CrossBelow, was: str, now: str) -> Iterator[_Variant]:
    """The same of operands that can't be looked up a bar back: what held before is said as a sequence."""
    before = c.Compare(op=was, left=node.left, right=node.right)
    here = c.Compare(op=now, left=node.left, right=node.right)
    yield "written out, equal is enough now", c.Sequence(first=before, then=_or_equal(here), bars=1)
    for side in ("left", "right"):
        for said, other in _of_operand(getattr(before, side)):
            changed = before.model_copy(update={side: other})
            yield f"written out, with {said} {side} before", c.Sequence(first=changed, then=here, bars=1)


def _or_equal(half: c.Compare) -> c.Compare:
    return half.model_copy(update={"op": {"<": "<=", ">": ">="}[half.op]})


def _strictly(half: c.Compare) -> c.Compare:
    return half.model_copy(update={"op": {"<=": "<", ">=": ">"}[half.op]})


def _back(operand: o.Operand) -> o.Operand:
    if isinstance(operand, o.Price | o.IndicatorRef):
        return operand.model_copy(update={"shift": operand.shift + 1})
    return operand


def _of_event(node: Node) -> Iterator[_Variant]:
    match node:
        case c.Touches():
            yield from (_but(node, side=side) for side in ("low", "high", "any") if side != node.side)
        case c.Pattern():
            yield from (_but(node, direction=way) for way in ("bullish", "bearish", "any") if way != node.direction)
        case c.Hours():
            yield from (_but(node, **{side: time}) for side, time in _other_times(node))
        case c.Weekday():
            for day in c.WEEKDAYS:
                kept = tuple(d for d in c.WEEKDAYS if (d in node.days) != (d == day))
                if kept:
                    yield _but(node, days=kept)


def _other_times(session: rules.Session | c.Hours) -> Iterator[tuple[str, str]]:
    """Either end a minute, or an hour, to either side."""
    for side in ("start", "end"):
        hours, minutes = map(int, getattr(session, side).split(":"))
        for by in (-60, -1, 1, 60):
            at = (hours * 60 + minutes + by) % 1440
            yield side, f"{at // 60:02}:{at % 60:02}"


# risk and size


def _of_figures(node: Node) -> Iterator[_Variant]:
    for name in ("value", "multiple", "percent"):
        value = getattr(node, name, None)
        if isinstance(value, int | float):
            yield from _figures(node, name, value)
    if getattr(node, "after_gain", None) is not None and not isinstance(node, r.BreakEven):
        yield _but(node, after_gain=None)
    if isinstance(node, r.AtrDistance):
        yield "a percent", r.PercentDistance(value=node.multiple)


def _figures(node: Node, name: str, value: float) -> Iterator[_Variant]:
    if isinstance(node, r.UnitsSizing):
        yield from _counts(node, name, int(value))
        return
    highest = 1.0 if isinstance(node, r.FractionSizing) else 100.0 if isinstance(node, r.RiskSizing) else math.inf
    yield from (_but(node, **{name: value * factor}) for factor in _NUDGES if value * factor <= highest)
