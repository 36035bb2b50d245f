"""Longer bars, compared with pandas' own resampling."""

import numpy as np
import pandas as pd
import pytest

from Backtest.data.bars import Bars
from Backtest.data.resample import resample
from Backtest.errors import BarsInvalid

_HOW = {"Open": "first", "High": "max", "Low": "min", "Close": "last", "Volume": "sum"}


def _walk(index: pd.DatetimeIndex) -> Bars:
    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, len(index))))
    open_ = close * (1 + rng.normal(0, 0.003, len(index)))
    frame = pd.DataFrame(
        {
            "Open": open_,
            "High": np.maximum(open_, close) * 1.004,
            "Low": np.minimum(open_, close) * 0.996,
            "Close": close,
            "Volume": rng.integers(1, 10_000, len(index)).astype(float),
        },
        index=index,
    )
    return Bars.from_frame(frame, symbol="TEST", source="csv", zone="UTC")


_QUARTER_HOURS = pd.date_range("2019-12-28 13:45", periods=2_000, freq="15min")


@pytest.mark.parametrize(
    ("index", "timeframe", "rule"),
    [
        (_QUARTER_HOURS, "1h", "h"),
        (_QUARTER_HOURS, "4h", "4h"),
        (_QUARTER_HOURS, "12h", "12h"),
        (_QUARTER_HOURS, "45m", "45min"),
        (_QUARTER_HOURS[_QUARTER_HOURS.day_of_week < 5], "1d", "D"),
        (_QUARTER_HOURS, "1w", "W-MON"),
        (pd.bdate_range("2019-03-14", periods=500), "1w", "W-MON"),
        (pd.bdate_range("2019-03-14", periods=500), "1mo", "MS"),
        (pd.bdate_range("2019-03-14", periods=500), "1q", "QS"),
        (pd.date_range("2011-02-28", periods=50, freq="ME"), "1q", "QS"),
    ],
)
def test_longer_bars_are_those_of_pandas(index: pd.DatetimeIndex, timeframe: str, rule: str) -> None:
    bars = _walk(index)
    expected = bars.frame.resample(rule, closed="left", label="left", origin="start_day").agg(_HOW).dropna()
    built = resample(bars, timeframe)
    assert built.timeframe == timeframe
    pd.testing.assert_frame_equal(built.frame, expected, check_freq=False, check_exact=True)


def test_a_week_is_stamped_at_its_monday_even_where_that_day_has_no_bar() -> None:
    bars = _walk(pd.bdate_range("2024-01-03", "2024-01-12"))
    assert [str(time.date()) for time in resample(bars, "1w").frame.index] == ["2024-01-01", "2024-01-08"]


def test_a_short_sunday_session_is_a_day_of_its_own() -> None:
    bars = _walk(pd.date_range("2024-01-07 22:00", periods=10, freq="h"))
    assert [str(time) for time in resample(bars, "1d").frame.index] == ["2024-01-07 00:00:00", "2024-01-08 00:00:00"]


def test_the_making_is_a_finding() -> None:
    built = resample(_walk(pd.bdate_range("2024-01-01", periods=10)), "1w")
    assert [(finding.rule, finding.severity, finding.count) for finding in built.findings] == [("resampled", "info", 2)]


@pytest.mark.parametrize(
    ("index", "timeframe"),
    [
        (pd.date_range("2024-01-01", periods=20), "1h"),
        (pd.date_range("2024-01-01", periods=20), "2d"),
        (pd.date_range("2024-01-01", periods=20, freq="4h"), "6h"),
        (pd.date_range("2024-01-01", periods=20, freq="7D"), "1mo"),
    ],
)
def test_bars_that_whole_ones_do_not_make_are_refused_with_what_can_be_had(
    index: pd.DatetimeIndex, timeframe: str
) -> None:
    bars = _walk(index)
    with pytest.raises(BarsInvalid, match=f"are {bars.timeframe}; asked for {timeframe}") as caught:
        resample(bars, timeframe)
    assert caught.value.issues[0].suggestion.startswith(f"use {bars.timeframe}")
