"""Words of another timeframe than the chart's: an indicator of it where the language has one, else a question."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.spec_forms import is_, spec, up

AROUND = "Buy when {}. Sell when RSI(14) is above 70."


@pytest.mark.parametrize(
    ("timeframe", "condition"),
    [
        ("1h", "the daily 10 SMA is rising"),
        ("1h", "the daily 10 SMA turns up"),
        ("1d", "the 30-week SMA is rising"),
        ("1h", "the 4-hour RSI(14) has been below 40 for 3 bars"),
        ("1h", "the daily RSI(14) was below 40 within the last 3 bars"),
        ("1h", "the daily close is above the 20 EMA"),
        ("1h", "the day finishes above its open"),
        ("1h", "the daily close is up 2% over 2 days"),
        ("1d", "the weekly close has been above the 10-week SMA for 3 bars"),
        ("1h", "the 4-hour close is above SMA(20)"),
        ("1d", "the weekly close is above SMA(20)"),
        ("1h", "the daily volume is above its 20-day average"),
        ("1h", "RSI(14) is below 30 with volume above the 20-day average"),
        ("1h", "there is a daily doji"),
        ("1h", "RSI(14) is below 30 and three down days in a row"),
        ("1mo", "the weekly RSI is below 30"),
        ("1d", "the hourly RSI is below 30"),
    ],
)
def test_what_has_no_bars_on_this_chart_is_a_question(timeframe, condition):
    reading = read_text(AROUND.format(condition), context=ReadingContext(symbol="GOOG", timeframe=timeframe))
    assert reading.status == "needs_clarification", reading.draft
    assert reading.unresolved


@pytest.mark.parametrize(
    "entry",
    [
        "on a weekly hammer",
        "on a weekly breakout above the 20-day high",
        "on a weekly golden cross",
        "after three down weeks in a row",
        "on three consecutive down months",
    ],
)
def test_a_pattern_of_another_chart_is_a_question(entry):
    reading = read_text(f"Buy {entry}. Sell after 5 days.", context=ReadingContext(symbol="GOOG", timeframe="1d"))
    assert reading.status == "needs_clarification", reading.draft


HOURLY = ReadingContext(symbol="EURUSD", timeframe="1h")


@pytest.mark.parametrize(
    "condition",
    [
        "price closes above the 20 EMA on the daily chart",
        "price crosses above the 20 EMA on the daily chart",
        "price breaks above the 20 EMA on the 4-hour chart",
    ],
)
def test_a_close_or_a_crossing_on_another_chart_may_be_of_its_bars_and_is_asked(condition):
    reading = read_text(AROUND.format(condition), context=HOURLY)
    assert reading.status == "needs_clarification", reading.draft
    assert [one.topic for one in reading.unresolved] == ["timeframe"]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("the 20 EMA crosses above the 50 EMA on the 4-hour chart", up("EMA_20_4H", "EMA_50_4H")),
        ("MACD crosses above its signal line on the 4h chart", up("MACD_12_26_9_4H", "MACD_SIGNAL_12_26_9_4H")),
        ("RSI(14) is below 30 on the daily chart", is_("RSI_14_1D", "<", 30)),
        ("price is above the 20 EMA on the daily chart", is_("Close", ">", "EMA_20_1D")),
    ],
)
def test_a_chart_named_at_the_end_is_that_of_every_indicator_of_the_condition(condition, wanted):
    reading = read_text(AROUND.format(condition), context=HOURLY)
    assert reading.status == "complete", (reading.questions, reading.unresolved)
    assert identity(reading.spec) == identity(spec(wanted, is_("RSI_14", ">", 70), symbol="EURUSD", timeframe="1h"))


def test_the_daily_close_on_a_daily_chart_is_the_close():
    reading = read_text(
        AROUND.format("the daily close is above SMA(20)"), context=ReadingContext(symbol="GOOG", timeframe="1d")
    )
    assert reading.spec is not None
    assert identity(reading.spec) == identity(spec(is_("Close", ">", "SMA_20"), is_("RSI_14", ">", 70)))
