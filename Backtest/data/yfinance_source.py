"""Yahoo Finance, through the yfinance package, as a source of bars."""

import logging
import threading
from collections.abc import Callable
from typing import Final
from zoneinfo import available_timezones

import pandas as pd

from Backtest.data.bars import Bars, Finding, check_symbol
from Backtest.data.quality import COLUMNS, PRICE_COLUMNS
from Backtest.data.source import SymbolInfo, as_asked, asked_timeframe
from Backtest.errors import BarsInvalid, Issue, SourceUnavailable
from Backtest.timeframes import TIMEFRAMES, can_build

Fetch = Callable[[str, str, float], pd.DataFrame]
"""(symbol, interval, seconds to wait for an answer) -> Yahoo's bars, all that it has."""

_INTERVALS: Final = ("1d", "1h", "30m", "15m", "5m", "2m", "1m")  # longest first; the longer ones are made of days
_ELSEWHERE: Final = "check the symbol and the network, or use the sample source (--source sample) or a CSV file (--csv)"
_LIVE: Final = Finding("live_bar", "Yahoo's last bar is unfinished while its market is open", None, 1, "info")
_ADJUSTED: Final = Finding("adjusted", "Yahoo's prices are adjusted for splits and dividends", None, 1, "info")


def fetch_history(symbol: str, interval: str, timeout_s: float) -> pd.DataFrame:
    """Yahoo's whole history of a symbol, adjusted for splits and dividends; an empty frame is one of its answers.

    Raises SourceUnavailable for every other way in which yfinance or the network fails.
    """
    try:
        import yfinance
    except ImportError as error:
        message = "the package yfinance is not installed"
        raise SourceUnavailable(message, [Issue("source", message, "pip install yfinance")]) from error
    _silence_log()
    # What yfinance raises on an answer that it did not expect depends on where in the answer that is.
    unexpected = (AttributeError, IndexError, KeyError, TypeError, ValueError)
    try:
        frame = yfinance.Ticker(symbol).history(
            period="max", interval=interval, auto_adjust=True, actions=False, timeout=timeout_s
        )
    except (OSError, yfinance.exceptions.YFException, *unexpected) as error:
        raise _no_bars(symbol) from error
    if not isinstance(frame, pd.DataFrame):
        raise _no_bars(symbol)
    return frame


class YFinanceSource:
    """Whatever Yahoo lists. Intraday bars reach back 8 days (1m), 60 days (to 30m) or 730 days (1h)."""

    name: Final = "yfinance"

    def __init__(self, fetch: Fetch = fetch_history, timeout_s: float = 20.0) -> None:
        self._fetch = fetch
        self._timeout_s = timeout_s

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """None: Yahoo has no list of what it has."""
        return ()

    def load(self, symbol: str, timeframe: str | None = None, start: str | None = None, end: str | None = None) -> Bars:
        """See `BarSource.load`; 1d without a timeframe. SourceUnavailable where Yahoo gives no bars, which is all that
        it says of a symbol that it does not know."""
        ticker = symbol.strip().upper()
        check_symbol(ticker)
        interval = _interval("1d" if timeframe is None else asked_timeframe(timeframe))
        raw = within(self._timeout_s, lambda: self._fetch(ticker, interval, self._timeout_s))
        if raw is None:
            message = f"Yahoo gave no bars for {ticker} within {self._timeout_s:g} seconds"
            raise SourceUnavailable(message, [Issue("source", message, _ELSEWHERE)])
        if raw.empty:
            raise _no_bars(ticker)
        frame, zone, findings = normalised(raw)
        if frame.empty:
            raise _no_bars(ticker)
        bars = Bars.from_frame(
            frame,
            symbol=ticker,
            source=self.name,
            zone=zone,
            timeframe=interval,
            findings=(_ADJUSTED, _LIVE, *findings),
        )
        return as_asked(bars, timeframe, start, end)


def normalised(raw: pd.DataFrame) -> tuple[pd.DataFrame, str, tuple[Finding, ...]]:
    """Yahoo's frame as `Bars.from_frame` takes it: the five columns, naive stamps, the zone that they are in, findings.

    A second column level (the ticker) is dropped, and so are rows without any price, which a finding counts. Stamps are
    exchange-local; they are UTC where the zone has no name, or where a clock set back makes one hour two.
    Raises SourceUnavailable where a column is missing.
    """
    frame = raw.copy()
    if isinstance(frame.columns, pd.MultiIndex):
        level = next((level for level in range(frame.columns.nlevels) if "Close" in frame.columns.levels[level]), 0)
        frame.columns = frame.columns.get_level_values(level)
    missing = [column for column in COLUMNS if list(frame.columns).count(column) != 1]
    if missing or not isinstance(frame.index, pd.DatetimeIndex):
        message = f"Yahoo's answer is no series of bars (columns {', '.join(map(str, frame.columns))})"
        raise SourceUnavailable(message, [Issue("source", message, "try again later, or use a CSV file")])
    empty = frame[list(PRICE_COLUMNS)].isna().all(axis=1)
    findings: tuple[Finding, ...] = ()
    if empty.any():
        message = f"{int(empty.sum())} rows without any price were left out"
        findings = (Finding("empty_row", message, None, int(empty.sum()), "info"),)
    frame = frame.loc[~empty, list(COLUMNS)]
    frame.index, zone = _local(pd.DatetimeIndex(frame.index))
    return frame, zone, findings


def _local(index: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, str]:
    if index.tz is None:
        return index, "UTC"
    zone = str(index.tz)
    local = index.tz_localize(None)
    if zone in available_timezones() and (local.is_unique or not index.is_unique):
        return local, zone
    return index.tz_convert("UTC").tz_localize(None), "UTC"


def within(timeout_s: float, call: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    """What `call` returns or raises, or None when it takes longer than that; it is then left to end by itself.

    yfinance makes several requests, and waits for the timeout that it is given at each of them.
    """
    answers: list[pd.DataFrame] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(call())
        except Exception as error:  # noqa: BLE001 - raised again in the thread that asked
            errors.append(error)

    thread = threading.Thread(target=run, name="yfinance", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if errors:
        raise errors[0]
    return answers[0] if answers else None


def _interval(timeframe: str) -> str:
    """The longest of Yahoo's intervals that is the timeframe or builds it."""
    for interval in _INTERVALS:
        if interval == timeframe or can_build(interval, timeframe):
            return interval
    message = f"Yahoo has no {timeframe} bars"
    possible = [name for name in TIMEFRAMES if name in _INTERVALS or can_build("1m", name)]
    raise BarsInvalid(message, [Issue("timeframe", message, f"use one of {', '.join(possible)}")])


def _no_bars(symbol: str) -> SourceUnavailable:
    message = f"Yahoo gave no bars for {symbol} (no network, or unknown symbol)"
    return SourceUnavailable(message, [Issue("symbol", message, _ELSEWHERE)])


def _silence_log() -> None:
    """yfinance logs each failure as an error; here it is raised, once."""
    log = logging.getLogger("yfinance")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
