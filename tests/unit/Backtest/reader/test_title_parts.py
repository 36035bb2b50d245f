"""A name before the rules, in any words, is no rule; what it says of side, chart, hours and settings is used."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) drops below 30, sell when it rises above 70."
SHORTS = "Short when RSI(14) rises above 70, cover when it drops below 30."


def meaning(text, context=GOOG):
    reading = read_text(text, context=context)
    assert reading.status == "complete", (text, reading.unresolved, reading.questions)
    return identity(reading.spec)


@pytest.mark.parametrize(
    "title",
    [
        "Gap n go",
        "Holy Grail (Raschke)",
        "Double seven",
        "Three little pigs",
        "Death by a thousand cuts (kidding)",
        "System 1 of the turtles",
        "Opening gap reversal (bullish)",
        "Long-only turtle",
        "The never-short system",
        "Pullback continuation, longs",
        "Crypto momo",
        "Trade of the month",
        "Model portfolio, rule set B",
        "No-brainer trend",
        "Old-school oscillator play",
        "Momentum burst (LONG ONLY)",
    ],
)
def test_a_name_in_any_words_is_no_rule(title):
    for text in (f"{title}. {RULES}", f"{title}: {RULES}", f"{title}\n\n{RULES}"):
        assert meaning(text) == meaning(RULES), text


@pytest.mark.parametrize("title", ["Short-only turtle", "Widow maker, short side", "Elevator down (shorts only)"])
def test_a_name_that_says_the_side(title):
    for rules in (SHORTS, "Enter when RSI(14) rises above 70, exit when it drops below 30."):
        assert meaning(f"{title}. {rules}") == meaning(SHORTS)
    assert read_text(f"Widow maker, short side. {RULES}", context=GOOG).status != "complete"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "Daily supertrend system (8, 2):\n- go long when supertrend flips bullish\n- exit when it flips bearish",
            "Go long when Supertrend(8, 2) flips bullish. Exit when it flips bearish.",
        ),
        (
            "MACD (8, 17, 9) swing system: buy when MACD crosses above its signal line. 5% stop, 9% target.",
            "Buy when MACD(8, 17, 9) crosses above its signal line. 5% stop, 9% target.",
        ),
        (
            "RSI-5 dip buyer:\nbuy when RSI is below 20\nsell when RSI is above 60",
            "Buy when RSI(5) is below 20. Sell when RSI(5) is above 60.",
        ),
        (
            "EMA 9/21 ribbon on the 1D chart. Long when the fast EMA crosses above the slow EMA, exit on the opposite "
            "cross.",
            "Long when EMA(9) crosses above EMA(21), exit when EMA(9) crosses below EMA(21).",
        ),
    ],
)
def test_a_name_that_gives_settings(text, plain):
    assert meaning(text) == meaning(plain)


@pytest.mark.parametrize(
    "title",
    ["EURUSD 1h, London hours only (08:00 to 16:00)", "EURUSD, London fade 08:00-16:00, 1h", "1h EURUSD (08:00-16:00)"],
)
def test_a_name_that_gives_the_chart_and_the_hours(title):
    plain = f"EURUSD on the 1h chart. Only trade between 08:00 and 16:00. {RULES}"
    assert meaning(f"{title}. {RULES}", ReadingContext()) == meaning(plain, ReadingContext())


@pytest.mark.parametrize(
    "clause",
    [
        "Bull market",
        "Volatile days",
        "Gap up with volume",
        "Rising volume",
        "High volume required",
        "Hammer",
        "RSI oversold",
        "Higher low and higher high",
        "Weekly trend up",
        "For uptrends only",
        "Small positions",
        "Three positions",
        "Half size",
        "Use tight stops",
        "Confirm with volume",
        "Entry on the second day",
        "One trade per week",
        "Gap of 2%",
        "Short bias",
        "Avoid earnings",
        "Second entry",
    ],
)
def test_what_could_be_a_rule_is_no_name(clause):
    for text in (f"{clause}. {RULES}", f"{clause}: {RULES}", f"{clause}\n\n{RULES}"):
        assert read_text(text, context=GOOG).status != "complete", text
