"""The spec said back in English."""

from typing import Any

import pytest
from hypothesis import given, settings

from Backtest.canonical.condition_phrases import CONDITION_PHRASES
from Backtest.canonical.conditions import Not
from Backtest.canonical.explain import describe_condition, describe_operand, explain
from Backtest.canonical.operand_phrases import OPERAND_PHRASES, chart_name, number_text
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.shape import slots
from Backtest.canonical.spec import Spec
from Backtest.timeframes import TIMEFRAMES
from tests.generators.documents import compare, number, rsi_reversal, with_change
from tests.generators.specs import specs


def sentence(path: str, document: dict[str, Any]) -> str:
    return {each.path: each.text for each in explain(parse_spec(document))}[path]


def said_of(condition: Any) -> str:
    """The clause of an exit's condition, where every operand may stand."""
    document = with_change(rsi_reversal(), "/exit_rules/0/when", condition)
    document = with_change(document, "/parameters/0", {"name": "level", "value": 30})
    spec = parse_spec(document)
    return describe_condition(spec.exit_rules[0].when, spec)


def said_of_operand(operand: Any) -> str:
    return said_of(compare(operand, ">", 1)).removesuffix(" is above 1")


def test_every_kind_of_node_has_a_phrase() -> None:
    assert set(CONDITION_PHRASES) == set(slots(Not)["of"].nodes)
    compared = next(iter(slots(Not)["of"].nodes[3:4]))
    assert set(OPERAND_PHRASES) == set(slots(compared)["left"].nodes)


def test_the_small_example_is_said_rule_by_rule() -> None:
    assert [(each.path, each.text) for each in explain(parse_spec(rsi_reversal()))] == [
        ("/timeframe", "The rules are judged on the close of each daily bar of GOOG."),
        ("/entry_rules/0", "Enter long at the next open when RSI(14) crosses below 30."),
        ("/exit_rules/0", "Close the long position at the next open when RSI(14) crosses above 70."),
        ("/risk/stop_loss", "Stop out 5 % from the entry price."),
        ("/sizing", "Each position takes the whole account."),
        ("/execution/cash", "The account begins with 100,000 in cash."),
        ("/execution/commission", "Each side of a trade costs 0.1 % of its value."),
    ]


A, B = compare("RSI_14", "<", 30), compare("Close", ">", "SMA_200")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (A, "RSI(14) is below 30"),
        (compare("Close", ">=", "level"), "the close is at least level (30)"),
        (compare("RSI_14", "!=", 50), "RSI(14) is different from 50"),
        ({"type": "and", "of": [A, B]}, "RSI(14) is below 30 and the close is above SMA(200)"),
        ({"type": "and", "of": [A, {"type": "or", "of": [A, B]}]}, "RSI(14) is below 30 and (RSI(14) is below 30 or the close is above SMA(200))"),
        ({"type": "not", "of": A}, "it is not so that RSI(14) is below 30"),
        ({"type": "between", "value": "RSI_14", "low": 40, "high": 60}, "RSI(14) is between 40 and 60"),
        ({"type": "between", "value": "RSI_14", "low": 40, "high": 60, "inclusive": False}, "RSI(14) is strictly between 40 and 60"),
        ({"type": "rising", "value": "Close"}, "the close has risen"),
        ({"type": "falling", "value": "Close", "bars": 3}, "the close has fallen 3 bars in a row"),
        ({"type": "for", "of": A, "bars": 3}, "on each of the last 3 bars, RSI(14) is below 30"),
        ({"type": "within", "of": A, "bars": 5}, "on at least one of the last 5 bars, RSI(14) is below 30"),
        ({"type": "sequence", "first": A, "then": B, "bars": 4}, "the close is above SMA(200), and on at least one of the 4 bars before, RSI(14) is below 30"),
        ({"type": "touches", "value": "BB_LOWER_20_2", "side": "low"}, "the low is at or below the lower Bollinger band(20, 2)"),
        ({"type": "touches", "value": "BB_UPPER_20_2", "side": "high"}, "the high is at or above the upper Bollinger band(20, 2)"),
        ({"type": "touches", "value": "SMA_200"}, "the bar's range touches SMA(200)"),
        ({"type": "pattern", "name": "CDLENGULFING", "direction": "bullish"}, "the candles form the bullish pattern 'engulfing'"),
        ({"type": "weekday", "days": ["fri", "mon", "tue"]}, "the bar is of Monday, Tuesday or Friday"),
        ({"type": "hours", "from": "09:30", "to": "16:00"}, "the bar's time is from 09:30 up to, not including, 16:00"),
    ],
)  # fmt: skip
def test_a_condition_is_a_clause(condition: Any, text: str) -> None:
    assert said_of(condition) == text


@pytest.mark.parametrize(
    ("operand", "text"),
    [
        ("Close", "the close"),
        ({"type": "price", "field": "High", "shift": 1}, "the high of 1 bar ago"),
        ("SMA_20_VOLUME", "SMA(20) of the volume"),
        ("EMA_50_1W", "EMA(50) on the weekly chart"),
        ("MACD_SIGNAL", "the MACD signal line(12, 26, 9)"),
        ("STOCH_K_14_3_3", "Stochastic %K(14, 3, 3)"),
        ("PSAR", "Parabolic SAR(0.02, 0.2)"),
        ("OBV", "OBV"),
        ("AROON_UP_14", "Aroon up(14)"),
        ("SUPERTREND", "the Supertrend line(10, 3)"),
        ("ICHIMOKU_SPAN_A", "Ichimoku span A(9, 26, 52)"),
        ({"type": "arith", "op": "*", "args": ["Close", 0.99]}, "the close × 0.99"),
        ({"type": "arith", "op": "-", "args": ["Close", {"type": "arith", "op": "*", "args": [2, "ATR_14"]}]}, "the close − (2 × ATR(14))"),
        ({"type": "arith", "op": "max", "args": ["Open", "Close"]}, "the larger of the open and the close"),
        ({"type": "arith", "op": "abs", "args": ["MOM_10"]}, "the size of the momentum(10)"),
        ({"type": "highest", "of": "High", "bars": 20, "include_current": False}, "the highest high of the 20 bars before"),
        ({"type": "lowest", "of": "RSI_14", "bars": 5, "include_current": True}, "the lowest value of RSI(14) of the last 5 bars, this one included"),
        ({"type": "percent_change", "of": "Close", "bars": 5}, "the percent change of the close over 5 bars"),
        ({"type": "previous", "period": "week", "field": "High"}, "the high of the previous week"),
        ("open_profit_pct", "the open profit in percent"),
        ("bars_since_entry", "the number of closes since entry"),
        ("entry_price", "the entry price"),
    ],
)  # fmt: skip
def test_an_operand_is_a_noun(operand: Any, text: str) -> None:
    assert said_of_operand(operand) == text


def test_an_indicator_of_a_named_parameter_says_both() -> None:
    document = with_change(rsi_reversal(), "/parameters/0", {"name": "length", "value": 9})
    spec = parse_spec(with_change(document, "/indicators/0/params/timeperiod", "length"))
    assert describe_operand(spec.entry_rules[0].when.left, spec) == "RSI(length = 9)"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("pointer", "value", "text"),
    [
        ("/entry_rules/0/when", None, "Enter long at the next open on every bar."),
        ("/entry_rules/0/order", {"type": "limit", "price": "Low", "valid_bars": 3}, "While flat, place a buy limit order at the low, good for 3 bars, when RSI(14) crosses below 30."),
        ("/entry_rules/0/order", {"type": "stop", "price": "High", "valid_bars": None}, "While flat, place a buy stop order at the high, good until it is filled or replaced, when RSI(14) crosses below 30."),
        ("/exit_rules/0/portion", 0.5, "Close 50 % of the long position, once per position, at the next open when RSI(14) crosses above 70."),
        ("/risk/stop_loss", {"type": "atr", "indicator": "ATR_14", "multiple": 2}, "Stop out 2 × ATR(14) from the entry price."),
        ("/risk/stop_loss", {"type": "price", "price": "Low"}, "Stop out at the low, as it is on the signal bar."),
        ("/risk/take_profit", {"type": "r", "multiple": 2}, "Take profit 2 × the stop's distance from the entry price."),
        ("/risk/trailing_stop", {"type": "percent", "value": 2, "after_gain": {"type": "percent", "value": 4}}, "Trail a stop 2 % behind the best close since entry, once a close has gained 4 %."),
        ("/risk/break_even", {"after_gain": {"type": "r", "value": 1}}, "Move the stop to the entry price once a close has gained 1 × the stop's distance."),
        ("/risk/max_bars", 1, "Leave at the next open after 1 bar at most."),
        ("/sizing", {"type": "fraction", "value": 0.1}, "Each position takes 10 % of the account."),
        ("/sizing", {"type": "risk", "percent": 1}, "Each position risks 1 % of the equity at its stop."),
        ("/execution/commission", {"type": "fixed_plus_rate", "fixed": 1, "rate": 0.0005}, "Each side of a trade costs 1 plus 0.05 % of its value."),
        ("/execution/margin", 0.5, "A position needs 50 % of its value as margin."),
        ("/filters/weekdays", ["mon", "tue"], "Enter only on signals of Monday and Tuesday."),
        ("/filters/hours", {"from": "08:00", "to": "16:00"}, "Enter only on signals of bars stamped from 08:00 up to, not including, 16:00."),
        ("/filters/when", B, "Enter only while the close is above SMA(200)."),
        ("/filters/cooldown_bars", 5, "Take no entry on the bar of an exit's fill and the 5 bars after it."),
        ("/parameters/0", {"name": "fast", "value": 20, "min": 5, "max": 60, "step": 1}, "The parameter fast is 20, and may be tuned from 5 to 60 in steps of 1."),
        ("/constraints/0", "1 < 2", "The parameters keep 1 < 2."),
        ("/indicators/1", {"id": "trend", "name": "SMA", "timeperiod": 50}, "No rule speaks of SMA(50), but all of them wait until it has a value."),
    ],
)  # fmt: skip
def test_a_section_is_a_sentence(pointer: str, value: Any, text: str) -> None:
    path = (
        pointer.removesuffix("/when").removesuffix("/order").removesuffix("/portion")
        if "_rules" in pointer
        else pointer
    )
    assert sentence(path, with_change(rsi_reversal(), pointer, value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [(30, "30"), (0.25, "0.25"), (100_000.0, "100,000"), (1e-7, "0.0000001"), (-3.5, "-3.5")]
)
def test_a_number_is_said_without_needless_digits(value: float, text: str) -> None:
    assert number_text(value) == text
    assert said_of(compare("Close", ">", number(value))) == f"the close is above {text}"


def test_every_timeframe_has_a_name() -> None:
    assert len({chart_name(timeframe) for timeframe in TIMEFRAMES}) == len(TIMEFRAMES)
    assert (chart_name("4h"), chart_name("15m"), chart_name("2d")) == ("4-hour", "15-minute", "2-day")


@settings(max_examples=100, deadline=None)
@given(specs())
def test_any_spec_is_said_one_sentence_a_place(spec: Spec) -> None:
    sentences = explain(spec)
    assert explain(spec) == sentences
    assert len({each.path for each in sentences}) == len(sentences)
    rules = [f"/entry_rules/{i}" for i in range(len(spec.entry_rules))]
    rules += [f"/exit_rules/{i}" for i in range(len(spec.exit_rules))]
    rules += [f"/risk/{name}" for name in type(spec.risk).model_fields if getattr(spec.risk, name) is not None]
    assert set(rules) <= {each.path for each in sentences}
    assert all(each.text.endswith(".") and "  " not in each.text and "\n" not in each.text for each in sentences)
