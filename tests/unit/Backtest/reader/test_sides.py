"""Whose rule it is: the side that a heading, an exit before or "short only" gives to rules that name none."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.spec_forms import down, is_, spec, up

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
TWO_SIDES = spec(up("RSI_14", 30), is_("RSI_14", ">", 60), short=down("RSI_14", 70), cover=is_("RSI_14", "<", 40))
SHORT_ONLY = spec(short=down("RSI_14", 70), cover=is_("RSI_14", "<", 40))
ENTRIES = "Buy when RSI(14) crosses above 30. Go short when RSI(14) crosses below 70. "


@pytest.mark.parametrize(
    ("long", "short"),
    [("## Long", "## Short"), ("Long:", "Short:"), ("### LONG SIDE", "### SHORT SIDE"), ("# Longs", "# Shorts")],
)
@pytest.mark.parametrize("labels", [("- Entry:", "- Exit:"), ("- Enter when", "- Exit when")])
def test_the_rules_below_a_side_are_of_that_side(long, short, labels):
    entry, leave = labels
    text = (
        f"{long}\n{entry} RSI(14) crosses above 30\n{leave} RSI(14) is above 60\n"
        f"{short}\n{entry} RSI(14) crosses below 70\n{leave} RSI(14) is below 40"
    )
    reading = read_text(text, context=GOOG)
    assert reading.spec is not None, reading
    assert identity(reading.spec) == identity(TWO_SIDES)


@pytest.mark.parametrize(
    "text",
    [
        "# Short setup\n## Entry\n- RSI(14) crosses below 70\n## Exit\n- RSI(14) is below 40",
        "Short side:\nEntry: RSI(14) crosses below 70\nExit: RSI(14) is below 40",
        "Short only.\n## Entry\n- RSI(14) crosses below 70\n## Exit\n- RSI(14) is below 40",
    ],
)
def test_a_text_of_shorts_alone_is_short(text):
    reading = read_text(text, context=GOOG)
    assert reading.spec is not None, reading
    assert identity(reading.spec) == identity(SHORT_ONLY)


def test_a_buy_below_the_heading_of_the_shorts_is_not_guessed():
    text = "## Short\n- Buy when RSI(14) is below 40\n- Exit when RSI(14) is above 60"
    assert read_text(text, context=GOOG).status == "needs_clarification"


@pytest.mark.parametrize(
    "exits",
    [
        "Exit longs when RSI(14) is above 60 and shorts when RSI(14) is below 40.",
        "Exit longs when RSI(14) is above 60, shorts when RSI(14) is below 40.",
        "Close long positions when RSI(14) is above 60 and short positions when RSI(14) is below 40.",
        "Close a long when RSI(14) is above 60 and a short when RSI(14) is below 40.",
        "Flatten long when RSI(14) is above 60 and short when RSI(14) is below 40.",
    ],
)
def test_an_elided_verb_is_that_of_the_exit_before(exits):
    reading = read_text(ENTRIES + exits, context=GOOG)
    assert reading.spec is not None, reading
    assert identity(reading.spec) == identity(TWO_SIDES)


def test_an_elided_verb_closes_the_other_side_in_either_order():
    reading = read_text(
        ENTRIES + "Exit shorts when RSI(14) is below 40 and longs when RSI(14) is above 60.", context=GOOG
    )
    assert reading.spec is not None
    assert [rule.side for rule in reading.spec.entry_rules] == ["long", "short"]
    assert [rule.side for rule in reading.spec.exit_rules] == ["short", "long"]


def test_a_sentence_without_a_verb_after_an_exit_is_not_guessed():
    text = ENTRIES + "Exit longs when RSI(14) is above 60. Shorts when RSI(14) is below 40."
    assert read_text(text, context=GOOG).status == "needs_clarification"


def test_short_after_a_sell_is_a_verb():
    text = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70 and short when RSI(14) is above 80."
    reading = read_text(text, context=GOOG)
    assert reading.spec is not None
    assert [rule.side for rule in reading.spec.entry_rules] == ["long", "short"]


def test_rules_below_a_heading_nobody_knows_are_not_taken_as_they_stand():
    text = (
        "## Old rules\n- buy when RSI(14) is below 20\n## Entry\n- RSI(14) is below 40\n## Exit\n- RSI(14) is above 60"
    )
    reading = read_text(text, context=GOOG)
    assert reading.status == "needs_clarification"
    assert [one.text for one in reading.unresolved] == ["Old rules"]


def test_two_exits_before_the_entries_of_both_sides_are_asked_about():
    text = "Exit when RSI is above 50. Exit when CCI is above 0. Buy when RSI is below 30. Short when RSI is above 80."
    reading = read_text(text, context=ReadingContext(symbol="GOOG", timeframe="1d"))
    assert reading.status == "needs_clarification"
    assert "which side" in reading.unresolved[0].reason


@pytest.mark.parametrize(
    "said",
    [
        "Only take longs if close > EMA(200) and shorts if close < EMA(200).",
        "Take longs only when close > EMA(200) and shorts when close < EMA(200).",
    ],
)
def test_what_narrows_the_longs_narrows_the_shorts_behind_it(said):
    rules = "Buy when EMA(20) crosses above EMA(50). Short when EMA(20) crosses below EMA(50). 3% stop."
    apart = "Only take longs if close > EMA(200). Only take shorts if close < EMA(200)."
    told, plain = (read_text(f"{rules} {text}", context=GOOG) for text in (said, apart))
    assert identity(told.spec) == identity(plain.spec)
    assert all("EMA_200" in str(rule["when"]) for rule in told.draft["entry_rules"])
