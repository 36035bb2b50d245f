"""Slips of the fingers and shorthand of chats, each beside the plain words; what is put right is in the ledger."""

import pytest

from Backtest.reader.lexicon import known_words
from Backtest.reader.reader import read_text
from Backtest.reader.spelling import correction
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

RULES = "Buy when RSI(14) < 30. Sell when RSI(14) > 70."

FORMS = {
    "slips of short words": [
        (
            "by wen rsi drops bellow 30, sel wen its overbougt",
            "Buy when RSI drops below 30. Sell when RSI is overbought.",
        ),
        ("sel when rsi is ovrbought, by when its ovrsold", "Buy when RSI is oversold. Sell when RSI is overbought."),
        ("i by when rsi si undr 30 and i sel when rsi si ovr 70", RULES),
        (
            "stll above the 200 sma and rsi < 30 buy, sell when rsi > 70",
            "Buy when close > SMA(200) and RSI < 30. Sell when RSI > 70.",
        ),
        ("buy fi rsi < 30 ro cci < -100, sell fi rsi > 70", "Buy when RSI < 30 or CCI < -100. Sell when RSI > 70."),
        (
            "byu when macd croses up, sell when it croses dwon",
            "Buy when MACD crosses above its signal. Sell when MACD crosses below its signal.",
        ),
        ("shrt when rsi > 80, cvr when rsi < 50", "Short when RSI > 80. Cover when RSI < 50."),
        (
            "buy when voluem > its 20 day averge, sell aftr 3 dasy",
            "Buy when volume > SMA(volume, 20). Hold for 3 bars.",
        ),
    ],
    "another word by its place": [
        ("by if rsi < 30, sell if rsi > 70", RULES),
        ("sell when rsi > 70 and by when rsi < 30", RULES),
        (
            "buy when close is higher then the 50 sma, sell when close is lower then the 50 sma",
            "Buy when close > SMA(50). Sell when close < SMA(50).",
        ),
        (
            "buy when price brakes above the 20 day high, sell when rsi > 70",
            "Buy when price breaks above the 20-day high. Sell when RSI > 70.",
        ),
        ("buy when rsi raises above 30, sell when rsi > 70", "Buy when RSI rises above 30. Sell when RSI > 70."),
        (
            "buy when price reclaims the 50 sma, sell when it looses the 50 sma",
            "Buy when price crosses above SMA(50). Sell when price crosses below SMA(50).",
        ),
        (
            "buy when close > 20 day hi, sell when close < 10 day lo",
            "Buy when close > the 20-day high. Sell when close < the 10-day low.",
        ),
    ],
    "shorthand": [
        ("u buy when rsi < 30, u sell when rsi > 70", RULES),
        ("buy when rsi o/s, sell when rsi o/b", RULES),
        ("buy when rsi < 30 w/o a stop, sell when rsi > 70", RULES),
        ("buy at mkt when rsi < 30, sell at mkt when rsi > 70", RULES),
        ("i buy when rsi < 30 n sell when rsi > 70", RULES),
        (
            "buy when rsi < 30 nd price abv 200 dma, sell when rsi > 70",
            "Buy when RSI < 30 and close > SMA(200). Sell when RSI > 70.",
        ),
        ("buy when rsi btwn 30 and 40, sell when rsi > 70", "Buy when RSI is between 30 and 40. Sell when RSI > 70."),
        (
            "buy when prev close > sma 50, sell when rsi > 70",
            "Buy when the previous close > SMA(50). Sell when RSI > 70.",
        ),
        (
            "buy 100 sh when rsi < 30 w a 5% stop, sell when rsi > 70",
            "Buy 100 shares when RSI < 30. Sell when RSI > 70. 5% stop.",
        ),
        ("buy when mov avg 50 > mov avg 200, sell when rsi > 70", "Buy when SMA(50) > SMA(200). Sell when RSI > 70."),
        (
            "buy wen price gets thru the 20 day high, tp 10%, sl 5%",
            "Buy when price breaks above the 20-day high. 10% target. 5% stop.",
        ),
        (
            "get long wen px > 50dma & vol > avg vol (20), exit wen px < 50dma",
            "Buy when close > SMA(50) and volume > SMA(volume, 20). Sell when close < SMA(50).",
        ),
    ],
}


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_chat_spelling_means_what_the_plain_words_say(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    ("word", "right"),
    [("stil", "still"), ("stll", "still"), ("volue", "volume"), ("exitt", "exit"), ("lon", "long"), ("wth", "with")],
)
def test_a_slip_of_a_common_word_is_no_rarer_word(word: str, right: str) -> None:
    assert correction(word, known_words()) == right


@pytest.mark.parametrize("word", ["ris", "byu", "sill", "lest", "not", "ont", "nto", "gas", "mac", "tow", "thee"])
def test_what_may_be_another_word_is_left_alone(word: str) -> None:
    assert correction(word, known_words()) is None


@pytest.mark.parametrize(
    "text",
    [
        "sort when rsi > 70, cover when rsi < 50",
        "buy when ris < 30, sell when rsi > 70",
        "buy when rsi is abot 30, sell when rsi > 70",
        "buy when rsi goes thru 30, sell when rsi > 70",
        "buy when n-day rsi < 30, sell when rsi > 70",
        "by the time rsi is below 30 buy, sell when rsi > 70",
    ],
)
def test_what_stays_open_is_asked(text: str) -> None:
    assert read_text(text, context=GOOG).status == "needs_clarification"


def test_what_was_put_right_is_in_the_ledger() -> None:
    reading = read_text("by when rsi is less then 30, sel when mkt > 50 dma", context=GOOG)
    spelt = [str(one.value) for one in reading.assumptions if one.topic == "spelling"]
    assert [one.split(" = ")[1] for one in spelt] == ["buy", "than", "sell", "market"]
