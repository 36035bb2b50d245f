"""A strategy class and bars in, plain data out: compared with backtesting.py itself and with calculations by hand."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from backtesting import Backtest, Strategy
from backtesting.test import EURUSD, GOOG, SMA

from Backtest.account import Account
from Backtest.backtesting_adapter import run_strategy
from Backtest.errors import InputError, WindowEmpty
from Backtest.run_result import METRIC_NAMES

FIRST_BAR = 1000


class Trend(Strategy):
    bars = 20

    def init(self):
        self.average = self.I(SMA, self.data.Close, self.bars)

    def next(self):
        if self.data.Close[-1] > self.average[-1] and not self.position:
            self.buy(tag="up")
        elif self.data.Close[-1] < self.average[-1]:
            self.position.close()


class Idle(Strategy):
    def init(self):
        pass

    def next(self):
        pass


@pytest.fixture(scope="module")
def whole():
    return run_strategy(Trend, GOOG, 0, Account())


@pytest.fixture(scope="module")
def window():
    return run_strategy(Trend, GOOG, FIRST_BAR, Account())


@pytest.fixture(scope="module")
def library_stats():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Backtest(GOOG, Trend, cash=100_000, commission=0.001).run()


def prices(*opens: float) -> pd.DataFrame:
    """Daily bars that open and close at the given prices."""
    index = pd.date_range("2020-01-01", periods=len(opens), name="Time")
    table = {column: np.array(opens, dtype=float) for column in ("Open", "High", "Low", "Close")}
    return pd.DataFrame({**table, "Volume": 1000.0}, index=index)


def test_every_statistic_of_the_library_has_a_name(library_stats):
    assert {key for key in library_stats.index if not key.startswith("_")} == set(METRIC_NAMES)


@pytest.mark.parametrize("key", METRIC_NAMES)
def test_without_warm_up_each_statistic_is_the_librarys_own(whole, library_stats, key):
    theirs, ours = library_stats[key], whole.metrics[METRIC_NAMES[key]]
    if isinstance(theirs, pd.Timestamp):
        assert ours == theirs.strftime("%Y-%m-%d")
    elif isinstance(theirs, pd.Timedelta):
        assert ours == theirs / pd.Timedelta(days=1)
    else:
        assert ours == theirs


def test_the_equity_is_the_librarys_own(whole, library_stats):
    assert whole.equity == tuple(library_stats["_equity_curve"]["Equity"])


def test_on_a_window_return_and_pnl_are_measured_from_the_cash(window):
    assert window.equity[0] == 100_000
    assert window.metrics["return_pct"] == pytest.approx((window.equity[-1] / 100_000 - 1) * 100, rel=1e-12)
    assert window.metrics["total_pnl"] == window.equity[-1] - 100_000


def test_on_a_window_the_drawdown_is_that_of_its_equity(window):
    equity = np.array(window.equity)
    by_hand = -100 * max(1 - value / equity[: i + 1].max() for i, value in enumerate(equity))
    assert window.metrics["max_drawdown_pct"] == pytest.approx(by_hand, rel=1e-12)
    assert window.metrics["max_drawdown"] == window.metrics["max_drawdown_pct"]


def test_on_a_window_buy_and_hold_begins_at_its_first_bar(window):
    close = GOOG["Close"].to_numpy()
    assert window.metrics["buy_and_hold_return_pct"] == pytest.approx((close[-1] / close[FIRST_BAR] - 1) * 100)


def test_buy_and_hold_waits_for_a_warm_up_that_reaches_into_the_window():
    class Slow(Trend):
        bars = 200

    result = run_strategy(Slow, GOOG, 100, Account())
    close = GOOG["Close"].to_numpy()
    assert result.metrics["buy_and_hold_return_pct"] == pytest.approx((close[-1] / close[199] - 1) * 100)


def test_on_a_window_counts_and_dates_are_the_windows(window):
    assert window.metrics["bars"] == len(window.equity) == len(GOOG) - FIRST_BAR
    assert window.metrics["total_trades"] == len(window.trades) > 0
    assert window.metrics["start"] == str(GOOG.index[FIRST_BAR].date())
    assert window.metrics["exposure_time_pct"] < 100
    assert window.metrics["commissions"] == pytest.approx(sum(trade.commission for trade in window.trades))


def test_bars_of_trades_count_from_the_windows_first(window):
    for trade in window.trades:
        assert trade.entry_time == str(GOOG.index[FIRST_BAR + trade.entry_bar].date())
        assert trade.exit_time == str(GOOG.index[FIRST_BAR + trade.exit_bar].date())
        assert trade.entry_price == GOOG["Open"].iloc[FIRST_BAR + trade.entry_bar]
        assert trade.duration_bars == trade.exit_bar - trade.entry_bar


def test_the_bars_before_the_window_warm_indicators_up(window):
    close = GOOG["Close"]
    above = (close > close.rolling(20).mean()).to_numpy()[FIRST_BAR:]
    first_signal = int(np.argmax(above))
    assert first_signal < 20
    assert window.trades[0].entry_bar == first_signal + 1


def test_an_order_sent_from_init_waits_for_the_window():
    class Eager(Idle):
        def init(self):
            self.buy(size=10)

    held = run_strategy(Eager, GOOG, FIRST_BAR, Account()).open_at_end
    assert [trade.entry_bar for trade in held] == [1]


def test_the_windowed_strategy_keeps_its_name():
    seen = set()

    class Named(Idle):
        def next(self):
            seen.add(type(self).__name__)

    run_strategy(Named, GOOG, FIRST_BAR, Account())
    assert seen == {"Named"}


def test_a_window_of_one_bar_has_no_ratios_but_figures():
    metrics = run_strategy(Trend, GOOG, len(GOOG) - 1, Account()).metrics
    assert (metrics["bars"], metrics["return_pct"], metrics["max_drawdown_pct"]) == (1, 0.0, 0.0)
    assert metrics["sharpe_ratio"] is None


def test_a_first_bar_after_the_last_is_an_empty_window():
    with pytest.raises(WindowEmpty):
        run_strategy(Idle, GOOG, len(GOOG), Account())


def test_undefined_statistics_are_null_and_nothing_is_infinite():
    metrics = run_strategy(Idle, GOOG, 0, Account()).metrics
    assert metrics["profit_factor"] is metrics["win_rate"] is metrics["best_trade_pct"] is None
    assert metrics["commissions"] == 0.0
    assert all(math.isfinite(value) for value in metrics.values() if isinstance(value, int | float))


def test_a_position_left_open_is_valued_at_the_last_close_and_no_trade():
    class Hold(Idle):
        def next(self):
            if not self.position and not self.orders:
                self.buy(size=10, sl=5, tp=500, tag="held")

    result = run_strategy(Hold, prices(100, 100, 100, 110), 0, Account(cash=10_000, commission_rate=0.01))
    (held,) = result.open_at_end
    assert (held.entry_bar, held.size, held.entry_price, held.last_price) == (2, 10, 100.0, 110.0)
    assert (held.unrealised_pnl, held.commission, held.duration_bars) == (100.0, 10.0, 1)
    assert (held.stop_price, held.target_price, held.tag) == (5.0, 500.0, "held")
    assert (result.metrics["total_trades"], result.metrics["open_trades"]) == (0, 1)
    assert result.equity == (10_000.0, 10_000.0, 9_990.0, 10_090.0)


def test_closed_and_open_trades_add_up_to_the_total(whole):
    closed = sum(trade.pnl for trade in whole.trades)
    held = sum(trade.unrealised_pnl - trade.commission for trade in whole.open_at_end)
    assert whole.metrics["total_pnl"] == pytest.approx(closed + held, rel=1e-9)


class ShortOnce(Idle):
    def next(self):
        if len(self.data) == 2:
            self.sell(size=3)
        if len(self.data) == 4:
            self.position.close()


def test_a_short_trade_has_a_negative_size_and_a_hand_calculated_result():
    (trade,) = run_strategy(ShortOnce, prices(100, 100, 100, 100, 90, 90), 0, Account(commission_rate=0.01)).trades
    assert (trade.size, trade.entry_bar, trade.exit_bar) == (-3, 2, 4)
    assert trade.commission == pytest.approx(3 * 100 * 0.01 + 3 * 90 * 0.01)
    assert trade.pnl == pytest.approx(3 * 10 - 5.7)
    assert trade.return_pct == pytest.approx((3 * 10 - 5.7) / 300 * 100)


def test_fixed_and_per_unit_commissions_add_to_the_rate():
    account = Account(commission_rate=0.01, commission_fixed=2, commission_per_unit=0.5)
    (trade,) = run_strategy(ShortOnce, prices(100, 100, 100, 100, 90, 90), 0, account).trades
    assert trade.commission == pytest.approx((2 + 3 + 1.5) + (2 + 2.7 + 1.5))


def test_a_fixed_commission_needs_no_function():
    (trade,) = run_strategy(ShortOnce, prices(100, 100, 100, 100, 90, 90), 0, Account(commission_fixed=2)).trades
    assert trade.commission == pytest.approx((2 + 0.3) + (2 + 0.27))


def test_margin_and_spread_reach_the_broker():
    class All(Idle):
        def next(self):
            if not self.position and not self.orders:
                self.buy()

    account = Account(cash=1000, commission_rate=0, spread=0.01, margin=0.5)
    (held,) = run_strategy(All, prices(100, 100, 100, 100), 0, account).open_at_end
    assert held.entry_price == pytest.approx(101)
    assert held.size == 2000 // 101


def test_trades_are_sorted_by_entry_then_exit():
    class Parts(Idle):
        def next(self):
            if len(self.data) == 2:
                self.buy(size=1)
                self.buy(size=4)
            if len(self.data) == 4:
                self.trades[-1].close()
            if len(self.data) == 6:
                self.position.close()

    result = run_strategy(Parts, prices(*[100] * 9), 0, Account())
    assert [(t.entry_bar, t.exit_bar, t.size) for t in result.trades] == [(2, 4, 4), (2, 6, 1)]


def test_a_ruined_account_ends_at_zero_with_finite_statistics():
    class Leveraged(Idle):
        def next(self):
            if not self.position and not self.orders:
                self.buy()

    for first_bar in (0, 2):
        result = run_strategy(Leveraged, prices(100, 100, 100, 100, 100, 50, 50, 50), first_bar, Account(margin=0.1))
        assert result.metrics["equity_final"] == 0
        assert result.open_at_end == ()
        assert all(math.isfinite(v) for v in result.metrics.values() if isinstance(v, int | float))


def test_cancelled_orders_are_one_notice_with_their_count_and_the_windows_bar():
    class Greedy(Idle):
        def next(self):
            self.buy(size=1_000_000)

    (notice,) = run_strategy(Greedy, GOOG, FIRST_BAR, Account()).notices
    assert notice.startswith("Bar 1: Broker canceled the order due to insufficient margin")
    assert f"({len(GOOG) - FIRST_BAR - 1} times, first shown)" in notice


def test_what_a_strategy_warns_of_is_a_notice_and_open_trades_are_none(whole):
    class Warning(Trend):
        def init(self):
            super().init()
            warnings.warn("the ATR is 0", stacklevel=1)
            warnings.warn("old news", DeprecationWarning, stacklevel=1)

    assert run_strategy(Warning, GOOG, 0, Account()).notices == ("the ATR is 0",)
    assert whole.open_at_end
    assert whole.notices == ()


def test_notices_are_bounded():
    class Chatty(Idle):
        def init(self):
            for i in range(60):
                warnings.warn("x" * (i + 1), stacklevel=1)

    notices = run_strategy(Chatty, GOOG, 0, Account()).notices
    assert len(notices) == 51
    assert notices[-1] == "10 further warnings are not shown."


def test_intraday_stamps_carry_the_time_of_day():
    trades = run_strategy(Trend, EURUSD.iloc[:300], 100, Account(), "1h").trades
    assert trades[0].entry_time == EURUSD.index[100 + trades[0].entry_bar].isoformat()
    assert trades == run_strategy(Trend, EURUSD.iloc[:300], 100, Account()).trades


def test_stamps_of_monthly_bars_are_days_though_1mo_looks_like_minutes():
    assert run_strategy(Idle, EURUSD.iloc[:50], 0, Account(), "1mo").metrics["start"] == "2017-04-19"


def test_a_tag_is_text_of_bounded_length():
    class Tagged(Idle):
        def next(self):
            if len(self.data) in (2, 4):
                self.buy(size=1, tag=7 if len(self.data) == 2 else "x" * 999)

    tags = [trade.tag for trade in run_strategy(Tagged, prices(*[100] * 6), 0, Account()).open_at_end]
    assert tags == ["7", "x" * 200]


def test_what_the_strategy_raises_is_passed_on():
    class Broken(Idle):
        def next(self):
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        run_strategy(Broken, GOOG, 0, Account())


def test_the_bars_are_left_as_they_were():
    class Meddler(Idle):
        def init(self):
            self.data.df["Close"] = 1.0

    before = GOOG.copy()
    run_strategy(Meddler, GOOG, 0, Account())
    pd.testing.assert_frame_equal(GOOG, before)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cash", 0.0),
        ("cash", math.nan),
        ("cash", math.inf),
        ("commission_rate", 0.1),
        ("commission_fixed", -1.0),
        ("commission_per_unit", -0.1),
        ("spread", 1.0),
        ("margin", 0.0),
        ("margin", 1.5),
    ],
)
def test_an_account_that_cannot_be_simulated_names_the_field(name, value):
    with pytest.raises(InputError) as refused:
        Account(**{name: value})
    assert [issue.field for issue in refused.value.issues] == [f"/{name}"]


def test_what_a_library_tells_its_programmer_is_no_notice():
    class Chatty(Strategy):
        def init(self):
            pass

        def next(self):
            warnings.warn("slow frame", pd.errors.PerformanceWarning, stacklevel=2)
            warnings.warn("will go away", DeprecationWarning, stacklevel=2)
            warnings.warn("a stop was left out", UserWarning, stacklevel=2)

    assert run_strategy(Chatty, prices(100, 100, 100), 0, Account()).notices == (
        "a stop was left out (2 times, first shown)",
    )
