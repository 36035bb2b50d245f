"""What one meaning has in common, and what makes two meanings different."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.canonical.document import to_document
from Backtest.canonical.identity import identity
from Backtest.canonical.normal_form import normal_form
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from tests.generators.documents import CLOSE, RSI, compare, rsi_reversal, with_change
from tests.generators.specs import specs

HIGH = {"type": "price", "field": "High", "shift": 0}


def id_of(document: Any) -> str:
    return identity(parse_spec(document))


def id_when(condition: Any) -> str:
    """The identity of the small example with another entry condition."""
    return id_of(with_change(rsi_reversal(), "/entry_rules/0/when", condition))


def test_it_is_a_sha256_in_hex() -> None:
    assert len(id_of(rsi_reversal())) == 64
    int(id_of(rsi_reversal()), 16)


def test_it_is_the_hash_of_the_normal_form_with_sorted_keys_and_without_spaces() -> None:
    import hashlib

    spec = parse_spec(rsi_reversal())
    text = json.dumps(normal_form(spec), sort_keys=True, separators=(",", ":"))
    assert identity(spec) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/strategy_name", "another"),
        ("/description", "another"),
        ("/provenance", {"source": "json", "text": None, "url": None, "spans": []}),
        ("/assumptions", [{"topic": "x", "path": "/timeframe", "value": "1d", "rule": 10}]),
        ("/entry_rules/0/id", "another"),
        ("/exit_rules/0/id", "another"),
        ("/indicators/0/params/timeperiod", 14.0),
        ("/indicators/0/timeframe", "1d"),
        ("/indicators/0/source", None),
        ("/execution/spread", 0),
    ],
)
def test_it_does_not_change_with(pointer: str, value: Any) -> None:
    assert id_of(with_change(rsi_reversal(), pointer, value)) == id_of(rsi_reversal())


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/instruments", ["EURUSD"]),
        ("/timeframe", "1h"),
        ("/execution/cash", 50_000),
        ("/execution/commission/value", 0.002),
        ("/indicators/0/params/timeperiod", 15),
        ("/indicators/0/source", "High"),
        ("/indicators/1", {"id": "unused", "name": "SMA", "params": {"timeperiod": 50}, "source": "Close"}),
        ("/entry_rules/0/side", "short"),
        ("/entry_rules/0/when/right/value", 31),
        ("/entry_rules/0/when/left/shift", 1),
        ("/entry_rules/0/when/type", "cross_above"),
        ("/exit_rules/0/portion", 0.5),
        ("/risk/stop_loss/value", 4),
        ("/risk/max_bars", 10),
        ("/sizing", {"type": "fraction", "value": 0.5}),
        ("/filters/cooldown_bars", 1),
        ("/filters/weekdays", ["mon"]),
        ("/parameters/0", {"name": "x", "value": 1}),
    ],
)
def test_it_changes_with(pointer: str, value: Any) -> None:
    assert id_of(with_change(rsi_reversal(), pointer, value)) != id_of(rsi_reversal())


A, B, C = compare(RSI, "<", 30), compare(CLOSE, ">", 100), compare(CLOSE, ">", HIGH)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (compare(CLOSE, "<", RSI), compare(RSI, ">", CLOSE)),
        (compare(CLOSE, "<=", RSI), compare(RSI, ">=", CLOSE)),
        (compare(CLOSE, "==", RSI), compare(RSI, "==", CLOSE)),
        (compare(CLOSE, "!=", RSI), compare(RSI, "!=", CLOSE)),
        ({"type": "cross_above", "left": CLOSE, "right": RSI}, {"type": "cross_below", "left": RSI, "right": CLOSE}),
        ({"type": "and", "of": [A, B]}, {"type": "and", "of": [B, A]}),
        ({"type": "or", "of": [A, B, A]}, {"type": "or", "of": [B, A]}),
        ({"type": "and", "of": [A, {"type": "and", "of": [B, C]}]}, {"type": "and", "of": [A, B, C]}),
        ({"type": "and", "of": [A]}, A),
        ({"type": "not", "of": {"type": "not", "of": A}}, A),
        ({"type": "for", "of": A, "bars": 1}, A),
        ({"type": "within", "of": A, "bars": 1}, A),
        (compare({"type": "arith", "op": "+", "args": [CLOSE, RSI]}, ">", 1), compare({"type": "arith", "op": "+", "args": [RSI, CLOSE]}, ">", 1)),
        (compare({"type": "arith", "op": "max", "args": [CLOSE, RSI]}, ">", 1), compare({"type": "arith", "op": "max", "args": [RSI, CLOSE]}, ">", 1)),
        ({"type": "weekday", "days": ["tue", "mon"]}, {"type": "weekday", "days": ["mon", "tue"]}),
        ({"type": "pattern", "name": "engulfing"}, {"type": "pattern", "name": "CDLENGULFING"}),
        (compare("MACD", ">", 0), compare({"type": "indicator", "id": "MACD_12_26_9", "output": "macd"}, ">", 0)),
    ],
)  # fmt: skip
def test_two_ways_to_say_one_thing_are_one(one: Any, other: Any) -> None:
    assert id_when(one) == id_when(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (compare(CLOSE, "<", RSI), compare(RSI, "<", CLOSE)),
        (compare(CLOSE, "<", RSI), compare(CLOSE, "<=", RSI)),
        ({"type": "and", "of": [A, B]}, {"type": "or", "of": [A, B]}),
        ({"type": "and", "of": [A, {"type": "or", "of": [B, C]}]}, {"type": "and", "of": [A, B, C]}),
        ({"type": "for", "of": A, "bars": 2}, {"type": "within", "of": A, "bars": 2}),
        ({"type": "sequence", "first": A, "then": B, "bars": 2}, {"type": "sequence", "first": B, "then": A, "bars": 2}),
        (compare({"type": "arith", "op": "-", "args": [CLOSE, RSI]}, ">", 1), compare({"type": "arith", "op": "-", "args": [RSI, CLOSE]}, ">", 1)),
        (compare({"type": "arith", "op": "/", "args": [CLOSE, RSI]}, ">", 1), compare({"type": "arith", "op": "/", "args": [RSI, CLOSE]}, ">", 1)),
        (compare("MACD", ">", 0), compare("MACD_SIGNAL", ">", 0)),
    ],
)  # fmt: skip
def test_two_meanings_are_two(one: Any, other: Any) -> None:
    assert id_when(one) != id_when(other)


def test_the_order_of_rules_counts() -> None:
    partial = {"id": "exit_2", "side": "long", "portion": 0.5, "when": compare(RSI, ">", 60)}
    document = with_change(rsi_reversal(), "/exit_rules/1", partial)
    assert id_of(document) != id_of(with_change(document, "/exit_rules", document["exit_rules"][::-1]))


def test_the_name_and_value_of_a_parameter_count_and_its_bounds_do_not() -> None:
    parameter = {"name": "length", "value": 14}
    document = with_change(rsi_reversal(), "/parameters/0", parameter)
    document = with_change(document, "/indicators/0/params/timeperiod", "length")
    assert id_of(with_change(document, "/parameters/0", {**parameter, "min": 2, "max": 30, "step": 1})) == id_of(
        document
    )
    assert id_of(with_change(document, "/parameters/0/value", 15)) != id_of(document)


# Over random specs


def _shuffled(value: Any, chance: random.Random) -> Any:
    """The same document with its keys, and the operands that may stand in any order, in another order."""
    if isinstance(value, list):
        return [_shuffled(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _shuffled(item, chance) for key, item in value.items()}
    if made.get("type") in ("and", "or"):
        chance.shuffle(made["of"])
    if made.get("type") == "arith" and made["op"] in ("+", "*", "min", "max"):
        chance.shuffle(made["args"])
    if made.get("type") == "compare" and chance.random() < 0.5:
        mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
        made |= {"op": mirrored[made["op"]], "left": made["right"], "right": made["left"]}
    keys = list(made)
    chance.shuffle(keys)
    return {key: made[key] for key in keys}


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The same document with other ids of indicators."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: names[item] if key in ("id", "indicator") and item in names else _renamed(item, names)
        for key, item in value.items()
    }


def _in_floats(document: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(document)
    for use in made["indicators"]:
        use["params"] = {k: float(v) if isinstance(v, int) else v for k, v in use["params"].items()}
    return made


def _in_other_words(document: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(document) | {"strategy_name": "x", "description": "y", "provenance": {"source": "model"}}
    for i, rule in enumerate((*made["entry_rules"], *made["exit_rules"])):
        rule["id"] = f"rule_{i}"
    for parameter in made["parameters"]:
        parameter |= {"min": None, "max": None, "step": None}
    return made


CHANGES: dict[str, Callable[[dict[str, Any], random.Random], dict[str, Any]]] = {
    "order": _shuffled,
    "indicator ids": lambda d, _: _renamed(d, {use["id"]: f"renamed_{i}" for i, use in enumerate(d["indicators"])}),
    "indicator order": lambda d, chance: d | {"indicators": chance.sample(d["indicators"], len(d["indicators"]))},
    "floats": lambda d, _: _in_floats(d),
    "words": lambda d, _: _in_other_words(d),
}


@settings(max_examples=60, deadline=None)
@given(specs(), st.sampled_from(sorted(CHANGES)), st.randoms(use_true_random=False))
def test_a_change_of_words_or_order_leaves_it(spec: Spec, change: str, chance: random.Random) -> None:
    changed = CHANGES[change](to_document(spec), chance)
    assert id_of(changed) == identity(spec)


@settings(max_examples=60, deadline=None)
@given(specs(), specs())
def test_specs_with_one_identity_have_one_normal_form(one: Spec, other: Spec) -> None:
    assert (identity(one) == identity(other)) == (normal_form(one) == normal_form(other))
