"""How the kernel's functions are compiled: once, in IEEE order, and kept on disk for the next process.

Importing this module imports numba, which takes a third of a second.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import cgutils
from numba.extending import intrinsic

Compiled = TypeVar("Compiled", bound=Callable[..., Any])
_FOLDER = Path(__file__).parent
_UNUSED_S = 86_400.0


def compiled(function: Compiled) -> Compiled:
    """`function` as machine code that releases the GIL, compiled on its first call unless a cache on disk has it.

    numba keeps a function for as long as its own file is unchanged, though it may call others: the folder of the cache
    therefore bears a digest of all of this package. Division by zero gives inf or NaN, as numpy's does.
    """
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _CACHE or before
    try:
        decorate = numba.njit(cache=bool(_CACHE), nogil=True, error_model="numpy")
        return cast(Compiled, decorate(function))
    finally:
        numba.config.CACHE_DIR = before


def _unowned(context: Any, array: Any) -> Any:
    def generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = cgutils.create_struct_proxy(array)(target, builder, value=arguments[0])
        view.meminfo = view.meminfo.type(None)
        return view._getvalue()

    return array(array), generate


unowned = cast(Callable[[np.ndarray], np.ndarray], intrinsic(_unowned))
"""In compiled code: the same array without a count of its owners, which costs an atomic instruction each time that it
is handed to another function, half of a simulation's time. Whoever calls must hold the array meanwhile."""


def _cache_folder() -> str:
    """The first place that can be written to; empty where there is none, and each process compiles anew.

    numba can't read a cache that it may not write to: where the installation is read-only, the cache that was made with
    it is copied to the next place, to a folder of this process if there is no other.
    """
    name, made = f"kernel-{_digest()}", None
    for place in _places():
        folder = place / name
        made = made or (folder if _is_filled(folder) else None)
        if _is_writable(folder):
            if made is not None and made != folder and not _is_filled(folder):
                shutil.copytree(made, folder, dirs_exist_ok=True)
            return str(folder)
    if made is None:
        return ""
    folder = Path(tempfile.mkdtemp(prefix="algoagent-kernel-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(shutil.copytree(made, folder, dirs_exist_ok=True))


def _digest() -> str:
    digest = hashlib.sha256()
    for source in sorted(_FOLDER.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _is_filled(folder: Path) -> bool:
    return next(folder.rglob("*.nbi"), None) is not None if os.access(folder, os.R_OK) else False


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:  # read-only, or not ours
        return False


def _places() -> Iterator[Path]:
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(chosen)
    yield _FOLDER / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "algoagent"


_CACHE = _cache_folder()


def cache_folder() -> Path | None:
    """Where the machine code is kept, None where it isn't."""
    return Path(_CACHE) if _CACHE else None


def forget_older_caches() -> None:
    """Removes the caches of other versions of this package, beside its own, that nobody used for a day."""
    for other in Path(_CACHE).parent.glob("kernel-*") if _CACHE else ():
        if other != Path(_CACHE) and time.time() - other.stat().st_mtime > _UNUSED_S:
            shutil.rmtree(other, ignore_errors=True)
