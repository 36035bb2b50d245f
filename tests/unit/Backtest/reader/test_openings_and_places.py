"""Titles with a chart, hashtags, lettered lists in a line, and words that their place shows to be another."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning

PLAIN = "Buy when RSI(14) crosses above 30. Sell when RSI(14) is above 70."
BOTH = "Buy when price crosses above the 50-day SMA. Sell short when price crosses below the 50-day SMA."


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (f"{PLAIN} Simple wins. #algotrading #stocks", PLAIN),
        (f"{PLAIN} That's the whole tweet.", PLAIN),
        (f"Cheat sheet, p. 4: RSI reversal. {PLAIN}", PLAIN),
        (f"Daily GOOG timing model, after a well-known paper: {PLAIN}", PLAIN),
        (f"A stop-and-reverse system that is always in the market. {BOTH}", BOTH),
        (f"RSI often leads price. {PLAIN}", PLAIN),
        (f"Two-step entry. {PLAIN}", PLAIN),
        (
            "Rules for next week: (a) buy when RSI(14) crosses above 30; (b) sell when RSI(14) is above 70; (c) 150 shares.",
            f"{PLAIN} 150 shares per trade.",
        ),
        (f"{PLAIN} 30% of equity evry time.", f"{PLAIN} Use 30% of equity per trade."),
        (f"{PLAIN} Start me with 20,000 dollars.", f"{PLAIN} Start with $20,000."),
        (
            f"{PLAIN} We start with 50,000 in cash and charge 0.2% commission.",
            f"{PLAIN} Cash $50,000. Commission 0.2%.",
        ),
        (f"Commission 0. {PLAIN}", f"{PLAIN} No commission."),
        (
            "Open a long position when CCI(20) crosses above -100 and a short position when CCI(20) crosses below 100. "
            "Each trade carries a stop loss of 6% and is held for no more than 30 bars.",
            "Buy when CCI(20) crosses above -100. Sell short when CCI(20) crosses below 100. Stop loss 6%. "
            "Exit after 30 bars.",
        ),
        (
            "buy if price touches the lower bollinger band (20, 2) n sell wen RSI(14) is above 70",
            "Buy when price touches the lower Bollinger band (20, 2). Sell when RSI(14) is above 70.",
        ),
        (
            "The Ichimoku system in its simplest form uses the standard settings (9, 26, 52). "
            "Buy when the conversion line crosses above the base line. Sell when price is below the base line.",
            "Buy when the conversion line crosses above the base line. Sell when price is below the base line.",
        ),
    ],
)
def test_openings_and_places_are_read(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


def test_pullbacks_in_the_direction_of_a_trend_restate_rules_of_that_chart() -> None:
    rules = "When the close is above the 20-day EMA and RSI(14) falls below 35, buy. Sell when RSI(14) is above 60."
    said = f"Trade pullbacks in the direction of the daily trend: {rules}"
    assert meaning(said, context=EURUSD) == meaning(rules, context=EURUSD)


@pytest.mark.parametrize(
    "said",
    [
        f"A system that is always in the market. {PLAIN}",  # its rules are of one side
        f"Trade pullbacks in the direction of the weekly trend: {PLAIN}",
        f"{PLAIN} Commission 5.",
        f"{PLAIN} 30% of equity every time RSI smiles.",
    ],
)
def test_what_only_looks_like_them_is_asked(said: str) -> None:
    assert read_text(said, context=GOOG).status != "complete"
