"""Faults put into generated code are found: a small sample of what `benchmarks/mutation.py` measures."""

import ast
import random
from collections.abc import Iterator

import pytest
import talib

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from Backtest.proof.adversary import adversary
from Backtest.proof.prove import Budget, prove
from benchmarks.equivalent_mutants import REASONS
from benchmarks.same_code import is_same_code
from tests.proof.in_process import run_here
from tests.proof.mutators import OPERATORS, Mutant, mutants
from tests.semantics.documents import (
    all_of,
    compare,
    document,
    enter,
    indicator,
    leave,
    number,
    percent,
    price,
    rsi,
    sma,
)

SAMPLE = 16
MISSED_AT_MOST = 2
"""Of the sample: those that return early without a value, and a level that is set again, are the same on any bars."""
WINDOW = load_bars(symbol="GOOG").window(None, "2006-06-30")
SPEC = parse_spec(
    document(
        [enter(all_of(compare(indicator("RSI_5"), "<", number(50)), compare(price(), ">", indicator("SMA_30"))))],
        [leave(compare(indicator("RSI_5"), ">", number(70)))],
        indicators=[rsi(5), sma(30)],
        risk={"stop_loss": percent(4), "take_profit": percent(6), "max_bars": 7},
        filters={"cooldown_bars": 2},
    )
)
CODE = compile_spec(SPEC)


def sample() -> Iterator[Mutant]:
    every = [mutant for mutant in mutants(CODE.source) if not is_same_code(CODE.source, mutant.source)]
    return iter(random.Random(3).sample(every, SAMPLE))  # noqa: S311 - no secret


def test_nearly_every_fault_is_found() -> None:
    against = adversary(SPEC, WINDOW, Account())
    missed = []
    for mutant in sample():
        proof = prove(
            SPEC,
            mutant.source,
            CODE.class_name,
            WINDOW,
            Account(),
            run_here,
            budget=Budget(shrinking_runs=0),
            against=against,
        )
        if proof.state == "verified":
            missed.append(str(mutant))
    assert len(missed) <= MISSED_AT_MOST, "\n".join(missed)


def test_a_mutant_differs_in_its_statement_alone() -> None:
    plain = ast.unparse(ast.parse(CODE.source)).splitlines()
    for mutant in sample():
        changed = mutant.source.splitlines()
        assert changed != plain
        assert abs(len(changed) - len(plain)) <= 4, str(mutant)


def test_there_are_operators_enough() -> None:
    assert len(OPERATORS) >= 20


@pytest.mark.parametrize("why", sorted({reason.why for reason in REASONS}))
def test_what_is_called_equivalent_has_its_reason_in_words(why: str) -> None:
    assert len(why.split()) > 5


def test_no_reason_excuses_a_whole_operator() -> None:
    assert [reason.why for reason in REASONS if reason.change in ("", ".*")] == []


# the same code in another spelling

FILE = """
import warnings

def level(price, name):
    if price > 0:
        return price
    warnings.warn(f"{name} is left out")
    return None

class S(Strategy):
    share = 0.5

    def next(self):
        if not level(self.data.Close[-1], "stop"):
            warnings.warn("none")
        self.buy(size=self.share, sl=level(3, "stop"))
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('    warnings.warn(f"{name} is left out")\n', ""),
        ("    return None\n", ""),
        ("size=self.share", "size=0.5"),
        ('            warnings.warn("none")', "            pass"),
    ],
)
def test_what_can_matter_to_no_trade_makes_no_other_code(before: str, after: str) -> None:
    assert is_same_code(FILE, FILE.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("size=self.share", "size=0.51"),
        ("share = 0.5", "share = 0.51"),
        ("price > 0", "price >= 0"),
        ("return price", "return None"),
        ("level(3,", "level(4,"),
        ("        if not level", "        if level"),
    ],
)
def test_what_can_matter_makes_another_code(before: str, after: str) -> None:
    assert not is_same_code(FILE, FILE.replace(before, after))


# what the reasons rely on


def test_a_change_in_percent_is_never_three_to_the_last_bit() -> None:
    nearest = [round(-0.03 * 2**53) + k for k in range(-50, 51)]
    assert -3.0 not in [100 * (k * 2.0**-53) for k in nearest]


def test_an_engulfing_pattern_reads_open_and_close_alone() -> None:
    frame = WINDOW.bars.frame
    first, last = frame["Open"].to_numpy(), frame["Close"].to_numpy()
    shown = talib.CDLENGULFING(first, frame["High"].to_numpy(), frame["Low"].to_numpy(), last)
    assert (shown == talib.CDLENGULFING(first, first, last, last)).all()
    assert set(shown) <= {-100, -80, 0, 80, 100}


def test_the_directional_index_does_not_depend_on_the_true_range() -> None:
    frame = WINDOW.bars.frame
    high, low = frame["High"].to_numpy(), frame["Low"].to_numpy()
    by_close, by_high = (talib.ADX(high, low, each, timeperiod=14)[40:] for each in (frame["Close"].to_numpy(), high))
    assert by_high == pytest.approx(by_close, rel=1e-12)


def test_an_average_lies_between_its_last_value_and_the_price() -> None:
    close = WINDOW.bars.frame["Close"].to_numpy()
    average = talib.EMA(close, timeperiod=20)
    assert ((close[20:] > average[20:]) == (close[20:] > average[19:-1])).all()
