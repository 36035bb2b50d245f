"""What can never be meant is refused with its reason; what only was not understood is asked about."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG

LONG = "Buy when RSI(14) drops below 30, sell when RSI(14) rises above 70. {}"
SHORT = "Short when RSI(14) rises above 70, cover when RSI(14) drops below 30. {}"

NEVER = {
    "no number of bars": [
        (LONG, "Only when price is above the 0-day average."),
        (LONG, "Hold for at most 0 days."),
        (LONG, "Exit after -5 bars."),
        (LONG, "Wait 0 days after every exit."),
    ],
    "at a distance above 0": [
        (LONG, "Stop loss 0%."),
        (LONG, "0 ATR stop."),
        (LONG, "Stop at 0 pips."),
        (LONG, "Trailing stop of 0%."),
        (LONG, "Take profit 0%."),
        (LONG, "Target: -5%."),
    ],
    "is no size of a position": [
        (LONG, "Use 0% of equity."),
        (LONG, "Trade 0 shares."),
        (LONG, "5% stop. Risk 0% per trade."),
    ],
    "more than all of it": [(LONG, "5% stop. Risk 120% per trade.")],
    "closes at a gain": [(LONG, "Target 5% below the entry."), (SHORT, "Take profit 5% above the entry.")],
    "closes at a loss": [(LONG, "Place a stop 3% above the entry."), (SHORT, "Stop 2% below the entry.")],
}


@pytest.mark.parametrize(
    ("reason", "frame", "said"), [(reason, *one) for reason, listed in NEVER.items() for one in listed]
)
def test_what_can_never_be_meant_is_rejected_with_its_reason(reason, frame, said):
    reading = read_turns([frame.format(said)], context=GOOG)
    assert reading.status == "rejected", reading
    assert any(reason in one.message for one in reading.errors), reading.errors
    assert reading.spec is None
    assert not reading.questions


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (LONG, "Stop 30."),
        (LONG, "Stop at the 20-day high."),
        (LONG, "-2 ATR stop."),
        (LONG, "Use 150% of equity."),
        (LONG, "Only when price is above the 2.5-day average."),
        (LONG, "Stop a bit below the entry."),
    ],
)
def test_what_is_only_not_understood_is_asked_about(frame, said):
    reading = read_turns([frame.format(said)], context=GOOG)
    assert reading.status == "needs_clarification", reading
    assert reading.questions


def test_the_rest_of_the_text_is_read_beside_what_is_impossible():
    reading = read_turns([LONG.format("Stop loss 0%.")], context=GOOG)
    assert [one.text for one in reading.unresolved] == ["Stop loss 0%"]
    assert len(reading.draft["entry_rules"]) == len(reading.draft["exit_rules"]) == 1


def test_a_falling_stop_and_a_level_of_zero_are_no_mistakes():
    for said in ("-5% stop.", "Only when MACD is above 0.", "Sell when ROC(10) is below 0."):
        assert read_turns([LONG.format(said)], context=GOOG).status == "complete", said
