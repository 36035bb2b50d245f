"""The proof as the generator uses it, in a real sandbox."""

from typing import Any

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.process import run_strategy_source
from Backtest.spec_prover import ProofOnBars
from tests.unit.Backtest.generation.test_generate import DOCUMENT

SPEC = parse_spec(DOCUMENT)


def prover_of(document: dict[str, Any], run: Any = run_strategy_source) -> ProofOnBars:
    bars = load_bars(symbol="GOOG").window("2008-01-01", "2010-12-31")
    return ProofOnBars(parse_spec(document), bars, Account(), run)


@pytest.fixture(scope="module")
def prover() -> ProofOnBars:
    return prover_of(DOCUMENT)


def test_the_compiler_s_code_is_proved_on_these_bars_and_on_more(prover: ProofOnBars) -> None:
    proof = prover(compile_spec(SPEC).source)
    assert (proof.state, proof.counterexample, proof.symbol) == ("verified", "", "GOOG")
    assert proof.series > 1
    assert proof.trades


def test_another_threshold_is_a_mismatch_that_is_told_on_the_fewest_bars(prover: ProofOnBars) -> None:
    proof = prover(compile_spec(SPEC).source.replace("30", "35"))
    assert (proof.state, proof.error) == ("mismatch", "")
    assert proof.counterexample.startswith("On the bars at hand, cut to ")
    assert "the specification buys 158 units at the open of 2008-01-09" in proof.counterexample


def test_a_run_that_fails_names_its_line(prover: ProofOnBars) -> None:
    code = compile_spec(SPEC).source.replace("        exit_1", "        undefined_name\n        exit_1", 1)
    proof = prover(code)
    assert proof.state == "mismatch"
    assert "undefined_name" in proof.error
    assert proof.line is not None


def test_a_spec_that_never_trades_proves_nothing(prover: ProofOnBars) -> None:
    never = {**DOCUMENT, "entry_rules": [{"when": {"type": "compare", "op": ">", "left": "Volume", "right": 1e13}}]}
    assert "nor on a series made for it" in prover_of(never).hindrance()
    assert prover.hindrance() == ""


def test_code_that_is_stopped_by_a_limit_is_not_verified() -> None:
    def stopped(job: SandboxJob) -> SandboxOutcome:
        return SandboxOutcome("timeout", None, None, "The run was stopped after 20 s.", None, "", (), ("wall_s",))

    proof = prover_of(DOCUMENT, stopped)("")
    assert (proof.state, proof.error) == ("mismatch", "on the bars at hand: The run was stopped after 20 s.")
