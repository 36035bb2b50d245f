"""Ways of putting a condition or a stop, each beside the plain sentence that says the same."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
EXIT = ". Sell when RSI(14) is above 70"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Buy when close is 6% or more below the 20 SMA", "Buy when close is at least 6% below the 20 SMA"),
        ("Buy when price is 2 ATR or more above its 50 EMA", "Buy when price is at least 2 ATR above its 50 EMA"),
        (
            "Buy when price trades 3% or more under the 20-day high",
            "Buy when close is at least 3% below the 20-day high",
        ),
        ("Buy when %K crosses below %D over 80", "Buy when %K crosses below %D and %K is above 80"),
        ("Buy when %K crosses over %D under 20", "Buy when %K crosses above %D and %K is below 20"),
        ("Buy when RSI is below 30, move to break-even after 4%", "Buy when RSI is below 30. Break-even after 4%"),
        (
            "Buy when RSI is below 30. After a 4% gain move to breakeven",
            "Buy when RSI is below 30. Break-even after 4%",
        ),
        ("Buy when RSI is below 30 no matter what", "Buy when RSI is below 30"),
        ("No matter what, buy when RSI is below 30", "Buy when RSI is below 30"),
        (
            "Buy when Supertrend flipped up within the past 2 candles",
            "Buy when Supertrend flipped bullish within the last 2 bars",
        ),
        (
            "Buy when RSI is below 30 and Supertrend turned down in the last 3 bars",
            "Buy when RSI is below 30 and Supertrend turned bearish within the last 3 bars",
        ),
    ],
)
def test_two_ways_of_saying_one_thing_are_one_strategy(said, plain):
    readings = [read_text(text + EXIT, context=GOOG) for text in (said, plain)]
    for reading in readings:
        assert reading.spec is not None, reading.unresolved
    one, other = (identity(reading.spec) for reading in readings if reading.spec is not None)
    assert one == other


def test_the_plain_forms_say_what_they_should():
    drafted = read_text(f"Buy when %K crosses below %D over 80{EXIT}", context=GOOG).draft["entry_rules"][0]["when"]
    assert [part["type"] for part in drafted["of"]] == ["cross_below", "compare"]
    moved = read_text(f"Buy when RSI is below 30, move to break-even after 4%{EXIT}", context=GOOG).draft["risk"]
    assert moved["break_even"] == {"after_gain": {"type": "percent", "value": 4.0}}


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "Buy when price gaps up 2% and closes green. Sell next day",
            "Buy when price gaps up 2% and the close is above the open. Hold for at most 1 day",
        ),
        (
            "Buy when RSI is below 30 and price closes red. Exit next trading day",
            "Buy when RSI is below 30 and the close is below the open. Hold for at most 1 day",
        ),
        (
            "Buy at a limit 2% below the close when RSI is below 40. Sell when RSI is above 60",
            "Buy limit 2% below the close when RSI is below 40. Sell when RSI is above 60",
        ),
        (
            "Invest $10,000 per trade when RSI is below 30. Let winners run with a 12% trailing stop",
            "Buy $10,000 when RSI is below 30. 12% trailing stop",
        ),
        (
            "Buy 50 shares per trade when RSI is below 30. Sell when RSI is above 60",
            "Buy 50 shares when RSI is below 30. Sell when RSI is above 60",
        ),
        (
            "Buy when RSI is below 30, but only if the volume on that day is above its 20-day average. 5% target",
            "Buy when RSI is below 30 and volume is above its 20-day average. 5% target",
        ),
    ],
)
def test_a_days_own_words_are_the_plain_ones(said, plain):
    one, other = (read_text(text, context=GOOG) for text in (said, plain))
    assert one.spec is not None, one.unresolved
    assert other.spec is not None, other.unresolved
    assert identity(one.spec) == identity(other.spec)


@pytest.mark.parametrize(
    "text",
    [
        "Buy when RSI is below 30. When RSI is above 70 sell next day.",
        "Buy when RSI is below 30. Sell when RSI is above 70 next day.",
        "Buy when RSI is below 30. Sell half next day.",
        "Buy when RSI is below 30. Sell the next day.",
        "Buy when RSI closes red. Sell when RSI is above 70.",
        "Buy when supertrend closes green. Sell when RSI is above 70.",
    ],
)
def test_a_day_said_of_something_else_is_asked(text):
    reading = read_text(text, context=GOOG)
    assert reading.spec is None
    assert reading.unresolved or reading.questions
