"""Forms of hobby traders, newsletters and brokers' cards, each beside the plain text that says the same."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

RULES = "Buy when RSI(14) drops below 30. Sell when RSI(14) rises above 70."
ENTRY = "Buy when RSI(14) < 30."
EXIT = "Sell when RSI(14) > 70."


FORMS = {
    "a level of what was spoken of": [
        (f"{ENTRY} Sell at 70.", f"{ENTRY} Sell when RSI(14) >= 70."),
        (f"{ENTRY} Exit at 50.", f"{ENTRY} Exit when RSI(14) >= 50."),
        ("Short when RSI(14) > 75. Cover at 50.", "Short when RSI(14) > 75. Cover when RSI(14) <= 50."),
        ("Buy when CCI(20) < -100. Out at 0.", "Buy when CCI(20) < -100. Out when CCI(20) >= 0."),
        (
            "Long when %K < 20, short when %K > 80. Close longs at 80, cover at 20.",
            "Long when %K < 20. Short when %K > 80. Sell when %K >= 80. Cover when %K <= 20.",
        ),
    ],
    "any form of the verb": [
        (f"{ENTRY} I dumped it when RSI(14) > 70.", f"{ENTRY} {EXIT}"),
        (f"{ENTRY} Exiting the trade when RSI(14) > 70.", f"{ENTRY} {EXIT}"),
        ("Taking a long position when RSI(14) < 30. " + EXIT, f"{ENTRY} {EXIT}"),
        (f"{ENTRY} I take the trade off when RSI(14) > 70.", f"{ENTRY} {EXIT}"),
        (f"{ENTRY} It goes flat when RSI(14) > 70.", f"{ENTRY} {EXIT}"),
        (f"{ENTRY} It sells when RSI(14) > 70.", f"{ENTRY} {EXIT}"),
    ],
    "the other side turned round": [
        (
            f"{RULES} {said}",
            f"{RULES} Short when RSI(14) rises above 70. Cover when RSI(14) drops below 30.",
        )
        for said in (
            "Mirror for shorts.",
            "Vice versa for shorts.",
            "Do the opposite for shorts.",
            "Shorts: mirror image.",
        )
    ]
    + [
        (
            "Buy when close > SMA(50) and volume > SMA(volume, 20). Sell when close is below the 20-day low. "
            "Same for shorts, mirrored.",
            "Buy when close > SMA(50) and volume > SMA(volume, 20). Sell when close is below the 20-day low. "
            "Short when close < SMA(50) and volume > SMA(volume, 20). Cover when close is above the 20-day high.",
        ),
        (
            "Long when +DI crosses above -DI. Exit when close is below the lower Keltner band. Invert it for shorts.",
            "Long when +DI crosses above -DI. Sell when close is below the lower Keltner band. "
            "Short when -DI crosses above +DI. Cover when close is above the upper Keltner band.",
        ),
    ],
    "closed and reversed at once": [
        (
            "When RSI(14) crosses above 50 cover and go long. When RSI(14) crosses below 50 sell and go short.",
            "Go long when RSI(14) crosses above 50. Cover when RSI(14) crosses above 50. "
            "Go short when RSI(14) crosses below 50. Sell when RSI(14) crosses below 50.",
        ),
    ],
    "labels with a dash": [
        (
            "Entry - RSI(14) < 30\nExit - RSI(14) > 70\nStop - 2.5 ATR\nSize - 25% of equity",
            f"{ENTRY} {EXIT} 2.5 ATR stop. Use 25% of equity.",
        ),
        ("Entry long: RSI(14) < 30. Exit: RSI(14) > 70.", f"{ENTRY} {EXIT}"),
    ],
    "several ways out under one label": [
        (f"{ENTRY} Exit: 5% trailing stop or 10 days.", f"{ENTRY} 5% trailing stop. Hold for 10 bars."),
        (f"{ENTRY} Exit: RSI(14) > 70, 8% stop or 10 bars.", f"{ENTRY} {EXIT} 8% stop. Hold for 10 bars."),
        (f"{ENTRY} Exit RSI(14) > 70, or 20 days, whichever first.", f"{ENTRY} {EXIT} Hold for 20 bars."),
        (f"{ENTRY} Sell when RSI(14) > 70 or 10 days.", f"{ENTRY} {EXIT} Hold for 10 bars."),
        (f"{ENTRY} Exit: first close above the 5-day SMA.", f"{ENTRY} Exit when close > SMA(5)."),
    ],
    "the nth day": [
        (f"{ENTRY} Get out at the close of the 3rd day.", f"{ENTRY} Hold for 3 bars."),
        (f"{ENTRY} Sell on the fifth day.", f"{ENTRY} Hold for 5 bars."),
        (f"{ENTRY} Exit on day 10.", f"{ENTRY} Hold for 10 bars."),
        (f"{ENTRY} Maximum holding: 25 sessions.", f"{ENTRY} Hold for at most 25 bars."),
        (f"{ENTRY} Give up after 15 days.", f"{ENTRY} Hold for 15 bars."),
    ],
    "so much up": [
        (f"{ENTRY} Once up 4%, sell.", f"{ENTRY} Sell when the open profit is at least 4%."),
        (f"{ENTRY} When up 4% exit.", f"{ENTRY} Sell when the open profit is at least 4%."),
    ],
    "so long ago": [
        (f"Buy 1 bar after RSI(14) < 30. {EXIT}", f"Buy when RSI(14) < 30 1 bar ago. {EXIT}"),
        (f"Buy 2 days after RSI(14) crosses above 30. {EXIT}", f"Buy when RSI(14) crossed above 30 2 bars ago. {EXIT}"),
    ],
    "extremes of closes": [
        (
            f"Buy if it closes at its lowest in 7 days. {EXIT}",
            f"Buy when close is below the lowest close of 7 days. {EXIT}",
        ),
        (
            f"Buy when it closes at the highest in 20 bars. {EXIT}",
            f"Buy when close is above the highest close of 20 bars. {EXIT}",
        ),
        (
            f"Buy after two consecutive closes above the 10-day high. {EXIT}",
            f"Buy when close is above the 10-day high for 2 bars. {EXIT}",
        ),
    ],
    "so many times, or so far above": [
        (
            f"Buy when volume is 1.5x its 20-day average. {EXIT}",
            f"Buy when volume >= 1.5 times its 20-day average. {EXIT}",
        ),
        (
            f"Buy when EMA(12) exceeds EMA(26) by at least 1%. {EXIT}",
            f"Buy when EMA(12) is at least 1% above EMA(26). {EXIT}",
        ),
        (f"Buy if we gap up over 1%. {EXIT}", f"Buy when price gaps up more than 1%. {EXIT}"),
    ],
    "an average without its noun": [
        (
            f"Buy when RSI(14) < 30 and price is above the 200-day. {EXIT}",
            f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}",
        ),
        (f"Buy when the 50-day crosses above the 200-day. {EXIT}", f"Buy when SMA(50) crosses above SMA(200). {EXIT}"),
    ],
    "a restriction of the entries": [
        (
            f"Take longs only while close > SMA(200). Enter when RSI(14) < 30. {EXIT}",
            f"Only trade when close > SMA(200). {ENTRY} {EXIT}",
        ),
        (f"Only if: close > SMA(200). {ENTRY} {EXIT}", f"Only trade when close > SMA(200). {ENTRY} {EXIT}"),
        (
            f"We want the close above the 200-day SMA. {ENTRY} {EXIT}",
            f"Only trade when close > SMA(200). {ENTRY} {EXIT}",
        ),
        (f"Do nothing on Mondays. {ENTRY} {EXIT}", f"No trades on Mondays. {ENTRY} {EXIT}"),
    ],
    "what must hold beside an exit": [
        (f"{ENTRY} {said}", f"{ENTRY} Sell when RSI(14) > 70 and close > SMA(50).")
        for said in (
            "Exit: RSI(14) > 70 while close > SMA(50).",
            "When RSI(14) > 70, as long as close > SMA(50), sell.",
            "Sell RSI(14) > 70 as long as close > SMA(50).",
            "Exit rule: RSI(14) > 70, only if close > SMA(50).",
        )
    ],
    "the same pair of averages": [
        (
            "Buy at every golden cross of 20 and 100 SMA. Sell it all at the death cross.",
            "Buy when SMA(20) crosses above SMA(100). Sell when SMA(20) crosses below SMA(100).",
        ),
        ("Hold the stock as long as SMA(50) > SMA(200).", "Buy when SMA(50) > SMA(200). Sell otherwise."),
    ],
    "risk and size": [
        (f"Risk per trade 1%, stop 2 ATR. {RULES}", f"{RULES} 2 ATR stop. Risk 1% per trade."),
        (f"{RULES} Stop 2 ATR away.", f"{RULES} 2 ATR stop."),
        (f"{RULES} Cap losses at 5%.", f"{RULES} 5% stop."),
        (f"Buy 1/4 of equity when RSI(14) < 30. {EXIT}", f"{ENTRY} {EXIT} Use 25% of equity."),
        (
            f"{ENTRY} Half comes off when RSI(14) > 50, the other half when RSI(14) > 80.",
            f"{ENTRY} Sell half when RSI(14) > 50. Sell the rest when RSI(14) > 80.",
        ),
    ],
    "averages by their lengths": [
        (
            f"Buy when the 9 EMA crosses over the 21 EMA. Sell when the 9 crosses back under the 21.{more}",
            f"Buy when EMA(9) crosses above EMA(21). Sell when EMA(9) crosses below EMA(21).{more}",
        )
        for more in ("", " 4% stop.")
    ]
    + [
        (
            "I trade the 15/40 EMA cross: long when the 15 crosses above the 40, flat when it crosses below.",
            "Buy when EMA(15) crosses above EMA(40). Sell when EMA(15) crosses below EMA(40).",
        )
    ],
    "a clause of its own behind its condition": [
        ("RSI(14) < 30 and I'm in. RSI(14) > 70 and I'm out.", f"{ENTRY} {EXIT}"),
        (
            f"I wait for RSI(14) to be below 30 with the close above the 50 SMA, then I buy. {EXIT}",
            f"Buy when RSI(14) < 30 and close > SMA(50). {EXIT}",
        ),
        (f"I buy weakness: RSI(14) < 30, I go long. {EXIT}", f"{ENTRY} {EXIT}"),
        (f"If it closes below SMA(20) I sell and sit in cash. {ENTRY}", f"{ENTRY} Sell when close < SMA(20)."),
    ],
    "a time exit however it is led in": [
        (f"{ENTRY} 6% target. {said}", f"{ENTRY} 6% target. Hold for 8 bars.")
        for said in (
            "If it hasnt got there I sell after 8 days.",
            "If its still open after 8 days I sell anyway.",
            "If neither is hit, exit after 8 bars.",
            "If it's still open after 8 bars, sell.",
        )
    ],
    "every position": [
        (f"{RULES} I also keep an 8% trailing stop on every position.", f"{RULES} 8% trailing stop."),
        (f"{RULES} Stop loss 5% on everything.", f"{RULES} 5% stop."),
        (f"{RULES} Either position is closed when close < SMA(20).", f"{RULES} Exit when close < SMA(20)."),
        (f"{RULES} Each purchase uses 40% of equity.", f"{RULES} Use 40% of equity."),
        (f"{RULES} I only put half of my equity in.", f"{RULES} Use 50% of equity."),
    ],
    "once within some bars": [
        (
            f"Setup: RSI(14) was below 40 {said} the last 5 bars. Trigger: price crosses above the 10-day EMA. {EXIT}",
            f"Setup: RSI(14) < 40 within the last 5 bars. Trigger: price crosses above the 10-day EMA. {EXIT}",
        )
        for said in ("on at least one of", "at some point in", "at least once in", "on any of")
    ],
    "orders": [
        (
            f"After a close below SMA(20) I leave a buy limit 2% below the close, good for 2 bars. {EXIT}",
            f"When close < SMA(20), buy limit 2% below the close, good for 2 bars. {EXIT}",
        ),
        (
            f"If RSI(3) < 20, place a buy stop at the high of the day for the next bar. {EXIT}",
            f"If RSI(3) < 20, place a buy stop at today's high. {EXIT}",
        ),
        (f"I put $10,000 per trade into GOOG when RSI(14) < 30. {EXIT}", f"{ENTRY} {EXIT} $10,000 per trade."),
    ],
    "costs and the account": [
        (
            f"{RULES} Commission: $1 per order plus 0.02%.",
            f"{RULES} Commission $1 per order. Commission 0.02% per side.",
        ),
        (f"{RULES} My broker charges 1 cent per share.", f"{RULES} Commission $0.01 per share."),
        (f"The margin account runs at 2x leverage. {RULES}", f"{RULES} 2x leverage."),
        (f"{RULES} Sizing: volatility target 15%", f"{RULES} Volatility target 15%."),
    ],
    "where a crossing happens": [
        (
            f"Buy when MACD crosses above its signal below zero. {EXIT}",
            f"Buy when MACD crosses above its signal and MACD < 0. {EXIT}",
        ),
        (
            f"{ENTRY} Exit: MACD line crosses down through signal line above zero.",
            f"{ENTRY} Sell when MACD crosses below its signal and MACD > 0.",
        ),
        (
            "Buy when the 5 SMA crosses the 20 SMA from below, sell them when it crosses from above.",
            "Buy when SMA(5) crosses above SMA(20). Sell when SMA(5) crosses below SMA(20).",
        ),
    ],
    "touches as nouns": [
        (
            "Buy at lower bollinger band touch, sell at upper band touch.",
            "Buy when price touches the lower Bollinger band. Sell when price touches the upper Bollinger band.",
        ),
        (f"Buy on a touch of the lower Keltner band. {EXIT}", f"Buy when price touches the lower Keltner band. {EXIT}"),
    ],
    "slopes": [
        (
            f"Buy when RSI(14) < 30 and the 200-day SMA {said}. {EXIT}",
            f"Buy when RSI(14) < 30 and SMA(200) is rising. {EXIT}",
        )
        for said in ("slopes up", "points up", "is heading higher", "is on the rise")
    ],
    "verbs that also open and close": [
        (f"Buy when RSI(14) comes back above 30. {EXIT}", f"Buy when RSI(14) crosses above 30. {EXIT}"),
        (f"{ENTRY} Sell when RSI(14) comes down below 70.", f"{ENTRY} Sell when RSI(14) crosses below 70."),
    ],
    "a rate of change beside percent": [
        (f"Buy when ROC(20) goes above -2%. {EXIT}", f"Buy when ROC(20) crosses above -2. {EXIT}"),
        (f"{ENTRY} Sell when ROC(5) falls under 5%.", f"{ENTRY} Sell when ROC(5) crosses below 5."),
    ],
    "in and out of cash": [
        ("I hold while close > SMA(200), otherwise I'm in cash.", "Buy when close > SMA(200). Sell otherwise."),
        (f"{ENTRY} No more than 15 bars in the trade.", f"{ENTRY} Hold for at most 15 bars."),
        (f"{ENTRY} Sell at 20 pips profit or 15 pips loss.", f"{ENTRY} 20 pips target. 15 pips stop."),
        (
            f"Long entries only on Tuesdays and Thursdays. {ENTRY} {EXIT}",
            f"Only trade on Tuesdays and Thursdays. {ENTRY} {EXIT}",
        ),
        (f"I've a small account, $15,000. {RULES}", f"{RULES} Starting capital $15,000."),
        (
            "Exit: break of the 10-day low. Entry: break of the 30-day high.",
            "Sell when price breaks the 10-day low. Buy when price breaks the 30-day high.",
        ),
        (
            f"Buy on 3 white candles in a row (close above open for 3 bars). {EXIT}",
            f"Buy when close > open for 3 bars. {EXIT}",
        ),
    ],
    "told in other words": [
        ("What would happen if I went long when RSI(14) < 30, and closed when RSI(14) > 70?", f"{ENTRY} {EXIT}"),
        (f"{RULES} I never give a trade more than 30 days.", f"{RULES} Hold for at most 30 bars."),
        (f"{RULES} My stop starts at 5%.", f"{RULES} 5% stop."),
        (f"{RULES} All positions get a 4% stop.", f"{RULES} 4% stop."),
        (f"{RULES} Equity per trade: 40%.", f"{RULES} Use 40% of equity."),
        (f"{ENTRY} I'm out at the first close above the 10-day SMA.", f"{ENTRY} Sell when close > SMA(10)."),
        (f"When there are three red candles in a row, I buy. {EXIT}", f"Buy when close < open for 3 bars. {EXIT}"),
        (f"I usually buy when RSI(14) < 30. {EXIT}", f"{ENTRY} {EXIT}"),
        (
            f"Buy when RSI(14) < 30, but only if we're above the 200-day SMA. {EXIT}",
            f"Buy when RSI(14) < 30 and close > SMA(200). {EXIT}",
        ),
        (
            f"Don't trade if ADX(14) is below 20. Otherwise, buy when RSI(14) < 30. {EXIT}",
            f"Don't trade if ADX(14) is below 20. {ENTRY} {EXIT}",
        ),
        (
            "Long trades: SMA(10) > SMA(30), RSI(14) > 50. Short trades: SMA(10) < SMA(30), RSI(14) < 50.",
            "Long when SMA(10) > SMA(30) and RSI(14) > 50. Short when SMA(10) < SMA(30) and RSI(14) < 50.",
        ),
        (
            "Short-only idea: short when RSI(14) > 70. Cover when RSI(14) < 50.",
            "Short when RSI(14) > 70. Cover when RSI(14) < 50.",
        ),
    ],
    "titles": [
        (f"Keltner break card. {RULES}", RULES),
        (f"Broker card\nStyle: mean reversion\n{RULES}", RULES),
        (f"Dead simple: {RULES}", RULES),
        (f"Momentum pick: {RULES}", RULES),
        (f"Strategy card #12: RSI rider\n{RULES}", RULES),
        (f"The Two-Average Newsletter, issue 27\n{RULES}", RULES),
        (f"Good evening. I run a simple RSI swing on GOOG. {RULES}", f"Trade GOOG. {RULES}"),
        (f"Time series momentum, weekend edition. {RULES}", RULES),
        (f"The RSI 30/70 classic.\n{RULES}", RULES),
        (f"Pullback Buyer (as published in our March letter)\n{RULES}", RULES),
        (f"Product: Volatility-Targeted Trend\n{RULES}", RULES),
        (f"Long-term trend, short-term trigger. {RULES}", RULES),
        (f"I got this off a stats blog. {RULES}", RULES),
        (f"Been running this one in my paper account since spring. {RULES}", RULES),
        (f"{RULES} Nothing fancy but it keeps me busy.", RULES),
        (f"I swing GOOG off the daily. {RULES}", f"Trade GOOG on the daily chart. {RULES}"),
    ],
}


@pytest.mark.parametrize(
    ("said", "plain"),
    pairs(FORMS),
)
def test_a_hobby_form_is_the_plain_strategy(said, plain):
    assert meaning(said) == meaning(plain)


def test_hours_may_be_bare_in_a_restriction_of_trading():
    context = ReadingContext(symbol="EURUSD", timeframe="1h")
    said, plain = (
        read_text(f"{first} {RULES}", context=context)
        for first in ("Trade only between 9 and 16.", "Trade only between 09:00 and 16:00.")
    )
    assert said.status == plain.status == "complete"
    assert identity(said.spec) == identity(plain.spec)


def test_a_chart_that_the_indicators_need_is_that_of_the_strategy():
    reading = read_text("Short EURUSD when hourly RSI(14) crosses above 75. Cover when RSI(14) crosses below 50.")
    assert reading.status == "complete", reading.questions
    assert reading.spec.timeframe == "1h"


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        ("Use the 50-day high for the entry.", "Buy when price breaks above the 50-day high. {exit}"),
        ("and take the stop out again", "Buy when price breaks above the 20-day high. {exit}"),
        ("limit it to Mondays", "Buy when price breaks above the 20-day high. {exit} Only trade on Mondays."),
    ],
)
def test_an_edit_in_hobby_words(edit, wanted):
    leave = "Sell when price breaks below the 10-day low."
    before = f"Buy when price breaks above the 20-day high. {leave}"
    turns = (f"{before} 6% stop." if "stop" in edit else before, edit)
    assert meaning(*turns) == meaning(wanted.format(exit=leave))


def test_a_condition_takes_another_length_and_level():
    before = "Buy when RSI(2) < 10 and close > SMA(100). Sell when close > SMA(5)."
    assert meaning(before, "make that RSI(3) under 15") == meaning(before.replace("RSI(2) < 10", "RSI(3) < 15"))


def test_a_sum_beside_the_verb_is_of_a_trade_or_of_the_account():
    text = f"I buy with $20,000 when RSI(14) < 30. {EXIT}"
    asked = read_text(text, context=GOOG)
    assert [question.topic for question in asked.questions] == ["size"]
    assert [one.value for one in asked.questions[0].alternatives] == ["trade", "account"]
    of_trade, of_account = (
        read_text(text, context=GOOG, answers={asked.questions[0].id: answer}) for answer in ("trade", "account")
    )
    assert identity(of_trade.spec) == meaning(f"{ENTRY} {EXIT} $20,000 per trade.")
    assert identity(of_account.spec) == meaning(f"{ENTRY} {EXIT} Starting capital $20,000.")


def test_an_exit_of_an_indicator_gives_way_to_a_time():
    turns = ("Buy when CCI(20) < -100, sell when CCI(20) > 100.", "Instead of the CCI exit, sell after 10 bars")
    assert meaning(*turns) == meaning("Buy when CCI(20) < -100. Hold for 10 bars.")


@pytest.mark.parametrize(
    "text",
    [
        "Buy when RSI(14) crosses above 30. Sell at 45.",  # from above, or from below
        "Buy when price closes above the upper Bollinger band. Sell at 70.",  # of what
        "Buy when close > 100. Sell when close < 90. Mirror for shorts.",  # a price has no mirror image
        f"{RULES} Only trade when close > SMA(200). Mirror for shorts.",  # does the filter turn round
        f"{RULES} Same for shorts.",  # the same, or the opposite
        "Buy when EMA(12) exceeds EMA(26) by at least 1%. Sell when it falls below it.",  # the line, or 1 % above it
        f"{ENTRY} Sell when price is above the 50 and the 200 RSI.",  # a name beside a rule
        f"Check that the tape is strong. {RULES}",
        f"Large caps under $10. {RULES}",
        f"Ten-day breakouts. {RULES}",  # a length that no rule says
        f"Otherwise buy when RSI(14) < 30. {EXIT}",  # than what
        "Buy when the 9 crosses above the 21. Sell after 5 days.",  # which averages
        f"Buy on 3 white candles in a row (close above the 20 SMA). {EXIT}",  # once more, or something else
        "We own the stock while close > SMA(100) and ADX > 20. We are out when close drops below SMA(100).",
    ],
)
def test_a_doubt_about_a_hobby_form_is_a_question(text):
    assert read_text(text, context=GOOG).status in {"needs_clarification", "unsupported"}
