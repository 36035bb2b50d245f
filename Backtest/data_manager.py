"""The face of the data floor: bars by the name of their source."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from Backtest.data.bars import Bars
from Backtest.data.csv_source import CsvSource
from Backtest.data.sample import SampleSource
from Backtest.data.source import BarSource, SymbolInfo
from Backtest.data.yfinance_source import YFinanceSource
from Backtest.errors import BarsInvalid, Issue, SymbolUnknown


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source that `load_bars` knows."""

    name: str
    title: str
    needs_network: bool
    needs_file: bool
    symbols: tuple[SymbolInfo, ...]
    """What it holds; empty for a source that can't list it."""


SOURCE_NAMES: Final = ("sample", "csv", "yfinance")


def sources() -> tuple[SourceInfo, ...]:
    """Every source, with the symbols that can be listed. Raises SourceUnavailable where the samples are missing."""
    sample = SampleSource()
    return (
        SourceInfo(
            sample.name, "real prices of a few symbols, shipped with the software", False, False, sample.symbols()
        ),
        SourceInfo(CsvSource.name, "a CSV file of your own", False, True, ()),
        SourceInfo(YFinanceSource.name, "Yahoo Finance", True, False, ()),
    )


def load_bars(
    *,
    symbol: str | None = None,
    source: str = "sample",
    csv_path: str | Path | None = None,
    timeframe: str | None = None,
    start: str | None = None,
    end: str | None = None,
) -> Bars:
    """The bars of a symbol up to `end`, those before `start` included as warm-up (`Bars.window` tells them apart).

    A `csv_path` makes the source the file, whose symbol is its name unless one is given. Every other source needs the
    symbol. `timeframe` is the source's own when it is None. Raises SymbolUnknown, BarsInvalid (an unknown source, a
    timeframe that can't be had, prices that can't be true), WindowEmpty and SourceUnavailable.
    """
    if csv_path is not None:
        if source not in {"sample", "csv"}:
            message = f"a CSV file and the source {source[:40]} exclude each other"
            raise BarsInvalid(message, [Issue("source", message, "leave one of them out")])
        file = CsvSource(csv_path)
        return file.load(file.default_symbol if symbol is None else symbol, timeframe, start, end)
    chosen = _source(source)
    if symbol is None:
        message = f"the source {source} needs a symbol"
        known = ", ".join(info.symbol for info in chosen.symbols())
        raise SymbolUnknown(message, [Issue("symbol", message, f"use one of {known}" if known else "name one")])
    return chosen.load(symbol, timeframe, start, end)


def _source(name: str) -> BarSource:
    if name == "sample":
        return SampleSource()
    if name == "yfinance":
        return YFinanceSource()
    if name == "csv":
        message = "the source csv needs a file"
        raise BarsInvalid(message, [Issue("csv_path", message, "give the path of the CSV file")])
    message = f"there is no source {name[:40]!r}"
    raise BarsInvalid(message, [Issue("source", message, f"use one of {', '.join(SOURCE_NAMES)}")])
