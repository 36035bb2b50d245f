"""Code is proved against its spec: on the user's bars, and on series made to part the two."""

import json
import math

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import CompiledStrategy, compile_spec
from Backtest.data_manager import load_bars
from Backtest.proof.adversary import Adversary, Effort, adversary
from Backtest.proof.prove import Budget, Proof, prove
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.process import run_strategy_source
from tests.proof.in_process import run_here
from tests.semantics.documents import compare, document, enter, indicator, leave, number, percent, price, rsi

WINDOW = load_bars(symbol="GOOG").window(None, "2007-12-31")
SPEC = parse_spec(
    document(
        [enter(compare(indicator("RSI_14"), "<", number(30)))],
        [leave(compare(indicator("RSI_14"), ">", number(60)))],
        indicators=[rsi(14)],
        risk={"stop_loss": percent(5), "take_profit": percent(8)},
        filters={"cooldown_bars": 3},
    )
)
ACCOUNT = Account()


@pytest.fixture(scope="module")
def against() -> Adversary:
    return adversary(SPEC, WINDOW, ACCOUNT)


@pytest.fixture(scope="module")
def code() -> CompiledStrategy:
    return compile_spec(SPEC)


def proof_of(code: CompiledStrategy, against: Adversary, source: str) -> Proof:
    return prove(SPEC, source, code.class_name, WINDOW, ACCOUNT, run_here, against=against)


def edited(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new)


def test_compiled_code_is_verified(code: CompiledStrategy, against: Adversary) -> None:
    proof = proof_of(code, against, code.source)
    assert proof.state == "verified", proof.sentence
    assert proof.checked[0].series == "the bars at hand"
    assert len(proof.checked) == 1 + len(against.series)
    assert sum(each.trades for each in proof.checked) > 20
    assert proof.look_ahead is not None
    assert (proof.look_ahead.state, proof.look_ahead.cuts >= 10) == ("none_found", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("self.RSI_14[-1] < 30", "self.RSI_14[-1] <= 30"),
        ("self.RSI_14[-1] > 60", "self.RSI_14[-1] >= 60"),
        ("self.RSI_14[-1] > 60", "self.RSI_14[-2] > 60"),
    ],
)
def test_a_small_misreading_has_a_counterexample_that_can_be_read(
    code: CompiledStrategy, against: Adversary, old: str, new: str
) -> None:
    proof = proof_of(code, against, edited(code.source, old, new))
    assert proof.state == "mismatch"
    assert proof.counterexample is not None
    found = proof.counterexample
    assert len(found.window.bars) < 200
    assert found.bars[-1]["time"] == found.difference.time
    assert found.difference.sentence in proof.sentence
    json.dumps(proof.as_dict(), allow_nan=False)


def test_a_counterexample_parts_both_sides_when_it_is_run_again(code: CompiledStrategy, against: Adversary) -> None:
    source = edited(code.source, "self.RSI_14[-1] < 30", "self.RSI_14[-1] <= 30")
    found = proof_of(code, against, source).counterexample
    assert found is not None
    alone = Adversary((), 0)
    again = prove(SPEC, source, code.class_name, found.window, ACCOUNT, run_here, against=alone)
    assert again.counterexample is not None
    assert again.counterexample.difference == found.difference


def test_code_that_raises_is_a_mismatch_with_its_error(code: CompiledStrategy, against: Adversary) -> None:
    source = edited(code.source, "self.RSI_14[-1] < 30", "self.no_such_thing")
    proof = proof_of(code, against, source)
    assert (proof.state, proof.failed_on) == ("mismatch", "the bars at hand")
    assert "no_such_thing" in str(proof.error)


def test_code_that_reaches_a_limit_was_not_compared(code: CompiledStrategy, against: Adversary) -> None:
    def stopped(job: SandboxJob) -> SandboxOutcome:
        return SandboxOutcome("timeout", None, None, "It took more than 30 s.", None, "", (), ("wall_s",))

    proof = prove(SPEC, code.source, code.class_name, WINDOW, ACCOUNT, stopped, against=against)
    assert proof.state == "not_compared"
    assert "30 s" in proof.sentence


def test_the_same_seed_makes_the_same_series() -> None:
    effort = Effort(drawn=6, ties=2, kept=10, shadows=0)
    one, other = (adversary(SPEC, WINDOW, ACCOUNT, seed=5, effort=effort) for _ in range(2))
    hashes = [[series.window.bars.content_hash for series in made.series] for made in (one, other)]
    assert hashes[0] == hashes[1]
    third = adversary(SPEC, WINDOW, ACCOUNT, seed=6, effort=effort)
    assert hashes[0] != [series.window.bars.content_hash for series in third.series]


def test_the_series_hold_what_any_spec_meets(against: Adversary) -> None:
    windows = {series.name: series.window for series in against.series}
    assert len(windows["a single bar"].bars) == 1
    assert windows["prices that stand still"].bars.frame["Close"].nunique() == 1
    assert windows["a start in the middle"].first_bar > 0
    assert windows["huge prices"].bars.frame["Close"].max() > ACCOUNT.cash / 4
    assert windows["tiny prices"].bars.frame["Close"].min() < 1


def test_hardly_a_misunderstanding_is_left_that_no_series_shows(against: Adversary) -> None:
    assert against.rivals > 30
    assert len(against.open_rivals) <= 2, against.open_rivals


def test_the_kernel_refusing_a_spec_does_not_end_the_proof() -> None:
    spec = parse_spec(document([enter(compare(price(), ">", price("Open")))], risk={"max_bars": 2}))
    account = Account(cash=1e18)  # more units than can be counted
    window = load_bars(symbol="BTCUSD").window(None, None)
    spec = spec.model_copy(update={"timeframe": window.bars.timeframe})
    code = compile_spec(spec)
    alone = Adversary((), 0)
    proof = prove(spec, code.source, code.class_name, window, account, run_here, against=alone)
    assert proof.state == "verified", proof.sentence
    assert all(math.isfinite(value) for value in proof.execution.equity)


def test_the_sandbox_runs_what_is_proved(code: CompiledStrategy) -> None:
    window = load_bars(symbol="GOOG").window(None, "2005-06-30")
    budget = Budget(effort=Effort(drawn=0, ties=0, kept=0, kept_ties=0, shadows=0))
    proof = prove(SPEC, code.source, code.class_name, window, ACCOUNT, run_strategy_source, budget=budget)
    assert proof.state == "verified", proof.sentence
    assert proof.outcome.layers
