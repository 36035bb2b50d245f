"""The timeframe of bars, measured from their stamps."""

from typing import Final

import numpy as np
import pandas as pd

from Backtest.errors import BarsInvalid, Issue
from Backtest.timeframes import TIMEFRAMES

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
# Shortest and longest true length in days, an hour of daylight saving allowed on both sides. Quarter bounds leave
# out 92 + 31 days (a missing quarter) as month bounds leave out 28 + 28 days.
_CALENDAR: Final = (("1mo", 28, 31), ("1q", 89, 92))
_BY_SECONDS: Final = {seconds: name for name, seconds in TIMEFRAMES.items()}


def measure(index: pd.DatetimeIndex) -> str:
    """The canonical timeframe of sorted, unique stamps: their most frequent spacing, the shorter of two as frequent.

    Nights, weekends and holidays are rarer than the bars' own spacing, so they do not count. Months (28 to 31 days) and
    quarters (89 to 92) count as one spacing each. Raises BarsInvalid for fewer than two stamps, or a spacing that is
    no timeframe.
    """
    if len(index) < 2:
        message = f"{len(index)} bar has no spacing to measure a timeframe from" if len(index) else "there are no bars"
        raise BarsInvalid(message, [Issue("timeframe", message, "give more bars, or say the timeframe")])
    steps = np.diff(index.to_numpy()).astype("timedelta64[s]").astype(np.int64)
    for name, shortest_days, longest_days in _CALENDAR:
        within = (steps >= shortest_days * _DAY - _HOUR) & (steps <= longest_days * _DAY + _HOUR)
        steps = np.where(within, TIMEFRAMES[name], steps)
    spacings, counts = np.unique(steps, return_counts=True)
    spacing = int(spacings[counts.argmax()])
    if spacing not in _BY_SECONDS:
        message = f"the bars are most often {spacing:,} seconds apart, which is no known timeframe"
        known = ", ".join(TIMEFRAMES)
        raise BarsInvalid(message, [Issue("timeframe", message, f"use bars of one of {known}")])
    return _BY_SECONDS[spacing]
