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
EXCEPT = [
    "Buy when price crosses above the 20-day SMA, but never with ADX(14) below 20.",
    "Buy when price crosses above the 20-day SMA, but not if ADX(14) is below 20.",
    "Buy when price crosses above the 20-day SMA and never when ADX(14) is below 20.",
    "Buy when price crosses above the 20-day SMA, though not while ADX(14) is below 20.",
]
NEEDED = [
    f"{RULES} To buy, ADX(14) must be above 20.",
    f"{RULES} For entries ADX(14) must be above 20.",
    f"{RULES} For a buy ADX(14) must be above 20.",
    f"{RULES} I won't buy unless ADX(14) is above 20.",
    f"{RULES} It is mandatory that ADX(14) is above 20.",
    f"{RULES} Required: ADX(14) above 20.",
    f"{RULES} Extra check: ADX(14) above 20.",
    f"{RULES} I take these trades only when ADX(14) is above 20.",
]
BARRED = [
    (f"{RULES} I never buy below the 200-day SMA.", f"{RULES} No trades when price is below the 200-day SMA."),
    (f"{RULES} The signal is ignored if ADX(14) is below 20.", f"{RULES} No trades when ADX(14) is below 20."),
    (f"{RULES} The trend has to be up: price above the 200-day SMA.", f"{RULES} Filter: price above the 200-day SMA."),
    (
        f"{RULES} I take these trades only above the 200-day SMA.",
        f"{RULES} Filter: price above the 200-day SMA.",
    ),
]
SIDES = "Buy when RSI(14) < 30{}. Short when RSI(14) > 70{}."
OF_A_SIDE = [
    ("I never buy below the 200-day SMA.", " unless price is below the 200-day SMA", ""),
    ("No buying while ADX(14) is below 20.", " unless ADX(14) is below 20", ""),
    ("No shorting while price is above the 200-day SMA.", "", " unless price is above the 200-day SMA"),
    ("Don't short above the 200-day SMA.", "", " unless price is above the 200-day SMA"),
    ("Never short unless price is below the 200-day SMA.", "", " and price is below the 200-day SMA"),
    ("For a short, price must be below the 200-day SMA.", "", " and price is below the 200-day SMA"),
    ("Long only when price is above the 200-day SMA.", " and price is above the 200-day SMA", ""),
]
STAYS_ASKED = [
    "Buy when RSI(14) < 30. No shorting while price is above the 200-day SMA. Sell when RSI(14) > 70.",
    "Never buy below the 200-day SMA. Sell when RSI(14) > 70.",
    f"{RULES} This only counts if price is above the 200-day SMA.",
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


@pytest.mark.parametrize("said", EXCEPT)
def test_an_exception_hung_on_a_rule_is_its_own(said):
    plain = "Buy when price crosses above the 20-day SMA unless ADX(14) is below 20. Sell when RSI(14) is above 70."
    assert meaning(f"{said} Sell when RSI(14) is above 70.") == meaning(plain)


@pytest.mark.parametrize("said", NEEDED)
def test_what_an_entry_needs_beside_a_rule_is_a_filter_and_no_second_entry(said):
    assert meaning(said) == meaning(f"{RULES} Filter: ADX(14) is above 20.")


@pytest.mark.parametrize(("said", "plain"), BARRED)
def test_what_keeps_entries_out_is_a_filter(said, plain):
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(("said", "long", "short"), OF_A_SIDE)
def test_a_filter_that_names_a_side_is_of_that_side(said, long, short):
    assert meaning(f"{SIDES.format('', '')} {said}") == meaning(SIDES.format(long, short))


def test_what_entries_need_is_the_entry_where_there_is_no_other():
    said = "To go long, RSI(14) must be below 30; to go short, RSI(14) must be above 70."
    assert meaning(said) == meaning(SIDES.format("", ""))


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_what_is_no_condition_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"
