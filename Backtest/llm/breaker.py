"""A rest for a provider that fails: who asks meanwhile is told at once instead of waiting for the same failure."""

import threading
from collections.abc import Callable

from Backtest.errors import ModelUnreachable


class CircuitBreaker:
    """Opens after `failures` in a row and lets one call through `rest_s` later, which decides. Safe between threads."""

    def __init__(self, clock: Callable[[], float], *, failures: int = 5, rest_s: float = 30.0) -> None:
        self._clock = clock
        self._most = failures
        self._rest_s = rest_s
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: float | None = None

    def enter(self) -> None:
        """Ask whether a call may be made now. Raises ModelUnreachable, which says how long the rest lasts."""
        with self._lock:
            if self._open_until is None:
                return
            left_s = self._open_until - self._clock()
            if left_s > 0:
                message = f"the model failed {self._failed} times in a row and is given a rest of {left_s:.0f} s more"
                raise ModelUnreachable(message, retry_after_s=left_s)
            self._open_until = self._clock() + self._rest_s  # the others wait for what becomes of this one

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._open_until = 0, None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._open_until = self._clock() + self._rest_s
