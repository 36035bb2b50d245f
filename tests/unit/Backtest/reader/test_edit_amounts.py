"""Amounts and averages that a later turn names by what was said: each beside the whole text that says the same."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

RSI = "Buy when RSI(14) drops below 30, sell when RSI(14) rises above 70. {}"
CROSS = "Go long when the {0}-day EMA crosses above the {1}-day EMA, go short when the {0}-day EMA crosses below the {1}-day EMA. {2}"
BANDS = "Buy when price closes below the lower Bollinger Band({0}). Sell when it closes above the middle band({0}). Wait 5 bars after an exit."


@pytest.mark.parametrize(
    ("turn", "fast", "slow"),
    [
        ("make the slow EMA 40", 20, 40),
        ("slow EMA 100", 20, 100),
        ("slow EMA 100 instead of 50", 20, 100),
        ("change the slow EMA from 50 to 60", 20, 60),
        ("make the slow moving average 100 days", 20, 100),
        ("set the fast average to 12", 12, 50),
        ("use 10 for the fast EMA", 10, 50),
        ("make the fast EMA 10 and the slow one 30", 10, 30),
        ("fast EMA 10, slow EMA 30", 10, 30),
    ],
)
def test_one_of_two_averages_is_named_by_its_pace(turn, fast, slow):
    assert meaning(CROSS.format(20, 50, ""), turn) == meaning(CROSS.format(fast, slow, ""))


def test_a_trend_filter_of_another_type_is_neither_the_fast_nor_the_slow_one():
    rest = "Only trade when price is above the 200-day SMA."
    assert meaning(CROSS.format(20, 50, rest), "make the slow EMA 40") == meaning(CROSS.format(20, 40, rest))


@pytest.mark.parametrize(
    ("turns", "rest"),
    [
        (["make the stop trailing"], "5% trailing stop."),
        (["turn the stop into a trailing stop"], "5% trailing stop."),
        (["trailing stop instead of the fixed one"], "5% trailing stop."),
        (["make it a trailing stop"], "5% trailing stop."),
        (["trail the stop instead"], "5% trailing stop."),
        (["use a trailing stop instead"], "5% trailing stop."),
        (["no, 2 ATR"], "2 ATR stop."),
        (["make it 2 ATR"], "2 ATR stop."),
        (["add a 10% target", "no, 12%"], "5% stop. 12% target."),
        (["add a 10% target", "actually 15%"], "5% stop. 15% target."),
        (["add a 10% target", "12% instead"], "5% stop. 12% target."),
        (["add a 10% target", "no, 2 ATR"], "5% stop. 2 ATR target."),
        (["add a 10% target", "double it"], "5% stop. 20% target."),
        (["hold at most 20 bars", "halve that"], "5% stop. Hold at most 10 bars."),
        (["use 10% of equity per trade", "make it 20%"], "5% stop. Use 20% of equity per trade."),
        (["use 10% of equity per trade", "double it"], "5% stop. Use 20% of equity per trade."),
        (["risk 1% per trade", "no, 2%"], "5% stop. Risk 2% per trade."),
        (["risk 1% per trade", "halve the risk"], "5% stop. Risk 0.5% per trade."),
        (["risk 1% per trade", "double the risk per trade"], "5% stop. Risk 2% per trade."),
        (["commission 0.2%", "make it 0.3%"], "5% stop. Commission 0.3%."),
    ],
)
def test_an_amount_is_that_of_the_turn_before(turns, rest):
    assert meaning(RSI.format("5% stop."), *turns) == meaning(RSI.format(rest))


@pytest.mark.parametrize(
    "turns",
    [
        [RSI.format("5% stop."), "double it"],  # the stop, or the length
        [RSI.format("5% stop. 10% target."), "no, 12%"],
        [RSI.format("5% stop."), "add a 10% target and hold at most 20 bars", "double it"],
        [RSI.format("5% stop."), "use 10% of equity per trade", "only on Mondays", "make it 20%"],
        [RSI.format("5% stop."), "halve the risk"],
        [RSI.format("10% target."), "make the stop trailing"],
        [RSI.format("5% stop. 8% trailing stop."), "make the stop trailing"],
        [CROSS.format(20, 50, ""), "make the slow SMA 40"],
        [CROSS.format(20, 50, ""), "make the EMA 100"],
        [RSI.format("5% stop."), "make the slow EMA 40"],
    ],
)
def test_an_amount_that_may_be_another_s_is_asked(turns):
    assert read_turns(turns, context=GOOG).status == "needs_clarification"


@pytest.mark.parametrize(
    ("turn", "settings"),
    [
        ("use 1.5 standard deviations for the bands", "20, 1.5"),
        ("1.5 standard deviations for the Bollinger bands", "20, 1.5"),
        ("make the bands 2.5 sigma", "20, 2.5"),
        ("2.5 sigma", "20, 2.5"),
        ("use 3 deviations", "20, 3"),
        ("30 period bands", "30, 2"),
        ("use 30-day bands", "30, 2"),
    ],
)
def test_the_settings_of_the_bands(turn, settings):
    assert meaning(BANDS.format("20, 2"), turn) == meaning(BANDS.format(settings))


@pytest.mark.parametrize(
    ("turn", "rest"),
    [
        ("add a 3% stop to both sides", "3% stop."),
        ("0.4% stop loss either way", "0.4% stop."),
        ("3% stop in either direction", "3% stop."),
        ("5% take profit either way", "5% take profit."),
        ("the opposite signal turns the position around", "The opposite signal reverses the position."),
        ("each cross flips the position", "Each signal reverses the position."),
        ("flip the position on the opposite cross", "Reverse on the opposite signal."),
    ],
)
def test_what_is_said_of_both_sides(turn, rest):
    assert meaning(CROSS.format(20, 50, ""), turn) == meaning(CROSS.format(20, 50, rest))


def test_a_time_in_the_market_of_one_side_is_no_limit_of_the_other():
    text = CROSS.format(20, 50, "")
    for turns in ([text, "exit shorts after 10 days"], [f"{text} Cover after 10 bars."]):
        spec = read_turns(turns, context=GOOG).spec
        assert spec is not None
        assert spec.risk.max_bars is None
        assert [(rule.side, rule.when.left.type, rule.when.right.value) for rule in spec.exit_rules] == [
            ("short", "bars_since_entry", 10)
        ]
    assert meaning(text, "exit after 10 days") == meaning(f"{text} Hold at most 10 bars.")


@pytest.mark.parametrize("turn", ["MFI please", "Bollinger bands", "the RSI please"])
def test_the_name_of_an_indicator_alone_is_no_title_of_a_strategy_told_already(turn):
    assert read_turns([RSI.format("5% stop."), turn], context=GOOG).status == "needs_clarification"


BREAKOUT = "Buy when price breaks above the 40-day high, sell when it breaks below the 20-day low. "


@pytest.mark.parametrize(
    ("said", "changes", "plain"),
    [
        ("The stop is 3 ATR(20) below the entry.", ("Tighten the stop to 2 ATR.",), "2 ATR(20) stop."),
        ("Stop 3 x the 20-day ATR.", ("use a 2 ATR stop",), "2 ATR(20) stop."),
        ("3 ATR(20) trailing stop.", ("make it 2 ATR",), "2 ATR(20) trailing stop."),
        ("3 ATR(20) stop.", ("no, 2 ATR(10)",), "2 ATR(10) stop."),
        ("3 ATR(20) stop, target 5 ATR(20).", ("stop 2 ATR", "target 4 ATR(10)"), "2 ATR(20) stop, target 4 ATR(10)."),
        ("5% stop.", ("2 ATR stop",), "2 ATR(14) stop."),
    ],
)
def test_a_distance_in_atr_keeps_its_length_where_only_its_multiple_changes(said, changes, plain):
    assert meaning(f"{BREAKOUT}{said}", *changes) == meaning(f"{BREAKOUT}{plain}")
