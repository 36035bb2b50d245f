"""When rules are judged and orders filled, said as rule 1 has it, changes nothing; a fill at the close is asked about."""

import pytest

from Backtest.reader.reader import read_text
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning

RULES = "Buy when RSI(14) is below 30, sell when RSI(14) is above 70."

BEHIND_THE_RULES = [
    "All signals on a closing basis.",
    "Orders at next open.",
    "Orders at the next open.",
    "Signal at the close, fill next open.",
    "Signals on the close, executed on the next open.",
    "Entries and exits at the next day's open.",
    "Execution: next open.",
    "Fills: next bar open.",
    "Enter and exit at next open.",
    "Buy and sell at the following open.",
    "Rules are checked once a day at the close.",
    "Check at the close, trade at the next open.",
    "End-of-day signals, next open execution.",
    "Everything is evaluated on daily closes.",
    "Use closing prices.",
    "No intrabar signals.",
    "Signals only count at the close.",
    "Once per bar close.",
    "Wait for the candle to close.",
]

IN_THE_RULES = [
    "Buy when RSI(14) is below 30, judged at the close. Sell when RSI(14) is above 70.",
    "Buy when RSI(14) is below 30, evaluated on the daily close, and sell when RSI(14) is above 70.",
    "Judged at the close: buy when RSI(14) is below 30, sell when RSI(14) is above 70.",
    "On a closing basis, buy when RSI(14) is below 30, sell when RSI(14) is above 70.",
    "Buy when RSI(14) is below 30 on a closing basis, sell when above 70 on a closing basis.",
    "Buy when RSI(14) is below 30 at the close (fill at next open), sell when RSI(14) is above 70.",
    "At the close, if RSI(14) is below 30, buy at the next open. If RSI(14) is above 70, sell at the next open.",
    "Buy when RSI(14) is below 30 at the close of the bar. Sell when RSI(14) is above 70 at the close of the bar.",
]

STAYS_ASKED = [
    "Fill at the same close.",
    "Orders are filled at the close.",
    "Signal at the close, fill at the close.",
    "Trade at the close.",
    "Entries on the close.",
    "Exits on the close.",
    "Entries are taken at the close.",
    "3% stop, judged at the close.",
    "3% stop. Everything is judged at the close.",
    "3% stop, exits at the next open.",
    "Orders at the open in two days.",
]


@pytest.mark.parametrize("said", BEHIND_THE_RULES)
def test_what_holds_of_all_rules_anyway_changes_nothing(said):
    reading = read_text(f"{RULES} {said}", context=GOOG)
    assert meaning(f"{RULES} {said}") == meaning(RULES)
    assert any(start >= len(RULES) for start, _ in reading.noise)


@pytest.mark.parametrize("said", IN_THE_RULES)
def test_the_same_within_the_rules(said):
    assert meaning(said) == meaning(RULES)


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_a_fill_or_a_stop_at_the_close_is_another_thing(said):
    assert read_turns([f"{RULES} {said}"], context=GOOG).status != "complete"


@pytest.mark.parametrize(
    "said",
    [
        "Buy at the close when RSI(14) is below 30. Sell when RSI(14) is above 70.",
        "Buy on the close when RSI(14) is below 30. Sell when RSI(14) is above 70.",
    ],
)
def test_an_order_at_the_close_is_asked_about(said):
    assert read_turns([said], context=GOOG).status != "complete"


def test_signals_beside_a_stop_are_still_judged_at_the_close():
    assert meaning(f"{RULES} 3% stop. Signals are judged at the close.") == meaning(f"{RULES} 3% stop.")


def test_the_close_of_the_day_is_another_one_than_that_of_an_hour():
    said = "Hourly chart. Buy when RSI(14) is below 30, evaluated on the daily close. Sell when RSI(14) is above 70."
    assert read_turns([said], context=EURUSD).status != "complete"
