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
