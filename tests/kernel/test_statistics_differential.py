"""Any spec's run by the kernel has the statistics that its generated code has under backtesting.py."""

import types
from collections import Counter

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from Backtest.backtesting_adapter import run_strategy
from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.kernel import measure, run_arrays, run_spec
from Backtest.kernel.order_plan import plan_strategy
from Backtest.kernel.statistics import (
    FULL_WIDTH,
    Meter,
    figures_by_name,
    run_statistics,
    time_axis,
)
from Backtest.pipeline import account_of
from Backtest.run_result import RunResult
from tests.generators.specs import specs
from tests.kernel.differential import BARS_OF, Case, case_of

EXAMPLES = 80


def run_reported(case: Case) -> RunResult:
    compiled = compile_spec(case.spec)
    module = types.ModuleType("compiled")
    exec(compile(compiled.source, "compiled.py", "exec"), module.__dict__)  # noqa: S102 - what is tested
    strategy, bars = getattr(module, compiled.class_name), case.window.bars
    return run_strategy(strategy, bars.frame, case.window.first_bar, account_of(case.spec.execution), bars.timeframe)


def test_statistics_of_any_spec_are_those_of_the_generated_code() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def are_alike(spec: Spec) -> None:
        case = case_of(spec, seen.total())
        account, window = account_of(case.spec.execution), case.window
        theirs = run_reported(case).metrics
        execution, ours = measure(case.spec, window, account)
        assert ours == theirs
        assert execution == run_spec(case.spec, window, account)
        rank = measure(case.spec, window, account, "rank").metrics
        assert rank == {name: theirs[name] for name in rank}

        run = run_arrays(plan_strategy(case.spec, account, window.first_bar), window, case.spec.timeframe)
        axis = time_axis(window.bars.frame.index.to_numpy()[window.first_bar :], window.first_bar)
        row = np.empty(FULL_WIDTH)
        closes = window.bars.frame["Close"].to_numpy()[window.first_bar :].copy()
        Meter(axis, closes).full(run.equity[window.first_bar :], run.trades, run.warm_up_bars, row)
        from_arrays = figures_by_name(row)
        assert from_arrays == {name: theirs[name] for name in from_arrays}
        seen[window.bars.symbol] += 1

    are_alike()
    assert set(seen) == {name for names in BARS_OF.values() for name in names}


def test_an_interpreted_run_has_the_same_statistics() -> None:
    @settings(max_examples=8, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(specs())
    def are_alike(spec: Spec) -> None:
        case = case_of(spec, 4, 150)
        account, window = account_of(case.spec.execution), case.window
        run = run_arrays(plan_strategy(case.spec, account, window.first_bar), window, case.spec.timeframe)
        ours = run_statistics(interpret(case.spec, window, account), window, account, "full", run.warm_up_bars)
        assert ours == run_reported(case).metrics

    are_alike()
