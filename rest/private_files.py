"""Files that belong to one user: in the private storage, reached through a row that knows its owner."""

from pathlib import Path

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from Backtest.errors import ArtifactUnwritable, Issue

log = structlog.get_logger("rest.private_files")


def private_file_save(name: str, data: bytes) -> str:
    """Write a file whole, or nothing at all; answers its name in the storage, another one where `name` is taken.

    Write the row after it, and delete the file where the row can't be written. Raises ArtifactUnwritable.
    """
    free = _storage().get_available_name(name)
    try:
        return _storage().save(free, ContentFile(data))
    except OSError as error:
        private_file_delete(free)
        message = "the file can't be stored"
        raise ArtifactUnwritable(message, [Issue(free, f"{message}: {error.strerror}")]) from error


def private_file_path(name: str) -> Path:
    """Where a file of the private storage lies on this machine."""
    return Path(_storage().path(name))


def private_file_delete(name: str) -> None:
    """Delete a file; one that is not there, or that can't be deleted, is left and logged."""
    try:
        _storage().delete(name)
    except OSError as error:
        log.warning("private file left behind", name=name, reason=error.strerror)


def _storage() -> Storage:
    return storages["private"]
