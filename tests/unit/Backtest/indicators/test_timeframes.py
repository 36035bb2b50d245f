"""Higher timeframes and previous periods against slow loops over calendar dates (rules 9 and 10 of the language)."""

import ast
import inspect
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import talib
from backtesting.test import EURUSD
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from Backtest.indicators import timeframes
from Backtest.indicators.timeframes import align_to_chart, bar_ends, bucket_ends, previous_period, resample_bars

# chart -> longer timeframes that consist of its bars
LONGER = {
    "1m": ("5m", "1h", "1d"),
    "15m": ("45m", "90m", "4h", "1d"),
    "1h": ("2h", "4h", "6h", "8h", "12h", "1d", "1w", "1mo"),
    "4h": ("12h", "1d", "1w", "1mo"),
    "12h": ("1d", "1w"),
    "1d": ("1w", "1mo", "1q"),
    "1mo": ("1q",),
}


def stamps(chart: str, count: int, begin: str) -> pd.DatetimeIndex:
    code = chart.replace("m", "min") if chart.endswith("m") else chart
    freq = {"1mo": "MS", "1d": "D"}.get(chart, code)
    return pd.date_range(begin, periods=count, freq=freq, name="Time")


def bars_at(index: pd.DatetimeIndex, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    close = 100 + np.cumsum(rng.normal(0, 1, len(index)))
    high, low = close + rng.random(len(index)), close - rng.random(len(index))
    opened, volume = low + (high - low) * rng.random(len(index)), rng.integers(0, 1000, len(index))
    columns = {"Open": opened, "High": high, "Low": low, "Close": close, "Volume": volume}
    return pd.DataFrame(columns, index=index)


@st.composite
def charts(draw):
    """Bars of a chart with holes in it, and a longer timeframe."""
    chart, longer = draw(st.sampled_from([(chart, longer) for chart, many in LONGER.items() for longer in many]))
    begin = draw(st.sampled_from(["2024-01-01", "2024-02-27", "2023-12-29", "2024-11-03"]))
    index = stamps(chart, draw(st.integers(2, 150)), begin)
    kept = draw(st.lists(st.booleans(), min_size=len(index), max_size=len(index)))
    index = index[np.array(kept) | (np.arange(len(index)) == 0)]
    return chart, longer, bars_at(index, draw(st.integers(0, 99)))


# the slow loops, in Python's own calendar


def months_later(stamp: datetime, months: int) -> datetime:
    """The same day of a later month, for days that every month has."""
    month = stamp.month - 1 + months
    return stamp.replace(year=stamp.year + month // 12, month=month % 12 + 1)


def slow_bucket_end(stamp: datetime, timeframe: str) -> datetime:
    midnight = datetime(stamp.year, stamp.month, stamp.day)
    if timeframe == "1d":
        return midnight + timedelta(days=1)
    if timeframe == "1w":
        return midnight + timedelta(days=7 - stamp.weekday())
    if timeframe == "1mo":
        return months_later(midnight.replace(day=1), 1)
    if timeframe == "1q":
        return months_later(midnight.replace(day=1, month=(stamp.month - 1) // 3 * 3 + 1), 3)
    length = timedelta(minutes=int(timeframe[:-1]) * (60 if timeframe[-1] == "h" else 1))
    end = midnight
    while end <= stamp:
        end += length
    return min(end, midnight + timedelta(days=1))


def slow_bar_end(stamp: datetime, timeframe: str) -> datetime:
    if timeframe == "1mo":
        return months_later(stamp, 1)
    return stamp + timedelta(minutes=int(timeframe[:-1]) * {"m": 1, "h": 60, "d": 1440, "w": 10080}[timeframe[-1]])


def slow_buckets(frame: pd.DataFrame, timeframe: str) -> dict[datetime, list[int]]:
    buckets: dict[datetime, list[int]] = {}
    for i, stamp in enumerate(frame.index):
        buckets.setdefault(slow_bucket_end(stamp.to_pydatetime(), timeframe), []).append(i)
    return buckets


def slow_closes_on_chart(frame: pd.DataFrame, chart: str, longer: str) -> list[float]:
    closes, out = frame["Close"].tolist(), []
    buckets = slow_buckets(frame, longer)
    for stamp in frame.index:
        ended = [end for end in buckets if end <= slow_bar_end(stamp.to_pydatetime(), chart)]
        out.append(closes[buckets[max(ended)][-1]] if ended else np.nan)
    return out


def closes_on_chart(frame: pd.DataFrame, chart: str, longer: str) -> np.ndarray:
    bars = resample_bars(frame, longer)
    return align_to_chart(bars["Close"].to_numpy(), bars.index, frame.index, chart)


@settings(deadline=None)
@given(charts())
def test_longer_bars_are_those_of_a_slow_loop(case):
    _, longer, frame = case
    bars, buckets = resample_bars(frame, longer), slow_buckets(frame, longer)
    assert [stamp.to_pydatetime() for stamp in bars.index] == list(buckets)
    for row, members in zip(bars.itertuples(), buckets.values(), strict=True):
        part = frame.iloc[members]
        assert row.Open == part["Open"].iloc[0]
        assert row.High == max(part["High"])
        assert row.Low == min(part["Low"])
        assert row.Close == part["Close"].iloc[-1]
        assert row.Volume == sum(part["Volume"])


@settings(deadline=None)
@given(charts())
def test_values_on_the_chart_are_those_of_a_slow_loop(case):
    chart, longer, frame = case
    np.testing.assert_array_equal(closes_on_chart(frame, chart, longer), slow_closes_on_chart(frame, chart, longer))


@settings(deadline=None)
@given(charts(), st.data())
def test_later_bars_never_change_earlier_values(case, data):
    chart, longer, frame = case
    cut = data.draw(st.integers(1, len(frame)), label="cut")
    changed = frame.copy()
    changed.iloc[cut:] *= 3
    values = closes_on_chart(frame, chart, longer)[:cut]
    np.testing.assert_array_equal(closes_on_chart(changed, chart, longer)[:cut], values)
    np.testing.assert_array_equal(closes_on_chart(frame.iloc[:cut], chart, longer), values)


def test_a_4_hour_average_on_hourly_bars_is_that_of_the_reference_strategy():
    """The recipe of a hand-written reference: 4-hour closes by pandas, their SMA(50), and the last completed one."""
    frame = EURUSD.copy()
    four_hours = frame["Close"].resample("4h", label="right", closed="left").last().dropna()
    expected = four_hours.rolling(50).mean().reindex(frame.index + pd.Timedelta("1h"), method="ffill").to_numpy()
    bars = resample_bars(frame, "4h")
    average = align_to_chart(talib.SMA(bars["Close"].to_numpy(), 50), bars.index, pd.DatetimeIndex(frame.index), "1h")
    np.testing.assert_allclose(average, expected, rtol=1e-12)
    assert np.isnan(average).sum() < 250


def test_a_week_is_seen_from_the_bar_that_ends_with_it():
    """Friday's bar ends on Saturday, before its week does: on a chart without weekends Monday's bar is the first."""
    frame = bars_at(pd.bdate_range("2024-01-01", "2024-01-16", name="Time"))
    week = closes_on_chart(frame, "1d", "1w")
    monday, friday = frame.index.get_loc("2024-01-08"), frame.index.get_loc("2024-01-05")
    assert np.isnan(week[friday])
    assert week[monday] == frame["Close"].iloc[friday]


def test_the_last_bar_of_a_day_sees_its_own_day():
    frame = bars_at(pd.date_range("2024-01-01", periods=48, freq="h", name="Time"))
    day = closes_on_chart(frame, "1h", "1d")
    assert np.isnan(day[22])
    assert day[23] == frame["Close"].iloc[23]
    assert day[46] == frame["Close"].iloc[23]
    assert day[47] == frame["Close"].iloc[47]


def test_a_short_sunday_session_is_a_day_of_its_own():
    friday = pd.date_range("2024-01-05 18:00", periods=4, freq="h")
    sunday = pd.date_range("2024-01-07 22:00", periods=2, freq="h")
    frame = bars_at(friday.append(sunday).append(pd.date_range("2024-01-08", periods=24, freq="h")))
    assert [str(end.date()) for end in resample_bars(frame, "1d").index] == ["2024-01-06", "2024-01-08", "2024-01-09"]


def test_a_partial_first_bar_counts():
    frame = bars_at(pd.date_range("2024-01-01 03:00", periods=9, freq="h", name="Time"))
    bars = resample_bars(frame, "4h")
    assert bars.index[0] == pd.Timestamp("2024-01-01 04:00")
    assert bars["Open"].iloc[0] == frame["Open"].iloc[0]
    assert bars["Close"].iloc[0] == frame["Close"].iloc[0]


def test_a_month_bar_ends_a_calendar_month_after_its_stamp():
    index = pd.DatetimeIndex(["2024-01-01", "2024-02-01", "2024-03-01"])
    assert bar_ends(index, "1mo").tolist() == [*index[1:], pd.Timestamp("2024-04-01")]


@pytest.mark.parametrize(
    ("chart", "end"),
    [("1m", "2024-03-04 00:01"), ("90m", "2024-03-04 01:30"), ("12h", "2024-03-04 12:00"), ("3d", "2024-03-07"),
     ("1w", "2024-03-11"), ("1mo", "2024-04-04"), ("1q", "2024-06-04")],
)  # fmt: skip
def test_a_bar_ends_its_own_length_after_its_stamp(chart, end):
    assert bar_ends(pd.DatetimeIndex(["2024-03-04"]), chart)[0] == pd.Timestamp(end)


def test_a_bar_cut_short_by_a_clock_change_does_not_see_a_day_that_goes_on():
    """4-hour bars at 16:00 and 20:00 meet bars at 21:00 after a clock change: at 20:00 the day is not complete."""
    stamps_ = ["2024-03-10 16:00", "2024-03-10 20:00", "2024-03-10 21:00", "2024-03-11 01:00"]
    frame = bars_at(pd.DatetimeIndex(stamps_, name="Time"))
    day = closes_on_chart(frame, "4h", "1d")
    assert np.isnan(day[1])
    assert day[2] == frame["Close"].iloc[2]


@pytest.mark.parametrize("timeframe", ["2d", "2w", "3mo", "24h", "0h", "h", "", "1y", "d"])
def test_buckets_without_a_calendar_are_refused(timeframe):
    with pytest.raises(ValueError, match="no buckets of"):
        bucket_ends(pd.DatetimeIndex(["2024-03-04"]), timeframe)


def test_buckets_that_do_not_divide_a_day_end_with_it():
    index = pd.DatetimeIndex(["2024-03-04 19:59", "2024-03-04 20:00", "2024-03-04 23:59"])
    ends = bucket_ends(index, "5h")
    assert ends.tolist() == [pd.Timestamp("2024-03-04 20:00"), pd.Timestamp("2024-03-05"), pd.Timestamp("2024-03-05")]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_resolution_of_the_stamps_does_not_matter(unit):
    frame = bars_at(pd.date_range("2024-01-01", periods=60, freq="h", name="Time"))
    other = frame.set_axis(frame.index.as_unit(unit))
    np.testing.assert_array_equal(closes_on_chart(other, "1h", "1d"), closes_on_chart(frame, "1h", "1d"))
    highs = previous_period(frame, "day", "High", "1h")
    np.testing.assert_array_equal(previous_period(other, "day", "High", "1h"), highs)


# previous day, week and month


PERIODS = {"day": "1d", "week": "1w", "month": "1mo"}


def slow_previous(frame: pd.DataFrame, period: str, field: str, chart: str) -> list[float]:
    timeframe = PERIODS[period]
    buckets = slow_buckets(frame, timeframe)
    out = []
    for stamp in frame.index:
        current = slow_bucket_end(stamp.to_pydatetime(), timeframe)
        bar_end = slow_bar_end(stamp.to_pydatetime(), chart)
        before = [
            members
            for end, members in buckets.items()
            if end < current or (end == current and chart != timeframe and end <= bar_end)
        ]
        if not before:
            out.append(np.nan)
            continue
        values = frame[field].iloc[before[-1]].tolist()
        out.append({"High": max, "Low": min, "Open": lambda v: v[0], "Close": lambda v: v[-1]}[field](values))
    return out


@settings(deadline=None)
@given(
    charts(), st.sampled_from(["day", "week", "month"]), st.sampled_from(["High", "Low", "Open", "Close"]), st.data()
)
def test_the_previous_period_is_that_of_a_slow_loop_and_never_looks_ahead(case, period, field, data):
    chart, _, frame = case
    assume(chart != "1mo" or period == "month")  # a period shorter than a bar is a finding of lint
    values = previous_period(frame, period, field, chart)
    np.testing.assert_array_equal(values, slow_previous(frame, period, field, chart))
    cut = data.draw(st.integers(1, len(frame)), label="cut")
    np.testing.assert_array_equal(previous_period(frame.iloc[:cut], period, field, chart), values[:cut])


def test_the_previous_day_on_daily_bars_is_the_bar_before_a_weekend_included():
    frame = bars_at(pd.bdate_range("2024-01-01", periods=12, name="Time"))
    expected = frame["High"].shift(1)
    np.testing.assert_array_equal(previous_period(frame, "day", "High", "1d"), expected)


def test_the_previous_day_on_hourly_bars_is_the_one_that_the_bar_of_2300_completes():
    frame = bars_at(pd.date_range("2024-01-01", periods=71, freq="h", name="Time"))
    low = previous_period(frame, "day", "Low", "1h")
    assert np.isnan(low[:23]).all()
    assert set(low[23:47]) == {frame["Low"].iloc[:24].min()}
    assert set(low[47:]) == {frame["Low"].iloc[24:48].min()}


def test_the_previous_week_on_daily_bars_of_a_stock_begins_to_show_on_its_next_bar():
    frame = bars_at(pd.bdate_range("2024-01-01", periods=10, name="Time"))
    high = previous_period(frame, "week", "High", "1d")
    assert np.isnan(high[:5]).all()  # Friday's bar ends two days before its week
    assert set(high[5:]) == {frame["High"].iloc[:5].max()}


def test_the_functions_need_nothing_but_numpy_pandas_and_one_another():
    """Run from their bare sources, as a generated file carries them."""
    scope: dict[str, object] = {"np": np, "pd": pd}
    for _, function in inspect.getmembers(timeframes, inspect.isfunction):
        source = inspect.getsource(function)
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
        exec(source, scope)  # noqa: S102
    frame = bars_at(pd.date_range("2024-01-01", periods=100, freq="h", name="Time"))
    bars = scope["resample_bars"](frame, "4h")
    values = scope["align_to_chart"](bars["Close"].to_numpy(), bars.index, frame.index, "1h")
    np.testing.assert_array_equal(values, closes_on_chart(frame, "1h", "4h"))
    previous = scope["previous_period"](frame, "week", "Close", "1h")
    np.testing.assert_array_equal(previous, previous_period(frame, "week", "Close", "1h"))
