"""Lines, patterns, levels and conditions put in the place of others by a later sentence.

Each turn beside the whole text that says the same: what else the turn had changed would show.
"""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
BREAKOUT = "Buy when price breaks above the {}-day high, sell when price breaks below the {}-day low."
RSI = "Buy when {0} crosses below {1} and price is above the {3}. Sell when {0} crosses above {2}. 5% stop."


def rsi(line="RSI(14)", low=30, high=70, trend="200-day SMA"):
    return RSI.format(line, low, high, trend)


def read(*turns):
    return read_turns(turns, context=GOOG)


def same(turns, plain):
    changed, whole = read(*turns), read(plain)
    assert changed.status == "complete", (changed.questions, changed.unresolved, changed.errors)
    assert whole.status == "complete", (whole.questions, whole.unresolved)
    return identity(changed.spec) == identity(whole.spec)


@pytest.mark.parametrize(
    ("turn", "plain"),
    [
        ("make the RSI 7", rsi("RSI(7)")),
        ("switch the RSI from 14 to 5", rsi("RSI(5)")),
        ("set the RSI period to 9 in both rules", rsi("RSI(9)")),
        ("change the RSI to 7 and the SMA to 100", rsi("RSI(7)", trend="100-day SMA")),
        ("change the 200-day SMA to a 100-day one", rsi(trend="100-day SMA")),
        ("switch the trend filter to the 50-day EMA", rsi(trend="50-day EMA")),
        ("use a 150 day average for the trend filter", rsi(trend="150-day SMA")),
        ("change the oversold level to 20", rsi(low=20)),
        ("make the overbought level 80", rsi(high=80)),
        ("use 20 and 80 for the RSI levels", rsi(low=20, high=80)),
        ("set the RSI thresholds to 25/75", rsi(low=25, high=75)),
        ("change 30/70 to 25/75", rsi(low=25, high=75)),
        ("buy below 25 instead of 30", rsi(low=25)),
        ("use 25 for the entry and 80 for the exit", rsi(low=25, high=80)),
        ("use MFI instead of RSI", rsi("MFI(14)")),
        ("replace the RSI with CCI(20), levels -150 and 100", rsi("CCI(20)", -150, 100)),
        ("swap the RSI for Williams %R, levels -90 and -10", rsi("Williams %R(14)", -90, -10)),
        ("change the exit to RSI crossing above 60", rsi(high=60)),
        ("the exit becomes RSI crossing above 60", rsi(high=60)),
        ("halve the stop", rsi().replace("5%", "2.5%")),
        ("swap the 5% stop for a 6% trailing stop", rsi().replace("5% stop", "6% trailing stop")),
        ("add ADX above 25 to the entry", rsi() + " Only enter when ADX is above 25."),
        (
            "add one more condition: MACD above its signal line",
            rsi() + " Only enter when MACD is above its signal line.",
        ),
        ("require a bullish engulfing for the entry", rsi() + " Only enter when there is a bullish engulfing."),
        (
            "add another exit: price closes below the 20-day low",
            rsi() + " Sell when price closes below the 20-day low.",
        ),
        ("keep it long only", rsi() + " Long only."),
    ],
)
def test_changes_of_an_oscillator_strategy(turn, plain):
    assert same([rsi(), turn], plain)


@pytest.mark.parametrize(
    "turn",
    [
        "RSI levels 80 and 20",  # which takes which
        "set the RSI to 20, 80",  # it has one setting
        "use Williams %R instead of RSI",  # -20 and -80, or what
        "change the buy condition to RSI crossing below 20",  # the SMA too, or not
        "use 10 for the entry and 20 for the exit lengths",
        "remove the 12% stop",
        "make that 25",
        "swap the harami for a hammer",
    ],
)
def test_what_may_be_meant_otherwise_is_asked(turn):
    assert read(rsi(), turn).status == "needs_clarification"


@pytest.mark.parametrize(
    "turn",
    [
        "use a 50-day high and a 25-day low instead",
        "a 50-day high and a 25-day low instead",
        "make it 50 days for the entry and 25 for the exit",
        "use 50 bars for entries and 25 bars for exits",
    ],
)
def test_two_lengths_of_a_breakout(turn):
    assert same([BREAKOUT.format(30, 15), turn], BREAKOUT.format(50, 25))


@pytest.mark.parametrize(
    ("first", "turn", "plain"),
    [
        (
            "Buy when the MACD line crosses above its signal line. 5% stop. 10% target.",
            "change MACD to 8, 21, 5",
            "Buy when the MACD(8, 21, 5) line crosses above its signal line. 5% stop. 10% target.",
        ),
        (
            "Buy when Supertrend flips bullish. 5% stop. 10% target.",
            "supertrend 7, 2.5 instead of the default",
            "Buy when Supertrend(7, 2.5) flips bullish. 5% stop. 10% target.",
        ),
        (
            "Buy when price touches the lower Bollinger band. 5% stop. 10% target.",
            "use 2.5 deviations",
            "Buy when price touches the lower Bollinger band(20, 2.5). 5% stop. 10% target.",
        ),
        (
            "Buy when price crosses above the 50-day SMA, sell when price crosses below the 50-day SMA.",
            "change both to the 20-week EMA",
            "Buy when price crosses above the 20-week EMA, sell when price crosses below the 20-week EMA.",
        ),
        (
            "Buy on a bullish harami when RSI(14) is below 50. 3% stop. 10% target.",
            "swap the harami for an engulfing",
            "Buy on a bullish engulfing when RSI(14) is below 50. 3% stop. 10% target.",
        ),
        (
            "Buy on a bullish harami when RSI(14) is below 50. 3% stop. 10% target.",
            "use a hammer instead",
            "Buy on a hammer when RSI(14) is below 50. 3% stop. 10% target.",
        ),
        (
            "Buy when RSI(14) is below 30. Exit after 20 bars.",
            "exit after 30 bars instead",
            "Buy when RSI(14) is below 30. Exit after 30 bars.",
        ),
        (
            "Buy 100 shares when RSI(14) is below 30. 3% stop. 10% target.",
            "replace the entry with a golden cross",
            "Buy 100 shares on a golden cross. 3% stop. 10% target.",
        ),
    ],
)
def test_one_thing_in_the_place_of_another(first, turn, plain):
    assert same([first, turn], plain)


@pytest.mark.parametrize(
    ("turns", "plain"),
    [
        (["10% target", "delete the exit rule"], rsi().replace("Sell when RSI(14) crosses above 70.", "10% target.")),
        (["also hold at most 20 bars", "make that 10 bars"], rsi() + " Hold at most 10 bars."),
        (["add a 10% target", "make it 12%"], rsi() + " 12% target."),
        (["require ADX above 20", "make that 25"], rsi() + " Only enter when ADX is above 25."),
        (["require ADX above 20", "undo that last change"], rsi()),
        (
            ["enter with a buy limit 1% below the close", "keep that limit good for 2 bars", "back to market orders"],
            rsi(),
        ),
    ],
)
def test_that_is_what_the_turn_before_said(turns, plain):
    assert same([rsi(), *turns], plain)


def test_a_short_pattern_takes_the_place_of_no_long_one():
    asked = read("Buy on a bullish harami. 3% stop. 10% target.", "swap the harami for a shooting star")
    assert asked.status == "needs_clarification"
