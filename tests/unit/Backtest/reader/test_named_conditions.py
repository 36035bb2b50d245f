"""Conditions that a text names before it uses them, and the one-line formulas of charting programs and spreadsheets."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

OUT = "Sell when RSI(14) > 70."
RSI = f"Buy when RSI(14) < 30. {OUT}"
BOTH = f"Buy when RSI(14) < 30 and close > SMA(200). {OUT}"
EITHER = f"Buy when RSI(14) < 30 or close < SMA(50). {OUT}"
CROSS = "Buy when EMA(9) crosses above EMA(21). Sell when EMA(9) crosses below EMA(21)."
UP, DOWN = "ta.crossover(ta.ema(close, 9), ta.ema(close, 21))", "ta.crossunder(ta.ema(close, 9), ta.ema(close, 21))"

FORMS = {
    "names as programs write them": [
        (f"longCondition = RSI(14) < 30\nif longCondition then buy\n{OUT}", RSI),
        (
            "longCondition = RSI(14) < 30\nexitCondition = RSI(14) > 70\n"
            "Buy when longCondition, sell when exitCondition.",
            RSI,
        ),
        (
            "long_condition = RSI(14) < 30\nexit_condition = RSI(14) > 70\n"
            "if long_condition then buy\nif exit_condition then sell",
            RSI,
        ),
        (
            "Condition1 = Close > SMA(200); Condition2 = RSI(14) < 30; if Condition1 and Condition2 then Buy; "
            "if RSI(14) > 70 then Sell",
            BOTH,
        ),
        (
            "isUp = close > SMA(200)\nisDip = RSI(14) < 30\nBuy when isUp and isDip. Sell when not isUp.",
            "Buy when close > SMA(200) and RSI(14) < 30. Sell when not (close > SMA(200)).",
        ),
        ("longCondition = RSI(14) < 30\nexitCondition = RSI(14) > 70", RSI),
        ("EntryLong = CrossOver(EMA(9), EMA(21)), ExitLong = CrossUnder(EMA(9), EMA(21))", CROSS),
    ],
    "letters and numbers": [
        (f"Let A be RSI(14) below 30. Let B be close above SMA(200). Buy when A and B. {OUT}", BOTH),
        (f"Let A be RSI(14) below 30 and let B be close above SMA(200). Buy when A and B. {OUT}", BOTH),
        (f"Let A = RSI(14) < 30, B = close > SMA(200). Buy when both A and B are true. {OUT}", BOTH),
        (f"A: RSI(14) < 30\nB: close > SMA(200)\nBuy when A and B. {OUT}", BOTH),
        (f"Buy when A or B, where A is RSI(14) below 30 and B is close below SMA(50). {OUT}", EITHER),
        (f"Condition 1: RSI(14) < 30. Condition 2: close > SMA(200). Buy when both conditions are true. {OUT}", BOTH),
        (
            f"Condition A: RSI(14) < 30. Condition B: close > SMA(200). "
            f"Buy when condition A and condition B hold. {OUT}",
            BOTH,
        ),
        (f"Rule 1: RSI(14) < 30. Rule 2: close < SMA(50). Buy when either rule is met. {OUT}", EITHER),
    ],
    "calls of programs": [
        (f'strategy.entry("Long", strategy.long, when = {UP})\nstrategy.close("Long", when = {DOWN})', CROSS),
        (f'if {UP}\n    strategy.entry("Long", strategy.long)\nif {DOWN}\n    strategy.close("Long")', CROSS),
        (
            f'goUp = {UP}\nif (goUp)\n    strategy.entry("My Long", strategy.long)\n'
            f'goDown = {DOWN}\nif (goDown)\n    strategy.close("My Long")',
            CROSS,
        ),
        (f"strategy.entry on {UP}, strategy.close on {DOWN}", CROSS),
        (
            f'strategy.entry("S", strategy.short, when = {DOWN})\nstrategy.close("S", when = {UP})',
            "Short when EMA(9) crosses below EMA(21). Cover when EMA(9) crosses above EMA(21).",
        ),
        ("IF RSI(14) < 30 THEN BUY NEXT BAR AT MARKET; IF RSI(14) > 70 THEN SELL NEXT BAR AT MARKET", RSI),
    ],
    "formulas": [
        (f"Buy = Cross(MA(C,10), MA(C,30)); {OUT}", f"Buy when SMA(10) crosses above SMA(30). {OUT}"),
        (f"Buy = Cross(C, EMA(C, 20)); {OUT}", f"Buy when the close crosses above EMA(20). {OUT}"),
        (
            "Buy: =AND(Close>SMA50, RSI14<40)\nSell: =OR(Close<SMA50, RSI14>70)",
            "Buy when close > SMA(50) and RSI(14) < 40. Sell when close < SMA(50) or RSI(14) > 70.",
        ),
        (
            "Buy when AND(Close>SMA50, RSI14<40). Sell when OR(Close<SMA50, RSI14>70).",
            "Buy when close > SMA(50) and RSI(14) < 40. Sell when close < SMA(50) or RSI(14) > 70.",
        ),
        (
            "Buy: AND(Close>SMA50, OR(RSI14<40, RSI14>80)); Sell: NOT(Close>SMA50)",
            "Buy when close > SMA(50) and (RSI(14) < 40 or RSI(14) > 80). Sell when not (close > SMA(50)).",
        ),
        ("Long entry := RSI(14) < 30. Long exit := RSI(14) > 70.", RSI),
    ],
}

STAYS_ASKED = [
    f"Let A be RSI(14) below 30. Buy when A or B. {OUT}",
    f"Condition 1: RSI(14) < 30. Condition 2: close > SMA(200). Buy when all three conditions are true. {OUT}",
    f"Condition 1: RSI(14) < 30. Condition 1: close > SMA(200). Buy when condition 1. {OUT}",
    f"x = RSI(14) < 30. Buy when y. {OUT}",
    f"Buy when cross(ema(9), ema(21)). {OUT}",
    f"=AND(Close>SMA50, RSI14<40)\n{OUT}",
    f'strategy.entry("Long", strategy.long, qty = 5, when = rsi(14) < 30)\n{OUT}',
    f"If RSI(14) < 30 Then Buy This Bar On Close. {OUT}",
]


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_a_name_or_a_formula_means_what_the_plain_words_say(said, plain):
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_what_is_not_defined_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"


def test_a_letter_among_words_is_an_article():
    said = f"Let A be RSI(14) below 30. Buy when A and close above SMA(200). {OUT} A 5% stop."
    assert meaning(said) == meaning(f"{BOTH} 5% stop.")
