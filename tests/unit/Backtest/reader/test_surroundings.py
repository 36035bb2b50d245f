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


CROSS = "Buy when the close crosses above the 100-day SMA, sell when it crosses below the 100-day SMA."
EURUSD = "EURUSD 1h. {} Buy when RSI(14) crosses above 50, sell when RSI(14) crosses below 50."
DIP = "Buy when RSI(2) is below 10 and the close is above the 200-day SMA. Sell when RSI(2) is above 70."

AROUND = [
    ("Trend following for the patient: " + CROSS, CROSS),
    ("Trend trading for busy people. " + CROSS, CROSS),
    ("Position trading with a slow average. " + CROSS, CROSS),
    (
        "A plain trend rule with sizing on top: " + CROSS + " 25% of equity per trade.",
        CROSS + " 25% of equity per trade.",
    ),
    ("Tight stop, wide target. " + RULES + " 3% stop, 9% target.", RULES + " 3% stop, 9% target."),
    ("Dip buying with a time limit. " + RULES + " Exit after 10 bars.", RULES + " Exit after 10 bars."),
    ("Trend filter, pullback entry, quick exit. " + DIP, DIP),
    ("Dips only. " + RULES, RULES),
    (
        "Breakdowns only: short when the close is below the 20-day low, cover when it is above the 10-day high.",
        "Short when the close is below the 20-day low, cover when it is above the 10-day high.",
    ),
    (
        "Breakouts, upside only. Buy when the close is above the 20-day high. 10% trailing stop.",
        "Buy when the close is above the 20-day high. 10% trailing stop.",
    ),
    (EURUSD.format("London hours. Only trade from 08:00 to 16:00."), EURUSD.format("Only trade from 08:00 to 16:00.")),
    (
        EURUSD.format("My New York setup. Enter only between 13:00 and 17:00."),
        EURUSD.format("Enter only between 13:00 and 17:00."),
    ),
    (
        "I buy weakness in strong stocks: RSI(2) is below 10 while the close is above the 200-day SMA. I sell strength: "
        "RSI(2) above 70.",
        DIP,
    ),
    (
        "I short strength: RSI(14) above 80. Cover when RSI(14) is below 50.",
        "Short when RSI(14) is above 80. Cover when RSI(14) is below 50.",
    ),
    (RULES + " A 5% stop guards against the ones that keep falling.", RULES + " 5% stop."),
    (RULES + " The 5% stop is non-negotiable.", RULES + " 5% stop."),
    (RULES + " 5% stop, just to keep losses small.", RULES + " 5% stop."),
    ("A swing strategy with volatility-based stops. " + RULES + " 2 ATR stop.", RULES + " 2 ATR stop."),
    (RULES + " A 5% stop guards against the false breakouts.", RULES + " 5% stop."),
    (RULES + " To protect against gaps and bad news I use a 5% stop loss.", RULES + " 5% stop."),
    (RULES + " Put 25% of equity in each trade so one loser can't hurt me.", RULES + " 25% of equity per trade."),
    (RULES + " 25% of equity per trade keeps me sane.", RULES + " 25% of equity per trade."),
    (RULES + " 5% stop, every time, no exceptions.", RULES + " 5% stop."),
    (
        "Buy when RSI(2) is below 10, the point where sellers are usually exhausted. Sell when RSI(2) is above 70 (back to neutral).",
        "Buy when RSI(2) is below 10. Sell when RSI(2) is above 70.",
    ),
    (
        "Buy when RSI(2) is below 10, which is when everyone else is scared. Sell when RSI(2) is above 70.",
        "Buy when RSI(2) is below 10. Sell when RSI(2) is above 70.",
    ),
    ("There are only two rules: " + CROSS, CROSS),
    (CROSS + " Commissions as usual.", CROSS),
    (CROSS + " Everything else is left at its default.", CROSS),
    (CROSS + " Between signals I do nothing.", CROSS),
    (CROSS + " In between I sit in cash.", CROSS),
    (CROSS + " A stop would only get in the way.", CROSS + " No stop."),
    (CROSS + " I've never felt the need for a stop.", CROSS + " No stop."),
    ("Larry Connors made this one famous: " + DIP, DIP),
    (
        "Only one thing matters here, the 100-day SMA. Buy when the close crosses above it, sell when the close crosses below it.",
        CROSS,
    ),
    (
        "I keep an eye on the 100-day SMA. Buy when the close crosses above it, sell when the close crosses below it.",
        CROSS,
    ),
    (
        "The 100-day SMA decides everything: buy when the close crosses above it, sell when the close crosses below it.",
        CROSS,
    ),
    (
        "The 100-day SMA is my line in the sand. Buy when the close crosses above it, sell when the close crosses below it.",
        CROSS,
    ),
]


@pytest.mark.parametrize(("text", "plain"), AROUND)
def test_what_stands_around_the_rules_leaves_them_as_they_are(text, plain):
    free = ReadingContext()
    told, said = (read_text(one, context=free if "EURUSD" in one else GOOG) for one in (text, plain))
    assert (told.status, said.status) == ("complete", "complete"), (told.unresolved, said.unresolved)
    assert identity(told.spec) == identity(said.spec)


@pytest.mark.parametrize(
    "text",
    [
        "Mean reversion with a tight stop. " + RULES,
        "Gaps only. " + RULES,
        "Big caps only. " + RULES,
        "Half size, quick exits. " + RULES,
        "Small size. " + RULES,
        EURUSD.format("London hours."),
        "I sell strength: RSI(14) above 80.",
        RULES + " A 6% stop protects me from the ones that keep falling until they halve.",
        RULES + " To protect against losses above 5%, a 3% stop.",
        "Buy when RSI(14) is below 30, the moment it closes above the 200-day SMA. Sell when RSI(14) is above 50.",
        "Buy when RSI(14) is below 30, which is when I double the size. Sell when RSI(14) is above 50.",
        RULES + " 10% of equity per trade keeps me in until RSI(14) is above 80.",
        RULES + " Stops as usual.",
        RULES + " 5% stop to limit losses to 3%.",
        RULES + " This way half the position runs.",
        "I follow the 50-day EMA up. " + RULES,
        "Linda Raschke taught this one below the 200-day SMA: " + RULES,
    ],
)
def test_what_could_bear_on_the_rules_is_asked_about(text):
    assert read_text(text, context=ReadingContext() if "EURUSD" in text else GOOG).status != "complete"
