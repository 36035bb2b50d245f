"""Bars with indicator columns, as the API answers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any
from uuid import UUID

from auth_api.models import User
from Backtest.errors import BarsInvalid, IndicatorInvalid, InputError, Issue, SymbolUnknown, WindowEmpty
from data_api.findings import findings_json
from data_api.indicator_requests import AskedFor
from data_api.models import Dataset
from data_api.selectors import dataset_get, dataset_path

if TYPE_CHECKING:
    from data_api.ingestion import DataIngestionModel, Ingested


@dataclass(frozen=True)
class FetchedBars:
    """Bars in columns of equal length, None where a value is not defined; each entry stands for `bars_per_point` bars.

    `bars` counts those of the window, `time` stamps the first bar of each entry.
    """

    symbol: str
    source: str
    dataset_id: UUID | None
    timeframe: str
    zone: str
    content_hash: str
    bars: int
    bars_per_point: int
    findings: list[dict[str, Any]]
    time: list[str]
    columns: dict[str, list[float | None]]


def bars_fetch(
    *,
    user: User,
    symbol: str | None = None,
    source: str | None = None,
    dataset_id: UUID | None = None,
    timeframe: str | None = None,
    period: str | None = None,
    start_date: str | None = None,
    end_date: str | None = None,
    indicators: Sequence[AskedFor] = (),
    max_points: int,
    field_names: Mapping[str, str],
) -> FetchedBars:
    """The bars of a source or of one of the user's datasets, with an indicator's column for each that is wanted.

    More bars than `max_points` are joined to fewer. `field_names` are what the request calls our fields, for its
    errors. Raises NotFound for a dataset, IndicatorInvalid, and whatever `data_manager.load_bars` does.
    """
    dataset = None if dataset_id is None else dataset_get(user=user, dataset_id=dataset_id)
    try:
        ingested = _model(source, dataset).ingest(
            _symbol(symbol, dataset), indicators, period=period, interval=timeframe, start=start_date, end=end_date
        )
    except (BarsInvalid, IndicatorInvalid, SymbolUnknown, WindowEmpty) as error:
        raise _as_asked(error, field_names) from error
    return _fetched(ingested, dataset_id, max_points)


def _model(source: str | None, dataset: Dataset | None) -> "DataIngestionModel":
    from data_api.ingestion import DataIngestionModel

    if dataset is None:
        return DataIngestionModel(source or "sample")
    if source not in (None, "csv"):
        message = f"the bars of a dataset are no bars of {source}"
        raise BarsInvalid(message, [Issue("source", message, "leave the source out, or the dataset")])
    return DataIngestionModel("csv", dataset_path(dataset=dataset))


def _symbol(symbol: str | None, dataset: Dataset | None) -> str:
    if dataset is None:
        if symbol is not None:
            return symbol
        message = "no symbol was given"
        raise SymbolUnknown(message, [Issue("symbol", message, "name one of /api/data/symbols/, or give a dataset_id")])
    if symbol is not None and symbol.strip().upper() != dataset.symbol:
        message = f"the dataset has the bars of {dataset.symbol}, not of {symbol!r}"
        raise SymbolUnknown(message, [Issue("symbol", message, "leave the symbol out")])
    return dataset.symbol


def _as_asked(error: InputError, field_names: Mapping[str, str]) -> InputError:
    """The engine's error with the fields as the request calls them."""
    names = {"start": "start_date", "end": "end_date", **field_names}
    issues = [Issue(names.get(issue.field, issue.field), issue.message, issue.suggestion) for issue in error.issues]
    return type(error)(error.message, issues)


def _fetched(ingested: "Ingested", dataset_id: UUID | None, max_points: int) -> FetchedBars:
    from Backtest.data.zoned_time import zoned_text
    from data_api.ingestion import thinned

    bars, frame = ingested.bars, ingested.frame
    bars_per_point = -(-len(frame) // max_points)
    shown = thinned(frame, bars_per_point)
    return FetchedBars(
        symbol=bars.symbol,
        source=bars.source,
        dataset_id=dataset_id,
        timeframe=bars.timeframe,
        zone=bars.zone,
        content_hash=bars.content_hash,
        bars=len(frame),
        bars_per_point=bars_per_point,
        findings=findings_json(bars),
        time=[zoned_text(stamp.isoformat(), bars.zone, bars.timeframe) for stamp in shown.index],
        columns={name: _defined(shown[name].tolist()) for name in shown.columns},
    )


def _defined(values: list[float]) -> list[float | None]:
    return [value if isfinite(value) else None for value in values]
