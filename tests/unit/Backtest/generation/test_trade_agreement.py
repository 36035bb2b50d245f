"""Code against its spec, trade by trade, in a real sandbox."""

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.process import run_strategy_source
from Backtest.trade_agreement import AgreementOnBars
from tests.unit.Backtest.generation.test_generate import DOCUMENT


@pytest.fixture(scope="module")
def agreement() -> AgreementOnBars:
    bars = load_bars(symbol="GOOG").window("2008-01-01", "2010-12-31")
    return AgreementOnBars(bars, Account(), lambda job: run_strategy_source(job))


SPEC = parse_spec(DOCUMENT)


def test_the_compiler_s_code_trades_as_specified(agreement: AgreementOnBars) -> None:
    proof = agreement(SPEC, compile_spec(SPEC).source)
    assert (proof.state, proof.counterexample, proof.symbol) == ("verified", "", "GOOG")
    assert proof.trades


def test_another_threshold_is_a_mismatch_that_names_the_first_trade(agreement: AgreementOnBars) -> None:
    proof = agreement(SPEC, compile_spec(SPEC).source.replace("30", "35"))
    assert proof.state == "mismatch"
    assert proof.counterexample.startswith("The 1st trade: the code buys ")
    assert ", the specification buys " in proof.counterexample


def test_a_run_that_fails_names_its_line(agreement: AgreementOnBars) -> None:
    code = compile_spec(SPEC).source.replace("        close = self.data.Close[-1]\n", "")
    proof = agreement(SPEC, code.replace("        exit_1", "        undefined_name\n        exit_1", 1))
    assert proof.state == "mismatch"
    assert "undefined_name" in proof.error
    assert proof.line is not None


def test_a_spec_without_a_trade_on_the_bars_proves_nothing(agreement: AgreementOnBars) -> None:
    never = {**DOCUMENT, "entry_rules": [{"when": {"type": "compare", "op": ">", "left": "Close", "right": 1e9}}]}
    assert "makes no trade on the" in agreement.hindrance(parse_spec(never))
    assert agreement.hindrance(SPEC) == ""


def test_code_without_a_result_is_a_mismatch() -> None:
    def killed(job: SandboxJob) -> SandboxOutcome:
        return SandboxOutcome("timeout", None, None, "The run was stopped after 20 s.", None, "", (), ("wall_s",))

    bars = load_bars(symbol="GOOG").window(None, None)
    assert AgreementOnBars(bars, Account(), killed)(SPEC, "").error == "The run was stopped after 20 s."
