"""Steps, one after the other in time, and rules that come before or as a noun, beside the plain words."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

SEQUENCE = "Buy when RSI(5) drops below 25, then within 6 bars price crosses above the 10-day EMA. 5% stop loss."
STEPS = [
    "Step 1: RSI(5) drops below 25. Step 2: then, within 6 bars, price crosses above the 10-day EMA - that's the buy.",
    "Step 1: RSI(5) drops below 25. Step 2: price crosses above the 10-day EMA within 6 bars. That's the buy.",
    "Step 1: RSI(5) drops below 25. Step 2: within 6 bars, price crosses above the 10-day EMA. Step 3: buy.",
    "Step one: RSI(5) drops below 25. Step two: buy when price crosses above the 10-day EMA within 6 bars.",
    "Step 1: RSI(5) drops below 25\nStep 2: within 6 bars, price crosses above the 10-day EMA - that's the buy\n",
    "1) RSI(5) drops below 25\n2) within 6 bars price crosses above the 10-day EMA: buy\n",
    "First, RSI(5) drops below 25. Second, within 6 bars price crosses above the 10-day EMA: that is the entry.",
    "First RSI(5) drops below 25, then buy when price crosses above the 10-day EMA within 6 bars.",
    "RSI(5) drops below 25. Then, within 6 bars, price crosses above the 10-day EMA. That is when we go long.",
]
STEPS_STAY_ASKED = [
    "Step 1: price is above the 200-day SMA. Step 2: RSI(5) drops below 25. Step 3: buy.",
    "Step 1: RSI(5) drops below 25. Step 2: RSI(5) was above 50 within the last 6 bars. Step 3: buy.",
    "Step 1: RSI(5) drops below 25. Step 2: within 6 bars.",
    "Step 1: RSI(5) drops below 25. Step 3: buy within 6 bars.",
]


@pytest.mark.parametrize("said", STEPS)
def test_steps_follow_one_another_within_the_bars_that_are_said(said):
    assert meaning(f"{said} 5% stop loss. Exit after 9 bars.") == meaning(f"{SEQUENCE} Exit after 9 bars.")


@pytest.mark.parametrize("said", STEPS_STAY_ASKED)
def test_steps_without_bars_between_them_are_asked(said):
    assert read_turns([f"{said} 5% stop loss. Exit after 9 bars."], context=GOOG).status != "complete"


def test_steps_that_are_whole_rules_are_read_one_by_one():
    said = "Step 1: buy when RSI(5) drops below 25. Step 2: sell when price crosses above the 10-day EMA."
    assert meaning(said) == meaning("Buy when RSI(5) drops below 25. Sell when price crosses above the 10-day EMA.")


OUT = " Exit after 9 bars."
FRAMES = {
    "the condition, and that this is where": [
        ("A hammer candle while RSI(14) is under 50: that's where I buy." + OUT, "Buy on a hammer while RSI(14) < 50."),
        (
            "A bullish engulfing with RSI(14) under 40: that's where I buy." + OUT,
            "Buy on a bullish engulfing with RSI(14) < 40.",
        ),
        (
            "A shooting star while RSI(14) is over 60: that's where I short." + OUT,
            "Short on a shooting star while RSI(14) > 60.",
        ),
        (
            "A close above the 50-day SMA while ADX(14) is above 20: that is where I go long." + OUT,
            "Buy when price closes above the 50-day SMA and ADX(14) is above 20.",
        ),
        (
            "RSI(14) under 30 while price is above the 200-day SMA: that's when I buy." + OUT,
            "Buy when RSI(14) < 30 and price is above the 200-day SMA.",
        ),
    ],
    "the day of it": [
        (
            "On the day CCI(20) crosses above -100 I buy for $20,000." + OUT,
            "Buy when CCI(20) crosses above -100. $20,000 per trade.",
        ),
        (
            "On the bar RSI(14) drops below 30 I buy, on the bar it rises above 70 I sell.",
            "Buy when RSI(14) drops below 30, sell when it rises above 70.",
        ),
        (
            "I sell on the day RSI(14) crosses below 70 and buy on the day that it crosses above 30.",
            "Sell when RSI(14) crosses below 70. Buy when RSI(14) crosses above 30.",
        ),
    ],
    "a flag": [
        (
            "In my sheet a row gets a BUY flag if Close > SMA(50) and RSI(14) < 50, and a SELL flag if RSI(14) > 70.",
            "Buy when Close > SMA(50) and RSI(14) < 50. Sell when RSI(14) > 70.",
        ),
        (
            "The bar is flagged BUY when RSI(14) < 30, and flagged SELL when RSI(14) > 70.",
            "Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
        ),
        ("Mark a BUY if RSI(14) < 30 and a SELL if RSI(14) > 70.", "Buy when RSI(14) < 30. Sell when RSI(14) > 70."),
        (
            "The cell shows BUY if RSI(14) < 30 and SELL if RSI(14) > 70.",
            "Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
        ),
        (
            "Every row where RSI(14) < 30 is a BUY, every row where RSI(14) > 70 is a SELL.",
            "Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
        ),
    ],
    "a side": [
        (
            "We enter on the long side when MFI leaves oversold territory and we exit when MFI goes overbought.",
            "Buy when MFI leaves oversold. Sell when MFI goes overbought.",
        ),
        (
            "We enter on the short side when MFI leaves overbought territory and we cover when MFI goes oversold.",
            "Short when MFI leaves overbought. Cover when MFI goes oversold.",
        ),
        (
            "We go in on the long side once RSI(14) crosses above 30. We go flat when RSI(14) crosses above 70.",
            "Buy when RSI(14) crosses above 30. Sell when RSI(14) crosses above 70.",
        ),
        (
            "I only want the short side of this one. Short when RSI(14) crosses below 70. Cover when it crosses below 30.",
            "Short when RSI(14) crosses below 70. Cover when RSI(14) crosses below 30.",
        ),
        (
            "I'm only interested in the long side. Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
            "Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
        ),
        (
            "Skip the short side of it. Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
            "Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
        ),
        (
            "Buy when RSI(14) < 30. Short when RSI(14) > 70. Each opposite signal turns the position around.",
            "Buy when RSI(14) < 30. Short when RSI(14) > 70. Stop and reverse.",
        ),
        (
            "Buy when RSI(14) < 30. Short when RSI(14) > 70. Every opposite signal flips the position.",
            "Buy when RSI(14) < 30. Short when RSI(14) > 70. Stop and reverse.",
        ),
    ],
    "a gain before what is done": [
        ("Buy when RSI(14) < 30. 5% stop. At 3R I take profit.", "Buy when RSI(14) < 30. 5% stop. 3R target."),
        ("Buy when RSI(14) < 30. At 10% I take my profits.", "Buy when RSI(14) < 30. 10% target."),
        ("Buy when RSI(14) < 30. At a 10% gain I take profit.", "Buy when RSI(14) < 30. 10% target."),
        ("Buy when RSI(14) < 30. At 5% profit I close the trade.", "Buy when RSI(14) < 30. 5% target."),
        ("Short when RSI(14) > 70. At a 5% profit I cover.", "Short when RSI(14) > 70. 5% target."),
        (
            "Buy when RSI(14) < 30. 8% stop. Once a trade shows a profit of 5% the stop moves up to break-even." + OUT,
            "Buy when RSI(14) < 30. 8% stop. Break-even after 5%.",
        ),
        (
            "Buy when RSI(14) < 30. I take the money and close the position as soon as RSI(14) hits 70.",
            "Buy when RSI(14) < 30. Sell as soon as RSI(14) hits 70.",
        ),
        (
            "Buy when RSI(14) < 30. Take the gain and get out when RSI(14) hits 70.",
            "Buy when RSI(14) < 30. Sell when RSI(14) hits 70.",
        ),
    ],
    "what goes with each trade": [
        (
            "Buy when RSI(14) < 30. Risk/reward is fixed: 4% stop, 8% target. 25% of equity on each.",
            "Buy when RSI(14) < 30. 4% stop, 8% target. 25% of equity per trade.",
        ),
        ("Buy when RSI(14) < 30. Risk/reward: 4% stop and 8% target.", "Buy when RSI(14) < 30. 4% stop, 8% target."),
        (
            "Buy when RSI(14) < 30. After 9 bars the trade is closed whatever it is doing.",
            "Buy when RSI(14) < 30. Exit after 9 bars.",
        ),
        (
            "Please run the following from 2 January 2008 on. Buy when RSI(14) < 30." + OUT,
            "Test from 2 January 2008. Buy when RSI(14) < 30.",
        ),
    ],
}
FRAMES_STAY_ASKED = [
    "A hammer candle: that's where I buy more of it. Exit after 9 bars.",
    "On the day I buy for $20,000. Exit after 9 bars.",
    "A row gets a flag if RSI(14) < 30. Exit after 9 bars.",
    "I only want the short side of this one. Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
    "We enter on the other side when RSI(14) < 30. Exit after 9 bars.",
    "Buy when RSI(14) < 30. At 5% I exit.",
    "Buy when RSI(14) < 30. 5% stop. At 2R profit sell half. Exit after 9 bars.",
    "Buy when RSI(14) < 30. 25% of equity on each close. Exit after 9 bars.",
    "Buy when RSI(14) < 30. Risk/reward is fixed. Exit after 9 bars.",
]


@pytest.mark.parametrize(("said", "plain"), pairs(FRAMES))
def test_a_frame_means_what_the_plain_words_say(said, plain):
    assert meaning(said) == meaning(plain + (OUT if said.endswith(OUT) else ""))


@pytest.mark.parametrize("said", FRAMES_STAY_ASKED)
def test_a_frame_that_says_something_else_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"
