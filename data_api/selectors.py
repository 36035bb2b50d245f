"""Reads: datasets of the user who asks, and what everyone may know of sources, symbols and indicators."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from auth_api.models import User
from data_api.models import Dataset
from rest.errors import NotFound
from rest.private_files import private_file_path

if TYPE_CHECKING:
    from Backtest.data_manager import SourceInfo


def dataset_list(*, user: User, symbol: str | None = None, search: str | None = None) -> QuerySet[Dataset]:
    """The user's datasets, of one symbol or with a text in their name where that is asked for."""
    rows = _datasets(user)
    if symbol is not None:
        rows = rows.filter(symbol__iexact=symbol)
    return rows.filter(name__icontains=search) if search else rows


def dataset_get(*, user: User, dataset_id: UUID) -> Dataset:
    """Raises NotFound."""
    found = _datasets(user).filter(pk=dataset_id).first()
    if found is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return found


def dataset_path(*, dataset: Dataset) -> Path:
    """Where its CSV lies."""
    return private_file_path(dataset.file_name)


def dataset_names(*, user: User) -> set[str]:
    return set(_datasets(user).values_list("name", flat=True))


@dataclass(frozen=True)
class SymbolEntry:
    """What a source has of one symbol; times with an offset, or days."""

    symbol: str
    title: str
    source: str
    timeframe: str
    zone: str
    first_time: str
    last_time: str
    bars: int
    currency: str | None


@cache
def source_list() -> "tuple[SourceInfo, ...]":
    """Every source, with the symbols that it can list. What they hold is fixed, so it is measured once."""
    from Backtest.data_manager import sources

    return sources()


def symbol_list(*, source: str | None = None) -> list[SymbolEntry]:
    """The symbols that can be listed, of all sources or of one."""
    from Backtest.data.zoned_time import zoned_text

    return [
        SymbolEntry(
            symbol=info.symbol,
            title=info.title,
            source=each.name,
            timeframe=info.timeframe,
            zone=info.zone,
            first_time=zoned_text(info.first, info.zone, info.timeframe),
            last_time=zoned_text(info.last, info.zone, info.timeframe),
            bars=info.bars,
            currency=info.currency,
        )
        for each in source_list()
        if source in (None, each.name)
        for info in each.symbols
    ]


def _datasets(user: User) -> QuerySet[Dataset]:
    return Dataset.objects.filter(user=user, deleted_at=None)
