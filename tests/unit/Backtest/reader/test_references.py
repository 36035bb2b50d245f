"""References to what was spoken of: "the same average", "the latter", "that level", "the shorter one", "both lines"."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

CROSS_50 = "Buy when close crosses above SMA(50). Sell when close crosses below SMA(50)."
TWO = "Buy when the 10-day EMA crosses above the 40-day SMA."
BANDED = "Buy when price crosses above the upper Bollinger band (20, 2)."
RECLAIM = "Buy when RSI(14) crosses above 30."
TREND = "Buy when close is above SMA(200) and RSI(2) is below 10."
BOTH_LOW = "Buy when %K (14,3,3) crosses above %D and %K is below 20 and %D is below 20."
PAIR = "Buy when SMA(10) crosses above SMA(40). Sell when SMA(10) crosses below SMA(40)."

FORMS = {
    "the same": [
        ("Buy when close crosses above the 50-day SMA, sell when close crosses below that same average.", CROSS_50),
        ("Buy when close crosses above the 50-day SMA. Sell when it crosses below the same average.", CROSS_50),
        ("Buy when close crosses above the 50-day SMA and sell when close crosses below the same SMA.", CROSS_50),
        (f"{BANDED} Sell when price crosses below the same band.", f"{BANDED} Sell when price crosses below the upper Bollinger band (20, 2)."),
        (f"{TREND} Sell when price closes below the aforementioned average.", f"{TREND} Sell when price closes below SMA(200)."),
        (f"{TREND} Sell when price closes below the average I mentioned.", f"{TREND} Sell when price closes below SMA(200)."),
    ],
    "that line, that level": [
        ("Buy when close crosses above the 50-day SMA, sell when close crosses below that line.", CROSS_50),
        ("Buy when price crosses above VWAP, sell when price crosses below this line.", "Buy when price crosses above VWAP, sell when price crosses below VWAP."),
        (f"{BANDED} Sell when price crosses below that band.", f"{BANDED} Sell when price crosses below the upper Bollinger band (20, 2)."),
        (f"{RECLAIM} Sell when RSI(14) falls below that level.", f"{RECLAIM} Sell when RSI(14) crosses below 30."),
        (f"{RECLAIM} Sell when it falls below the same level.", f"{RECLAIM} Sell when RSI(14) crosses below 30."),
    ],
    "one of two": [
        (f"{TWO} Sell when price closes below the latter.", f"{TWO} Sell when price closes below SMA(40)."),
        (f"{TWO} Sell when price closes below the former.", f"{TWO} Sell when price closes below EMA(10)."),
        (f"{TWO} Sell when price closes below the shorter one.", f"{TWO} Sell when price closes below EMA(10)."),
        (f"{TWO} Sell when price closes below the longer average.", f"{TWO} Sell when price closes below SMA(40)."),
        (f"{TWO} Sell when price closes below the slow line.", f"{TWO} Sell when price closes below SMA(40)."),
        ("We use a 10-day SMA and a 40-day SMA. Buy when the shorter one crosses above the longer one, sell when the shorter one crosses below the longer one.", PAIR),
        ("We use a 10-day SMA and a 40-day SMA. Buy when the shorter average crosses above the longer average, sell when the opposite happens.", PAIR),
        (
            "Buy when Aroon Up (25) crosses above Aroon Down (25). Sell when the former crosses below the latter.",
            "Buy when Aroon Up (25) crosses above Aroon Down (25). Sell when Aroon Up (25) crosses below Aroon Down (25).",
        ),
    ],
    "the opposite signal": [
        (
            "Buy when price breaks above the 40-day high, short when price breaks below the 20-day low. Hold until the opposite signal.",
            "Buy when price breaks above the 40-day high, sell when price breaks below the 20-day low. "
            "Short when price breaks below the 20-day low, cover when price breaks above the 40-day high.",
        ),
        (f"{PAIR.partition('.')[0]}. Sell on the opposite cross.", PAIR),
    ],
    "both": [
        ("Buy when %K (14,3,3) crosses above %D while both lines are below 20. Sell when %K is above 80.", f"{BOTH_LOW} Sell when %K is above 80."),
        ("Buy when %K (14,3,3) crosses above %D with both lines below 20. Sell when both lines are above 80.", f"{BOTH_LOW} Sell when %K is above 80 and %D is above 80."),
        ("Buy when %K (14,3,3) crosses above %D and both of them are below 20. Sell when %K is above 80.", f"{BOTH_LOW} Sell when %K is above 80."),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_a_reference_is_the_one_thing_that_it_can_be(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    "text",
    [
        f"{TWO} Sell when price closes below it.",
        f"{TWO} Sell when price closes below that line.",
        f"{TWO} Sell when price closes below the other one.",
        "Buy when price breaks above the 20-day high. Sell on the opposite signal.",
        "Buy when price breaks above the 20-day high. Sell when price falls below that level.",
        "Buy when price crosses above SMA(20) and SMA(50) is rising. Sell when price closes below the same average.",
        "Buy when close is above SMA(50), SMA(20) is rising and EMA(10) is rising. Sell when price closes below the latter.",
        f"{RECLAIM} Sell when price falls below that level.",
        "Buy when RSI(14) is above 50 and MFI(14) is above 40 and CCI(20) > 0. Sell when both lines are below 20.",
    ],
)  # fmt: skip
def test_what_may_be_either_of_two_things_or_is_none_is_asked_about(text: str) -> None:
    assert read_turns((text,), context=GOOG).status == "needs_clarification"
