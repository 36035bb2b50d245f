"""Days and hours changed by a later turn, and turns taken back: each beside the whole text that says the same."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning

MACD = "Buy when MACD crosses above its signal line, sell when MACD crosses below its signal line."
STOCH = "Buy when stochastic %K crosses above %D, sell when %K goes above 80. 20 pip stop. {}"


@pytest.mark.parametrize(
    ("turn", "days"),
    [
        ("include Fridays", "Monday to Friday"),
        ("add Friday", "Monday to Friday"),
        ("also on Fridays", "Monday to Friday"),
        ("Fridays too", "Monday to Friday"),
        ("also trade on Fridays", "Monday to Friday"),
        ("trade Fridays as well", "Monday to Friday"),
        ("allow trades on Fridays", "Monday to Friday"),
        ("trade Monday to Friday", "Monday to Friday"),
        ("no Mondays", "Tuesday to Thursday"),
        ("drop Mondays", "Tuesday to Thursday"),
        ("not on Mondays", "Tuesday to Thursday"),
        ("skip Mondays", "Tuesday to Thursday"),
        ("no trades on Mondays", "Tuesday to Thursday"),
        ("only on Mondays and Tuesdays now", "Monday and Tuesday"),
        ("Mondays only", "Monday"),
        ("only on Fridays", "Friday"),
    ],
)
def test_days_are_added_taken_away_and_replaced(turn, days):
    assert meaning(f"{MACD} Only trade Monday to Thursday.", turn) == meaning(f"{MACD} Only trade on {days}.")


def test_a_day_more_than_one():
    assert meaning(f"{MACD} Only trade on Mondays.", "also trade on Wednesdays") == meaning(
        f"{MACD} Only trade on Mondays and Wednesdays."
    )


@pytest.mark.parametrize("turn", ["any day", "trade any day", "all days", "trade every day", "drop the weekday filter"])
def test_every_day_is_allowed_again(turn):
    assert meaning(f"{MACD} Only trade Monday to Thursday.", turn) == meaning(MACD)


@pytest.mark.parametrize(
    ("turn", "hours"),
    [
        ("only trade between 07:00 and 17:00", "07:00 and 17:00"),
        ("trade only from 10:00 to 12:00", "10:00 and 12:00"),
        ("only between 14:00 and 20:00", "14:00 and 20:00"),
        ("make it 07:00 to 17:00", "07:00 and 17:00"),
        ("trade 07:00-17:00 instead", "07:00 and 17:00"),
        ("trade from 9 to 17 instead", "09:00 and 17:00"),
        ("change the hours to 09:30-16:00", "09:30 and 16:00"),
        ("extend the session to 18:00", "08:00 and 18:00"),
        ("trade until 18:00", "08:00 and 18:00"),
        ("start at 09:00 instead", "09:00 and 16:00"),
    ],
)
def test_hours_take_the_place_of_the_old_ones(turn, hours):
    before = STOCH.format("Only trade between 08:00 and 16:00.")
    whole = meaning(STOCH.format(f"Only trade between {hours}."), context=EURUSD)
    assert meaning(before, turn, context=EURUSD) == whole


def test_hours_said_in_the_entry_are_changed_there():
    text = "Buy when it is between {} and 16:00 and RSI(14) is below 30, sell when RSI(14) is above 70."
    assert meaning(text.format("08:00"), "start at 09:00 instead", context=EURUSD) == meaning(
        text.format("09:00"), context=EURUSD
    )


@pytest.mark.parametrize("turn", ["all day", "trade all day", "drop the session filter"])
def test_all_hours_are_allowed_again(turn):
    text = STOCH.format("Only trade between 08:00 and 16:00.")
    assert meaning(text, turn, context=EURUSD) == meaning(STOCH.format(""), context=EURUSD)


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ((f"{MACD} Only trade Monday to Thursday.", "add a 5% stop and trade on Thursdays and Fridays"), "other days"),
        (
            (f"{MACD} Only trade Monday to Thursday.", "add a 5% stop and only trade on Fridays and Mondays"),
            "other days",
        ),
        ((f"{MACD} No trades on Mondays.", "drop Mondays"), "which days are left"),
        ((MACD, "include Fridays"), "no filter of days"),
        ((MACD, "make it 07:00 to 17:00"), "which hours"),
        ((MACD, "all day"), "no filter of hours"),
    ],
)
def test_days_and_hours_that_may_be_meant_otherwise_are_asked(turns, said):
    asked = read_turns(turns, context=GOOG)
    assert asked.status == "needs_clarification"
    assert said in asked.unresolved[-1].reason


@pytest.mark.parametrize(
    ("undoing", "left"),
    [
        ("undo the last two", 1),
        ("undo the last 2 changes", 1),
        ("revert the last two changes please", 1),
        ("take back the last two things", 1),
        ("undo twice", 1),
        ("go back two steps", 1),
        ("undo the last three", 0),
        ("undo everything", 0),
        ("undo all of that", 0),
        ("revert all my changes", 0),
        ("back to the original", 0),
        ("go back to the first version", 0),
        ("undo the last one", 2),
    ],
)
def test_several_turns_are_taken_back(undoing, left):
    turns = [f"{MACD} 5% stop.", "add a 10% target", "hold at most 20 bars", "only on Mondays"]
    assert meaning(*turns, undoing) == meaning(*turns[: left + 1])


@pytest.mark.parametrize("undoing", ["undo the last four", "undo both", "drop the last two"])
def test_what_can_not_be_taken_back_is_asked(undoing):
    turns = [f"{MACD} 5% stop.", "add a 10% target", "hold at most 20 bars", undoing]
    assert read_turns(turns, context=GOOG).status == "needs_clarification"
