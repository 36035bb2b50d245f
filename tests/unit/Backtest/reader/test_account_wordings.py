"""The account, sessions, days, pauses and limits of time as traders word them, each beside the plain words."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning, pairs

RULES = "Buy when the 10-day SMA crosses above the 30-day SMA, sell when RSI(14) crosses above 71."
HOURLY_RULES = "Buy when the 20 EMA crosses above the 50 EMA, sell when it crosses back below."

ON_A_DAILY_CHART = {
    "cash": [
        ("$50,000 to start, no commission.", "Cash 50,000. No commission."),
        ("With a million dollars.", "Cash 1,000,000."),
        ("Starting out with half a million.", "Cash 500,000."),
        ("I have ten grand.", "Cash 10,000."),
        ("Capital: one hundred thousand dollars.", "Cash 100,000."),
        ("Capital 30k, 5 bps per side.", "Cash 30,000. Commission 0.05%."),
        ("Account: 10,000 with 10:1 leverage, commission 0.002%.", "Cash 10,000. Leverage 10. Commission 0.002%."),
        ("Starting from $25,000.", "Cash 25,000."),
        ("With 50k.", "Cash 50,000."),
        ("With 20,000, 0.05% each way.", "Cash 20,000. Commission 0.05%."),
        ("Starting from 20k.", "Cash 20,000."),
        ("Starting from a 20k account.", "Cash 20,000."),
        ("I have 20k.", "Cash 20,000."),
        ("On a 20k account.", "Cash 20,000."),
        ("Initial deposit 10,000.", "Cash 10,000."),
    ],
    "costs and leverage": [
        ("Ignore commissions.", "No commission."),
        ("Trading is free.", "No commission."),
        ("Leverage 1:30.", "Leverage 30."),
        ("Trade on 30 times leverage.", "Leverage 30."),
        ("Margin requirement 5%.", "Leverage 20."),
        ("No fees or slippage.", "No commission."),
        ("No commission and no spread.", "No commission."),
        ("$1 per order plus 0.1%.", "Commission $1 plus 0.1%."),
        ("0.1% per side plus $1 per order.", "Commission $1 plus 0.1%."),
        ("$1 per order.", "Commission $1 per order."),
        ("Use 2x margin.", "Leverage 2."),
        ("Leveraged 2x.", "Leverage 2."),
        ("No margin.", "No leverage."),
    ],
    "a volatility that is aimed at": [
        ("Size each position with a volatility target of 20% (252 trading days a year).", "Volatility target 20%."),
        ("Size for 15% annualised volatility.", "Volatility target 15%."),
        ("Position size targets 15% volatility.", "Volatility target 15%."),
        ("Scale positions to 15% vol.", "Volatility target 15%."),
        ("Size by a volatility target of 20% a year.", "Volatility target 20%."),
        ("Positions sized to 12.5% annualised volatility.", "Volatility target 12.5%."),
    ],
    "a limit of time": [
        ("Ten bars at most.", "Hold at most 10 bars."),
        ("Never holding longer than 20 bars.", "Hold at most 20 bars."),
        ("After 12 bars it's over.", "Hold at most 12 bars."),
        ("The trade has 12 bars to work.", "Hold at most 12 bars."),
        ("Exit at the 12th close since entry.", "Hold at most 12 bars."),
    ],
    "a pause": [
        ("After getting out I sit on my hands for ten bars.", "Cooldown of 10 bars."),
        ("At least 5 bars between an exit and the next entry.", "Cooldown of 5 bars."),
        ("Rest five bars after each exit.", "Cooldown of 5 bars."),
        ("I skip signals in the first 5 bars after an exit.", "Cooldown of 5 bars."),
    ],
    "days": [
        ("Fridays are off limits for entries.", "No trades on Fridays."),
        ("No Friday entries.", "No trades on Fridays."),
        ("Midweek only (Tue-Thu).", "Only trade on Tuesday, Wednesday and Thursday."),
        ("Entries Monday to Wednesday.", "Only trade on Monday, Tuesday and Wednesday."),
    ],
}

HOURS = [
    "Entries only in the 08:00 to 16:00 session.",
    "I only trade when the clock says 08:00 to 16:00.",
    "No entries outside 08:00-16:00.",
    "8 am to 4 pm only.",
    "Only trade during the session 08:00 to 16:00.",
    "I trade the 08:00 to 16:00 session only.",
    "Entries from 08:00 to 16:00, exits around the clock.",
]

STAYS_ASKED = [
    "With 50.",
    "With 2000.",
    "$5,000 per order.",
    "$5,000 a trade plus 0.1%.",
    "Spread of 1 pip.",
    "Account: 50.",
    "Commission: 2 dollars a trade.",
    "Volatility target 20% (365 days a year).",
    "Size for 15% volume.",
    "Midweek only.",
    "Leverage 2:30.",
]


@pytest.mark.parametrize(
    ("said", "plain"),
    pairs(ON_A_DAILY_CHART),
)
def test_a_wording_means_what_the_plain_words_say(said, plain):
    assert meaning(f"{RULES} {said}") == meaning(f"{RULES} {plain}")


@pytest.mark.parametrize("said", HOURS)
def test_hours_are_those_of_entries(said):
    plain = f"{HOURLY_RULES} Only trade between 08:00 and 16:00."
    assert meaning(f"{HOURLY_RULES} {said}", context=EURUSD) == meaning(plain, context=EURUSD)


@pytest.mark.parametrize("comma", [",", ""])
def test_hours_before_an_entry_are_those_of_all_entries(comma):
    said = f"Between 08:00 and 16:00{comma} buy when RSI(14) crosses above 30. Sell when RSI(14) is above 60."
    plain = "Buy when RSI(14) crosses above 30. Sell when RSI(14) is above 60. Only trade between 08:00 and 16:00."
    assert meaning(said, context=EURUSD) == meaning(plain, context=EURUSD)


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_what_may_be_something_else_stays_asked(said):
    assert read_turns([f"{RULES} {said}"], context=GOOG).status != "complete"


@pytest.mark.parametrize("rules", ["Buy when RSI(14) < 30. Between 13:00 and 16:00, sell when RSI(14) > 60."])
def test_hours_before_a_way_out_may_be_of_either(rules):
    assert read_turns([rules], context=EURUSD).status != "complete"


def test_an_amount_given_later_takes_the_place_of_the_first():
    later = read_turns([f"{RULES} Cash 10,000.", "with a million dollars"], context=GOOG)
    assert later.spec is not None
    assert later.spec.execution.cash == 1_000_000


@pytest.mark.parametrize("said", ["$1 a trade plus 0.1%.", "Commission: $1 per trade plus 0.1%."])
def test_a_fee_of_a_trade_may_be_of_entry_and_exit_together(said):
    asked = read_turns([f"{RULES} {said}"], context=GOOG)
    (question,) = asked.questions
    assert {one.value for one in question.alternatives} == {"order", "trade"}
    for answer, fixed, rate in (("order", 1.0, 0.001), ("trade", 0.5, 0.001)):
        told = read_turns([f"{RULES} {said}"], context=GOOG, answers={question.id: answer})
        assert told.spec is not None
        assert told.spec.execution.commission.model_dump() == {"type": "fixed_plus_rate", "fixed": fixed, "rate": rate}


def test_a_sum_before_the_rules_is_the_account():
    assert meaning(f"With 50k, {RULES}") == meaning(f"On a 50k account: {RULES}") == meaning(f"{RULES} Cash 50,000.")
