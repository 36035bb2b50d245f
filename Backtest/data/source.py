"""The port that every source of bars speaks through."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from Backtest.data.bars import Bars
from Backtest.data.resample import resample
from Backtest.errors import BarsInvalid, Issue
from Backtest.timeframes import TIMEFRAMES, parse_timeframe


@dataclass(frozen=True, slots=True)
class SymbolInfo:
    """What a source has of one symbol."""

    symbol: str
    title: str
    timeframe: str
    first: str
    """ISO stamp of the first bar, in `zone`."""
    last: str
    bars: int
    zone: str
    currency: str | None
    """ISO 4217 code of the prices, where the source knows it."""


class BarSource(Protocol):
    """Where bars come from."""

    @property
    def name(self) -> str:
        """The name that `Bars.source` carries."""
        ...

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """The symbols that the source holds; none for a source that can't list them."""
        ...

    def load(self, symbol: str, timeframe: str | None = None, start: str | None = None, end: str | None = None) -> Bars:
        """All bars of a symbol up to `end`, those before `start` included: they are a run's warm-up.

        `timeframe` (any spelling) is the source's own when it is None; a longer one is made by `resample`.
        Raises SymbolUnknown, BarsInvalid (a timeframe that can't be had, prices that can't be true), WindowEmpty
        (see `Bars.window`) and SourceUnavailable.
        """
        ...


def asked_timeframe(text: str) -> str:
    """The canonical name of a timeframe that was asked for; BarsInvalid, with the nearest names, if it is none."""
    timeframe = parse_timeframe(text)
    if timeframe is None:
        message = f"{text[:40]!r} is no timeframe"
        near = get_close_matches(text.lower(), TIMEFRAMES, n=1)
        suggestion = f"did you mean {near[0]}?" if near else f"use one of {', '.join(TIMEFRAMES)}"
        raise BarsInvalid(message, [Issue("timeframe", message, suggestion)])
    return timeframe


def as_asked(bars: Bars, timeframe: str | None, start: str | None, end: str | None) -> Bars:
    """A source's bars as `BarSource.load` answers them: cut after `end`, then of the timeframe asked for.

    Cut first: a longer bar then holds nothing from after the end. Raises as `BarSource.load` does.
    """
    wanted = None if timeframe is None else asked_timeframe(timeframe)
    cut = bars.window(start, end).bars
    if wanted is None or wanted == cut.timeframe:
        return cut
    return resample(cut, wanted).window(start, end).bars
