"""What a when-clause can be, as traders word it: each beside the plain words that it means, and what is none of it."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import meaning, pairs
from tests.unit.Backtest.reader.spec_forms import ago, both, is_, spec, up

SMA_AGO = {"type": "indicator", "id": "SMA_20", "shift": 1}
SMA = [{"name": "SMA", "timeperiod": 20}]
OUT = "Sell when RSI(14) is above 70."

CONDITIONS = {
    "yesterday's and today's": [
        (
            "yesterday's RSI(14) was below 30 and today's is above 30",
            "yesterday's RSI(14) was below 30 and RSI(14) is above 30",
        ),
        (
            "yesterday's RSI(14) was below 30 and today's is rising",
            "yesterday's RSI(14) was below 30 and RSI(14) is rising",
        ),
        ("yesterday's RSI(14) is below today's", "RSI(14) 1 day ago is below RSI(14)"),
        (
            "RSI(14) is higher than yesterday's and below 40",
            "RSI(14) 1 day ago is below RSI(14) and RSI(14) is below 40",
        ),
        ("today's volume is above yesterday's", "volume is above yesterday's volume"),
        (
            "the low is below yesterday's and the close is above yesterday's",
            "low < yesterday's low and close > yesterday's close",
        ),
        ("volume is above the previous bar's", "volume is above the previous volume"),
        (
            "price closes above the 20-day SMA with volume heavier than yesterday's",
            "the close is above the 20-day SMA and volume is above yesterday's volume",
        ),
        (
            "RSI(14) is above 50 but was below 50 three bars ago",
            "RSI(14) is above 50 and RSI(14) was below 50 three bars ago",
        ),
    ],
    "that line": [
        (
            "price rises above the 20-day SMA and that SMA has been rising for 5 days",
            "price rises above the 20-day SMA and the 20-day SMA has been rising for 5 days",
        ),
        ("RSI(14) is below 40 and that RSI is rising", "RSI(14) is below 40 and RSI(14) is rising"),
    ],
    "into and out of a zone": [
        ("RSI(14) dips into oversold territory", "RSI(14) goes oversold"),
        ("RSI(14) pushes into overbought", "RSI(14) goes overbought"),
        ("%K comes up out of oversold", "%K leaves oversold"),
        ("CCI drops out of overbought", "CCI leaves overbought"),
        ("%K crosses above %D in the oversold zone", "%K crosses above %D and %K is oversold"),
        (
            "price closes back inside the lower Bollinger band after closing below it",
            "price crosses above the lower Bollinger band",
        ),
        ("price closes back inside the upper Bollinger band", "price crosses below the upper Bollinger band"),
    ],
    "inside the bar": [
        (
            "price dips below the 50-day SMA intraday and closes back above it",
            "the low < the 50-day SMA and the close > the 50-day SMA",
        ),
        (
            "the low is below the 20-day SMA and it closes back above it",
            "the low < the 20-day SMA and the close > the 20-day SMA",
        ),
        (
            "price touches the lower Bollinger band and closes back above it",
            "price touches the lower Bollinger band and the close is above the lower Bollinger band",
        ),
        ("the close is in the top quarter of its range", "(close - low) / (high - low) >= 0.75"),
        ("it closes in the bottom 20% of the day's range", "(close - low) / (high - low) <= 0.2"),
        ("IBS is below 0.2", "(close - low) / (high - low) < 0.2"),
    ],
    "how far, and how much": [
        (
            "price is more than two standard deviations below its 20-day average",
            "the close is below the lower Bollinger band (20, 2)",
        ),
        (
            "price closes at least 2.5 standard deviations above the 30-day SMA",
            "the close >= the upper Bollinger band (30, 2.5)",
        ),
        ("price moves more than 2 ATR(14) below the 20-day SMA", "price crosses below SMA(20) - 2 * ATR(14)"),
        ("the close is 4% higher than it was 5 days ago", "price is up at least 4% over 5 days"),
        ("the 20-day return is above 5%", "price is up more than 5% over 20 days"),
        ("the return over the last 10 bars is below -5%", "price is down more than 5% over 10 bars"),
        ("the close is 10% off the 50-day high", "the close is at least 10% below the 50-day high"),
        ("price makes a new 50-day closing high", "the close is the highest close in 50 days"),
    ],
    "several lines at once": [
        (
            "price is above both the 50- and the 200-day SMA",
            "price is above the 50-day SMA and price is above the 200-day SMA",
        ),
        (
            "price is above all of its 20, 50 and 200-day SMAs",
            "close > SMA(20) and close > SMA(50) and close > SMA(200)",
        ),
        ("the 12 and 26 EMA cross bullishly", "EMA(12) crosses above EMA(26)"),
        ("the 10, 20 and 50-day EMAs are stacked bullishly", "EMA(10) > EMA(20) and EMA(20) > EMA(50)"),
        ("the 50 and 20-day SMAs cross to the downside", "SMA(20) crosses below SMA(50)"),
    ],
    "what never was": [
        ("RSI(14) was not below 30 within the last 5 bars", "RSI(14) has not been below 30 for 5 bars"),
        ("RSI(14) was never above 60 in the last 5 bars", "RSI(14) is not above 60 for 5 bars"),
        ("price hasn't been below the 20-day SMA in the last 10 bars", "price is not below the 20-day SMA for 10 bars"),
    ],
    "what is not so": [
        ("RSI(14) has not been above 50 in 10 bars", "RSI(14) is not above 50 for 10 bars"),
        (
            "price has not touched the upper Bollinger band for 10 bars",
            "price has not touched the upper Bollinger band within the last 10 bars",
        ),
        (
            "price hasn't closed above the 20-day high within the last 5 bars",
            "price has not closed above the 20-day high for 5 bars",
        ),
        (
            "RSI(14) was under 30 yesterday and today's is over 35",
            "RSI(14) was under 30 yesterday and RSI(14) is over 35",
        ),
        ("the bar closes in the bottom quarter of its range", "(close - low) / (high - low) <= 0.25"),
    ],
    "in a row, and after it": [
        ("the close is lower than the open for the third day in a row", "the close is below the open for 3 days"),
        (
            "price is below the lower Bollinger band for two straight closes",
            "price is below the lower Bollinger band for 2 bars",
        ),
        ("it is the third consecutive close below the 5-day SMA", "the close is below the 5-day SMA for 3 bars"),
        ("there has been a bullish engulfing in the last 3 bars", "a bullish engulfing in the last 3 bars"),
    ],
    "both of two lines": [
        (
            "stochastic RSI %K crosses above %D with both under 20",
            "stochastic RSI %K crosses above %D and stochastic RSI %K < 20 and stochastic RSI %D < 20",
        ),
        (
            "price is above the 50-day SMA and %K crosses above %D and both are below 30",
            "price is above the 50-day SMA and %K crosses above %D and %K is below 30 and %D is below 30",
        ),
    ],
    "its lowest, and how far off": [
        ("RSI(14) is at its lowest in 30 days", "RSI(14) makes a 30-day low"),
        ("price has come within 1% of its 50-day low", "price is within 1% of its 50-day low"),
        ("RSI(14) is above its level of 10 days ago", "RSI(14) is higher than it was 10 days ago"),
        ("the histogram of MACD(12,26,9) is positive", "the MACD histogram is positive"),
        ("RSI(14) passes 50 on its way up", "RSI(14) crosses above 50"),
        ("the SAR dots flip under price", "the parabolic SAR flips below price"),
    ],
    "turns on one side": [
        ("the MACD histogram turns up below zero", "the MACD histogram turns up and the MACD histogram is below zero"),
        ("RSI(14) rolls over above 70", "RSI(14) turns down and RSI(14) is above 70"),
        ("the lower Bollinger band is broken to the downside", "price crosses below the lower Bollinger band"),
        ("RSI(14) crosses the 50 line upward", "RSI(14) crosses above 50"),
        ("RSI(14) breaks its 50 midline to the upside", "RSI(14) crosses above 50"),
        (
            "price gaps down at least 2% and recovers to close above the open",
            "price gaps down at least 2% and the close is above the open",
        ),
    ],
    "formulas in words and signs": [
        (
            "close[1] < open[1] and close > high[1]",
            "the previous close is below the previous open and the close is above the previous high",
        ),
        ("rsi(close, 14)[1] < 30 and rsi(close, 14) > 30", "RSI(14) was below 30 yesterday and RSI(14) is above 30"),
        ("ATR(14) divided by the close is below 2%", "ATR(14)/close < 0.02"),
        ("ATR(14) as a percentage of price is under 2%", "ATR(14)/close < 0.02"),
        (
            "the difference between the 10-day and the 30-day EMA is positive",
            "the spread between the 10-day EMA and the 30-day EMA > 0",
        ),
        ("the close is above the 20-day high of closes", "the close is above the highest close of the last 20 days"),
        ("the close is above the average of the last 50 closes", "the close is above SMA(50)"),
        ("the close drops by at least 2 ATR(14) in one day", "the close <= yesterday's close - 2 * ATR(14)"),
        ("price closes 2 ATR(14) below the 20-day EMA", "the close <= EMA(20) - 2 * ATR(14)"),
        (
            "price is within 1 ATR(14) of the 50-day SMA",
            "the close >= SMA(50) - 1 * ATR(14) and the close <= SMA(50) + 1 * ATR(14)",
        ),
    ],
    "what goes on": [
        ("the slope of the 50-day SMA turns positive", "the 50-day SMA turns up"),
        ("there have been three higher lows in a row", "the low is rising for 3 bars"),
        ("today is an up day", "price is rising"),
        ("the trend is up (close above the 200-day SMA)", "the close is above the 200-day SMA"),
        (
            "MACD crosses above its signal no more than 5 bars after RSI(14) dropped below 35",
            "RSI(14) drops below 35, then MACD crosses above its signal within 5 bars",
        ),
    ],
}

SENTENCES = {
    "one step after another": [
        (
            "First RSI(14) has to drop below 35; then, if MACD crosses above its signal line within 8 bars, buy.",
            "Buy when RSI(14) drops below 35, then MACD crosses above its signal line within 8 bars.",
        ),
        (
            "First RSI(14) must fall below 30. Then price must cross above the 20-day SMA within 10 bars. That second cross is my entry.",
            "Buy when RSI(14) falls below 30, then price crosses above the 20-day SMA within 10 bars.",
        ),
        (
            "Sequence trade: RSI(14) drops below 40, then price crosses above the 10-day EMA within 8 bars. That second step is the buy.",
            "Buy when RSI(14) drops below 40, then price crosses above the 10-day EMA within 8 bars.",
        ),
    ],
    "a drop from a high": [
        ("Buy after a 10% drop from the 60-day high.", "Buy when price is at least 10% below the 60-day high."),
        ("Buy the third straight lower close.", "Buy after three consecutive lower closes."),
    ],
    "it is the price that moves in percent": [
        ("Momentum: buy when its up 10% over 10 bars.", "Buy when price is up 10% over 10 bars."),
    ],
    "in a day": [
        (
            "On a day when price is up at least 2% and RSI(14) is below 40, buy.",
            "Buy when price is up at least 2% in one day and RSI(14) is below 40.",
        ),
    ],
    "on the first bar": [
        (
            "Go long on the bar the close first gets above the 100-day SMA.",
            "Buy when the close crosses above the 100-day SMA.",
        ),
    ],
    "what a trend is": [
        (
            "In an uptrend (50-day SMA above the 200-day SMA), buy when RSI(14) drops below 40.",
            "Buy when the 50-day SMA is above the 200-day SMA and RSI(14) drops below 40.",
        ),
        (
            "Buy when the trend is up, meaning the 50-day SMA is above the 200-day SMA, and RSI(14) drops below 40.",
            "Buy when the 50-day SMA is above the 200-day SMA and RSI(14) drops below 40.",
        ),
    ],
    "of one weekday": [
        ("If Monday finishes below its open, buy.", "Buy when it is Monday and the close is below the open."),
    ],
}


@pytest.mark.parametrize(("said", "plain"), pairs(CONDITIONS))
def test_a_condition_means_the_plain_one(said, plain):
    assert meaning(f"Buy when {said}. {OUT}") == meaning(f"Buy when {plain}. {OUT}")


@pytest.mark.parametrize(("said", "plain"), pairs(SENTENCES))
def test_a_sentence_means_the_plain_one(said, plain):
    assert meaning(f"{said} {OUT}") == meaning(f"{plain} {OUT}")


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("the weekly close is above the 40-week SMA", is_("SMA_1_1W", ">", "SMA_40_1W")),
        ("the monthly close crosses above the 10-month SMA", up("SMA_1_1MO", "SMA_10_1MO")),
    ],
)
def test_a_close_of_longer_bars_is_that_of_the_last_completed_one(condition, wanted):
    assert meaning(f"Buy when {condition}. {OUT}") == identity(spec(wanted, is_("RSI_14", ">", 70)))


ROWS = [
    (
        "price closes above the open after three red candles",
        is_("Close", ">", "Open"),
        is_(ago("Close"), "<", ago("Open")),
        3,
    ),
    (
        "the close is above SMA(20) after two days below it",
        is_("Close", ">", "SMA_20"),
        is_(ago("Close"), "<", SMA_AGO),
        2,
    ),
    (
        "price closes above SMA(20) after at least 5 closes below it",
        is_("Close", ">", "SMA_20"),
        is_(ago("Close"), "<", SMA_AGO),
        5,
    ),
]


@pytest.mark.parametrize(("said", "now", "before", "bars"), ROWS)
def test_a_row_that_something_follows_ended_on_the_bar_before(said, now, before, bars):
    wanted = both(now, {"type": "for", "of": before, "bars": bars})
    assert meaning(f"Buy when {said}. {OUT}") == identity(
        spec(wanted, is_("RSI_14", ">", 70), indicators=SMA if "SMA" in said else [])
    )


@pytest.mark.parametrize(
    "said",
    [
        "there was a hammer yesterday and today closes above yesterday's high",
        "yesterday was a hammer and the close is above yesterday's high",
    ],
)
def test_a_candlestick_of_the_day_before_is_the_first_of_two(said):
    hammer = {"type": "pattern", "name": "CDLHAMMER", "direction": "bullish"}
    wanted = {"type": "sequence", "first": hammer, "then": is_("Close", ">", ago("High")), "bars": 1}
    assert meaning(f"Buy when {said}. {OUT}") == identity(spec(wanted, is_("RSI_14", ">", 70)))


def test_what_is_not_so_on_any_of_the_bars():
    never = {"type": "for", "of": {"type": "not", "of": is_("RSI_14", ">", 50)}, "bars": 10}
    text = f"Buy when RSI(14) was never above 50 in the last 10 bars. {OUT}"
    assert meaning(text) == identity(spec(never, is_("RSI_14", ">", 70)))


def test_the_close_of_the_charts_own_bars_is_the_close():
    text = "Buy when the {} close crosses above the 10-month SMA. Sell when it crosses below the 10-month SMA."
    readings = [
        read_turns([text.format(one)], context=ReadingContext(symbol="GOOG", timeframe="1mo"))
        for one in ("monthly", "")
    ]
    assert readings[0].spec is not None
    assert readings[1].spec is not None
    assert identity(readings[0].spec) == identity(readings[1].spec)


@pytest.mark.parametrize(
    "condition",
    [
        "today's is above 30",
        "price closes back inside the middle Bollinger band",
        "price is above SMA(50) and price is two standard deviations below its average",
        "price is two standard deviations below its 20-day EMA",
        "the 20-day return is above -5%",
        "the 20-day return is above 5",
        "the 50 and 50-day SMAs cross bullishly",
        "price makes a higher low",
        "that SMA is rising",
        "price climbs 2 ATR(14) below the 20-day SMA",
        "the close is below the previous day",
        "price crosses above the 1-day SMA",
        "the 20-day SMA rolls over the 50-day SMA",
        "both are above 80",
        "there was a hammer yesterday",
        "there was a hammer two days ago and the close is above the open",
        "RSI(14) has not risen for 3 bars",
        "yesterday closed below yesterday's open",
        "yesterday closed below the previous day's low",
        "price is above the weekly high",
        "price is above the monthly open",
        "RSI(14) is below 30 in 5 bars",
        "the histogram of RSI(14) is positive",
        "the close is the third close below the 5-day SMA",
        "price drops by 2 ATR(14)",
        "RSI(14) is above 50 for the third day",
        "ATR(14) divided by the volume is below 2%",
    ],
)
def test_what_is_not_clear_is_asked(condition):
    assert read_turns([f"Buy when {condition}. {OUT}"]).status == "needs_clarification"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("the 4h RSI", "RSI_14_4H"),
        ("the 4-hour RSI", "RSI_14_4H"),
        ("the 4-hour ADX", "ADX_14_4H"),
        ("the 14-hour RSI", "RSI_14"),
    ],
)
def test_a_chart_before_an_indicator_is_no_length(said, line):
    reading = read_turns([f"EURUSD 1h. Buy when {said} is above 25. {OUT}"])
    assert reading.spec is not None
    wanted = spec(is_(line, ">", 25), is_("RSI_14", ">", 70), symbol="EURUSD", timeframe="1h")
    assert identity(reading.spec) == identity(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "EURUSD 1h. Buy when price is above the 4h EMA. Sell when RSI(14) is above 70.",
        "Trade GOOG with the weekly trend: buy when RSI(14) crosses above 40. Sell when RSI(14) crosses below 60.",
    ],
)
def test_a_chart_without_what_is_told_of_it_is_asked(text):
    assert read_turns([text]).status == "needs_clarification"


@pytest.mark.parametrize("size", ["at least one percent", "at least one per cent", "at least 1 percent"])
def test_one_per_cent_may_be_written_out(size):
    exit_ = "Sell when RSI(14) is above 70."
    assert meaning(f"Buy when price gaps up by {size}. {exit_}") == meaning(
        f"Buy when price gaps up by at least 1%. {exit_}"
    )
