"""Arrays of indicators, patterns and calendar columns, kept for as long as there is room."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np

MAX_BYTES = 256 * 1024 * 1024


class ArrayCache:
    """The arrays last asked for, `max_bytes` of them at most; safe to share between threads.

    What is kept can't be written to. A key must say all that the arrays depend on, the bars' content hash first.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Hashable, tuple[np.ndarray, ...]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
        """The arrays of `key`, computed where they are not kept (by two threads at once, at worst)."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        arrays = tuple(np.ascontiguousarray(array, dtype=np.float64) for array in compute())
        for array in arrays:
            array.flags.writeable = False
        with self._lock:
            self._keep(key, arrays)
        return arrays

    def _keep(self, key: Hashable, arrays: tuple[np.ndarray, ...]) -> None:
        size = _bytes_of(arrays)
        if key in self._kept or size > self._max_bytes:
            return
        self._kept[key] = arrays
        self._bytes += size
        while self._bytes > self._max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= _bytes_of(dropped)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes_kept(self) -> int:
        return self._bytes


def _bytes_of(arrays: tuple[np.ndarray, ...]) -> int:
    return sum(array.nbytes for array in arrays)
