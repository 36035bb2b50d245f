"""What the kernel refuses, and the corners in which it and the generated code could part."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.data.bars import Bars, Window
from Backtest.errors import KernelUnsupported
from Backtest.kernel.broker import floor_divide
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from tests.kernel.differential import Case, bars_named, difference, reports, run_generated
from tests.semantics.documents import (
    arith,
    atr,
    atrs,
    bars,
    compare,
    document,
    enter,
    flat,
    highest,
    indicator,
    leave,
    limit,
    lowest,
    number,
    percent,
    percent_change,
    price,
    signal,
    sma,
    stop,
)

PROFIT, ENTRY, HELD = {"type": "open_profit_pct"}, {"type": "entry_price"}, {"type": "bars_since_entry"}
UP, DOWN = {"type": "rising", "value": price(), "bars": 1}, {"type": "falling", "value": price(), "bars": 1}


def execution(**changed: object) -> dict:
    return {"cash": 100_000.0, "commission": {"type": "rate", "value": 0.001}, "spread": 0.0, "margin": 1.0, **changed}


def assert_alike(spec_document: dict, series: Bars, *, least_trades: int) -> None:
    spec = parse_spec(spec_document)
    case = Case(spec, Window(series, 0))
    theirs = run_generated(case)
    ours = run_spec(spec, case.window, account_of(spec.execution))
    assert difference(ours, theirs) == ""
    assert reports(ours) == reports(theirs)
    assert len(ours.trades) >= least_trades


@given(st.floats(0, 1e12), st.floats(1e-6, 1e6))
def test_units_are_pythons_floor_division(dividend: float, divisor: float) -> None:
    assert floor_divide(dividend, divisor) == dividend // divisor


@given(st.integers(1, 10**9), st.floats(1e-6, 1e6), st.sampled_from((-1, 0, 1)))
def test_units_at_and_beside_a_whole_quotient_are_pythons_too(units: int, price: float, beside: int) -> None:
    cash = math.nextafter(units * price, beside * math.inf) if beside else units * price
    assert floor_divide(cash, price) == cash // price


def test_floor_division_is_not_the_floor_of_the_quotient() -> None:
    assert (floor_divide(7500.0, 0.005), 7500.0 / 0.005) == (1_499_999.0, 1_500_000.0)


# standstills have an ATR of 0
ZERO_ATR = {
    "a stop": {"stop_loss": atrs(1, 2)},
    "a target": {"take_profit": atrs(1, 2)},
    "an R multiple of it": {"stop_loss": atrs(1, 2), "take_profit": {"type": "r", "multiple": 2.0}},
    "a trail": {"trailing_stop": atrs(1, 2)},
    "a gain before a trail": {
        "trailing_stop": {**percent(4), "after_gain": {"type": "atr", "indicator": "ATR_1", "value": 1.0}}
    },
    "a gain before break-even": {
        "break_even": {"after_gain": {"type": "atr", "indicator": "ATR_1", "value": 1.0}},
        "max_bars": 9,
    },
}


@pytest.mark.parametrize("spread", [0.0, 0.001])
@pytest.mark.parametrize("case", ZERO_ATR)
def test_an_atr_of_zero(case: str, spread: float) -> None:
    spec = document(
        [enter(UP)], [leave(DOWN)], indicators=[atr(1)], risk=ZERO_ATR[case], execution=execution(spread=spread)
    )
    assert_alike(spec, bars_named("TIES"), least_trades=50)


LEVELS = {
    "below zero": arith("-", price(), number(300)),
    "at the close": price(),
    "the other side": highest(price("High"), 3, include_current=True),
    "a low that the spread hides": lowest(price("Low"), 3, include_current=True),
}


@pytest.mark.parametrize("order", ["market", "limit"])
@pytest.mark.parametrize("of", ["stop_loss", "take_profit"])
@pytest.mark.parametrize("at", LEVELS)
def test_a_level_that_may_not_protect(at: str, of: str, order: str) -> None:
    sent = limit(price(), 3) if order == "limit" else {"type": "market"}
    spec = document(
        [enter(UP, "short", sent)],
        [leave(DOWN, "short")],
        risk={of: {"type": "price", "price": LEVELS[at]}},
        execution=execution(spread=0.002),
    )
    assert_alike(spec, bars_named("TIES"), least_trades=50)


def test_in_a_position_the_first_market_rule_of_the_other_side_reverses_though_a_waiting_one_stands_before_it() -> None:
    spec = document([enter(UP), enter(DOWN, "short", stop(price("Low"))), enter(DOWN, "short")])
    assert_alike(spec, bars_named("TIES"), least_trades=50)


def test_risk_whose_cost_fits_the_account_but_for_the_spread() -> None:
    spec = document(
        [enter(UP)],
        risk={"stop_loss": {"type": "price_distance", "value": 4.0}, "max_bars": 2},
        sizing={"type": "risk", "percent": 1.8},
        execution=execution(spread=0.001, commission={"type": "rate", "value": 0.002}),
    )
    assert_alike(spec, bars_named("TIES"), least_trades=50)


@pytest.mark.parametrize("pips", [7.0, 35.5, 70.0])
def test_a_distance_in_pips_of_a_yen_pair(pips: float) -> None:
    risk = {"stop_loss": {"type": "pips", "value": pips}, "take_profit": {"type": "pips", "value": pips}}
    spec = {**document([enter(UP)], risk=risk), "instruments": ["USDJPY"]}
    assert_alike(spec, bars_named("TIES"), least_trades=50)


def test_a_vwap_of_longer_bars_begins_anew_with_each_day() -> None:
    vwap = {"id": "VWAP_8H", "name": "VWAP", "params": {}, "source": None, "timeframe": "8h"}
    line = indicator("VWAP_8H")
    spec = document(
        [enter(compare(price(), ">", line))], [leave(compare(price(), "<", line))], indicators=[vwap], timeframe="1h"
    )
    assert_alike(spec, bars_named("EURUSD", 1000), least_trades=30)


def test_a_ruined_account_stays_at_zero() -> None:
    spec = document([enter(None)], risk={"max_bars": 3}, execution=execution(margin=0.05))
    run = run_spec(parse_spec(spec), Window(bars_named("TIES"), 0), account_of(parse_spec(spec).execution))
    assert run.equity[-1] == 0
    assert_alike(spec, bars_named("TIES"), least_trades=1)


LIVE = {
    "a profit": compare(PROFIT, ">=", number(2)),
    "a profit within some bars": {"type": "within", "bars": 4, "of": compare(PROFIT, "<", number(-1))},
    "a cross of the entry price": {"type": "cross_above", "left": price(), "right": ENTRY},
    "no cross on each of two bars": {
        "type": "not",
        "of": {"type": "for", "bars": 2, "of": {"type": "cross_below", "left": price(), "right": ENTRY}},
    },
    "above the entry, then below it": {
        "type": "sequence",
        "first": compare(price(), ">", ENTRY),
        "then": compare(price(), "<=", ENTRY),
        "bars": 3,
    },
    "a rising gain": {"type": "rising", "value": arith("-", price(), ENTRY), "bars": 2},
    "no falling profit": {"type": "not", "of": {"type": "falling", "value": PROFIT, "bars": 2}},
    "the third close": compare(HELD, "==", number(3)),
    "not the third close": compare(HELD, "!=", number(3)),
    "arithmetic": {
        "type": "between",
        "value": arith("/", price(), ENTRY),
        "low": arith("min", number(0.97), arith("*", HELD, number(0.3))),
        "high": arith("max", number(1.02), arith("+", number(1), arith("abs", PROFIT))),
        "inclusive": False,
    },
    "or what holds without a position": {
        "type": "within",
        "bars": 3,
        "of": {"type": "or", "of": [compare(PROFIT, ">", number(5)), UP]},
    },
}


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("condition", LIVE)
def test_an_exit_that_speaks_of_the_position(condition: str, side: str) -> None:
    spec = document(
        [enter(UP, side)],
        [leave(LIVE[condition], side, 0.4), leave({"type": "and", "of": [LIVE[condition], DOWN]}, side)],
        risk={"max_bars": 12},
    )
    assert_alike(spec, bars_named("TIES"), least_trades=30)


def test_hundreds_of_trades_and_of_reports_find_room() -> None:
    spec = document(
        [enter(None)], risk={"max_bars": 1}, sizing={"type": "cash", "value": 300.0}, execution=execution(cash=1e6)
    )
    assert_alike(spec, bars_named("TIES", 700), least_trades=100)
    spec = document([enter(None)], risk={"max_bars": 1}, execution=execution(cash=1e9))
    assert_alike(spec, bars_named("GOOG", 1200), least_trades=500)


def test_an_indicator_without_any_value_is_named_and_no_rule_is_evaluated() -> None:
    spec = parse_spec(document([enter(None)], indicators=[sma(200)], risk={"max_bars": 1}))
    run = run_spec(spec, Window(bars_named("GOOG", 120), 0), Account())
    assert run.notices == ("SMA_200: no value on these bars, so no rule was evaluated",)
    assert (run.trades, set(run.equity)) == ((), {100_000.0})


def test_a_single_bar_is_no_error() -> None:
    one = Bars.from_frame(bars(flat(100)), symbol="ONE", source="csv", zone="UTC", timeframe="1d")
    run = run_spec(parse_spec(document([enter(None)], risk={"max_bars": 1})), Window(one, 0), Account(cash=5.0))
    assert (run.trades, run.equity) == ((), (5.0,))


def test_the_account_is_the_one_given_not_the_specs() -> None:
    spec = parse_spec(document([enter(signal(1))]))
    frame = bars(flat(100), flat(100, 1), flat(100), flat(110))
    series = Bars.from_frame(frame, symbol="X", source="csv", zone="UTC", timeframe="1d")
    run = run_spec(spec, Window(series, 0), Account(cash=1_050.0, commission_rate=0.0))
    assert [(trade.size, trade.commission) for trade in run.open_at_end] == [(10, 0.0)]
    assert run.equity == (1_050.0, 1_050.0, 1_050.0, 1_150.0)


REFUSED = {
    "an entry rule": document([enter(compare(PROFIT, ">", number(1)))], risk={"max_bars": 1}),
    "a filter": document([enter(None)], risk={"max_bars": 1}, filters={"when": compare(HELD, ">", number(1))}),
    "an order's price": document([enter(None, "long", limit(ENTRY))], risk={"max_bars": 1}),
    "a window": document([enter(None)], [leave(compare(percent_change(PROFIT, 2), ">", number(1)))]),
}


@pytest.mark.parametrize("place", REFUSED)
def test_what_lint_would_refuse_is_refused_by_name(place: str) -> None:
    with pytest.raises(KernelUnsupported, match="open position") as refusal:
        run_spec(parse_spec(REFUSED[place]), Window(bars_named("GOOG"), 0), Account())
    assert refusal.value.issues[0].suggestion
