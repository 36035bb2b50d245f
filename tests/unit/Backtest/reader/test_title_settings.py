"""Settings that a line of its own, before the rules or after them, gives to an indicator of the rules."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

AROON = "Buy when Aroon up crosses above Aroon down, sell when it crosses below."
BANDS = "Buy when price closes below the lower band, sell when price closes above the middle band."
CCI = "Buy when CCI crosses above -100, sell when CCI crosses below 100."
ICHIMOKU = "Buy when the conversion line crosses above the base line, sell when it crosses below."
MACD = "Buy when MACD crosses above its signal line, sell when it crosses below."
RSI = "Buy when RSI is below 30, sell when RSI is above 70."
STOCH = "Buy when %K crosses above %D, sell when %K is above 80."
SUPER = "Buy when supertrend turns up, sell when it turns down."
PACED = "Buy when the fast EMA crosses above the slow EMA, sell when it crosses back below."

LINES = {
    "settings in words": [
        (f"Ichimoku with the usual 9/26/52. {ICHIMOKU}", f"Ichimoku (9, 26, 52). {ICHIMOKU}"),
        (f"Ichimoku, usual 7/22/44 settings. {ICHIMOKU}", f"Ichimoku (7, 22, 44). {ICHIMOKU}"),
        (f"Ichimoku with the standard settings of 9, 26 and 52. {ICHIMOKU}", f"Ichimoku (9, 26, 52). {ICHIMOKU}"),
        (f"MACD system, settings 8/17/9: {MACD}", f"MACD (8, 17, 9). {MACD}"),
        (f"Supertrend, settings 7 and 2. {SUPER}", f"Supertrend (7, 2). {SUPER}"),
        (f"Supertrend, settings 7 and 2, {SUPER}", f"Supertrend (7, 2). {SUPER}"),
        (f"Supertrend strategy on GOOG, 7 and 2. {SUPER}", f"Supertrend (7, 2). {SUPER}"),
        (f"Stochastic 5,3,3 settings. {STOCH}", f"Stochastic (5, 3, 3). {STOCH}"),
        (f"Bollinger bands strategy, 20 and 2.5. {BANDS}", f"Bollinger bands (20, 2.5). {BANDS}"),
    ],
    "settings by their names": [
        (f"Aroon strategy, period 25. {AROON}", f"Aroon (25). {AROON}"),
        (f"Aroon, 25 periods. {AROON}", f"Aroon (25). {AROON}"),
        (f"RSI mean reversion, 7-period. {RSI}", f"RSI (7). {RSI}"),
        (f"RSI reversal, length 7, daily. {RSI}", f"RSI (7). {RSI}"),
        (f"CCI reversal with a period of 14. {CCI}", f"CCI (14). {CCI}"),
        (f"Supertrend (period 7, multiplier 2). {SUPER}", f"Supertrend (7, 2). {SUPER}"),
        (f"Supertrend, multiplier 2, period 7. {SUPER}", f"Supertrend (7, 2). {SUPER}"),
        (f"Supertrend with ATR period 7 and multiplier 2. {SUPER}", f"Supertrend (7, 2). {SUPER}"),
        (f"MACD, fast 8, slow 17, signal 9: {MACD}", f"MACD (8, 17, 9). {MACD}"),
        (f"Bollinger mean reversion, 20 periods and 2.5 deviations. {BANDS}", f"Bollinger bands (20, 2.5). {BANDS}"),
        (f"Keltner channels: 20 period EMA, 1.5 ATR. {BANDS}", f"Keltner channel (20, 1.5). {BANDS}"),
        (f"Donchian breakout, 55 days. {BANDS}", f"Donchian channel (55). {BANDS}"),
        (f"EMA crossover, 9 and 21. {PACED}", f"EMA (9), EMA (21). {PACED}"),
        (f"Indicator: RSI, period 7. {RSI}", f"RSI (7). {RSI}"),
        (
            "Two averages, 10 and 30. Buy when the fast one is above the slow one, sell when it is below.",
            "Buy when SMA(10) is above SMA(30), sell when SMA(10) is below SMA(30).",
        ),
    ],
    "what it is built on": [
        (f"Using the RSI with a period of 5. {RSI}", f"RSI (5). {RSI}"),
        (f"A strategy based on the 7-period RSI. {RSI}", f"RSI (7). {RSI}"),
        (f"System built around MACD (8, 17, 9). {MACD}", f"MACD (8, 17, 9). {MACD}"),
    ],
    "behind the rules": [
        (f"{RSI} RSI settings: 7.", f"RSI (7). {RSI}"),
        (f"{RSI} RSI uses 7 periods.", f"RSI (7). {RSI}"),
        (f"{SUPER} Supertrend settings 7 and 2.", f"Supertrend (7, 2). {SUPER}"),
        (f"{MACD} MACD 8/17/9.", f"MACD (8, 17, 9). {MACD}"),
    ],
}

STAYS_ASKED = [
    f"RSI strategy, 20/80. {RSI}",
    f"RSI strategy, 7. {RSI}",
    f"RSI strategy, 5 days. {RSI}",
    f"RSI reversal, 10-bar hold. {RSI}",
    f"RSI and CCI, period 10. {RSI}",
    "RSI strategy, length 7. Buy when RSI(14) is below 30, sell when RSI(14) is above 70.",
    "Stochastic reversal (20/80). Buy when stochastic is oversold, sell when it is overbought.",
    "Momentum strategy, period 20. Buy when the close is above the 50-day SMA, sell when RSI is above 70.",
    "Donchian breakout, 55 days. Buy when price breaks the 20-day high, sell when price breaks the 10-day low.",
    f"Supertrend, settings 10, 3 and 5. {SUPER}",
    f"Supertrend strategy, 10 bars. {SUPER}",
    f"{RSI} 20-day SMA.",
    f"With the 100-day SMA. {RSI}",
]


@pytest.mark.parametrize(("said", "plain"), pairs(LINES))
def test_settings_of_a_line_are_those_of_the_rules(said, plain):
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_a_number_that_may_be_no_setting_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"
