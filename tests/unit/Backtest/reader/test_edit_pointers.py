"""Changes that point back: "make that 75", "a quarter instead of half", "50 periods for the bands instead of 20"."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RSI = "Buy when RSI(14) is below 30, sell when RSI(14) is above 50."
SMA = "Buy when the close crosses above the {0}-day SMA, sell when the close crosses below the {0}-day SMA."
BANDS = "Buy when price crosses below the lower Bollinger Band ({0}, 2), sell when price crosses above the middle band."
EMA = SMA.format(100).replace("SMA", "EMA")


def read(turns):
    return read_turns(list(turns), context=GOOG)


@pytest.mark.parametrize(
    ("turns", "plain"),
    [
        (
            (SMA.format(30), "close half when RSI(14) is above 70", "make that 75"),
            (SMA.format(30), "close half when RSI(14) is above 75"),
        ),
        ((RSI, "only when ADX is above 20", "make that 25"), (RSI, "only when ADX is above 25")),
        ((SMA.format(100), "make it 50"), (SMA.format(50),)),
        ((SMA.format(100), "what about 50?"), (SMA.format(50),)),
        ((SMA.format(100), "let's try 50 instead"), (SMA.format(50),)),
        ((RSI, "5% stop", "make it 7"), (RSI, "7% stop")),
        ((RSI, "wait 5 bars after each exit", "make that 3"), (RSI, "wait 3 bars after each exit")),
        ((RSI, "also get out after 10 days", "15 is better"), (RSI, "also get out after 15 days")),
        ((RSI, "100 shares a trade", "make it 200"), (RSI, "200 shares a trade")),
        (
            (RSI, "close half when RSI(14) is above 45", "make that a quarter instead of half"),
            (RSI, "close a quarter when RSI(14) is above 45"),
        ),
        (
            (RSI, "close half when RSI(14) is above 45", "make that a third"),
            (RSI, "close a third when RSI(14) is above 45"),
        ),
        ((RSI, "half of equity per trade", "make it a quarter"), (RSI, "a quarter of equity per trade")),
        ((BANDS.format(20), "use 50 periods for the bands instead of 20"), (BANDS.format(50),)),
        ((BANDS.format(20), "use 50 instead of 20 for the bands"), (BANDS.format(50),)),
        ((RSI, "use 7 periods for the RSI instead of 14"), (RSI.replace("14", "7"),)),
        ((RSI, "RSI 30 becomes 35"), (RSI.replace("30", "35"),)),
        ((SMA.format(100), "swap the SMA for an EMA of the same length"), (EMA,)),
        ((SMA.format(100), "exponential instead of simple"), (EMA,)),
        ((RSI, "5% stop", "back to no stop"), (RSI, "no stop")),
        ((RSI, "only when volume is above its 20-day average", "forget the volume thing"), (RSI,)),
        ((SMA.format(100), "entries also need RSI(14) > 50"), (SMA.format(100), "only enter when RSI(14) > 50")),
        (
            (SMA.format(100), "also need RSI(14) > 50 to get in", "make that 55"),
            (SMA.format(100), "only enter when RSI(14) > 55"),
        ),
    ],
)
def test_a_change_that_points_back_means_the_plain_one(turns, plain):
    changed, whole = read(turns), read(plain)
    assert changed.status == "complete", (changed.questions, changed.unresolved)
    assert identity(changed.spec) == identity(whole.spec)


@pytest.mark.parametrize(
    "turns",
    [
        (RSI, "make that 75"),
        (RSI, "what about 80?"),
        (RSI, "5"),
        (RSI, "only when RSI(14) is above 10", "make that 12"),
        (RSI, "5% stop and 10% target", "make that 7"),
        (RSI, "close half when RSI(14) is above 45", "make it a quarter instead of a third"),
        (RSI + " Close half when RSI(14) is above 45. Half of equity per trade.", "make that a third"),
        (RSI, "use 7 periods for the RSI instead of 10"),
        (RSI, "use 10 days for the SMA instead of 14"),
        (RSI, "RSI 40 becomes 60"),
    ],
)
def test_a_number_that_may_be_several_is_asked_about(turns):
    assert read(turns).status == "needs_clarification"
