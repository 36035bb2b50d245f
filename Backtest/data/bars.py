"""Bars: a series of prices with its timeframe, zone, content hash and findings; and the window that a run evaluates."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from Backtest.data.quality import COLUMNS, RULES, Finding, errors_of, findings_of, iso
from Backtest.data.timeframe import measure
from Backtest.errors import BarsInvalid, Issue, SymbolUnknown, WindowEmpty

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Bars", "Finding", "Window", "check_symbol", "content_hash_of"]

_SYMBOL: Final = re.compile(r"[A-Za-z0-9^][A-Za-z0-9.^=_&-]{0,31}")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?")
FIRST_YEAR: Final = 1700  # nanosecond stamps, which the hash is made of, begin in 1677 and end in 2262
LAST_YEAR: Final = 2261
_FIRST_TIME: Final = np.datetime64(f"{FIRST_YEAR}-01-01", "s")
_AFTER_LAST_TIME: Final = np.datetime64(f"{LAST_YEAR + 1}-01-01", "s")


@dataclass(frozen=True)
class Bars:
    """One series of bars that holds no error: what `from_frame` builds and every source answers.

    Two are equal when their content, symbol, source, timeframe, zone and findings are.
    """

    frame: pd.DataFrame = field(compare=False, repr=False)
    """Columns Open, High, Low, Close, Volume (float64); index "Time": naive, exchange-local, ascending, unique."""
    symbol: str
    source: str
    """Who gave them: "sample", "csv" or "yfinance"."""
    timeframe: str
    """Canonical name, see `Backtest.timeframes.TIMEFRAMES`."""
    zone: str
    """IANA name of the zone of the naive stamps."""
    findings: tuple[Finding, ...]
    """Warnings and infos; an error refuses the bars."""
    content_hash: str
    """`sha256:<hex>`, see `content_hash_of`."""

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        symbol: str,
        source: str,
        zone: str,
        timeframe: str | None = None,
        findings: Iterable[Finding] = (),
    ) -> Self:
        """Bars of a frame with the five columns and a naive DatetimeIndex; further columns are an error, not dropped.

        `timeframe` (canonical) is measured from the stamps when it is None. `findings` are the source's own and come
        first; those of `quality.findings_of` follow. The frame is copied, its stamps become microseconds, -0.0 becomes
        0.0. Raises BarsInvalid, naming each fault, and SymbolUnknown for a symbol that is none.
        """
        check_symbol(symbol)
        _check_zone(zone)
        clean = _clean(frame)
        if errors := errors_of(clean):
            issues = [Issue(f"bars at {error.first_time}", _error_text(error)) for error in errors]
            raise BarsInvalid(f"the bars of {symbol} can't be used: {_error_text(errors[0])}", issues)
        measured = measure(pd.DatetimeIndex(clean.index)) if timeframe is None else timeframe
        found = (*findings, *findings_of(clean, measured))
        return cls(clean, symbol, source, measured, zone, found, content_hash_of(clean))

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def first_time(self) -> str:
        """ISO stamp of the first bar, exchange-local."""
        return iso(self.frame.index.to_numpy()[0])

    @property
    def last_time(self) -> str:
        """ISO stamp of the last bar, exchange-local."""
        return iso(self.frame.index.to_numpy()[-1])

    def window(self, start: str | None, end: str | None) -> "Window":
        """What a run from `start` to `end` evaluates, both inclusive; the bars before `start` stay as warm-up.

        Each is `YYYY-MM-DD`, which as an end means the whole day, or `YYYY-MM-DDTHH:MM[:SS]` in the bars' zone, or that
        with `Z` or an offset `+HH:MM`, converted to the bars' zone. A bar belongs where its stamp lies.
        Raises WindowEmpty for a text that is no such date, and where no bar remains.
        """
        times = self.frame.index.to_numpy()
        first = None if start is None else instant_of("start", start, self.zone, time.min)
        last = None if end is None else instant_of("end", end, self.zone, time.max)
        if first is not None and last is not None and first > last:
            raise self._empty("start", f"the start {start} is after the end {end}")
        begin = 0 if first is None else int(times.searchsorted(first, side="left"))
        stop = len(times) if last is None else int(times.searchsorted(last, side="right"))
        if begin == len(times):
            raise self._empty("start", f"the start {start} is after the last bar")
        if stop == 0:
            raise self._empty("end", f"the end {end} is before the first bar")
        if begin >= stop:
            raise self._empty("start", f"no bar lies between {start} and {end}")
        return Window(self if stop == len(times) else self._until(stop), begin)

    def _empty(self, field_name: str, message: str) -> WindowEmpty:
        has = f"{self.symbol} has {len(self)} {self.timeframe} bars from {self.first_time} to {self.last_time}"
        return WindowEmpty(f"{message}; {has}", [Issue(field_name, message, has)])

    def _until(self, stop: int) -> "Bars":
        frame = self.frame.iloc[:stop].copy()
        sources_own = (finding for finding in self.findings if finding.rule not in RULES)
        found = (*sources_own, *findings_of(frame, self.timeframe))
        return Bars(frame, self.symbol, self.source, self.timeframe, self.zone, found, content_hash_of(frame))


@dataclass(frozen=True)
class Window:
    """What a run evaluates."""

    bars: Bars
    """Cut after the end, with all history before the start."""
    first_bar: int
    """Index of the first bar at or after the start; 0 without a start."""


def check_symbol(symbol: str) -> None:
    """Raises SymbolUnknown unless `symbol` has the form of one: it goes into file names, reports and addresses."""
    if _SYMBOL.fullmatch(symbol) is None:
        message = f"{symbol[:40]!r} is no symbol"
        suggestion = "use 1 to 32 letters, digits and . ^ = _ & -, beginning with a letter, a digit or ^"
        raise SymbolUnknown(message, [Issue("symbol", message, suggestion)])


def content_hash_of(frame: pd.DataFrame) -> str:
    """`sha256:<hex>` over the stamps as little-endian int64 nanoseconds since 1970, then Open, High, Low, Close and
    Volume as little-endian float64, each column whole, -0.0 as 0.0; independent of symbol, source and timeframe."""
    digest = hashlib.sha256()
    digest.update(frame.index.to_numpy().astype("datetime64[ns]").astype("<i8").tobytes())
    for column in COLUMNS:
        digest.update((frame[column].to_numpy(dtype="<f8") + 0.0).tobytes())
    return f"sha256:{digest.hexdigest()}"


def instant_of(field_name: str, text: str, zone: str, time_of_day: time) -> np.datetime64:
    """The naive instant in `zone` of a date (at `time_of_day`) or a date with time; WindowEmpty if it is neither."""
    message = f"{text[:40]!r} is no date"
    issue = Issue(
        field_name, message, "write YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS], with Z or an offset if in another zone"
    )
    if _INSTANT.fullmatch(text) is None:
        raise WindowEmpty(message, [issue])
    try:
        if len(text) == len("YYYY-MM-DD"):
            moment = datetime.combine(date.fromisoformat(text), time_of_day)
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:  # a 30th of February; an offset beyond year 1 or 9999
        raise WindowEmpty(message, [issue]) from error
    return np.datetime64(moment, "us")


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder such as America is an OSError
        message = f"{zone[:40]!r} is no time zone"
        raise BarsInvalid(
            message, [Issue("zone", message, "use an IANA name such as America/New_York or UTC")]
        ) from error


def _clean(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy in the form that Bars promises, its values not yet judged."""
    if sorted(frame.columns) != sorted(COLUMNS):
        message = f"the columns are {', '.join(map(str, frame.columns))}; they must be {', '.join(COLUMNS)}"
        raise BarsInvalid(message, [Issue("columns", message)])
    index = frame.index
    if not isinstance(index, pd.DatetimeIndex) or index.tz is not None or index.hasnans:
        message = "the index of the bars must be naive times, none of them missing"
        raise BarsInvalid(message, [Issue("index", message)])
    if not len(index):
        raise BarsInvalid("there are no bars", [Issue("bars", "there are no bars")])
    times = index.to_numpy()
    if times.min() < _FIRST_TIME or times.max() >= _AFTER_LAST_TIME:
        message = f"the bars reach from {iso(times.min())} to {iso(times.max())}; years are {FIRST_YEAR} to {LAST_YEAR}"
        raise BarsInvalid(message, [Issue("index", message)])
    try:
        columns = {name: frame[name].to_numpy(dtype=np.float64) + 0.0 for name in COLUMNS}
    except (TypeError, ValueError) as error:
        raise BarsInvalid("the columns must be numbers", [Issue("columns", str(error))]) from error
    return pd.DataFrame(columns, index=pd.DatetimeIndex(times.astype("datetime64[us]"), name="Time"))


def _error_text(error: Finding) -> str:
    more = f" ({error.count} times)" if error.count > 1 else ""
    return f"{error.message} at {error.first_time}{more}"
