"""The vocabulary of bar lengths: their canonical names, the words people use for them, and which is built from which.

Import-light on purpose: the reader, the language and the data sources share it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

TIMEFRAMES: Final[Mapping[str, int]] = MappingProxyType(
    {
        **{f"{n}m": n * _MINUTE for n in (1, 2, 3, 5, 10, 15, 20, 30, 45)},
        "1h": _HOUR,
        "90m": 90 * _MINUTE,
        **{f"{n}h": n * _HOUR for n in (2, 3, 4, 6, 8, 12)},
        **{f"{n}d": n * _DAY for n in (1, 2, 3)},
        "1w": 7 * _DAY,
        "1mo": 2_629_746,
        "1q": 7_889_238,
    }
)
"""Canonical name -> length in seconds, shortest first. Months and quarters have the mean length of the Gregorian
calendar (365.2425 days / 12 and / 4); every intraday length divides a day."""

DEFAULT_TIMEFRAME: Final = "1d"
"""The chart of a strategy that names none (rule 10 of the conventions)."""

_UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
        **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "hourly"), "h"),
        **dict.fromkeys(("d", "day", "days", "daily"), "d"),
        **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "weekly"), "w"),
        **dict.fromkeys(("mo", "mon", "mos", "mn", "mth", "mths", "month", "months", "monthly"), "mo"),
        **dict.fromkeys(("q", "qtr", "quarter", "quarters", "quarterly"), "q"),
    }
)
_UNIT_SECONDS: Final[Mapping[str, int]] = MappingProxyType(
    {"m": _MINUTE, "h": _HOUR, "d": _DAY, "w": 7 * _DAY, "mo": TIMEFRAMES["1mo"], "q": TIMEFRAMES["1q"]}
)
_BY_SECONDS: Final[Mapping[int, str]] = MappingProxyType({seconds: name for name, seconds in TIMEFRAMES.items()})
_COUNT_FIRST: Final = re.compile(r"([0-9]{1,4})?[ \t-]*([a-z]+)")
_UNIT_FIRST: Final = re.compile(r"(m|h|d|w|mn)([0-9]{1,4})")  # MetaTrader: M15, H4, D1, W1, MN1


def parse_timeframe(text: str) -> str | None:
    """The canonical name of `text` ("1H", "60m", "daily", "D1", "3 months"), or None when it names no timeframe.

    `m` is a minute, except in `M` and `1M`, which are a month as on charting sites; `2M` and `3M` are either, hence
    None. Equal lengths are one timeframe: "60m" is "1h", "24h" is "1d", "7d" is "1w", "3mo" is "1q".
    """
    stripped = text.strip()
    if stripped in {"M", "1M"}:
        return "1mo"
    if stripped in {"m", "2M", "3M"}:
        return None
    lowered = stripped.lower()
    if (match := _COUNT_FIRST.fullmatch(lowered)) is not None:
        count, unit = match[1] or "1", match[2]
    elif (match := _UNIT_FIRST.fullmatch(lowered)) is not None:
        count, unit = match[2], match[1]
    else:
        return None
    if unit not in _UNITS:
        return None
    return _BY_SECONDS.get(int(count) * _UNIT_SECONDS[_UNITS[unit]])


def is_intraday(timeframe: str) -> bool:
    """Whether bars of this canonical timeframe are shorter than a day."""
    return TIMEFRAMES[timeframe] < _DAY


def longer_than(timeframe: str, other: str) -> bool:
    """Whether a bar of `timeframe` is longer than one of `other` (canonical names)."""
    return TIMEFRAMES[timeframe] > TIMEFRAMES[other]


def can_build(base: str, target: str) -> bool:
    """Whether longer bars (`target`) consist of whole shorter ones (`base`), each in one bar only.

    Days begin at 00:00, weeks on Monday, months and quarters on their first day, intraday bars are counted from
    00:00. Weeks make no months; 2d and 3d bars have no calendar to begin with and are neither built nor built upon.
    """
    if not longer_than(target, base) or target in {"2d", "3d"}:
        return False
    if is_intraday(target):
        return TIMEFRAMES[target] % TIMEFRAMES[base] == 0
    if is_intraday(base) or base == "1d":
        return True
    return base == "1mo" and target == "1q"


def bars_per_year(timeframe: str) -> float:
    """How many bars a year has: 252 trading days, 52 weeks, 12 months, 4 quarters.

    Intraday bars fill the 24 hours of each of the 252 days.
    """
    seconds = TIMEFRAMES[timeframe]
    if timeframe in {"1w", "1mo", "1q"}:
        return {"1w": 52.0, "1mo": 12.0, "1q": 4.0}[timeframe]
    return 252 * _DAY / seconds
