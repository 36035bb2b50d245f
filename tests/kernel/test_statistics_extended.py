"""What backtesting.py doesn't report, against pandas and figures done by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.account import Account
from Backtest.data.bars import Window
from Backtest.kernel.execution import Execution
from Backtest.kernel.statistics import run_statistics
from Backtest.kernel.statistics.calendar_returns import calendar_returns
from Backtest.kernel.statistics.distribution import (
    distribution_of,
    excess_kurtosis,
    information_ratio,
    omega_ratio,
    skewness,
    ulcer_index_pct,
)
from tests.kernel.scripted_runs import AVERAGE_BARS, BuyAndHold, bars_of, reported, scripted, series

BY_BAR = ("return_annual_pct", "volatility_annual_pct", "sharpe_ratio", "sortino_ratio", "calmar_ratio")
RETURNS = st.integers(5, 400).map(lambda count: np.random.default_rng(count).standard_t(4, count) * 0.01)


@given(RETURNS)
def test_moments_and_tails_are_those_of_pandas(returns: np.ndarray) -> None:
    ours, theirs = distribution_of(returns), pd.Series(returns)
    assert ours["skewness"] == pytest.approx(theirs.skew(), rel=1e-9, abs=1e-12)
    assert ours["excess_kurtosis"] == pytest.approx(theirs.kurt(), rel=1e-9, abs=1e-12)
    low, high = theirs.quantile(0.05), theirs.quantile(0.95)
    assert ours["value_at_risk_95_pct"] == pytest.approx(100 * low)
    assert ours["conditional_value_at_risk_95_pct"] == pytest.approx(100 * theirs[theirs <= low].mean())
    assert ours["tail_ratio"] == pytest.approx(abs(high / low))


def test_omega_by_hand() -> None:
    assert omega_ratio(np.array([0.03, -0.01, 0.0, 0.02, -0.03])) == pytest.approx(1.25)
    assert np.isnan(omega_ratio(np.array([0.01, 0.02])))


def test_ulcer_index_by_hand() -> None:
    assert ulcer_index_pct(np.array([100.0, 90.0, 120.0, 60.0])) == pytest.approx(np.sqrt((10**2 + 50**2) / 4))


def test_information_ratio_by_hand() -> None:
    active = np.array([0.02, -0.01, 0.03, 0.0])
    market = np.array([0.01, 0.01, -0.02, 0.04])
    deviation = np.sqrt(((active - 0.01) ** 2).sum() / 3)
    assert information_ratio(market + active, market, 4.0) == pytest.approx(0.01 / deviation * 2)


def test_what_equal_returns_leave_undefined() -> None:
    equal = np.full(10, 0.1)
    assert np.isnan([skewness(equal), excess_kurtosis(equal), information_ratio(equal, equal, 252.0)]).all()


@pytest.mark.parametrize(("period", "frequency"), [("month", "ME"), ("year", "YE")])
@pytest.mark.parametrize("name", ["GOOG", "EURUSD", "BTCUSD"])
def test_calendar_returns_are_those_of_pandas(period: str, frequency: str, name: str) -> None:
    run = reported(scripted(4, 0.2), series(name))
    equity = pd.Series(run.execution.equity, run.window.bars.frame.index)
    values = equity.resample(frequency).last().dropna()
    theirs = (values / values.shift(fill_value=equity.iloc[0]) - 1) * 100
    ours = calendar_returns(equity.to_numpy(), equity.index.to_numpy(), "month" if period == "month" else "year")
    assert list(ours.values()) == pytest.approx(theirs.tolist(), nan_ok=True)
    assert list(ours) == theirs.index.strftime("%Y-%m" if period == "month" else "%Y").tolist()


def test_months_and_years_are_named_and_summed_up() -> None:
    index = pd.DatetimeIndex(["2020-11-30", "2020-12-31", "2021-01-29", "2021-02-26"])
    bars = bars_of(np.full(4, 50.0), index, "1mo")
    execution = Execution((), (), (100.0, 110.0, 99.0, 99.0), ())
    ours = run_statistics(execution, Window(bars, 0), Account(), "extended")
    months = [ours[f"return_pct_{month}"] for month in ("2020_11", "2020_12", "2021_01", "2021_02")]
    assert months == pytest.approx([0.0, 10.0, -10.0, 0.0])
    assert [ours["return_pct_2020"], ours["return_pct_2021"]] == pytest.approx([10.0, -10.0])
    assert [ours["best_month_pct"], ours["worst_month_pct"], ours["winning_months_pct"]] == pytest.approx([10, -10, 25])
    assert [ours["best_year_pct"], ours["worst_year_pct"], ours["winning_years_pct"]] == pytest.approx([10, -10, 50])


def test_daily_bars_are_annualised_alike_both_ways_and_nothing_is_noted() -> None:
    run = reported(scripted(2, 0.2), series("GOOG"))
    ours = run_statistics(run.execution, run.window, run.account, "extended", AVERAGE_BARS - 1)
    assert [ours[f"{name}_by_bar"] for name in BY_BAR] == [ours[name] for name in BY_BAR]
    assert ours["annualisation_note"] is None


@pytest.mark.parametrize(
    ("name", "in_year", "theirs"), [("1q", 4.0, "365"), ("2d", 182.5, "365"), ("EURUSD", None, "252")]
)
def test_other_bars_are_annualised_by_their_own_frequency_beside_backtesting_py_s(
    name: str, in_year: float | None, theirs: str
) -> None:
    run = reported(BuyAndHold, series(name))
    ours = run_statistics(run.execution, run.window, run.account, "extended")
    equity, bars = np.array(run.execution.equity), float(str(ours["bars_per_year"]))
    growth = (equity[-1] / equity[0]) ** (1 / (len(equity) - 1))
    spread = (np.var(equity[1:] / equity[:-1] - 1, ddof=1) + growth**2) ** bars - growth ** (2 * bars)
    assert in_year in (None, bars)
    assert ours["return_annual_pct_by_bar"] == pytest.approx((growth**bars - 1) * 100)
    assert ours["volatility_annual_pct_by_bar"] == pytest.approx(np.sqrt(spread) * 100)
    assert ours["sharpe_ratio_by_bar"] == pytest.approx((growth**bars - 1) / np.sqrt(spread))
    assert ours["return_annual_pct"] == run.theirs.metrics["return_annual_pct"]
    assert f"one of {theirs} periods of a year" in str(ours["annualisation_note"])
    assert f"of which a year has {bars:g}" in str(ours["annualisation_note"])


def test_quarters_by_their_own_frequency_grow_as_the_calendar_says() -> None:
    run = reported(BuyAndHold, series("1q"))
    ours = run_statistics(run.execution, run.window, run.account, "extended")
    assert ours["return_annual_pct_by_bar"] == pytest.approx(ours["cagr_pct"], rel=0.01)
    assert ours["return_annual_pct"] != pytest.approx(ours["cagr_pct"], rel=1.0)


def test_the_extended_level_begins_with_the_full_list() -> None:
    run = reported(scripted(2, 0.2), series("BTCUSD"))
    full = run_statistics(run.execution, run.window, run.account, "full")
    extended = run_statistics(run.execution, run.window, run.account, "extended")
    assert list(extended.items())[: len(full)] == list(full.items())


def test_ruin_ends_the_returns_and_leaves_later_months_undefined() -> None:
    index = pd.date_range("2020-01-01", periods=90, freq="D")
    run = reported(BuyAndHold, bars_of(200.0 * 0.98 ** np.arange(90), index, "1d"), account=Account(margin=0.1))
    ours = run_statistics(run.execution, run.window, run.account, "extended")
    assert ours["ulcer_index_pct"] is not None
    assert ours["return_pct_2020_01"] == -100.0
    assert ours["return_pct_2020_02"] is None
    assert ours["winning_months_pct"] == 0.0


def test_a_window_of_one_bar_leaves_what_needs_returns_undefined() -> None:
    bars = series("GOOG")
    ours = run_statistics(Execution((), (), (100.0,), ()), Window(bars, len(bars) - 1), Account(cash=100), "extended")
    undefined = ("omega_ratio", "skewness", "value_at_risk_95_pct", "information_ratio", "sharpe_ratio_by_bar")
    assert [ours[name] for name in undefined] == [None] * 5
