"""Waiting orders, and which side is held when, as traders word them, beside the plain words that mean the same."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

ORDER = "{} Sell when RSI(14) is above 70."

ORDERS = {
    "the bar at hand": [
        (
            "When RSI(14) is below 30, put a buy stop at the high of the current bar.",
            "When RSI(14) is below 30, place a buy stop at today's high.",
        ),
        (
            "When RSI(14) is below 30, place a buy limit at the low of the current candle.",
            "When RSI(14) is below 30, place a buy limit at today's low.",
        ),
        (
            "When RSI(14) is below 30, place a buy stop 10 cents above the high of the signal bar.",
            "When RSI(14) is below 30, place a buy stop 10 cents above today's high.",
        ),
    ],
    "on a stop, with a limit": [
        (
            "When RSI(14) is below 30, buy on a stop at the 20-day high.",
            "When RSI(14) is below 30, place a buy stop at the 20-day high.",
        ),
        (
            "When RSI(14) is below 30, enter at yesterday's high on a stop.",
            "When RSI(14) is below 30, place a buy stop at yesterday's high.",
        ),
        (
            "When RSI(14) is below 30, buy at the 20-day high with a stop order.",
            "When RSI(14) is below 30, place a buy stop at the 20-day high.",
        ),
        (
            "When RSI(14) is below 30, buy 1% below the close (limit order).",
            "When RSI(14) is below 30, place a buy limit 1% below the close.",
        ),
        (
            "When RSI(14) is below 30, enter on a pullback of half an ATR below the close (limit order).",
            "When RSI(14) is below 30, place a buy limit 0.5 ATR below the close.",
        ),
        (
            "When RSI(14) is below 30, buy on a pullback to the 20-day SMA with a limit order.",
            "When RSI(14) is below 30, place a buy limit at the 20-day SMA.",
        ),
    ],
    "how long": [
        (
            "When RSI(14) is below 30, place a buy limit 1% below the close; cancel if not filled the next day.",
            "When RSI(14) is below 30, place a buy limit 1% below the close, good for 1 bar.",
        ),
        (
            "When RSI(14) is below 30, place a buy limit 1% below the close. Cancel it if it isn't filled by tomorrow.",
            "When RSI(14) is below 30, place a buy limit 1% below the close, good for 1 bar.",
        ),
        (
            "When RSI(14) is below 30, place a buy limit 1% below the close and cancel if not filled in 3 days.",
            "When RSI(14) is below 30, place a buy limit 1% below the close, good for 3 days.",
        ),
    ],
}

SIDES = {
    "cash": [
        (
            "Stay long while the close is above the 200-day SMA; cash when below.",
            "Buy when the close is above the 200-day SMA, sell when the close is below the 200-day SMA.",
        ),
        (
            "Stay long while the 20-day EMA is above the 50-day EMA, cash when it is below.",
            "Buy when EMA(20) is above EMA(50), sell when EMA(20) is below EMA(50).",
        ),
        (
            "Stay long while RSI(14) is above 50, cash when RSI(14) is below 50.",
            "Buy when RSI(14) is above 50, sell when RSI(14) is below 50.",
        ),
    ],
    "otherwise the other side": [
        (
            "Long when EMA(20) is above EMA(50), otherwise short.",
            "Go long while EMA(20) is above EMA(50), else short.",
        ),
        (
            "Be long when RSI(14) is above 50; otherwise, be short.",
            "Long when RSI(14) is above 50, short otherwise.",
        ),
        (
            "Go long when price is above the 50-day SMA and short when it's below. Reverse on each signal.",
            "Long when price is above the 50-day SMA, short when price is below the 50-day SMA.",
        ),
    ],
    "the mirror image": [
        (
            "Buy when price crosses above the 20-day SMA, sell when it crosses below; short the mirror image.",
            "Buy when price crosses above the 20-day SMA, sell when it crosses below. Mirror for shorts.",
        ),
    ],
    "a side before its rules": [
        (
            "Long only: enter when RSI(14) drops below 30, exit when RSI(14) is above 70.",
            "Long only. Buy when RSI(14) drops below 30, sell when RSI(14) is above 70.",
        ),
        (
            "Short only: sell short when RSI(14) is above 70, cover when RSI(14) is below 40.",
            "Short when RSI(14) is above 70, cover when RSI(14) is below 40.",
        ),
        (
            "Long only: RSI(14) below 30. Exit: RSI(14) above 70.",
            "Buy when RSI(14) is below 30, sell when RSI(14) is above 70.",
        ),
    ],
}


@pytest.mark.parametrize(("said", "plain"), pairs(ORDERS))
def test_an_order_means_what_the_plain_words_say(said, plain):
    assert meaning(ORDER.format(said)) == meaning(ORDER.format(plain))


@pytest.mark.parametrize(("said", "plain"), pairs(SIDES))
def test_a_side_means_what_the_plain_words_say(said, plain):
    assert meaning(said) == meaning(plain)


def test_with_a_stop_is_a_stop_loss_and_no_order():
    said = "When RSI(14) is below 30, buy with a stop at the 10-day low. Sell when RSI(14) is above 70."
    assert meaning(said) == meaning(
        "Buy when RSI(14) is below 30. Stop at the 10-day low. Sell when RSI(14) is above 70."
    )


@pytest.mark.parametrize(
    "text",
    [
        ORDER.format("When RSI(14) is below 30, enter at the 10-day high with a stop."),
        ORDER.format("When RSI(14) is below 30, enter on a pullback of 1% below the close."),
        ORDER.format("Place a buy stop a tick above the 20-day high."),
        ORDER.format("Buy when CCI(20) is below -100. Stop under the low of the entry candle."),
        "Stay long while the close is above the 200-day SMA; cash when RSI(14) is above 80.",
        "Buy when RSI(14) is below 30. Keep some cash when the market is wild. Sell when RSI(14) is above 70.",
        "Stay short while RSI(14) is above 50.",
        "Long when RSI(14) crosses above 50, otherwise short.",
        "Buy when RSI(14) drops below 30. Sell the rest when RSI(14) is above 70.",
    ],
)
def test_what_may_mean_something_else_is_asked(text):
    assert read_turns([text], context=GOOG).status == "needs_clarification"


def test_a_multiple_of_a_risk_that_is_asked_about_needs_no_second_question():
    text = "Buy on a bullish engulfing candle, risk/reward 1:3, stop below the signal bar's low."
    assert [one.topic for one in read_turns([text], context=GOOG).questions] == ["stop"]


def test_the_short_side_of_otherwise_is_what_the_long_one_is_not():
    spec = read_turns(["Long when RSI(14) is above 50, otherwise short."], context=GOOG).spec
    assert spec is not None
    assert [rule.side for rule in spec.entry_rules] == ["long", "short"]
    assert spec.entry_rules[1].when.type == "not"
    assert spec.entry_rules[1].when.of == spec.entry_rules[0].when


def test_the_rest_of_what_is_asked_about_is_no_question_of_its_own():
    text = "Buy when RSI(14) is below 30, sell half when RSI(14) crosses 50 and the rest when RSI(14) crosses above 70."
    assert len(read_turns([text], context=GOOG).questions) == 1
