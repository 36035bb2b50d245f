"""Bars that shadow what protects a position: lows and highs that just reach its stop or target, or just don't, bar by
bar as both move, after entries whose fill lies away from the signal's close."""

import math
import random

import pandas as pd

from Backtest.account import Account
from Backtest.canonical.risk import PercentDistance, PercentGain, PipsDistance, PriceDistance
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Bars, Window, content_hash_of
from Backtest.kernel.execution import Execution
from Backtest.proof.drawing import Scale
from Backtest.proof.trusted import execute
from Backtest.run_result import OpenTrade

_PIP = 0.0001
_NEAR = 0.001
"""How near a bar comes to a level, as a fraction of it."""


_USUAL_DISTANCE = 0.05
"""Of a stop or a target from the price, as a fraction: what the usual moves are made for."""


def spread_for(spec: Spec, price: float) -> float:
    """How wide the moves may be, beside the usual ones, that a position outlives a few of them."""
    risk, fractions = spec.risk, [_USUAL_DISTANCE]
    for part in (risk.stop_loss, risk.take_profit, risk.trailing_stop):
        match part:
            case PercentDistance():
                fractions.append(part.value / 100)
            case PriceDistance():
                fractions.append(part.value / price)
            case PipsDistance():
                fractions.append(part.value * _PIP / price)
    return max(_NEAR, min(fractions)) / _USUAL_DISTANCE


def fixed_distances(spec: Spec) -> set[float]:
    """How far a stop or a target is from the price where that is told in units of price, whatever the price."""
    found: set[float] = set()
    for part in (spec.risk.stop_loss, spec.risk.take_profit):
        match part:
            case PriceDistance():
                found.add(part.value)
            case PipsDistance():
                found.add(part.value * _PIP)
    return found


def shadowed(spec: Spec, account: Account, frame: pd.DataFrame, scale: Scale, *, begin: int, seed: str) -> pd.DataFrame:
    """The bars, redrawn from `begin` on around the stop and the target that are in force on each of them."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    made = frame.copy()
    for bar in range(max(1, begin), len(made)):
        so_far = _window(made.iloc[:bar], scale)
        held = _held(execute(spec, so_far, account))
        if held is not None:
            made.iloc[bar] = _around(
                dice, made.iloc[bar], float(made["Close"].iloc[bar - 1]), held, _goals(spec, held), scale
            )
            continue
        before = float(made["Close"].iloc[bar - 1])
        if dice.random() < 0.6:
            made.iloc[bar] = _gapped(dice, made.iloc[bar], before, scale.spread)
        entered = _held(execute(spec, _window(made.iloc[: bar + 1], scale), account))
        if entered is not None and entered.entry_bar == bar and dice.random() < 0.7:
            made.iloc[bar] = _on_entry(dice, made.iloc[bar], before, entered)
    return made


def _window(frame: pd.DataFrame, scale: Scale) -> Window:
    """A window of bars whose findings nobody asks for."""
    return Window(Bars(frame, "DRAWN", "csv", scale.timeframe, "UTC", (), content_hash_of(frame)), 0)


def _held(run: Execution) -> OpenTrade | None:
    return run.open_at_end[0] if run.open_at_end else None


def _goals(spec: Spec, held: OpenTrade) -> list[float]:
    """The closes from which a gain counts as made."""
    risk, way = spec.risk, 1 if held.size > 0 else -1
    gains = [part.after_gain for part in (risk.break_even, risk.trailing_stop) if part is not None]
    return [held.entry_price * ((100 + way * gain.value) / 100) for gain in gains if isinstance(gain, PercentGain)]


def _around(
    dice: random.Random, row: pd.Series, before: float, held: OpenTrade, goals: list[float], scale: Scale
) -> pd.Series:
    """A bar whose ends come near the levels; at times its open already lies beyond one, or its close is a goal."""
    opening = before * (1 + scale.spread * dice.choice((0, 0, 0, 0, -0.03, 0.03)))
    close = opening * (1 + scale.spread * dice.choice((-0.02, -0.01, 0, 0.01, 0.02)))
    if any(abs(before - goal) < _NEAR * 5 * goal for goal in goals) and dice.random() < 0.75:
        close = held.entry_price * (1 - _NEAR * 2 * math.copysign(1, held.size))  # what a stop at the entry price meets
    elif goals and dice.random() < 0.4:
        close = dice.choice(goals) * (1 + dice.choice((0, 0, 0, 0, 0, -_NEAR / 4, _NEAR / 4, -_NEAR * 4, _NEAR * 4)))
    below, above = (held.stop_price, held.target_price) if held.size > 0 else (held.target_price, held.stop_price)
    low, high = min(opening, close), max(opening, close)
    if below is not None and dice.random() < 0.6:
        low = min(low, below * (1 + dice.choice((_NEAR, _NEAR, _NEAR, -_NEAR, 0))))
    if above is not None and dice.random() < 0.6:
        high = max(high, above * (1 + dice.choice((-_NEAR, -_NEAR, -_NEAR, _NEAR, 0))))
    return _row(row, opening, high, low, close)


def _on_entry(dice: random.Random, row: pd.Series, before: float, held: OpenTrade) -> pd.Series:
    """The bar of an entry, whose ends come near the levels that its order brought along: from the signal's close. At
    times its close lies beyond a level that is only in force after it: from the fill."""
    opening, close = float(row["Open"]), float(row["Close"])
    moved = {
        level: before * level / held.entry_price if dice.random() < 0.5 else level + before - held.entry_price
        for level in (held.stop_price, held.target_price)
        if level is not None
    }
    beyond = [(level + sent) / 2 for level, sent in moved.items() if (sent - level) * (level - held.entry_price) > 0]
    if beyond and dice.random() < 0.5:
        close = dice.choice(beyond)
        return _row(row, opening, max(opening, close), min(opening, close), close)
    low, high = min(opening, close), max(opening, close)
    for level, sent in moved.items():
        near = sent * (1 + dice.choice((-_NEAR, _NEAR)))
        low, high = (min(low, near), high) if level < held.entry_price else (low, max(high, near))
    return _row(row, opening, high, low, close)


def _gapped(dice: random.Random, row: pd.Series, before: float, spread: float) -> pd.Series:
    """The bar as it was, moved to where it opens away from the last close."""
    by = before * (1 + spread * dice.choice((-0.04, -0.02, 0.02, 0.04))) / float(row["Open"])
    return _row(row, *(float(row[name]) * by for name in ("Open", "High", "Low", "Close")))


def _row(row: pd.Series, opening: float, high: float, low: float, close: float) -> pd.Series:
    made = row.copy()
    made["Open"], made["High"], made["Low"], made["Close"] = opening, high, max(low, opening / 10), close
    return made
