"""What stands around the rules of a text: labels, announcements, how orders are filled, lengths for all."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) drops below 30, sell when it rises above 70."


def meaning(text):
    reading = read_text(text, context=GOOG)
    assert reading.status == "complete", (text, reading.unresolved, reading.questions)
    return identity(reading.spec)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "Pattern: hammer\nFilter: RSI(14) below 45\nEntry: long\nStop: 2 ATR\nTarget: twice the risk",
            "Only trade when RSI(14) is below 45. Buy on a hammer. 2 ATR stop, 2R target.",
        ),
        (
            "Condition: EMA(10) crosses below EMA(30)\nAction: short\nExit: EMA(10) crosses above EMA(30)",
            "Short when EMA(10) crosses below EMA(30). Cover when EMA(10) crosses above EMA(30).",
        ),
        (
            "Direction: short\nPattern: bearish engulfing\nExit: after 5 bars",
            "Short on a bearish engulfing. Cover after 5 bars.",
        ),
        (
            "On the way in: RSI(2) < 10. On the way out: RSI(2) > 70.",
            "Buy when RSI(2) < 10. Sell when RSI(2) > 70.",
        ),
        (
            "IN -> RSI(2) < 10\nOUT -> RSI(2) > 70\nSTOP -> 5%",
            "Buy when RSI(2) < 10. Sell when RSI(2) > 70. 5% stop.",
        ),
        (
            "What I buy: GOOG. When I buy: RSI(2) < 10. When I sell: RSI(2) > 70. Where to put the stop: 5% below entry.",
            "Buy GOOG when RSI(2) < 10. Sell when RSI(2) > 70. 5% stop.",
        ),
        (
            "The only exit: close below the 10-day low. Buy when RSI(14) crosses above 30.",
            "Buy when RSI(14) crosses above 30. Sell when close is below the 10-day low.",
        ),
        (
            "Long leg: buy when RSI(2) < 10, sell when RSI(2) > 70. Short leg: short when RSI(2) > 95, cover when "
            "RSI(2) < 30.",
            "Buy when RSI(2) < 10, sell when RSI(2) > 70. Short when RSI(2) > 95, cover when RSI(2) < 30.",
        ),
        (
            "Stop and reverse on GOOG: Supertrend 14, 2. Long when it flips bullish, short when it flips bearish.",
            "Long when Supertrend(14, 2) flips bullish, short when Supertrend(14, 2) flips bearish.",
        ),
        (
            "+DI crosses above -DI with ADX above 20: buy. -DI crosses above +DI: sell. All 10 periods.",
            "Buy when +DI(10) crosses above -DI(10) and ADX(10) is above 20. Sell when -DI(10) crosses above +DI(10).",
        ),
    ],
)
def test_labels_give_what_follows_its_role(text, plain):
    assert meaning(text) == meaning(plain)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Insurance: a 12% stop", "12% stop"),
        ("A 7% stop guards against the falling knife", "7% stop"),
        ("The 8% stop is only there for disasters", "8% stop"),
        ("A 5% stop limits the damage", "5% stop"),
        ("Costs: commission 0.05%", "Commission 0.05%"),
        ("Fees: commission of 0.05%, spread 1 bp", "Commission of 0.05%, spread 1 bp"),
        ("Remarks: no leverage", ""),
        ("There are two ways in", ""),
        ("One entry, one exit", ""),
        ("Orders are filled at the next day's open, as usual", ""),
        ("Signals are taken on the close and filled at the next open", ""),
        ("Idea: mean reversion after panic", ""),
        ("Type: trend following", ""),
        ("Version: 1.2", ""),
    ],
)
def test_what_stands_around_a_rule_says_nothing_more(said, plain):
    rules = f"{RULES} {plain}." if plain else RULES
    for text in (f"{RULES} {said}.", f"{said}. {RULES}"):
        assert meaning(text) == meaning(rules), text


@pytest.mark.parametrize(
    "clause",
    [
        "Fees: $1 per trade",
        "Fees: $1",
        "Insurance: $500 per trade",
        "A 5% stop protects half of the position",
        "A 5% stop is only there for shorts",
        "A 5% stop is there from the second day",
        "A 5% stop guards until the first target",
        "A 5% stop keeps moving up",
        "Two entries at most",
        "Two entries per week",
        "Filled at the close",
        "Idea: only trade uptrends",
        "Idea: buy when volume dries up",
        "Type: 3 positions",
        "All 5 trades",
        "Every 5 bars",
        "All 5 bars",
        "All 14 days",
        "We follow the weekly averages",
        "Entry: long",
    ],
)
def test_what_bears_on_a_trade_is_asked_about(clause):
    assert read_text(f"{RULES} {clause}.", context=GOOG).status != "complete"


@pytest.mark.parametrize(
    "rule",
    [
        "Buy if tomorrow's close is going to be higher than today's close",
        "Buy when tomorrow closes higher",
        "Each morning go long if tomorrow's high is above today's high",
    ],
)
def test_a_rule_that_looks_ahead_is_an_error(rule):
    reading = read_text(f"{rule}. Sell after 3 bars.", context=GOOG)
    assert reading.status == "rejected"
    assert any("ahead" in issue.message for issue in reading.errors)


@pytest.mark.parametrize(
    "text",
    [
        "Can you write me a short poem about the stock market for my girlfriend's birthday card?",
        "What's the weather like in Paris this weekend?",
        "Tell me a joke about traders.",
        "Explain what RSI means.",
    ],
)
def test_what_is_no_strategy_at_all_is_rejected_as_such(text):
    reading = read_text(text, context=GOOG)
    assert reading.status == "rejected"
    assert any("not a trading rule at all" in issue.message for issue in reading.errors)


@pytest.mark.parametrize(
    "text",
    [
        "Can you do something with RSI?",
        "Can you short the stock market?",
        "What is a good stock to buy right now?",
        "Write me a strategy about the stock market.",
        "Something with a golden cross, please.",
    ],
)
def test_what_may_become_a_strategy_is_asked_about(text):
    assert read_text(text, context=GOOG).status == "needs_clarification"
