"""Who tells the rules, where and what of: articles, tales of others, habits and tickets around rules that are read."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning, pairs

RSI = "Buy when RSI(14) drops below 30, sell when it rises above 70."
LOW = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70."
WEEKLY = "As long as price is above the 30-week SMA, buy when price crosses above the 10-day SMA. 5% trailing stop."
BREAKOUT = "Buy when price breaks above the 50-day high. 10% trailing stop."
FORMS = {
    "in an article": [
        ("In this article we buy when RSI(14) drops below 30 and sell when it rises above 70.", RSI),
        ("In today's video I buy when RSI(14) drops below 30, and I sell when it rises above 70.", RSI),
        ("In our little guide we buy when RSI(14) drops below 30. We sell when it rises above 70.", RSI),
        ("In what follows I buy when RSI(14) drops below 30. I sell when it rises above 70.", RSI),
        ("For this exercise we buy when RSI(14) drops below 30 and sell when it rises above 70.", RSI),
        ("With that out of the way, buy when RSI(14) drops below 30, sell when it rises above 70.", RSI),
        (
            f"The 200-day SMA has to be rising. With that in place I {RSI[0].lower()}{RSI[1:]}",
            f"{RSI} Only buy when the 200-day SMA is rising.",
        ),
    ],
    "a tale": [
        ("My dad bought when RSI(14) was below 30 and sold when RSI(14) was above 70. He never used a stop.", LOW),
        ("Grandpa bought whenever RSI(14) was below 30. He sold once it was above 70.", LOW),
        ("An old colleague of mine used to buy when RSI(14) was below 30. She sold when it was above 70.", LOW),
        ("My mentor would buy when RSI(14) dropped below 30 and would sell when it rose above 70.", RSI),
        ("The author buys when RSI(14) drops below 30. He sells when it rises above 70. He didn't use stops.", RSI),
        ("I bought when RSI(14) was below 30, and I sold when it was above 70.", LOW),
        (
            "He'd wait for three lower closes in a row, but only if price was above its 100-day SMA, and then he "
            "bought. He sold on a close above the previous day's high; if that didn't come within eight days he sold "
            "anyway.",
            "Buy when price fell for 3 days and is above its 100-day SMA. Sell when the close is above the previous "
            "day's high. Sell after 8 days.",
        ),
        (
            "I wait for RSI(14) to drop below 30, but only if price is above the 200-day SMA, then I buy. 10% trailing stop.",
            "Buy when RSI(14) drops below 30 and price is above the 200-day SMA. 10% trailing stop.",
        ),
    ],
    "what comes first": [
        (f"Position sizing comes first: risk 1% per trade. {RSI} 5% stop.", f"{RSI} Risk 1% per trade. 5% stop."),
        (f"Position sizing first: I risk 1% per trade. {RSI} 5% stop.", f"{RSI} Risk 1% per trade. 5% stop."),
        (f"The entry comes first: {RSI}", RSI),
        (f"{RSI} Risk management comes last: 5% stop.", f"{RSI} 5% stop."),
    ],
    "what is insisted on": [
        (
            f"{RSI} One thing I insist on: the 100-day SMA has to be rising, otherwise I sit on my hands.",
            f"{RSI} Only buy when the 100-day SMA is rising.",
        ),
        (
            f"{RSI} One condition we insist on: price is above the 200-day SMA, otherwise we do nothing.",
            f"{RSI} Only buy when price is above the 200-day SMA.",
        ),
        (
            f"{RSI} Price must be above the 200-day SMA, otherwise I take no trades.",
            f"{RSI} Only buy when price is above the 200-day SMA.",
        ),
        (f"{RSI} Put $10,000 into every trade, never more.", f"{RSI} $10,000 per trade."),
        (f"{RSI} And of course I don't buy again while I still hold it.", RSI),
        (f"{RSI} I never open another trade while I am still in one.", RSI),
        (f"{RSI} We won't add when we already own the stock.", RSI),
        (
            "Buy when RSI(14) drops below 30. Use a 7% trailing stop and nothing else for the exit.",
            "Buy when RSI(14) drops below 30. 7% trailing stop.",
        ),
        (
            "Buy when RSI(14) drops below 30. 7% trailing stop. That trailing stop is the only thing that ever gets "
            "us out.",
            "Buy when RSI(14) drops below 30. 7% trailing stop.",
        ),
        (f"{RSI} If it goes wrong instead, I'm stopped out 8% below my entry.", f"{RSI} 8% stop."),
        (f"{RSI} If things go south, my stop is 8% below the entry.", f"{RSI} 8% stop."),
        ("Buy when RSI(14) drops below 30. Take the money and close when RSI(14) rises above 70.", RSI),
    ],
    "what is looked at": [
        (f"Trend from the weekly, entry from the daily. {WEEKLY}", WEEKLY),
        (f"The trend is taken from the weekly chart, the entry from the daily chart. {WEEKLY}", WEEKLY),
        (f"I only look at charts on weekends. {WEEKLY}", WEEKLY),
        (f"I check my charts once a day. {RSI}", RSI),
        (
            f"I only look at charts on weekends so the big picture matters: price has to be above the 30-week SMA. {RSI}",
            f"{RSI} Only buy when price is above the 30-week SMA.",
        ),
        (
            "We look at the fifty-day high, right, and when price breaks above the fifty-day high, we buy. "
            "10% trailing stop.",
            BREAKOUT,
        ),
        (f"I watch the 50-day high. {BREAKOUT}", BREAKOUT),
    ],
    "titles and tickets": [
        (f"FX-212 / GOOG D1\n{RSI}", RSI),
        (f"Journal, plan for next quarter. {RSI}", RSI),
        (f"Homework for this week: {RSI}", RSI),
        (f"Why I stopped overthinking things: the RSI dip\n\n{RSI}", RSI),
        (f"Okay class, {RSI[0].lower()}{RSI[1:]}", RSI),
        (f"Good morning students, {RSI[0].lower()}{RSI[1:]}", RSI),
        (f"Has anyone tried this on the GOOG daily? {RSI}", RSI),
        (f"The RSI dip, the way Wilder taught it: {RSI}", RSI),
    ],
}
NEAR_MISSES = [
    f"In this market we buy. {RSI}",
    f"In this sector we buy when RSI(14) drops below 30. {RSI}",
    f"With a tight leash in place, {RSI}",
    f"Most people buy when RSI(14) drops below 30. {RSI}",
    f"My dad bought a house when RSI(14) dropped below 30. {RSI}",
    f"My friend never buys when RSI(14) is below 20. {RSI}",
    f"My friend buys the second touch. {RSI}",
    "Buy when RSI(14) was below 30. Sell when RSI(14) rises above 70.",
    f"{RSI} The 100-day SMA has to be rising, otherwise I go in with half.",
    f"{RSI} The 100-day SMA has to be rising, otherwise I wait for the retest.",
    f"{RSI} I put in never more than my lunch money.",
    f"{RSI} I don't buy again while the market is closed.",
    f"{RSI} If it goes wrong, I sell half.",
    f"Trend from the weekly, entry from the daily. {RSI}",
    f"I watch the 200-day line. {RSI}",
    f"I only trade charts on weekends. {RSI}",
    f"Anyone tried this with RSI below 20? {RSI}",
    f"EMA-50 / {RSI}",
    f"FX-212 / {RSI} Only when FX is above its 200-day SMA.",
]


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_what_frames_the_rules_changes_nothing(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_may_change_the_rules_is_asked_about(text: str) -> None:
    assert read_text(text, context=GOOG).status != "complete"


def test_a_question_names_the_instrument_and_the_chart() -> None:
    rules = "Buy when RSI(14) falls below 30. Exit when RSI(14) gets back above 55. 60 pip stop."
    asked = read_text(f"Anyone tried this on the EURUSD 1 hour? {rules}")
    assert asked.spec is not None
    assert (asked.spec.timeframe, asked.spec.instruments) == ("1h", ("EURUSD",))
    assert meaning(f"Anyone tried this on the EURUSD 1 hour? {rules}", context=EURUSD) == meaning(rules, context=EURUSD)
