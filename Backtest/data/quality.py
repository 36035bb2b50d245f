"""What may be wrong with prices: faults that no market can produce, and oddities that a reader of results must know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from Backtest.timeframes import TIMEFRAMES, is_intraday

PRICE_COLUMNS: Final = ("Open", "High", "Low", "Close")
COLUMNS: Final = (*PRICE_COLUMNS, "Volume")

RULES: Final = frozenset(
    {
        "duplicate_time", "unsorted_time", "not_a_number", "non_positive_price", "negative_volume", "high_below_low",
        "outside_range", "gap", "zero_volume", "jump", "off_midnight",
    }
)  # fmt: skip
"""The rules that `findings_of` derives from the bars themselves; findings of any other rule come from a source."""

_DAY_S: Final = 86_400
_USUAL_CLOSED_DAYS: Final = 4  # Friday to Wednesday: a long Easter, or a weekend and a two-day closure
_RANGE_TOLERANCE: Final = 1e-9  # relative; adjusted prices are products, so their last digits may disagree
_JUMP: Final = 1.5  # a ratio of closes; its inverse counts as well, so that a 2:1 split (a fall of 50 %) is seen
_ZERO_VOLUME_BARS: Final = 5

_Mask = npt.NDArray[np.bool_]
_Times = npt.NDArray[np.datetime64]
_Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation on bars: `rule` is a stable name, `first_time` the ISO stamp of its first bar (exchange-local),
    `count` how often it occurs. An error refuses the bars; a warning and an info travel with them."""

    rule: str
    message: str
    first_time: str | None
    count: int
    severity: Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that rows break: their positions (ascending, at least one) and, where one is to blame, the column."""

    rule: str
    column: str | None
    message: str
    rows: npt.NDArray[np.intp]


def iso(time: np.datetime64) -> str:
    """`YYYY-MM-DD` for a midnight, `YYYY-MM-DDTHH:MM:SS` for any other time."""
    seconds = time.astype("datetime64[s]")
    day = seconds.astype("datetime64[D]")
    return str(day) if seconds == day.astype("datetime64[s]") else str(seconds)


def faults_of(frame: pd.DataFrame) -> tuple[Fault, ...]:
    """What makes bars unusable, rule by rule: times twice or out of order, values that are not finite, prices at or
    below zero, volumes below zero, High below Low.

    `frame` has the five columns (float64) and a DatetimeIndex in any order.
    """
    return tuple(_faults(frame))


def _faults(frame: pd.DataFrame) -> Iterator[Fault]:
    times = frame.index.to_numpy()
    if len(times) > 1:
        duplicates = frame.index.duplicated()
        yield from _fault("duplicate_time", None, "the time occurs twice", duplicates)
        behind = np.concatenate([[False], times[1:] < np.maximum.accumulate(times)[:-1]]) & ~duplicates
        yield from _fault("unsorted_time", None, "the time is before that of an earlier bar", behind)
    for column in COLUMNS:
        values = frame[column].to_numpy()
        finite = np.isfinite(values)
        yield from _fault("not_a_number", column, f"{column} is not a finite number", ~finite)
        if column == "Volume":
            yield from _fault("negative_volume", column, "Volume is below 0", finite & (values < 0))
        else:
            yield from _fault("non_positive_price", column, f"{column} is not above 0", finite & (values <= 0))
    below = frame["High"].to_numpy() < frame["Low"].to_numpy()
    yield from _fault("high_below_low", "High", "High is below Low", below)


def _fault(rule: str, column: str | None, message: str, broken: _Mask) -> Iterator[Fault]:
    rows = np.flatnonzero(broken)
    if len(rows):
        yield Fault(rule, column, message, rows)


def errors_of(frame: pd.DataFrame) -> tuple[Finding, ...]:
    """The faults of `faults_of` as findings, each with its first time in the order of the rows."""
    times = frame.index.to_numpy()
    return tuple(
        Finding(fault.rule, fault.message, iso(times[fault.rows[0]]), len(fault.rows), "error")
        for fault in faults_of(frame)
    )


def findings_of(frame: pd.DataFrame, timeframe: str) -> tuple[Finding, ...]:
    """Every finding on bars of a canonical timeframe, errors first.

    Errors are those of `errors_of`. Warnings: Open or Close outside Low..High, gaps, bars without volume, daily and
    longer bars not stamped at midnight, closes that jump by more than half. Warnings are looked for where there is no
    error only.
    """
    errors = errors_of(frame)
    times = frame.index.to_numpy()
    found = list(errors)
    if not errors:
        found += _outside_range(frame, times)
        found += _gaps(times, timeframe)
        found += _zero_volume(frame["Volume"].to_numpy(), times)
        found += _off_midnight(times, timeframe)
        found += _jumps(frame["Close"].to_numpy(), times, timeframe)
    return tuple(found)


def _outside_range(frame: pd.DataFrame, times: _Times) -> Iterator[Finding]:
    low, high = frame["Low"].to_numpy(), frame["High"].to_numpy()
    for column in ("Open", "Close"):
        values = frame[column].to_numpy()
        rows = np.flatnonzero((low - values > _RANGE_TOLERANCE * low) | (values - high > _RANGE_TOLERANCE * high))
        if len(rows):
            message = f"{column} lies outside Low to High on {len(rows)} bars"
            yield Finding("outside_range", message, iso(times[rows[0]]), len(rows), "warning")


def _zero_volume(volume: npt.NDArray[np.float64], times: _Times) -> Iterator[Finding]:
    zero = volume == 0
    if zero.all():
        message = "no bar has a volume: rules on volume see 0 throughout"
        yield Finding("zero_volume", message, iso(times[0]), len(volume), "warning")
        return
    edges = np.flatnonzero(np.diff(np.concatenate([[False], zero, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    lengths = ends - starts
    stretches = lengths >= _ZERO_VOLUME_BARS
    if stretches.any():
        longest = int(lengths.argmax())
        message = (
            f"volume is 0 on {_ZERO_VOLUME_BARS} or more bars in a row; the longest stretch has {lengths[longest]} "
            f"bars from {iso(times[starts[longest]])} to {iso(times[ends[longest] - 1])}"
        )
        first = iso(times[starts[stretches][0]])
        yield Finding("zero_volume", message, first, int(stretches.sum()), "warning")


def _off_midnight(times: _Times, timeframe: str) -> Iterator[Finding]:
    """Daily bars at 15:00 UTC are Tokyo's next day: their dates, weekdays and weeks are not those of the exchange."""
    if is_intraday(timeframe):
        return
    rows = np.flatnonzero(times != times.astype("datetime64[D]"))
    if len(rows):
        message = f"{len(rows)} {timeframe} bars are not stamped at midnight; rules on days see the date of the stamp"
        yield Finding("off_midnight", message, iso(times[rows[0]]), len(rows), "warning")


def _jumps(close: npt.NDArray[np.float64], times: _Times, timeframe: str) -> Iterator[Finding]:
    if len(close) < 2 or TIMEFRAMES[timeframe] > _DAY_S:
        return
    logs = np.abs(np.diff(np.log(close)))
    rows = np.flatnonzero(logs > np.log(_JUMP)) + 1
    if len(rows):
        largest = int(logs.argmax()) + 1
        message = (
            "Close jumps by more than half from one bar to the next (possibly a split that the prices are not adjusted "
            f"for); the largest jump is from {close[largest - 1]:g} to {close[largest]:g} on {iso(times[largest])}"
        )
        yield Finding("jump", message, iso(times[rows[0]]), len(rows), "warning")


def _gaps(times: _Times, timeframe: str) -> Iterator[Finding]:
    if len(times) < 2:
        return
    steps = np.diff(times).astype("timedelta64[s]").astype(np.int64)
    rows = np.flatnonzero(steps > _usual_steps(times, steps, timeframe))
    if len(rows):
        longest = int(rows[steps[rows].argmax()])
        message = (
            f"{len(rows)} gaps longer than usual for {timeframe} bars; the longest is {_duration(int(steps[longest]))} "
            f"from {iso(times[longest])} to {iso(times[longest + 1])}"
        )
        yield Finding("gap", message, iso(times[rows[0]]), len(rows), "warning")


def _duration(seconds: int) -> str:
    for unit, length in (("days", _DAY_S), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.4g} {unit}"
    return f"{seconds} seconds"


def _usual_steps(times: _Times, steps: _Seconds, timeframe: str) -> _Seconds:
    """For each bar but the last, the longest wait (seconds) to the next one that is no gap."""
    length = TIMEFRAMES[timeframe]
    if length > 3 * _DAY_S:
        return np.full(len(steps), length * 3 // 2)  # a month has 28 to 31 days; a week may be stamped a day early
    if _trades_every_day(times):
        return np.full(len(steps), length if is_intraday(timeframe) else length * 3 // 2)
    closure = length + _USUAL_CLOSED_DAYS * _DAY_S
    if not is_intraday(timeframe):
        return np.full(len(steps), closure)
    return _usual_session_steps(times, steps, length)


def _trades_every_day(times: _Times) -> bool:
    """Whether each weekday holds at least half its share of bars, as where trading never closes."""
    weekdays = (times.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return bool((np.bincount(weekdays, minlength=7) / len(times) >= 1 / 14).all())


def _usual_session_steps(times: _Times, steps: _Seconds, length: int) -> _Seconds:
    """Intraday bars of a market that closes. Usual are: a night, if most dates begin after a break; a closure of up to
    four days, if it holds a Saturday or the nights are closed; a break at the same time on at least half the dates."""
    dates = times.astype("datetime64[D]")
    new_date = dates[1:] != dates[:-1]
    usual = np.full(len(steps), length)
    closes_at_night = bool((steps[new_date] > length).mean() > 0.5) if new_date.any() else False
    noon_weeks = (times.astype("datetime64[s]").astype(np.int64) - (2 * _DAY_S + _DAY_S // 2)) // (7 * _DAY_S)
    holds_saturday = noon_weeks[1:] != noon_weeks[:-1]  # counted from Saturday 1970-01-03, noon
    usual[new_date & (holds_saturday | closes_at_night)] = (_USUAL_CLOSED_DAYS + 1) * _DAY_S
    day_seconds = (times - dates).astype("timedelta64[s]").astype(np.int64)[:-1]
    breaks = np.flatnonzero(~new_date & (steps > length))
    keys = day_seconds[breaks] * _DAY_S + steps[breaks]
    kinds, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    recurring = counts[inverse] * 2 >= len(np.unique(dates)) if len(kinds) else np.zeros(0, dtype=np.bool_)
    lunch = breaks[recurring & (len(np.unique(dates)) > 1)]
    usual[lunch] = steps[lunch]
    return usual
