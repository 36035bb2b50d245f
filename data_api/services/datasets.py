"""Uploaded CSVs: read strictly, their bytes kept as they came, one row for each."""

import uuid
from itertools import count
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import structlog
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from auth_api.models import User
from Backtest.errors import BarsInvalid, Issue
from data_api.findings import findings_json
from data_api.models import Dataset
from data_api.selectors import dataset_get, dataset_names
from data_api.upload_parser import MAX_FILE_BYTES, too_large
from rest.errors import Conflict, under
from rest.private_files import private_file_delete, private_file_save

if TYPE_CHECKING:
    from Backtest.data.bars import Bars

log = structlog.get_logger("data_api.datasets")

_TRIES: Final = 20  # at a free name, while other uploads take them
_NAME_CHARACTERS: Final = 100  # of a file's name; the number that makes it unique comes after it


def dataset_create(*, user: User, file: "File[bytes]", name: str | None = None, symbol: str | None = None) -> Dataset:
    """Keep a CSV of bars: its bytes, and what the quality checks found.

    Without a `name` it has its file's, made unique by a number; without a `symbol`, its file's letters and digits.
    Raises BarsInvalid naming each line at fault, SymbolUnknown, Conflict for a name that is taken, TooLarge, and
    ArtifactUnwritable. The row is written after the file, and the file is deleted where the row can't be.
    """
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise too_large()
    file_name = _printable(PurePath(file.name or "").name)
    bars = _read(data, file_name, symbol)
    dataset = _described(user, bars, data)
    dataset.file_name = private_file_save(f"datasets/{dataset.pk}.csv", data)
    try:
        _insert(dataset, name, PurePath(file_name).stem[:_NAME_CHARACTERS].strip() or bars.symbol)
    except BaseException:
        private_file_delete(dataset.file_name)
        raise
    log.info("dataset created", dataset_id=str(dataset.pk), bars=dataset.bars, size_bytes=dataset.size_bytes)
    return dataset


def dataset_delete(*, user: User, dataset_id: uuid.UUID) -> None:
    """Take a dataset out of sight; its name is free again, and runs on it keep what they refer to. Raises NotFound."""
    dataset = dataset_get(user=user, dataset_id=dataset_id)
    Dataset.objects.filter(pk=dataset.pk, deleted_at=None).update(deleted_at=timezone.now())
    log.info("dataset deleted", dataset_id=str(dataset_id))


def _printable(file_name: str) -> str:
    return "".join(character for character in file_name if character.isprintable())[:255] or "the file"


def _read(data: bytes, file_name: str, symbol: str | None) -> "Bars":
    from Backtest.data.csv_source import bars_of_csv, default_symbol_of

    if (place := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, place) + 1
        raise BarsInvalid(
            "the file is no text", [Issue(f"file/line {line}", "a zero byte stands here", "save it as CSV UTF-8")]
        )
    try:
        return bars_of_csv(data, file_name, default_symbol_of(file_name) if symbol is None else symbol)
    except BarsInvalid as error:
        raise BarsInvalid(error.message, under("file", error.issues)) from error


def _described(user: User, bars: "Bars", data: bytes) -> Dataset:
    from Backtest.data.zoned_time import zoned_text

    return Dataset(
        pk=uuid.uuid4(),
        user=user,
        symbol=bars.symbol,
        timeframe=bars.timeframe,
        zone=bars.zone,
        first_time=zoned_text(bars.first_time, bars.zone, bars.timeframe),
        last_time=zoned_text(bars.last_time, bars.zone, bars.timeframe),
        bars=len(bars),
        size_bytes=len(data),
        content_hash=bars.content_hash,
        findings=findings_json(bars),
    )


def _insert(dataset: Dataset, given_name: str | None, usual_name: str) -> None:
    """Write the row, under the given name or the first free one like the usual. Raises Conflict."""
    for tries_left in reversed(range(_TRIES)):
        dataset.name = given_name or _free_name(usual_name, dataset_names(user=dataset.user))
        try:
            with transaction.atomic():
                dataset.save(force_insert=True)
                return
        except IntegrityError as error:
            if given_name is not None or not tries_left:
                message = f"you have a dataset that is called {dataset.name!r}"
                issue = Issue("name", message, "choose another name, or delete that dataset first")
                raise Conflict(message, [issue]) from error


def _free_name(usual: str, taken: set[str]) -> str:
    return next(name for number in count(1) if (name := usual if number == 1 else f"{usual} {number}") not in taken)
