"""Who acts and how: frames of entry and exit around a condition, each beside the plain words; and what is asked."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

IN, OUT = "Buy when RSI(14) is below 30.", "Sell when RSI(14) is above 70."
BOTH = f"{IN} {OUT}"

FRAMES = {
    "in and out": [
        ("In on the golden cross, out on the death cross.", "Buy on the golden cross. Sell on the death cross."),
        (
            "I want in when price closes above the 50-day SMA. I jump out when it closes below the 20-day SMA.",
            "Buy when price closes above the 50-day SMA. Sell when price closes below the 20-day SMA.",
        ),
        ("Into the long when RSI(14) is below 30; out of the long when RSI(14) is above 70.", BOTH),
        ("Grab it when RSI(14) is below 30. Take everything out when RSI(14) is above 70.", BOTH),
        ("Enter on RSI(14) below 30, leave on RSI(14) above 70.", BOTH),
        (f"{IN} Everything goes when RSI(14) is above 70.", BOTH),
        ("I'm a buyer when RSI(14) is below 30 and a seller when RSI(14) is above 70.", BOTH),
    ],
    "the condition is the rule": [
        ("RSI(14) below 30 is my buy. RSI(14) above 70 is my sell.", BOTH),
        ("RSI(14) below 30 is a buy and RSI(14) above 70 a sell.", BOTH),
        ("The golden cross is my entry and the death cross my exit.", "Buy on a golden cross. Sell on a death cross."),
        ("RSI(14) below 30 is when I buy. RSI(14) above 70 is where I get out.", BOTH),
        ("RSI(14) below 30 is the trigger to buy. RSI(14) above 70 is the trigger to get out.", BOTH),
        ("The signal to sell is RSI(14) above 70, the signal to buy RSI(14) below 30.", f"{OUT} {IN}"),
        (
            "Buy when CCI(20) is below minus one hundred. Sell when CCI(20) is above negative 5.",
            "Buy when CCI(20) is below -100. Sell when CCI(20) is above -5.",
        ),
        ("RSI(14) below 30 means buy. RSI(14) above 70 tells me to sell.", BOTH),
        ("Time to buy is when RSI(14) is below 30. Time to sell is when RSI(14) is above 70.", BOTH),
    ],
    "what is wanted for it": [
        ("For the entry I want RSI(14) below 30. For the exit I want RSI(14) above 70.", BOTH),
        ("To get in, RSI(14) has to be below 30. To get out, it has to be above 70.", BOTH),
        ("A buy needs RSI(14) below 30. A sell needs RSI(14) above 70.", BOTH),
        ("For a long I want RSI(14) below 30; to close it I want RSI(14) above 70.", BOTH),
        (
            "Use the golden cross to get in and the death cross to get out.",
            "Buy on a golden cross. Sell on a death cross.",
        ),
        ("Only one way in: RSI(14) below 30. Only one way out: RSI(14) above 70.", BOTH),
    ],
    "waited for": [
        (
            "I wait for RSI(14) to drop below 30 and then I buy. Wait for RSI(14) to rise above 70, then sell.",
            "Buy when RSI(14) drops below 30. Sell when RSI(14) rises above 70.",
        ),
        ("Wait until RSI(14) is below 30, then go long. When I see RSI(14) above 70 I sell.", BOTH),
    ],
    "how a trade begins and ends": [
        ("The trade begins when RSI(14) is below 30 and ends when RSI(14) is above 70.", BOTH),
        (
            "My long starts with a MACD cross above its signal line and ends with a MACD cross below its signal line.",
            "Buy when MACD crosses above its signal line. Sell when MACD crosses below its signal line.",
        ),
        (
            "A close above the 50-day SMA starts the trade; a close below the 20-day SMA ends it.",
            "Buy when the close is above the 50-day SMA. Sell when the close is below the 20-day SMA.",
        ),
        (
            "Shorts are entered when RSI(14) is above 70 and covered when RSI(14) is below 50.",
            "Short when RSI(14) is above 70. Cover when RSI(14) is below 50.",
        ),
    ],
    "what is bought": [
        ("When RSI(14) is below 30 I buy the dip. Sell the bounce when RSI(14) is above 70.", BOTH),
        (
            "Buy the breakout when price breaks above the 20-day high. Sell the rally when RSI(14) is above 70.",
            f"Buy when price breaks above the 20-day high. {OUT}",
        ),
        (
            "I short the rip when RSI(2) is above 95, and I cover when RSI(2) is below 30.",
            "Short when RSI(2) is above 95. Cover when RSI(2) is below 30.",
        ),
        (
            "When RSI(14) is above 70 I fade it: go short. Cover when RSI(14) is below 50.",
            "Short when RSI(14) is above 70. Cover when RSI(14) is below 50.",
        ),
        ("When RSI(14) is below 30, I pull the trigger: buy. Sell when RSI(14) is above 70.", BOTH),
    ],
    "money put into it": [
        (
            f"I put forty percent of equity into a trade when RSI(14) is below 30. {OUT}",
            f"{BOTH} Use 40% of equity per trade.",
        ),
        (f"When RSI(14) is below 30 put $5,000 in. {OUT}", f"{BOTH} $5,000 per trade."),
        (f"Commit 20% of the account each time RSI(14) is below 30. {OUT}", f"{BOTH} Use 20% of equity per trade."),
        (f"Pick up 200 shares when RSI(14) is below 30. {OUT}", f"{BOTH} 200 shares per trade."),
    ],
    "a part of it": [
        (
            f"{IN} Trim the position by a third when RSI(14) is above 60. {OUT}",
            f"{IN} Sell a third of the position when RSI(14) is above 60. {OUT}",
        ),
        (
            f"{IN} I bank a quarter when price is 10% above entry and the rest when RSI(14) is above 70.",
            f"{IN} Sell a quarter of the position when price is 10% above entry. {OUT}",
        ),
        (
            f"{IN} Peel off 25% of the position when RSI(14) is above 60. What is left goes when RSI(14) is above 70.",
            f"{IN} Sell 25% of the position when RSI(14) is above 60. {OUT}",
        ),
        (
            f"{IN} Half goes when RSI(14) is above 60. Everything goes when RSI(14) is above 70.",
            f"{IN} Sell half of the position when RSI(14) is above 60. {OUT}",
        ),
        (
            f"{IN} Cut the position in half when RSI(14) is above 60. {OUT}",
            f"{IN} Sell half of the position when RSI(14) is above 60. {OUT}",
        ),
    ],
}

ORDERS = {
    "go short with a sell stop at the 24-day low, good for 6 bars": "sell short stop at the 24-day low, good for 6 bars",
    "sell short on a limit 1% above the close, live for 4 bars": "sell short limit 1% above the close, good for 4 bars",
    "bid 2% below the close for three days": "buy limit 2% below the close, good for 3 bars",
    "work a buy stop at the 20-day high for 5 days": "buy stop at the 20-day high, good for 5 bars",
    "park a buy limit at the lower Bollinger band": "buy limit at the lower Bollinger band",
    "go long via a limit order 1 ATR(14) below the close": "buy limit 1 ATR(14) below the close",
    "buy 2% below the close with a limit, order stays in for two bars": "buy limit 2% below the close, good for 2 bars",
    "buy 2% lower with a limit order. The order lives 3 bars": "buy limit 2% below the close, good for 3 bars",
}

ASKED = [
    f"When RSI(14) is above 80 I fade it. {BOTH}",
    f"{IN} Fade it when RSI(14) is above 80.",
    f"{IN} When ADX(14) is above 25 buy 200 shares. {OUT}",
    f"{IN} Put half of equity into a trade when ADX(14) is above 25. {OUT}",
    f"Put half of equity into a trade when ADX(14) is above 25. {BOTH}",
    f"Use 20% of equity per trade when RSI(14) is below 30. {OUT}",
    f"{IN} Cut the position to a quarter when RSI(14) is above 60. {OUT}",
    f"{IN} Trim by a third each time RSI(14) is above 60. {OUT}",
    f"{IN} Scale out half at a 5% target and half at 10%.",
    f"When RSI(14) is below 30, go long with a sell stop at the 24-day low. {OUT}",
    "When RSI(14) is above 70, go short with a buy stop at the 24-day high. Cover when RSI(14) is below 50.",
    f"Wait for RSI(14) below 30, then buy when MACD crosses above its signal line. {OUT}",
    f"{BOTH} When RSI(14) is above 60, place a sell limit 1% above the close.",
    "When RSI(14) is above 70, place a sell limit 1% above the close. 3% stop, 5% target.",
    "Buy limit at the 20-day low when ADX(14) > 25. Sell limit at the 20-day high when ADX(14) > 20. Shorts are fine.",
]

SELL_ORDERS = [
    "Short only. When RSI(14) is above 70, place a sell limit 1% above the close, good for 6 bars. 3% stop, 5% target.",
    "Shorts only. Place a sell limit 1% above the close when RSI(14) is above 70, good for 6 bars. 3% stop, 5% target.",
]


@pytest.mark.parametrize("said", SELL_ORDERS)
def test_a_sell_order_opens_a_short_where_the_text_is_of_shorts_alone(said):
    plain = "When RSI(14) is above 70, sell short limit 1% above the close, good for 6 bars. 3% stop, 5% target."
    assert meaning(said) == meaning(plain)


def test_a_sell_order_opens_a_short_where_nothing_is_bought_and_shorts_are_covered():
    said = "Place a sell stop at the 20-day low when ADX(14) is above 25. Cover when ADX(14) is below 15."
    assert meaning(said) == meaning(said.replace("sell stop", "sell short stop"))


@pytest.mark.parametrize(
    ("said", "plain"),
    pairs(FRAMES),
)
def test_a_frame_means_the_plain_words(said, plain):
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(("said", "plain"), ORDERS.items())
def test_an_order_means_the_plain_one(said, plain):
    short = "short" in said
    out = "Cover when RSI(14) is below 50." if short else OUT
    assert meaning(f"When ADX(14) is above 25, {said}. {out}") == meaning(f"When ADX(14) is above 25, {plain}. {out}")


@pytest.mark.parametrize("said", ASKED)
def test_what_may_mean_another_thing_is_asked(said):
    reading = read_turns([said], context=GOOG)
    assert reading.status == "needs_clarification" or any(one.unsupported for one in reading.unresolved), reading.status
