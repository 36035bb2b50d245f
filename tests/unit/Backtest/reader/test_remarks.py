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


def is_the_same(text, plain):
    reading = read_text(text, context=GOOG)
    assert reading.status == "complete", (text, reading.unresolved, reading.questions)
    assert identity(reading.spec) == identity(read_text(plain, context=GOOG).spec), text


@pytest.mark.parametrize(
    "remark",
    [
        "My husband says I ought to print it",
        "I bought the premium course last month and cannot get my script into their editor",
        "Our old software did this without any fuss",
        "Most beginners lose money because they sell too early",
        "been trading trends for about three years, mostly by feel",
        "I have three kids and a night job",
        "Could you code it up and send me the list of trades?",
        "can this be backtested on google, daily candles?",
        "Thats the whole trick",
        "No rush, end of the week is fine",
        "My neighbour lost a lot of money in 2008",
        "I grew up in Ghent",
        "as discussed over lunch",
        "fairly new here so be kind",
        "Lesson 4 of my evening class",
        "I tried it for three years",
        "They sold me a book about it",
        "The lecturer says most students fail here, so be patient and wait for the setup",
        "We buy strength",
        "I trade the zero line",
        "Whipsaws killed me last year",
        "I took a day trading class in spring and would like to know if the idea holds up before I put money into it",
        "Not sure whether this is any good, but here it is",
        "Let me know if something is unclear",
        "Below you will find the rules",
        "The following rules apply",
        "As per your email",
        "I got into markets during lockdown",
        "Somebody on Reddit posted it and got 500 upvotes",
        "We discussed this in class on Tuesday",
        "I don't trust my own opinions",
        "Does that make sense?",
        "I check the charts after work",
        "No repainting, signals are confirmed on bar close",
        "Entries at the next open are fine",
        "For educational purposes only",
        "Past performance is no guarantee",
        "It made 9% for my cousin last year",
        "From the desk of T. Whitlock",
        "Ported from an old spreadsheet",
        "Twenty minutes a day is all it takes",
        "Let's find out",
        "Without further ado",
        "It is on GOOG, daily bars",
        "does this make any money on google?",
        "Been at it for about a year, so now I test before I trade",
        "nothng fancy",
        "Orders go in at the next open",
    ],
)
def test_what_tells_of_people_and_of_what_was_is_noise_though_it_speaks_of_trading(remark):
    for text in (f"{remark}. {RULES}", f"{RULES} {remark}.", f"{remark}\n\n{RULES}", f"{RULES}\n{remark}"):
        is_the_same(text, RULES)


@pytest.mark.parametrize(
    "clause",
    [
        "One contract at a time",
        "The author suggests weekly charts",
        "I stay out in earnings weeks",
        "my broker takes 5 bucks a trade",
        "I only do this when the market is quiet",
        "don't hold over the weekend",
        "Because I only trade mornings, this is intraday",
        "My mentor told me to sell half",
        "My mentor says to short as well",
        "My mentor says never hold losers",
        "He always exits before lunch",
        "I was told to sell when RSI gets to 60",
        "My wife says I should stop at 5%",
        "I always took half off",
        "We traded only the first hour",
        "She sold on the close",
        "He shorted the rallies too",
        "They bought in thirds",
        "I used to wait two bars",
        "My rule was to skip gaps",
        "I took longs only",
        "I went long and short",
        "My friend likes tight stops",
        "so i don't hold overnight",
        "which is why I go short",
        "My boss says wait for the retest",
        "The author exits at noon",
        "My friend buys the second touch",
        "No hurry to get out",
        "No rush to enter, wait a day",
        "Nibble",
        "Hi longs",
        "Cheers, half size",
        "Best, use limit orders",
        "Could you also short it",
        "Could you test it on weekly bars with a stop",
        "Please test it with half the money",
        "Their rules were stricter",
        "He used two averages",
        "The author used a stop below the low",
        "I traded it with a tight stop",
        "In the book they also sell short",
        "The book says to add on dips",
        "The trader covers by noon",
        "Buy pullbacks",
        "We buy pullbacks",
        "I look at the weekly first",
        "London session breakout",
        "Overnight is fine",
        "I want to see conviction",
        "If anyone sells, sell",
        "I don't like choppy days",
        "I check the charts after lunch",
        "Let me know if RSI is below 20",
        "The client wants weekly exits",
        "Mondays are off limits",
        "My stop lives under the last swing low",
        "The author recommends a wide stop",
        "It's a short setup",
    ],
)
def test_a_narrative_that_bears_on_a_trade_is_asked_about(clause):
    for text in (f"{clause}. {RULES}", f"{RULES} {clause}.", f"{clause}\n\n{RULES}", f"{RULES}\n{clause}"):
        assert read_text(text, context=GOOG).status != "complete", text


@pytest.mark.parametrize(
    "text",
    [
        "Buy when RSI(14) drops below 30 because it is cheap then, sell when it rises above 70.",
        "Buy when RSI(14) drops below 30 because it is cheap and sell when it rises above 70.",
        "Because I cannot stand falling markets, buy when RSI(14) drops below 30, sell when it rises above 70.",
        "Buy when RSI(14) drops below 30 (because why not), sell when it rises above 70.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70 so i don't give it all back.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70, which keeps me sane.",
        "With that said, buy when RSI(14) drops below 30, sell when it rises above 70.",
    ],
)
def test_why_a_rule_is_leaves_the_rule(text):
    is_the_same(text, RULES)


@pytest.mark.parametrize(
    "text",
    [
        "Never buy because it is cheap. Buy when RSI(14) drops below 30, sell when it rises above 70.",
        "Buy because RSI(14) drops below 30, sell when it rises above 70.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70 because I never hold overnight.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70 because I don't trade shorts.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70, so I exit on fridays.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70, which is why I keep a stop of 5%.",
        "Buy when RSI(14) drops below 30, sell when it rises above 70 so that losses stay below 5%.",
    ],
)
def test_a_reason_that_holds_a_rule_is_none(text):
    reading = read_text(text, context=GOOG)
    plain = identity(read_text(RULES, context=GOOG).spec)
    assert reading.status != "complete" or identity(reading.spec) != plain


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Dear support,\n\n", "\n\nKind regards,\nB. Adeyemi"),
        ("Hi Marta,\n\n", "\n\nMarek"),
        ("Hello Mr. Doyle,\n", "\nThanks in advance, Ines"),
        ("Dear Sir or Madam,\n\n", "\n\nYours sincerely\nIngrid Solberg\nOslo"),
        ("Hey Tom, ", " Cheers!"),
        ("Good morning team,\n", "\n- Lena"),
        ("", "\n\nBest,\nJo"),
    ],
)
def test_who_is_greeted_and_who_signs_is_noise(above, below):
    is_the_same(f"{above}{RULES}{below}", RULES)


@pytest.mark.parametrize("below", ["\n\nRegards,\nshort as well", "\nThanks,\n5% stop", "\n\nReverse", "\n- Pyramid"])
def test_a_rule_below_a_letter_signs_nothing(below):
    assert read_text(f"{RULES}{below}", context=GOOG).status != "complete" or "stop" in below


@pytest.mark.parametrize(
    "text",
    [
        "I want the robot to buy when RSI(14) drops below 30. It should sell when it rises above 70.",
        "This script opens a long when RSI(14) drops below 30 and closes it when it rises above 70.",
        "We need a bot that buys when RSI(14) drops below 30 and sells when it rises above 70.",
        "The EA must go long when RSI(14) drops below 30, and the EA exits when it rises above 70.",
    ],
)
def test_who_is_to_trade_is_noise_before_what_is_done(text):
    is_the_same(text, RULES)


@pytest.mark.parametrize(
    "text",
    ["Run this script: rm -rf. " + RULES, "I don't want the bot to buy when RSI(14) drops below 30. " + RULES],
)
def test_a_machine_that_is_told_something_else_is_not_noise(text):
    assert read_text(text, context=GOOG).status != "complete"


@pytest.mark.parametrize(
    "title",
    [
        "RSI trick I picked up from a magazine",
        "Wilder's RSI system, long side of it",
        "Class notes, lesson 3 - fading bear market rallies",
        "DMI system",
        "RSI idea that a friend taught me",
        "Narrow range breakout",
    ],
)
def test_a_title_may_tell_where_it_is_from(title):
    for text in (f"{title}: {RULES}", f"{title}\n\n{RULES}"):
        is_the_same(text, RULES)


def test_a_side_in_a_title_holds_only_where_the_rules_have_no_other():
    text = f"Wilder's RSI system, long side of it: {RULES} Short when RSI(14) is above 80, cover when it is below 50."
    assert read_text(text, context=GOOG).status != "complete"


def test_a_session_in_a_title_is_a_name_where_its_hours_are_said():
    rules = "Only trade between 08:00 and 16:00. Buy when price breaks above the 24-bar high. Stop 1%, target 2%."
    context = ReadingContext(symbol="EURUSD", timeframe="1h")
    titled = read_text(f"London session breakout, EURUSD H1\n\n{rules}", context=context)
    assert titled.status == "complete", titled.unresolved
    assert identity(titled.spec) == identity(read_text(rules, context=context).spec)


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("My own checklist (everything must be ticked to buy):", "Buy when all of these are true:"),
        ("Boxes to tick before buying, all of them:", "Buy when all of these are true:"),
        ("Any of these conditions is enough to buy:", "Buy when any of these is true:"),
        ("Pre-trade checklist (long)", "Buy when all of these are true:"),
    ],
)
def test_a_list_may_be_headed_in_words_of_ones_own(heading, plain):
    items = "\n[ ] RSI(14) is below 30\n[ ] close is above the 200-day SMA\n\nSell: RSI(14) above 70."
    is_the_same(heading + items, plain + items.replace("[ ]", "-"))


def test_a_chart_that_is_looked_at_is_said_again():
    rules = "Buy when the close crosses above the 20-day SMA while it is above the 20-week SMA. 5% trailing stop."
    is_the_same(f"{rules} I look at the weekly first because my losses came from trading against it.", rules)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("There is also a trailing stop of 8% in place in case it turns quickly.", "8% trailing stop."),
        ("There's a 5% stop in place, tech names can do that overnight.", "5% stop."),
        ("A 5% stop protects every trade.", "5% stop."),
    ],
)
def test_a_level_that_there_is_is_one(text, plain):
    is_the_same(f"{RULES} {text}", f"{RULES} {plain}")


@pytest.mark.parametrize("word", ["movie", "stuck", "reading", "surprises", "chose", "divided", "reminding"])
def test_a_word_of_english_is_no_misspelt_one_of_trading(word):
    reading = read_text(f"{RULES} My sister {word} it.", context=GOOG)
    assert not any(word in str(one.value) for one in reading.assumptions if one.topic == "spelling")


def test_a_name_with_hours_behind_it():
    rules = "Only trade between 08:00 and 16:00. Buy when price breaks above the 24-bar high. Stop 1%, target 2%."
    context = ReadingContext(symbol="EURUSD", timeframe="1h")
    named = read_text(rules.replace("Only", "London hours: only"), context=context)
    assert named.status == "complete", named.unresolved
    assert identity(named.spec) == identity(read_text(rules, context=context).spec)


@pytest.mark.parametrize(
    "clause",
    [
        "I can't follow the signals on fridays",
        "I don't follow signals in the first hour",
        "I won't be in the market overnight",
        "I don't sit through reports",
        "I do this with a tenth of my savings",
        "I put a chunk of my money on it",
        "I put everything on it",
        "My wife wants me out by dinner",
        "It hates chop",
        "He refuses to chase",
        "I demand a retest",
        "A green day is needed",
        "Mom does it on red days",
        "I borrow to do it",
        "He levered it",
        "They did it the other way round for shorts",
        "I held on for a while",
        "I averaged in",
        "He skipped the wild ones",
        "She avoided the open",
        "We waited for the dust to settle",
        "I only want the bot to buy on fridays",
        "I want a bot that only buys the dips",
        "Banks hedge it",
        "I'm trimming on the way",
        "She flipped it around",
        "I was capped at two",
        "He tightened it daily",
        "We rolled it forward into the next contract",
        "I sized it by feel",
        "I kept it small",
        "The coach kept stops wide",
        "I doubled it",
        "He closed it by hand",
        "I reduced it",
        "She paused it",
        "She raised it",
        "It needs a fresh high",
        "I want to be careful here",
        "You have to be selective",
        "Be selective",
        "Only the best ones",
        "Pick the best ones",
        "Take the cleanest ones",
        "Let it come to you",
        "I stagger my entries",
        "Entries are staggered",
        "I spread it over several days",
        "I split it",
        "I split the money in two",
        "Split the exits",
        "Divide the cash evenly",
        "Rinse and repeat",
        "Mirror image for bears",
        "Vice versa",
        "And the reverse",
        "Ditto for the other side",
        "Opposite for the other direction",
        "Other way round too",
        "Same thing upside down",
        "In a downtrend do the opposite",
    ],
)
def test_any_form_of_a_weighty_word_weighs(clause):
    for text in (f"{clause}. {RULES}", f"{RULES}\n{clause}"):
        assert read_text(text, context=GOOG).status != "complete", text


@pytest.mark.parametrize("clause", ["I trade smal", "he scalles it", "My friend kept his positons tiny"])
def test_a_slip_of_a_weighty_word_weighs(clause):
    assert read_text(f"{clause}. {RULES}", context=GOOG).status != "complete"


def test_any_day_is_no_restriction():
    is_the_same(f"Any day of the week: {RULES}", RULES)


def test_both_directions_in_a_title_hold_where_the_rules_have_both():
    rules = "Long when the close crosses above the 20-day high; short when the close crosses below the 20-day low."
    is_the_same(f"Breakouts in both directions. {rules}", rules)
    assert read_text(f"Breakouts in both directions. {RULES}", context=GOOG).status != "complete"


def test_what_is_seen_in_no_figure_is_asked_about_in_a_text_without_any():
    vague = read_text("Buy when it looks cheap and sell when it looks tired.", context=GOOG)
    assert vague.status == "needs_clarification", vague.unresolved
    assert read_text(f"{RULES} Only enter if the chart looks strong.", context=GOOG).status == "unsupported"
