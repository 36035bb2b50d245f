"""Settings and rules in any order of words: one figure and its role, one condition and its verb, and nothing else."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning

RULES = "Buy when RSI(14) crosses above 30. Sell when RSI(14) crosses above 70."


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "Stop loss 5%. Size so that half a percent of equity is at risk.",
            "Stop loss 5%. Risk 0.5% of equity per trade.",
        ),
        (
            "Stop loss 5%. I size the position so that I lose 1% of equity if the stop is hit.",
            "Stop loss 5%. Risk 1% of equity per trade.",
        ),
        ("Stop loss 5%. With 1% of the account at risk.", "Stop loss 5%. Risk 1% of equity per trade."),
        ("A stop of 2 ATR(14) is attached to each trade.", "Stop loss 2 ATR(14)."),
        ("Each trade is protected by a stop placed 2 ATR(14) under the entry.", "Stop loss 2 ATR(14)."),
        ("A stop loss of 4% and a take profit of 8% apply.", "Stop loss 4%. Take profit 8%."),
        ("8% above the entry sits the target.", "Take profit 8%."),
        ("Three percent is my stop.", "Stop loss 3%."),
        ("Positions carry a protective stop 3% away.", "Stop loss 3%."),
        ("The trade is trailed by 6%.", "Trailing stop 6%."),
        ("A five day cooldown applies.", "Wait 5 days after every exit."),
        ("A 10 bar time stop applies.", "Exit after 10 bars."),
        ("Only a quarter of the equity is committed to each position.", "Use 25% of equity per trade."),
        ("Into each trade goes half of the account.", "Use 50% of equity per trade."),
        ("Protect yourself with a stop loss of 6% at all times.", "Stop loss 6%."),
        ("The initial stop is placed two ATRs (20 days) away from entry.", "Stop loss 2 ATR(20)."),
        (
            "The trade is ended by a 3% stop loss, a 6% take profit or the passing of 20 bars.",
            "Stop loss 3%. Take profit 6%. Exit after 20 bars.",
        ),
        (
            "Stops are set at 1.5 times the 14-period ATR and targets at three times that risk.",
            "Stop loss 1.5 ATR(14). Take profit 3R.",
        ),
        ("After each exit, the system ignores all new signals for ten bars.", "Wait 10 bars after every exit."),
        ("We use $40k and 0.2% commission.", "Start with $40,000. Commission 0.2%."),
    ],
)
def test_a_setting_is_read_in_any_order_of_words(said: str, plain: str) -> None:
    assert meaning(f"{RULES} {said}") == meaning(f"{RULES} {plain}")


@pytest.mark.parametrize(
    "said",
    [
        "Larry uses a 5% stop.",
        "Most people use a 5% stop.",
        "Maybe a 5% stop.",
        "A stop of 5% of equity applies.",
        "The stop is placed at 5 per cent of the entry price.",
        "No stop of 5% here.",
        "A 5% xylophonic stop applies.",
        "A stop of 5% applies if the market is wild.",
        "A second stop of 5% applies.",
        "I used to lose 1% of equity.",
        "Half of the account sleeps.",
    ],
)
def test_a_setting_that_says_more_is_asked_about(said: str) -> None:
    assert read_text(f"{RULES} {said}", context=GOOG).status != "complete"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "The day CCI(20) crosses above 100 I take the long. Sell when CCI(20) crosses below 0.",
            "Buy when CCI(20) crosses above 100. Sell when CCI(20) crosses below 0.",
        ),
        (
            "We wait for RSI(14) crossing above 30, and that's where I go long. RSI(14) above 70 is where I sell.",
            "Buy when RSI(14) crosses above 30. Sell when RSI(14) is above 70.",
        ),
        (
            "RSI(14) crossing above 30 is my cue to buy. RSI(14) above 70 gets me to sell.",
            "Buy when RSI(14) crosses above 30. Sell when RSI(14) is above 70.",
        ),
        (
            "It is RSI(14) below 30 that makes me buy and RSI(14) above 70 that makes me sell.",
            "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70.",
        ),
        (
            "My signal for going long: price crosses above the 50-day SMA. "
            "My signal for getting out: price crosses below the 50-day SMA.",
            "Buy when price crosses above the 50-day SMA. Sell when price crosses below the 50-day SMA.",
        ),
        (
            "A close above the 20-day high signals a long entry. A close below the 10-day low signals the exit.",
            "Buy when the close is above the 20-day high. Sell when the close is below the 10-day low.",
        ),
        (
            "The long trade is opened the day the close is above the 50-day SMA. "
            "It is closed the day the close is below the 50-day SMA.",
            "Buy when the close is above the 50-day SMA. Sell when the close is below the 50-day SMA.",
        ),
    ],
)
def test_a_rule_is_read_in_any_words_around_its_condition_and_its_verb(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    "said",
    [
        "RSI(14) below 30 isn't where I buy.",
        "RSI(14) below 30 is where others buy.",
        "RSI(14) below 30 used to be where I buy.",
        "RSI(14) below 30 is the only place where I buy.",
        "RSI(14) below 30 is maybe where I buy.",
        "RSI(14) below 30 is where I buy half as much again.",
        "Price two deviations below the EMA(20) is where I buy.",
        "Unless it rains RSI(14) below 30 is where I buy.",
    ],
)
def test_a_rule_that_says_more_is_asked_about(said: str) -> None:
    assert (
        read_text(f"{said} Buy when RSI(2) is below 5. Sell when RSI(2) is above 70.", context=GOOG).status
        != "complete"
    )


@pytest.mark.parametrize(
    "said",
    [
        "in the 07:00 to 12:00 window",
        "within the 07:00-12:00 session",
        "during the 07:00 to 12:00 session",
        "during session hours (07:00-12:00)",
    ],
)
def test_hours_are_told_by_their_window(said: str) -> None:
    rules = "Buy when RSI(14) crosses above 30{}. Sell when RSI(14) is above 70."
    assert meaning(rules.format(f" {said}"), context=EURUSD) == meaning(
        rules.format("") + " Only trade between 07:00 and 12:00.", context=EURUSD
    )
