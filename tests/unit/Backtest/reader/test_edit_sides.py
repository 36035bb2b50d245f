"""Sides, orders, levels and filters changed by a later turn: each beside the whole text that says the same."""

import pytest

from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning

RSI = "Buy when RSI(14) is below {}, sell when RSI(14) is above {}. 5% stop."
CROSS = "Go long when the {0}-day EMA crosses above the {1}-day EMA. Go short when the {0}-day EMA crosses below the {1}-day EMA."
LIMIT = "When price closes below the lower Bollinger band, place a buy limit {}% below the close, good for {} bars. Sell when price closes above the middle band."
BREAKOUT = "Buy when price breaks above the {}-day high, sell when price breaks below the {}-day low."
PIPS = "Buy when RSI(14) is below 30, sell when RSI(14) is above 70. Stop {} pips. Target {} pips."


@pytest.mark.parametrize(
    "turn",
    ["go short instead of long", "go short instead", "short instead of buying", "swap long and short", "swap sides"],
)
def test_the_same_signals_on_the_other_side(turn):
    whole = "Go short when RSI(14) is below 30, cover when RSI(14) is above 70. 5% stop."
    assert meaning(RSI.format(30, 70), turn) == meaning(whole)


@pytest.mark.parametrize("turn", ["swap sides", "swap long and short"])
def test_two_sides_change_places(turn):
    whole = (
        "Go short when the 20-day EMA crosses above the 50-day EMA. "
        "Go long when the 20-day EMA crosses below the 50-day EMA."
    )
    assert meaning(CROSS.format(20, 50), turn) == meaning(whole)


@pytest.mark.parametrize(
    ("turn", "rest"),
    [
        ("only go long above the 200-day SMA", "Only take longs when price is above the 200-day SMA."),
        ("longs only above the 200-day SMA", "Only take longs when price is above the 200-day SMA."),
        ("go long only above the 200-day SMA", "Only take longs when price is above the 200-day SMA."),
        ("only short below the 200-day SMA", "Only take shorts when price is below the 200-day SMA."),
        (
            "longs only above the 200-day SMA, shorts only below it",
            "Only take longs when price is above the 200-day SMA. Only take shorts when price is below the 200-day SMA.",
        ),
    ],
)
def test_a_filter_of_one_side(turn, rest):
    assert meaning(CROSS.format(20, 50), turn) == meaning(f"{CROSS.format(20, 50)} {rest}")


def test_one_side_alone_keeps_the_pair_that_the_other_named():
    text = (
        "Go long when the 20-day EMA crosses above the 50-day EMA, go short when it crosses below. "
        "Sell when RSI(14) is above 70, cover when RSI(14) is below 30."
    )
    whole = "Go short when the 20-day EMA crosses below the 50-day EMA. Cover when RSI(14) is below 30."
    assert meaning(text, "only take the shorts") == meaning(whole)


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("make the limit 2% below the close", (2, 3)),
        ("change the limit to 2% below the close", (2, 3)),
        ("lower the limit to 2%", (2, 3)),
        ("limit 2% below instead", (2, 3)),
        ("keep the order for 5 bars", (1, 5)),
        ("good for 5 bars", (1, 5)),
    ],
)
def test_a_waiting_order_stands_elsewhere_and_lives_longer(turn, said):
    assert meaning(LIMIT.format(1, 3), turn) == meaning(LIMIT.format(*said))


@pytest.mark.parametrize(
    "turn",
    [
        "at market instead of the limit",
        "market order instead of the limit order",
        "change the order to a market order",
        "drop the limit order",
    ],
)
def test_a_waiting_order_becomes_one_at_the_market(turn):
    whole = "Buy when price closes below the lower Bollinger band. Sell when price closes above the middle band."
    assert meaning(LIMIT.format(1, 3), turn) == meaning(whole)


def test_a_stop_order_fills_the_entry():
    turned = meaning(BREAKOUT.format(20, 10), "enter with a stop order at the 20-day high")
    assert turned == meaning(BREAKOUT.format(20, 10), "use a buy stop at the 20-day high")


@pytest.mark.parametrize(
    ("turn", "levels"),
    [
        ("sell at 65", (30, 65)),
        ("what if the exit is at 80", (30, 80)),
        ("same but exit at 60", (30, 60)),
        ("the same strategy but sell at 60", (30, 60)),
        ("make the entry 25 and the exit 75", (25, 75)),
        ("entry 25, exit 75", (25, 75)),
        ("only when RSI is below 40", (40, 70)),
    ],
)
def test_levels_without_the_name_of_their_line(turn, levels):
    assert meaning(RSI.format(30, 70), turn) == meaning(RSI.format(*levels))


@pytest.mark.parametrize(
    ("turn", "lengths"),
    [
        ("use a 55-day breakout", (55, 10)),
        ("55-day high and 20-day low", (55, 20)),
        ("make the entry 40 and the exit 20", (40, 20)),
        ("entry 40, exit 20", (40, 20)),
    ],
)
def test_the_lengths_of_a_breakout(turn, lengths):
    assert meaning(BREAKOUT.format(20, 10), turn) == meaning(BREAKOUT.format(*lengths))


@pytest.mark.parametrize(
    ("turn", "far"), [("stop 25", (25, 40)), ("make the stop 25", (25, 40)), ("target 60", (20, 60))]
)
def test_a_stop_is_measured_as_it_was(turn, far):
    assert meaning(PIPS.format(20, 40), turn, context=EURUSD) == meaning(PIPS.format(*far), context=EURUSD)


@pytest.mark.parametrize(
    ("turn", "rest"),
    [
        ("only when ADX is above 15", "Only when ADX is above 15."),
        ("only enter if ADX is above 25", "Only when ADX is above 25."),
        ("only when ADX is below 40", "Only when ADX is above 20. Only when ADX is below 40."),
        ("add: MFI below 60", "Only when ADX is above 20. Only when MFI is below 60."),
        ("require MFI to be below 60", "Only when ADX is above 20. Only when MFI is below 60."),
        (
            "I want the MACD histogram to be rising",
            "Only when ADX is above 20. Only when the MACD histogram is rising.",
        ),
        ("exit after 15 days if nothing else", "Only when ADX is above 20. Exit after 15 days."),
        ("hold for 5 days only", "Only when ADX is above 20. Exit after 5 days."),
        ("same, but with a 10% target", "Only when ADX is above 20. 10% target."),
    ],
)
def test_a_filter_said_anew_takes_the_place_of_its_like(turn, rest):
    text = RSI.format(30, 70)
    assert meaning(f"{text} Only when ADX is above 20.", turn) == meaning(f"{text} {rest}")


TREND = "Buy when MACD crosses above its signal line and price is above the {}, sell when MACD crosses below its signal line."


@pytest.mark.parametrize(
    ("turn", "line"),
    [
        ("make the trend filter 100 days", "100-day EMA"),
        ("use a 150-day average for the trend filter", "150-day EMA"),
        ("use the 100-day SMA for the trend", "100-day SMA"),
        ("instead of the 200-day EMA use a 150-day SMA", "150-day SMA"),
        ("instead of the 200 EMA, use the 150 SMA", "150-day SMA"),
        ("SMAs please", "200-day SMA"),
        ("simple moving averages please", "200-day SMA"),
    ],
)
def test_the_line_of_the_trend(turn, line):
    assert meaning(TREND.format("200-day EMA"), turn) == meaning(TREND.format(line))


@pytest.mark.parametrize(
    ("turns"),
    [
        ["use RSI 7", "back to RSI 14"],
        ["make it 10 days", "go back to 14 days"],
        ["use a 3% stop", "back to the 5% stop"],
        ["use a 3% stop", "back to 5%"],
        ["use weekly bars", "back to daily bars"],
        ["now on EURUSD", "back to GOOG"],
    ],
)
def test_what_was_so_before_is_so_again(turns):
    anywhere = ReadingContext()
    text = f"{RSI.format(30, 70)} On GOOG, daily."
    assert meaning(text, *turns, context=anywhere) == meaning(text, context=anywhere)


@pytest.mark.parametrize(
    "turns",
    [
        [CROSS.format(20, 50), "go short instead"],  # it does both
        [LIMIT.format(1, 3), "go short instead of long"],  # the limit stands below
        [CROSS.format(20, 50), "make the trend filter 100 days"],
        [RSI.format(30, 70), "use the 100-day EMA for the trend"],
        [RSI.format(30, 70), "use a limit at 2%"],  # of what
        [RSI.format(30, 70), "lower the limit to 2%"],
        [RSI.format(30, 70), "stop 180"],
        [BREAKOUT.format(20, 10), "stop 5"],
        [BREAKOUT.format(20, 10), "sell at 65"],
        [RSI.format(30, 70), "SMAs please"],
        [RSI.format(30, 70), "flip the logic"],
        [RSI.format(30, 70), "add the short side"],
    ],
)
def test_what_may_be_meant_otherwise_is_asked(turns):
    assert read_turns(turns, context=GOOG).status == "needs_clarification"


def test_a_limit_at_a_percentage_is_no_price_in_a_first_text_either():
    text = "Buy with a limit order at 2% when RSI(14) is below 30. Sell when RSI(14) is above 70."
    assert read_turns([text], context=GOOG).status == "needs_clarification"
