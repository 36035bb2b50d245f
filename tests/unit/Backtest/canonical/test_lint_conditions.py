"""Conditions that can never be true, comparisons that always are; and those that can go either way, left alone."""

from typing import Any

import pytest

from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.errors import Issue
from tests.generators.documents import SHORT_ENTRY, compare, rsi_changed


def issues_of(document: dict[str, Any]) -> tuple[Issue, ...]:
    return lint(parse_spec(document))


def issue_of(document: dict[str, Any]) -> Issue:
    (issue,) = issues_of(document)
    return issue


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
    issue = issue_of(rsi_changed(("/entry_rules/0/when", condition), parameter))
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
    document = rsi_changed(("/parameters", parameters), ("/indicators/1", donchian), ("/entry_rules/0/when", condition))
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
    document = rsi_changed(("/entry_rules/1", SHORT_ENTRY), ("/exit_rules/1", rule))
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
    issue = issue_of(rsi_changed(("/entry_rules/0/when", condition)))
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
    assert issues_of(rsi_changed(("/entry_rules/0/when", condition))) == ()


@pytest.mark.parametrize("bars", range(8))
def test_a_number_that_something_differs_from_is_taken_for_nothing_else(bars: int) -> None:
    different = compare("bars_since_entry", "!=", bars + 1)
    condition = both(compare("RSI_14", ">", 1), compare("SMA_8", "<", "SMA_19"), different)
    assert issues_of(rsi_changed(("/exit_rules/0/when", condition))) == ()


def test_the_innermost_contradiction_is_named() -> None:
    condition = {"type": "or", "of": [ABOVE_70, {"type": "not", "of": both(BELOW_30, ABOVE_70)}]}
    issue = issue_of(rsi_changed(("/exit_rules/0/when", condition)))
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
    document = rsi_changed(("/timeframe", "1h"), ("/filters", filters), ("/entry_rules/0/when", when))
    assert [issue.field for issue in issues_of(document)] == ([] if is_sound else ["/entry_rules/0/when"])


def test_a_condition_of_very_many_parts_is_judged_in_time() -> None:
    wide = both(*({"type": "or", "of": [compare("Close", ">", 3 * i + j) for j in range(3)]} for i in range(60)))
    deep = both(*(both(*(compare("Close", ">", 60 * i + j) for j in range(60))) for i in range(60)))
    for condition in (wide, deep):
        assert issues_of(rsi_changed(("/entry_rules/0/when", condition))) == ()
