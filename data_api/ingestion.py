"""Prices with the indicators that are asked for: the one place that computes columns outside a run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import talib

from Backtest.data.bars import Bars
from Backtest.data.quality import COLUMNS, PRICE_COLUMNS
from Backtest.data_manager import load_bars
from Backtest.errors import IndicatorInvalid, Issue, WindowEmpty
from Backtest.indicators import indicator_registry as registry
from Backtest.indicators.arrays import compute
from Backtest.indicators.timeframes import align_to_chart, resample_bars
from Backtest.timeframes import TIMEFRAMES, can_build
from data_api.indicator_requests import AskedFor, Wanted, WantedIndicator, WantedPattern, read_indicators
from data_api.periods import period_start


@dataclass(frozen=True)
class Ingested:
    """Bars (with all their history), and the frame of what was asked for: its window, with indicator columns."""

    bars: Bars
    frame: pd.DataFrame


class DataIngestionModel:
    """Bars of one source, or of one CSV file, as frames with indicator columns."""

    def __init__(self, source: str = "sample", csv_path: Path | None = None) -> None:
        self._source = source
        self._csv_path = csv_path

    def ingest_and_process(
        self,
        ticker: str,
        required_indicators: Sequence[AskedFor] = (),
        period: str | None = None,
        interval: str | None = None,
    ) -> pd.DataFrame:
        """Open, High, Low, Close, Volume and a column per output of each indicator (`RSI_14`), NaN where undefined.

        `period` (`6mo`, `1y`, `ytd`, `max`) counts back from the last bar; `interval` is the source's own when it is
        None. The index is naive, in the exchange's zone. Indicators have all earlier bars to warm up on.
        Raises IndicatorInvalid, and whatever `data_manager.load_bars` does.
        """
        return self.ingest(ticker, required_indicators, period=period, interval=interval).frame

    def ingest(
        self,
        ticker: str,
        required_indicators: Sequence[AskedFor] = (),
        *,
        period: str | None = None,
        interval: str | None = None,
        start: str | None = None,
        end: str | None = None,
    ) -> Ingested:
        """The same with the bars beneath, from `start` to `end`, both inclusive (see `Bars.window`)."""
        wanted = read_indicators(required_indicators, "indicators")
        if period is not None and start is not None:
            message = "a period and a start exclude each other"
            raise WindowEmpty(message, [Issue("period", message, "leave one of them out")])
        bars = load_bars(symbol=ticker, source=self._source, csv_path=self._csv_path, timeframe=interval, end=end)
        if period is not None:
            days = pd.DatetimeIndex(bars.frame.index).normalize().unique()
            start = period_start(period, [day.date() for day in days])
        window = bars.window(start, None)
        frame = with_indicators(bars, wanted)
        return Ingested(bars, frame.iloc[window.first_bar :])


def with_indicators(bars: Bars, wanted: Sequence[Wanted]) -> pd.DataFrame:
    """The bars' frame with a float64 column per wanted output, each once. Raises IndicatorInvalid."""
    frame = bars.frame.copy()
    for place, item in enumerate(wanted):
        field = f"indicators/{place}"
        for name, values in _columns(bars, item, field):
            if name in frame and not np.array_equal(frame[name].to_numpy(), values, equal_nan=True):
                message = f"another indicator that is asked for has the column {name} as well"
                raise IndicatorInvalid(message, [Issue(field, message, "ask for one of them at a time")])
            frame[name] = values
    return frame


def _columns(bars: Bars, item: Wanted, field: str) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    if isinstance(item, WantedPattern):
        prices = [bars.frame[column].to_numpy() for column in PRICE_COLUMNS]
        yield item.pattern.name, getattr(talib, item.pattern.name)(*prices).astype(np.float64)
        return
    timeframe = None if item.timeframe == bars.timeframe else item.timeframe
    for output, values in _arrays(bars, item, timeframe, field):
        yield registry.column_name(item.indicator, item.params, output, item.source, timeframe), values


def _arrays(
    bars: Bars, item: WantedIndicator, timeframe: str | None, field: str
) -> Iterator[tuple[str | None, npt.NDArray[np.float64]]]:
    """The wanted outputs on the chart's bars; those of a longer timeframe as of its last bar that has ended."""
    if timeframe is None:
        arrays = compute(item.indicator, item.params, bars.frame, item.source)
    else:
        _check_buildable(bars.timeframe, timeframe, field)
        longer = resample_bars(bars.frame, timeframe)
        ends, index = pd.DatetimeIndex(longer.index), pd.DatetimeIndex(bars.frame.index)
        computed = compute(item.indicator, item.params, longer, item.source)
        arrays = tuple(align_to_chart(values, ends, index, bars.timeframe) for values in computed)
    for output, values in zip(item.indicator.outputs, arrays, strict=True):
        if output.name in item.outputs:
            yield output.name, values


def _check_buildable(base: str, timeframe: str, field: str) -> None:
    if can_build(base, timeframe):
        return
    longer = [name for name in TIMEFRAMES if can_build(base, name)]
    message = f"{timeframe} bars can't be made from {base} bars"
    advice = f"use one of {', '.join(longer)}" if longer else "leave the timeframe out"
    raise IndicatorInvalid(message, [Issue(field, message, advice)])


def thinned(frame: pd.DataFrame, bars_per_row: int) -> pd.DataFrame:
    """Each so many bars as one: first Open, highest High, lowest Low, last Close, summed Volume, and every indicator as
    it stands on the last of them. A row's stamp is that of its first bar; the last row may hold fewer bars.
    """
    if bars_per_row == 1:
        return frame
    first = np.arange(0, len(frame), bars_per_row)
    last = np.append(first[1:], len(frame)) - 1
    rows = frame.iloc[last].set_axis(frame.index[first])
    reduced = {
        "Open": frame["Open"].to_numpy()[first],
        "High": np.maximum.reduceat(frame["High"].to_numpy(), first),
        "Low": np.minimum.reduceat(frame["Low"].to_numpy(), first),
        "Volume": np.add.reduceat(frame["Volume"].to_numpy(), first),
    }
    return rows.assign(**reduced)[[*COLUMNS, *frame.columns.drop(list(COLUMNS))]]
