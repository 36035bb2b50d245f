"""The ways in which people name what they change: each turn beside the whole text that says the same.

The whole text is read anew, so a turn that changed anything else than what it says would show.
"""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")


def specs_of(turns, plain):
    changed = read_turns(turns, context=GOOG)
    assert changed.status == "complete", (changed.questions, changed.unresolved, changed.errors)
    whole = read_turns([plain], context=GOOG)
    assert whole.status == "complete", (whole.questions, whole.unresolved)
    return identity(changed.spec), identity(whole.spec)


def rsi(low=30, high=70, length=14, rest="5% stop. 12% target."):
    return f"Buy when RSI({length}) is below {low}, sell when RSI({length}) is above {high}. {rest}"


@pytest.mark.parametrize(
    "turn",
    [
        "the 30 becomes 25",
        "the 30 should be 25",
        "25, not 30",
        "not 30, 25",
        "30 is too high, use 25",
        "30 is way too loose, make it 25",
        "RSI under 25 please",
        "could we try RSI below 25",
        "what happens if RSI must be below 25",
        "RSI below 25, 30 is too loose",
        "buy below 25 instead of 30",
        "buy when RSI is below 25 instead of 30",
        "change it from 30 to 25",
        "bring the 30 down to 25",
        "because 30 is too loose, make it 25",
    ],
)
def test_a_level_is_named_by_its_number(turn):
    changed, whole = specs_of([rsi(), turn], rsi(low=25))
    assert changed == whole


@pytest.mark.parametrize(
    ("turn", "rest"),
    [
        ("4% stop instead of 5%", "4% stop. 12% target."),
        ("4% stop, not 5%", "4% stop. 12% target."),
        ("stop at 4% instead of 5", "4% stop. 12% target."),
        ("make the stop 4% because 5 is too wide", "4% stop. 12% target."),
        ("the stop is too wide, make it 4%", "4% stop. 12% target."),
        ("raise the target to 15%, 12 is too small", "5% stop. 15% target."),
        ("double the stop", "10% stop. 12% target."),
        ("no, make the stop 4%", "4% stop. 12% target."),
        ("hmm, take the stop out again and add a 10 bar time stop", "12% target. Exit after 10 bars."),
        ("size it so I risk 1% of equity per trade", "5% stop. 12% target. Risk 1% per trade."),
        ("cut the stop in half", "2.5% stop. 12% target."),
        ("switch the stop to 4%", "4% stop. 12% target."),
        ("scrap the stop, keep the rest", "12% target."),
        ("let's see it with a 4% stop", "4% stop. 12% target."),
        ("add 2 bps of spread", "5% stop. 12% target. Spread 0.02%."),
        ("halve the target", "5% stop. 6% target."),
        ("make the stop 4% please, I get nervous", "4% stop. 12% target."),
        ("that stop is too tight, use 8%", "8% stop. 12% target."),
        ("the target is too far, 10% is enough", "5% stop. 10% target."),
        ("I'd like an 8% stop instead", "8% stop. 12% target."),
        ("great, now make the stop 4%", "4% stop. 12% target."),
        ("one more thing: make the stop 4%", "4% stop. 12% target."),
        ("keep the target but lose the stop", "12% target."),
        ("take off the stop", "12% target."),
        ("instead of the target use a 6% trailing stop", "5% stop. 6% trailing stop."),
        ("raise the commission to 0.2%", "5% stop. 12% target. Commission 0.2%."),
        ("take the profit target off", "5% stop."),
        ("take the profit target out", "5% stop."),
        ("remove both the stop and the target", ""),
        ("put an 8% trailing stop on it", "5% stop. 12% target. 8% trailing stop."),
        ("add an 8% trailing stop to it", "5% stop. 12% target. 8% trailing stop."),
        ("give it an 8% trailing stop", "5% stop. 12% target. 8% trailing stop."),
        ("commission is 5 bps at my broker", "5% stop. 12% target. Commission 0.05%."),
    ],
)
def test_what_protects_a_trade_is_named_by_its_kind(turn, rest):
    changed, whole = specs_of([rsi(), turn], rsi(rest=rest))
    assert changed == whole


@pytest.mark.parametrize(
    "turn",
    [
        "change it from 14 to 7",
        "RSI 7 instead of RSI 14",
        "switch to RSI(7)",
        "RSI period 7",
        "RSI length 7",
        "make the RSI 7 periods instead of 14",
        "length 7 instead of 14",
    ],
)
def test_an_indicator_is_named_by_its_length(turn):
    changed, whole = specs_of([rsi(), turn], rsi(length=7))
    assert changed == whole


def cross(fast=20, slow=50, rest=""):
    return f"Buy when the {fast}-day SMA crosses above the {slow}-day SMA, sell when it crosses below. {rest}"


@pytest.mark.parametrize(
    ("turn", "plain"),
    [
        ("make those 10 and 30", cross(10, 30)),
        ("make those 10 and 30 days", cross(10, 30)),
        ("10 and 30 instead", cross(10, 30)),
        ("change those to EMAs, 10 and 30", cross(10, 30).replace("SMA", "EMA")),
        ("use the 10 and 30-day EMAs instead", cross(10, 30).replace("SMA", "EMA")),
        ("what about 10 and 30?", cross(10, 30)),
        ("with 10 and 30 days", cross(10, 30)),
        ("set them to 10 and 30", cross(10, 30)),
        ("change the lengths to 10 and 30", cross(10, 30)),
        ("fast one 10, slow one 30", cross(10, 30)),
        ("bump the 50 up to 100", cross(20, 100)),
        ("drop the 20 to 10", cross(10, 50)),
        ("double the lengths", cross(40, 100)),
        ("hmm, I meant the 100-day SMA, not the 50", cross(20, 100)),
        ("halve both lengths", cross(10, 25)),
    ],
)
def test_several_lengths_are_changed_in_the_order_in_which_they_stand(turn, plain):
    changed, whole = specs_of([cross(), turn], plain)
    assert changed == whole


@pytest.mark.parametrize(
    "turn",
    [
        "also go short when it crosses under, and cover when it crosses over",
        "also short when it crosses below, cover when it crosses above",
    ],
)
def test_the_other_side_of_the_pair_the_strategy_is_about(turn):
    rest = (
        "Go short when the 20-day SMA crosses below the 50-day SMA. "
        "Cover when the 20-day SMA crosses above the 50-day SMA."
    )
    changed, whole = specs_of([cross(), turn], cross(rest=rest))
    assert changed == whole


DONCHIAN = "Buy when price breaks above the {}-day high. Sell when price breaks below the {}-day low. Stop {} ATR."


@pytest.mark.parametrize(
    ("turn", "numbers"),
    [
        ("make those 55 and 20 days", (55, 20, 2)),
        ("change them to 55 and 20", (55, 20, 2)),
        ("the 20 becomes 55", (55, 10, 2)),
        ("swap the 20 for a 55", (55, 10, 2)),
        ("change the entry to the 55-day high and the exit to the 20-day low", (55, 20, 2)),
        ("3 ATR stop instead of 2", (20, 10, 3)),
        ("double the stop", (20, 10, 4)),
    ],
)
def test_highs_and_lows_have_lengths_too(turn, numbers):
    changed, whole = specs_of([DONCHIAN.format(20, 10, 2), turn], DONCHIAN.format(*numbers))
    assert changed == whole


BANDS = "Buy when price closes below the lower Bollinger Band({0}). Sell when it closes above the {1} band({0}). {2}"


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("sell at a close above the upper band instead of the middle one", ("20,2", "upper", "Buy 100 shares.")),
        ("sell when it closes above the upper band, not the middle one", ("20,2", "upper", "Buy 100 shares.")),
        ("deviations 2.5 instead of 2", ("20,2.5", "middle", "Buy 100 shares.")),
        ("make the bands 2.5 standard deviations", ("20,2.5", "middle", "Buy 100 shares.")),
        ("widen the bands to 2.5 deviations", ("20,2.5", "middle", "Buy 100 shares.")),
        ("200 shares, not 100", ("20,2", "middle", "Buy 200 shares.")),
        ("3 standard deviations instead of 2", ("20,3", "middle", "Buy 100 shares.")),
        ("halve the position size", ("20,2", "middle", "Buy 50 shares.")),
    ],
)
def test_a_line_takes_the_place_of_another_line(turn, said):
    changed, whole = specs_of([BANDS.format("20,2", "middle", "Buy 100 shares."), turn], BANDS.format(*said))
    assert changed == whole


TREND = "Buy when Supertrend({}) flips bullish and sell when it flips bearish. {}"
HELD = "Exit after 20 bars at the latest. Start with $10,000."


@pytest.mark.parametrize(
    ("turn", "plain"),
    [
        ("multiplier 2 instead of 4", TREND.format("7,2", HELD)),
        ("change the multiplier from 4 to 2", TREND.format("7,2", HELD)),
        ("use a 14-period Supertrend", TREND.format("14,4", HELD)),
        ("remove the 20 bar exit", TREND.format("7,4", "Start with $10,000.")),
        (
            "exit after 15 bars instead of 20",
            TREND.format("7,4", "Exit after 15 bars at the latest. Start with $10,000."),
        ),
        ("$25,000 instead of $10,000", TREND.format("7,4", "Exit after 20 bars at the latest. Start with $25,000.")),
    ],
)
def test_one_setting_of_an_indicator_leaves_the_others(turn, plain):
    changed, whole = specs_of([TREND.format("7,4", HELD), turn], plain)
    assert changed == whole


def macd(settings="12,26,9", rest="Only enter if ADX is above 20. Only trade on Mondays."):
    line, signal = f"MACD({settings})", f"the MACD({settings}) signal line"
    return f"Buy when {line} crosses above {signal}, sell when {line} crosses below {signal}. {rest}"


@pytest.mark.parametrize(
    ("turn", "plain"),
    [
        ("set the signal to 7", macd("12,26,7")),
        ("fast 8, slow 21", macd("8,21,9")),
        ("make it 8, 21 and 5", macd("8,21,5")),
        ("signal 7 instead of 9", macd("12,26,7")),
        ("ADX above 25", macd(rest="Only enter if ADX is above 25. Only trade on Mondays.")),
        ("raise the ADX filter to 25", macd(rest="Only enter if ADX is above 25. Only trade on Mondays.")),
        ("ADX above 25 instead of 20", macd(rest="Only enter if ADX is above 25. Only trade on Mondays.")),
        ("drop the Monday filter", macd(rest="Only enter if ADX is above 20.")),
        ("trade every day", macd(rest="Only enter if ADX is above 20.")),
        ("Fridays instead of Mondays", macd(rest="Only enter if ADX is above 20. Only trade on Fridays.")),
        ("only trade on Fridays", macd(rest="Only enter if ADX is above 20. Only trade on Fridays.")),
        ("drop ADX", macd(rest="Only trade on Mondays.")),
        ("drop the first filter", macd(rest="Only trade on Mondays.")),
    ],
)
def test_filters_and_signal_lines_are_changed_where_they_stand(turn, plain):
    changed, whole = specs_of([macd(), turn], plain)
    assert changed == whole


def filtered(entry, rest=""):
    return f"Buy when {entry}. Sell when RSI(14) is above 60. {rest}"


LOW, TRENDING, BUSY = "RSI(14) is below 35", "price is above the 200-day SMA", "volume is above its 50-day average"


@pytest.mark.parametrize(
    ("turn", "entry"),
    [
        ("drop the 200-day filter", f"{LOW} and {BUSY}"),
        ("drop the 200-day SMA filter", f"{LOW} and {BUSY}"),
        ("lose the 50-day filter", f"{LOW} and {TRENDING}"),
        ("remove the second condition", f"{LOW} and {BUSY}"),
        ("scrap the last condition", f"{LOW} and {TRENDING}"),
        ("drop the first condition", f"{TRENDING} and {BUSY}"),
        ("lose the trend filter", f"{LOW} and {BUSY}"),
        ("without volume", f"{LOW} and {TRENDING}"),
        ("remove the trend and volume filters", LOW),
        (
            "volume above its 20-day average instead of 50",
            f"{LOW} and {TRENDING} and volume is above its 20-day average",
        ),
        (
            "require the price above the 100-day SMA instead of the 200-day SMA",
            f"{LOW} and price is above the 100-day SMA and {BUSY}",
        ),
    ],
)
def test_a_condition_is_removed_by_its_length_or_its_place(turn, entry):
    changed, whole = specs_of([filtered(f"{LOW} and {TRENDING} and {BUSY}"), turn], filtered(entry))
    assert changed == whole


@pytest.mark.parametrize(
    ("turns", "order"),
    [
        (["instead of a market order use a buy limit 1% below the close"], "a buy limit 1% below the close"),
        (["don't buy at market, use a buy limit 1% below the close"], "a buy limit 1% below the close"),
        (["use a limit order 1% below the close instead"], "a buy limit 1% below the close"),
        (
            ["use a buy limit 1% below the close", "keep the order good for 3 bars"],
            "a buy limit 1% below the close good for 3 bars",
        ),
        (
            ["use a buy limit 1% below the close", "make the order good till cancelled"],
            "a buy limit 1% below the close good till cancelled",
        ),
    ],
)
def test_an_order_takes_the_place_of_the_market_order_and_the_conditions_stay(turns, order):
    whole = f"When RSI(14) is below 35, place {order}. Sell when RSI(14) is above 60."
    changed, plain = specs_of([filtered(LOW), *turns], whole)
    assert changed == plain


@pytest.mark.parametrize(
    ("base", "turn"),
    [
        (cross(), "30 is too tight, use 25"),
        (cross(), "make those 10, 20 and 30"),
        (cross(), "make those 50 and 20"),
        (cross(), "drop the 200-day filter"),
        (cross(), "drop the second condition"),
        (cross(), "multiplier 2"),
        (cross(), "keep the order good for 3 bars"),
        (cross(), "Fridays instead of Mondays"),
        (cross(), "4% stop instead of 5%"),
        (cross(), "double the size"),
        (rsi(), "6% stop instead of 4%"),
        (rsi(), "CCI above 25"),
        (rsi(), "sell when CCI is above 80 instead of 70"),
        (rsi(rest="Stop 30 pips."), "the 30 becomes 25"),
        (rsi(), "200 shares, not 100"),
        (rsi(rest="Buy for $5,000 each time."), "use $25,000 instead"),
        (cross(), "make the fast one 10 instead of 30"),
        (rsi(), "the stop is too wide"),
        (rsi(), "keep the trailing stop but lose the stop"),
        (rsi(), "exit at 65 instead of 80"),
        (rsi(), "change the levels to 25, 50 and 75"),
        (macd(), "ADX 25"),
        (cross(), "use a market order instead"),
        (cross(), "oversold at 25"),
        (cross(), "scrap that size"),
        (cross(), "also short on the death cross"),
        (BANDS.format("20,2", "middle", ""), "3 deviations instead of 2.5"),
        (TREND.format("7,4", ""), "Tuesdays instead of Mondays"),
        (f"{cross()} Trade AAPL.", "MSFT instead of TSLA"),
        (filtered(f"{LOW} and {TRENDING}"), "drop the 100-day SMA filter"),
        (filtered(LOW), "drop the first condition"),
        (TREND.format("10,3", "Stop 3 ATR."), "multiplier 2"),
        (TREND.format("10,3", "Exit after 10 bars."), "15 instead of 10"),
        (macd(rest="Only trade on Mondays and Tuesdays."), "only trade on Tuesdays and Fridays"),
        (DONCHIAN.format(20, 20, 2), "the 20 becomes 55"),
    ],
)
def test_what_may_be_meant_of_several_things_or_of_none_is_a_question(base, turn):
    reading = read_turns([base, turn], context=GOOG)
    assert reading.status == "needs_clarification"
    assert reading.questions


@pytest.mark.parametrize(
    ("turn", "levels"),
    [
        ("change the levels to 25 and 75", (25, 75)),
        ("oversold at 25", (25, 70)),
        ("overbought at 80", (30, 80)),
        ("make the thresholds 20/80", (20, 80)),
        ("exit at 65 instead of 70", (30, 65)),
        ("sell above 75 instead of 70", (30, 75)),
    ],
)
def test_levels_are_named_as_such(turn, levels):
    changed, whole = specs_of([rsi(), turn], rsi(*levels))
    assert changed == whole


SIZED = "Trade AAPL on the daily chart. Buy {} of equity when RSI(14) is below 30, sell when RSI(14) is above 70."


@pytest.mark.parametrize(
    ("turn", "plain"),
    [
        ("half of equity instead of a quarter", SIZED.format("half")),
        ("half of equity, not a quarter", SIZED.format("half")),
        ("MSFT instead of AAPL", SIZED.format("a quarter").replace("AAPL", "MSFT")),
        ("weekly instead of daily", SIZED.format("a quarter").replace("daily", "weekly")),
        ("same on the hourly chart", SIZED.format("a quarter").replace("daily", "hourly")),
        ("move it to the 4-hour chart", SIZED.format("a quarter").replace("daily", "4-hour")),
        ("try this on MSFT", SIZED.format("a quarter").replace("AAPL", "MSFT")),
    ],
)
def test_the_size_the_instrument_and_the_chart_are_changed_too(turn, plain):
    changed, whole = read_turns([SIZED.format("a quarter"), turn]), read_turns([plain])
    assert changed.status == whole.status == "complete", (changed.questions, whole.questions)
    assert identity(changed.spec) == identity(whole.spec)
    assert changed.spec.instruments == whole.spec.instruments


def test_a_limit_order_is_given_up_and_a_size_is_scrapped():
    limit = "When RSI(14) is below 35, place a buy limit 1% below the close. Sell when RSI(14) is above 60."
    changed, plain = specs_of([limit, "use a market order instead"], filtered(LOW))
    assert changed == plain
    changed, plain = specs_of(
        [filtered(LOW, "30% of equity per trade."), "scrap that size, use 100 shares"],
        filtered(LOW, "100 shares per trade."),
    )
    assert changed == plain


def test_the_short_side_as_the_mirror_image():
    changed, plain = specs_of(
        [cross(), "now trade the short side too, as the mirror image"], cross(rest="Mirror for shorts.")
    )
    assert changed == plain


@pytest.mark.parametrize("said", ["good for 3 bars", "keep the order good for 3 bars", "it is good for 3 bars"])
def test_how_long_the_order_lives_may_be_a_turn_of_its_own(said):
    order, leaving = "Buy limit 2% below the close when RSI(14) < 30", "Sell when RSI(14) > 70."
    whole = read_turns([f"{order}, good for 3 bars. {leaving}"])
    changed = read_turns([f"{order}. {leaving}", said])
    assert changed.status == "complete", changed.unresolved
    assert identity(changed.spec) == identity(whole.spec)
