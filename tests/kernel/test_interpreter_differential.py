"""The interpreter beside the generated code under backtesting.py, and beside the kernel: random specs, equal to the last bit.

`EXPLORE=1` draws 1,000 new specs; the usual ones are always the same.
"""

import os
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings

from Backtest.canonical import risk
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel.broker import CLOSERS
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from tests.generators.features import ALL_FEATURES, features
from tests.generators.specs import specs
from tests.kernel.differential import BARS_OF, Case, bars_named, difference, on_chart, run_generated

EXPLORES = bool(os.environ.get("EXPLORE"))
EXAMPLES = 1_000 if EXPLORES else 250
BARS = 250


def run_plainly(case: Case) -> Execution:
    return interpret(case.spec, case.window, account_of(case.spec.execution))


def told(notices: tuple[str, ...]) -> tuple[list[str], bool]:
    """What the broker and the rules reported, and whether nothing was evaluated; the statistics' own warnings aside."""
    of_run = [text for text in notices if "encountered in" not in text]
    return [text for text in of_run if "no value" not in text], any("no value" in text for text in of_run)


def for_each_spec(examples: int, check: Callable[[Spec], None]) -> None:
    phases, checks = [Phase.generate], list(HealthCheck)
    profile = settings(max_examples=examples, derandomize=not EXPLORES, deadline=None, phases=phases)
    settings(profile, suppress_health_check=checks)(given(specs())(check))()


def case_of(spec: Spec, count: int = BARS) -> Case:
    """The spec on one series of its kind, some evaluated from the middle on only; the spec decides which."""
    names, number = BARS_OF[spec.timeframe], number_of(spec)
    bars = bars_named(names[number % len(names)], count)
    return Case(on_chart(spec, bars.timeframe), Window(bars, len(bars) // 3 if number % 4 == 0 else 0))


def number_of(spec: Spec) -> int:
    """A number that has nothing to do with what is in the spec, and stays when it is drawn again."""
    return zlib.crc32(spec.model_dump_json().encode())


def assert_equal(case: Case) -> Execution:
    plain, generated = run_plainly(case), run_generated(case)
    found = difference(plain, generated)
    assert not found, f"{case.window.bars.symbol}: {found}\n{case.spec.model_dump_json(exclude_none=True)}"
    assert told(plain.notices) == told(generated.notices)
    return plain


def test_every_part_of_the_language_trades_alike_on_five_series() -> None:
    reached: Counter[str] = Counter()
    trades: Counter[str] = Counter()

    def check(spec: Spec) -> None:
        case = case_of(spec)
        trades[case.window.bars.symbol] += len(assert_equal(case).trades)
        reached.update(features(spec))

    for_each_spec(EXAMPLES, check)
    print(f"\n{sum(trades.values())} trades: {dict(trades)}")  # noqa: T201 - the count by feature, with `pytest -s`
    print("\n".join(f"{count:5d} {name}" for name, count in sorted(reached.items())))  # noqa: T201
    missing = ALL_FEATURES - set(reached)
    assert not missing, f"no example reached {sorted(missing)}"
    assert min(trades.values()) > EXAMPLES // 3, f"too few trades to mean anything: {trades}"


COMMISSIONS: tuple[risk.Commission, ...] = (
    risk.FixedPlusRateCommission(fixed=250.0, rate=0.01),
    risk.FixedPlusRateCommission(fixed=5_000.0, rate=-0.001),
    risk.RateCommission(value=0.0999),
    risk.RateCommission(value=-0.002),
    risk.PerUnitCommission(value=0.5),
)
CASH, SPREADS, MARGINS = (900.0, 3_000.0, 20_000.0), (0.0, 0.01, 0.2), (1.0, 0.3, 0.05, 0.01)
SIZES: tuple[risk.Sizing, ...] = (
    risk.UnitsSizing(value=7),
    risk.CashSizing(value=300.0),
    risk.FractionSizing(value=0.001),
    risk.VolatilityTargetSizing(percent=300.0),
    risk.RiskSizing(percent=30.0),
    risk.RiskSizing(percent=100.0),
)


def strained(case: Case) -> Case:
    """The case on an account that costs, spreads, leverage and sizes strain or ruin; every third one trades yen."""
    spec, number = case.spec, number_of(case.spec)
    execution = risk.Execution(
        cash=CASH[number % len(CASH)],
        commission=COMMISSIONS[number % len(COMMISSIONS)],
        spread=SPREADS[number // 3 % len(SPREADS)],
        margin=MARGINS[number // 2 % len(MARGINS)],
    )
    sizing = SIZES[number % (len(SIZES) if spec.risk.stop_loss is not None else 4)]
    instruments = ("EUR/JPY",) if number % 3 == 0 else spec.instruments
    update = {"execution": execution, "sizing": sizing, "instruments": instruments}
    return replace(case, spec=spec.model_copy(update=update))


def test_accounts_that_are_strained_or_ruined_end_alike() -> None:
    drawn: Counter[str] = Counter()

    def check(spec: Spec) -> None:
        run = assert_equal(strained(case_of(spec, 120)))
        drawn["ruined"] += run.equity[-1] == 0
        drawn["cancelled"] += any("insufficient margin" in text for text in run.notices)

    for_each_spec(EXAMPLES // 2, check)
    assert min(drawn["ruined"], drawn["cancelled"]) > 5, f"too few to mean anything: {drawn}"


def test_the_kernel_and_the_interpreter_agree_on_both_kinds_of_account() -> None:
    trades: Counter[str] = Counter()
    closers: Counter[str | None] = Counter()

    def check(spec: Spec) -> None:
        for case in (case_of(spec), strained(case_of(spec, 120))):
            plain, compiled = run_plainly(case), run_spec(case.spec, case.window, account_of(case.spec.execution))
            found = difference(plain, compiled)
            assert not found, f"{case.window.bars.symbol}: {found}\n{case.spec.model_dump_json(exclude_none=True)}"
            closed_by = [trade.closed_by for trade in plain.trades]
            assert closed_by == [trade.closed_by for trade in compiled.trades], case.spec.model_dump_json()
            trades[case.window.bars.symbol] += len(plain.trades)
            closers.update(closed_by)

    for_each_spec(EXAMPLES // 2, check)
    assert {*CLOSERS, "entry_2", "exit_1", "exit_2"} <= set(closers)
    assert min(trades.values()) > EXAMPLES // 5, f"too few trades to mean anything: {trades}"
