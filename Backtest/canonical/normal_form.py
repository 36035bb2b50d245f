"""The normal form: what two specs of one meaning have in common, as plain JSON."""

import json
from typing import Any

from Backtest.canonical.conditions import (
    WEEKDAYS,
    And,
    Compare,
    CrossAbove,
    CrossBelow,
    For,
    Not,
    Or,
    Pattern,
    Weekday,
    Within,
)
from Backtest.canonical.node import Node
from Backtest.canonical.operands import Arith, IndicatorRef
from Backtest.canonical.rules import EntryRule, ExitRule, Filters
from Backtest.canonical.spec import IndicatorUse, Parameter, Spec
from Backtest.errors import IndicatorInvalid
from Backtest.indicators.indicator_registry import find, find_pattern, output_of

_MIRRORED = {">": "<", ">=": "<="}
_SYMMETRIC = ("==", "!=")
_COMMUTATIVE = ("+", "*", "min", "max")
_LEFT_OUT = ("schema_version", "strategy_name", "description", "provenance", "assumptions")


def normal_form(spec: Spec) -> dict[str, Any]:
    """Plain JSON in which names, ids, prose and the order of what may stand in any order are gone."""
    return Normaliser(spec).document()


def canonical_json(value: Any) -> str:
    """One text for one value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _number(value: float) -> int | float:
    """14 and 14.0 are one number, and so are 0 and -0."""
    return int(value) if value == int(value) else value


class Normaliser:
    """Normal forms of a spec's parts; indicators and their ids as one spec declares them."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._contents: dict[str, dict[str, Any]] = {}
        for use in spec.indicators:
            self._contents[use.id] = self._content(use)

    def document(self) -> dict[str, Any]:
        made = {key: self._value(getattr(self._spec, key)) for key in Spec.model_fields if key not in _LEFT_OUT}
        made["indicators"] = _sorted_once(self._contents.values())
        made["constraints"] = sorted({" ".join(constraint.split()) for constraint in self._spec.constraints})
        made["parameters"] = sorted(made["parameters"], key=canonical_json)
        return made

    def key(self, node: Node) -> str:
        """One text for all nodes of one meaning."""
        return canonical_json(self._node(node))

    def _content(self, use: IndicatorUse) -> dict[str, Any]:
        """An indicator without its id: defaults written out, the chart's own timeframe as null."""
        params = {name: self._value(value) for name, value in use.params.items()}
        timeframe = None if use.timeframe == self._spec.timeframe else use.timeframe
        name, source = use.name, self._source(use)
        try:
            indicator = find(use.name)
        except IndicatorInvalid:  # lint names it; two specs that name the same unknown one are still alike
            return {"name": name, "params": params, "source": source, "timeframe": timeframe}
        defaults = {each.name: _number(each.default) for each in indicator.parameters if not each.required}
        return {
            "name": indicator.name,
            "params": {**defaults, **params},
            "source": source or indicator.default_source,
            "timeframe": timeframe,
        }

    def _source(self, use: IndicatorUse) -> Any:
        if not isinstance(use.source, IndicatorRef):
            return use.source
        try:
            inner = self._spec.source_of(use, use.source)
        except KeyError:  # as above
            return use.source.id
        return self._referred(use.source, self._content(inner))

    def _value(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self._node(value)
        if isinstance(value, tuple | list):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in value.items()}
        return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    def _node(self, node: Node) -> Any:
        match node:
            case And() | Or():
                return self._junction(node)
            case Not(of=Not(of=inner)):
                return self._value(inner)
            case For(bars=1) | Within(bars=1):
                return self._value(node.of)
            case Compare():
                return self._compare(node)
            case CrossBelow():
                return self._node(CrossAbove(left=node.right, right=node.left))
            case Pattern():
                return {"type": "pattern", "name": _pattern_name(node.name), "direction": node.direction}
            case Weekday():
                return {"type": "weekday", "days": _week(node.days)}
            case Arith():
                args = [self._value(arg) for arg in node.args]
                ordered = sorted(args, key=canonical_json) if node.op in _COMMUTATIVE else args
                return {"type": "arith", "op": node.op, "args": ordered}
            case IndicatorRef():
                return self._reference(node)
            case Parameter():
                return {"name": node.name, "value": _number(node.value)}
            case _:
                return self._fields(node)

    def _fields(self, node: Node) -> dict[str, Any]:
        made = {
            field.alias or name: self._value(getattr(node, name)) for name, field in type(node).model_fields.items()
        }
        if isinstance(node, EntryRule | ExitRule):
            del made["id"]
        if isinstance(node, Filters) and node.weekdays is not None:
            made["weekdays"] = _week(node.weekdays)
        if isinstance(made.get("indicator"), str):
            made["indicator"] = self._contents.get(made["indicator"], made["indicator"])
        return made

    def _junction(self, node: And | Or) -> Any:
        """The parts of nested junctions of one kind side by side, sorted, each once; one alone stands for itself."""
        parts: list[Any] = []
        for child in node.of:
            made = self._value(child)
            parts.extend(made["of"] if isinstance(made, dict) and made.get("type") == node.type else [made])
        once = _sorted_once(parts)
        return once[0] if len(once) == 1 else {"type": node.type, "of": once}

    def _compare(self, node: Compare) -> dict[str, Any]:
        left, right = self._value(node.left), self._value(node.right)
        if node.op in _MIRRORED:
            return {"type": "compare", "op": _MIRRORED[node.op], "left": right, "right": left}
        if node.op in _SYMMETRIC:
            left, right = sorted((left, right), key=canonical_json)
        return {"type": "compare", "op": node.op, "left": left, "right": right}

    def _reference(self, node: IndicatorRef) -> dict[str, Any]:
        return self._referred(node, self._contents.get(node.id, node.id))

    @staticmethod
    def _referred(node: IndicatorRef, content: Any) -> dict[str, Any]:
        output = node.output
        if isinstance(content, dict):
            try:
                output = output_of(find(content["name"]), output).name
            except IndicatorInvalid:  # as above
                output = node.output
        return {"type": "indicator", "of": content, "output": output, "shift": node.shift}


def _pattern_name(name: str) -> str:
    try:
        return find_pattern(name).name
    except IndicatorInvalid:  # as above
        return name


def _week(days: tuple[str, ...]) -> list[str]:
    return [day for day in WEEKDAYS if day in days]


def _sorted_once(values: Any) -> list[Any]:
    by_text = {canonical_json(value): value for value in values}
    return [by_text[text] for text in sorted(by_text)]
