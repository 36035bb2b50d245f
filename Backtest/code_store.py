"""Where generated files are kept: names that no strategy name can steer, written whole or not at all."""

import hashlib
import os
import re
import tempfile
import unicodedata
from pathlib import Path

from Backtest.errors import ArtifactUnwritable, Issue


def slug_of(title: str) -> str:
    """Lower-case ASCII letters, digits and `_`, at most 40: safe in a file name, never empty."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_") or "strategy"


def code_file_name(strategy_name: str, code: str, *, user_id: int, version: int) -> str:
    """`<slug>_u<user>_v<version>_<hash8>.py`, the hash being that of the code."""
    digest = hashlib.sha256(code.encode()).hexdigest()[:8]
    return f"{slug_of(strategy_name)}_u{user_id}_v{version}_{digest}.py"


def save_code(directory: Path, strategy_name: str, code: str, *, user_id: int, version: int) -> Path:
    """Write the code under its name and return the path; the same code in the same version is the same file.

    Raises ArtifactUnwritable.
    """
    path = directory / code_file_name(strategy_name, code, user_id=user_id, version=version)
    write_atomically(path, code)
    return path


def write_atomically(path: Path, text: str) -> None:
    """Write a UTF-8 file so that a reader sees the old one or the new one, never a part; makes the directory.

    Raises ArtifactUnwritable.
    """
    write_bytes_atomically(path, text.encode())


def write_bytes_atomically(path: Path, data: bytes) -> None:
    """As `write_atomically`, of bytes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{path.name} can't be written to {path.parent}: {reason}"
        raise ArtifactUnwritable(message, [Issue("directory", message, "make room, or choose another one")]) from error
