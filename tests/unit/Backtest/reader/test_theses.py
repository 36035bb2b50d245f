"""What is said of markets at large, of how plain the rules are, and of what is not used: no rule, and no question."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) is below 30, sell when it is above 70."

THESES = [
    "Stocks that stretch too far from their mean tend to snap back.",
    "Markets trend more than people think.",
    "Volatility comes in waves.",
    "New highs tend to lead to more new highs.",
    "Breakouts are where trends begin.",
    "The logic is that fear fades quickly.",
    "Momentum begets momentum, or so they say.",
    "The rule tested here is simple:",
    "The rules are few and easy to follow.",
    "Our system is purely mechanical.",
    "Prices often overshoot in both directions.",
    "Strong trends can run much further than anyone expects.",
    "The idea behind this is that winners keep winning.",
    "The aim is to sit out bear markets.",
    "Prices tend to bounce off support.",
    "Trends persist, that is the whole idea.",
    "I believe that panic creates opportunity.",
    "Price has memory.",
    "Fear is the buyer's friend.",
    "Every strong trend begins with a breakout.",
    "That is the entire strategy.",
    "The exit takes care of the rest.",
    "Curious about the drawdown and the win rate.",
    "Please report the Sharpe ratio too.",
    "How does it compare with buy and hold?",
    "For the weekly newsletter:",
    "A market that gaps down on bad news often recovers.",
    "No discretion, no martingale.",
    "I don't use options or hedging.",
    "No averaging down, no pyramiding, no hedging.",
    "No discretion, no second guessing.",
]


@pytest.mark.parametrize("said", THESES)
def test_a_thesis_changes_nothing_wherever_it_stands(said):
    plain = identity(read_text(RULES, context=GOOG).spec)
    for text in (f"{said} {RULES}", f"{RULES} {said.replace(':', '.')}"):
        reading = read_text(text, context=GOOG)
        assert reading.status == "complete", (text, reading.unresolved)
        assert identity(reading.spec) == plain


@pytest.mark.parametrize(
    "said",
    [
        "Only stocks that tend to rise are bought.",
        "Weak stocks are avoided.",
        "Stocks usually rise in a bull market, so buy only then.",
        "Stocks above the 200-day SMA tend to rise.",
        "Stocks above their average tend to rise.",
        "Trends tend to end on Fridays.",
        "Weekly trends tend to persist.",
        "The idea is to sell half at resistance.",
        "The goal is to be out before the weekend.",
        "The aim is to make 10% a trade.",
        "The market is in an uptrend.",
        "Shorts can be taken too.",
        "Longs tend to work best, so no shorts.",
        "No overnight positions.",
        "No trades before earnings.",
        "No buying into resistance.",
        "No options below 30.",
        "Stop trading at a drawdown of 20%.",
        "I want a drawdown below 20%.",
        "Exit at the max drawdown.",
    ],
)
def test_what_could_be_a_rule_is_no_thesis(said):
    reading = read_text(f"{said} {RULES}", context=GOOG)
    assert reading.status in {"needs_clarification", "unsupported"}, reading.noise
