"""What a long benchmark has found so far, in a file by which an interrupted run goes on."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_MEASURED = ("Backtest", "tests/generators", "tests/kernel")


def key_of(*parts: str) -> str:
    """One short name for all that a result depends on, the sources aside."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def sources_digest() -> str:
    """Of the sources that a result depends on: it holds for no others."""
    digest = hashlib.sha256()
    for folder in _MEASURED:
        for source in sorted((ROOT / folder).rglob("*.py")):
            if "codes" not in source.parts:
                digest.update(source.read_bytes())
    return digest.hexdigest()[:24]


class Kept:
    """Results by key, each a line of JSON that is written in one go as soon as it is there; in memory without a file.

    Several processes may add to one file; each reads what was there when it began.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._found: dict[str, list[Any]] = {}
        lines = path.read_text().splitlines() if path and path.exists() else []
        for line in lines[1:]:
            try:
                key, value = json.loads(line)
            except ValueError:  # the process was ended while it wrote
                continue
            self._found[key] = value

    def begin(self) -> None:
        """Says in the file which sources it is of; ends the program where it is of others."""
        if self._path is None:
            return
        first = json.dumps({"sources": sources_digest()})
        there = self._path.read_text().splitlines() if self._path.exists() else []
        if not there:
            self._path.write_text(first + "\n")
        elif there[0] != first:
            raise SystemExit(f"{self._path} is of other sources: remove it, or name another file")

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def __getitem__(self, key: str) -> list[Any]:
        return self._found[key]

    def __len__(self) -> int:
        return len(self._found)

    def add(self, key: str, value: list[Any]) -> None:
        self._found[key] = value
        if self._path is not None:
            # begun on a line of its own, whatever an interrupted process left behind
            line = "\n" + json.dumps([key, value])
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(descriptor, line.encode())
            finally:
                os.close(descriptor)
