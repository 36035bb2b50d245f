"""Words of another timeframe than the chart's: an indicator of it where the language has one, else a question."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.spec_forms import is_, spec

AROUND = "Buy when {}. Sell when RSI(14) is above 70."


@pytest.mark.parametrize(
    ("timeframe", "condition"),
    [
        ("1h", "the daily 10 SMA is rising"),
        ("1h", "the daily 10 SMA turns up"),
        ("1d", "the 30-week SMA is rising"),
        ("1h", "the 4-hour RSI(14) has been below 40 for 3 bars"),
        ("1h", "the daily RSI(14) was below 40 within the last 3 bars"),
        ("1h", "the daily close is above the daily 20 EMA"),
        ("1h", "the daily close crosses above the 20-day SMA"),
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


def test_the_daily_close_on_a_daily_chart_is_the_close():
    reading = read_text(
        AROUND.format("the daily close is above SMA(20)"), context=ReadingContext(symbol="GOOG", timeframe="1d")
    )
    assert reading.spec is not None
    assert identity(reading.spec) == identity(spec(is_("Close", ">", "SMA_20"), is_("RSI_14", ">", 70)))
