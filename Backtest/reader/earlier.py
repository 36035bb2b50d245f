"""A canonical condition moved so many bars into the past."""

from Backtest.reader.scope import Json, Unread
from Backtest.reader.syntax import Span

_SHIFTED = frozenset({"price", "indicator"})
_OPERANDS = frozenset({"left", "right", "value", "low", "high"})
_MOVED = frozenset(
    {"and", "or", "not", "compare", "cross_above", "cross_below", "between", "rising", "falling", "for", "within"}
)
_CONSTANT = frozenset({"number"})


def condition_earlier(node: Json, bars: int, span: Span) -> Json:
    """`node` as it was so many bars before. Raises Unread where the language can't say that."""
    if node["type"] not in _MOVED:
        raise Unread("the language knows it of the present bar only", span)
    moved = dict(node)
    for key, value in node.items():
        if key in _OPERANDS:
            moved[key] = operand_earlier(value, bars, span)
        elif key == "of":
            moved[key] = (
                [condition_earlier(one, bars, span) for one in value]
                if isinstance(value, list)
                else condition_earlier(value, bars, span)
            )
    return moved


def operand_earlier(node: Json, bars: int, span: Span) -> Json:
    """The value of an operand so many bars before. Raises Unread where the language can't say that."""
    kind = node["type"]
    if kind in _CONSTANT:
        return node
    if kind in _SHIFTED:
        return {**node, "shift": node["shift"] + bars}
    if kind == "arith":
        return {**node, "args": [operand_earlier(one, bars, span) for one in node["args"]]}
    if kind in {"highest", "lowest", "percent_change"}:
        return {**node, "of": operand_earlier(node["of"], bars, span)}
    raise Unread("the language knows it of the present bar only", span)
