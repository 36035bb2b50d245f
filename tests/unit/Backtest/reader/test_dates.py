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
        ("From 2007 through 2010.", "2007-01-01", "2010-12-31"),
        ("From January 2008 to the end of 2010.", "2008-01-01", "2010-12-31"),
        ("Run it from the beginning of 2006 to the end of June 2009.", "2006-01-01", "2009-06-30"),
        ("Only the years 2006 to 2009.", "2006-01-01", "2009-12-31"),
        ("2006-2009 only.", "2006-01-01", "2009-12-31"),
        ("Period: 2006/03/01 to 2009/06/30.", "2006-03-01", "2009-06-30"),
        ("Backtest window: March 2006 to June 2009.", "2006-03-01", "2009-06-30"),
        ("Start: 2006-03-15. End: 2009-06-30.", "2006-03-15", "2009-06-30"),
        ("Start date 2006-03-15, end date 2009-06-30.", "2006-03-15", "2009-06-30"),
        ("Limit the test to 2006 through 2009.", "2006-01-01", "2009-12-31"),
        ("From 1 September 2007 on.", "2007-09-01", None),
        ("Starting in March 2006.", "2006-03-01", None),
        ("Begin on the first of March 2006.", "2006-03-01", None),
        ("The test starts on March 15 2006.", "2006-03-15", None),
        ("No trades before March 2006.", "2006-03-01", None),
        ("Ignore all data before 2006.", "2006-01-01", None),
        ("Through 2010.", None, "2010-12-31"),
        ("Until the end of 2010.", None, "2010-12-31"),
        ("Only 2008.", "2008-01-01", "2008-12-31"),
        ("During March 2008 only.", "2008-03-01", "2008-03-31"),
    ],
)
def test_a_date_is_read_in_any_of_its_forms(said, start, end):
    reading = read_text(RULES + said)
    assert reading.status == "complete"
    assert (reading.found.start, reading.found.end) == (start, end)


def test_a_day_that_is_not_in_the_calendar_is_no_date():
    assert read_text(RULES + "Since 31 Feb 2008.").status == "needs_clarification"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("GOOG from 2007 through 2010: buy when RSI(14) is below 30, sell when it is above 70.", 2007, 2010),
        ("GOOG daily, 2008-2010. Buy when RSI(14) is below 30, sell when RSI(14) is above 70.", 2008, 2010),
        ("From 2007 on, buy GOOG when RSI(14) is below 30. Sell when RSI(14) is above 70.", 2007, None),
        ("GOOG mean reversion, from 2007 on: buy when RSI(14) < 30, sell when RSI(14) > 70.", 2007, None),
        ("In 2008 only, buy GOOG when RSI(14) is below 30. Sell when RSI(14) is above 70.", 2008, 2008),
        ("Buy GOOG when RSI(14) is below 30, sell when RSI(14) is above 70, from 2008 to 2010.", 2008, 2010),
    ],
)
def test_a_window_stands_before_the_rules_in_a_title_or_behind_them(text, start, end):
    reading = read_text(text)
    assert reading.status == "complete", (reading.unresolved, reading.questions)
    first, last = f"{start}-01-01", f"{end}-12-31" if end else None
    assert (reading.found.start, reading.found.end, reading.found.instruments) == (first, last, ("GOOG",))


@pytest.mark.parametrize(
    "said",
    [
        "Until 2010.",
        "After 2006.",
        "Before 2010.",
        "From 2010 to 2006.",
        "The last three years.",
        "Over the past 5 years.",
        "Mid 2006 to late 2009.",
        "1000 to 2006.",
        "No trades after 2010.",
        "Target 2006 to 2009.",
    ],
)
def test_a_window_that_may_be_another_is_asked_about(said):
    assert read_text(RULES + said).status in {"needs_clarification", "unsupported"}
