"""Shorthand, declared indicators, setups and later changes of single numbers, each beside what it must come out as."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.spec_forms import atr, both, change, down, high, is_, low, pct, spec, times, up

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
BELOW, ABOVE = is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)
LEVELS = spec(BELOW, ABOVE)
RSI = "Buy when RSI(14) is below 30, sell when it is above 70."
TREND = is_("Close", ">", "SMA_200")
CROSS = spec(up("EMA_20", "EMA_50"), down("EMA_20", "EMA_50"))
TURTLE = "Buy when price breaks above the 20-day high, sell when price breaks below the 10-day low."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RSI(14)<30 -> long, RSI(14)>70 -> flat", LEVELS),
        ("RSI(14) < 30 AND close > SMA(200): BUY\nRSI(14) > 70: SELL\nSL=5%", spec(both(BELOW, TREND), ABOVE, risk={"stop_loss": pct(5)})),
        ("golden cross in, death cross out", spec(up("SMA_50", "SMA_200"), down("SMA_50", "SMA_200"))),
        ("long: 20ema x above 50ema. exit: 20ema x below 50ema", CROSS),
        ("RSI(14) <30 buy, >70 out, 200ma filter.", spec(BELOW, ABOVE, filters={"when": TREND})),
        ("RSI(14) < 30 buy; RSI(14) > 70 sell; only above 200 SMA", spec(BELOW, ABOVE, filters={"when": TREND})),
        ("Take the 20-day and the 50-day EMA. When the first crosses above the second, buy. When it crosses below it, sell.", CROSS),
        ("Buy on a cross of the 20 EMA above the 50 EMA. Sell when the 20 EMA crosses below the 50 EMA.", CROSS),
        ("Setup: close above SMA(200). Entry: RSI(14) below 30. Exit: RSI(14) above 70.", spec(BELOW, ABOVE, filters={"when": TREND})),
        ("Setup: RSI(14) below 30. Setup: close above SMA(200). Exit: RSI(14) above 70.", spec(both(BELOW, TREND), ABOVE)),
        ("if rsi is less then 30 buy and if rsi is more then 70 sell", LEVELS),
        ("Buy when RSI(14) is below 30 and volume is more than double its 20-day average. Sell when RSI(14) is above 70.", spec(both(BELOW, is_("Volume", ">", times("SMA_20_VOLUME", 2))), ABOVE)),
        ("On Mondays and Tuesdays only: buy when RSI(14) is below 30. Sell when RSI(14) is above 70.", spec(BELOW, ABOVE, filters={"weekdays": ["mon", "tue"]})),
        ("Buy when RSI(14) is below 30, sell when RSI(14) is above 70. Never risk more than 1% per trade, stop at 2 ATR.", spec(BELOW, ABOVE, risk={"stop_loss": atr(2)}, atrs=(14,), sizing={"type": "risk", "percent": 1})),
        ("buy when the 20 ema croses above the 50 ema, sell when the 20 ema croses below the 50 ema", CROSS),
        ("TL;DR buy when RSI(14) is below 30, sell when RSI(14) is above 70. Thanks in advance, Maria", LEVELS),
        ("**Setup**\n- RSI(14) below 30\n- close above SMA(200)\n\n**Exit**\n- RSI(14) above 70", spec(both(BELOW, TREND), ABOVE)),
        ("1) RSI(14) < 30\n2) Close > SMA(200)\n=> buy\nexit: RSI(14) > 70", spec(both(BELOW, TREND), ABOVE)),
        ("Step 1: price must be above the 200-day SMA.\nStep 2: buy when RSI(14) is below 30.\nStep 3: sell when RSI(14) is above 70.", spec(BELOW, ABOVE, filters={"when": TREND})),
        ("A long position shall be opened if RSI(14) is below 30. It is closed when RSI(14) is above 70.", LEVELS),
        ("enter longg if RSI(14) is below 30, sell when RSI(14) is above 70, traling stop 5%", spec(BELOW, ABOVE, risk={"trailing_stop": pct(5)})),
        ("Buy at the open when RSI(14) is below 30. Sell when RSI(14) is above 70.", LEVELS),
        ("Buy when RSI(14) is below 30, sell when RSI(14) is above 70. Not on Fridays.", spec(BELOW, ABOVE, filters={"weekdays": ["mon", "tue", "wed", "thu", "sat", "sun"]})),
        ("Buy when the 5 EMA > 20 EMA > 50 EMA. Sell when EMA(5) is below EMA(20).", spec(both(is_("EMA_5", ">", "EMA_20"), is_("EMA_20", ">", "EMA_50")), is_("EMA_5", "<", "EMA_20"))),
        ("Buy when EMA(5) is below EMA(20) < EMA(50). Sell when EMA(5) is above EMA(20).", spec(both(is_("EMA_5", "<", "EMA_20"), is_("EMA_20", "<", "EMA_50")), is_("EMA_5", ">", "EMA_20"))),
        ("Buy after three down days. Sell after three up days.", spec({"type": "falling", "value": "Close", "bars": 3}, {"type": "rising", "value": "Close", "bars": 3})),
        ("(1) If RSI(14) is below 30, buy. (2) If RSI(14) is above 70, sell. (3) Stop 5%.", spec(BELOW, ABOVE, risk={"stop_loss": pct(5)})),
        ("## Entry (all must hold)\n- [x] RSI(14) below 30\n- [x] Close > SMA(200)\n\n## Exit\n- [x] RSI(14) above 70", spec(both(BELOW, TREND), ABOVE)),
        ("*Buy* when **RSI(14)** is below *30*. *Sell* when **RSI(14)** is above *70*.", LEVELS),
        ("Buy on any of:\n- RSI(14) below 30\n- close above SMA(200)\n\nSell on any of:\n- RSI(14) above 70", spec({"type": "or", "of": [BELOW, TREND]}, ABOVE)),
        ("1. Wait for RSI(14) to be below 30.\n2. Wait for the close to be above SMA(200).\n3. Buy.\n4. Sell when RSI(14) is above 70.", spec(both(BELOW, TREND), ABOVE)),
        ("In when RSI(14) is below 30, out when it is above 70.", LEVELS),
        ("Buy 80 shares when RSI(14) is below 30. Sell all of them when RSI(14) is above 70.", spec(BELOW, ABOVE, sizing={"type": "units", "units": 80})),
        ("Buy when close > close 10 bars ago. Sell when RSI(14) is above 70.", spec(is_("Close", ">", {"type": "price", "field": "Close", "shift": 10}), ABOVE)),
        ("Buy when RSI(14) is below 30 and has been falling for 3 bars. Sell when RSI(14) is above 70.", spec(both(BELOW, {"type": "falling", "value": "RSI_14", "bars": 3}), ABOVE)),
        ("If the close drops below the 20-day low and then, within 8 bars, gets back above SMA(10), buy. Sell when RSI(14) is above 70.", spec({"type": "sequence", "first": down("Close", low(20)), "then": up("Close", "SMA_10"), "bars": 8}, ABOVE)),
        ("Buy when price is above its hundred-day moving average. Sell when RSI(14) is above 70. The stop goes 5% under the entry.", spec(is_("Close", ">", "SMA_100"), ABOVE, risk={"stop_loss": pct(5)})),
        ("Buy when RSI(14) is below 30. The stop is $10 under the entry and the target is $25 over it.", spec(BELOW, risk={"stop_loss": {"type": "price_distance", "value": 10}, "take_profit": {"type": "price_distance", "value": 25}})),
        ("Follow the RSI(14): long when it is below 30, out when it is above 70.", LEVELS),
        ("Risk: 1% of equity per trade. Stop: 5%. Entry: RSI(14) below 30. Exit: RSI(14) above 70.", spec(BELOW, ABOVE, risk={"stop_loss": pct(5)}, sizing={"type": "risk", "percent": 1})),
        (
            "Buy on a 3% one-day drop. Sell after 5 bars.",
            spec(is_(change(1), "<=", -3), risk={"max_bars": 5}),
        ),
        (
            "Buy when %K crosses above %D and both are below 20. Sell when %K rises above 80.",
            spec(
                both(up("STOCH_K_14_3_3", "STOCH_D_14_3_3"), is_("STOCH_K_14_3_3", "<", 20), is_("STOCH_D_14_3_3", "<", 20)),
                up("STOCH_K_14_3_3", 80),
            ),
        ),
        (
            f"{RSI} Close a quarter of the position once it is up 5%.",
            spec(BELOW, ABOVE, exits=({"side": "long", "portion": 0.25, "when": is_({"type": "open_profit_pct"}, ">=", 5)},)),
        ),
    ],
)  # fmt: skip
def test_shorthand_comes_out_as_what_it_means(text, wanted):
    reading = read_text(text, context=GOOG)
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    assert identity(reading.spec) == identity(wanted)


@pytest.mark.parametrize(
    ("turns", "wanted"),
    [
        ([RSI, "30 -> 25"], spec(is_("RSI_14", "<", 25), ABOVE)),
        ([RSI, "instead of 30 use 25"], spec(is_("RSI_14", "<", 25), ABOVE)),
        ([RSI, "RSI 2 instead of 14"], spec(is_("RSI_2", "<", 30), is_("RSI_2", ">", 70))),
        ([RSI, "sell at 80 instead of 70"], spec(BELOW, is_("RSI_14", ">", 80))),
        ([RSI, "make it 25 and 65"], spec(is_("RSI_14", "<", 25), is_("RSI_14", ">", 65))),
        ([f"{RSI} 5% stop.", "ditch the stop"], LEVELS),
        ([f"{RSI} 5% stop.", "make it 8%"], spec(BELOW, ABOVE, risk={"stop_loss": pct(8)})),
        ([f"{RSI} 5% stop.", "swap the stop for a 10% trailing stop"], spec(BELOW, ABOVE, risk={"trailing_stop": pct(10)})),
        ([f"{RSI} 5% stop.", "use a 2 ATR stop instead of the 5% one"], spec(BELOW, ABOVE, risk={"stop_loss": atr(2)}, atrs=(14,))),
        ([f"{RSI} Only enter when ADX is above 20.", "raise the ADX threshold to 25"], spec(BELOW, ABOVE, filters={"when": is_("ADX_14", ">", 25)})),
        ([f"{RSI} Only enter when ADX is above 20.", "ADX above 25 instead"], spec(BELOW, ABOVE, filters={"when": is_("ADX_14", ">", 25)})),
        ([RSI, "buy 100 shares each time"], spec(BELOW, ABOVE, sizing={"type": "units", "value": 100})),
        ([RSI, "set commission to 5 bps"], spec(BELOW, ABOVE, execution={"commission": {"type": "rate", "value": 0.0005}})),
        ([TURTLE, "change the 20 to 55 and the 10 to 20"], spec(up("Close", high(55)), down("Close", low(20)))),
        ([TURTLE, "change the 10 to 20 and the 20 to 55"], spec(up("Close", high(55)), down("Close", low(20)))),
        ([TURTLE, "make it the 55-day high"], spec(up("Close", high(55)), down("Close", low(10)))),
        (
            ["Buy after 3 consecutive lower closes, sell when RSI(14) is above 70", "make that 4 lower closes"],
            spec({"type": "falling", "value": "Close", "bars": 4}, ABOVE),
        ),
        (
            ["Buy when RSI(14) is below 30, sell when the close is above the upper Bollinger band", "use 2.5 standard deviations"],
            spec(BELOW, is_("Close", ">", "BB_UPPER_20_2p5")),
        ),
    ],
    ids=lambda value: " | ".join(value[1:]) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_number_or_a_part_changed_in_few_words_gives_the_changed_spec(turns, wanted):
    reading = read_turns(turns, context=GOOG)
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    assert identity(reading.spec) == identity(wanted)


@pytest.mark.parametrize(
    "turns",
    [
        ["Buy when RSI(14) is below 30, sell when RSI(5) is above 30", "30 -> 25"],
        [f"{RSI} 5% stop, 5% target.", "change the 5% to 8%"],
        [f"{RSI} 5% stop, 10% target.", "make it 8%"],
        [RSI, "swap the stop for a 10% trailing stop"],
        ["RSI(14) < 30 buy, > 70 out, short above 80, cover below 50, 200ma filter."],
        ["Trade both directions. " + RSI],
        ["Setup: a doji."],
        ["Buy when RSI(14) is below $30. Sell when RSI(14) is above 70."],
    ],
)
def test_what_may_mean_several_things_is_asked_about(turns):
    assert read_turns(turns, context=GOOG).status != "complete"


@pytest.mark.parametrize("reversal", ["go short on the opposite cross", "flip short on the opposite cross"])
def test_an_entry_on_the_opposite_cross_mirrors_the_other_side_s(reversal: str) -> None:
    reading = read_text(f"Buy when EMA 20 crosses above EMA 50; {reversal}.", context=GOOG)
    assert reading.spec is not None
    long, short = reading.spec.entry_rules
    assert (long.side, long.when.type, short.side, short.when.type) == ("long", "cross_above", "short", "cross_below")


@pytest.mark.parametrize(
    "text",
    [
        "Buy when EMA 5 > EMA 20 < EMA 50. Sell after 5 bars.",
        "Buy when 30 < 40 < RSI(14). Sell after 5 bars.",
        "Buy when RSI(14) is below 30; go short on the opposite cross.",
        "Go short on the opposite cross. Cover after 5 bars.",
    ],
)
def test_a_chain_that_turns_round_and_an_opposite_of_nothing_are_asked_about(text: str) -> None:
    assert read_text(text, context=GOOG).status == "needs_clarification"


@pytest.mark.parametrize(
    "text",
    [
        "Entry:\n- [x] RSI(14) below 30\n- [ ] Close > SMA(200)\n\nExit: RSI(14) above 70.",
        "Buy when the close is above the upper Bollinger band and RSI(14) is above 70. Sell when it drops below.",
        "Buy when RSI(14) is above 70 or the close is above SMA(50). Sell when it drops below.",
        "Risk management: 1% of equity per trade, 5% stop. Entry: RSI(14) below 30. Exit: RSI(14) above 70.",
        "Risk:\n- 1% of equity\n- 5% stop\n\nEntry: RSI(14) below 30. Exit: RSI(14) above 70.",
        "## Risk\n- 2% of the account\n- 5% stop\n\n## Entry\n- RSI(14) below 30\n\n## Exit\n- RSI(14) above 70",
    ],
)
def test_what_may_be_a_risk_or_a_size_and_a_list_half_ticked_are_asked_about(text: str) -> None:
    """Each was read as one of two things that it may mean."""
    assert read_text(text, context=GOOG).status == "needs_clarification"


def test_within_so_many_bars_belongs_to_a_move_before_it_belongs_to_an_order() -> None:
    order = "Place a buy limit 1% below the close when the price is up 4%"
    within = read_text(f"{order} within 5 bars. Sell after 5 bars.", context=GOOG)
    over = read_text(f"{order} over 5 bars. Sell after 5 bars.", context=GOOG)
    assert within.spec is not None
    assert over.spec is not None
    assert identity(within.spec) == identity(over.spec)


def test_a_large_share_under_a_heading_of_risk_is_the_position_s_size() -> None:
    text = "## Risk\n- 25% of equity\n- 5% stop\n\n## Entry\n- RSI(14) below 30\n\n## Exit\n- RSI(14) above 70"
    reading = read_text(text, context=GOOG)
    assert reading.spec is not None
    assert reading.spec.sizing.model_dump() == {"type": "fraction", "value": 0.25}
