"""Sentences that change a strategy: each gives the spec that the whole text would have given."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.spec_forms import atr, change, down, is_, pct, spec, up

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RSI = "Buy when RSI(14) is below 30, sell when RSI is above 70"
CROSS = "Buy when the 20-day SMA crosses above the 50-day SMA, sell when it crosses below. 5% stop."
BELOW, ABOVE = is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)
TWO_ENTRIES = f"{RSI}. Also buy when the close crosses above the 50-day SMA."
EXIT_LINE = "exit below the 10-day SMA instead of the 20-day one"
DROP = "Buy when price drops 3% in a day, sell after 5 bars"
GOLDEN = (up("SMA_20", "SMA_50"), down("SMA_20", "SMA_50"))
STOP_AND_TARGET = spec(GOLDEN[0], None, risk={"stop_loss": pct(5), "take_profit": pct(10)})


@pytest.mark.parametrize(
    ("turns", "wanted"),
    [
        ([RSI, "use a 10-period RSI instead"], spec(is_("RSI_10", "<", 30), is_("RSI_10", ">", 70))),
        ([RSI, "change the RSI period to 10"], spec(is_("RSI_10", "<", 30), is_("RSI_10", ">", 70))),
        ([RSI, "change 30 to 25"], spec(is_("RSI_14", "<", 25), ABOVE)),
        ([RSI, "use 80 instead of 70"], spec(BELOW, is_("RSI_14", ">", 80))),
        ([RSI, "make it a 2% stop"], spec(BELOW, ABOVE, risk={"stop_loss": pct(2)})),
        ([RSI, "3% stop", "make it a 2% stop"], spec(BELOW, ABOVE, risk={"stop_loss": pct(2)})),
        ([RSI, "10% target", "make that a 20% target"], spec(BELOW, ABOVE, risk={"take_profit": pct(20)})),
        ([RSI, "3% trailing stop", "make it a 2% trailing stop"], spec(BELOW, ABOVE, risk={"trailing_stop": pct(2)})),
        ([RSI, "3% stop", "change it to a 2% stop"], spec(BELOW, ABOVE, risk={"stop_loss": pct(2)})),
        ([RSI, "3% trailing stop", "make it a 2% stop"], None),
        ([RSI, "3% stop", "make it a 2% trailing stop"], None),
        ([RSI, "add a 5% stop"], spec(BELOW, ABOVE, risk={"stop_loss": pct(5)})),
        (
            [RSI, "add a 5% stop and a 10% target"],
            spec(BELOW, ABOVE, risk={"stop_loss": pct(5), "take_profit": pct(10)}),
        ),
        ([RSI, "only enter if ADX is above 20"], spec(BELOW, ABOVE, filters={"when": is_("ADX_14", ">", 20)})),
        ([RSI, "only trade on Mondays"], spec(BELOW, ABOVE, filters={"weekdays": ["mon"]})),
        (
            [RSI, "use 25% of equity per trade", "make it 50% of equity per trade"],
            spec(BELOW, ABOVE, sizing={"type": "fraction", "value": 0.5}),
        ),
        ([RSI, "make it 200 shares per trade"], spec(BELOW, ABOVE, sizing={"type": "units", "value": 200})),
        (
            [RSI, "3% stop", "tighten the stop to 2%"],
            spec(BELOW, ABOVE, risk={"stop_loss": {"type": "percent", "value": 2}}),
        ),
        (
            [RSI, "3% stop", "widen the stop to 5%"],
            spec(BELOW, ABOVE, risk={"stop_loss": {"type": "percent", "value": 5}}),
        ),
        (
            [RSI, "3% stop", "replace the stop with an 8% trailing stop"],
            spec(BELOW, ABOVE, risk={"trailing_stop": {"type": "percent", "value": 8}}),
        ),
        ([RSI, "only enter if ADX is above 20", "drop the ADX filter"], spec(BELOW, ABOVE)),
        ([RSI, "drop the ADX filter"], None),
        ([RSI, "sell when RSI is above 80 instead"], spec(BELOW, is_("RSI_14", ">", 80))),
        ([RSI, "instead, sell when RSI is above 80"], spec(BELOW, is_("RSI_14", ">", 80))),
        ([RSI, "sell when RSI is above 80"], None),
        (
            [RSI, "also sell when CCI is above 100"],
            spec(BELOW, ABOVE, exits=({"side": "long", "when": is_("CCI_20", ">", 100)},)),
        ),
        ([RSI, "sell when RSI is above 80 and also CCI is above 100"], None),
        ([RSI, "also go short when CCI is above 100"], spec(BELOW, ABOVE, short=is_("CCI_20", ">", 100), cover=None)),
        (
            [
                "Buy when price is above the 50-day SMA, sell when RSI is above 70",
                "replace the 50-day SMA with a 100-day EMA",
            ],
            spec(is_("Close", ">", "EMA_100"), ABOVE),
        ),
        (
            ["Buy when price is above the 50-day SMA, sell when RSI is above 70", "use EMA instead of SMA"],
            spec(is_("Close", ">", "EMA_50"), ABOVE),
        ),
        (
            [RSI, "no new trades on Mondays"],
            spec(BELOW, ABOVE, filters={"weekdays": ["tue", "wed", "thu", "fri", "sat", "sun"]}),
        ),
        ([RSI, "use 25% of equity per trade"], spec(BELOW, ABOVE, sizing={"type": "fraction", "value": 0.25})),
        ([RSI, "wait 5 bars after every exit before a new entry"], spec(BELOW, ABOVE, filters={"cooldown_bars": 5})),
        (
            [RSI, "with $25k and 5 bps commission"],
            spec(BELOW, ABOVE, execution={"cash": 25000, "commission": {"type": "rate", "value": 0.0005}}),
        ),
        (
            [CROSS, "make both of them EMAs"],
            spec(up("EMA_20", "EMA_50"), down("EMA_20", "EMA_50"), risk={"stop_loss": pct(5)}),
        ),
        (
            [CROSS, "change the SMA to an EMA"],
            spec(up("EMA_20", "EMA_50"), down("EMA_20", "EMA_50"), risk={"stop_loss": pct(5)}),
        ),
        ([CROSS, "make the stop 2.5 ATR instead"], spec(*GOLDEN, risk={"stop_loss": atr(2.5)}, atrs=(14,))),
        ([CROSS, "remove the stop"], spec(*GOLDEN)),
        ([CROSS, "no stop"], spec(*GOLDEN)),
        (
            [CROSS, "and a trailing stop of 10% on top of it, whichever is tighter"],
            spec(*GOLDEN, risk={"stop_loss": pct(5), "trailing_stop": pct(10)}),
        ),
        ([CROSS, "add a 6% stop"], spec(*GOLDEN, risk={"stop_loss": pct(6)})),
        ([CROSS, "use a 10% stop instead"], spec(*GOLDEN, risk={"stop_loss": pct(10)})),
        ([RSI, "3% trailing stop", "use a 10% stop instead"], None),
        ([RSI, "trail a 3% stop"], spec(BELOW, ABOVE, risk={"trailing_stop": pct(3)})),
        ([RSI, "3% trailing stop", "tighten the trail to 2%"], spec(BELOW, ABOVE, risk={"trailing_stop": pct(2)})),
        ([RSI, "3% trailing stop", "widen the trail to 4%"], spec(BELOW, ABOVE, risk={"trailing_stop": pct(4)})),
        ([CROSS, "tighten the trail to 2%"], None),
        ([CROSS, "take the stop away again"], spec(*GOLDEN)),
        ([CROSS, "take the target away"], None),
        ([TWO_ENTRIES, "drop the second entry"], spec(BELOW, ABOVE)),
        ([TWO_ENTRIES, "remove the first entry rule"], spec(up("Close", "SMA_50"), ABOVE)),
        ([TWO_ENTRIES, "remove the entry"], None),
        ([RSI, "drop the second entry"], None),
        ([CROSS, "remove the exit rule and add a 10% target"], STOP_AND_TARGET),
        ([CROSS, "drop the sell rule and use a 10% target instead"], STOP_AND_TARGET),
        ([RSI, "sell half when RSI is above 60", "drop that half exit again"], spec(BELOW, ABOVE)),
        ([RSI, "sell half when RSI is above 60", "remove the partial exit"], spec(BELOW, ABOVE)),
        ([RSI, "sell half when RSI is above 60", "remove the exit"], None),
        ([RSI, "remove the partial exit"], None),
        (
            ["Buy when price is above the 50-day SMA, sell when price is below the 20-day SMA", EXIT_LINE],
            spec(is_("Close", ">", "SMA_50"), is_("Close", "<", "SMA_10")),
        ),
        ([DROP, "make it 4%"], spec(is_(change(1), "<=", -4), None, risk={"max_bars": 5})),
        ([DROP, "make it 4% and 8 bars"], spec(is_(change(1), "<=", -4), None, risk={"max_bars": 8})),
        ([f"{DROP}. 5% stop", "make it 4%"], None),
        (["Buy when price drops 3% in a day, sell when price rises 3% in a day", "make it 4%"], None),
    ],
)
def test_an_edit_gives_the_changed_spec(turns, wanted):
    reading = read_turns(turns, context=GOOG)
    if wanted is None:
        assert reading.status != "complete"
        return
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    assert identity(reading.spec) == identity(wanted)


BOTH_SIDES = f"{RSI}. Short when RSI(14) is above 80, cover when RSI(14) is below 50."
TREND = is_("Close", ">", "SMA_200")


@pytest.mark.parametrize(
    ("turns", "wanted"),
    [
        ([RSI, "change the exit level to 65"], spec(BELOW, is_("RSI_14", ">", 65))),
        ([RSI, "lower the entry to 25"], spec(is_("RSI_14", "<", 25), ABOVE)),
        ([RSI, "what if the exit is 80?"], spec(BELOW, is_("RSI_14", ">", 80))),
        ([RSI, "exit at 65 instead"], spec(BELOW, is_("RSI_14", ">", 65))),
        (
            ["Buy when RSI is oversold, sell when RSI is overbought", "change the exit level to 65"],
            spec(BELOW, is_("RSI_14", ">", 65)),
        ),
        ([RSI, "use 10 days instead"], spec(is_("RSI_10", "<", 30), is_("RSI_10", ">", 70))),
        ([RSI, "make it 10 days"], spec(is_("RSI_10", "<", 30), is_("RSI_10", ">", 70))),
        ([RSI, "use 10 days instead of 14"], spec(is_("RSI_10", "<", 30), is_("RSI_10", ">", 70))),
        ([RSI, "how about RSI 10?"], spec(is_("RSI_10", "<", 30), is_("RSI_10", ">", 70))),
        ([RSI, "what if we used a 5% stop?"], spec(BELOW, ABOVE, risk={"stop_loss": pct(5)})),
        ([RSI, "add a 5% stop", "undo"], spec(BELOW, ABOVE)),
        ([RSI, "add a 5% stop", "add a 10% target", "undo that"], spec(BELOW, ABOVE, risk={"stop_loss": pct(5)})),
        ([RSI, "add a 5% stop", "add a 10% target", "undo", "undo"], spec(BELOW, ABOVE)),
        ([RSI, "make it nicer", "undo"], spec(BELOW, ABOVE)),
        ([BOTH_SIDES, "make it short only"], spec(short=is_("RSI_14", ">", 80), cover=is_("RSI_14", "<", 50))),
        ([BOTH_SIDES, "no shorts"], spec(BELOW, ABOVE)),
        (
            [f"{RSI}. 5% stop.", "remove the stop and add a 10% target"],
            spec(BELOW, ABOVE, risk={"take_profit": pct(10)}),
        ),
        ([f"{RSI}. No stop.", "add a 5% stop"], spec(BELOW, ABOVE, risk={"stop_loss": pct(5)})),
        (
            [
                "Buy when RSI(14) is below 30 and volume is above its 20-day average, sell when RSI is above 70",
                "drop the volume filter",
            ],
            spec(BELOW, ABOVE),
        ),
        (
            [
                "Buy when RSI(14) is below 30 and price is above the 200-day SMA, sell when RSI is above 70",
                "remove the trend filter",
            ],
            spec(BELOW, ABOVE),
        ),
        (
            [
                f"{RSI}. Only enter if ADX is above 20. Only enter when volume is above its 20-day average.",
                "drop the volume filter",
            ],
            spec(BELOW, ABOVE, filters={"when": is_("ADX_14", ">", 20)}),
        ),
        ([RSI, "also require price above the 200-day SMA"], spec(BELOW, ABOVE, filters={"when": TREND})),
        ([RSI, "add a filter: price above the 200-day SMA"], spec(BELOW, ABOVE, filters={"when": TREND})),
        ([RSI, "not on Fridays"], spec(BELOW, ABOVE, filters={"weekdays": ["mon", "tue", "wed", "thu", "sat", "sun"]})),
        ([RSI, "replace the exit with a 10% trailing stop"], spec(BELOW, risk={"trailing_stop": pct(10)})),
        (
            [RSI, "add an exit when price is below the 200-day SMA"],
            spec(BELOW, ABOVE, exits=({"side": "long", "when": is_("Close", "<", "SMA_200")},)),
        ),
        (
            [f"{RSI}. Commission $5 per order.", "commission 5 bps"],
            spec(BELOW, ABOVE, execution={"commission": {"type": "rate", "value": 0.0005}}),
        ),
        (
            [CROSS, "use 10 and 30 instead"],
            spec(up("SMA_10", "SMA_30"), down("SMA_10", "SMA_30"), risk={"stop_loss": pct(5)}),
        ),
        (
            [CROSS, "change the 50-day SMA to 100"],
            spec(up("SMA_20", "SMA_100"), down("SMA_20", "SMA_100"), risk={"stop_loss": pct(5)}),
        ),
        (
            [CROSS, "change the fast one to 10"],
            spec(up("SMA_10", "SMA_50"), down("SMA_10", "SMA_50"), risk={"stop_loss": pct(5)}),
        ),
        ([CROSS, "use EMAs"], spec(up("EMA_20", "EMA_50"), down("EMA_20", "EMA_50"), risk={"stop_loss": pct(5)})),
    ],
    ids=lambda value: " | ".join(value[1:]) if isinstance(value, list) else "",
)
def test_a_change_in_few_words_gives_the_changed_spec(turns, wanted):
    reading = read_turns(turns, context=GOOG)
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    assert identity(reading.spec) == identity(wanted)


def test_every_word_of_a_turn_that_was_taken_back_is_noise():
    reading = read_turns([RSI, "add a 5% stop", "undo"], context=GOOG)
    taken_back = [reading.text[start:end] for start, end in reading.noise]
    assert taken_back[-5:] == ["add", "a", "5", "%", "stop", "undo"][-5:]


@pytest.mark.parametrize(
    ("turns", "what"),
    [
        ([RSI, "make it short only"], "no short entry"),
        ([RSI, "undo"], "not understood"),
        ([CROSS, "use 10 days instead"], "which length"),
        ([RSI, "use 20 instead"], "not understood"),
        ([f"{RSI}. Short when RSI is above 80, exit when RSI is below 50.", "long only"], "which exits are left"),
        ([CROSS, "change the exit level to 65"], "no numbers"),
        ([RSI, "drop the volume filter"], "no such filter"),
        ([f"{RSI}. Only enter if ADX is above 20. Only enter if CCI is above 0.", "remove the filter"], "which filter"),
    ],
)
def test_a_change_without_its_object_says_what_is_missing(turns, what):
    reading = read_turns(turns, context=GOOG)
    assert reading.status == "needs_clarification"
    assert what in reading.unresolved[-1].reason


@pytest.mark.parametrize(
    ("turn", "symbol", "timeframe"),
    [
        ("now on EURUSD", "EURUSD", "1d"),
        ("run it on BTCUSD", "BTCUSD", "1d"),
        ("switch to the 4-hour chart", None, "4h"),
    ],
)
def test_a_turn_may_move_the_strategy_to_another_chart(turn, symbol, timeframe):
    reading = read_turns([RSI, turn])
    assert reading.status == "complete", (reading.questions, reading.unresolved)
    assert (reading.spec.instruments, reading.spec.timeframe) == ((symbol,) if symbol else (), timeframe)


def test_an_edit_of_the_chart_holds_where_the_request_says_nothing():
    reading = read_turns([RSI, "now on hourly EURUSD"])
    assert (reading.spec.instruments, reading.spec.timeframe) == (("EURUSD",), "1h")


@pytest.mark.parametrize(
    "turn",
    [
        "make it better",
        "use a 10-period SMA instead",
        "remove the target",
        "change 55 to 60",
        "make it faster",
        "use a different exit",
        "undo that",
    ],
)
def test_an_edit_that_is_not_clear_changes_nothing_and_is_asked_about(turn):
    reading = read_turns([CROSS, turn], context=GOOG)
    assert reading.status == "needs_clarification"
    assert reading.questions


def test_a_second_exit_is_asked_about():
    turns = [RSI, "sell when price crosses below the 50-day SMA"]
    question = read_turns(turns, context=GOOG).questions[0]
    assert question.topic == "edit"
    replaced = read_turns(turns, context=GOOG, answers={question.id: "replace"})
    assert identity(replaced.spec) == identity(spec(BELOW, down("Close", "SMA_50")))
    added = read_turns(turns, context=GOOG, answers={question.id: "add"})
    assert len(added.spec.exit_rules) == 2


def test_the_provenance_of_an_edited_strategy_holds_all_turns():
    reading = read_turns([RSI, "add a 5% stop"], context=GOOG)
    provenance = reading.spec.provenance
    assert provenance.source == "edit"
    span = next(span for span in provenance.spans if span.path == "/risk/stop_loss")
    assert provenance.text[span.start : span.end] == "5% stop"


def test_the_bars_of_a_strategy_are_changed_in_its_place():
    reading = read_turns([RSI, "use weekly bars instead"])
    assert reading.status == "complete"
    assert reading.spec is not None
    assert reading.spec.timeframe == "1w"
