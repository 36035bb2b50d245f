"""Runs a spec by its generated code under backtesting.py and by the kernel, on bars of five kinds."""

import math
import random
import types
from dataclasses import dataclass
from functools import cache

import pandas as pd

from Backtest.backtesting_adapter import run_strategy
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data.bars import Bars, Window
from Backtest.data_manager import load_bars
from Backtest.kernel.execution import Execution
from Backtest.pipeline import account_of
from Backtest.run_result import ClosedTrade, OpenTrade
from Backtest.timeframes import TIMEFRAMES, can_build

SAMPLE_BARS = 400


def _series(symbol: str, frame: pd.DataFrame) -> Bars:
    return Bars.from_frame(frame, symbol=symbol, source="csv", zone="UTC")


def _row(dice: random.Random, opening: float, close: float, reach: float, decimals: int, volume: int) -> tuple:
    high = max(opening, close) + abs(dice.gauss(0, reach)) * dice.choice((0, 1, 1))
    low = min(opening, close) - abs(dice.gauss(0, reach)) * dice.choice((0, 1, 1))
    return (*(round(value, decimals) for value in (opening, high, low, close)), volume)


def gaps_and_ties() -> Bars:
    """Days on a grid of whole dollars, so that prices meet levels exactly; jumps, standstills, missing and empty days."""
    dice = random.Random(11)  # noqa: S311 - no secret
    days = [
        day for day in pd.date_range("2019-01-01", periods=700, freq="D") if day.weekday() < 5 and dice.random() < 0.95
    ]
    rows, price = [], 200.0
    for i in range(len(days)):
        if dice.random() < 0.1:  # nothing moves
            rows.append((price, price, price, price, dice.choice((0, 5))))
            continue
        opening = max(40.0, price + dice.choice((0, 0, 0, 0, -30, -12, 12, 30)))
        price = max(40.0, opening + round(dice.gauss(200 / opening - 0.9, 5)))
        rows.append(_row(dice, opening, price, 4, 0, dice.choice((0, 3, 5, 9)) if i > 60 else 5))
    return _series("TIES", pd.DataFrame(rows, index=days, columns=list(COLUMNS)).astype(float))


def minutes() -> Bars:
    """Sessions of minutes over some days and nights, with holes, on the scale of a currency pair."""
    dice = random.Random(12)  # noqa: S311 - no secret
    stamps = pd.date_range("2023-03-01 20:00", periods=3 * 1440, freq="min")
    kept = [at for at in stamps if not 2 <= at.hour < 19 and dice.random() < 0.97]
    rows, price = [], 1.1
    for at in kept:
        opening = price + (dice.gauss(0, 0.002) if at.hour == 19 and at.minute < 2 else 0)
        price = opening + dice.gauss(0, 0.0004) * math.sqrt(1 + at.hour % 3)
        rows.append(_row(dice, opening, price, 0.0003, 5, dice.randint(0, 40)))
    return _series("MINUTE", pd.DataFrame(rows, index=kept, columns=list(COLUMNS)).astype(float))


COLUMNS = ("Open", "High", "Low", "Close", "Volume")
BARS_OF = {"1d": ("GOOG", "BTCUSD", "TIES"), "1h": ("EURUSD", "MINUTE")}
LONGER = {"1m": ("15m", "1h", "4h", "8h", "1d"), "1mo": ("1q",)}


@cache
def bars_named(name: str, count: int = SAMPLE_BARS) -> Bars:
    """The first so many bars of one of the five series."""
    made = {"TIES": gaps_and_ties, "MINUTE": minutes}
    whole = made[name]() if name in made else load_bars(symbol=name)
    frame = whole.frame.iloc[:count]
    return Bars.from_frame(frame, symbol=name, source=whole.source, zone=whole.zone, timeframe=whole.timeframe)


def on_chart(spec: Spec, timeframe: str) -> Spec:
    """The spec on bars of another length, its longer charts exchanged for ones that can be built of them."""

    def moved(use: IndicatorUse) -> IndicatorUse:
        if use.timeframe is None or can_build(timeframe, use.timeframe):
            return use
        longer = LONGER[timeframe]
        return use.model_copy(update={"timeframe": longer[list(TIMEFRAMES).index(use.timeframe) % len(longer)]})

    uses = tuple(moved(use) for use in spec.indicators)
    return spec.model_copy(update={"timeframe": timeframe, "indicators": uses})


@dataclass(frozen=True)
class Case:
    """A spec and the window that it is run on."""

    spec: Spec
    window: Window


def case_of(spec: Spec, number: int, count: int = SAMPLE_BARS) -> Case:
    """The spec on one of the series of its kind; every fifth run starts in the middle of the bars, every third trades
    yen, whose pips are longer."""
    names = BARS_OF[spec.timeframe]
    bars = bars_named(names[number % len(names)], count)
    first_bar = len(bars) // 3 if number % 5 == 4 else 0
    traded = spec.model_copy(update={"instruments": ("USDJPY",)}) if number % 3 == 2 else spec
    return Case(on_chart(traded, bars.timeframe), Window(bars, first_bar))


def has_yen_pips(spec: Spec) -> bool:
    """Whether a distance is said in pips of a hundredth."""
    risk = spec.risk
    distances = (risk.stop_loss, risk.take_profit, risk.trailing_stop)
    return spec.instruments == ("USDJPY",) and any(each is not None and each.type == "pips" for each in distances)


def run_generated(case: Case) -> Execution:
    """The generated code's run, from its source alone."""
    compiled = compile_spec(case.spec)
    module = types.ModuleType("compiled")
    exec(compile(compiled.source, "compiled.py", "exec"), module.__dict__)  # noqa: S102 - what is tested
    strategy = getattr(module, compiled.class_name)
    bars = case.window.bars
    run = run_strategy(
        strategy, bars.frame, case.window.first_bar, account_of(case.spec.execution), case.spec.timeframe
    )
    return Execution(run.trades, run.open_at_end, run.equity, run.notices)


def difference(ours: Execution, theirs: Execution) -> str:
    """Where two executions part, in words; empty where they are equal."""
    pairs: tuple[tuple[str, tuple[ClosedTrade | OpenTrade, ...], tuple[ClosedTrade | OpenTrade, ...]], ...] = (
        ("trade", ours.trades, theirs.trades),
        ("open trade", ours.open_at_end, theirs.open_at_end),
    )
    for what, mine, other in pairs:
        for k, (a, b) in enumerate(zip(mine, other, strict=False)):
            if a != b:
                return f"{what} {k}\n  {a}\n  {b}"
        if len(mine) != len(other):
            return f"{len(mine)} and {len(other)} {what}s; the first without a pair: {(mine + other)[min(len(mine), len(other))]}"
    for bar, (a, b) in enumerate(zip(ours.equity, theirs.equity, strict=True)):
        if a != b:
            return f"equity on bar {bar}: {a!r} and {b!r}"
    return ""


def reports(execution: Execution) -> list[str]:
    """What was reported, in any order, but for what is the other side's own: names of columns, numpy on statistics."""
    said = ": no value on these bars, so no rule was evaluated"
    return sorted(said if text.endswith(said) else text for text in execution.notices if " encountered in " not in text)
