"""Faults put into generated code are found: a small sample of what `benchmarks/mutation.py` measures."""

import ast
import random
from collections.abc import Iterator

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from Backtest.proof.adversary import adversary
from Backtest.proof.prove import Budget, prove
from benchmarks.equivalent_mutants import REASONS, why_equivalent
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

SAMPLE = 25
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
    every = [mutant for mutant in mutants(CODE.source) if why_equivalent(mutant, "sample") is None]
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
    assert len(missed) <= 1, "\n".join(missed)


def test_a_mutant_differs_in_its_statement_alone() -> None:
    plain = ast.unparse(ast.parse(CODE.source)).splitlines()
    for mutant in sample():
        changed = mutant.source.splitlines()
        assert changed != plain
        assert abs(len(changed) - len(plain)) <= 4, str(mutant)


def test_there_are_operators_enough() -> None:
    assert len(OPERATORS) >= 20


@pytest.mark.parametrize("reason", [reason for *_, reason in REASONS])
def test_what_is_called_equivalent_has_its_reason_in_words(reason: str) -> None:
    assert len(reason.split()) > 5
