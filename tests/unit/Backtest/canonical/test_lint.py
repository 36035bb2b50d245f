"""What can't be meant, named at its place; and what can, left alone."""

from typing import Any

import pytest
from hypothesis import given, settings

from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.errors import Issue
from tests.generators.documents import CLOSE, RSI, compare, number, rsi_reversal, with_change, without
from tests.generators.specs import specs

LIMIT = {"type": "limit", "price": "Low", "valid_bars": 1}
SHORT_ENTRY = {"id": "entry_2", "side": "short", "order": "market", "when": compare("RSI_14", ">", 70)}
SHORT_EXIT = {"id": "exit_2", "side": "short", "when": compare("RSI_14", "<", 30)}


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    document = rsi_reversal()
    for pointer, value in changes:
        document = with_change(document, pointer, value)
    return document


def issues_of(document: dict[str, Any], **options: Any) -> tuple[Issue, ...]:
    return lint(parse_spec(document), **options)


def issue_of(document: dict[str, Any], **options: Any) -> Issue:
    (issue,) = issues_of(document, **options)
    return issue


@settings(max_examples=150, deadline=None)
@given(specs())
def test_a_generated_spec_is_clean(spec: Spec) -> None:
    assert lint(spec) == ()


def test_the_small_example_is_clean() -> None:
    assert issues_of(rsi_reversal(), first_close=800) == ()


# Comparisons that are always or never true


@pytest.mark.parametrize(
    ("condition", "verdict", "hint"),
    [
        (compare("RSI_14", "<", 130), "always", "RSI(14) runs from 0 to 100"),
        (compare("RSI_14", "<=", 100), "always", "from 0 to 100"),
        (compare("RSI_14", ">", 100), "never", "from 0 to 100"),
        (compare("RSI_14", "<", 0), "never", "from 0 to 100"),
        (compare(130, ">", "RSI_14"), "always", "from 0 to 100"),
        (compare("RSI_14", "==", 130), "never", "from 0 to 100"),
        (compare("RSI_14", "!=", 130), "always", "from 0 to 100"),
        (compare("WILLR_14", ">", 20), "never", "from -100 to 0"),
        (compare("STOCH_K_14_3_3", ">=", 0), "always", "from 0 to 100"),
        (compare("RSI_14", "<", "level"), "always", "from 0 to 100"),
        ({"type": "cross_above", "left": "RSI_14", "right": 130}, "never", "from 0 to 100"),
        ({"type": "cross_below", "left": "RSI_14", "right": 0}, "never", "from 0 to 100"),
        ({"type": "between", "value": "RSI_14", "low": 110, "high": 120}, "never", "from 0 to 100"),
        ({"type": "between", "value": "RSI_14", "low": 60, "high": 40}, "never", ""),
        ({"type": "between", "value": "RSI_14", "low": 0, "high": 100}, "always", ""),
        (compare({"type": "percent_change", "of": "Close", "bars": 5}, "<", -150), "never", "from -100 up"),
        (compare("Volume", "<", 0), "never", "from 0 up"),
        (compare({"type": "arith", "op": "abs", "args": ["MOM_10"]}, "<", 0), "never", "from 0 up"),
        (compare({"type": "arith", "op": "-", "args": ["RSI_14", "RSI_21"]}, ">", 100), "never", "from -100 to 100"),
        (compare({"type": "highest", "of": "RSI_14", "bars": 5, "include_current": True}, ">", 100), "never", "to 100"),
        (compare("Close", "<", "Close"), "never", ""),
        (compare("Close", ">=", "Close"), "always", ""),
        (compare("Low", ">", "High"), "never", ""),
        (compare("Close", "<=", "High"), "always", ""),
        (compare("BB_LOWER_20_2", ">", "BB_UPPER_20_2"), "never", ""),
        (compare("Close", ">", "DONCHIAN_UPPER_20"), "never", "current bar"),
        (compare("Close", ">", {"type": "highest", "of": "High", "bars": 20, "include_current": True}), "never", "current bar"),
        ({"type": "cross_below", "left": "Close", "right": {"type": "lowest", "of": "Low", "bars": 9, "include_current": True}}, "never", "current bar"),
        (compare("HIGHEST_20", "<", "High"), "never", "current bar"),
        (compare(1, "<", 2), "always", ""),
    ],
)  # fmt: skip
def test_a_comparison_that_is_always_or_never_true(condition: Any, verdict: str, hint: str) -> None:
    parameter = ("/parameters/0", {"name": "level", "value": 130})
    issue = issue_of(changed(("/entry_rules/0/when", condition), parameter))
    assert issue.field == "/entry_rules/0/when"
    assert "this is always true" in issue.message if verdict == "always" else "this can never be true" in issue.message
    assert hint in issue.suggestion


@pytest.mark.parametrize(
    "condition",
    [
        compare("RSI_14", "<", 100),
        compare("RSI_14", ">=", 100),
        compare("RSI_14", ">", 0),
        compare("CCI_20", ">", 250),
        compare("fast", "<", "slow"),
        compare("Close", ">", {"type": "highest", "of": "High", "bars": 20, "include_current": False}),
        compare("Close", ">=", {"type": "highest", "of": "Close", "bars": 20, "include_current": True}),
        compare("Close", ">", {"type": "indicator", "id": "DONCHIAN_20", "output": "upper", "shift": 1}),
        compare("Close", ">", "DONCHIAN_UPPER_20_1W"),
        compare("Low", ">", {"type": "price", "field": "High", "shift": 1}),
        compare({"type": "percent_change", "of": "MACD", "bars": 5}, "<", -150),
        compare("BB_LOWER_20_2", ">", "BB_UPPER_50_2"),
        compare("Close", "==", "High"),
        {"type": "cross_above", "left": "RSI_14", "right": 0},
    ],
)
def test_a_comparison_that_can_go_either_way_is_left_alone(condition: Any) -> None:
    parameters = [{"name": "fast", "value": 5}, {"name": "slow", "value": 20}]
    donchian = {"id": "DONCHIAN_20", "name": "DONCHIAN"}
    document = changed(("/parameters", parameters), ("/indicators/1", donchian), ("/entry_rules/0/when", condition))
    assert issues_of(document) == ()


@pytest.mark.parametrize(
    ("side", "condition", "is_sound"),
    [
        ("long", compare("open_profit_pct", "<", -100), False),
        ("long", compare("open_profit_pct", ">", 150), True),
        ("short", compare("open_profit_pct", ">", 150), False),
        ("short", compare("open_profit_pct", "<", -150), True),
        ("long", compare("bars_since_entry", "<", 1), False),
        ("long", compare("bars_since_entry", "==", 1), True),
    ],
)
def test_what_an_open_position_can_be_depends_on_its_side(side: str, condition: Any, is_sound: bool) -> None:
    rule = {"id": "exit_2", "side": side, "when": condition}
    document = changed(("/entry_rules/1", SHORT_ENTRY), ("/exit_rules/1", rule))
    assert [issue.field for issue in issues_of(document)] == ([] if is_sound else ["/exit_rules/1/when"])


# Contradictions


def both(*conditions: Any) -> dict[str, Any]:
    return {"type": "and", "of": list(conditions)}


BELOW_30, ABOVE_70 = compare("RSI_14", "<", 30), compare("RSI_14", ">", 70)


@pytest.mark.parametrize(
    "condition",
    [
        both(BELOW_30, ABOVE_70),
        both(compare("Close", ">", "SMA_50"), compare("Close", "<", "SMA_50")),
        both(compare("Close", ">", "SMA_50"), compare("SMA_50", ">=", "Close")),
        both(compare("Close", ">", "SMA_20"), compare("SMA_20", ">", "SMA_50"), compare("Close", "<", "SMA_50")),
        both(compare("RSI_14", "==", 30), compare("RSI_14", "==", 40)),
        both(compare("Close", "==", "Open"), compare("Close", "!=", "Open")),
        both(compare("Close", "<=", "Open"), compare("Close", ">=", "Open"), compare("Open", "!=", "Close")),
        both({"type": "between", "value": "RSI_14", "low": 40, "high": 60}, compare("RSI_14", ">", 60)),
        both({"type": "between", "value": "RSI_14", "low": 40, "high": 60, "inclusive": False}, compare("RSI_14", ">=", 60)),
        both({"type": "cross_above", "left": "RSI_14", "right": 70}, compare("RSI_14", "<", 50)),
        both({"type": "cross_above", "left": "RSI_14", "right": 30}, {"type": "cross_below", "left": "RSI_14", "right": 30}),
        both({"type": "not", "of": compare("RSI_14", ">=", 30)}, ABOVE_70),
        both({"type": "not", "of": {"type": "or", "of": [BELOW_30, compare("Close", ">", "Open")]}}, BELOW_30),
        both({"type": "or", "of": [BELOW_30, ABOVE_70]}, {"type": "between", "value": "RSI_14", "low": 40, "high": 60}),
        both({"type": "for", "of": BELOW_30, "bars": 3}, ABOVE_70),
        both({"type": "not", "of": {"type": "within", "of": BELOW_30, "bars": 3}}, compare("RSI_14", "<", 20)),
        both({"type": "sequence", "first": ABOVE_70, "then": BELOW_30, "bars": 5}, ABOVE_70),
        both({"type": "rising", "value": "Close", "bars": 3}, {"type": "falling", "value": "Close"}),
        both({"type": "weekday", "days": ["mon", "tue"]}, {"type": "weekday", "days": ["fri"]}),
        both({"type": "pattern", "name": "CDLENGULFING", "direction": "bullish"}, {"type": "pattern", "name": "CDLENGULFING", "direction": "bearish"}),
        both({"type": "touches", "value": "SMA_50"}, compare("Low", ">", "SMA_50")),
        both(compare("High", "<", 100), compare("Low", ">", 100)),
    ],
)  # fmt: skip
def test_conditions_that_can_never_be_true_together(condition: Any) -> None:
    issue = issue_of(changed(("/entry_rules/0/when", condition)))
    assert issue.field == "/entry_rules/0/when"
    assert "a contradiction" in issue.message
    assert "can never be true" in issue.message


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "or", "of": [BELOW_30, ABOVE_70]},
        both(BELOW_30, compare("RSI_21", ">", 70)),
        both(BELOW_30, {"type": "within", "of": ABOVE_70, "bars": 5}),
        {"type": "sequence", "first": ABOVE_70, "then": BELOW_30, "bars": 5},
        both(BELOW_30, compare({"type": "indicator", "id": "RSI_14", "shift": 1}, ">", 70)),
        both({"type": "between", "value": "RSI_14", "low": 40, "high": 60}, compare("RSI_14", ">=", 60)),
        both(compare("RSI_14", "<=", 30), compare("RSI_14", ">=", 30)),
        both({"type": "not", "of": {"type": "for", "of": BELOW_30, "bars": 3}}, BELOW_30),
        both({"type": "not", "of": {"type": "cross_above", "left": "RSI_14", "right": 30}}, compare("RSI_14", ">", 30)),
        both({"type": "rising", "value": "Close"}, {"type": "falling", "value": "Open"}),
        both({"type": "weekday", "days": ["mon", "tue"]}, {"type": "weekday", "days": ["tue", "fri"]}),
        both(compare("RSI_14", "<", 40), compare("RSI_14", "<", 30)),
        both(compare("Close", ">", "Open"), {"type": "or", "of": [BELOW_30, compare("Close", "<", "Open")]}),
    ],
)
def test_conditions_that_can_be_true_together_are_left_alone(condition: Any) -> None:
    assert issues_of(changed(("/entry_rules/0/when", condition))) == ()


@pytest.mark.parametrize("bars", range(8))
def test_a_number_that_something_differs_from_is_taken_for_nothing_else(bars: int) -> None:
    different = compare("bars_since_entry", "!=", bars + 1)
    condition = both(compare("RSI_14", ">", 1), compare("SMA_8", "<", "SMA_19"), different)
    assert issues_of(changed(("/exit_rules/0/when", condition))) == ()


def test_the_innermost_contradiction_is_named() -> None:
    condition = {"type": "or", "of": [ABOVE_70, {"type": "not", "of": both(BELOW_30, ABOVE_70)}]}
    issue = issue_of(changed(("/exit_rules/0/when", condition)))
    assert issue.field == "/exit_rules/0/when/of/1/of"
    assert "RSI(14) is below 30 and RSI(14) is above 70" in issue.message
    assert issue.suggestion == "did you mean 'or'?"


HOURS = {"type": "hours", "from": "08:00", "to": "10:00"}


@pytest.mark.parametrize(
    ("filters", "when", "is_sound"),
    [
        ({"when": ABOVE_70}, BELOW_30, False),
        ({"when": ABOVE_70}, compare("Close", ">", 1), True),
        ({"weekdays": ["mon"]}, {"type": "weekday", "days": ["fri"]}, False),
        ({"weekdays": ["mon", "fri"]}, {"type": "weekday", "days": ["fri"]}, True),
        ({"weekdays": ["mon"], "when": {"type": "weekday", "days": ["tue"]}}, None, False),
        ({"hours": {"from": "10:00", "to": "16:00"}}, HOURS, False),
        ({"hours": {"from": "22:00", "to": "09:00"}}, HOURS, True),
        ({"hours": {"from": "10:00", "to": "16:00"}}, {"type": "not", "of": {**HOURS, "to": "17:00"}}, False),
    ],
)
def test_an_entry_that_the_filters_never_let_through(filters: Any, when: Any, is_sound: bool) -> None:
    document = changed(("/timeframe", "1h"), ("/filters", filters), ("/entry_rules/0/when", when))
    assert [issue.field for issue in issues_of(document)] == ([] if is_sound else ["/entry_rules/0/when"])


def test_a_condition_of_very_many_parts_is_judged_in_time() -> None:
    wide = both(*({"type": "or", "of": [compare("Close", ">", 3 * i + j) for j in range(3)]} for i in range(60)))
    deep = both(*(both(*(compare("Close", ">", 60 * i + j) for j in range(60))) for i in range(60)))
    for condition in (wide, deep):
        assert issues_of(changed(("/entry_rules/0/when", condition))) == ()


# Ways out, sides, orders


@pytest.mark.parametrize(
    "way_out",
    [
        ("/exit_rules/0", {"id": "x", "side": "long", "when": ABOVE_70}),
        ("/risk/stop_loss", {"type": "percent", "value": 5}),
        ("/risk/take_profit", {"type": "percent", "value": 5}),
        ("/risk/trailing_stop", {"type": "percent", "value": 5}),
        ("/risk/max_bars", 10),
        ("/entry_rules/1", SHORT_ENTRY),
    ],
)
def test_a_position_that_nothing_closes_is_a_missing_exit(way_out: tuple[str, Any]) -> None:
    document = changed(("/exit_rules", []), ("/risk/stop_loss", None))
    issue = issue_of(document)
    assert (issue.field, "missing exit" in issue.message) == ("/exit_rules", True)
    found = issues_of(with_change(document, *way_out))
    assert [issue.message for issue in found if "long" in issue.message] == []


def test_partial_exits_and_break_even_close_nothing_whole() -> None:
    document = changed(("/exit_rules/0/portion", 0.5), ("/risk/stop_loss", None))
    document = with_change(document, "/risk/break_even", {"after_gain": {"type": "percent", "value": 3}})
    assert "more than a part" in issue_of(document).message


def test_a_waiting_entry_of_the_other_side_reverses_nothing() -> None:
    document = changed(("/exit_rules", [SHORT_EXIT]), ("/risk/stop_loss", None))
    document = with_change(document, "/entry_rules/1", {**SHORT_ENTRY, "order": LIMIT})
    assert "long" in issue_of(document).message


def test_an_exit_of_a_side_that_is_never_entered() -> None:
    issue = issue_of(changed(("/exit_rules/1", SHORT_EXIT)))
    assert (issue.field, issue.suggestion) == ("/exit_rules/1/side", "did you mean 'long'?")


def test_orders_that_wait_on_both_sides_together_are_not_supported() -> None:
    waiting = {**SHORT_ENTRY, "order": {"type": "stop", "price": "Low"}}
    issue = issue_of(changed(("/entry_rules/0/order", LIMIT), ("/entry_rules/1", waiting)))
    assert issue.field == "/entry_rules/1/order"
    assert issues_of(changed(("/entry_rules/0/order", LIMIT), ("/entry_rules/1", SHORT_ENTRY))) == ()


@pytest.mark.parametrize(
    ("pointer", "value", "field"),
    [
        ("/entry_rules/0/when", compare("open_profit_pct", ">", 1), "/entry_rules/0/when/left"),
        ("/filters/when", compare("bars_since_entry", ">", 1), "/filters/when/left"),
        ("/entry_rules/0/order", {"type": "limit", "price": "entry_price"}, "/entry_rules/0/order/price"),
        ("/risk/take_profit", {"type": "price", "price": "entry_price"}, "/risk/take_profit/price"),
        ("/exit_rules/0/when", compare({"type": "highest", "of": "open_profit_pct", "bars": 5, "include_current": True}, ">", 1), "/exit_rules/0/when/left/of"),
        ("/exit_rules/0/when", compare({"type": "percent_change", "of": "entry_price", "bars": 5}, ">", 1), "/exit_rules/0/when/left/of"),
    ],
)  # fmt: skip
def test_the_open_position_is_spoken_of_in_exits_only_and_without_history(pointer: str, value: Any, field: str) -> None:
    assert issue_of(changed((pointer, value))).field == field


@pytest.mark.parametrize(
    ("pointer", "value", "field"),
    [
        ("/entry_rules/0/order", {"type": "limit", "price": "Volume"}, "/entry_rules/0/order/price"),
        ("/entry_rules/0/order", {"type": "stop", "price": "SMA_20_VOLUME"}, "/entry_rules/0/order/price"),
        ("/risk/stop_loss", {"type": "price", "price": "RSI_14"}, "/risk/stop_loss/price"),
        ("/entry_rules/0/when", {"type": "touches", "value": "RSI_14"}, "/entry_rules/0/when/value"),
    ],
)
def test_a_volume_or_an_oscillator_is_no_price(pointer: str, value: Any, field: str) -> None:
    assert issue_of(changed((pointer, value))).field == field


@pytest.mark.parametrize(
    ("timeframe", "pointer", "field"),
    [
        ("1h", "/filters/hours", "/filters/hours/to"),
        ("1d", "/filters/hours", "/filters/hours/to"),
        ("1h", "/entry_rules/0/when", "/entry_rules/0/when/to"),
    ],
)
def test_a_session_that_holds_no_bar(timeframe: str, pointer: str, field: str) -> None:
    hours = {"from": "09:30", "to": "09:30"} | ({"type": "hours"} if "when" in pointer else {})
    assert field in [issue.field for issue in issues_of(changed(("/timeframe", timeframe), (pointer, hours)))]


@pytest.mark.parametrize(("timeframe", "is_sound"), [("1h", True), ("30m", True), ("1d", False), ("1w", False)])
def test_hours_are_of_intraday_bars(timeframe: str, is_sound: bool) -> None:
    found = issues_of(changed(("/timeframe", timeframe), ("/filters/hours", {"from": "09:30", "to": "16:00"})))
    assert [issue.field for issue in found] == ([] if is_sound else ["/filters/hours"])


# Risk and account


@pytest.mark.parametrize(
    ("pointer", "value", "sides", "is_sound"),
    [
        ("/risk/stop_loss", {"type": "percent", "value": 150}, "long", False),
        ("/risk/stop_loss", {"type": "percent", "value": 100}, "long", False),
        ("/risk/stop_loss", {"type": "percent", "value": 99}, "long", True),
        ("/risk/stop_loss", {"type": "percent", "value": 150}, "short", True),
        ("/risk/stop_loss", {"type": "percent", "value": 150}, "both", False),
        ("/risk/trailing_stop", {"type": "percent", "value": 100}, "long", False),
        ("/risk/take_profit", {"type": "percent", "value": 150}, "long", True),
        ("/risk/take_profit", {"type": "percent", "value": 100}, "short", False),
        ("/risk/break_even", {"after_gain": {"type": "percent", "value": 100}}, "short", False),
        ("/risk/break_even", {"after_gain": {"type": "percent", "value": 100}}, "both", True),
    ],
)
def test_a_price_can_t_fall_by_its_whole(pointer: str, value: Any, sides: str, is_sound: bool) -> None:
    document = changed((pointer, value))
    if sides == "short":
        document = with_change(with_change(document, "/entry_rules/0/side", "short"), "/exit_rules/0/side", "short")
    if sides == "both":
        document = with_change(document, "/entry_rules/1", SHORT_ENTRY)
    assert [issue.field.startswith(pointer) for issue in issues_of(document)] == ([] if is_sound else [True])


@pytest.mark.parametrize(
    ("pointer", "value", "field"),
    [
        ("/sizing", {"type": "risk", "percent": 1}, "/sizing"),
        ("/risk/take_profit", {"type": "r", "multiple": 2}, "/risk/take_profit"),
        ("/risk/break_even", {"after_gain": {"type": "r", "value": 1}}, "/risk/break_even/after_gain"),
        ("/risk/trailing_stop", {"type": "percent", "value": 2, "after_gain": {"type": "r", "value": 1}}, "/risk/trailing_stop/after_gain"),
    ],
)  # fmt: skip
def test_what_is_measured_by_the_stop_needs_one(pointer: str, value: Any, field: str) -> None:
    assert issues_of(changed((pointer, value))) == ()
    issue = issue_of(changed((pointer, value), ("/risk/stop_loss", None)))
    assert issue.field == field
    assert "stop" in issue.suggestion


@pytest.mark.parametrize(("first_close", "is_sound"), [(1_000.0, True), (1_000.01, False), (None, True)])
def test_the_cash_pays_for_a_hundred_units(first_close: float | None, is_sound: bool) -> None:
    found = issues_of(rsi_reversal(), first_close=first_close)
    assert [issue.field for issue in found] == ([] if is_sound else ["/execution/cash"])


# Declarations and references


def declared(**changes: Any) -> dict[str, Any]:
    return changed(("/indicators/0", {**rsi_reversal()["indicators"][0], **changes}))


@pytest.mark.parametrize(
    ("use", "field", "said"),
    [
        ({"params": {"timeperiod": 0}}, "/indicators/0/params/timeperiod", "out of bounds"),
        ({"name": "SMA", "params": {"timeperiod": 0}}, "/indicators/0/params/timeperiod", "out of bounds"),
        ({"params": {"timeperiod": 14.5}}, "/indicators/0/params/timeperiod", "whole number"),
        ({"params": {"timeperiod": "long"}}, "/indicators/0/params/timeperiod", "out of bounds"),
        ({"name": "MACD", "params": {"fastperiod": 30, "slowperiod": 20}}, "/indicators/0/params/fastperiod", "below slowperiod"),
        ({"name": "ATR", "source": "Close"}, "/indicators/0/source", "High, Low, Close"),
        ({"timeframe": "1h"}, "/indicators/0/timeframe", "shorter"),
        ({"timeframe": "2d"}, "/indicators/0/timeframe", "not made of whole"),
        ({"id": "next"}, "/indicators/0/id", "meaning of its own"),
        ({"id": "lambda"}, "/indicators/0/id", "meaning of its own"),
    ],
)  # fmt: skip
def test_an_indicator_that_can_t_be_computed(use: dict[str, Any], field: str, said: str) -> None:
    document = declared(**use)
    document = with_change(document, "/parameters/0", {"name": "long", "value": -3})
    document = with_change(with_change(document, "/entry_rules/0/when", None), "/exit_rules", [])
    issue = issue_of(document)
    assert issue.field == field
    assert said in issue.message


def test_an_unknown_indicator_or_pattern_of_a_spec_made_in_code_is_named() -> None:
    document = changed(
        ("/exit_rules/0/when", {"type": "pattern", "name": "CDLENGULFNG"}), ("/indicators/0/name", "RSJ")
    )
    found = lint(Spec.model_validate(document))
    assert [(issue.field, "did you mean" in issue.suggestion) for issue in found] == [
        ("/indicators/0/name", True),
        ("/exit_rules/0/when/name", True),
    ]


@pytest.mark.parametrize(
    ("pointer", "value", "field", "suggestion"),
    [
        ("/entry_rules/0/when/left", {**RSI, "id": "RSI14"}, "/entry_rules/0/when/left/id", "did you mean 'RSI_14'?"),
        ("/entry_rules/0/when/left", {**RSI, "output": "upper"}, "/entry_rules/0/when/left/output", "leave the output out"),
        ("/entry_rules/0/when/left", {"type": "indicator", "id": "bands", "output": "uper"}, "/entry_rules/0/when/left/output", "did you mean upper?"),
        ("/entry_rules/0/when/left", {"type": "indicator", "id": "bands"}, "/entry_rules/0/when/left/output", "one of upper, middle, lower"),
        ("/entry_rules/0/when/right", {"type": "param", "name": "lvel"}, "/entry_rules/0/when/right/name", "did you mean 'level'?"),
        ("/risk/stop_loss", {"type": "atr", "indicator": "RSI_14", "multiple": 2}, "/risk/stop_loss/indicator", "ATR"),
        ("/risk/stop_loss", {"type": "atr", "indicator": "nothing", "multiple": 2}, "/risk/stop_loss/indicator", "declared"),
        ("/exit_rules/0/when", {"type": "pattern", "name": "CDL2CROWS", "direction": "bullish"}, "/exit_rules/0/when/direction", "it is bearish"),
    ],
)  # fmt: skip
def test_a_name_that_stands_for_nothing(pointer: str, value: Any, field: str, suggestion: str) -> None:
    bands = ("/indicators/1", {"id": "bands", "name": "BBANDS"})
    issue = issue_of(changed(("/parameters/0", {"name": "level", "value": 30}), bands, (pointer, value)))
    assert issue.field == field
    assert suggestion in issue.suggestion


def test_a_previous_period_is_not_shorter_than_a_bar() -> None:
    previous = compare(CLOSE, ">", {"type": "previous", "period": "day", "field": "High"})
    assert issues_of(changed(("/entry_rules/0/when", previous))) == ()
    issue = issue_of(changed(("/timeframe", "1w"), ("/entry_rules/0/when", previous)))
    assert issue.field == "/entry_rules/0/when/right/period"


@pytest.mark.parametrize(
    ("pointer", "value", "field"),
    [
        ("/parameters/2", {"name": "fast", "value": 1}, "/parameters/2/name"),
        ("/indicators/1", {"id": "RSI_14", "name": "SMA", "timeperiod": 9}, "/indicators/1/id"),
        ("/exit_rules/0/id", "entry_1", "/exit_rules/0/id"),
        ("/parameters/0/name", "class", "/parameters/0/name"),
        ("/parameters/0/min", 12, "/parameters/0/value"),
        ("/parameters/0/max", 9, "/parameters/0/value"),
        ("/parameters/0", {"name": "fast", "value": 10, "min": 20, "max": 5}, "/parameters/0/min"),
        ("/constraints/0", "slow < fast", "/constraints/0"),
        ("/constraints/0", "fast << slow", "/constraints/0"),
        ("/constraints/0", "fast", "/constraints/0"),
        ("/constraints/0", "fsat < slow", "/constraints/0"),
        ("/constraints/0", "fast >= 10.5", "/constraints/0"),
    ],
)
def test_a_declaration_that_does_not_hold(pointer: str, value: Any, field: str) -> None:
    parameters = [{"name": "fast", "value": 10}, {"name": "slow", "value": 20}]
    sound = changed(("/parameters", parameters), ("/constraints", ["fast < slow", "fast>=5"]))
    assert issues_of(sound) == ()
    document = with_change(sound, pointer, value)
    document = without(document, "/constraints/0") if pointer == "/parameters/0/name" else document
    document = without(document, "/constraints/0") if pointer == "/parameters/0/name" else document
    assert issue_of(document).field == field


def test_all_that_is_wrong_is_named_at_once() -> None:
    document = changed(("/risk/stop_loss/value", 150), ("/entry_rules/0/when", compare(RSI, "<", number(130))))
    document = with_change(document, "/exit_rules/1", SHORT_EXIT)
    assert {issue.field for issue in issues_of(document, first_close=5_000)} == {
        "/risk/stop_loss/value",
        "/entry_rules/0/when",
        "/exit_rules/1/side",
        "/execution/cash",
    }
