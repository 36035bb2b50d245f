"""Everyday forms of whole strategies, each beside the plain text that says the same."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) drops below 30. Sell when RSI(14) rises above 70."
ENTRY = "Buy when RSI(14) < 30."


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("go lng when rsi(14) drops under 30, sel whne it gets over 70, stop los 5%", f"{RULES} 5% stop loss."),
        ("Teh idea is simple: buy when RSI(14) drops belwo 30, sell when it rises abvoe 70.", RULES),
        (f"My plan for GOOG: {RULES}", RULES),
        (f"Plan: long only. {RULES}", RULES),
        (f"I only trade longs. {RULES}", RULES),
        (f"{RULES} Only one position. Pyramiding off.", RULES),
        (f"{RULES} 10% position size.", f"{RULES} Position size 10%."),
        (f"{ENTRY} Exit: 2 ATR trailing stop.", f"{ENTRY} Trailing stop 2 ATR."),
        (f"{ENTRY} Exit: hold 5 days.", f"{ENTRY} Hold 5 days."),
        (f"{RULES} Max 20 bars in a trade.", f"{RULES} Hold for at most 20 bars."),
        (f"{ENTRY} Exit at a close below the 20-day low.", f"{ENTRY} Exit when price closes below the 20-day low."),
        (f"{ENTRY} Sell on the first up day.", f"{ENTRY} Sell when the close is rising for 1 bar."),
        (
            "Buy on bullish engulfing below the 20-day SMA. Sell when RSI(14) > 70.",
            "Buy on bullish engulfing when close is below the 20-day SMA. Sell when RSI(14) > 70.",
        ),
        (
            "Buy on a pullback: RSI(4) below 20 while price stays above SMA(100). Sell when RSI(4) > 55.",
            "Buy when RSI(4) < 20 and close > SMA(100). Sell when RSI(4) > 55.",
        ),
        (
            "Buy if RSI(14) crosses above 30 within 3 days of touching the lower Bollinger Band. Sell at RSI 70.",
            "Buy when price touches the lower Bollinger Band, then within 3 days RSI(14) crosses above 30. "
            "Sell at RSI 70.",
        ),
        (
            "Buy when the Stochastic (5,3,3) %K crosses over %D under 20. Sell when %K > 80.",
            "Buy when %K(5,3,3) crosses above %D(5,3,3) and %K(5,3,3) < 20. Sell when %K(5,3,3) > 80.",
        ),
        (
            "Buy GOOG when it drops below its 200-day SMA. Sell when RSI(14) > 70.",
            "Buy GOOG when price drops below its 200-day SMA. Sell when RSI(14) > 70.",
        ),
        (
            "Buy when price touches the lower Bollinger Band (20 periods, 2.5 deviations). Sell when RSI(14) > 70.",
            "Buy when price touches the lower Bollinger Band (20, 2.5). Sell when RSI(14) > 70.",
        ),
        (
            "Buy when price makes a close above the highest high of the last 40 bars. Sell when RSI(14) > 70.",
            "Buy when price closes above the highest high of the last 40 bars. Sell when RSI(14) > 70.",
        ),
        (f"{RULES} Put 90% of my equity in each time.", f"{RULES} Use 90% of my equity."),
        (f"{RULES} Units: 50.", f"{RULES} 50 units per trade."),
        (f"{RULES} 4% stop on every trade.", f"{RULES} 4% stop."),
        (f"{RULES} Fifteen percent of equity goes into each position.", f"{RULES} 15% of equity per trade."),
        (f"{RULES} Use 2 x ATR(14) as stop.", f"{RULES} Stop 2 ATR(14)."),
        (f"{RULES} I have my stop loss at 6%.", f"{RULES} Stop loss 6%."),
        (f"{RULES} A 7% stop protects me.", f"{RULES} Stop loss 7%."),
        (f"{RULES} Stop 5%. Position sizing is 1.5% risk per trade.", f"{RULES} Stop 5%. Risk 1.5% per trade."),
        (f"{RULES} After each exit there is a cooldown of 5 bars.", f"{RULES} Cooldown of 5 bars after each exit."),
        (
            f"{RULES} After any trade has been closed, no new entry for 8 bars.",
            f"{RULES} Cooldown of 8 bars after each exit.",
        ),
        (f"{RULES} Trade with $10,000 and no commission.", f"{RULES} $10,000 account. No commission."),
        (f"{ENTRY} 4% stop. If nothing happens, I leave after 25 days.", f"{ENTRY} 4% stop. Leave after 25 days."),
        (
            f"{ENTRY} Sell when the position is 10% in profit on the close.",
            f"{ENTRY} Sell when the close is 10% above entry.",
        ),
        (
            "Buy when price crosses above the upper Keltner channel (20, 2). "
            "Exit when price crosses below the channel's middle line.",
            "Buy when price crosses above the upper Keltner channel (20, 2). "
            "Exit when price crosses below the middle Keltner channel (20, 2).",
        ),
        (f"{RULES} 5% stop and 5% target on both.", f"{RULES} 5% stop and 5% target."),
        (f"{RULES} Stops are set 4% below entry.", f"{RULES} Stop 4% below entry."),
        (f"{RULES} Risk 2% per trade with a stop 3 ATR(20) away.", f"{RULES} Risk 2% per trade. Stop 3 ATR(20)."),
        (f"{ENTRY} I let a 12% trailing stop take me out.", f"{ENTRY} 12% trailing stop."),
        (f"{ENTRY} A 12% trailing stop takes me out.", f"{ENTRY} 12% trailing stop."),
        (
            f"{ENTRY} Exit with a 4% stop or a 6% target, or after 24 bars.",
            f"{ENTRY} 4% stop, 6% target, hold 24 bars.",
        ),
        (f"{ENTRY} Get flat when RSI(14) > 50.", f"{ENTRY} Exit when RSI(14) > 50."),
        ("My setup: RSI(14) < 30. That's when I buy. Sell after 5 bars.", f"{ENTRY} Sell after 5 bars."),
        (
            "A long position is opened when RSI(14) < 30. It should be closed when RSI(14) > 50.",
            f"{ENTRY} Sell when RSI(14) > 50.",
        ),
        (
            "A position should be entered when RSI(14) < 30. It should be exited when RSI(14) > 50.",
            f"{ENTRY} Sell when RSI(14) > 50.",
        ),
        (
            f"{ENTRY} Sell when the close is higher than the close of the day before.",
            f"{ENTRY} Sell when the close is above yesterday's close.",
        ),
        ("Buy on the daily chart when RSI(14) < 30. Sell after 5 bars.", f"{ENTRY} Sell after 5 bars."),
        (f"{RULES} Commission is 1 cent per share.", f"{RULES} Commission is $0.01 per share."),
        (f"{RULES} Max 1 trade at a time.", RULES),
        (
            "Stochastic 14,3,3. Buy when %K crosses above %D. Sell when %K > 75.",
            "Buy when Stochastic %K(14,3,3) crosses above %D(14,3,3). Sell when %K(14,3,3) > 75.",
        ),
        (
            "Buy when price closes above the Keltner channel 20,2 upper band. Sell after 5 bars.",
            "Buy when price closes above the upper Keltner channel (20,2). Sell after 5 bars.",
        ),
        (
            "Aroon(25). Buy when Aroon Up crosses above Aroon Down. Sell after 5 bars.",
            "Buy when Aroon Up(25) crosses above Aroon Down(25). Sell after 5 bars.",
        ),
        (
            "Side = long\nTrigger = close crosses above the 65 day EMA\nFilter = ADX(14) above 18\n"
            "Stop = $12 below entry\nTarget = $30 above entry\nShares = 80",
            "Long only. Entry: close crosses above the 65-day EMA. Filter: ADX(14) above 18. Stop $12. Target $30. "
            "Size: 80 shares.",
        ),
        (
            "Buy when the 10-day SMA crosses above the 25-day SMA while price is above the 30-week SMA. "
            "Get out when the 10-day crosses below the 25-day.",
            "Buy when the 10-day SMA crosses above the 25-day SMA while price is above the 30-week SMA. "
            "Get out when the 10-day SMA crosses below the 25-day SMA.",
        ),
        (
            f"{RULES} Only on days when volume is above its 30-day average.",
            f"{RULES} Only enter while volume is above its 30-day average.",
        ),
        (f"{RULES} Trail the stop 9% behind.", f"{RULES} 9% trailing stop."),
        (f"{ENTRY} Exit when we've been in for 20 bars.", f"{ENTRY} Hold for 20 bars."),
        (
            "Trigger: RSI(14) crosses below 30. Exit: RSI(14) > 70.",
            "Entry: RSI(14) crosses below 30. Exit: RSI(14) > 70.",
        ),
        ("In: RSI(14) crosses below 30. Out: RSI(14) > 70.", "Entry: RSI(14) crosses below 30. Exit: RSI(14) > 70."),
        (f"{RULES} -4% stop.", f"{RULES} 4% stop."),
        (f"{RULES} Wait 3 bars after an exit before getting back in.", f"{RULES} Wait 3 bars after an exit."),
        (
            "Bollinger breakout\n- go long when the close crosses above the upper band\n"
            "- exit when the close crosses below the middle band",
            "Buy when close crosses above the upper Bollinger band. Sell when close crosses below the middle Bollinger "
            "band.",
        ),
        (
            "Buy when close is above the upper Keltner channel. Sell if it closes below the middle of the channel.",
            "Buy when close is above the upper Keltner channel. Sell when close is below the middle Keltner channel.",
        ),
        (f"{ENTRY} Out at +5%, or -3%, or after eight bars.", f"{ENTRY} 5% target. 3% stop loss. Hold for 8 bars."),
        (
            "A day on which volume is more than twice its 20-day average is my buy signal. Sell when RSI(14) > 70.",
            "Buy when volume is more than twice its 20-day average. Sell when RSI(14) > 70.",
        ),
        (
            "RSI(14) crosses below 35 - that's when I buy. Sell when RSI(14) > 70.",
            "Buy when RSI(14) crosses below 35. Sell when RSI(14) > 70.",
        ),
        (
            "Conditions for a long: SMA(50) rising for 5 days; RSI(14) below 45. Sell when RSI(14) > 70.",
            "Buy when SMA(50) is rising for 5 days and RSI(14) is below 45. Sell when RSI(14) > 70.",
        ),
        (f"Mean reversion on GOOG: {RULES}", RULES),
        (f"Strategy: new highs. {RULES}", RULES),
        (f"200k account. {RULES}", f"Start with $200,000. {RULES}"),
        (f"{RULES} Use a tenth of my equity.", f"{RULES} Use 10% of my equity."),
        (f"{RULES} Put a 3 ATR stop under it.", f"{RULES} 3 ATR stop."),
        (
            "Buy on a golden cross in GOOG with a quarter of my equity. Sell on a death cross.",
            "Buy on a golden cross. Sell on a death cross. Use 25% of equity.",
        ),
        (
            "Buy when price tops the 50-day high. Sell when RSI(14) > 70.",
            "Buy when price crosses above the 50-day high. Sell when RSI(14) > 70.",
        ),
    ],
)
def test_an_everyday_form_is_the_plain_strategy(said: str, plain: str) -> None:
    one, other = read_text(said, context=GOOG), read_text(plain, context=GOOG)
    assert one.status == other.status == "complete", (one.questions, one.unresolved, other.questions, other.unresolved)
    assert identity(one.spec) == identity(other.spec)


def test_a_high_of_weeks_is_of_completed_weekly_bars_and_says_so() -> None:
    read = read_text("Buy when price makes a new 52-week high. Sell when RSI(14) > 70.", context=GOOG)
    [use] = [use for use in read.spec.indicators if use.timeframe]
    assert (use.name, use.params, use.timeframe, use.source) == ("HIGHEST", {"timeperiod": 52}, "1w", "High")
    assert "higher timeframe" in {assumption.topic for assumption in read.assumptions}


def test_within_so_many_percent_is_no_farther_on_either_side() -> None:
    read = read_text("Buy when price is within 1% of its 50-day high. Sell when RSI(14) > 70.", context=GOOG)
    low, high = read.spec.entry_rules[0].when.of
    assert [(one.op, one.right.args[1].value) for one in (low, high)] == [(">=", 0.99), ("<=", 1.01)]


@pytest.mark.parametrize(
    "text",
    [
        "Buy when it drops below 30. Sell when it rises above 70.",  # 30 of what: no price, and nothing was named
        f"{ENTRY} Exit: buy when RSI(14) > 70.",
        f"{ENTRY} Out at 5%, or after eight bars.",  # up or down
        f"{ENTRY} Out at +5%, or +9%.",
        f"20 account. {RULES}",
        f"{ENTRY} Long exit: 5% stop. Short when RSI(14) > 70.",
    ],
)
def test_what_may_be_meant_otherwise_is_asked_about(text: str) -> None:
    assert read_text(text, context=GOOG).status == "needs_clarification"


def test_a_chart_named_in_a_title_is_the_chart() -> None:
    read = read_text(f"Fade the bands on EURUSD H1: {RULES}")
    assert (read.spec.instruments, read.spec.timeframe) == (("EURUSD",), "1h")
    assert read.noise


def test_a_later_instrument_takes_the_place_of_the_one_beside_the_verb() -> None:
    read = read_turns(["Buy GOOG when RSI(14) drops below 30. Sell when RSI(14) > 70.", "now try it on AAPL"])
    assert read.spec.instruments == ("AAPL",)


def test_losing_no_more_than_a_sum_is_a_risk_that_lacks_a_stop() -> None:
    [question] = read_text(f"{RULES} I don't want to lose more than $400 a trade.", context=GOOG).questions
    assert question.topic == "size"


@pytest.mark.parametrize(
    ("edit", "plain"),
    [
        ("make that 250 shares", "use 250 shares per trade"),
        ("put 40% of my equity in instead", "use 40% of my equity"),
        ("switch the sma to an ema", "use EMAs"),
        ("make it below 15 for the RSI", "change the RSI threshold to 15"),
    ],
)
def test_an_edit_in_other_words_is_the_same_edit(edit: str, plain: str) -> None:
    first = "Buy 100 shares when RSI(14) drops below 30 and price is above SMA(50). Sell when price is below SMA(50)."
    one, other = read_turns([first, edit]), read_turns([first, plain])
    assert one.status == other.status == "complete", (one.unresolved, other.unresolved)
    assert identity(one.spec) == identity(other.spec)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("This one can't lose. ", "no strategy can promise that"),
        ("I have an insider tip. ", "inside information"),
        ("Pump and dump it. ", "moving the market"),
    ],
)
def test_each_refusal_has_its_own_reason(text: str, reason: str) -> None:
    read = read_text(text + RULES, context=GOOG)
    assert read.status == "rejected"
    assert reason in read.errors[0].message


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Long AAPL when AAPL's 10-day return beats that of MSFT. Exit after 5 days.", "MSFT"),
        (
            "On each RSI(14) cross above 30 open a position of 50 shares, even when earlier ones are still open. "
            "Close everything when RSI(14) rises above 70.",
            "even when earlier ones are still open",
        ),
    ],
)
def test_what_the_language_lacks_is_named(text: str, named: str) -> None:
    read = read_text(text)
    assert read.status == "unsupported"
    assert named in "".join(f"{clause.text} {clause.reason}" for clause in read.unresolved)


@pytest.mark.parametrize(
    "exit_rule",
    [
        "Exit: RSI(14) > 60 while the close is above the 20-day SMA.",
        "Exit: RSI(14) > 60 only if the close is above the 20-day SMA.",
        "Sell RSI(14) > 60 while the close is above the 20-day SMA.",
        "Sell when RSI(14) > 60 while the close is above the 20-day SMA.",
    ],
)
def test_what_must_be_true_beside_the_condition_of_an_exit_is_no_exit_by_itself(exit_rule: str) -> None:
    said = read_text(f"{ENTRY} {exit_rule}", context=GOOG)
    plain = read_text(f"{ENTRY} Sell when RSI(14) > 60 and the close is above the 20-day SMA.", context=GOOG)
    assert identity(said.spec) == identity(plain.spec)


@pytest.mark.parametrize(
    ("edit", "plain"),
    [
        ("and make the fast one 15 instead of 20", "Buy when SMA(15) crosses above SMA(60). Sell after 5 days."),
        ("hold 10 days rather than 5", "Buy when SMA(20) crosses above SMA(60). Sell after 10 days."),
        ("use 30 and 80 instead of 20 and 60", "Buy when SMA(30) crosses above SMA(80). Sell after 5 days."),
        (
            "Risk control should be a 9% trailing stop",
            "Buy when SMA(20) crosses above SMA(60). Sell after 5 days. 9% trailing stop.",
        ),
        (
            "add a filter, price above the 100-day SMA",
            "Buy when SMA(20) crosses above SMA(60). Sell after 5 days. Filter: price above the 100-day SMA.",
        ),
    ],
)
def test_a_change_names_what_it_takes_the_place_of(edit: str, plain: str) -> None:
    read = read_turns(["Buy when SMA(20) crosses above SMA(60). Sell after 5 days.", edit], context=GOOG)
    assert read.status == "complete", read.unresolved
    assert identity(read.spec) == identity(read_text(plain, context=GOOG).spec)


def test_an_indicator_of_several_lines_is_asked_which_is_meant() -> None:
    read = read_text("Buy when Aroon is above 50. Sell after 5 bars.", context=GOOG)
    assert read.status == "needs_clarification"
    assert "Aroon Up or Aroon Down" in read.unresolved[0].reason
