"""The first difference of two runs of one spec: exact, and told in words."""

import json
from dataclasses import replace

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.data_manager import load_bars
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.proof.comparison import Difference, first_difference, ordinal
from tests.semantics.documents import cross_above, cross_below, document, enter, indicator, leave, sma

WINDOW = load_bars(symbol="GOOG").window(None, "2008-12-31")
SPEC = document(
    [enter(cross_above(indicator("SMA_10"), indicator("SMA_30")))],
    [leave(cross_below(indicator("SMA_10"), indicator("SMA_30")))],
    indicators=[sma(10), sma(30)],
)


@pytest.fixture(scope="module")
def run() -> Execution:
    made = interpret(parse_spec(SPEC), WINDOW, Account())
    assert len(made.trades) > 5
    return made


def changed(run: Execution, number: int, **fields: float) -> Execution:
    trades = list(run.trades)
    trades[number] = replace(trades[number], **fields)
    return replace(run, trades=tuple(trades))


def found(run: Execution, other: Execution) -> Difference:
    difference = first_difference(run, other, WINDOW)
    assert difference is not None
    return difference


def test_a_run_does_not_differ_from_itself(run: Execution) -> None:
    assert first_difference(run, run, WINDOW) is None


def test_names_of_what_made_a_trade_and_notices_do_not_count(run: Execution) -> None:
    renamed = tuple(replace(trade, tag="another", closed_by="another") for trade in run.trades)
    assert first_difference(run, replace(run, trades=renamed, notices=("said",)), WINDOW) is None


@pytest.mark.parametrize(
    "field", ["entry_price", "exit_price", "pnl", "commission", "return_pct", "stop_price", "target_price"]
)
def test_the_last_bit_counts(run: Execution, field: str) -> None:
    value = getattr(run.trades[2], field)
    other = 1.0 if value is None else value * (1 + 2**-52)
    difference = found(run, changed(run, 2, **{field: other}))
    assert (difference.number, difference.field) == (3, field)
    assert (difference.expected, difference.found) == (value, other)


def test_an_exit_that_comes_early_is_told_by_both_dates(run: Execution) -> None:
    trade = run.trades[2]
    bar = trade.exit_bar - 1
    time = str(WINDOW.bars.frame.index[bar].date())
    price = float(WINDOW.bars.frame["Open"].iloc[bar])
    difference = found(run, changed(run, 2, exit_bar=bar, exit_time=time, exit_price=price))
    assert difference.sentence == (
        f"The 3rd trade: the code sells at the open of {time}, {price!r}, "
        f"the specification sells at the open of {trade.exit_time}, {trade.exit_price!r} (exit 1)."
    )
    assert (difference.bar, difference.time) == (bar, time)


def test_a_trade_that_one_side_lacks_is_told(run: Execution) -> None:
    difference = found(run, replace(run, trades=run.trades[:-1], open_at_end=()))
    assert difference.field is None
    assert difference.code is None
    assert difference.bar == run.trades[-1].entry_bar
    assert difference.sentence.endswith("and the code makes no such trade.")


def test_a_trade_that_is_not_closed_is_held_to_the_end(run: Execution) -> None:
    longer = interpret(parse_spec({**SPEC, "exit_rules": [], "risk": {"max_bars": 5000}}), WINDOW, Account())
    difference = found(run, longer)
    assert difference.field == "exit_bar"
    assert "the code holds to the end of the data" in difference.sentence


def test_the_side_of_a_trade_is_told(run: Execution) -> None:
    trade = run.trades[0]
    difference = found(run, changed(run, 0, size=-trade.size))
    assert difference.field == "size"
    assert "the code sells short" in difference.sentence
    assert "the specification buys" in difference.sentence


def test_equity_alone_may_differ(run: Execution) -> None:
    equity = (*run.equity[:100], run.equity[100] + 1e-9, *run.equity[101:])
    difference = found(run, replace(run, equity=equity))
    assert (difference.kind, difference.bar) == ("equity", 100)
    assert difference.time == str(WINDOW.bars.frame.index[100].date())


def test_a_difference_is_plain_json(run: Execution) -> None:
    difference = found(run, changed(run, 0, size=1))
    plain = json.loads(json.dumps(difference.as_dict()))
    assert plain["message"] == difference.sentence
    assert plain["code"]["size"] == 1


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (23, "23rd")]
)
def test_ordinals(number: int, said: str) -> None:
    assert ordinal(number) == said
