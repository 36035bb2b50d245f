"""What can't be meant, named at its place; and what can, left alone."""

from typing import Any

import pytest
from hypothesis import given, settings

from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.errors import Issue
from tests.generators.documents import (
    CLOSE,
    RSI,
    SHORT_ENTRY,
    compare,
    number,
    rsi_changed,
    rsi_reversal,
    with_change,
    without,
)
from tests.generators.specs import specs

LIMIT = {"type": "limit", "price": "Low", "valid_bars": 1}
SHORT_EXIT = {"id": "exit_2", "side": "short", "when": compare("RSI_14", "<", 30)}
ABOVE_70 = compare("RSI_14", ">", 70)


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
    document = rsi_changed(("/exit_rules", []), ("/risk/stop_loss", None))
    issue = issue_of(document)
    assert (issue.field, "missing exit" in issue.message) == ("/exit_rules", True)
    found = issues_of(with_change(document, *way_out))
    assert [issue.message for issue in found if "long" in issue.message] == []


def test_partial_exits_and_break_even_close_nothing_whole() -> None:
    document = rsi_changed(("/exit_rules/0/portion", 0.5), ("/risk/stop_loss", None))
    document = with_change(document, "/risk/break_even", {"after_gain": {"type": "percent", "value": 3}})
    assert "more than a part" in issue_of(document).message


def test_a_waiting_entry_of_the_other_side_reverses_nothing() -> None:
    document = rsi_changed(("/exit_rules", [SHORT_EXIT]), ("/risk/stop_loss", None))
    document = with_change(document, "/entry_rules/1", {**SHORT_ENTRY, "order": LIMIT})
    assert "long" in issue_of(document).message


def test_an_exit_of_a_side_that_is_never_entered() -> None:
    issue = issue_of(rsi_changed(("/exit_rules/1", SHORT_EXIT)))
    assert (issue.field, issue.suggestion) == ("/exit_rules/1/side", "did you mean 'long'?")


def test_orders_that_wait_on_both_sides_together_are_not_supported() -> None:
    waiting = {**SHORT_ENTRY, "order": {"type": "stop", "price": "Low"}}
    issue = issue_of(rsi_changed(("/entry_rules/0/order", LIMIT), ("/entry_rules/1", waiting)))
    assert issue.field == "/entry_rules/1/order"
    assert issues_of(rsi_changed(("/entry_rules/0/order", LIMIT), ("/entry_rules/1", SHORT_ENTRY))) == ()


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
    assert issue_of(rsi_changed((pointer, value))).field == field


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
    assert issue_of(rsi_changed((pointer, value))).field == field


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
    assert field in [issue.field for issue in issues_of(rsi_changed(("/timeframe", timeframe), (pointer, hours)))]


@pytest.mark.parametrize(("timeframe", "is_sound"), [("1h", True), ("30m", True), ("1d", False), ("1w", False)])
def test_hours_are_of_intraday_bars(timeframe: str, is_sound: bool) -> None:
    found = issues_of(rsi_changed(("/timeframe", timeframe), ("/filters/hours", {"from": "09:30", "to": "16:00"})))
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
    document = rsi_changed((pointer, value))
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
    assert issues_of(rsi_changed((pointer, value))) == ()
    issue = issue_of(rsi_changed((pointer, value), ("/risk/stop_loss", None)))
    assert issue.field == field
    assert "stop" in issue.suggestion


@pytest.mark.parametrize(("first_close", "is_sound"), [(1_000.0, True), (1_000.01, False), (None, True)])
def test_the_cash_pays_for_a_hundred_units(first_close: float | None, is_sound: bool) -> None:
    found = issues_of(rsi_reversal(), first_close=first_close)
    assert [issue.field for issue in found] == ([] if is_sound else ["/execution/cash"])


# Declarations and references


def declared(**changes: Any) -> dict[str, Any]:
    return rsi_changed(("/indicators/0", {**rsi_reversal()["indicators"][0], **changes}))


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
    document = rsi_changed(
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
    issue = issue_of(rsi_changed(("/parameters/0", {"name": "level", "value": 30}), bands, (pointer, value)))
    assert issue.field == field
    assert suggestion in issue.suggestion


def test_a_previous_period_is_not_shorter_than_a_bar() -> None:
    previous = compare(CLOSE, ">", {"type": "previous", "period": "day", "field": "High"})
    assert issues_of(rsi_changed(("/entry_rules/0/when", previous))) == ()
    issue = issue_of(rsi_changed(("/timeframe", "1w"), ("/entry_rules/0/when", previous)))
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
    sound = rsi_changed(("/parameters", parameters), ("/constraints", ["fast < slow", "fast>=5"]))
    assert issues_of(sound) == ()
    document = with_change(sound, pointer, value)
    document = without(document, "/constraints/0") if pointer == "/parameters/0/name" else document
    document = without(document, "/constraints/0") if pointer == "/parameters/0/name" else document
    assert issue_of(document).field == field


def test_all_that_is_wrong_is_named_at_once() -> None:
    document = rsi_changed(("/risk/stop_loss/value", 150), ("/entry_rules/0/when", compare(RSI, "<", number(130))))
    document = with_change(document, "/exit_rules/1", SHORT_EXIT)
    assert {issue.field for issue in issues_of(document, first_close=5_000)} == {
        "/risk/stop_loss/value",
        "/entry_rules/0/when",
        "/exit_rules/1/side",
        "/execution/cash",
    }
