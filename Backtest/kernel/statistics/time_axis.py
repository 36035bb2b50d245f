"""What the stamps of a window come to: which bars end a day, how many such periods and how long a year has."""

from typing import Final, NamedTuple

import numpy as np

from Backtest.data.bars import Window
from Backtest.timeframes import TIMEFRAMES, bars_per_year, is_intraday

DAY_US: Final = 86_400_000_000
_UNITS_US: Final = (DAY_US, DAY_US // 24, 60_000_000, 1_000_000, 1_000, 1)
_DAYS_OF_YEAR: Final = 365.25
_CALENDAR: Final = frozenset({"1w", "1mo", "1q"})


class TimeAxis(NamedTuple):
    """The stamps of a window's bars as backtesting.py's statistics take them."""

    stamps_us: np.ndarray
    """int64, microseconds since 1970."""
    ends: np.ndarray
    """int64: the last bar of each period that returns are measured over."""
    periods_per_year: float
    years: float
    """From the first stamp to the last."""
    resolution_us: int
    """Durations are rounded up to whole ones."""
    first_bar: int
    """Of the window, in the bars that the trades count."""
    two: float = 2.0
    """An exponent that the compiler doesn't know: of a constant it makes x * x, which is not always pow(x, 2)."""


def time_axis(stamps: np.ndarray, first_bar: int) -> TimeAxis:
    """The axis of ascending `datetime64` stamps, those of the window only.

    Periods are weeks, months or years where the bars' usual distance (the median of the last 99) is 7, 31 or 365 days,
    else days, of which a year has 365 where bars fall on weekends, else 252: backtesting.py's rule, whatever the bars.
    """
    stamps_us = stamps.astype("datetime64[us]").astype(np.int64)
    distance = _usual_distance_us(stamps_us)
    days = distance // DAY_US if distance else 0
    span = int(stamps_us[-1] - stamps_us[0])
    whole_days, seconds = span // DAY_US, span % DAY_US // 1_000_000
    return TimeAxis(
        stamps_us=stamps_us,
        ends=_last_of_each(_period_numbers(stamps_us, days)),
        periods_per_year={7: 52.0, 31: 12.0, 365: 1.0}.get(days, float(_trading_days(stamps_us))),
        years=(whole_days + seconds / 86_400) / _DAYS_OF_YEAR,
        resolution_us=next(unit for unit in _UNITS_US if distance % unit == 0),
        first_bar=first_bar,
    )


def axis_by_bar(axis: TimeAxis, bars_in_year: float) -> TimeAxis:
    """The same axis with a period a bar, of which a year has so many."""
    return axis._replace(ends=np.arange(len(axis.stamps_us)), periods_per_year=bars_in_year)


def bars_in_year(window: Window) -> float:
    """How many bars of this window's frequency a year has.

    52 weeks, 12 months, 4 quarters, 252 days, or 365 where bars fall on weekends. Hours and minutes are counted in the
    series, from its first bar to the window's end, where that is a year or longer; in a shorter one they are taken to
    fill each of the days.
    """
    timeframe = window.bars.timeframe
    if timeframe in _CALENDAR:
        return bars_per_year(timeframe)
    stamps_us = window.bars.frame.index.to_numpy().astype("datetime64[us]").astype(np.int64)
    years = float(stamps_us[-1] - stamps_us[0]) / (DAY_US * _DAYS_OF_YEAR)
    if is_intraday(timeframe) and years >= 1.0:
        return (len(stamps_us) - 1) / years
    return _trading_days(stamps_us) * DAY_US / (TIMEFRAMES[timeframe] * 1_000_000)


def _usual_distance_us(stamps_us: np.ndarray) -> int:
    distances = np.sort(np.diff(stamps_us[-100:]))  # their median by hand: numpy's takes longer than a short run
    count = len(distances)
    return int(distances[(count - 1) // 2] + distances[count // 2]) // 2 if count else 0


def _trading_days(stamps_us: np.ndarray) -> int:
    weekday = (stamps_us // DAY_US + 3) % 7  # 0 is Monday: 1970 began on a Thursday
    return 365 if (weekday >= 5).mean() > 2 / 7 * 0.6 else 252


def _period_numbers(stamps_us: np.ndarray, days: int) -> np.ndarray:
    if days == 7:
        return (stamps_us // DAY_US + 3) // 7  # weeks end on Sunday
    if days in {31, 365}:
        return stamps_us.view("datetime64[us]").astype(f"datetime64[{'M' if days == 31 else 'Y'}]").astype(np.int64)
    return stamps_us // DAY_US


def _last_of_each(numbers: np.ndarray) -> np.ndarray:
    return np.append(np.flatnonzero(np.diff(numbers)), len(numbers) - 1)
