"""The strict reading of a CSV of bars: what it says is taken as it stands, or refused with the line and the column."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from Backtest.data.bars import FIRST_YEAR, LAST_YEAR
from Backtest.data.quality import COLUMNS, PRICE_COLUMNS, Finding, faults_of
from Backtest.errors import BarsInvalid, Issue

MAX_BARS: Final = 1_000_000
MAX_COLUMNS: Final = 100
MAX_ISSUES: Final = 20

_TIME: Final = "Time"
_ADJUSTED: Final = "Adj Close"
_COLUMN_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("date", "datetime", "date time", "time", "timestamp"), _TIME),
        **dict.fromkeys(("open", "o"), "Open"),
        **dict.fromkeys(("high", "h"), "High"),
        **dict.fromkeys(("low", "l"), "Low"),
        **dict.fromkeys(("close", "c"), "Close"),
        **dict.fromkeys(("volume", "vol", "v", "tick volume"), "Volume"),
        **dict.fromkeys(("adj close", "adjclose", "adjusted close"), _ADJUSTED),
    }
)
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NUMBER_CHARACTERS: Final = frozenset("0123456789.+-eE ")
_DIGITS: Final = frozenset("0123456789")
_ISO: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY_OR_MONTH_FIRST: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}.*")
_EPOCH_UNIT: Final[Mapping[int, str]] = MappingProxyType(
    {9: "seconds", 10: "seconds", 12: "milliseconds", 13: "milliseconds"}  # digits of a time from 1973 on
)
_MICROSECONDS: Final[Mapping[str, int]] = MappingProxyType({"seconds": 1_000_000, "milliseconds": 1000})
_PLACEHOLDER: Final = datetime(2000, 1, 1)  # stands where a time could not be read; such a file is refused
_TIME_ADVICE: Final = "write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, with Z or an offset such as +01:00 where it is not UTC"
_HEADER_ADVICE: Final = "begin the file with a line such as Date,Open,High,Low,Close,Volume"
_NUMBER_ADVICE: Final = "write a decimal point and no thousands separators, as in 1234.56"

_Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class CsvBars:
    """What a CSV says: a frame for `Bars.from_frame` (stamps in UTC), and what was done to read it."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Faults:
    """Faults by line, collected so that a file is mended in one go; of those beyond the listed ones, only the count."""

    name: str
    labels: Mapping[str, str]
    count: int = 0
    _first: list[tuple[int, str | None, str, str]] = field(default_factory=list)

    def add(self, line: int, column: str | None, message: str, suggestion: str = "") -> None:
        self.count += 1
        self._first.append((line, column, message, suggestion))
        if len(self._first) > 50 * MAX_ISSUES:
            self._prune()

    def _prune(self) -> None:
        self._first = sorted(self._first, key=lambda fault: fault[0])[:MAX_ISSUES]

    def refuse_if_any(self) -> None:
        """Raises BarsInvalid with the first faults in the order of the lines, and the number of those left out."""
        if not self.count:
            return
        self._prune()
        issues = [
            Issue(f"line {line}" + (f", column {self.labels[column]}" if column else ""), message, suggestion)
            for line, column, message, suggestion in self._first
        ]
        first = issues[0]
        if self.count > len(issues):
            issues.append(Issue("csv", f"{self.count - len(issues)} more faults are not listed"))
        count = "1 fault" if self.count == 1 else f"{self.count} faults"
        raise BarsInvalid(f"{self.name} has {count}; {first.field}: {first.message}", issues)


def parse_csv(data: bytes, name: str) -> CsvBars:
    """The bars of a CSV file's bytes; `name` is what the messages call the file.

    UTF-8, with a header; delimiter comma, semicolon or tab. Columns, in any order and case: a time, Open, High, Low,
    Close; Volume may be missing and is 0 then; further columns are not read, which a finding says. Times are ISO dates,
    or seconds or milliseconds since 1970 throughout; those with an offset become UTC, those without are UTC.
    Raises BarsInvalid, each issue's field naming line and column, at most `MAX_ISSUES` and the number of the rest:
    for cells that can't be read, times that don't ascend, prices that `quality.faults_of` refuses, and over `MAX_BARS`.
    """
    text = _decoded(data, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        places = _places(header, name)
        faults = _Faults(name, {column: header[place][:40] or "1" for column, place in places.items()})
        lines, rows = _rows(reader, header, faults)
    except csv.Error as error:
        _refuse(name, f"line {max(reader.line_num, 1)}", f"the line is no CSV: {error}")
    faults.refuse_if_any()
    cells = {column: [row[place] for row in rows] for column, place in places.items()}
    times, naive = _times(cells[_TIME], lines, faults)
    cells.setdefault("Volume", ["0"] * len(rows))
    numbers = {column: _numbers(cells[column], column, lines, faults) for column in COLUMNS}
    faults.refuse_if_any()
    frame = pd.DataFrame(numbers, index=pd.DatetimeIndex(times))
    _check_bars(frame, lines, faults)
    return CsvBars(frame, _findings(header, places, naive))


def _refuse(name: str, field_name: str, message: str, suggestion: str = "") -> NoReturn:
    raise BarsInvalid(f"{name}: {message}", [Issue(field_name, message, suggestion)])


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse(name, f"line {line}", "the file is not UTF-8", "save it as CSV UTF-8")


def _delimiter(text: str) -> str:
    """The delimiter that cuts the header into the most names; a comma if none does."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _places(header: Sequence[str], name: str) -> dict[str, int]:
    """Where each of the columns that are read stands in a line; BarsInvalid for one missing or there twice."""
    if not header:
        _refuse(name, "csv", "the file is empty", _HEADER_ADVICE)
    if len(header) > MAX_COLUMNS:
        _refuse(name, "line 1", f"the header has {len(header)} columns, more than {MAX_COLUMNS}", _HEADER_ADVICE)
    columns = [_COLUMN_OF.get(re.sub(r"[ _]+", " ", title.lower())) for title in header]
    if not header[0] and _TIME not in columns:
        columns[0] = _TIME  # pandas writes an index without a name so
    places: dict[str, int] = {}
    for place, (title, column) in enumerate(zip(header, columns, strict=True)):
        if column is None or column == _ADJUSTED:
            continue
        if column in places:
            message = f"{header[places[column]][:40]!r} and {title[:40]!r} both are a column of {column}"
            _refuse(name, "line 1", message, "leave one of them; a date and a time of day go into one column")
        places[column] = place
    missing = [column for column in (_TIME, *PRICE_COLUMNS) if column not in places]
    if missing:
        has_numbers = any(_NUMBER.fullmatch(title) for title in header)
        message = "the first line is no header" if has_numbers else f"the header has no column {', '.join(missing)}"
        _refuse(name, "line 1", message, _HEADER_ADVICE)
    return places


def _rows(reader: Iterable[list[str]], header: Sequence[str], faults: _Faults) -> tuple[list[int], list[list[str]]]:
    """The rows as wide as the header, with their line numbers; the others, and empty lines between, are faults."""
    lines: list[int] = []
    rows: list[list[str]] = []
    empty_line: int | None = None
    for number, row in enumerate(reader, start=1):
        line: int = reader.line_num  # type: ignore[attr-defined]  # csv's reader type has no public name
        if number > MAX_BARS:
            _refuse(faults.name, f"line {line}", f"the file has more than {MAX_BARS:,} lines", "use a longer timeframe")
        if not any(row):
            empty_line = empty_line or line
            continue
        if empty_line is not None:
            faults.add(empty_line, None, "the line is empty")
            empty_line = None
        if len(row) == len(header):
            lines.append(line)
            rows.append(row)
            continue
        advice = _NUMBER_ADVICE if len(row) > len(header) else ""
        faults.add(line, None, f"the line has {len(row)} cells, the header has {len(header)}", advice)
    if not rows and not faults.count:
        _refuse(faults.name, "csv", "the file has a header but no bars")
    return lines, rows


def _times(cells: Sequence[str], lines: Sequence[int], faults: _Faults) -> tuple[_Times, bool]:
    """The times in UTC, and whether they came without an offset."""
    if _DIGITS.issuperset("".join(cells)):
        return _epoch_times(cells, lines, faults), False
    return _iso_times(cells, lines, faults)


def _epoch_times(cells: Sequence[str], lines: Sequence[int], faults: _Faults) -> _Times:
    first_unit = next((unit for cell in cells if (unit := _EPOCH_UNIT.get(len(cell))) is not None), "seconds")
    factor = _MICROSECONDS[first_unit]
    microseconds = np.zeros(len(cells), dtype=np.int64)
    for row, cell in enumerate(cells):
        unit = _EPOCH_UNIT.get(len(cell))
        if not cell:
            faults.add(lines[row], _TIME, "the time is missing", _TIME_ADVICE)
        elif unit is None:
            message = f"{cell[:40]!r} is neither seconds (9 or 10 digits) nor milliseconds (12 or 13) since 1970"
            faults.add(lines[row], _TIME, message, _TIME_ADVICE)
        elif unit != first_unit:
            faults.add(lines[row], _TIME, f"{cell!r} is in {unit}, the times before it are in {first_unit}")
        else:
            microseconds[row] = int(cell) * factor
    times = microseconds.astype("datetime64[us]")
    for row in np.flatnonzero(times >= np.datetime64(f"{LAST_YEAR + 1}-01-01")).tolist():
        faults.add(lines[row], _TIME, f"{cells[row]!r} is after the year {LAST_YEAR}")
    return times


def _iso_times(cells: Sequence[str], lines: Sequence[int], faults: _Faults) -> tuple[_Times, bool]:
    moments: list[datetime] = []
    naive: bool | None = None
    for line, cell in zip(lines, cells, strict=True):
        moment = _moment(cell.strip())
        if isinstance(moment, str):
            faults.add(line, _TIME, moment, _TIME_ADVICE)
            moment = _PLACEHOLDER
        elif naive is None:
            naive = moment.tzinfo is None
        elif (moment.tzinfo is None) != naive:
            this, others = ("no offset", "one") if naive is False else ("an offset", "none")
            faults.add(line, _TIME, f"{cell.strip()!r} has {this}, the times before it have {others}", _TIME_ADVICE)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        moments.append(moment)
    return np.array(moments, dtype="datetime64[us]"), bool(naive)


def _moment(text: str) -> datetime | str:
    """The time that a cell names, or why it names none."""
    if not text:
        return "the time is missing"
    if _DAY_OR_MONTH_FIRST.fullmatch(text) is not None:
        return f"{text[:40]!r} is no ISO time: which of its numbers is the day would be a guess"
    if _ISO.fullmatch(text) is None:
        return f"{text[:40]!r} is no ISO time"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        return f"{text!r} is no time: {error}"
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return f"{text!r} is not within the years {FIRST_YEAR} to {LAST_YEAR}"
    return moment


def _numbers(cells: Sequence[str], column: str, lines: Sequence[int], faults: _Faults) -> npt.NDArray[np.float64]:
    # Of these characters float() reads nothing but decimal numbers: no nan, inf, 1_000 or digits of other scripts.
    if _NUMBER_CHARACTERS.issuperset("".join(cells)):
        try:
            return np.array([float(cell) for cell in cells])
        except ValueError:
            pass  # a cell such as "1.2.3" or "": named below
    numbers = np.zeros(len(cells))
    for row, cell in enumerate(cells):
        text = cell.strip()
        if _NUMBER.fullmatch(text) is not None:
            numbers[row] = float(text)
        elif not text:
            faults.add(lines[row], column, f"{column} is missing")
        elif "," in text:
            faults.add(lines[row], column, f"{text[:40]!r} has a comma", _NUMBER_ADVICE)
        else:
            faults.add(lines[row], column, f"{text[:40]!r} is no number", _NUMBER_ADVICE)
    return numbers


def _check_bars(frame: pd.DataFrame, lines: Sequence[int], faults: _Faults) -> None:
    """Raises BarsInvalid with the lines whose bars can't be true."""
    times = frame.index.to_numpy()
    if len(times) > 1 and bool((times[1:] < times[:-1]).all()):
        _refuse(faults.name, f"line {lines[1]}", "the file runs from the newest bar to the oldest", "sort it by time")
    for fault in faults_of(frame):
        for row in fault.rows[:MAX_ISSUES].tolist():
            faults.add(lines[row], fault.column or _TIME, fault.message)
        faults.count += len(fault.rows[MAX_ISSUES:])
    faults.refuse_if_any()


def _findings(header: Sequence[str], places: Mapping[str, int], naive: bool) -> tuple[Finding, ...]:
    """What was done to read the file."""
    found: list[Finding] = []
    read = set(places.values())
    unread = [title[:40] or f"column {place + 1}" for place, title in enumerate(header) if place not in read]
    if unread:
        more = f" and {len(unread) - MAX_ISSUES} more" if len(unread) > MAX_ISSUES else ""
        names = ", ".join(unread[:MAX_ISSUES]) + more
        message = f"not read: {names}; Open, High, Low and Close are taken as they stand"
        found.append(Finding("column_ignored", message, None, len(unread), "info"))
    if "Volume" not in places:
        found.append(Finding("volume_missing", "there is no column Volume; it is 0 on every bar", None, 1, "info"))
    if naive:
        found.append(Finding("naive_time", "times without an offset were read as UTC", None, 1, "info"))
    return tuple(found)
