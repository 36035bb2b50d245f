"""Reference numbers, rows of a sheet, bars named by their place: layout and wording of tickets, sheets and threads."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

PLAIN = "Buy when RSI(14) crosses above 30. Sell when RSI(14) is above 70."


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (f"STRAT-212. {PLAIN}", PLAIN),
        ("AC1: buy when RSI(14) crosses above 30. AC2: sell when RSI(14) is above 70.", PLAIN),
        ("REQ-7 - Buy when RSI(14) crosses above 30.\nREQ-8 - Sell when RSI(14) is above 70.", PLAIN),
        ("1/ Buy when RSI(14) crosses above 30.\n2/ Sell when RSI(14) is above 70.", PLAIN),
        (
            "My sheet says BUY 100 shares on rows where RSI(14) is below 30, and SELL on rows where RSI(14) is above 70.",
            "Buy 100 shares when RSI(14) is below 30. Sell when RSI(14) is above 70.",
        ),
        (
            "Buy on bars where RSI(14) is below 30. Sell on days where RSI(14) is above 70.",
            "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70.",
        ),
        (
            "Buy when the close is above the high of the bar before. Sell when the close is below the low of the day before.",
            "Buy when the close is above the high of the previous bar. "
            "Sell when the close is below the low of the previous day.",
        ),
        (
            "Buy when the candle is a hammer and RSI(14) is below 40. Sell after 5 bars.",
            "Buy on a hammer when RSI(14) is below 40. Sell after 5 bars.",
        ),
        (
            "While flat a buy stop at the 20-day high is placed, good for 2 bars. Sell when price is below the 10-day low.",
            "Place a buy stop at the 20-day high, good for 2 bars. Sell when price is below the 10-day low.",
        ),
        (
            "Every evening, as long as RSI(14) is above 50, I place a buy stop at the 20-day high. "
            "Sell when price is below the 10-day low.",
            "While RSI(14) is above 50 place a buy stop at the 20-day high. Sell when price is below the 10-day low.",
        ),
    ],
)
def test_what_tickets_sheets_and_threads_say_is_read(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    "said",
    [
        f"{PLAIN} RSI14: 30.",
        f"{PLAIN} EMA20. Filter.",
        "Buy when RSI(14) crosses above 30. Sell every evening.",
        "Buy when the close is above the high before. Sell when RSI(14) is above 70.",
    ],
)
def test_what_only_looks_like_them_is_asked(said: str) -> None:
    assert read_text(said, context=GOOG).status != "complete"
