import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.report.axes import tick_digits, time_ticks, value_ticks
from Backtest.report.buckets import buckets_of
from Backtest.report.charts import HEIGHTS, WIDTH, equity_panel, price_panel
from Backtest.report.record import RunRecord

NUMBERS = st.floats(-1e9, 1e9)


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


@given(NUMBERS, NUMBERS)
def test_ticks_are_few_even_and_within(one: float, other: float) -> None:
    low, high = sorted((one, other))
    if high - low < 1e-6 * max(1.0, abs(low), abs(high)):
        return
    ticks = value_ticks(low, high)
    assert 2 <= len(ticks) <= 6
    slack = 1e-6 * (high - low)
    assert low - slack <= ticks[0] <= ticks[-1] <= high + slack
    assert np.allclose(np.diff(ticks), ticks[1] - ticks[0])


def test_ticks_are_round_numbers() -> None:
    assert value_ticks(96_000, 158_000) == [100_000, 120_000, 140_000]
    assert value_ticks(1.05, 1.25) == pytest.approx([1.05, 1.1, 1.15, 1.2, 1.25])


def test_digits_tell_ticks_apart() -> None:
    assert tick_digits([1.05, 1.1]) == 2
    assert tick_digits([100.0, 120.0]) == 0


def test_a_year_of_days_is_marked_by_months_and_ten_years_by_years() -> None:
    year = np.datetime_as_string(np.arange("2020-01-01", "2020-07-01", dtype="datetime64[D]")).tolist()
    assert [text for _, text in time_ticks(year)] == ["2020-02", "2020-03", "2020-04", "2020-05", "2020-06"]
    decade = np.datetime_as_string(np.arange("2010-01-01", "2018-06-01", dtype="datetime64[D]")).tolist()
    assert [text for _, text in time_ticks(decade)] == [str(year) for year in range(2011, 2019)]


def test_a_tick_stands_where_its_month_begins() -> None:
    stamps = ["2020-01-30", "2020-01-31", "2020-02-03", "2020-02-04", "2020-03-02", "2020-04-01"]
    assert time_ticks(stamps, most=4) == [(2, "2020-02"), (4, "2020-03"), (5, "2020-04")]


def test_a_few_days_are_marked_one_by_one() -> None:
    stamps = ["2020-01-30", "2020-01-31", "2020-02-03"]
    assert time_ticks(stamps) == [(1, "2020-01-31"), (2, "2020-02-03")]


def test_where_even_days_are_too_many_some_are_left_out() -> None:
    stamps = [f"2020-01-{day:02}" for day in range(1, 32)]
    assert [text for _, text in time_ticks(stamps, most=5)] == [f"2020-01-{day:02}" for day in (2, 8, 14, 20, 26)]


def test_a_day_of_minutes_is_marked_by_hours() -> None:
    minutes = np.arange("2020-01-01T09:30", "2020-01-01T16:00", dtype="datetime64[m]").astype("datetime64[s]")
    assert time_ticks(np.datetime_as_string(minutes).tolist())[0][1] == "01-01 10:00"


@given(limit=st.integers(1, 3000))
def test_never_more_buckets_than_asked_and_no_bar_lost(limit: int, goog: RunRecord) -> None:
    buckets = buckets_of(goog, limit)
    assert len(buckets) <= limit
    assert len(buckets) == len(buckets.first_bars())
    assert buckets.first_bars()[-1] + buckets.bars_each >= buckets.bars
    assert buckets.high.max() == goog.evaluated["High"].max()
    assert buckets.low.min() == goog.evaluated["Low"].min()
    assert buckets.open[0] == goog.evaluated["Open"].iloc[0]
    assert buckets.close[-1] == goog.evaluated["Close"].iloc[-1]
    assert buckets.equity[-1] == goog.result.equity[-1]
    assert buckets.equity_high.max() == max(goog.result.equity)
    assert buckets.drawdown.min() == pytest.approx(goog.result.metrics["max_drawdown_pct"])


def test_a_bucket_is_the_longer_bar_that_pandas_makes(goog: RunRecord) -> None:
    buckets = buckets_of(goog, 500)
    groups = goog.evaluated.groupby(np.arange(len(goog.evaluated)) // buckets.bars_each)
    assert buckets.open.tolist() == groups["Open"].first().tolist()
    assert buckets.high.tolist() == groups["High"].max().tolist()
    assert buckets.low.tolist() == groups["Low"].min().tolist()
    assert buckets.close.tolist() == groups["Close"].last().tolist()


def test_the_curve_is_highest_on_the_day_of_the_highest_equity(goog: RunRecord) -> None:
    buckets = buckets_of(goog, 5000)
    panel = equity_panel(buckets, goog.stamps(buckets.first_bars()), goog.account.cash)
    points = places(next(mark.path for mark in panel.marks if mark.kind == "curve"))
    assert len(points) == len(goog.result.equity)
    heights = [y for _, y in points]
    assert heights[int(np.argmax(goog.result.equity))] == min(heights)
    assert heights[int(np.argmin(goog.result.equity))] == max(heights)


def test_all_that_is_drawn_lies_in_the_chart(goog: RunRecord) -> None:
    buckets = buckets_of(goog, 1000)
    stamps = goog.stamps(buckets.first_bars())
    panel = price_panel(buckets, stamps, goog.result.trades, goog.result.open_at_end, 2)
    for mark in panel.marks:
        for x, y in places(mark.path.partition("l")[0].partition("a")[0]):
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHTS["price"]


def test_a_mark_says_what_was_traded(goog: RunRecord) -> None:
    buckets = buckets_of(goog, 1000)
    panel = price_panel(buckets, goog.stamps(buckets.first_bars()), goog.result.trades, (), 2)
    trade = goog.result.trades[0]
    side = "long" if trade.size > 0 else "short"
    says = f"{trade.entry_time}: {side} {abs(trade.size)} at {trade.entry_price:.2f}"
    assert says in [mark.text for mark in panel.marks]
