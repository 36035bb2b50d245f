"""A CSV file of the user's as a source of bars."""

import errno
import os
import re
import stat
from pathlib import Path
from typing import Final

from Backtest.data.bars import Bars
from Backtest.data.csv_text import parse_csv
from Backtest.data.source import SymbolInfo, as_asked, asked_timeframe
from Backtest.errors import BarsInvalid, Issue

MAX_BYTES: Final = 20 * 1024 * 1024
_ZONE: Final = "UTC"


class CsvSource:
    """One file, read anew at each call; strict as `csv_text.parse_csv` is."""

    name: Final = "csv"

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    @property
    def default_symbol(self) -> str:
        """See `default_symbol_of`."""
        return default_symbol_of(self._path.name)

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """The one symbol. Raises BarsInvalid where the file can't be read."""
        bars = self.load(self.default_symbol)
        info = SymbolInfo(
            symbol=bars.symbol,
            title=self._path.name,
            timeframe=bars.timeframe,
            first=bars.first_time,
            last=bars.last_time,
            bars=len(bars),
            zone=bars.zone,
            currency=None,
        )
        return (info,)

    def load(self, symbol: str, timeframe: str | None = None, start: str | None = None, end: str | None = None) -> Bars:
        """See `BarSource.load`; the file has one symbol, and `symbol` (upper case, without a `/`) is its name.

        The timeframe of a file with a single bar can't be measured: the one asked for is taken.
        """
        bars = bars_of_csv(_read(self._path), self._path.name, symbol, timeframe)
        return as_asked(bars, timeframe, start, end)


def default_symbol_of(file_name: str) -> str:
    """The file's name without its ending, in upper case, letters and digits only; CSV if nothing is left."""
    return re.sub(r"[^A-Z0-9]", "", Path(file_name).stem.upper())[:32] or "CSV"


def bars_of_csv(data: bytes, name: str, symbol: str, timeframe: str | None = None) -> Bars:
    """All bars of a CSV file's bytes; `name` is what the messages call the file. Raises as `CsvSource.load` does."""
    parsed = parse_csv(data, name)
    single = timeframe is not None and len(parsed.frame) == 1
    return Bars.from_frame(
        parsed.frame,
        symbol=symbol.strip().upper().replace("/", ""),
        source=CsvSource.name,
        zone=_ZONE,
        timeframe=asked_timeframe(timeframe) if timeframe is not None and single else None,
        findings=parsed.findings,
    )


def _read(path: Path) -> bytes:
    """The bytes of a regular file of at most `MAX_BYTES`; anything else that a path may name is refused unread."""
    try:
        # No symlink is followed (it may name what its maker can't read) and no pipe or device waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return _bytes(descriptor, path.name)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _bytes(descriptor: int, name: str) -> bytes:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        raise _refused(f"{name!r} is a folder", "name the file in it")
    if not stat.S_ISREG(mode):
        raise _refused(f"{name!r} is no regular file", "copy the bars into a file")
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        message = f"{name!r} is larger than {MAX_BYTES // 1024 // 1024} MB"
        raise _refused(message, "use a longer timeframe, or a part of the bars")
    return data


def _unreadable(path: Path, error: OSError | ValueError) -> BarsInvalid:
    if isinstance(error, FileNotFoundError):
        return _refused(f"there is no file {path.name!r}", "check the path")
    if isinstance(error, PermissionError):
        return _refused(f"{path.name!r} may not be read", "check its permissions")
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return _refused(f"{path.name!r} is a symbolic link", "name the file that it points to")
    return _refused(f"{path.name[:80]!r} can't be read: {error}", "check the path")


def _refused(message: str, suggestion: str) -> BarsInvalid:
    return BarsInvalid(message, [Issue("csv", message, suggestion)])
