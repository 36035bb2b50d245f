"""Figures that a later turn says in few words, and the reasons beside them: each beside the whole text that says it."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")


def read(*turns):
    return read_turns(list(turns), context=GOOG)


def specs_of(turns, plain):
    changed, whole = read(*turns), read(plain)
    assert changed.status == "complete", (changed.questions, changed.unresolved, changed.errors)
    assert whole.status == "complete", (whole.questions, whole.unresolved)
    return [(identity(one.spec), one.found.start, one.found.end) for one in (changed, whole)]


def rsi(low=30, high=70, length=14, rest="5% stop."):
    return f"Buy when RSI({length}) is below {low}, sell when RSI({length}) is above {high}. {rest}"


STOPPED = rsi(rest="4% stop.")


@pytest.mark.parametrize(
    "turn",
    [
        "make the stop 4%, they react faster",
        "make the stop 4%, to skip chop",
        "make the stop 4% to avoid the noise",
        "make the stop 4%, in case it keeps on falling",
        "make the stop 4%, that should be plenty",
        "make the stop 4%, half a year is plenty",
        "make the stop 4%, volatility is crazy",
        "make the stop 4%, it keeps stopping me out",
        "make the stop 4%. 5 is too loose.",
        "make the stop 4% as a safety net",
        "make the stop 4% for the big crashes",
        "make the stop 4%, it trades too often",
        "make the stop 4%, I want fewer trades",
        "make the stop 4% like the turtles",
        "On reflection make the stop 4%",
        "After thinking it over: make the stop 4%",
        "Thanks, last thing: make the stop 4%",
        "Sorry, one more: make the stop 4%",
        "I changed my mind, make the stop 4%",
        "Before I forget: make the stop 4%",
        "make the stop 4%, rest unchanged",
        "Volatility is crazy. Make the stop 4%. They react faster.",
        "Tighter: 4%",
        "I forgot the stop: 4%",
    ],
)
def test_why_something_is_changed_asks_for_nothing(turn):
    changed, whole = specs_of([rsi(), turn], STOPPED)
    assert changed == whole


@pytest.mark.parametrize(
    "turn",
    [
        "make the stop 4%, if volatility is high",
        "make the stop 4%, to get out at 60",
        "make the stop 4% like the target",
        "make the stop 4%, it also shorts",
        "make the stop 4%, volatility is high",
        "make the stop 4%, it needs volume confirmation",
        "make the stop 4%, to trade on Mondays",
        "make the stop 4%, so I only buy in an uptrend",
        "25% of the equity or 30%",
        "maybe 25 for the entry",
        "another 20 for the entry",
        "55 and 20 and 10",
        "set the RSI to 20, 80",
        "15 for the RSI",
        "sell when price is above 65",
        "sell when RSI is above 65",
        "make the stop 4%, it sells when RSI is above 60",
        "sell when RSI(5) is above 65",
        "sell above 500",
        "2 days for the exit",
        "make the stop 4%, to be checked on the close",
        "make the stop 4%, in case of a gap use the open",
        "make the stop 4%, to cut the position in half",
        "make the stop 4%, to get flat before the weekend",
        "make the stop 4%, so it trails",
        "give it more room",
        "more trades",
        "the stop is too tight",
        "scrap that, make the stop 4%",
    ],
)
def test_what_may_bear_on_the_trade_is_asked(turn):
    assert read(rsi(), turn).status != "complete"


GAP = "Buy when the stock gaps up by at least {}% and sell after {} bars."
DROP = "Buy when the close dropped {}% over five days. Sell once RSI(14) is above 55 or after {} bars."
VOLUME = "Long if volume is at least {} times its {}-day average and the close is above the open. Sell after {} bars."
BELOW = "Buy when the close is at least {}% below its 20-day SMA; sell when the close is above the 20-day SMA."
LATELY = (
    "Buy when price crosses above the 20-day EMA and RSI(14) was below 35 within the last {} bars. Sell after 9 days."
)
LASTING = (
    "Buy when the close is above the 20-day SMA for {} days in a row; sell when it is below it for {} days in a row."
)
GREEN = "Buy after {} green candles in a row if the close is above the 50-day SMA. Sell after 9 days."
DOWN = "Buy after {} down closes in a row if the close is above the 200-day SMA. Sell after 9 days."
ZSCORE = "Buy when the z-score over 20 days is below {} and sell when it is above {}."
CHARTS = (
    "Buy when the weekly RSI(14) is above {} and the daily RSI(2) is below {}; sell when the daily RSI(2) is above 80."
)
BOTH = "Buy when price crosses above the 50-day SMA. Take profit {}%, stop loss {}%."
EMAS = "Buy when the {}-day EMA crosses above the {}-day EMA, sell when it crosses below. 25% stop."
TREND = "Go long when Supertrend({}, {}) flips bullish, close when it flips bearish."
TRAIL = "Buy when the close crosses above the 100-day SMA. Sell after 40 days. {}"
LIMIT = "While RSI(3) is below 15 place a buy limit 2% below the close{}. Sell when RSI(3) is above 60."
SHARES = "Buy {} shares when RSI(14) is below 30, sell when RSI(14) is above 60."
RSI = "Buy when RSI({}) is below {}, sell when RSI is above {}. 5% stop."
TURTLE = "Buy when price breaks above the {}-day high. Sell when price breaks below the {}-day low."
BANDS = "Buy when the close is below the lower Bollinger band ({}, {}). Sell when the close is above the middle band."
ADX = "Buy when ADX(14) is above {} and RSI(14) is below 30. Sell when RSI(14) is above 60."
MOVE = "Buy when price drops {}% in a day. Sell after 5 days."
WILLR = "Buy when Williams %R is below {} and sell when it is above {}."


@pytest.mark.parametrize(
    ("text", "old", "turn", "new"),
    [
        (GAP, (3, 5), "2% gap is enough.", (2, 5)),
        (GAP, (3, 5), "a 2% gap will do", (2, 5)),
        (GAP, (3, 5), "8 bars", (3, 8)),
        (DROP, (5, 15), "20 bars", (5, 20)),
        (VOLUME, (2, 20, 6), "1.5 times is enough.", (1.5, 20, 6)),
        (VOLUME, (2, 20, 6), "50-day average for the volume, sorry", (2, 50, 6)),
        (VOLUME, (2, 20, 6), "4 bars", (2, 20, 4)),
        (BELOW, (5,), "7% instead of 5", (7,)),
        (BELOW, (5,), "7%, not 5%", (7,)),
        (LATELY, (5,), "make it within the last 10 bars", (10,)),
        (LATELY, (5,), "within 10 bars is fine", (10,)),
        (LASTING, (3, 2), "5 days instead of 3 on the way in", (5, 2)),
        (GREEN, (3,), "two green candles", (2,)),
        (GREEN, (3,), "2 green bars are enough", (2,)),
        (DOWN, (3,), "four down closes please", (4,)),
        (ZSCORE, (-2, 0), "-2.5 for the entry, and sell already at -0.5", (-2.5, -0.5)),
        (ZSCORE, (-2, 0), "use -2.5 for the entry", (-2.5, 0)),
        (CHARTS, (50, 10), "loosen the daily entry to 15", (50, 15)),
        (CHARTS, (50, 10), "weekly entry: 55", (55, 10)),
        (BOTH, (10, 5), "Wider: 20 and 10", (20, 10)),
        (BOTH, (10, 5), "20% and 10%", (20, 10)),
        (EMAS, (3, 12), "6 and 24", (6, 24)),
        (EMAS, (3, 12), "what if we used 6 and 24 days like the slow turtles?", (6, 24)),
        (TREND, (10, 3), "use settings 7 and 2.5", (7, 2.5)),
        (
            TRAIL,
            ("12% trailing stop.",),
            "Start trailing only after the trade is up 8%",
            ("12% trail after an 8% gain.",),
        ),
        (TRAIL, ("12% trailing stop.",), "activate the trailing stop at +8%", ("12% trail after an 8% gain.",)),
        (TRAIL, ("12% trailing stop.",), "let the trail begin at 8% profit", ("12% trail after an 8% gain.",)),
        (TRAIL, ("4% stop, 2R target.",), "Swap the 2R for a plain 10% target", ("4% stop, 10% target.",)),
        (TRAIL, ("",), "stop and target 4% each", ("4% stop. 4% target.",)),
        (TRAIL, ("",), "Stop 3%, target 6.", ("3% stop. 6% target.",)),
        (
            TRAIL,
            ("5% stop. Risk 2% per trade.",),
            "lower the risk to half a percent",
            ("5% stop. Risk 0.5% per trade.",),
        ),
        (TRAIL, ("9% stop.",), "half size please", ("9% stop. Use 50% of equity.",)),
        (TRAIL, ("9% stop.",), "only half of the equity, I sleep better", ("9% stop. Use 50% of equity.",)),
        (TRAIL, ("9% stop. From 2007 on.",), "Could you start it in 2009 instead?", ("9% stop. From 2009 on.",)),
        (LIMIT, ("",), "Keep the order alive for 3 bars, one is too short.", (", good for 3 bars",)),
        (LIMIT, ("",), "leave the limit open for 3 bars", (", good for 3 bars",)),
        (SHARES, (50,), "75 shares", (75,)),
        (WILLR, (-90, -20), "After thinking it over: I'd like the entry at -80, not -90.", (-80, -20)),
        (RSI, (14, 30, 70), "try it with an RSI of 7", (7, 30, 70)),
        (RSI, (14, 30, 70), "35/65 please, more trades", (14, 35, 65)),
        (RSI, (14, 30, 70), "how about 20 for the entry?", (14, 20, 70)),
        (RSI, (14, 30, 70), "get out already at 60", (14, 30, 60)),
        (TURTLE, (20, 10), "exit on the 5-day low already", (20, 5)),
        (TURTLE, (20, 10), "make the breakout 55 days", (55, 10)),
        (TURTLE, (20, 10), "15-day low for the exit", (20, 15)),
        (BANDS, (20, 2), "bands of 30 days", (30, 2)),
        (BANDS, (20, 2), "30 and 2.5", (30, 2.5)),
        (ADX, (20,), "loosen the ADX to 15", (15,)),
        (ADX, (20,), "I'd like the ADX filter at 25", (25,)),
        (TRAIL, ("5% stop.",), "the stop can be a bit wider, say 7%", ("7% stop.",)),
        (TRAIL, ("5% stop.",), "a tighter stop, 3%", ("3% stop.",)),
        (TRAIL, ("5% stop.",), "let's give it more room: 8%", ("8% stop.",)),
        (TRAIL, ("2 ATR stop, 3R target.",), "2R is enough", ("2 ATR stop, 2R target.",)),
        (TRAIL, ("Use 50% of equity.",), "go down to a third of the account", ("Use a third of equity.",)),
        (TRAIL, ("Start with $50,000.",), "make that 20,000 dollars", ("Start with $20,000.",)),
        (TRAIL, ("Wait 3 bars after an exit.",), "make the pause 6 bars", ("Wait 6 bars after an exit.",)),
        (SHARES, (100,), "only 50 shares, it's risky", (50,)),
        (MOVE, (3,), "4% please, 3% happens too often", (4,)),
        (WILLR, (-90, -20), "Sorry, flat above -10, I mistyped.", (-90, -10)),
    ],
)
def test_a_figure_finds_its_place(text, old, turn, new):
    changed, whole = specs_of([text.format(*old), turn], text.format(*new))
    assert changed == whole


def test_a_number_alone_is_of_what_was_said_last():
    changed, whole = specs_of(
        [rsi(), "use 40% of equity only", "Actually 30."], rsi(rest="5% stop. Use 30% of equity.")
    )
    assert changed == whole


@pytest.mark.parametrize("text", ["5% stop. Start trailing at 8%.", "Activate the trailing stop at 8%."])
def test_where_a_trail_begins_is_not_how_far_behind_it_is(text):
    assert read(rsi(rest=text)).status == "needs_clarification"


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        (BOTH.format(10, 5), "Wider: 10 and 20"),  # the stop, or the target
        (LASTING.format(3, 2), "4 days"),
        (LASTING.format(3, 2), "4 days instead of 9"),
        (LASTING.format(3, 2), "5 days for the entry"),
        (TRAIL.format("9% stop."), "start trailing after 8%"),
        (CHARTS.format(50, 10), "15 for the entry"),
        (GREEN.format(3), "two red candles"),
    ],
)
def test_a_figure_that_fits_no_place_or_several_is_asked(text, turn):
    assert read(text, turn).status == "needs_clarification"
