"""The face of the room: a date or a trade in, its story out."""

from datetime import time

import numpy as np
import pandas as pd

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Bars, Window, instant_of
from Backtest.errors import InputError, Issue, WindowEmpty
from Backtest.why.bar_story import BarStory, TradeStory
from Backtest.why.replay import INSIDE_A_BAR, Replay

MOST_BARS = 300_000
"""What is replayed in some ten seconds."""
_DAY = len("YYYY-MM-DD")


def why_bar(spec: Spec, window: Window, account: Account, when: str) -> BarStory:
    """What was filled and decided on the bar stamped `when` (a date, or a date with time), and why nothing else was.

    `spec` is free of lint errors. Raises WindowEmpty (field `date`) where there is no such bar, naming the nearest
    ones, and InputError for a bar that lies too far from the first.
    """
    bar = _bar_of(window, when)
    return _replayed(spec, window, account, bar, {bar})[0][bar]


def why_trade(spec: Spec, window: Window, account: Account, number: int) -> TradeStory:
    """Why the closed trade of that number, counted from 1 by entry and exit, was opened and closed.

    Raises InputError (field `trade`) where there is none.
    """
    last = len(window.bars) - 1
    _, replay = _replayed(spec, window, account, last, ())
    legs = sorted(replay.exits, key=lambda leg: (leg.trade.entry_bar, leg.bar))
    if not 1 <= number <= len(legs):
        message = f"there is no trade {number}: the run closed {len(legs)}"
        raise InputError(message, [Issue("trade", message, f"ask for 1 to {len(legs)}" if legs else "ask for a date")])
    leg = legs[number - 1]
    entry_bar = leg.trade.entry_bar
    signal = replay.entry_signals[entry_bar]
    leaving = leg.bar if leg.closed_by in INSIDE_A_BAR else replay.exit_signals[leg.bar]
    stories, _ = _replayed(spec, window, account, max(signal, leaving), {signal, leaving})
    return TradeStory(
        number=number,
        opened_by=leg.trade.tag,
        closed_by=leg.closed_by,
        entry=stories[signal],
        exit=stories[leaving],
        entry_bar=entry_bar - window.first_bar,
        exit_bar=leg.bar - window.first_bar,
    )


def _replayed(
    spec: Spec, window: Window, account: Account, last: int, told: set[int] | tuple[()]
) -> tuple[dict[int, BarStory], Replay]:
    if last >= MOST_BARS:
        message = f"{last + 1:,} bars would have to be run again, more than {MOST_BARS:,}"
        raise InputError(message, [Issue("date", message, "ask about a run that begins later, or on longer bars")])
    replay = Replay(spec, window, account)
    return replay.run(last, told), replay


def _bar_of(window: Window, when: str) -> int:
    """The bar, counted in the frame, that bears this stamp."""
    bars = window.bars
    moment = instant_of("date", when, bars.zone, time.min)
    stamps = pd.DatetimeIndex(bars.frame.index).to_numpy()
    first = int(np.searchsorted(stamps, moment))
    if len(when) == _DAY:
        after = int(np.searchsorted(stamps, moment + np.timedelta64(1, "D")))
        if after - first > 1:
            raise _no_bar(bars, f"{when} has {after - first} bars", stamps[first:after])
        found = after - first == 1
    else:
        found = first < len(stamps) and stamps[first] == moment
    if not found:
        raise _no_bar(bars, f"there is no bar of {when}", stamps[max(0, first - 1) : first + 1])
    if first < window.first_bar:
        message = f"{when} lies before the run's first bar, {_written(stamps[window.first_bar])}: it only warmed up"
        raise WindowEmpty(message, [Issue("date", message, "ask for a later one")])
    return first


def _no_bar(bars: Bars, message: str, near: np.ndarray) -> WindowEmpty:
    shown = ", ".join(_written(stamp) for stamp in near[:3]) + (", …" if len(near) > 3 else "")
    return WindowEmpty(message, [Issue("date", message, f"name one, for example {shown}")])


def _written(stamp: np.datetime64) -> str:
    moment = pd.Timestamp(stamp)
    return str(moment.date()) if moment == moment.normalize() else moment.isoformat()
