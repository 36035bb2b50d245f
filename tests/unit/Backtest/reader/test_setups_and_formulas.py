"""Conditions whose verb follows, lists in other marks, formulas of prices, and lines that are named by their place."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) < 30. Sell when RSI(14) > 70."
ENTRY = "Buy when RSI(14) < 30."
EXIT = "Sell when RSI(14) > 70."
CROSS = "Buy when EMA(9) crosses above EMA(21). Sell when EMA(9) crosses below EMA(21)."


def spec_of(text):
    reading = read_text(text, context=GOOG)
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    return identity(reading.spec)


FORMS = {
    "a verb behind its conditions": [
        (f"RSI(14) is below 30. Buy. {EXIT}", RULES),
        (f"RSI(14) is below 30. Then buy at the next open. {EXIT}", RULES),
        (
            f"Trend: close above SMA(200)\nSetup: RSI(14) below 30\nAction: buy, next open\n{EXIT}",
            f"Buy when close > SMA(200) and RSI(14) < 30. {EXIT}",
        ),
        (f"RSI(14) is below 30, that's my buy. {EXIT}", RULES),
        (f"RSI(14) is below 30 - that is where I buy. {EXIT}", RULES),
        (f"When RSI(14) is below 30 we are long. {EXIT}", RULES),
        (f"Buy if RSI(14) < 30 if close > SMA(200). {EXIT}", f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}"),
        (f"RSI(14) < 30 + close > SMA(200) => buy. {EXIT}", f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}"),
    ],
    "the first bar of an event": [
        (
            f"Buy on the first bar where RSI(14) crosses above 50. {EXIT}",
            f"Buy when RSI(14) crosses above 50. {EXIT}",
        ),
    ],
    "lists in other marks": [
        (
            f"Buy checklist:\n[ ] RSI(14) below 30\n[ ] close above SMA(200)\n\n{EXIT}",
            f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}",
        ),
        (
            f"Long entries, either one is enough:\n a. RSI(14) below 30\n b. close below SMA(50)\n\n{EXIT}",
            f"Buy when RSI(14) < 30 or close < SMA(50). {EXIT}",
        ),
        (
            f"Dip and go, buy when all of these are true:\n- RSI(14) below 30\n- close above SMA(200)\n\n{EXIT}",
            f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}",
        ),
        (
            f"Two ways in: RSI(14) below 30, or close below SMA(50). {EXIT}",
            f"Buy when RSI(14) < 30 or close < SMA(50). {EXIT}",
        ),
    ],
    "formulas of prices": [
        (
            f"Buy when price is above SMA(20) plus 2 ATR. {EXIT}",
            f"Buy when price is more than 2 ATR above SMA(20). {EXIT}",
        ),
        (
            f"Buy when the close is below EMA(20) - 1.5 * ATR(14). {EXIT}",
            f"Buy when the close is more than 1.5 ATR(14) below EMA(20). {EXIT}",
        ),
        (
            f"Let IBS = (close - low) / (high - low). Buy when IBS < 0.2. {EXIT}",
            f"Buy when (close - low) / (high - low) < 0.2. {EXIT}",
        ),
    ],
    "two averages named before": [
        ("9/21 EMA: buy the cross up, sell the cross down", CROSS),
        ("EMA 9 and EMA 21. Buy when the fast one crosses above the slow one, sell when it crosses below.", CROSS),
        ("21 and 9 EMA. Buy the cross up, sell the cross down.", CROSS),
    ],
    "settings": [
        (
            "Buy on a close above the upper Keltner channel (EMA 30, 1.5 x ATR 12). Sell after 5 days.",
            "Buy when the close is above the upper Keltner channel (30, 1.5, 12). Sell after 5 days.",
        ),
        (
            f"Buy when the close is below the lower Bollinger band, 20 periods and 2.5 standard deviations. {EXIT}",
            f"Buy when the close is below the lower Bollinger band (20, 2.5). {EXIT}",
        ),
        (
            "Slow stoch 10 3 3. Buy when %K < 20, sell when %K > 80.",
            "Buy when Stochastic(10,3,3) %K < 20, sell when %K > 80.",
        ),
    ],
    "motions and their places": [
        (
            f"Buy when the close closes two consecutive days above SMA(50). {EXIT}",
            f"Buy when the close is above SMA(50) for 2 days. {EXIT}",
        ),
        (f"Buy when price pulls back to the 20-day SMA. {EXIT}", f"Buy when price touches the 20-day SMA. {EXIT}"),
        (
            f"Buy when it trades above SMA(200) and touches SMA(20). {EXIT}",
            f"Buy when price is above SMA(200) and price touches SMA(20). {EXIT}",
        ),
        (
            f"Buy when the MACD histogram goes from negative to positive. {EXIT}",
            f"Buy when the MACD histogram turns positive. {EXIT}",
        ),
        (
            f"Buy when CCI(20) rises above -100 after having been below it. {EXIT}",
            f"Buy when CCI(20) rises above -100. {EXIT}",
        ),
        (
            f"Buy on a bullish MACD crossover below the zero line. {EXIT}",
            f"Buy when MACD crosses above its signal line and MACD is below 0. {EXIT}",
        ),
        (
            f"Buy when price pulls back 5% from its 20-day high. {EXIT}",
            f"Buy when price is at least 5% below its 20-day high. {EXIT}",
        ),
        (f"Buy when the last 3 candles were all green. {EXIT}", f"Buy after 3 consecutive green candles. {EXIT}"),
        (
            f"Buy when price is above both the 50 and the 200 day SMA. {EXIT}",
            f"Buy when price is above SMA(50) and above SMA(200). {EXIT}",
        ),
        (f"Buy if RSI(14) < 30, close > SMA(200). {EXIT}", f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}"),
        (f"Buy when the day's range is bigger than 2 ATR(14). {EXIT}", f"Buy when (high - low) > 2 x ATR(14). {EXIT}"),
    ],
    "of two things, and of yesterday": [
        (
            f"Buy when both RSI(14) and %K are oversold. {EXIT}",
            f"Buy when RSI(14) is oversold and %K is oversold. {EXIT}",
        ),
        (
            f"Buy when MACD and its signal line are both below zero. {EXIT}",
            f"Buy when MACD is below 0 and the MACD signal line is below 0. {EXIT}",
        ),
        (
            f"Buy if RSI(14) was below 30 yesterday and is above 30 today. {EXIT}",
            f"Buy when RSI(14) < 30 1 bar ago and RSI(14) > 30. {EXIT}",
        ),
        (f"Buy when the slope of SMA(50) is positive. {EXIT}", f"Buy when SMA(50) is rising. {EXIT}"),
        (
            f"Buy when OBV is above its highest value of the previous 20 bars. {EXIT}",
            f"Buy when OBV makes a 20-day high. {EXIT}",
        ),
        (
            f"Buy when the close is the highest close in 30 days. {EXIT}",
            f"Buy when the close is above the highest close of the last 30 days. {EXIT}",
        ),
        (
            f"Buy when price falls for 4 days straight and is still above the 100-day line. {EXIT}",
            f"Buy when price falls for 4 days and price is above the 100-day average. {EXIT}",
        ),
        (
            "Buy when %K < 20. Sell when %K is higher than 80 and crosses under %D.",
            "Buy when %K < 20. Sell when %K is above 80 and %K crosses below %D.",
        ),
    ],
    "orders": [
        (
            f"Buy limit 2% below the close when RSI(14) < 30. Good for 3 bars. {EXIT}",
            f"Buy limit 2% below the close when RSI(14) < 30, good for 3 bars. {EXIT}",
        ),
        (
            f"Bid 2% under the close whenever RSI(14) < 30, cancel after 3 days. {EXIT}",
            f"Buy limit 2% below the close when RSI(14) < 30, good for 3 bars. {EXIT}",
        ),
    ],
    "who does it, and how it is triggered": [
        ("When RSI(14) is below 30 the system buys, and when RSI(14) is above 70 the system sells.", RULES),
        ("In at RSI(14) < 30, out at RSI(14) > 70.", RULES),
        ("Long entry is triggered if RSI(14) < 30. Exit is triggered if RSI(14) > 70.", RULES),
        ("Open long: RSI(14) < 30. Close long: RSI(14) > 70.", RULES),
        (f"Every Monday buy if RSI(14) < 30. {EXIT}", f"On Mondays, buy if RSI(14) < 30. {EXIT}"),
        ("Buy when RSI with a period of 14 is below 30. Sell when RSI (period 14) > 70.", RULES),
        (f"RSI(14) < 30 -> go long with half of equity. {EXIT}", f"{RULES} Use half of equity per trade."),
        (f"{ENTRY} I stay until RSI(14) > 70.", RULES),
        (f"Buy when volume > yesterday's volume. {EXIT}", f"Buy when volume > the previous bar's volume. {EXIT}"),
        (
            f"Buy when the close is above the previous 20-day high. {EXIT}",
            f"Buy when the close is above the 20-day high. {EXIT}",
        ),
    ],
    "names, settings and headings of checklists": [
        (
            "Fast line = 9 EMA, slow line = 21 EMA. Buy when the fast line crosses above the slow line. Sell when the fast line crosses below the slow line.",
            CROSS,
        ),
        (
            f"Buy when the close is under the lower Bollinger band (20 and 2.5 settings). {EXIT}",
            f"Buy when the close is under the lower Bollinger band (20, 2.5). {EXIT}",
        ),
        (
            f"Checklist (long):\n[ ] RSI(14) below 30\n[ ] close above SMA(200)\n\n{EXIT}".replace(
                "Checklist", "Entry checklist"
            ),
            f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}",
        ),
        (f"Instrument is GOOG on daily bars. {RULES}", f"GOOG daily. {RULES}"),
        (f"Z-score of 20 days: buy when z is below -2. {EXIT}", f"Buy when zscore(20) < -2. {EXIT}"),
        (
            "First RSI(14) < 30, then RSI(14) crosses above 40 within 8 bars - on that bar you buy. " + EXIT,
            f"Buy when RSI(14) < 30, then RSI(14) crosses above 40 within 8 bars. {EXIT}",
        ),
        (
            f"Buy when the stock opens 1.5% or more above yesterday's close. {EXIT}",
            f"Buy when the stock opens at least 1.5% above yesterday's close. {EXIT}",
        ),
    ],
    "lists in one line, and settings in a sentence of their own": [
        ("1. Buy when RSI(14) < 30. 2. Sell when RSI(14) > 70. 3. Stop 5%.", f"{RULES} Stop 5%."),
        (
            f"{RULES} Filters: close above SMA(200), ADX(14) above 20.",
            f"{RULES} Only trade when close > SMA(200) and ADX(14) > 20.",
        ),
        ("Buy when RSI < 30. Sell when RSI > 70. RSI period is 10.", "Buy when RSI(10) < 30. Sell when RSI(10) > 70."),
        (
            f"Keltner breakout (EMA 30, 1.5 ATR). Buy when the close is above the upper band. {EXIT}",
            f"Buy when the close is above the upper Keltner channel (30, 1.5). {EXIT}",
        ),
        (
            "Supertrend 10,3. Buy on the bullish flip, sell on the bearish flip.",
            "Buy when Supertrend(10,3) turns bullish. Sell when Supertrend(10,3) turns bearish.",
        ),
        (
            f"Buy on weakness: RSI(14) < 30 on two consecutive closes. {EXIT}",
            f"Buy when RSI(14) < 30 for 2 bars. {EXIT}",
        ),
    ],
    "filters": [
        (f"{RULES} Only go long when price > SMA(200).", f"{RULES} Only trade when price > SMA(200)."),
        (
            f"Buy when RSI(14) < 30 with ADX(14) greater than 20 as a filter. {EXIT}",
            f"Buy when RSI(14) < 30 and ADX(14) > 20. {EXIT}",
        ),
        (f"{RULES} Trade Tuesdays and Thursdays only.", f"{RULES} Only trade on Tuesdays and Thursdays."),
        (f"{RULES} Only trade from Monday to Thursday.", f"{RULES} No trades on Fridays, Saturdays and Sundays."),
        (f"{RULES} Skip trades when ADX(14) is under 20.", f"{RULES} No trades when ADX(14) is under 20."),
        (f"{RULES} No entries if price is below SMA(200).", f"{RULES} No trades when price is below SMA(200)."),
        (f"{RULES} No new position within 5 days of an exit.", f"{RULES} Cooldown 5 bars."),
    ],
    "ways out": [
        (f"{RULES} Exit after max 6 bars.", f"{RULES} Hold at most 6 bars."),
        (f"{RULES} No position is held longer than 10 bars.", f"{RULES} Hold at most 10 bars."),
        (f"{RULES} Leave a trade after 20 bars at the latest.", f"{RULES} Hold at most 20 bars."),
        (f"{ENTRY} Sell when RSI(14) > 70 or the 7% stop is hit.", f"{RULES} Stop 7%."),
        (f"{ENTRY} Exit at a new 10-day high.", f"{ENTRY} Sell when price makes a new 10-day high."),
        (f"{ENTRY} Sell as price loses SMA(50).", f"{ENTRY} Sell when price loses SMA(50)."),
        (f"{RULES} Otherwise exit after 15 bars.", f"{RULES} Hold at most 15 bars."),
        (f"{RULES} 15 bars max.", f"{RULES} Hold at most 15 bars."),
        (f"{RULES} No later than the 20th bar.", f"{RULES} Hold at most 20 bars."),
        (f"{RULES} Trail: once 8% in profit, 4% trailing stop.", f"{RULES} After a gain of 8% trail by 4%."),
        (f"{RULES} Exit: 15 bars.", f"{RULES} Hold at most 15 bars."),
        (
            f"{ENTRY} Sell when the close is below the lowest low of the previous 25.",
            f"{ENTRY} Sell when the close is below the 25-bar low.",
        ),
        (f"{RULES} After exit wait 5 bars.", f"{RULES} Cooldown 5 bars."),
        (f"{RULES} Max holding period of 15 days.", f"{RULES} Hold at most 15 bars."),
        (
            f"{ENTRY} Stay in as long as price is above SMA(20).",
            f"{ENTRY} Sell when price is not above SMA(20).",
        ),
        (f"{ENTRY} Sell when either RSI(14) > 70 or 30 days have passed.", f"{RULES} Hold at most 30 bars."),
        (f"{ENTRY} Sell at the first profitable close.", f"{ENTRY} Sell when the trade is in profit."),
        (f"{RULES} Stop = entry - 2*ATR(14)", f"{RULES} Stop 2 ATR(14)."),
        (f"{RULES} Target: entry plus 10%.", f"{RULES} Target 10%."),
        (f"{RULES} Trail by 10% from the peak close.", f"{RULES} Trailing stop 10%."),
        (f"{ENTRY} Sell once RSI(14) gets to 60.", f"{ENTRY} Sell when RSI(14) reaches 60."),
        (
            f"{ENTRY} Exit half at RSI 60 and the other half at RSI 75.",
            f"{ENTRY} Exit half when RSI(14) >= 60. Exit when RSI(14) >= 75.",
        ),
        (f"{ENTRY} Exit rules: RSI(14) above 70 or 15 bars passed.", f"{RULES} Hold at most 15 bars."),
        (f"{ENTRY} exit: RSI(14) > 70 or 12 bars or stop 4%", f"{RULES} Hold at most 12 bars. Stop 4%."),
        (f"{RULES} Stop at 93% of the entry price.", f"{RULES} Stop 7%."),
        (f"{RULES} Stop 2 ATR under my entry and target 4 ATR above.", f"{RULES} Stop 2 ATR. Target 4 ATR."),
        (f"{ENTRY} Close: RSI(14) above 70.", RULES),
        (f"{ENTRY} I close at RSI(14) above 70.", RULES),
        (f"{ENTRY} Sell when it has gained 5% from my entry.", f"{ENTRY} Sell when it is 5% above entry."),
        (f"{RULES} Never stay in longer than 25 bars.", f"{RULES} Hold at most 25 bars."),
        (f"{RULES} After 25 bars close it.", f"{RULES} Hold at most 25 bars."),
        (f"{RULES} Hold 25 days max.", f"{RULES} Hold at most 25 bars."),
        (f"{ENTRY} Sell when RSI(14) > 70 or I have had it for 25 days.", f"{RULES} Hold at most 25 bars."),
        (f"{ENTRY} Sell when the 10-day low is broken.", f"{ENTRY} Sell when price breaks below the 10-day low."),
        (
            f"{RULES} Stop 5%. Once im up 4% the stop is moved to breakeven.",
            f"{RULES} Stop 5%. Move the stop to break-even after a 4% gain.",
        ),
    ],
    "sizes and accounts": [
        (f"{RULES} Positions are sized to a volatility target of 15%.", f"{RULES} Volatility target of 15%."),
        (f"{RULES} Don't risk more than 1% of my account on a trade, stop 5%.", f"{RULES} Risk 1% per trade. Stop 5%."),
        (f"{RULES} Buy with 25% of equity.", f"{RULES} Use 25% of equity."),
        (f"{RULES} Each position: $10,000.", f"{RULES} $10,000 per trade."),
        (f"{RULES} Cool off for 10 bars after every trade.", f"{RULES} Cooldown 10 bars."),
        (f"{RULES} Position size: risk 1% of equity with a stop at 5%.", f"{RULES} Risk 1% per trade. Stop 5%."),
        (f"{RULES} Position size: 1% of equity at risk. Stop 5%.", f"{RULES} Risk 1% per trade. Stop 5%."),
        (f"{RULES} Account: 10k starting cash, 0.2% commission per side.", f"{RULES} Cash $10,000. Commission 0.2%."),
    ],
}


@pytest.mark.parametrize(
    ("said", "plain"), [pytest.param(*pair, id=f"{kind}: {pair[0]}") for kind, pairs in FORMS.items() for pair in pairs]
)
def test_a_form_says_what_the_plain_text_says(said, plain):
    assert spec_of(said) == spec_of(plain)


def test_the_price_of_another_instrument_beside_rules_that_name_none_is_not_in_the_language():
    reading = read_text(f"Buy when RSI(14) < 30, but only while SPY is above its 200-day SMA. {EXIT}", context=GOOG)
    assert reading.status == "unsupported"
    assert [one.topic for one in reading.unresolved] == ["second instrument"]


@pytest.mark.parametrize(
    "said",
    [
        f"{RULES} Good for 3 bars.",  # which order
        f"Buy when RSI(14) < 30 + 5. {EXIT}",
        f"{RULES} I stay in cash while price is below SMA(200).",  # out, or no new entry, or both
        f"{RULES} I stay out when ADX(14) < 20.",
        f"{ENTRY} Close: above SMA(50).",  # a price, or what closes the trade
        "Short when RSI(14) > 70. Cover when RSI(14) < 50. Stop = entry - 5%.",  # a long's
        f"{RULES} Do not skip trades when ADX(14) < 20.",
        "If RSI(14) < 30. Don't buy. Sell when RSI(14) > 70.",
        f"Buy on the first bar where the close is above SMA(50). {EXIT}",  # a state: its first bar, or each of them
        f"Buy when price is no more than 2% above SMA(20). {EXIT}",  # below it too?
        f"Buy when RSI(14) drops to 60. {EXIT}",  # come to from which side
        f"Buy when price rises 5% from its 20-day high. {EXIT}",
        f"{ENTRY} Sell when RSI(14) > 70, price < SMA(50).",  # both, or one of them
        "EMA 9 and SMA 21 and SMA 50. Buy the cross up, sell the cross down.",  # of which two
        f"Buy when (close - low) / 0 < 0.2. {EXIT}",
        f"{ENTRY} After 10 bars close half.",
        f"Buy when close > the upper Bollinger band (EMA 20, 2 x ATR 10). {EXIT}",  # settings of another channel
    ],
)
def test_what_can_be_meant_in_two_ways_is_asked(said):
    assert read_text(said, context=GOOG).status == "needs_clarification"
