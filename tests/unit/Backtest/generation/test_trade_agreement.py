"""Code against its spec, trade by trade, in a real sandbox."""

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from Backtest.run_result import ClosedTrade
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.process import run_strategy_source
from Backtest.trade_agreement import AgreementOnBars, first_difference
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
    assert proof.counterexample.startswith("trade 1 differs: by the specification long ")
    assert "; by the code long " in proof.counterexample


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


def trade(**changed: object) -> ClosedTrade:
    usual = {
        "entry_time": "2024-01-05",
        "exit_time": "2024-01-09",
        "entry_bar": 4,
        "exit_bar": 6,
        "size": 10,
        "entry_price": 100.0,
        "exit_price": 105.0,
        "pnl": 50.0,
        "return_pct": 5.0,
        "commission": 0.0,
        "stop_price": None,
        "target_price": None,
        "tag": None,
        "duration_bars": 2,
    }
    return ClosedTrade(**{**usual, **changed})


@pytest.mark.parametrize(
    "changed",
    [{"entry_bar": 5}, {"exit_bar": 7}, {"size": -10}, {"size": 9}, {"entry_price": 100.01}, {"exit_price": 104.99}],
)
def test_a_bar_a_side_a_size_and_a_price_must_be_equal(changed: dict[str, object]) -> None:
    assert first_difference([trade(), trade()], [trade(), trade(**changed)]).startswith("trade 2 differs")


def test_the_last_bits_of_a_price_and_what_a_trade_is_called_do_not_matter() -> None:
    assert first_difference([trade()], [trade(entry_price=100.00000000000001, tag="mine")]) == ""


def test_a_trade_too_many_and_one_too_few_are_differences() -> None:
    assert first_difference([], [trade()]).endswith(
        "by the code long 10 at 100 on bar 4 (2024-01-05), out at 105 on bar 6 (2024-01-09)"
    )
    assert first_difference([trade()], []).endswith("by the code there is none")


def test_code_without_a_result_is_a_mismatch() -> None:
    def killed(job: SandboxJob) -> SandboxOutcome:
        return SandboxOutcome("timeout", None, None, "The run was stopped after 20 s.", None, "", (), ("wall_s",))

    bars = load_bars(symbol="GOOG").window(None, None)
    assert AgreementOnBars(bars, Account(), killed)(SPEC, "").error == "The run was stopped after 20 s."
