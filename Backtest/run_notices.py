"""What the broker or a strategy warned of during a run, told once each."""

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

MAX_NOTICES = 50
MAX_NOTICE_CHARACTERS = 300
_NUMBERS = re.compile(r"\d[\d.,:\- ]*")
_BROKER_BAR = re.compile(r"^time=(\d+): ")
_TOLD_WARNINGS = (UserWarning, RuntimeWarning)  # the rest is between a library and its programmer

WARNINGS = threading.RLock()
"""Who listens to warnings holds it: what happens to them is the whole process's, not a thread's."""


class Notices:
    """Collects warnings, one line for those that differ in their numbers only, with their count."""

    def __init__(self, first_bar: int) -> None:
        self._first_bar = first_bar
        self._first_text: dict[str, str] = {}
        self._count: dict[str, int] = {}
        self._left_out = 0

    @contextmanager
    def collecting(self) -> Iterator[None]:
        with WARNINGS, warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = self._add
            yield

    def _add(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        text = " ".join(str(message).split())[:MAX_NOTICE_CHARACTERS]
        if not issubclass(category, _TOLD_WARNINGS) or text.startswith("Some trades remain open"):
            return
        text = _BROKER_BAR.sub(lambda bar: f"Bar {int(bar[1]) - self._first_bar}: ", text)
        kind = _NUMBERS.sub("#", text)
        if kind in self._count:
            self._count[kind] += 1
        elif len(self._count) < MAX_NOTICES:
            self._first_text[kind] = text
            self._count[kind] = 1
        else:
            self._left_out += 1

    def texts(self) -> tuple[str, ...]:
        texts = [
            text if self._count[kind] == 1 else f"{text} ({self._count[kind]} times, first shown)"
            for kind, text in self._first_text.items()
        ]
        if self._left_out:
            texts.append(f"{self._left_out} further warnings are not shown.")
        return tuple(texts)
