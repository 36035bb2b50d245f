"""The rules of one side turned round for the other ("mirror it for shorts"): conditions of the canonical document."""

from collections.abc import Mapping

from Backtest.reader.operands import AVERAGES
from Backtest.reader.scales import MIDDLES, PRICE_LIKE
from Backtest.reader.scope import Json, Unread
from Backtest.reader.syntax import Span

_TURNED: Mapping[str, str] = {
    "cross_above": "cross_below",
    "cross_below": "cross_above",
    "rising": "falling",
    "falling": "rising",
    "highest": "lowest",
    "lowest": "highest",
    ">": "<",
    "<": ">",
    ">=": "<=",
    "<=": ">=",
    "==": "==",
    "+": "-",
    "-": "+",
    "max": "min",
    "min": "max",
    "High": "Low",
    "Low": "High",
    "upper": "lower",
    "lower": "upper",
    "up": "down",
    "down": "up",
    "low": "high",
    "high": "low",
    "bullish": "bearish",
    "bearish": "bullish",
    "PLUS_DI": "MINUS_DI",
    "MINUS_DI": "PLUS_DI",
}
_SIDELESS = frozenset({"ADX", "ATR", "STDDEV", "TRANGE", "REALISED_VOLATILITY"})
_SIDED = frozenset({"PLUS_DI", "MINUS_DI", "AROON"})
_CANDLES: Mapping[str, str] = {
    "CDLHAMMER": "CDLSHOOTINGSTAR",
    "CDLSHOOTINGSTAR": "CDLHAMMER",
    "CDLMORNINGSTAR": "CDLEVENINGSTAR",
    "CDLEVENINGSTAR": "CDLMORNINGSTAR",
    "CDLMORNINGDOJISTAR": "CDLEVENINGDOJISTAR",
    "CDLEVENINGDOJISTAR": "CDLMORNINGDOJISTAR",
    "CDLPIERCING": "CDLDARKCLOUDCOVER",
    "CDLDARKCLOUDCOVER": "CDLPIERCING",
    "CDL3WHITESOLDIERS": "CDL3BLACKCROWS",
    "CDL3BLACKCROWS": "CDL3WHITESOLDIERS",
}
_BOTH_WAYS = frozenset(
    "CDLENGULFING CDLHARAMI CDLHARAMICROSS CDL3INSIDE CDL3OUTSIDE CDLMARUBOZU CDLABANDONEDBABY CDLBELTHOLD".split()
)


class Mirror:
    """Turns conditions round. `uses`: the declared indicators, to which those of the other side are added.

    Raises Unread for what has no mirror image, such as a price beside a number.
    """

    def __init__(self, uses: dict[str, Json], span: Span) -> None:
        self.uses = uses
        self.span = span

    def condition(self, node: Json) -> Json:
        match node["type"]:
            case "and" | "or":
                return {**node, "of": [self.condition(one) for one in node["of"]]}
            case "not" | "for" | "within":
                return {**node, "of": self.condition(node["of"])}
            case "sequence":
                return {**node, "first": self.condition(node["first"]), "then": self.condition(node["then"])}
            case "compare":
                return {**node, **self._sides(node), "op": self._turned(node["op"], node["left"])}
            case "cross_above" | "cross_below":
                return {**node, **self._sides(node), "type": self._turned(node["type"], node["left"])}
            case "rising" | "falling":
                value = node["value"]
                return {**node, "type": self._turned(node["type"], value), "value": self.operand(value)}
            case "between":
                value = node["value"]
                low, high = (self._beside(value, node[end]) for end in ("low", "high"))
                ends = (low, high) if self._kind(value) in {"same", "sided"} else (high, low)
                return {**node, "value": self.operand(value), "low": ends[0], "high": ends[1]}
            case "touches":
                return {**node, "value": self.operand(node["value"]), "side": _TURNED.get(node["side"], node["side"])}
            case "pattern":
                return self._pattern(node)
            case "weekday" | "hours":
                return node
            case _:
                raise self._none("this condition")

    def _sides(self, node: Json) -> Json:
        return {"left": self.operand(node["left"]), "right": self._beside(node["left"], node["right"])}

    def _turned(self, way: str, subject: Json) -> str:
        return way if self._kind(subject) in {"same", "sided"} else _TURNED[way]

    def _beside(self, subject: Json, other: Json) -> Json:
        """What the mirror image of `subject` is compared with."""
        if other["type"] != "number":
            return self.operand(other)
        match self._kind(subject):
            case "same" | "sided":
                return other
            case "price":
                raise self._none("a price at a number")
            case _:
                return {**other, "value": 2 * self._middle(subject) - other["value"]}

    def _kind(self, node: Json) -> str:
        """What turning round does to a value: nothing, another line, a price's direction, or a place about a middle."""
        match node["type"]:
            case "price":
                return "same" if node["field"] == "Volume" else "price"
            case "open_profit_pct" | "bars_since_entry" | "number":
                return "same"
            case "percent_change":
                return "oscillator" if self._kind(node["of"]) == "price" else "same"
            case "highest" | "lowest":
                return self._kind(node["of"])
            case "arith":
                kinds = {self._kind(one) for one in node["args"]} - {"same"}
                if len(kinds) > 1:
                    raise self._none("this sum")
                return kinds.pop() if kinds else "same"
            case "indicator":
                return self._indicator_kind(node)
            case _:
                return "price"

    def _indicator_kind(self, node: Json) -> str:
        use = self.uses[node["id"]]
        if isinstance(use["source"], dict):
            kind = self._indicator_kind(use["source"])
            if use["name"] not in AVERAGES or kind == "sided":
                raise self._none(f"{use['name']} of {use['source']['id']}")
            return kind
        if use["source"] == "Volume" or use["name"] in _SIDELESS:
            return "same"
        if use["name"] in _SIDED:
            return "sided"
        if use["name"] in MIDDLES or node["output"] == "direction":
            return "oscillator"
        if use["name"] in PRICE_LIKE:
            return "price"
        raise self._none(use["name"])

    def _middle(self, node: Json) -> float:
        if node["type"] == "percent_change" or node.get("output") == "direction":
            return 0.0
        if node["type"] != "indicator":
            raise self._none("this sum")
        use = self.uses[node["id"]]
        return self._middle(use["source"]) if isinstance(use["source"], dict) else MIDDLES[use["name"]]

    def operand(self, node: Json) -> Json:
        """The value that stands for `node` on the other side."""
        match node["type"]:
            case "price":
                return {**node, "field": _TURNED.get(node["field"], node["field"])}
            case "previous":
                return {**node, "field": _TURNED.get(node["field"], node["field"])}
            case "indicator":
                return self._indicator(node)
            case "highest" | "lowest" if self._kind(node["of"]) in {"price", "oscillator"}:
                return {**node, "type": _TURNED[node["type"]], "of": self.operand(node["of"])}
            case "percent_change":
                return {**node, "of": self.operand(node["of"])}
            case "arith" if self._kind(node) == "price":
                return self._arith(node)
            case _:
                return node

    def _indicator(self, node: Json) -> Json:
        use = self.uses[node["id"]]
        name = _TURNED.get(use["name"], use["name"])
        if name != use["name"]:
            identifier = node["id"].replace(use["name"], name)
            self.uses.setdefault(identifier, {**use, "id": identifier, "name": name})
            return {**node, "id": identifier}
        return {**node, "output": _TURNED.get(node["output"], node["output"])}

    def _arith(self, node: Json) -> Json:
        op, args = node["op"], node["args"]
        kinds = [self._kind(one) for one in args]
        if op in {"max", "min"}:
            return {**node, "op": _TURNED[op], "args": [self.operand(one) for one in args]}
        if op in {"+", "-"} and kinds == ["price", "same"]:
            return {**node, "op": _TURNED[op], "args": [self.operand(args[0]), args[1]]}
        numbers = [one for one in args if one["type"] == "number"]
        if op == "*" and len(args) == 2 and len(numbers) == 1:
            scaled = [
                {**one, "value": 2 - one["value"]} if one["type"] == "number" else self.operand(one) for one in args
            ]
            return {**node, "args": scaled}
        raise self._none("this sum")

    def _pattern(self, node: Json) -> Json:
        name = node["name"]
        if name not in _CANDLES and name not in _BOTH_WAYS and node["direction"] != "any":
            raise self._none("this candlestick")
        direction = _TURNED.get(node["direction"], node["direction"])
        return {**node, "name": _CANDLES.get(name, name), "direction": direction}

    def _none(self, what: str) -> Unread:
        return Unread(f"{what} has no mirror image: say the rules of the other side", self.span)


def other_side(
    entries: list[Json], exits: list[Json], uses: dict[str, Json], filters: Json, span: Span
) -> tuple[list[Json], list[Json]]:
    """The entries and exits of the side that has none. Raises Unread where they can't be those of one turned round."""
    sides = {rule["side"] for rule in entries}
    if len(sides) != 1:
        raise Unread("the other side has entries of its own, or there is none to turn round", span)
    if any(rule["order"]["type"] != "market" or rule["when"] is None for rule in entries):
        reason = "unsupported: a buy and a sell order that wait together are not in the language"
        raise Unread(reason, span, "two waiting orders", unsupported=True)
    mirror = Mirror(uses, span)
    if filters["when"] is not None and mirror.condition(filters["when"]) != filters["when"]:
        raise Unread("whether the filter turns round too: say it as a condition of the entry", span)
    side = "short" if sides == {"long"} else "long"
    turned = [
        [
            {**rule, "id": f"{name}_{len(rules) + i}", "side": side, "when": mirror.condition(rule["when"])}
            for i, rule in enumerate(rules, 1)
        ]
        for name, rules in (("entry", entries), ("exit", exits))
    ]
    return turned[0], turned[1]
