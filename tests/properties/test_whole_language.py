"""Any strategy that the language can say is carried through: checked, written as JSON, compiled, scanned and run."""

import json
import types
from collections import Counter
from functools import cache

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings

from Backtest.backtesting_adapter import run_strategy
from Backtest.canonical.document import to_document
from Backtest.canonical.identity import identity
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import CompiledStrategy, compile_spec
from Backtest.data_manager import load_bars
from Backtest.pipeline import account_of
from Backtest.run_result import RunResult
from Backtest.safety.scan import scan
from tests.generators.features import ALL_FEATURES, features
from tests.generators.specs import specs

EXAMPLES = 250
BARS = 400


@cache
def sample(symbol: str) -> pd.DataFrame:
    return load_bars(symbol=symbol).frame.iloc[:BARS]


def run(compiled: CompiledStrategy, spec: Spec, symbol: str) -> RunResult:
    """The compiled file's run on a sample, from its source alone."""
    module = types.ModuleType("compiled")
    exec(compile(compiled.source, "compiled.py", "exec"), module.__dict__)  # noqa: S102 - what is tested
    return run_strategy(getattr(module, compiled.class_name), sample(symbol), 0, account_of(spec.execution))


def test_every_spec_of_the_language_is_carried_through_and_every_part_of_it_is_reached() -> None:
    reached: Counter[str] = Counter()
    trades: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def carried_through(spec: Spec) -> None:
        assert lint(spec) == ()
        again = parse_spec(json.loads(json.dumps(to_document(spec), allow_nan=False)))
        assert again == spec
        assert identity(again) == identity(spec)
        compiled = compile_spec(spec)
        assert compile_spec(again) == compiled
        assert scan(compiled.source).findings == ()
        for symbol in ("GOOG", "EURUSD"):
            result = run(compiled, spec, symbol)
            assert len(result.equity) == BARS
            trades[symbol] += len(result.trades)
        reached.update(features(spec))

    carried_through()
    missing = ALL_FEATURES - set(reached)
    assert not missing, f"no example reached {sorted(missing)}"
    assert min(trades.values()) > EXAMPLES, f"too few trades to mean anything: {trades}"
