"""Higher timeframes and calendar periods, built from the chart's own bars; the compiler emits the sources verbatim.

Stamps are the bars' beginnings, naive, sorted and unique. Timeframes are written "30m", "4h", "1d", "1w", "1mo", "1q".
They use np and pd alone, and one another.
"""

import numpy as np
import pandas as pd


def bucket_ends(index: pd.DatetimeIndex, timeframe: str) -> pd.DatetimeIndex:
    """When the bucket of each stamp ends: a day, a week from Monday, a calendar month or quarter ("1d", "1w", "1mo",
    "1q"), or so many minutes or hours counted from 00:00 ("15m", "4h"), of which a day's last ends at midnight.
    """
    calendar = {"1d": "D", "1w": "W-SUN", "1mo": "M", "1q": "Q"}
    if timeframe in calendar:
        return (index.to_period(calendar[timeframe]) + 1).to_timestamp()
    minutes = int(timeframe[:-1]) * {"m": 1, "h": 60}.get(timeframe[-1], 0) if timeframe[:-1].isdigit() else 0
    if not 0 < minutes < 1440:
        raise ValueError(f"no buckets of {timeframe!r}: minutes or hours of less than a day, 1d, 1w, 1mo or 1q")
    day, length = index.normalize(), pd.Timedelta(minutes=minutes)
    ends = day + ((index - day) // length + 1) * length
    midnight = day + pd.Timedelta(days=1)
    return ends.where(ends < midnight, midnight)


def resample_bars(frame: pd.DataFrame, timeframe: str) -> pd.DataFrame:
    """Bars of a higher timeframe, each stamped with the END of its bucket; a bucket without bars gives none."""
    grouped = frame.groupby(bucket_ends(pd.DatetimeIndex(frame.index), timeframe))
    bars = grouped.agg({"Open": "first", "High": "max", "Low": "min", "Close": "last", "Volume": "sum"})
    return bars.astype(float)


def bar_ends(index: pd.DatetimeIndex, timeframe: str) -> pd.DatetimeIndex:
    """When each bar of the chart ends: its stamp plus the timeframe's length, never after the next bar begins."""
    unit = timeframe.lstrip("0123456789")
    count = int(timeframe[: -len(unit)])
    if unit in ("mo", "q"):
        ends = index + pd.DateOffset(months=count * (3 if unit == "q" else 1))
    else:
        ends = index + pd.Timedelta(minutes=count * {"m": 1, "h": 60, "d": 1440, "w": 10080}[unit])
    begins_next = pd.DatetimeIndex(index[1:].append(ends[-1:]))
    return ends.where(ends < begins_next, begins_next)


def align_to_chart(
    values: np.ndarray, ends: pd.DatetimeIndex, index: pd.DatetimeIndex, chart_timeframe: str
) -> np.ndarray:
    """On each bar of the chart the value of the last higher bar that has ended when the chart's bar ends, NaN before.

    `ends` is the index of `resample_bars`, `index` that of the chart.
    """
    position = ends.searchsorted(bar_ends(index, chart_timeframe), side="right")
    return np.concatenate([[np.nan], np.asarray(values, dtype=float)])[position]


def previous_period(frame: pd.DataFrame, period: str, field: str, chart_timeframe: str) -> np.ndarray:
    """On each bar the Open, High, Low, Close or Volume of the last calendar "day", "week" or "month" that has ended
    when the bar ends, NaN before; on a chart of just such bars that of the bar before.
    """
    timeframe = {"day": "1d", "week": "1w", "month": "1mo"}[period]
    bars, index = resample_bars(frame, timeframe), pd.DatetimeIndex(frame.index)
    if chart_timeframe != timeframe:
        return align_to_chart(bars[field].to_numpy(), pd.DatetimeIndex(bars.index), index, chart_timeframe)
    position = bars.index.searchsorted(bucket_ends(index, timeframe))
    return np.concatenate([[np.nan], bars[field].to_numpy()])[position]
