"""Rules that articles and manuals tell of as somebody's or something's: the frame is no part of them."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

BANDS = "Buy when the close is under the lower Bollinger band (20, 2). Sell when the close is over the middle Bollinger band (20, 2)."
PLAIN = "Buy when RSI(14) crosses above 30. Sell when RSI(14) is above 70."


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "The template below opens a long trade when the close is under the lower Bollinger band (20, 2) "
            "and sells it when the close is over the middle Bollinger band (20, 2).",
            BANDS,
        ),
        ("The author enters when RSI(14) crosses above 30 and leaves when it is above 70.", PLAIN),
        (
            "As a worked example, consider the rule which buys when RSI(14) crosses above 30. Sell when RSI(14) is above 70.",
            PLAIN,
        ),
        ("A classic application is to go long when RSI(14) crosses above 30 and to exit when it is above 70.", PLAIN),
        ("The rule under study buys when RSI(14) crosses above 30 and sells when RSI(14) is above 70.", PLAIN),
        ("Suppose you go long when RSI(14) crosses above 30. You would sell when RSI(14) is above 70.", PLAIN),
        ("The following example enters long when RSI(14) crosses above 30 and exits when RSI(14) is above 70.", PLAIN),
        (
            "In this tutorial we buy a stock whose two-period RSI is under 10. We sell it when RSI(2) is above 60.",
            "Buy when RSI(2) is under 10. Sell when RSI(2) is above 60.",
        ),
        (
            "A simple rule is to hold it when the close is above the 10-day SMA and to step aside when the close is below it.",
            "Buy when the close is above the 10-day SMA. Sell when the close is below the 10-day SMA.",
        ),
        (
            "Consider a system that buys 200 shares when RSI(14) crosses above 30. It sells when RSI(14) is above 70.",
            f"{PLAIN} 200 shares per trade.",
        ),
    ],
)
def test_the_frame_of_a_rule_is_left_out(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    "frame",
    [
        "Beginners buy",
        "Some systems buy",
        "The old system bought",
        "The example never buys",
        "The example only buys",
        "Most strategies buy",
        "The strategy without a filter buys",
        "Unless the author objects we buy",
    ],
)
def test_a_frame_of_others_or_with_a_restriction_is_asked_about(frame: str) -> None:
    assert read_text(f"{frame} when RSI(2) is below 5. {PLAIN}", context=GOOG).status != "complete"


@pytest.mark.parametrize(
    "number", ["Example 7.1", "Exercise 12", "Figure 3", "Listing 4.2", "Lesson 5", "Problem 2", "Table 1"]
)
def test_the_number_of_the_one_example_is_left_out(number: str) -> None:
    assert meaning(f"{number}: {PLAIN}") == meaning(PLAIN)


@pytest.mark.parametrize(
    "said",
    [
        f"Example 1: {PLAIN} Example 2: buy when RSI(14) crosses above 20.",
        f"{PLAIN} Example 2: buy when RSI(14) crosses above 20.",
        f"Example 5%: {PLAIN}",
        f"Unlike example 3: {PLAIN}",
    ],
)
def test_numbers_that_may_tell_alternatives_are_asked_about(said: str) -> None:
    assert read_text(said, context=GOOG).status != "complete"
