"""The language's logic against a small interpreter of its own: comparisons with undefined operands are undefined, `and`, `or` and
`not` are Kleene's, and only *true* acts. Conditions are made up by hypothesis over bars with many equal prices and empty volumes.
"""

import operator
import random
from functools import reduce

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.semantics.documents import (
    arith,
    bars,
    compare,
    document,
    enter,
    highest,
    lowest,
    number,
    percent_change,
    price,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
FIELDS = ["Open", "High", "Low", "Close", "Volume"]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def made_up_bars(count: int) -> pd.DataFrame:
    dice = random.Random(7)  # noqa: S311 - no secret
    rows = []
    for i in range(count):
        prices = [dice.randint(8, 12) for _ in range(4)]
        volume = dice.choice((0, 0, 1, 2) if i > 10 else (1, 2))  # none empty at first: what is defined begins on time
        rows.append((prices[0], max(prices), min(prices), prices[3], volume))
    return bars(*rows)


FRAME = made_up_bars(60)
WARM = 30
"""Bars that an unused SMA holds back, more than any look-back below adds up to."""


# the interpreter: a value or None, and True, False or None, on bar i


def value(node: dict, i: int) -> float | None:
    if i < 0:
        return None
    match node["type"]:
        case "number":
            return node["value"]
        case "price":
            at = i - node["shift"]
            return float(FRAME[node["field"]].iloc[at]) if at >= 0 else None
        case "arith":
            return arithmetic(node["op"], [value(argument, i) for argument in node["args"]])
        case "percent_change":
            now, before = value(node["of"], i), value(node["of"], i - node["bars"])
            return None if now is None or not before else 100 * (now / before - 1)
    first = 0 if node["include_current"] else 1
    window = [value(node["of"], i - first - k) for k in range(node["bars"])]
    return None if None in window else {"highest": max, "lowest": min}[node["type"]](window)


def arithmetic(op: str, args: list[float | None]) -> float | None:
    if None in args or (op == "/" and args[1] == 0):
        return None
    binary = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "min": min, "max": max}
    return abs(args[0]) if op == "abs" else reduce(binary[op], args)


def both(op: str, a: float | None, b: float | None) -> bool | None:
    return None if a is None or b is None else OPERATORS[op](a, b)


def every(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def some(truths: list[bool | None]) -> bool | None:
    return True if True in truths else None if None in truths else False


def truth(node: dict, i: int) -> bool | None:
    if i < 0:
        return None
    match node["type"]:
        case "and":
            return every([truth(part, i) for part in node["of"]])
        case "or":
            return some([truth(part, i) for part in node["of"]])
        case "not":
            inner = truth(node["of"], i)
            return None if inner is None else not inner
        case "for":
            return every([truth(node["of"], i - k) for k in range(node["bars"])])
        case "within":
            return some([truth(node["of"], i - k) for k in range(node["bars"])])
        case "sequence":
            before = some([truth(node["first"], i - k) for k in range(1, node["bars"] + 1)])
            return every([truth(node["then"], i), before])
        case "compare":
            return both(node["op"], value(node["left"], i), value(node["right"], i))
        case "between":
            op = "<=" if node["inclusive"] else "<"
            low, middle, high = (value(node[name], i) for name in ("low", "value", "high"))
            return every([both(op, low, middle), both(op, middle, high)])
        case "cross_above" | "cross_below":
            before, now = ("<=", ">") if node["type"] == "cross_above" else (">=", "<")
            left, right = node["left"], node["right"]
            return every(
                [
                    both(before, value(left, i - 1), value(right, i - 1)),
                    both(now, value(left, i), value(right, i)),
                ]
            )
        case "rising" | "falling":
            op = ">" if node["type"] == "rising" else "<"
            return every(
                [both(op, value(node["value"], i - k), value(node["value"], i - k - 1)) for k in range(node["bars"])]
            )
        case "touches":
            level, low, high = value(node["value"], i), value(price("Low"), i), value(price("High"), i)
            parts = {"low": [both("<=", low, level)], "high": [both(">=", high, level)]}
            return every({**parts, "any": parts["low"] + parts["high"]}[node["side"]])
        case "weekday":
            return DAYS[FRAME.index[i].weekday()] in node["days"]
    raise ValueError(node["type"])


# the conditions


def pairs(node: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(node, node)


prices = st.builds(price, st.sampled_from(FIELDS), st.sampled_from([0, 0, 0, 1, 2]))
leaves = st.one_of(prices, prices, st.sampled_from([-1, 1, 2, 9, 10, 11]).map(number))
arithmetics = st.one_of(
    st.builds(lambda op, ab: arith(op, *ab), st.sampled_from(["+", "-", "*", "/", "min", "max"]), pairs(leaves)),
    leaves.map(lambda a: arith("abs", a)),
    st.builds(lambda op, abc: arith(op, *abc), st.sampled_from(["+", "max"]), st.tuples(leaves, leaves, leaves)),
)
nested_arithmetics = st.builds(
    lambda op, a, b: arith(op, a, b), st.sampled_from(["-", "/", "*"]), arithmetics, st.one_of(leaves, arithmetics)
)
windows = st.one_of(
    st.builds(highest, arithmetics, st.integers(1, 3), include_current=st.booleans()),
    st.builds(lowest, leaves, st.integers(1, 3), include_current=st.booleans()),
    st.builds(percent_change, st.builds(price, st.sampled_from(FIELDS)), st.integers(1, 3)),
)
ratios = st.builds(lambda a, b: arith("/", a, b), prices, st.just(price("Volume")))
operands = st.one_of(leaves, prices, ratios, arithmetics, nested_arithmetics, windows)
near_prices = st.one_of(prices, windows, st.sampled_from([9, 10, 11]).map(number))
compares = st.one_of(
    st.builds(compare, operands, st.sampled_from(list(OPERATORS)), operands),
    st.builds(compare, near_prices, st.sampled_from(list(OPERATORS)), near_prices),
    st.builds(compare, ratios, st.sampled_from(["<=", ">", "=="]), st.sampled_from([1, 5, 10]).map(number)),
)
plain_conditions = st.one_of(
    compares,
    st.builds(
        lambda v, low, high, inclusive: {
            "type": "between",
            "value": v,
            "low": low,
            "high": high,
            "inclusive": inclusive,
        },
        operands,
        leaves,
        leaves,
        st.booleans(),
    ),
    st.builds(
        lambda v, side: {"type": "touches", "value": v, "side": side}, operands, st.sampled_from(["low", "high", "any"])
    ),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=6, unique=True).map(lambda d: {"type": "weekday", "days": d}),
)
events = st.one_of(
    st.builds(
        lambda kind, ab: {"type": kind, "left": ab[0], "right": ab[1]},
        st.sampled_from(["cross_above", "cross_below"]),
        pairs(near_prices),
    ),
    st.builds(
        lambda kind, v, n: {"type": kind, "value": v, "bars": n},
        st.sampled_from(["rising", "falling"]),
        st.one_of(prices, ratios, arithmetics),
        st.integers(1, 3),
    ),
)


def composed(base: st.SearchStrategy) -> st.SearchStrategy:
    return st.recursive(
        base,
        lambda inner: st.one_of(
            st.builds(
                lambda kind, of: {"type": kind, "of": of},
                st.sampled_from(["and", "or"]),
                st.lists(inner, min_size=1, max_size=3),
            ),
            inner.map(lambda of: {"type": "not", "of": of}),
            st.builds(
                lambda kind, of, n: {"type": kind, "of": of, "bars": n},
                st.sampled_from(["for", "within"]),
                inner,
                st.integers(1, 4),
            ),
            st.builds(
                lambda first, then, n: {"type": "sequence", "first": first, "then": then, "bars": n},
                inner,
                inner,
                st.integers(1, 4),
            ),
        ),
        max_leaves=4,
    )


def varies(condition: dict, warm_up: int) -> bool:
    return len({truth(condition, i) for i in range(warm_up + 1, len(FRAME))}) > 1


def check(condition: dict, indicators: list[dict], warm_up: int) -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.wait = self.I(lambda: FRAME.Close.rolling(warm_up + 1).mean().to_numpy())

        def next(self):
            if self.position:
                self.position.close()
            elif truth(condition, len(self.data) - 1):
                self.buy()

    spec = document([enter(condition)], indicators=indicators, risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, FRAME), plain_trades(Plain, FRAME))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(composed(st.one_of(plain_conditions, events)))
def test_a_condition_is_true_where_the_interpreter_says_so(condition: dict) -> None:
    assume(varies(condition, WARM))
    check(condition, [sma(WARM + 1)], WARM)


def static_warm_up(node: object) -> int:
    """Bars that shifts, windows and percent changes add (rule 2); an outermost operand counts, and so does what is inside it."""
    if isinstance(node, list):
        return max((static_warm_up(item) for item in node), default=0)
    if not isinstance(node, dict):
        return 0
    own = {
        "price": node.get("shift", 0),
        "percent_change": node.get("bars", 0),
        "highest": node.get("bars", 1) - node.get("include_current", 0),
        "lowest": node.get("bars", 1) - node.get("include_current", 0),
    }.get(str(node.get("type")), 0)
    return own + static_warm_up(list(node.values()))


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(composed(plain_conditions))
def test_on_the_first_bars_what_looks_back_before_them_is_undefined(condition: dict) -> None:
    assume(varies(condition, static_warm_up(condition)))
    check(condition, [], static_warm_up(condition))


@pytest.mark.parametrize("sign", OPERATORS)
@pytest.mark.parametrize("negations", [0, 1, 2])
def test_neither_a_comparison_with_an_undefined_quotient_nor_its_negation_is_true(sign: str, negations: int) -> None:
    condition = compare(arith("/", price(), price("Volume")), sign, number(10))
    for _ in range(negations):
        condition = {"type": "not", "of": condition}
    assert None in {truth(condition, i) for i in range(len(FRAME))}
    check(condition, [sma(WARM + 1)], WARM)
