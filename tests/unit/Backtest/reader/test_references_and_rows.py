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


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "Q: When do you buy?\nA: When RSI(14) crosses above 30.\nQ: When do you sell?\nA: When RSI(14) is above 70.\n"
            "Q: Stop?\nA: 5%.",
            f"{PLAIN} Stop loss 5%.",
        ),
        (
            "Q: When do you get in?\nA: Buy when RSI(14) crosses above 30.\nQ: And out?\nA: Sell when RSI(14) is above 70.",
            PLAIN,
        ),
        (
            "Q: What triggers the entry? A: RSI(14) crossing above 30. Q: How do you exit? A: RSI(14) above 70. "
            "Q: How much do you risk? A: 1% per trade with a stop of 2 ATR.",
            f"{PLAIN} Stop loss 2 ATR. Risk 1% of equity per trade.",
        ),
        (
            "Q: Shorts?\nA: Never.\nQ: Entry?\nA: RSI(14) crosses above 30.\nQ: Exit?\nA: RSI(14) is above 70.\n"
            "Q: Any stop?\nA: Yes, 10% below the entry price.\nQ: Target?\nA: None.",
            f"Long only. {PLAIN} Stop loss 10%.",
        ),
        (
            "Question: Which market? Answer: GOOG daily. Question: What's your entry? Answer: RSI(14) crosses above 30. "
            "Question: Exit? Answer: RSI(14) is above 70. Question: How long do you hold at most? Answer: 10 days.",
            f"{PLAIN} Exit after 10 days.",
        ),
    ],
)
def test_a_question_is_the_label_of_its_answer(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    "said",
    [
        f"Q: Does volume have to rise? A: Yes. {PLAIN}",
        f"Q: Only in uptrends? A: Always. {PLAIN}",
        f"Q: Is price above the 200-day SMA needed? A: Sure. {PLAIN}",
        f"Q: Which days do you avoid? A: Most of them. {PLAIN}",
    ],
)
def test_a_question_that_says_a_part_of_the_rule_is_asked_about(said: str) -> None:
    assert read_text(said, context=GOOG).status != "complete"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "Given price is above the 200-day SMA, when RSI(14) is below 30, then buy. "
            "Given an open position, when RSI(14) is above 70, then sell.",
            "While price is above the 200-day SMA, when RSI(14) is below 30, buy. Sell when RSI(14) is above 70.",
        ),
        (
            "Given no position\nWhen RSI(14) crosses above 30\nThen buy\n\n"
            "Given a long position\nWhen RSI(14) is above 70\nThen sell",
            PLAIN,
        ),
        (
            "Scenario: entry\nGiven price is above the 200-day SMA\nAnd RSI(14) is below 30\nWhen the close is above the open\n"
            "Then buy with 50% of equity\nScenario: exit\nWhen RSI(14) is above 70\nThen sell everything",
            "Buy when price is above the 200-day SMA and RSI(14) is below 30 and the close is above the open. "
            "Sell when RSI(14) is above 70. Use 50% of equity per trade.",
        ),
    ],
)
def test_what_is_given_is_a_condition_and_a_position_that_is_given_none(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)
