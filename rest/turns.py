"""How many sandboxed runs at once this process does for those who wait for the answer: the others queue."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings

from Backtest.errors import Issue, SandboxBroken


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, as long as a run may take at most. Raises SandboxBroken when none comes."""
    if not _turns().acquire(timeout=settings.SANDBOX_WALL_S):
        message = "too many runs go on here: try again later"
        raise SandboxBroken(message, [Issue("", message, "what is begun with POST /api/backtests/ waits by itself")])
    try:
        yield
    finally:
        _turns().release()


@cache
def _turns() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.BACKTEST_THREADS)
