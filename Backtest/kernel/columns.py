"""The columns that a spec's rules are made of: which ones there are, and their arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from Backtest.data.bars import Bars
from Backtest.indicators.arrays import compute
from Backtest.indicators.definitions import Number
from Backtest.indicators.indicator_registry import find, find_pattern
from Backtest.indicators.timeframes import align_to_chart, previous_period, resample_bars
from Backtest.kernel.indicator_cache import ArrayCache

MICROSECONDS_A_MINUTE: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class PriceColumn:
    """Open, High, Low, Close or Volume of the chart."""

    field: str


@dataclass(frozen=True, slots=True)
class IndicatorColumn:
    """One output of an indicator, of a price or of another indicator; `timeframe` None is the chart's own, for both."""

    name: str
    params: tuple[tuple[str, Number], ...]
    source: "str | IndicatorColumn | None"
    timeframe: str | None
    output: int


@dataclass(frozen=True, slots=True)
class PatternColumn:
    """A TA-Lib candlestick: above 0 bullish, below 0 bearish."""

    name: str


@dataclass(frozen=True, slots=True)
class PreviousColumn:
    """A price of the last calendar period that is complete."""

    period: str
    field: str


@dataclass(frozen=True, slots=True)
class ClockColumn:
    """Of a bar's stamp: the weekday (0 is Monday), or the microseconds since 00:00."""

    of: Literal["weekday", "time"]


Column = PriceColumn | IndicatorColumn | PatternColumn | PreviousColumn | ClockColumn

CACHE: Final = ArrayCache()


def column_array(column: Column, bars: Bars, chart_timeframe: str, cache: ArrayCache = CACHE) -> np.ndarray:
    """The column on `bars`, float64, NaN where undefined, not to be written to.

    `chart_timeframe` is that of the spec; raises IndicatorInvalid for what the registry does not know.
    """
    if isinstance(column, IndicatorColumn):
        whole = (bars.content_hash, chart_timeframe, column.name, column.params, column.source, column.timeframe)
        return cache.get(whole, lambda: _indicator(column, bars.frame, chart_timeframe))[column.output]
    if isinstance(column, PreviousColumn):
        period, field = column.period, column.field
        key = bars.content_hash, chart_timeframe, period, field
        return cache.get(key, lambda: (previous_period(bars.frame, period, field, chart_timeframe),))[0]
    return cache.get((bars.content_hash, column), lambda: (_plain(column, bars.frame),))[0]


def closes_of(bars: Bars) -> np.ndarray:
    """The closes, not to be written to."""
    return column_array(PriceColumn("Close"), bars, bars.timeframe)


def _indicator(column: IndicatorColumn, frame: pd.DataFrame, chart_timeframe: str) -> tuple[np.ndarray, ...]:
    if column.timeframe is None:
        return _outputs(column, frame)
    longer = resample_bars(frame, column.timeframe)
    ends, index = pd.DatetimeIndex(longer.index), pd.DatetimeIndex(frame.index)
    # A longer bar bears its end as stamp: midnight for a day's last one, which is of the day before.
    longer.index = ends - pd.Timedelta(microseconds=1)
    return tuple(align_to_chart(values, ends, index, chart_timeframe) for values in _outputs(column, longer))


def _outputs(column: IndicatorColumn, frame: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """On the bars of its own timeframe."""
    params: Mapping[str, Number] = dict(column.params)
    source = column.source
    if isinstance(source, IndicatorColumn):
        return compute(find(column.name), params, frame, _outputs(source, frame)[source.output])
    return compute(find(column.name), params, frame, source)


def _plain(column: PriceColumn | PatternColumn | ClockColumn, frame: pd.DataFrame) -> np.ndarray:
    match column:
        case PriceColumn(field=field):
            return frame[field].to_numpy(dtype=np.float64).copy()
        case PatternColumn(name=name):
            return _pattern(name, frame)
    index = pd.DatetimeIndex(frame.index)
    if column.of == "weekday":
        return index.day_of_week.to_numpy(dtype=np.float64)
    return ((index - index.normalize()) // pd.Timedelta(microseconds=1)).to_numpy(dtype=np.float64)


def _pattern(name: str, frame: pd.DataFrame) -> np.ndarray:
    import talib

    candles = [frame[field].to_numpy(dtype=np.float64) for field in ("Open", "High", "Low", "Close")]
    found: np.ndarray = getattr(talib, find_pattern(name).name)(*candles)
    return found.astype(np.float64)
