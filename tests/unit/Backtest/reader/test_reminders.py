"""Sentences that only repeat a convention change nothing; those that say something else are never taken for one."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.spec_forms import is_, pct, spec

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70. 5% stop. 10% target. "
PLAIN = spec(is_("RSI_14", "<", 30), is_("RSI_14", ">", 70), risk={"stop_loss": pct(5), "take_profit": pct(10)})


@pytest.mark.parametrize(
    "reminder",
    [
        "Orders are filled at the open of the next bar",
        "Signals are checked on the close and filled at the next open",
        "A position still open on the final bar is kept open",
        "Positions that are still open at the end of the test remain open",
        "Any trade stays open at the very end of the data",
        "Keep the last position open on the last bar",
        "Do not close any open position at the end of the backtest",
        "The stop loss and the take profit are calculated from the entry price",
        "Targets are counted from the actual fill",
        "Measure the stop from the fill price",
        "If the stop loss and the target are touched within the same candle, the stop loss is taken first",
        "When the target and the stop are both reached during one bar the stop has priority",
        "The stop fills first if both are triggered in the same bar",
        "If both levels are hit inside a single bar, the stop takes precedence",
    ],
)
def test_a_convention_said_in_any_words_changes_nothing(reminder):
    reading = read_text(f"{RULES}{reminder}.", context=GOOG)
    assert reading.spec is not None, reading.unresolved
    assert identity(reading.spec) == identity(PLAIN)


@pytest.mark.parametrize(
    "said",
    [
        "If both are hit in the same bar, the target wins",
        "When stop and target are both hit in one bar the target comes first",
        "Any open trade is closed on the last bar",
        "Close the last position at the end of the test",
        "Don't close positions at the end of the week",
        "A trade still open after 20 bars stays open",
        "The stop is measured from the highest close",
        "The stop is measured 3% from the fill price",
        "Orders are filled at the close of the same bar",
        "Orders are filled 2 bars later at the open",
    ],
)
def test_a_rule_unlike_the_convention_is_not_passed_over(said):
    assert read_text(f"{RULES}{said}.", context=GOOG).spec is None
