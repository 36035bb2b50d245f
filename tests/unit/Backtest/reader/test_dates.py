"""The window that a text names: its first and last day."""

import pytest

from Backtest.reader.reader import read_text

RULES = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70. "


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("From January 2009 onwards.", "2009-01-01", None),
        ("Since March 2007.", "2007-03-01", None),
        ("Between 1 Jan 2008 and 31 Dec 2010.", "2008-01-01", "2010-12-31"),
        ("From January 5, 2008 to February 2010.", "2008-01-05", "2010-02-28"),
        ("From 2008 to 2011.", "2008-01-01", "2011-12-31"),
    ],
)
def test_a_date_is_read_in_any_of_its_forms(said, start, end):
    reading = read_text(RULES + said)
    assert reading.status == "complete"
    assert (reading.found.start, reading.found.end) == (start, end)


def test_a_day_that_is_not_in_the_calendar_is_no_date():
    assert read_text(RULES + "Since 31 Feb 2008.").status == "needs_clarification"
