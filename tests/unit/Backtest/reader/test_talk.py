"""What people say around their rules is noise, listed as such; what might be of the trade never is."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) drops below 30, sell when it rises above 70."


@pytest.mark.parametrize(
    "talk",
    [
        "My uncle taught me this one",
        "Long time lurker, first post :)",
        "Thanks for the warm welcome here",
        "Not financial advice, do your own research",
        "Cheers from Melbourne",
        "Some of you were asking about my RSI method",
        "I've been trading Google for years and here is what I do",
        "Hope this helps, and happy trading 🚀",
        "Re: does anything simple still work?",
        "Curious what you guys think",
    ],
)
def test_what_is_told_around_the_rules_is_noise(talk):
    alone = read_text(RULES, context=GOOG)
    for text in (f"{talk}. {RULES}", f"{RULES} {talk}."):
        reading = read_text(text, context=GOOG)
        assert reading.status == "complete", (reading.unresolved, reading.questions)
        assert identity(reading.spec) == identity(alone.spec)
        begin = text.index(talk)
        assert any(start < begin + len(talk) and end > begin for start, end in reading.noise)


@pytest.mark.parametrize(
    "clause",
    [
        "Ditch it at the first wobble",
        "No overnight",
        "I've been burned, so never over a weekend",
        "My dad says sell in May",
        "Because the trend is down, go easy",
        "Well, scale out",
        "Cheers, tighten up near highs",
        "So I wait for confirmation",
        "Personally I go smaller on volatile days",
        "In my experience the market must be trending",
        "Right, double it",
        "Trade it small",
        "In an uptrend",
        "Old rules: the above",
        "My plan is to exit at breakeven",
        "Someone said buy when RSI(14) is below 20",
        "I've been told to sell when RSI(14) is above 60",
        "Been buying when RSI(14) is below 20",
        "I don't like Mondays",
        "I have used it with a trailing stop",
        "Use the 50-day SMA",
        "Consider the 200-day SMA",
        "Watch the RSI(5)",
        "Filter: RSI",
        "Commission: 5",
        "The same for shorts",
    ],
)
def test_a_clause_that_may_be_of_the_trade_is_never_noise(clause):
    for text in (f"{clause}. {RULES}", f"{RULES} {clause}."):
        assert read_text(text, context=GOOG).status != "complete", text
