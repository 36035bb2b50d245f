"""The full list of statistics is what backtesting.py reports, number by number, to the last bit."""

import math

import numpy as np
import pandas as pd
import pytest

from Backtest.account import Account
from Backtest.data.bars import Bars
from Backtest.kernel.statistics import FULL_WIDTH, RANK_WIDTH, Figure, Meter, figures_by_name, run_statistics, time_axis
from Backtest.kernel.statistics.run_statistics import trade_table
from Backtest.run_result import METRIC_NAMES, OWN_METRIC_NAMES
from tests.kernel.scripted_runs import (
    AVERAGE_BARS,
    BuyAndHold,
    OneTrade,
    Reported,
    bars_of,
    random_walk,
    reported,
    scripted,
    series,
)

SERIES = ["GOOG", "EURUSD", "BTCUSD", "1m", "1h", "1w", "1q", "2d", "4h around the clock"]
COSTS = Account(cash=1_000_000, commission_rate=0.001, commission_fixed=1.5, spread=0.0003, margin=0.5)


def differences(run: Reported, warm_up_bars: int = 0) -> dict[str, object]:
    ours = run_statistics(run.execution, run.window, run.account, "full", warm_up_bars)
    assert list(ours) == list(run.theirs.metrics)
    return {
        name: (ours[name], theirs)
        for name, theirs in run.theirs.metrics.items()
        if ours[name] != theirs or type(ours[name]) is not type(theirs)
    }


def rising(count: int, last_step: float) -> Bars:
    closes = np.append(100.0 + np.arange(count - 1), 98.0 + count + last_step)
    return bars_of(closes, pd.date_range("2020-01-01", periods=count, freq="D"), "1d")


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("busy", [0.06, 0.5])
def test_random_runs_have_backtesting_py_s_statistics(name: str, busy: float) -> None:
    run = reported(scripted(len(name), busy), series(name), account=COSTS)
    assert len(run.execution.trades) > 2
    assert differences(run, AVERAGE_BARS - 1) == {}


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("part", [0.01, 0.3])
def test_a_window_is_measured_from_its_first_bar_and_held_from_where_columns_have_values(
    name: str, part: float
) -> None:
    bars = series(name)
    first_bar = int(len(bars) * part)
    run = reported(scripted(5, 0.3), bars, first_bar, COSTS)
    assert differences(run, max(0, AVERAGE_BARS - 1 - first_bar)) == {}


def test_one_trade() -> None:
    run = reported(OneTrade, series("GOOG"))
    assert len(run.execution.trades) == 1
    assert differences(run) == {}


def test_no_trade() -> None:
    run = reported(scripted(1, 0.0), series("GOOG"))
    assert run.execution.trades == ()
    assert differences(run, AVERAGE_BARS - 1) == {}


def test_a_position_left_open() -> None:
    run = reported(BuyAndHold, series("BTCUSD"), account=COSTS)
    assert len(run.execution.open_at_end) == 1
    assert differences(run) == {}


@pytest.mark.parametrize("first_bar", [0, 7])
def test_a_ruined_account(first_bar: int) -> None:
    falling = bars_of(200.0 * 0.99 ** np.arange(80), pd.date_range("2020-01-01", periods=80, freq="D"), "1d")
    run = reported(BuyAndHold, falling, first_bar, Account(margin=0.1))
    assert run.execution.equity[-1] == 0.0
    assert differences(run) == {}


@pytest.mark.parametrize("bars_left", [1, 2, 3, 4, 9])
def test_windows_of_few_bars(bars_left: int) -> None:
    bars = series("GOOG")
    assert differences(reported(BuyAndHold, bars, len(bars) - bars_left)) == {}


@pytest.mark.parametrize("last_step", [-3.0, 2.0])
def test_an_account_that_falls_on_its_last_bar_only_or_never(last_step: float) -> None:
    run = reported(BuyAndHold, rising(40, last_step), account=Account(commission_rate=0.0))
    assert differences(run) == {}


def test_a_commission_of_nothing_is_0_and_never_undefined() -> None:
    run = reported(OneTrade, series("GOOG"), account=Account(commission_rate=0.0))
    assert run_statistics(run.execution, run.window, run.account, "full")["commissions"] == 0.0
    assert differences(run) == {}


def test_the_ranking_level_has_some_of_the_full_list_s_figures() -> None:
    run = reported(scripted(2, 0.2), series("GOOG"), account=COSTS)
    rank = run_statistics(run.execution, run.window, run.account, "rank")
    full = run_statistics(run.execution, run.window, run.account, "full")
    assert {"return_pct", "sharpe_ratio", "max_drawdown_pct", "total_trades", "win_rate_pct", "sqn"} < set(rank)
    assert rank == {name: full[name] for name in rank}


def test_every_figure_is_named_in_the_list_of_metrics() -> None:
    assert {figure.name for figure in Figure} <= {*METRIC_NAMES.values(), *OWN_METRIC_NAMES}


def test_an_equity_of_another_window_is_refused() -> None:
    run = reported(OneTrade, series("GOOG"))
    with pytest.raises(ValueError, match="an equity of 2148 values on a window of 150 bars"):
        run_statistics(run.execution, reported(OneTrade, series("1q")).window, run.account, "rank")


def test_a_meter_that_has_measured_other_runs_answers_as_a_new_one() -> None:
    bars = random_walk("1d", "B", 600)
    closes = bars.frame["Close"].to_numpy().copy()
    axis = time_axis(bars.frame.index.to_numpy(), 0)
    used, rows = Meter(axis, closes), []
    for seed in (1, 2, 3):
        run = reported(scripted(seed, 0.1 * seed), bars)
        equity, trades = np.array(run.execution.equity), trade_table(run.execution.trades)
        row, row_of_new = np.empty(FULL_WIDTH), np.empty(FULL_WIDTH)
        used.full(equity, trades, 0, row)
        Meter(axis, closes).full(equity, trades, 0, row_of_new)
        rows.append((figures_by_name(row), figures_by_name(row_of_new)))
    assert [mine == new for mine, new in rows] == [True] * 3
    assert rows[0][0] != rows[1][0]


def test_the_ranking_level_writes_its_own_columns_only() -> None:
    run = reported(scripted(1, 0.2), series("1q"))
    closes = run.window.bars.frame["Close"].to_numpy().copy()
    row = np.full(FULL_WIDTH, -1e300)
    meter = Meter(time_axis(run.window.bars.frame.index.to_numpy(), 0), closes)
    meter.rank(np.array(run.execution.equity), trade_table(run.execution.trades), row)
    assert (row[RANK_WIDTH:] == -1e300).all()
    assert all(math.isfinite(value) and value != -1e300 for value in row[:RANK_WIDTH])
