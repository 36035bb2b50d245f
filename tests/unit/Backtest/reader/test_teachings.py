"""What articles, lessons and help pages say around their rules is noise; what could be a rule is asked about."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
PLAIN = "Buy when RSI(14) is below 30 and the close is above the 200-day SMA, sell when RSI(14) is above 70. 5% stop."
BANDS = (
    "Short when a hammer forms or price is above the upper Bollinger Band(20,2), cover when MFI(14) is below 20. "
    "8% trailing stop."
)
HALVES = (
    "Buy if the close is above the upper Donchian channel (40), sell half when RSI(14) is above 70 and the rest when "
    "the close is below the 50-day SMA. 3% stop."
)
HOURS = "Only trade between 08:00 and 16:00. Buy when RSI(14) is below 30, sell when it is above 70."

TAUGHT = [
    (PLAIN, "Mean reversion works best when it is taken in the direction of the larger trend."),
    (PLAIN, "Trading with the trend is often easier than fighting it."),
    (PLAIN, "The RSI measures the speed of price changes."),
    (PLAIN, "Moving averages lag, but they keep you out of trouble."),
    (PLAIN, "Stop-loss orders are useful because the market has to prove itself before you are in."),
    (PLAIN, "Oscillators can stay extreme for a long time in strong trends."),
    (PLAIN, "Few systems are easier to explain to a client."),
    (PLAIN, "Sequences of conditions are supported by the builder."),
    (PLAIN, "The three moving average system is a staple of trading manuals."),
    (PLAIN, "Backtests should always begin with a clear date range."),
    (PLAIN, "Most traders give up too early."),
    (PLAIN, "Crypto investors tend to enter late and leave late."),
    (PLAIN, "Long-horizon investors do not need to look at Bitcoin every day."),
    (PLAIN, "Remember that no indicator is right every time."),
    (PLAIN, "It will not catch the exact top, but it has historically avoided the worst of the bear markets."),
    (PLAIN, "The lesson: small losses pay for large winners."),
    (PLAIN, "This article examines the turn-of-the-week effect."),
    (PLAIN, "The following chapter shows how to compare this with an all-out exit."),
    (PLAIN, "The calendar does all the work."),
    (PLAIN, "Results will depend heavily on costs."),
    (PLAIN, "A simple idea that you can test in minutes."),
    (PLAIN, "You may adjust these values in the settings panel."),
    (PLAIN, "Rather than paying the market price, you can ask for a small discount."),
    (PLAIN, "Think of it as an RSI that also listens to volume."),
    (BANDS, 'Bollinger Bands are often explained as a measure of what is "cheap" and what is "expensive".'),
    (BANDS, "Combining a fixed stop with a trailing stop gives you protection early and flexibility later."),
    (BANDS, "A trailing stop follows the price up but never down."),
    (BANDS, "As always, shorting is not for beginners."),
    (BANDS, "What is the Money Flow Index?"),
    (
        BANDS,
        "Candlestick patterns are rarely sufficient on their own, which is why this lesson combines them with a filter.",
    ),
    (HALVES, "Donchian channels are the simplest breakout tool there is."),
    (HALVES, "Scaling out lets you bank some profit without giving up on the trend."),
    (PLAIN, "Until next week, trade safe!"),
    (PLAIN, "See you next month."),
    (PLAIN, "Good luck, and mind the spread."),
    (PLAIN, "Test it on several markets before committing real money."),
    (PLAIN, "Keep a log of every trade and review it weekly."),
]


def is_the_same(text, plain):
    reading = read_text(text, context=GOOG)
    assert reading.status == "complete", (text, reading.unresolved, reading.questions)
    assert identity(reading.spec) == identity(read_text(plain, context=GOOG).spec), text


@pytest.mark.parametrize(("rules", "said"), TAUGHT)
def test_what_teaches_praises_or_warns_changes_nothing_wherever_it_stands(rules, said):
    for text in (f"{said} {rules}", f"{rules} {said}"):
        is_the_same(text, rules)


def test_a_session_that_is_taught_of_is_one_of_the_rules():
    context = ReadingContext(symbol="EURUSD", timeframe="1h")
    said = f"{HOURS} Students should note how few signals survive the session filter."
    assert identity(read_text(said, context=context).spec) == identity(read_text(HOURS, context=context).spec)


@pytest.mark.parametrize(
    ("rules", "title"),
    [
        (BANDS, "Using trailing stops - help centre."),
        (BANDS, "How to short a failing trend:"),
        (PLAIN, "A note on intraday mean reversion."),
        (PLAIN, "Finally, a word about oversold bounces in quiet markets."),
    ],
)
def test_a_heading_of_a_lesson_is_none_of_its_rules(rules, title):
    is_the_same(f"{title} {rules}", rules)


@pytest.mark.parametrize("purpose", ["To limit the damage from false signals", "To see one at work"])
def test_what_a_rule_is_for_leaves_the_rule(purpose):
    is_the_same(f"{PLAIN} {purpose}, place a target at 10%.", f"{PLAIN} Place a target at 10%.")


def test_an_exercise_behind_the_rules_is_for_the_reader():
    is_the_same(f"{PLAIN} Exercise: repeat the test with three ATRs.", PLAIN)


@pytest.mark.parametrize(
    "said",
    [
        "The tide is with us.",
        "RSI is happy.",
        "Evenings are for exits.",
        "The exit is the middle band.",
        "The trigger is a hammer.",
        "Shorting is allowed too.",
        "Scaling out is part of the plan.",
        "Scaling out lets you bank some profit.",
        "A trailing stop follows the price.",
        "Trailing stops are useful.",
        "Taking half off at the first target lets you bank some profit.",
        "Bollinger Bands are the filter.",
        "Stops are tight.",
        "Volume is a must.",
        "Breakouts work best in the morning.",
        "Breakouts work best on Mondays.",
        "Mean reversion works best when volatility is low.",
        "Pullbacks work best above the 50-day SMA.",
        "Remember that shorts are not allowed.",
        "Note that positions are small.",
        "Students should never hold overnight.",
        "Traders should wait for the retest.",
        "Most traders exit on Friday.",
        "Professional traders usually sell half early.",
        "Using weekly charts.",
        "Using limit orders.",
        "Trading in the London session.",
        "Entering at the close.",
        "How to short a failing trend:",
        "To limit the damage, half size.",
        "MACD can be used as a filter.",
        "ADX can also serve as an entry filter.",
        "It works in bull markets.",
        "You can also short.",
        "You may hold overnight.",
        "You can play the other side.",
        "The system does the same for shorts.",
        "Gaps are the best entries.",
        "Exits are simple: the close.",
        "Trade small until next week.",
        "This article trades the weekly chart.",
        "This example uses small caps.",
        "This lesson combines it with a volume filter.",
        "Students should note how few signals survive the session filter.",
        "Waiting for the retest is worth it.",
        "Holding overnight is dangerous.",
        "Adding to winners is powerful.",
        "Cutting positions in half is effective.",
        "Requiring volume is useful.",
        "Keeping a tight stop is essential.",
        "Using leverage is dangerous.",
        "Buying the dip is the entry.",
        "Selling at resistance is a good exit.",
        "Buying strong stocks gives you an edge.",
        "Trading small gives you peace of mind.",
        "The three-bar rule is a classic.",
    ],
)
def test_what_could_be_a_rule_teaches_nothing(said):
    for text in (f"{said} {PLAIN}", f"{PLAIN} {said}"):
        assert read_text(text, context=GOOG).status != "complete", text


@pytest.mark.parametrize(
    "said",
    ["A note on intraday mean reversion.", "Finally, a word about oversold bounces.", "How to buy a failing trend."],
)
def test_behind_the_rules_a_heading_is_asked_about(said):
    assert read_text(f"{PLAIN} {said}", context=GOOG).status != "complete"
