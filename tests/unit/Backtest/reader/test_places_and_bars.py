"""Where the price is beside lines and bands, and bars beside the one before, each with the plain words for it."""

import pytest

from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning, pairs

OUT = "Sell when RSI > 70."

FORMS = {
    "back inside of the band that it passed": [
        (
            f"Buy when it closes outside the lower Bollinger band. {exit_}",
            "Buy when close < the lower Bollinger band. Sell when close crosses above the lower Bollinger band.",
        )
        for exit_ in (
            "Sell when it gets back inside.",
            "Sell when it closes back inside the bands.",
            "Sell when it comes back inside the Bollinger bands.",
        )
    ]
    + [
        (
            "Short when price closes outside the Bollinger bands to the upside. Cover when it closes back inside.",
            "Short when close > the upper Bollinger band. Cover when close crosses below the upper Bollinger band.",
        ),
        (
            "Buy when price closes outside the Keltner channel to the downside. Sell after 5 days.",
            "Buy when close < the lower Keltner band. Hold for 5 bars.",
        ),
    ],
    "part of the range": [
        (
            f"Buy when the close is in the upper half of its range and above the 200-day SMA. {OUT}",
            f"Buy when IBS >= 0.5 and close > SMA(200). {OUT}",
        ),
        (
            f"Buy when the close is in the bottom 20% of the day's range and above the 200-day SMA. {OUT}",
            f"Buy when IBS <= 0.2 and close > SMA(200). {OUT}",
        ),
    ],
    "near a line": [
        (
            "Buy when price is 10% or more below the 200-day. Sell when it is 5% above it.",
            "Buy when close is 10% or more below SMA(200). Sell when close is 5% above SMA(200).",
        ),
        (
            "Buy when price crosses above the 50-day SMA. Sell when it is 10% above it.",
            "Buy when close crosses above SMA(50). Sell when close is 10% above SMA(50).",
        ),
        (
            f"Buy when price is stretched more than 5% below the 20 SMA. {OUT}",
            f"Buy when close is more than 5% below SMA(20). {OUT}",
        ),
    ],
    "both lines or either": [
        (
            "Buy when price is above both averages (20 and 50). Sell when it is below both.",
            "Buy when close > SMA(20) and close > SMA(50). Sell when close < SMA(20) and close < SMA(50).",
        ),
        (
            "Buy when price is above both the 50 SMA and the 200 SMA. Sell when it closes below either.",
            "Buy when close > SMA(50) and close > SMA(200). Sell when close < SMA(50) or close < SMA(200).",
        ),
        (
            "Buy when price is above the 20 and 50 day EMAs. Sell when it falls below either of them.",
            "Buy when close > EMA(20) and close > EMA(50). Sell when close crosses below EMA(20) or close crosses below EMA(50).",
        ),
    ],
    "averages in an order": [
        (
            "Buy when the averages are stacked 10 > 20 > 50. Sell when 10 < 20.",
            "Buy when SMA(10) > SMA(20) and SMA(20) > SMA(50). Sell when SMA(10) < SMA(20).",
        ),
        (f"Buy when the EMAs are fanned out 8>21>55. {OUT}", f"Buy when EMA(8) > EMA(21) and EMA(21) > EMA(55). {OUT}"),
        (
            "Short when the moving averages are lined up 10 < 20 < 50. Cover when RSI < 30.",
            "Short when SMA(10) < SMA(20) and SMA(20) < SMA(50). Cover when RSI < 30.",
        ),
    ],
    "lengths behind names": [
        (
            "Buy when RSI 2-period is under 5. Sell when RSI 2-period is over 65.",
            "Buy when RSI(2) < 5. Sell when RSI(2) > 65.",
        ),
        ("Buy when SMA 50-day > SMA 200-day. Sell otherwise.", "Buy when SMA(50) > SMA(200). Sell otherwise."),
        (f"Buy when close > EMA 21 day. {OUT}", f"Buy when close > EMA(21). {OUT}"),
    ],
    "slopes": [
        (
            "Buy when the 50-day SMA has a positive slope. Sell when it has a negative slope.",
            "Buy when SMA(50) is rising. Sell when SMA(50) is falling.",
        ),
        (
            f"Buy when the 200-day average is going up and RSI < 30. {OUT}",
            f"Buy when SMA(200) is rising and RSI < 30. {OUT}",
        ),
        (
            "Short when the 20 EMA is pointed down. Cover when RSI < 30.",
            "Short when EMA(20) is falling. Cover when RSI < 30.",
        ),
    ],
    "the next day": [
        (
            "Buy when a hammer forms and the next day closes higher. Sell after 3 days.",
            "Buy when a hammer, then within 1 bar close is rising. Hold for 3 bars.",
        ),
        (
            f"Buy when RSI drops below 30 and the following day it closes above the previous day's high. {OUT}",
            f"Buy when RSI drops below 30, then within 1 bar close > the previous high. {OUT}",
        ),
        (f"Buy the next day when RSI drops below 30. {OUT}", f"Buy when RSI drops below 30. {OUT}"),
    ],
    "highs and lows of bars": [
        (f"Buy when price makes three higher highs in a row. {OUT}", f"Buy when three higher highs in a row. {OUT}"),
    ],
}


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_a_place_means_what_the_plain_words_say(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


def entry(text: str, context: ReadingContext = GOOG) -> object:
    reading = read_text(text, context=context)
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    return reading.draft["entry_rules"][0]["when"]


def band(side: str) -> dict[str, object]:
    return {"type": "indicator", "id": "BB_20_2", "output": side, "shift": 0}


def minus(left: object, right: object) -> dict[str, object]:
    return {"type": "arith", "op": "-", "args": [left, right]}


CLOSE = {"type": "price", "field": "Close", "shift": 0}
WIDTH = minus(band("upper"), band("lower"))


@pytest.mark.parametrize("name", ["%B", "%b", "Bollinger %b", "BB %B", "percent B"])
def test_percent_b_is_where_the_close_is_between_the_bands(name: str) -> None:
    when = entry(f"Buy when {name} is below 20%. Sell when {name} is above 1.")
    place = {"type": "arith", "op": "/", "args": [minus(CLOSE, band("lower")), WIDTH]}
    assert when == {"type": "compare", "op": "<", "left": place, "right": {"type": "number", "value": 0.2}}


@pytest.mark.parametrize(
    "name", ["bandwidth", "the Bollinger bandwidth", "BB width", "the width of the Bollinger bands"]
)
def test_the_bandwidth_is_a_share_of_the_middle_band(name: str) -> None:
    when = entry(f"Buy when {name} is below 5%. Sell when RSI > 70.")
    width = {"type": "arith", "op": "/", "args": [WIDTH, band("middle")]}
    assert when == {"type": "compare", "op": "<", "left": width, "right": {"type": "number", "value": 0.05}}
    assert entry(f"Buy when {name} is at its lowest in 50 days. Sell when RSI > 70.")["right"]["of"] == width


@pytest.mark.parametrize(
    ("said", "ops"),
    [("an inside bar", "<>"), ("an inside day", "<>"), ("an outside bar", "><"), ("an outside day", "><")],
)
def test_a_bar_inside_or_outside_of_the_one_before_is_so_at_both_ends(said: str, ops: str) -> None:
    for text in (f"Buy after {said}.", f"Buy when it is {said}.", f"Buy when today is {said}."):
        when = entry(f"{text} Sell after 3 days.")
        assert [(one["left"]["field"], one["op"]) for one in when["of"]] == [("High", ops[0]), ("Low", ops[1])]


def test_so_little_above_a_line_is_above_it_by_default() -> None:
    for way, ops in (("above", [">", "<"]), ("below", ["<", ">"])):
        text = f"Buy when price is less than 1% {way} the 50-day SMA. Sell when RSI > 70."
        assert [one.question for one in read_text(text, context=GOOG).questions] == ["How near is that?"]
        reading = read_text(text, context=GOOG, accept_defaults=True)
        assert [one["op"] for one in reading.draft["entry_rules"][0]["when"]["of"]] == ops


def test_no_lower_low_is_said_of_each_bar() -> None:
    when = entry("Buy when there has been no lower low for 5 days. Sell when RSI > 70.")
    assert (when["type"], when["bars"], when["of"]["type"]) == ("for", 5, "not")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Buy when price bounces off its 50-day average. " + OUT, "What is a bounce"),
        ("Short when price gets rejected at the upper Keltner band. Cover when RSI < 30.", "What is a rejection"),
        ("Short when price closes outside the Bollinger bands. Cover when RSI < 30.", "Outside which"),
        ("Buy when price is no more than 2% below its 20-day high. " + OUT, "How near"),
        ("Buy when the averages are stacked 10 > 20 > 50. Sell when price closes below the 20.", "Is 20 an average"),
        ("Buy when %B < 0. Sell when %B > 80.", "in percent"),
        ("Buy when price is above the 20 and 50 day averages. Sell when it falls below both.", "both at once"),
        ("Buy when RSI < 30. Sell when it gets back inside.", "back over which band"),
        ("Buy when a doji forms and it closes higher the next day. " + OUT, "not read"),
        ("Buy when RSI < 30 and the next day sell.", "not read"),
        ("Buy when price makes a higher high. " + OUT, "not read"),
    ],
)
def test_what_may_be_meant_in_two_ways_is_asked(text: str, question: str) -> None:
    reading = read_text(text, context=GOOG)
    assert reading.status == "needs_clarification"
    assert any(question in one.question for one in reading.questions), reading.questions


def test_an_answer_says_what_a_bounce_is() -> None:
    text = "Buy when price bounces off its 50-day average. Sell when RSI > 70."
    reading = read_text(text, context=GOOG, accept_defaults=True)
    assert [(one["left"]["field"], one["op"]) for one in reading.draft["entry_rules"][0]["when"]["of"]] == [
        ("Low", "<="),
        ("Close", ">"),
    ]


def test_an_inside_day_is_none_of_hourly_bars() -> None:
    assert read_text("Buy after an inside day. Sell after 3 bars.", context=EURUSD).status == "needs_clarification"
