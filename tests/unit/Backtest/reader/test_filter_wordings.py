"""Conditions that bind the entries, however they are hung on the rules, each beside the plain words that it means."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

RULES = "Buy when RSI(14) crosses above 30. Sell when RSI(14) crosses above 70."
ON_A_RULE = [
    "Buy when price crosses above the 20-day SMA, but only with ADX(14) above 20.",
    "Buy when price crosses above the 20-day SMA, and only with ADX(14) above 20.",
    "Buy only with ADX(14) above 20 when price crosses above the 20-day SMA.",
    "Only with ADX(14) above 20: buy when price crosses above the 20-day SMA.",
    "As long as ADX(14) is above 20, buy when price crosses above the 20-day SMA.",
    "Buy when price crosses above the 20-day SMA, as long as ADX(14) is above 20.",
]
OF_ITS_OWN = [
    f"{RULES} One thing I insist on: the 100-day SMA has to be rising.",
    f"{RULES} One thing I insist on: the 100-day SMA has to be rising, otherwise I sit on my hands.",
    f"{RULES} One thing I insist on is that the 100-day SMA is rising.",
    f"{RULES} My one condition: the 100-day SMA is rising.",
    f"{RULES} Non-negotiable: rising 100-day SMA.",
    f"{RULES} Proviso: the 100-day SMA is rising, otherwise I skip it.",
    f"{RULES} The 100-day SMA has to be rising or I sit on my hands.",
    f"Condition I insist on: the 100-day SMA is rising. {RULES}",
    f"I insist on a rising 100-day SMA. {RULES}",
]
STAYS_ASKED = [
    "Buy when RSI(14) crosses above 30, but only with conviction. Sell when RSI(14) crosses above 70.",
    f"{RULES} One thing I insist on: discipline with the 100-day SMA.",
    f"{RULES} The 100-day SMA has to be rising, otherwise I take half.",
    f"{RULES} My one condition: ADX.",
]


@pytest.mark.parametrize("said", ON_A_RULE)
def test_a_condition_hung_on_a_rule_is_one_more_of_its_conditions(said):
    plain = "Buy when price crosses above the 20-day SMA and ADX(14) is above 20. Sell when RSI(14) is above 70."
    assert meaning(f"{said} Sell when RSI(14) is above 70.") == meaning(plain)


@pytest.mark.parametrize("said", OF_ITS_OWN)
def test_a_condition_in_its_own_sentence_is_a_filter(said):
    assert meaning(said) == meaning(f"{RULES} Filter: the 100-day SMA is rising.")


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_what_is_no_condition_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"
