"""Sums are numpy's to the last bit; what the stamps come to is pandas' and backtesting.py's."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.data.bars import Bars, Window
from Backtest.kernel.statistics import FULL_WIDTH, Figure
from Backtest.kernel.statistics.equity_figures import rank_equity
from Backtest.kernel.statistics.meter import geometric_mean
from Backtest.kernel.statistics.summation import mean, pairwise_sum, variance
from Backtest.kernel.statistics.time_axis import DAY_US, TimeAxis, bars_in_year, time_axis
from tests.kernel.scripted_runs import random_walk, series


def drawn(count: int) -> np.ndarray:
    dice = np.random.default_rng(count)
    return dice.normal(0, 1, count) * 10.0 ** dice.integers(-8, 8, count)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 127, 128, 129, 136, 255, 256, 257, 1000, 2148, 65_537, 1_000_003])
def test_a_sum_is_numpy_s(count: int) -> None:
    values = drawn(count)
    assert pairwise_sum(values, count) == values.sum()


@given(st.integers(0, 3000), st.integers(0, 40))
def test_a_sum_of_the_first_values_leaves_the_rest_aside(count: int, more: int) -> None:
    values = drawn(count + more)
    assert pairwise_sum(values, count) == values[:count].sum()


@given(st.integers(2, 2000))
def test_mean_and_variance_are_those_of_pandas(count: int) -> None:
    values = drawn(count)
    assert mean(values, count) == pd.Series(values).mean()
    assert variance(values, count) == pd.Series(values).var()


@pytest.mark.parametrize("deviation", [0.3, 1e-5])
def test_a_geometric_mean_is_numpy_s_to_the_last_bit(deviation: float) -> None:
    dice = np.random.default_rng(5)
    for _ in range(3000):
        growth = np.exp(dice.normal(0, deviation, dice.integers(1, 30)))
        assert geometric_mean(growth.copy(), growth.min()) == np.exp(np.log(growth).sum() / len(growth)) - 1


def test_volatility_takes_powers_as_numpy_does() -> None:
    """An account that hardly moves: its volatility is a difference of powers that are equal but for the last digits."""
    dice = np.random.default_rng(6)
    bases = [base for base in 1 + dice.normal(0, 1e-3, 20_000) if base**2 != base * base]
    axis, index = axis_of("B", 300)
    returns, row = dice.normal(0, 1e-7, 299), np.empty(FULL_WIDTH)
    assert len(bases) > 5
    for base in bases:
        rank_equity(np.full(len(index), 1e5), axis, returns, base - 1, row)
        spread = (pd.Series(returns).var() + base**2) ** 252 - base ** (2 * 252)
        with np.errstate(invalid="ignore"):
            assert row[Figure.volatility_annual_pct] == pytest.approx(np.sqrt(spread) * 100, abs=0, rel=0, nan_ok=True)


def test_mean_of_nothing_and_variance_of_one_value_are_undefined() -> None:
    assert np.isnan(mean(np.empty(0), 0))
    assert np.isnan(variance(np.ones(1), 1))


def axis_of(frequency: str, count: int, start: str = "2003-02-01") -> tuple[TimeAxis, pd.DatetimeIndex]:
    index = pd.date_range(start, periods=count, freq=frequency).as_unit("us")
    return time_axis(index.to_numpy(), 0), index


@pytest.mark.parametrize(
    ("frequency", "resampled", "periods_per_year"),
    [
        ("D", "D", 365),
        ("B", "D", 252),
        ("7h", "D", 365),
        ("2D", "D", 365),
        ("QS", "D", 365),
        ("W-SUN", "W", 52),
        ("W-MON", "W", 52),
        ("MS", "ME", 12),
        ("YS", "YE", 1),
    ],
)
@pytest.mark.parametrize("hour", [0, 9])
def test_periods_end_where_pandas_lets_them_end(
    frequency: str, resampled: str, periods_per_year: int, hour: int
) -> None:
    axis, index = axis_of(frequency, 180, f"2003-02-01 {hour:02}:00")
    ends = pd.Series(range(len(index)), index).resample(resampled).last().dropna().astype(int)
    assert axis.ends.tolist() == ends.tolist()
    if frequency != "QS":  # of which as many begin on a weekend as it happens
        assert axis.periods_per_year == periods_per_year


@pytest.mark.parametrize("frequency", ["W-MON", "W-WED", "MS", "YS"])
def test_of_two_bars_in_a_week_month_or_year_the_last_one_ends_it(frequency: str) -> None:
    regular = pd.date_range("2003-02-01", periods=120, freq=frequency)
    index = regular.union(regular[:20] + pd.Timedelta(days=2)).union(regular[:20] - pd.Timedelta(days=1)).as_unit("us")
    resampled = {"W-MON": "W", "W-WED": "W", "MS": "ME", "YS": "YE"}[frequency]
    ends = pd.Series(range(len(index)), index).resample(resampled).last().dropna().astype(int)
    assert time_axis(index.to_numpy(), 0).ends.tolist() == ends.tolist()


@pytest.mark.parametrize(("frequency", "resolution"), [("W", "D"), ("3h", "h"), ("30min", "min"), ("90s", "s")])
def test_durations_are_rounded_to_the_unit_of_the_bars_distance(frequency: str, resolution: str) -> None:
    axis, index = axis_of(frequency, 50)
    assert index.to_series().diff().median().resolution_string == resolution
    assert axis.resolution_us == pd.Timedelta(1, resolution) // pd.Timedelta(1, "us")


def test_years_run_from_the_first_stamp_to_the_last() -> None:
    axis, _ = axis_of("D", 731)
    assert axis.years == 730 / 365.25
    assert axis.stamps_us[-1] - axis.stamps_us[0] == 730 * DAY_US


@pytest.mark.parametrize(
    ("name", "bars"),
    [("GOOG", 252.0), ("1w", 52.0), ("BTCUSD", 12.0), ("1q", 4.0), ("2d", 365 / 2), ("4h around the clock", 365 * 6)],
)
def test_bars_of_a_year_by_the_timeframe(name: str, bars: float) -> None:
    assert bars_in_year(Window(series(name), 0)) == bars


def test_hourly_bars_of_a_year_are_counted_where_the_series_is_long_enough() -> None:
    sessions = random_walk("1h", "h", 20_000).frame
    kept = sessions[(sessions.index.day_of_week < 5) & (sessions.index.hour < 7)]
    bars = Bars.from_frame(kept, symbol="DRAWN", source="csv", zone="UTC", timeframe="1h")
    assert bars_in_year(Window(bars, 0)) == pytest.approx(365.25 / 7 * 5 * 7, rel=0.01)
    assert bars_in_year(Window(bars, 500)) == bars_in_year(Window(bars, 0))
