"""Real prices that ship inside installed packages: a source that needs neither network nor files of the user."""

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from Backtest.data.bars import Bars, Finding
from Backtest.data.quality import COLUMNS
from Backtest.data.source import SymbolInfo, as_asked
from Backtest.errors import Issue, SourceUnavailable, SymbolUnknown


@dataclass(frozen=True, slots=True)
class _Sample:
    title: str
    package: str
    file: str
    zone: str
    currency: str
    names: tuple[str, ...]
    note: str = ""


_SAMPLES: Final[Mapping[str, _Sample]] = MappingProxyType(
    {
        "GOOG": _Sample(
            "Google (NASDAQ), daily",
            "backtesting",
            "test/GOOG.csv",
            "America/New_York",
            "USD",
            ("GOOGLE", "GOOGL", "ALPHABET"),
        ),
        "EURUSD": _Sample(
            "Euro in US dollars, hourly",
            "backtesting",
            "test/EURUSD.csv",
            "UTC",
            "USD",
            ("EUR", "EURO"),
            "the file names no zone; its weeks close at 17:00 in New York throughout the year if the stamps are UTC, "
            "so UTC is taken",
        ),
        "BTCUSD": _Sample(
            "Bitcoin in US dollars, monthly",
            "backtesting",
            "test/BTCUSD.csv",
            "UTC",
            "USD",
            ("BTC", "BITCOIN"),
            "each bar is stamped with the last day of its month; the file names no zone, UTC is taken",
        ),
        "AAPL": _Sample(
            "Apple (NASDAQ), daily",
            "hvsampledata",
            "_data/apple_stocks.csv",
            "America/New_York",
            "USD",
            ("APPLE",),
            "prices are adjusted for splits, not for dividends (the file's adj_close is not used)",
        ),
    }
)


class SampleSource:
    """The bars of GOOG, EURUSD, BTCUSD and AAPL, as the packages backtesting and hvsampledata ship them."""

    name: Final = "sample"

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """What is there, measured from the files. Raises SourceUnavailable where a package is missing."""
        return tuple(self._info(symbol) for symbol in _SAMPLES)

    def _info(self, symbol: str) -> SymbolInfo:
        bars = self.load(symbol)
        sample = _SAMPLES[symbol]
        return SymbolInfo(
            symbol=symbol,
            title=sample.title,
            timeframe=bars.timeframe,
            first=bars.first_time,
            last=bars.last_time,
            bars=len(bars),
            zone=bars.zone,
            currency=sample.currency,
        )

    def load(self, symbol: str, timeframe: str | None = None, start: str | None = None, end: str | None = None) -> Bars:
        """See `BarSource.load`. Case and the separator of a pair are free: `eur/usd`, `BTC-USD`, `EURUSD=X`."""
        known = _known(symbol)
        path = _path(_SAMPLES[known])
        return as_asked(_whole(known, path, path.stat().st_mtime_ns), timeframe, start, end)


def _known(symbol: str) -> str:
    plain = re.sub(r"[/ _-]", "", symbol.upper().removesuffix("=X"))
    if plain in _SAMPLES:
        return plain
    names = {name: key for key, sample in _SAMPLES.items() for name in (key, *sample.names)}
    has = f"the sample source has {', '.join(_SAMPLES)}"
    near = get_close_matches(plain[:40], names, n=1)
    other = "take one of these, another source (yfinance), or a CSV file of your own"
    message = f"the sample source does not know {symbol[:40]!r}"
    suggestion = (f"did you mean {names[near[0]]}? " if near else "") + f"{has}; {other}"
    raise SymbolUnknown(f"{message}; {has}", [Issue("symbol", message, suggestion)])


@lru_cache(maxsize=len(_SAMPLES))
def _whole(symbol: str, path: Path, changed_ns: int) -> Bars:
    """All bars of a file as it stood when it was last changed; nobody writes to the frame of Bars."""
    sample = _SAMPLES[symbol]
    findings = [Finding("sample_note", sample.note, None, 1, "info")] if sample.note else []
    return Bars.from_frame(
        _read(path), symbol=symbol, source=SampleSource.name, zone=sample.zone, findings=findings
    )  # fmt: skip


def _path(sample: _Sample) -> Path:
    """Where the sample's file lies. Raises SourceUnavailable."""
    # The spec of a top-level package is found without importing it; importing backtesting would take seconds.
    spec = importlib.util.find_spec(sample.package)
    folders = spec.submodule_search_locations if spec is not None else None
    path = Path(folders[0], sample.file) if folders else None
    if path is None or not path.is_file():
        message = f"the package {sample.package} with the prices of {sample.title} is not installed"
        raise SourceUnavailable(message, [Issue("source", message, f"pip install {sample.package}")])
    return path


def _read(path: Path) -> pd.DataFrame:
    """The file's OHLCV, read as backtesting.py reads its own, so that the floats are the same to the last bit."""
    frame = pd.read_csv(path, index_col=0, parse_dates=True)
    return frame.rename(columns=str.capitalize)[list(COLUMNS)]
