"""Older documents, brought to the current version on read by a chain of pure functions; what is stored stays."""

from collections.abc import Callable, Mapping
from typing import NoReturn

from Backtest.canonical.json_text import Json
from Backtest.canonical.spec import SCHEMA_VERSION
from Backtest.errors import Issue, SpecInvalid

Upgrade = Callable[[dict[str, Json]], dict[str, Json]]

# From version n to n + 1. Empty: version 1 is the first one there is.
UPGRADES: Mapping[int, Upgrade] = {}


def upgrade(
    document: dict[str, Json], upgrades: Mapping[int, Upgrade] = UPGRADES, current: int = SCHEMA_VERSION
) -> dict[str, Json]:
    """The document at version `current`, for which one without a `schema_version` is taken; the argument is kept.

    Raises SpecInvalid for a version that is no whole number, newer than ours, or older than the chain reaches.
    """
    version = _version(document, current)
    if version > current:
        _refuse(f"schema_version {version} is newer than this program, which reads up to {current}", f"use {current}")
    upgraded = dict(document)
    for step in range(version, current):
        if step not in upgrades:
            oldest = min(v for v in range(current + 1) if all(s in upgrades for s in range(v, current)))
            _refuse(f"schema_version {version} is not known; the oldest that is read is {oldest}", f"use {current}")
        upgraded = {**upgrades[step](upgraded), "schema_version": step + 1}
    return {**upgraded, "schema_version": current}


def _version(document: Mapping[str, Json], current: int) -> int:
    version = document.get("schema_version", current)
    if isinstance(version, bool) or not isinstance(version, int | float) or version != int(version):
        _refuse(f"schema_version must be a whole number, not {version!r}", f"use {current}")
    return int(version)


def _refuse(message: str, suggestion: str) -> NoReturn:
    raise SpecInvalid(message, [Issue("/schema_version", message, suggestion)])
