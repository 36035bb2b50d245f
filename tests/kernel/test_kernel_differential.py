"""Any spec of the language trades alike, to the last bit, by the kernel and by its generated code under backtesting.py."""

import os
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from Backtest.canonical.spec import Spec
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from tests.generators.features import ALL_FEATURES, features
from tests.generators.specs import specs
from tests.kernel.differential import BARS_OF, case_of, difference, has_yen_pips, reports, run_generated

EXAMPLES = 500


def test_trades_equity_and_reports_are_those_of_the_generated_code(capsys: pytest.CaptureFixture[str]) -> None:
    reached: Counter[str] = Counter()
    trades: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    yen_pips: list[bool] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=not os.environ.get("EXPLORE"),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def trades_alike(spec: Spec) -> None:
        case = case_of(spec, runs.total())
        theirs = run_generated(case)
        ours = run_spec(case.spec, case.window, account_of(case.spec.execution))
        assert difference(ours, theirs) == ""
        assert reports(ours) == reports(theirs)
        symbol = case.window.bars.symbol
        runs[symbol] += 1
        trades[symbol] += len(ours.trades)
        reached.update(features(case.spec))
        yen_pips.append(has_yen_pips(case.spec))

    trades_alike()
    with capsys.disabled():
        by_feature = ", ".join(f"{name} {reached[name]}" for name in sorted(ALL_FEATURES))
        sys.stdout.write(f"\n{runs.total()} specs, {trades.total():,} trades {dict(trades)}\n{by_feature}\n")
    assert ALL_FEATURES - set(reached) == set()
    assert sum(yen_pips) > EXAMPLES // 50
    assert set(runs) == {name for names in BARS_OF.values() for name in names}
    assert min(trades.values()) > 100, f"too few trades to mean anything: {trades}"
