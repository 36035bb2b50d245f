"""The shortest series that still shows a difference: what was seen on thousands of bars is read on a handful."""

from collections.abc import Callable

import pandas as pd

from Backtest.data.bars import Bars, Window
from Backtest.proof.comparison import Difference

Look = Callable[[Window], Difference | None]


def shrunk(window: Window, difference: Difference, look: Look, *, looks: int) -> tuple[Window, Difference]:
    """The window cut down as far as `looks` calls of `look` allow, and the first difference on what is left of it.

    What comes after the difference goes first, then what came before, then pieces in between; the stamps of what is
    left stay as they were.
    """
    search = _Search(window, difference, look, looks)
    search.cut_the_end()
    search.cut_the_start()
    search.cut_pieces()
    return search.window, search.difference


class _Search:
    def __init__(self, window: Window, difference: Difference, look: Look, looks: int) -> None:
        self.window, self.difference, self._look, self._left = window, difference, look, looks

    def cut_the_end(self) -> None:
        for after in (1, 2, 4):
            stop = self.window.first_bar + self.difference.bar + after
            if stop >= len(self.window.bars) or self._holds(self.window.bars.frame.iloc[:stop], self.window.first_bar):
                return

    def cut_the_start(self) -> None:
        """Half of the bars at the front, then a quarter, and so on: those that are not missed go."""
        piece = len(self.window.bars) // 2
        while piece >= 1 and self._left > 0:
            if piece >= len(self.window.bars) or not self._cut(0, piece):
                piece //= 2

    def cut_pieces(self) -> None:
        """Pieces from the middle, the longest first."""
        piece = len(self.window.bars) // 4
        while piece >= 1 and self._left > 0:
            start = 0
            while start + piece < len(self.window.bars) and self._left > 0:
                if not self._cut(start, piece):
                    start += piece
            piece //= 2

    def _cut(self, start: int, length: int) -> bool:
        frame = self.window.bars.frame
        rest = pd.concat([frame.iloc[:start], frame.iloc[start + length :]])
        return self._holds(rest, max(0, self.window.first_bar - length))

    def _holds(self, frame: pd.DataFrame, first_bar: int) -> bool:
        """Whether both sides differ on these bars too, which then stand for the others."""
        if self._left <= 0 or not 0 <= first_bar < len(frame):
            return False
        self._left -= 1
        whole = self.window.bars
        bars = Bars.from_frame(
            frame, symbol=whole.symbol, source=whole.source, zone=whole.zone, timeframe=whole.timeframe
        )
        window = Window(bars, first_bar)
        difference = self._look(window)
        if difference is None:
            return False
        self.window, self.difference = window, difference
        return True
