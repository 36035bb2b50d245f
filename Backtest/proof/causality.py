"""Look-ahead: whether a strategy's decisions on a bar change when only what comes after it does.

A strategy is run on its data and on variants that agree with it up to a bar: cut there, or with another future. What
it has asked for on the bars before must be the same. Whatever the code is, and wherever it has the future from.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from Backtest.account import Account
from Backtest.data.bars import Bars, Window
from Backtest.run_result import PendingOrder, stamp_writer
from Backtest.sandbox.job import SandboxJob, SandboxOutcome

State = Literal["none_found", "found", "not_checked"]
Run = Callable[[SandboxJob], SandboxOutcome]
Future = Literal["cut", "mirrored", "stormy", "calm"]

TOLERANCE = 1e-9
"""Sizes and prices that differ by a smaller fraction are the same: a sum over a longer array may round its last bit
otherwise, and nobody trades on that."""

_JITTER = 1e-6
_AFTER_BARS = 30
_MOST_BARS = 3000
_NUMBERS = ("size", "limit_price", "stop_price", "stop_loss", "take_profit")


@dataclass(frozen=True)
class Effort:
    """What a check may cost: bars simulated in all, and cuts at least and at most."""

    simulated_bars: int = 60_000
    least_cuts: int = 16
    most_cuts: int = 90


@dataclass(frozen=True)
class LookAhead:
    """What came of it.

    `found`: the decision on `bar` (of the window, from 0; `time` is its stamp) depends on later bars; `line` is that of
    the strategy's file which asked for it, where that can be told. `not_checked` has its reason in `sentence`.
    """

    state: State
    sentence: str
    cuts: int = 0
    bar: int | None = None
    time: str | None = None
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return dict(vars(self))


def look_ahead(
    code: str,
    class_name: str | None,
    window: Window,
    account: Account,
    run: Run,
    *,
    seed: int = 0,
    effort: Effort | None = None,
) -> LookAhead:
    """Whether code decides on what it can't know yet, as far as `effort` goes on (the last 3,000 bars of) the window.

    `run` executes a job in the sandbox. Code that does not run, or that does not decide alike on the same bars twice,
    is `not_checked`. Raises what `run` raises of this machine.
    """
    check = _Check(code, class_name, _shortened(window), account, run, seed)
    base = check.decisions(check.window)
    if isinstance(base, str):
        return LookAhead("not_checked", f"The code did not run to its end: {base}")
    cuts = 0
    for bar, future in _cuts(check.window, base, effort or Effort(), seed):
        cuts += 1
        changed = check.changed(base, bar, future)
        if changed is None:
            continue
        again = check.decisions(check.window)
        if isinstance(again, str) or _first_change(base, again, len(check.window.bars)) is not None:
            reason = "The code does not decide alike on the same bars twice, so that nothing can be told of look-ahead."
            return LookAhead("not_checked", reason, cuts)
        if check.holds_nearby(bar, future):
            return _told(check.window, changed, bar, future, cuts)
    said = f"No decision changed when what came after {cuts} bars was another future, or none."
    return LookAhead("none_found", said, cuts)


@dataclass(frozen=True)
class _Change:
    """The first decision that another future changed: what was asked for on that bar, with and without it."""

    bar: int
    before: tuple[PendingOrder, ...]
    after: tuple[PendingOrder, ...]


@dataclass(frozen=True)
class _Check:
    code: str
    class_name: str | None
    window: Window
    account: Account
    run: Run
    seed: int

    def decisions(self, window: Window) -> tuple[PendingOrder, ...] | str:
        """What was decided; the error where the code did not run to its end."""
        job = SandboxJob(self.code, window, self.account, self.class_name, record_decisions=True, measure=False)
        outcome = self.run(job)
        return outcome.error or "it gave no result" if outcome.result is None else outcome.result.decisions

    def changed(self, base: tuple[PendingOrder, ...], bar: int, future: Future) -> _Change | None:
        """The first decision up to `bar` that is another one with that future; None also where the code fails on it."""
        other = self.decisions(_with_future(self.window, bar, future, self.seed))
        return None if isinstance(other, str) else _first_change(base, other, bar)

    def holds_nearby(self, bar: int, future: Future) -> bool:
        """Whether a decision changes on bars that are a millionth off too: what only a last bit decided does not."""
        for number in range(3):
            nearby = _jittered(self.window, f"{self.seed} {number}")
            base = self.decisions(nearby)
            other = self.decisions(_with_future(nearby, bar, future, self.seed))
            if isinstance(base, str) or isinstance(other, str):
                continue
            if _first_change(base, other, bar) is not None:
                return True
        return False


# where to cut


def _cuts(window: Window, base: tuple[PendingOrder, ...], effort: Effort, seed: int) -> Iterator[tuple[int, Future]]:
    """Bars of the window and futures: an even grid for all kinds of future, then the bars on which something was
    decided, with none and with the contrary one, then others."""
    bars = len(window.bars) - window.first_bar
    affordable = 2 * effort.simulated_bars // max(1, window.first_bar * 2 + bars)
    total = max(effort.least_cuts, min(effort.most_cuts, affordable))
    kinds: tuple[Future, ...] = ("cut", "mirrored", "stormy", "calm")
    grid = sorted({round(bars * (k + 1) / 9) for k in range(8)} - {0, bars})
    yield from ((bar - 1, kinds[k % 4]) for k, bar in enumerate(grid))
    decided = sorted({order.bar for order in base})
    wanted = [bar for bar in decided if bar < bars - 1]
    dice = random.Random(f"{seed} cuts")  # noqa: S311 - no secret
    pairs: list[tuple[int, Future]] = [(bar, kinds[k % 4]) for bar in wanted for k in (0, 1)]
    others = [bar for bar in range(1, bars - 1) if bar not in set(wanted)]
    left = max(0, total - len(grid))
    taken = pairs if len(pairs) <= left else dice.sample(pairs, left)
    rest = dice.sample(others, min(len(others), left - len(taken)))
    yield from sorted(taken)
    yield from ((bar, kinds[1 + k % 3]) for k, bar in enumerate(sorted(rest)))


# other futures


def _shortened(window: Window) -> Window:
    extra = len(window.bars) - window.first_bar - _MOST_BARS
    return window if extra <= 0 else Window(window.bars, window.first_bar + extra)


def _bars(like: Bars, frame: pd.DataFrame) -> Bars:
    return Bars.from_frame(frame, symbol=like.symbol, source=like.source, zone=like.zone, timeframe=like.timeframe)


def _with_future(window: Window, bar: int, future: Future, seed: int) -> Window:
    """The window, whose bars after `bar` are others, or missing."""
    here = window.first_bar + bar + 1
    frame = window.bars.frame
    if future == "cut":
        return Window(_bars(window.bars, frame.iloc[:here]), window.first_bar)
    made = frame.iloc[: here + _AFTER_BARS].copy()
    later, close = made.iloc[here:], float(frame["Close"].iloc[here - 1])
    dice = np.random.default_rng([seed, bar])
    made.iloc[here:] = _another(later.to_numpy(), close, future, dice)
    return Window(_bars(window.bars, made), window.first_bar)


def _another(later: np.ndarray, close: float, future: Future, dice: np.random.Generator) -> np.ndarray:
    """Open, High, Low, Close and Volume of bars that go another way from `close` on."""
    opens, highs, lows, closes, volumes = later.T
    if future == "mirrored":  # up for down
        prices = close * close / np.array([opens, lows, highs, closes])
        return np.column_stack([*prices, volumes[::-1]])
    size = 0.25 if future == "stormy" else 1e-4
    moves = np.exp(dice.normal(0, size, len(later)).clip(-0.7, 0.7).cumsum().clip(-2, 2))
    ends = close * moves
    begins = np.concatenate([[close], ends[:-1]])
    reach = 1 + size * dice.random(len(later))
    highest, lowest = np.maximum(begins, ends) * reach, np.minimum(begins, ends) / reach
    return np.column_stack([begins, highest, lowest, ends, np.round(volumes * (3 if future == "stormy" else 0.2))])


def _jittered(window: Window, seed: str) -> Window:
    dice = random.Random(seed)  # noqa: S311 - no secret
    frame = window.bars.frame.copy()
    factors = [1 + dice.uniform(-_JITTER, _JITTER) for _ in range(len(frame))]
    for column in ("Open", "High", "Low", "Close"):
        frame[column] = frame[column] * factors
    return Window(_bars(window.bars, frame), window.first_bar)


# what changed


def _first_change(base: tuple[PendingOrder, ...], other: tuple[PendingOrder, ...], last_bar: int) -> _Change | None:
    ours, theirs = (_by_bar(orders, last_bar) for orders in (base, other))
    for bar in sorted(ours.keys() | theirs.keys()):
        before, after = ours.get(bar, ()), theirs.get(bar, ())
        if not _same(before, after):
            return _Change(bar, before, after)
    return None


def _by_bar(orders: tuple[PendingOrder, ...], last_bar: int) -> dict[int, tuple[PendingOrder, ...]]:
    found: dict[int, tuple[PendingOrder, ...]] = {}
    for order in orders:
        if order.bar <= last_bar:
            found[order.bar] = (*found.get(order.bar, ()), order)
    return found


def _same(before: tuple[PendingOrder, ...], after: tuple[PendingOrder, ...]) -> bool:
    if len(before) != len(after):
        return False
    return all(
        one.purpose == other.purpose and all(_near(getattr(one, name), getattr(other, name)) for name in _NUMBERS)
        for one, other in zip(before, after, strict=True)
    )


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=0.0)


def _told(window: Window, change: _Change, cut: int, future: Future, cuts: int) -> LookAhead:
    index = pd.DatetimeIndex(window.bars.frame.index)
    stamp = stamp_writer(index, window.bars.timeframe)
    time, known = (stamp(index[window.first_bar + bar]) for bar in (change.bar, cut))
    line = next((order.line for order in (*change.before, *change.after) if order.line is not None), None)
    where = "" if line is None else f" (line {line})"
    other = "missing" if future == "cut" else "others"
    said = (
        f"The decision on the close of {time}{where} depends on what comes later: {_asked(change.before)}, and "
        f"{_asked(change.after)} where the bars after {known} are {other}."
    )
    return LookAhead("found", said, cuts, change.bar, time, line)


def _asked(orders: tuple[PendingOrder, ...]) -> str:
    shown = [_order(order) for order in orders if order.size] or ["nothing is asked for"]
    return "; ".join(shown[:3])


def _order(order: PendingOrder) -> str:
    verb = "buy" if order.size > 0 else "sell"
    size = "all" if 1 - 1e-6 < abs(order.size) < 1 else f"{abs(order.size):,.9g}"
    prices = (order.limit_price, order.stop_price, order.stop_loss, order.take_profit)
    named = zip(("limit", "stop", "sl", "tp"), prices, strict=True)
    told = "".join(f", {name} {price:.9g}" for name, price in named if price is not None)
    return f"{verb} {size}{' to close' if order.purpose == 'exit' else ''}{told}"
