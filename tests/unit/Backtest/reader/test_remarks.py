"""Titles and remarks in words that no table lists are noise; whatever could bear on a trade is asked about."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) drops below 30, sell when it rises above 70."


@pytest.mark.parametrize(
    "title",
    [
        "Gap fade",
        "Volume breakout",
        "Friday rule",
        "Inside day plan",
        "Stochrsi cross strategy",
        "Scalping idea for the euro",
        "Limit buyer here",
        "Lighthouse method",
        "Notes from the porch",
        "Journal, Sunday evening",
        "The Marmalade setup",
        "Grandma's playbook",
        "Turtle trick",
    ],
)
def test_what_strategies_are_called_is_no_rule(title):
    for text in (f"{title}. {RULES}", f"{title}: {RULES}", f"{title}\n\n{RULES}"):
        reading = read_text(text, context=GOOG)
        assert reading.status == "complete", (text, reading.unresolved)
        assert identity(reading.spec) == identity(read_text(RULES, context=GOOG).spec)


@pytest.mark.parametrize(
    "remark",
    [
        "My mate swears by this one, not sure it works",
        "So my cousin raves about it",
        "He is a plumber from Leeds",
        "It made me happy in the winter",
        "I studied biology in Ghent",
        "There is a saying about patience",
        "You guys are brilliant",
        "They laughed at me for it",
        "This came from a dusty paperback",
        "That was my father's favourite",
    ],
)
def test_what_tells_of_somebody_is_noise_where_nothing_in_it_could_bear_on_a_trade(remark):
    for text in (f"{remark}. {RULES}", f"{RULES} {remark}."):
        reading = read_text(text, context=GOOG)
        assert reading.status == "complete", (text, reading.unresolved)
        assert identity(reading.spec) == identity(read_text(RULES, context=GOOG).spec)
        begin = text.index(remark)
        assert any(start < begin + len(remark) and end > begin for start, end in reading.noise)


def test_a_reason_at_the_end_of_a_sentence_is_noise():
    reading = read_text(f"{RULES} No stop, because stops have only ever cost us money.", context=GOOG)
    assert reading.status == "complete", reading.unresolved


@pytest.mark.parametrize(
    "clause",
    [
        "I trade small",
        "I go big on this",
        "My account is tiny",
        "He scales out on the way up",
        "I am picky about volatile names",
        "We like quiet tape",
        "I'd rather be early",
        "They reinvest everything",
        "I hedge it",
        "She lets winners breathe",
        "This works in bull markets",
        "It needs a strong sector",
        "I usually bail by lunch",
        "My broker fills at noon",
        "I stay out around earnings",
        "I never chase",
        "There must be momentum behind it",
        "It has to look convincing",
        "I nibble, then load up",
        "You want confirmation",
        "It pays to be patient",
        "I skip weeks with holidays",
        "We rotate quarterly",
        "My gut decides",
        "I do the mirror thing for shorts",
        "It should be near support",
        "I double up on Fridays",
        "They only play liquid names",
        "Somebody moved the target",
        "High volume",
        "Strong trend",
        "Mondays",
        "Rising OBV",
        "Reinvest everything",
        "Hedge",
        "Rotate",
        "London hours",
        "Small size",
        "No idea about exits",
        "Only this setup",
        "Never without a plan",
        "Old rules",
    ],
)
def test_what_could_bear_on_a_trade_is_asked_about(clause):
    for text in (f"{clause}. {RULES}", f"{RULES} {clause}."):
        assert read_text(text, context=GOOG).status != "complete", text


def test_a_title_is_one_only_before_the_rules():
    """Behind them "Volume breakout" may be one more condition."""
    assert read_text(f"{RULES} Volume breakout.", context=GOOG).status != "complete"


def test_remarks_alone_are_no_strategy():
    assert read_text("My cousin is a plumber from Leeds.", context=GOOG).status != "complete"
