"""What the interpreter does with a few bars, by hand: its fills, its logic and its reports."""

import pandas as pd
import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.data.bars import Bars
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.run_result import ClosedTrade
from tests.semantics.documents import (
    all_of,
    any_of,
    arith,
    atr,
    atrs,
    bars,
    compare,
    cross_above,
    document,
    enter,
    flat,
    highest,
    indicator,
    leave,
    limit,
    negated,
    number,
    percent,
    percent_change,
    price,
    signal,
    sma,
)

FREE = Account(cash=10_000.0, commission_rate=0.0)


def execute(
    document_: dict, frame: pd.DataFrame, account: Account = FREE, *, start: str | None = None, timeframe: str = "1d"
) -> Execution:
    series = Bars.from_frame(frame, symbol="HAND", source="csv", zone="UTC", timeframe=timeframe)
    return interpret(parse_spec(document_), series.window(start, None), account)


def fills(execution: Execution) -> list[tuple[int, int, float, float]]:
    return [(t.entry_bar, t.exit_bar, t.entry_price, t.exit_price) for t in execution.trades]


def one_unit(entries: list[dict], exits: list[dict] | None = None, **sections: object) -> dict:
    return document(entries, exits, **{"sizing": {"type": "units", "value": 1}, **sections})


# trades and equity


def test_a_round_trip_is_booked_with_both_commissions_and_its_equity_bar_by_bar() -> None:
    """10 units from 101 to 108: 70 gained, 1 % of 1010 and of 1080 paid."""
    frame = bars(flat(100), flat(100, 1), flat(101), flat(105, 2), flat(108), flat(109))
    spec = document([enter(signal(1))], [leave(signal(2))], sizing={"type": "units", "value": 10})
    run = execute(spec, frame, Account(cash=10_000.0, commission_rate=0.01))
    assert run.trades == (
        ClosedTrade(
            entry_time="2024-01-03",
            exit_time="2024-01-05",
            entry_bar=2,
            exit_bar=4,
            size=10,
            entry_price=101.0,
            exit_price=108.0,
            pnl=pytest.approx(70 - 10.1 - 10.8),
            return_pct=pytest.approx(100 * (70 - 20.9) / 1010),
            commission=pytest.approx(20.9),
            stop_price=None,
            target_price=None,
            tag="entry_1",
            duration_bars=2,
        ),
    )
    assert run.equity == pytest.approx((10_000, 10_000, 9_989.9, 10_029.9, 10_049.1, 10_049.1))


def test_the_whole_account_is_what_units_with_spread_and_commission_cost() -> None:
    """100 costs 101 with the spread and 0.5 of commission on the price: 10,000 // 101.5 = 98."""
    frame = bars(flat(100), flat(100, 1), flat(100), flat(100))
    run = execute(
        document([enter(signal(1))], risk={"max_bars": 9}), frame, Account(10_000.0, commission_rate=0.005, spread=0.01)
    )
    assert [(t.entry_bar, t.size, t.entry_price, t.last_price) for t in run.open_at_end] == [(2, 98, 101.0, 100.0)]


def test_an_account_without_equity_closes_at_the_close_and_ends() -> None:
    """A short of 100 units at 100 with 1,000 in cash is worth nothing at 110, whatever comes after."""
    frame = bars(flat(100), flat(100, 1), flat(100), flat(105), flat(111), flat(50), flat(50))
    spec = document([enter(signal(1), "short")], [leave(signal(2), "short")], sizing={"type": "units", "value": 100})
    run = execute(spec, frame, Account(cash=1_000.0, commission_rate=0.0, margin=0.1))
    assert [(t.exit_bar, t.exit_price, t.pnl) for t in run.trades] == [(4, 111.0, -1_100.0)]
    assert run.equity == (1_000.0, 1_000.0, 1_000.0, 500.0, 0.0, 0.0, 0.0)


def test_bars_before_the_window_warm_up_and_are_not_traded_on() -> None:
    frame = bars(flat(100), flat(100), flat(100, 1), flat(100), flat(100), flat(102, 1), flat(103))
    run = execute(one_unit([enter(signal(1))], risk={"max_bars": 5}, indicators=[sma(4)]), frame, start="2024-01-05")
    assert [(t.entry_time, t.entry_bar, t.duration_bars) for t in run.open_at_end] == [("2024-01-07", 2, 0)]
    assert len(run.equity) == 3


# stops, targets, exits

STOP_AND_TARGET = {"stop_loss": percent(5), "take_profit": percent(10)}
LEFT = {
    "the stop before the target in one bar": (flat(100), (100, 115, 90, 100), [(2, 3, 100.0, 95.0)]),
    "a gap through the stop at the open": (flat(100), (90, 91, 89, 90), [(2, 3, 100.0, 90.0)]),
    "a gap through the target at the open": (flat(100), (120, 121, 119, 120), [(2, 3, 100.0, 120.0)]),
    "the entry bar is protected from the signal's close": ((104, 105, 94, 96), flat(96), [(2, 2, 104.0, 95.0)]),
    "later the stop is the fill's": ((104, 105, 103, 104), (104, 104, 98, 99), [(2, 3, 104.0, 104.0 * 0.95)]),
}


@pytest.mark.parametrize("case", LEFT)
def test_where_stop_and_target_leave(case: str) -> None:
    entry_bar, next_bar, expected = LEFT[case]
    frame = bars(flat(100), flat(100, 1), entry_bar, next_bar, flat(100), flat(100))
    assert fills(execute(one_unit([enter(signal(1))], risk=STOP_AND_TARGET), frame)) == expected


def test_pips_of_a_yen_pair_are_hundredths_to_the_last_bit() -> None:
    """70 pips are 0.7, not 70 * 0.01, which is a little more."""
    risk = {"stop_loss": {"type": "pips", "value": 70.0}}
    spec = one_unit([enter(signal(1))], risk=risk, instruments=["USDJPY"])
    run = execute(spec, bars(flat(2), flat(2, 1), flat(2), flat(2)))
    assert [trade.stop_price for trade in run.open_at_end] == [2 - 0.7]


def test_a_trail_follows_the_highest_close_and_never_loosens() -> None:
    """After a close of 110 the stop is at 104.5, and stays there while closes fall."""
    frame = bars(flat(100), flat(100, 1), flat(100), flat(110), flat(106), (106, 106, 104, 105), flat(105))
    run = execute(one_unit([enter(signal(1))], risk={"trailing_stop": percent(5)}), frame)
    assert fills(run) == [(2, 5, 100.0, 104.5)]


def test_two_partial_exits_of_one_bar_are_sized_on_the_same_units_in_the_order_of_the_rules() -> None:
    """Of five units a half, rounded to even, and four fifths, of which three are left."""
    frame = bars(flat(100), flat(100, 1), flat(100), flat(100, 2), flat(101), flat(101))
    exits = [leave(signal(2), portion=0.5), leave(signal(2), portion=0.8)]
    run = execute(
        document([enter(signal(1))], exits, sizing={"type": "units", "value": 5}, risk={"max_bars": 50}), frame
    )
    assert [(t.size, t.exit_bar) for t in run.trades] == [(2, 4), (3, 4)]


def test_a_waiting_order_is_good_for_its_bars_only() -> None:
    at = limit(arith("-", price(), number(5)), 2)
    dip = (99, 100, 93, 97)
    in_time = bars(flat(100), flat(100, 1), flat(100), dip, flat(97))
    too_late = bars(flat(100), flat(100, 1), flat(100), flat(100), dip, flat(97))
    spec = one_unit([enter(signal(1), "long", at)], risk={"max_bars": 9})
    assert [(t.entry_bar, t.entry_price) for t in execute(spec, in_time).open_at_end] == [(3, 95.0)]
    assert execute(spec, too_late).open_at_end == ()


def test_an_order_till_cancelled_outlives_the_one_that_it_replaced() -> None:
    """The order of bar 1 would be taken back on bar 3; the one of bar 2, at 95 too, fills on bar 4."""
    short_lived, lasting = (limit(arith("-", price(), number(5)), valid) for valid in (2, None))
    frame = bars(flat(100), flat(100, 1), flat(100, 2), flat(100), (99, 100, 93, 97), flat(97))
    entries = [enter(signal(1), "long", short_lived), enter(signal(2), "long", lasting)]
    run = execute(one_unit(entries, risk={"max_bars": 9}), frame)
    assert [(t.entry_bar, t.entry_price, t.tag) for t in run.open_at_end] == [(4, 95.0, "entry_2")]


def test_units_at_risk_that_the_spread_makes_too_dear_become_the_whole_account() -> None:
    """A tenth of 10,000 over a distance of 10 is 100 units, which cost 10,200 at a spread of 2 %; 98 can be had."""
    frame = bars(flat(100), flat(100, 1), flat(100), flat(100))
    spec = document([enter(signal(1))], risk={"stop_loss": percent(10)}, sizing={"type": "risk", "percent": 10.0})
    run = execute(spec, frame, Account(10_000.0, commission_rate=0.0, spread=0.02))
    assert [(t.size, t.entry_price) for t in run.open_at_end] == [(98, 102.0)]


# logic

UNDEFINED = compare(arith("/", price(), price("Volume")), ">", number(1))  # Volume is 0
TRUE, FALSE = compare(price(), ">", number(1)), compare(price(), "<", number(1))
TRUTHS = {
    "undefined": (UNDEFINED, False),
    "not undefined": (negated(UNDEFINED), False),
    "undefined and true": (all_of(UNDEFINED, TRUE), False),
    "undefined or true": (any_of(UNDEFINED, TRUE), True),
    "not (undefined and false)": (negated(all_of(UNDEFINED, FALSE)), True),
    "not (undefined and true)": (negated(all_of(UNDEFINED, TRUE)), False),
    "for more bars than there are": ({"type": "for", "of": TRUE, "bars": 9}, False),
    "within more bars than there are": ({"type": "within", "of": TRUE, "bars": 9}, True),
    "not within more bars than there are": (negated({"type": "within", "of": FALSE, "bars": 9}), False),
    "not rising for more bars than there are": (negated({"type": "rising", "value": price(), "bars": 9}), False),
    "not rising": (negated({"type": "rising", "value": price(), "bars": 1}), True),
    "a cross that did not happen on the first bar": (
        {"type": "sequence", "first": negated(cross_above(price(), number(900))), "then": TRUE, "bars": 1},
        False,
    ),
    "a sequence whose first part was true on the bar before": (
        {"type": "sequence", "first": {"type": "weekday", "days": ["mon"]}, "then": TRUE, "bars": 1},
        True,
    ),
    "a sequence whose first part is true on the same bar only": (
        {"type": "sequence", "first": {"type": "weekday", "days": ["tue"]}, "then": TRUE, "bars": 1},
        False,
    ),
}


@pytest.mark.parametrize("case", TRUTHS)
def test_only_what_is_true_acts(case: str) -> None:
    """On the second bar, a Tuesday: the first on which rules are evaluated."""
    condition, acts = TRUTHS[case]
    run = execute(one_unit([enter(condition)], risk={"max_bars": 50}), bars(flat(100), flat(100), flat(100)))
    assert [trade.entry_bar for trade in run.open_at_end] == ([2] if acts else [])


@pytest.mark.parametrize(
    ("levels", "entries"), [((99, 100, 101, 102), [3]), ((100, 100, 101, 102), [3]), ((101, 102, 103, 104), [])]
)
def test_a_cross_comes_from_at_or_below(levels: tuple[float, ...], entries: list[int]) -> None:
    frame = bars(*[flat(level) for level in levels])
    run = execute(one_unit([enter(cross_above(price(), number(100)))], risk={"max_bars": 50}), frame)
    assert [trade.entry_bar for trade in run.open_at_end] == entries


def test_a_session_runs_over_midnight_up_to_its_end() -> None:
    frame = bars(*[flat(100)] * 10, start="2024-01-01 19:00", every="1h")
    spec = one_unit([enter({"type": "hours", "from": "22:00", "to": "01:00"})], risk={"max_bars": 1}, timeframe="1h")
    run = execute(spec, frame, timeframe="1h")
    assert [trade.entry_time[11:16] for trade in run.trades] == ["23:00", "01:00"]


def test_what_looks_back_is_waited_for() -> None:
    """A window of three bars before this one has its first value on the fourth bar; rules begin on the fifth."""
    above = any_of(TRUE, compare(price(), ">", highest(price("High"), 3, include_current=False)))
    run = execute(one_unit([enter(above)], risk={"max_bars": 50}), bars(*[flat(100)] * 8))
    assert [trade.entry_bar for trade in run.open_at_end] == [5]


def test_a_longer_bar_that_ends_at_midnight_belongs_to_the_day_that_it_ends() -> None:
    """Twelve hours at 100, twelve at 200: the day's VWAP of 12-hour bars is 150 once both have ended, at 24:00."""
    frame = bars(*[flat(100, 1)] * 12, *[flat(200, 1)] * 12, *[flat(300, 1)] * 3, every="1h")
    vwap = {"id": "VWAP_12H", "name": "VWAP", "params": {}, "source": None, "timeframe": "12h"}
    when = compare(indicator("VWAP_12H"), "==", number(150))
    run = execute(
        one_unit([enter(when)], risk={"max_bars": 9}, indicators=[vwap], timeframe="1h"), frame, timeframe="1h"
    )
    assert [trade.entry_bar for trade in run.open_at_end] == [24]


def test_a_change_from_0_is_undefined() -> None:
    """Volumes of 0, 1, 2, 4 ...: the change to 1 has no value, the one to 2 is the first; rules begin a bar later."""
    doubled = compare(percent_change(price("Volume"), 1), "==", number(100))
    frame = bars(*[flat(100, volume) for volume in (0, 1, 2, 4, 8, 16)])
    run = execute(one_unit([enter(doubled)], risk={"max_bars": 50}), frame)
    assert [trade.entry_bar for trade in run.open_at_end] == [4]


def test_in_a_long_a_market_short_reverses_though_a_waiting_short_stands_before_it() -> None:
    waiting = enter(signal(2), "short", limit(arith("+", price(), number(5))))
    frame = bars(flat(100), flat(100, 1), flat(100), flat(100, 2), flat(100), flat(100))
    run = execute(one_unit([enter(signal(1)), waiting, enter(signal(2), "short")]), frame)
    assert [(t.exit_bar, t.tag) for t in run.trades] == [(4, "entry_1")]
    assert [(t.size, t.entry_bar, t.tag) for t in run.open_at_end] == [(-1, 4, "entry_3")]


# reports


def test_an_indicator_without_a_value_is_reported_and_nothing_is_traded() -> None:
    run = execute(one_unit([enter(None)], indicators=[sma(50)], risk={"max_bars": 5}), bars(*[flat(100)] * 20))
    assert (run.trades, run.open_at_end, set(run.equity)) == ((), (), {10_000.0})
    assert run.notices == ("SMA_50: no value on these bars, so no rule was evaluated",)


def test_what_comes_of_an_order_is_reported_once_with_its_count() -> None:
    spec = document([enter(signal(1))], risk={"max_bars": 5}, sizing={"type": "cash", "value": 90.0})
    run = execute(spec, bars(flat(100), flat(100, 1), flat(100, 1), flat(100)))
    assert run.notices == ("entry_1: 0 units, no order was sent (2 times, first shown)",)


def test_an_order_that_the_open_makes_too_dear_is_cancelled_and_reported() -> None:
    spec = document([enter(signal(1))], risk={"max_bars": 5}, sizing={"type": "units", "value": 100})
    run = execute(spec, bars(flat(100), flat(100, 1), flat(101), flat(100)))
    assert run.notices == (
        "Bar 2: Broker canceled the order due to insufficient margin (equity=10000.00, margin_available=10000.00).",
    )


def test_a_distance_of_an_atr_of_0_is_left_out_of_the_order_and_set_aside_at_the_fill() -> None:
    still = (100, 100, 100, 100)
    frame = bars(*[still] * 4, (*still, 1), flat(100), flat(90), flat(90))
    run = execute(one_unit([enter(signal(1))], indicators=[atr(2)], risk={"stop_loss": atrs(2, 2)}), frame)
    assert [(t.entry_bar, t.stop_price) for t in run.open_at_end] == [(5, None)]
    assert run.notices == (
        "a stop loss at 100 can't protect a position at 100 and was left out (2 times, first shown)",
    )
