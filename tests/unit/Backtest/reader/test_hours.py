"""Hours after or before a time of day, and what is said of strategies around the rules, beside the plain words."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import EURUSD, meaning, pairs

RULES = "Buy when RSI(14) < 30. Sell when RSI(14) > 70."

FORMS = {
    "on one side of a time": [
        (f"Only trade after 10:00. {RULES}", f"Only trade between 10:00 and 00:00. {RULES}"),
        (f"Trade only before 15:00. {RULES}", f"Only trade between 00:00 and 15:00. {RULES}"),
        (f"No trades after 15:00. {RULES}", f"Only trade between 00:00 and 15:00. {RULES}"),
        (f"No entries before 10am. {RULES}", f"Only trade between 10:00 and 00:00. {RULES}"),
        ("After 10:00 buy when RSI(14) < 30. Sell when RSI(14) > 70.", f"Only trade between 10:00 and 00:00. {RULES}"),
        ("Buy when RSI(14) < 30 before 15:00. Sell when RSI(14) > 70.", f"Only trade between 00:00 and 15:00. {RULES}"),
    ],
    "days behind a rule are of that rule": [
        (f"Buy when RSI < 30, not on {said}. {rest}", f"Buy when RSI < 30 but not on {said}. {rest}")
        for said in ("Fridays", "a Monday")
        for rest in ("Sell when RSI > 70.", "Sell when RSI > 70. Short when CCI > 100. Cover when CCI < 0.")
    ]
    + [
        (
            "Buy when RSI < 30 and close > SMA(50), not on Fridays, sell when RSI > 70.",
            "Buy when RSI < 30 and close > SMA(50) but not on Fridays. Sell when RSI > 70.",
        ),
        (
            "Buy when RSI < 30. Sell when RSI > 70, not on Fridays.",
            "Buy when RSI < 30. Sell when RSI > 70 but not on Fridays.",
        ),
        (f"{RULES} Not on Fridays.", f"{RULES} No trades on Fridays."),
    ],
    "what is said around the rules": [
        (f"I have been running this one for a while: {RULES}", RULES),
        (f"Been trading this for years. {RULES}", RULES),
        (f"We've been using this strategy for some time. {RULES}", RULES),
        (f"Buying weakness in a rising market: {RULES}", RULES),
        (f"Fading rallies in a bear market. {RULES}", RULES),
    ],
}


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_hours_and_frames_mean_what_the_plain_words_say(said: str, plain: str) -> None:
    assert meaning(said, context=EURUSD) == meaning(plain, context=EURUSD)


@pytest.mark.parametrize(
    "text",
    [
        "Buy in the first hour when price breaks yesterday's high. Sell when RSI > 70.",
        "Buy in the first hour if RSI < 30. Sell when RSI > 70.",
        "Buy in May when RSI < 30. Sell when RSI > 70.",
        "Buy on the last trading day of the month. Sell after 3 bars.",
    ],
)
def test_hours_of_a_session_and_the_calendar_are_named_as_unsupported(text: str) -> None:
    assert read_text(text, context=EURUSD).status == "unsupported"


@pytest.mark.parametrize(
    "text",
    [
        f"Only trade in the first two hours. {RULES}",
        "Buy when RSI < 30 after 10 bars. Sell when RSI > 70.",
        "Buying weakness in a rising market when RSI < 30. Sell when RSI > 70.",
        "Buy on the last Friday of the month. Sell after 3 bars.",
    ],
)
def test_what_is_no_time_of_day_is_asked(text: str) -> None:
    assert read_text(text, context=EURUSD).status == "needs_clarification"
