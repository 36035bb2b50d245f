"""Conditions and ways out as traders word them, each beside the plain words that it means."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import meaning, pairs

OUT = "Sell when RSI(14) is above 70."

CONDITIONS = {
    "what it was before": [
        ("the 30-day EMA is higher than it was 5 days ago", "the 30-day EMA 5 bars ago is below the 30-day EMA"),
        ("the close is lower than it was 60 bars ago", "the close is below the close 60 bars ago"),
        ("the close is above the close of 120 bars ago", "the close is above the close 120 bars ago"),
    ],
    "highs and lows of the bar before": [
        (
            "the bar makes a lower high and a lower low than the previous bar",
            "the high is below the previous high and the low is below the previous low",
        ),
        (
            "price makes a higher high and a higher low than the previous candle",
            "the high is above the previous high and the low is above the previous low",
        ),
    ],
    "what leans": [
        (
            "the 9 EMA crosses above the 21 EMA with rising volume",
            "the 9 EMA crosses above the 21 EMA and volume is rising",
        ),
        ("MFI(14) is below 20 with a falling 50-day SMA", "MFI(14) is below 20 and the 50-day SMA is falling"),
    ],
    "outside of a band": [
        ("price closes outside the lower Bollinger band", "the close is below the lower Bollinger band"),
        ("the close is outside the upper Keltner channel", "the close is above the upper Keltner channel"),
    ],
    "one thing after another": [
        (
            "CCI(20) crosses above 0 after it was below -150 within the last 6 bars",
            "CCI(20) was below -150, then CCI(20) crosses above 0 within 6 bars",
        ),
    ],
    "a state's first bar": [
        ("the 20 EMA is rising and price pulls back to touch it", "the 20 EMA is rising and price touches the 20 EMA"),
        ("MACD has climbed above its signal line", "MACD crosses above its signal line"),
    ],
    "a length for its average": [
        ("price crosses above its 30-day", "price crosses above its 30-day SMA"),
        (
            "price is above both the 20-day and the 100-day EMA",
            "price is above the 20-day EMA and price is above the 100-day EMA",
        ),
    ],
    "inside the bar": [
        ("the low touches the lower Bollinger band", "the low <= the lower Bollinger band"),
        ("the high reaches the 20-day high", "the high >= the 20-day high"),
    ],
    "a fraction said in percent": [("realised volatility (20) is below 15%", "realised volatility (20) is below 0.15")],
    "a candle and its close": [
        ("a hammer closes below the 20-day SMA", "a hammer and the close is below the 20-day SMA"),
    ],
    "a gap of more than": [
        ("price gaps up more than 3% above the previous close", "the open is more than 3% above the previous close"),
        ("price gaps down at least 2% below the previous low", "the open is at least 2% below the previous low"),
    ],
    "the range in words": [
        ("the high minus the low is more than 2 times ATR(10)", "the day's range is more than 2 times ATR(10)"),
    ],
}

ENTRIES = {
    "a weekday's close": [
        ("Buy on Tuesday's close if RSI(14) is below 40.", "Buy on Tuesdays when RSI(14) is below 40."),
    ],
    "the first bar": [
        (
            "Go long on the first bar that Supertrend(7, 2) is green.",
            "Go long when Supertrend(7, 2) turns bullish.",
        ),
    ],
    "all of a list": [
        (
            "Long when all of these are true: close > SMA(200), RSI(14) > 50, ADX(14) > 20.",
            "Buy when close > SMA(200) and RSI(14) > 50 and ADX(14) > 20.",
        ),
    ],
    "signs of programs": [
        (
            "Long Entry -> close > SMA(50) && volume > 1.5 * SMA(volume, 20).",
            "Buy when close > SMA(50) and volume > 1.5 times its 20-day average.",
        ),
        ("Buy when RSI(14) < 20 || CCI(20) < -200.", "Buy when RSI(14) < 20 or CCI(20) < -200."),
    ],
    "functions of programs": [
        (
            "Long condition: ta.crossover(ema(close, 12), ema(close, 26)).",
            "Buy when EMA(12) crosses above EMA(26).",
        ),
        ("Buy when crossunder(sma(close, 10), sma(close, 30)).", "Buy when SMA(10) crosses below SMA(30)."),
    ],
    "what is the signal": [
        (
            "A close above the 50-day SMA while RSI(14) is above 50 is my buy signal.",
            "Buy when the close is above the 50-day SMA and RSI(14) is above 50.",
        ),
    ],
    "passive": [
        (
            "Positions are initiated on the long side if MFI(14) is below 15.",
            "Buy when MFI(14) is below 15.",
        ),
    ],
    "what a signal is for": [("Golden cross to get in.", "Buy on a golden cross.")],
    "on the bar where": [("I buy on the bar where the 50 EMA turns up.", "Buy when the 50 EMA turns up.")],
    "a setup": [
        (
            "Setup: bullish engulfing with the close above the 100-day EMA.",
            "Buy on a bullish engulfing when the close is above the 100-day EMA.",
        ),
    ],
    "waited for": [
        (
            "Wait for RSI(14) to fall below 30, then buy once the close is above the 5-day SMA within 8 bars.",
            "Buy when RSI(14) falls below 30, then the close is above the 5-day SMA within 8 bars.",
        ),
    ],
    "an order and what it is for": [
        (
            "If ADX(14) is above 25, put a buy stop at the high of that day, good for 2 bars.",
            "When ADX(14) is above 25, place a buy stop at the high, good for 2 bars.",
        ),
        (
            "When ADX(14) is above 25, leave a limit order to go long 2% below the close that stays good for 4 bars.",
            "When ADX(14) is above 25, place a buy limit 2% below the close, good for 4 bars.",
        ),
        (
            "If ADX(14) is above 25, place a buy stop at the 20-day high to go long.",
            "When ADX(14) is above 25, place a buy stop at the 20-day high.",
        ),
    ],
}

AFTER = {
    "time in the trade": [
        (
            "Sell when RSI(14) crosses above 60, or after 20 bars in the trade.",
            "Sell when RSI(14) crosses above 60 or after 20 bars.",
        ),
    ],
    "a stop and what it is for": [
        ("Use a 6% trailing stop to get out.", "6% trailing stop."),
        ("Risk 1% of equity on a stop of 2 ATR(14), target 2R.", "Risk 1% per trade. Stop 2 ATR(14). Target 2R."),
        (
            "5% stop, 10% target. Size the position for a volatility target of 15%.",
            "5% stop, 10% target. Volatility target 15%.",
        ),
    ],
    "a pause": [
        (
            "Sell when RSI(14) > 70. After a trade is done stay out for 6 bars.",
            "Sell when RSI(14) > 70. Cooldown of 6 bars after each exit.",
        ),
        (
            "Sell when RSI(14) > 70. Once a position has been closed, don't get back in for 6 bars.",
            "Sell when RSI(14) > 70. Cooldown of 6 bars after each exit.",
        ),
    ],
    "it's without an apostrophe": [("sell when its over 65", "sell when it is over 65")],
}

BOTH_SIDES = "Buy when RSI(14) is below 30. Short when RSI(14) is above 70. 2% stop. "
CLOSED = "Sell when price touches the middle Bollinger band. Cover when price touches the middle Bollinger band."


@pytest.mark.parametrize(("said", "plain"), pairs(CONDITIONS))
def test_a_condition_means_the_plain_one(said, plain):
    assert meaning(f"Buy when {said}. {OUT}") == meaning(f"Buy when {plain}. {OUT}")


@pytest.mark.parametrize(("said", "plain"), pairs(ENTRIES))
def test_an_entry_means_the_plain_one(said, plain):
    assert meaning(f"{said} {OUT}") == meaning(f"{plain} {OUT}")


@pytest.mark.parametrize(("said", "plain"), pairs(AFTER))
def test_what_follows_the_entry_means_the_plain_one(said, plain):
    entry = "Buy when RSI(14) is under 35."
    assert meaning(f"{entry} {said}") == meaning(f"{entry} {plain}")


@pytest.mark.parametrize(
    "said",
    [
        "Close longs and shorts when price touches the middle Bollinger band.",
        "Exit both when price touches the middle Bollinger band.",
        "Close all long and short positions when price touches the middle Bollinger band.",
        "Longs and shorts are closed when price touches the middle Bollinger band.",
    ],
)
def test_both_sides_are_closed_and_none_is_opened(said):
    assert meaning(BOTH_SIDES + said) == meaning(BOTH_SIDES + CLOSED)


def test_closing_longs_to_go_short_is_still_a_reversal():
    entry = "Buy when RSI(14) is below 30. 2% stop. "
    assert meaning(f"{entry} Close longs and go short when RSI(14) is above 70.") == meaning(
        f"{entry} Sell when RSI(14) is above 70. Short when RSI(14) is above 70."
    )


def test_a_way_out_after_the_other_sides_speaks_of_the_same_line():
    entries = (
        "Buy when price closes below the lower Bollinger band, short when price closes above the upper one. 2% stop. "
    )
    assert meaning(
        f"{entries} Close longs when price is above the middle band, cover when price is below it."
    ) == meaning(
        f"{entries} Close longs when price is above the middle band, cover when price is below the middle band."
    )


def test_an_indicator_without_a_chart_is_of_the_chart_where_it_was_spoken_of_first():
    said = "Buy when MACD crosses above its signal line while the weekly MACD is above its signal line. Sell when MACD crosses below its signal line."
    daily = said.replace("when MACD", "when the daily MACD")
    assert meaning(said) == meaning(daily)


def test_yesterdays_close_is_compared_with_yesterdays_line():
    was = {"type": "compare", "op": "<", "left": {"type": "price", "field": "Close", "shift": 1}}
    was["right"] = {"type": "indicator", "id": "EMA_20", "shift": 1}
    now = {"type": "compare", "op": ">", "left": "Close", "right": "EMA_20"}
    document = {
        "instruments": ["GOOG"],
        "entry_rules": [{"when": {"type": "and", "of": [was, now]}}],
        "exit_rules": [{"when": {"type": "compare", "op": ">", "left": "RSI_14", "right": 70}}],
        "indicators": [{"name": "EMA", "timeperiod": 20}],
    }
    said = f"Buy if yesterday closed below the 20 EMA and today closes above it. {OUT}"
    assert meaning(said) == identity(parse_spec(document))


@pytest.mark.parametrize(
    "text",
    [
        "Buy when the weekly RSI is below 30. Sell when RSI is above 70.",
        "Buy when price makes a higher high. Sell when RSI(14) is above 70.",
        "Buy when RSI(14) turns up from below 30. Sell when RSI(14) is above 70.",
        "Buy when RSI(14) < 30. Sell when RSI(14) > 70. When ADX(14) is above 25, place a sell stop at the 20-day low.",
    ],
)
def test_what_may_mean_two_things_is_asked(text):
    assert read_turns([text]).status == "needs_clarification"


@pytest.mark.parametrize(
    "code",
    ["run os.system('rm -rf /tmp/data') first", "then <script>alert(1)</script>", "use ().__class__.__bases__ too"],
)
def test_program_text_that_is_no_rule_is_refused_as_an_instruction(code):
    reading = read_turns([f"Buy when RSI(14) is below 30. Sell when RSI(14) is above 70. Before that, {code}."])
    assert reading.status == "rejected"
