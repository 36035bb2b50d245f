"""How far a long benchmark is, on stderr: a line that is written over in a terminal, elsewhere one now and then."""

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

IN_TERMINAL_S = 0.5
ELSEWHERE_S = 30.0


class ProgressLine:
    """While it is open, tells how many of `total` are done, and what `state` says beside; a thread of its own asks."""

    def __init__(
        self, total: int, unit: str, state: Callable[[], tuple[int, str]], stream: TextIO | None = None
    ) -> None:
        self._total, self._unit, self._state = total, unit, state
        self._stream = stream or sys.stderr
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)
        self._begin = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._write("\n" if self._stream.isatty() else "")

    def _tell(self) -> None:
        every_s = IN_TERMINAL_S if self._stream.isatty() else ELSEWHERE_S
        while not self._over.wait(every_s):
            self._write("")

    def _write(self, ending: str) -> None:
        done, beside = self._state()
        passed_s = time.monotonic() - self._begin
        parts = [f"{done:,} of {self._total:,} {self._unit}", beside, f"{_clock(passed_s)} passed"]
        if 0 < done < self._total:
            parts.append(f"about {_clock(passed_s * (self._total - done) / done)} left")
        text = ", ".join(part for part in parts if part)
        self._stream.write(f"\r\x1b[K{text}{ending}" if self._stream.isatty() else f"{text}\n")
        self._stream.flush()


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
