"""Stops, targets, trails and limits of time as traders word them, each beside the plain words that it means."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

LONG = "Buy when the 10-day SMA crosses above the 30-day SMA. {} Sell when RSI(14) crosses above 71."
SHORT = "Go short when the 10-day SMA crosses below the 30-day SMA. {} Cover when RSI(14) crosses below 29."
BOTH = (
    "Buy when the 10-day SMA crosses above the 30-day SMA. Go short when the 10-day SMA crosses below the 30-day SMA. "
    "{} Sell when RSI(14) crosses above 71. Cover when RSI(14) crosses below 29."
)

OF_A_LONG = {
    "what a trail is left to do": [
        ("From there an 8% trailing stop manages the trade.", "8% trailing stop."),
        ("An 8% trailing stop takes it from there.", "8% trailing stop."),
        ("Let a trailing stop of 3 ATR(20) do the rest.", "Trailing stop of 3 ATR(20)."),
        ("From then on a 6% trailing stop takes care of the exit.", "6% trailing stop."),
    ],
    "a gain before a colon or an arrow": [
        ("4% stop. At +1R: stop to break-even.", "4% stop. Break-even after 1R."),
        ("4% stop. +1R: move to breakeven.", "4% stop. Break-even after 1R."),
        ("4% stop. After a 5% gain -> stop to break-even.", "4% stop. Break-even after 5%."),
        ("4% stop. 5% in the green and the stop comes up to my entry.", "4% stop. Break-even after 5%."),
    ],
    "a distance by its name": [
        ("Stop distance: 2.5 x ATR(20).", "Stop 2.5 ATR(20)."),
        ("4% stop, and a profit target twice as far away.", "4% stop. 2R target."),
        ("4% stop. Winners are closed at 2R.", "4% stop. 2R target."),
        ("Stop starts 4% below entry and trails 6% below the highest close.", "4% stop. 6% trailing stop."),
        ("With a hard 7% stop below.", "7% stop."),
    ],
    "from the entry, on the close": [
        ("Bail if down 4% from entry.", "Sell when price is 4% below the entry price."),
        ("Sell once it is up 4% from entry.", "Sell when price is 4% above the entry price."),
        (
            "Also get out if its 30 percent below my entry on the close.",
            "Sell when price is 30% below the entry price.",
        ),
    ],
    "a loss that ends the trade": [
        ("I get stopped if price moves 3 ATR against me.", "3 ATR stop."),
        ("The trade is stopped out 5% below the entry.", "5% stop."),
        ("Losses are cut at 6%.", "6% stop."),
        ("Never let a trade lose more than 5% from entry.", "5% stop."),
        ("Stop: entry less 4%.", "4% stop."),
    ],
    "the settings of an ATR stop": [
        ("ATR-based stop, multiplier 3, length 14.", "3 ATR(14) stop."),
        ("ATR stop with a multiplier of 3 and a length of 20.", "3 ATR(20) stop."),
        ("Stop based on ATR(10), multiple 2.", "2 ATR(10) stop."),
        ("The stop is ATR based: 2.5 times the 20-day ATR.", "2.5 ATR(20) stop."),
        ("5% stop. Trailing stop (ATR 14, 3x).", "5% stop. Trailing stop of 3 ATR(14)."),
    ],
    "where the stop lies": [
        ("Stop below the entry at the lower Bollinger Band.", "Stop at the lower Bollinger Band."),
        ("Stop under the low of the signal candle by 0.5 ATR.", "Stop 0.5 ATR below the low of the signal bar."),
    ],
    "what both are measured in, said once": [
        ("SL 30, TP 60 (in pips).", "30 pips stop, 60 pips target."),
        ("SL: 30 TP: 60 (pips)", "30 pips stop, 60 pips target."),
        ("Stop 3 and target 9, both in percent.", "3% stop, 9% target."),
        ("SL (pips): 30, TP (%): 2.", "30 pips stop, 2% target."),
        ("SL 30, TP 60 pips.", "30 pips stop, 60 pips target."),
        ("Stop 3, target 9%.", "3% stop, 9% target."),
        ("SL/TP: 30/60 pips", "30 pips stop, 60 pips target."),
    ],
    "a part taken on the close": [
        (
            "Take half off at +5% (rule on the close), the rest after 20 bars.",
            "Sell half when the open profit reaches 5%. Hold for at most 20 bars.",
        ),
        ("Sell a third at +4% on the close.", "Sell a third when the open profit reaches 4%."),
        ("Sell a third once up 4%, close basis.", "Sell a third when the open profit reaches 4%."),
    ],
    "nothing but a stop": [
        ("A 4% stop only, no target.", "4% stop."),
        ("A stop only, 4%.", "4% stop."),
        ("The only other way out is a 4% stop.", "4% stop."),
    ],
    "stop and target at once": [
        ("TP/SL: 9%/3%", "3% stop, 9% target."),
        ("Target and stop: 9% and 3%.", "3% stop, 9% target."),
        ("Attach a bracket of 3% stop and 9% target.", "3% stop, 9% target."),
        ("Exit either at the 4% stop or at the 8% target.", "4% stop, 8% target."),
        ("Stop 3% below entry and target 9% above it.", "3% stop, 9% target."),
    ],
    "what is won for what is risked": [
        ("4% stop. R:R of 2.", "4% stop. 2R target."),
        ("4% stop. Aim for three to one.", "4% stop. 3R target."),
        ("4% stop. Reward to risk of three.", "4% stop. 3R target."),
        ("4% stop. Take profit at three times what I risk.", "4% stop. 3R target."),
    ],
    "where the profit is taken": [
        ("4% stop. Close the winner at +8%.", "4% stop. 8% target."),
        ("4% stop. Target a gain of 8%.", "4% stop. 8% target."),
        ("4% stop. Take profit at 110% of entry.", "4% stop. 10% target."),
        ("4% stop. Exit with a limit order 8% above the entry.", "4% stop. 8% target."),
    ],
    "what trails": [
        ("Chandelier exit, 3 ATR(22).", "Trailing stop of 3 ATR(22)."),
        ("Use a 3 ATR chandelier exit.", "Trailing stop of 3 ATR."),
        ("Chandelier exit (22, 3).", "Trailing stop of 3 ATR(22)."),
        ("A chandelier stop with a period of 20 and a multiplier of 2.5.", "Trailing stop of 2.5 ATR(20)."),
        ("4% stop. My stop follows the close at a distance of 5%.", "4% stop. 5% trailing stop."),
        ("4% stop. Trailing stop, 5% off the highest close.", "4% stop. 5% trailing stop."),
        ("4% stop. Trailing stop 8%, right from the start.", "4% stop. 8% trailing stop."),
    ],
    "when the trail begins": [
        ("4% stop. Start trailing at 6% profit with a 3% trail.", "4% stop. After a 6% gain trail by 3%."),
        ("4% stop. Start a 3% trailing stop when the gain reaches 6%.", "4% stop. After a 6% gain trail by 3%."),
        ("4% stop. Only begin to trail when up 10%, then use 4%.", "4% stop. After a 10% gain trail by 4%."),
        ("4% stop. Once the profit is 6%, a trailing stop of 3% takes over.", "4% stop. After a 6% gain trail by 3%."),
        ("4% stop. From +6% on, trail by 3%.", "4% stop. After a 6% gain trail by 3%."),
        ("4% stop. Trail by 3% but only after the position has gained 6%.", "4% stop. After a 6% gain trail by 3%."),
    ],
    "until then another stop": [
        ("After an 8% gain trail by 5%. Until then a 6% stop.", "6% stop. After an 8% gain trail by 5%."),
        ("Start with a 6% stop, then trail by 5% after an 8% gain.", "6% stop. After an 8% gain trail by 5%."),
        ("Stop 6% until the trade is up 8%, then trail by 5%.", "6% stop. After an 8% gain trail by 5%."),
    ],
    "the stop comes to the entry": [
        ("4% stop. Once price is 1R above entry the stop moves to entry.", "4% stop. Break-even after 1R."),
        ("4% stop. Lock in breakeven after +3%.", "4% stop. Break-even after 3%."),
        ("4% stop. BE at 2%.", "4% stop. Break-even after 2%."),
        ("4% stop. Stop to BE after 1R.", "4% stop. Break-even after 1R."),
        ("4% stop. After a 4% move in my favour I move my stop to the entry.", "4% stop. Break-even after 4%."),
        ("4% stop. When profit reaches 5%, set the stop to breakeven.", "4% stop. Break-even after 5%."),
        ("4% stop. Make the trade risk free at +3%.", "4% stop. Break-even after 3%."),
    ],
    "how long a trade may last": [
        ("Get out after 15 bars if neither stop nor target has been hit.", "Hold for at most 15 bars."),
        ("Each trade has a 20 bar limit.", "Hold for at most 20 bars."),
        ("Trades get 15 bars.", "Hold for at most 15 bars."),
        ("Any trade still open after 15 bars is closed.", "Hold for at most 15 bars."),
        ("Exit no later than 12 days after entry.", "Hold for at most 12 days."),
        ("Hold 12 days, then sell.", "Hold for at most 12 days."),
        ("Exit within 12 bars of entry.", "Hold for at most 12 bars."),
    ],
}

OF_A_SHORT = [
    ("Short trades have their stop at the high of the signal candle.", "Stop at the high of the signal candle."),
    ("4% stop. For shorts, trail 5% above the lowest close.", "4% stop. 5% trailing stop."),
    ("For short trades use a 3% stop above the fill.", "3% stop."),
]

OF_BOTH = [
    ("For longs the stop is 3% below the entry, for shorts 3% above.", "3% stop."),
    ("Stop: 3% below entry for longs and 3% above entry for shorts.", "3% stop."),
    ("Long stop 2 ATR below entry; short stop 2 ATR above entry.", "2 ATR stop."),
    ("A 3% stop for longs and shorts alike.", "3% stop."),
    ("Both sides use a 0.8% trailing stop.", "0.8% trailing stop."),
    ("0.4% stop loss either way.", "0.4% stop."),
    ("2 ATR stop in either direction.", "2 ATR stop."),
    ("3% stop. The opposite signal turns the position around.", "3% stop."),
    ("3% stop. Every opposite signal flips the position.", "3% stop."),
    ("Both sides have a 3% stop and a 6% target.", "3% stop. 6% target."),
]

STAYS_ASKED = [
    (LONG, "For shorts the stop goes 2% above the entry."),
    (LONG, "4% stop. For shorts, trail 5% above the lowest close."),
    (BOTH, "For longs the stop is 3% below the entry, for shorts 5% above."),
    (BOTH, "Short trades use a 3% stop."),
    (LONG, "A 5% stop does the job well, or does it?"),
    (LONG, "My risk: 2 ATR."),
    (LONG, "4% stop. 1R: stop to break-even, or to 2R."),
    (LONG, "Chandelier exit."),
    (LONG, "Chandelier exit 3 ATR below the highest high since entry."),
    (LONG, "Chandelier exit of 5%, or 3 ATR."),
    (LONG, "Trailing stop (22, 3)."),
    (LONG, "4% stop. A stop only."),
    (LONG, "4% stop only on Fridays."),
    (LONG, "SL 30, TP 60."),
    (LONG, "Stop 2, target 3R."),
    (LONG, "Sell half at +5%. 4% stop."),
    (LONG, "ATR stop with length 14."),
    (LONG, "ATR(14) stop, length 20, 2x."),
    (LONG, "ATR-based stop, 5%."),
    (LONG, "Trailing stop 3x."),
    (LONG, "4% stop. Target 8 to 10%."),
    (LONG, "4% stop. Aim for two to three."),
    (LONG, "After a 2% gain trail by 10%. Until then a 3% stop."),
    (LONG, "Stop 6% until the trade is up 2%, then trail by 10%."),
    (LONG, "4% stop. Set the stop to breakeven."),
    (LONG, "4% stop. Use 20 bars."),
    (LONG, "Kill the trade after 12 bars if it's going nowhere."),
    (LONG, "4% stop. Trail 5% above the highest close."),
    (LONG, "4% stop. Sell half with a limit at 2R."),
    (LONG, "4% stop. Exit with a limit at $90."),
]


@pytest.mark.parametrize(
    ("said", "plain"),
    pairs(OF_A_LONG),
)
def test_a_wording_means_what_the_plain_words_say(said, plain):
    assert meaning(LONG.format(said)) == meaning(LONG.format(plain))


@pytest.mark.parametrize(("said", "plain"), OF_A_SHORT)
def test_a_stop_of_shorts_is_that_of_a_text_that_only_sells_short(said, plain):
    assert meaning(SHORT.format(said)) == meaning(SHORT.format(plain))


@pytest.mark.parametrize(("said", "plain"), OF_BOTH)
def test_stops_of_both_sides_that_are_alike_are_one(said, plain):
    assert meaning(BOTH.format(said)) == meaning(BOTH.format(plain))


@pytest.mark.parametrize(
    "said", ["The only exit is a 4% stop.", "A 4% stop only.", "Use only a 4% stop, no target.", "A stop only: 4%."]
)
def test_a_stop_that_is_said_to_be_all_is_the_way_out(said):
    entry = "Buy when the 10-day SMA crosses above the 30-day SMA. "
    assert meaning(entry + said) == meaning(f"{entry}4% stop. No other exit.")


def test_the_only_exits_are_each_of_them():
    entry = "Buy when the 10-day SMA crosses above the 30-day SMA. "
    said = "The only exits are a 4% stop and a 9% target."
    assert meaning(entry + said) == meaning(f"{entry}4% stop. 9% target.")


@pytest.mark.parametrize(("frame", "said"), STAYS_ASKED)
def test_what_is_said_of_another_side_or_only_half_stays_asked(frame, said):
    assert read_turns([frame.format(said)], context=GOOG).status != "complete"
