"""Introductions and summaries that say nothing which the rules do not say are noise; whatever else they say is asked."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

BREAKOUT = (
    "Buy when price closes above the upper Keltner channel (20, 2). Sell when price closes below the middle line."
)
DIPS = "Buy when RSI(2) is below 10 and the close is above the 20-week SMA. Sell when RSI(2) is above 60."
CROSSES = "Buy when price crosses above the 100-day SMA, sell when it crosses below."
SIZED = f"{CROSSES} Size for 10% annual volatility."
BOTH = "Go long when price crosses above the 50-day SMA, go short when price crosses below it."


@pytest.mark.parametrize(
    ("introduction", "rules"),
    [
        ("The idea behind a Keltner breakout is simple:", BREAKOUT),
        ("Here is the Keltner breakout you asked about.", BREAKOUT),
        ("Today we look at a breakout of the Keltner channel.", BREAKOUT),
        ("This week's idea is a breakout of the channel:", BREAKOUT),
        ("Trend following with volatility targeting.", SIZED),
        ("A trend following system with volatility targeting:", SIZED),
        ("Dip buying inside a weekly uptrend:", DIPS),
        ("Hi Tom, here is the dip idea you asked about.", DIPS),
        ("We test dip buying with RSI in an uptrend.", DIPS),
        ("From the book's chapter on stop-and-reverse systems:", BOTH),
        ("Momentum is one of the oldest anomalies in the book.", CROSSES),
        ("Journal, day 14.", CROSSES),
    ],
)
def test_an_introduction_that_restates_the_rules_is_noise(introduction: str, rules: str) -> None:
    assert meaning(f"{introduction} {rules}") == meaning(rules)


def test_settings_that_only_an_introduction_tells_are_the_indicators_settings() -> None:
    told = (
        "This week's idea is a dip buy in the Keltner Channel (20, 1.5): buy when price closes below the lower channel, "
        "sell when price crosses above the middle line."
    )
    plain = (
        "Buy when price closes below the lower Keltner channel (20, 1.5). "
        "Sell when price crosses above the middle line of the Keltner channel (20, 1.5)."
    )
    assert meaning(told) == meaning(plain)


@pytest.mark.parametrize(
    "said",
    [
        f"Dip buying inside a weekly uptrend: {CROSSES}",  # no rule speaks of a week
        f"Trend following with volatility targeting. {CROSSES}",  # of which volatility
        f"The idea is a breakout on heavy volume. {BREAKOUT}",  # no rule speaks of volume
        f"The idea behind a Donchian breakout is simple: {BREAKOUT}",
        f"We test dip buying with RSI in an uptrend. {CROSSES}",
        f"The idea is to buy breakouts only in a bull market. {BREAKOUT}",
        f"Short the rally with RSI. {DIPS}",
        f"RSI oversold. {DIPS}",
        f"Second entry. {DIPS}",
        f"Panic is the exit. {DIPS}",
        f"The idea is a dip buy in the Keltner Channel (20, 1.5): {CROSSES}",
    ],
)
def test_what_the_rules_do_not_say_is_asked(said: str) -> None:
    assert read_text(said, context=GOOG).status != "complete"
