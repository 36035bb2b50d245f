"""Lists in a sentence, lists before what they are for, and the labels of sides and sections within a line."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

OUT = "Sell when RSI(14) > 70."
IN = "Buy when RSI(14) < 30."
BOTH = f"Buy when RSI(14) < 30 and close > SMA(200). {OUT}"
EITHER = f"{IN} Sell when RSI(14) > 70 or close < SMA(50)."
SIDES = "Go long when RSI(14) < 30. Go short when RSI(14) > 70. Sell when RSI(14) > 50. Cover when RSI(14) < 50."
DIP, TREND, VOLUME = "RSI(14) below 30", "close above SMA(200)", "volume above its 20-day average"

FORMS = {
    "what is done when the items before are so": [
        (f"1. {DIP}\n2. {TREND}\n3. When both are true, buy\n4. {OUT}", BOTH),
        (f"1. {DIP}. 2. {TREND}. 3. When both are true, buy. 4. {OUT}", BOTH),
        (f"- {DIP}\n- {TREND}\nIf both hold, go long.\n{OUT}", BOTH),
        (f"{DIP}. {TREND}. When both are met, go long. {OUT}", BOTH),
        (
            f"1. {DIP}\n2. {TREND}\n3. {VOLUME}\nWhen all three are true, buy. {OUT}",
            f"Buy when {DIP} and {TREND} and {VOLUME}. {OUT}",
        ),
        (f"RSI(14) above 70. Close below SMA(50). When either happens, sell. {IN}", EITHER),
        (f"RSI(14) above 70. Close below SMA(50). Sell as soon as any of these is true. {IN}", EITHER),
    ],
    "lists in a sentence": [
        (f"Exit if any of these happens: RSI(14) above 70, close below SMA(50). {IN}", EITHER),
        (f"Exit on any of: RSI(14) above 70 or close below SMA(50). {IN}", EITHER),
        (f"Exit if any of these happens: RSI(14) above 70, 10 bars in the trade. {IN}", f"{IN} {OUT} Hold 10 bars."),
        (f"Rules for entry (all must hold): {DIP}, {TREND}. {OUT}", BOTH),
        (
            f"Buy when all three line up: {DIP}, {TREND}, {VOLUME}. {OUT}",
            f"Buy when {DIP} and {TREND} and {VOLUME}. {OUT}",
        ),
        (f"Buy when these two agree: {DIP} and {TREND}. {OUT}", BOTH),
        (f"Entry requires all of: {DIP}, {TREND}. {OUT}", BOTH),
        (
            f"Long entry (all conditions): {DIP}; {TREND}\nLong exit (any condition): RSI(14) above 70; close < SMA(50)",
            "Buy when RSI(14) < 30 and close > SMA(200). Sell when RSI(14) > 70 or close < SMA(50).",
        ),
        (
            f"Buy if at least one holds:\n- {DIP}\n- close below SMA(50)\n\n{OUT}",
            f"Buy when {DIP} or close below SMA(50). {OUT}",
        ),
        (f"Entry conditions: (1) {DIP}; (2) {TREND}. {OUT}", BOTH),
    ],
    "sections without signs": [
        (
            f"Entry criteria\n{DIP}\n{TREND}\n\nExit criteria\nRSI(14) above 70\n\nMoney management\n2% stop",
            f"{BOTH} 2% stop.",
        ),
        (f"Entry rules\n{DIP} and {TREND}\nExit rules\nRSI(14) above 70", BOTH),
    ],
    "sides within a line": [
        (
            "Longs: enter when RSI(14) < 30; exit when RSI(14) > 50. "
            "Shorts: enter when RSI(14) > 70; exit when RSI(14) < 50.",
            SIDES,
        ),
        (
            "Longs: enter when RSI(14) < 30, exit when RSI(14) > 50. "
            "Shorts: enter when RSI(14) > 70, exit when RSI(14) < 50.",
            SIDES,
        ),
        (
            "Long: enter when RSI(14) < 30. Exit when RSI(14) > 50.\nShort: enter when RSI(14) > 70. "
            "Exit when RSI(14) < 50.",
            SIDES,
        ),
        (
            "Longs: enter when EMA(9) crosses above EMA(21), exit when it crosses below. "
            "Shorts: enter when EMA(9) crosses below EMA(21), exit when it crosses above.",
            "Go long when EMA(9) crosses above EMA(21). Go short when EMA(9) crosses below EMA(21). "
            "Sell when EMA(9) crosses below EMA(21). Cover when EMA(9) crosses above EMA(21).",
        ),
    ],
    "an event that is the entry": [
        (
            f"First RSI(14) drops below 30, then the close crosses above SMA(20) within 5 bars: that is the long. {OUT}",
            f"Buy when RSI(14) drops below 30, then the close crosses above SMA(20) within 5 bars. {OUT}",
        ),
        (
            f"First RSI(14) drops below 30, then MACD crosses above its signal within 5 bars. That is the entry. {OUT}",
            f"Buy when RSI(14) drops below 30, then MACD crosses above its signal within 5 bars. {OUT}",
        ),
    ],
    "sizes of everything": [
        (f"{IN} {OUT} Position sizing: all in.", f"{IN} {OUT}"),
        (f"{IN} {OUT} Position sizing: full equity each time.", f"{IN} {OUT}"),
    ],
}

STAYS_ASKED = [
    f"1. {DIP}\n2. {TREND}\n3. {VOLUME}\nWhen both are true, buy. {OUT}",
    f"{DIP}. When both are true, buy. {OUT}",
    f"{DIP}. {TREND}. When both are true, consider a trade. {OUT}",
    f"RSI(14) above 70. Close below SMA(50). When either is no longer true, sell. {IN}",
    f"Exit on any of: RSI(14) above 70 and close below SMA(50), the moon. {IN}",
    f"Exit on any of: RSI(14) above 70 and close below SMA(50). {IN}",
    "Longs: enter when RSI(14) < 30. Shorts: enter when RSI(14) > 70. Exit when RSI(14) crosses 50.",
]


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_a_list_means_what_the_plain_words_say(said, plain):
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_what_is_no_whole_list_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"


def test_an_exit_behind_both_sides_is_of_both():
    said = "Longs: enter when RSI(14) < 30. Shorts: enter when RSI(14) > 70. Exit when the close is above SMA(50)."
    plain = "Go long when RSI(14) < 30. Go short when RSI(14) > 70. Exit when the close is above SMA(50)."
    assert meaning(said) == meaning(plain)
