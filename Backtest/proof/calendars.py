"""The same bars by another calendar: when a bar of a longer timeframe is complete depends on stamps alone."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from Backtest.canonical import conditions as c
from Backtest.canonical.operands import IndicatorRef
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.data.bars import Bars, Window
from Backtest.indicators.timeframes import bucket_ends
from Backtest.kernel.interpreter.chart import Chart
from Backtest.proof.drawing import Series
from Backtest.proof.ties import Tie, closed_by, gap_between
from Backtest.timeframes import TIMEFRAMES

_MOMENT, _DAY = pd.Timedelta(seconds=30), pd.Timedelta(days=1)


class Hole(NamedTuple):
    """A series with a hole in which a longer bar ends, and the same one by whose stamps that bar is complete before:
    what takes it to be so on the first trades as the specification does on the second. `kind` is how it is tempted."""

    kind: str
    series: Series
    complete: Window


def longer_charts(spec: Spec) -> dict[str, str]:
    """The comparisons, by their pointers, of what is of a longer timeframe, and which."""
    longer = {each.id: each.timeframe for each in spec.indicators if each.timeframe}
    found = {}
    for pointer, node in walk(spec):
        if isinstance(node, c.Compare | c.CrossAbove | c.CrossBelow):
            named = [longer[ref.id] for _, ref in walk(node) if isinstance(ref, IndicatorRef) and ref.id in longer]
            if named:
                found[pointer] = named[0]
    return found


def holes(spec: Spec, tie: Tie, longer: str) -> Iterator[Hole]:
    """The series with a hole right after its tie, in which the longer bar ends that the tie's bar is part of. Who takes
    a bar to last until the next one, or for a moment more than it does, sees that longer bar on the tie already.

    The tie's close is where it was, and half way to where the longer bar would make the tie.
    """
    frame, timeframe = tie.series.window.bars.frame, tie.series.window.bars.timeframe
    index = pd.DatetimeIndex(frame.index)
    step = pd.Timedelta(seconds=TIMEFRAMES[timeframe])
    ends, tied = bucket_ends(index, longer)[tie.bar], index[tie.bar]
    if ends - tied <= step or tie.bar + 1 >= len(index):
        return
    days = max(1, -((index[tie.bar + 1] - ends) // _DAY)) * _DAY
    after = index[tie.bar + 1 :] + days

    def stamped(stamp: pd.Timestamp) -> pd.DatetimeIndex:
        return pd.DatetimeIndex([*index[: tie.bar], stamp, *after])

    stamps, complete, late = (stamped(stamp) for stamp in (tied, ends - step, ends - step - _MOMENT))
    gap = gap_between(Chart(spec, frame.set_axis(complete)), tie.bar, *tie.sides) or 0.0
    name = f"{tie.series.name}, before a hole"
    for by in (0.0, gap / 2, -gap / 2):
        moved = closed_by(frame, tie.bar, by)
        whole = _window(moved, complete, timeframe)
        yield Hole("until the next", Series(name, _window(moved, stamps, timeframe)), whole)
        yield Hole("a moment more", Series(name, _window(moved, late, timeframe)), whole)


def _window(frame: pd.DataFrame, stamps: pd.DatetimeIndex, timeframe: str) -> Window:
    bars = Bars.from_frame(frame.set_axis(stamps), symbol="DRAWN", source="csv", zone="UTC", timeframe=timeframe)
    return Window(bars, 0)
