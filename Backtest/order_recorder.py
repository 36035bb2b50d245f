"""What a strategy decides, bar by bar: the orders that wait once it has seen a bar, and the line that sent them."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from Backtest.run_result import PendingOrder

MOST_ORDERS = 20_000
"""So many are kept of a run: orders of the library wait until they are filled, and code may send one on each bar."""

_MOST_FRAMES = 12


class Recorder:
    """Keeps the orders of one run; `file_name` is the strategy's, whose lines are noted."""

    def __init__(self, first_bar: int, file_name: str) -> None:
        self.orders: list[PendingOrder] = []
        self._first_bar, self._file_name = first_bar, file_name
        self._last: list[tuple[Any, ...]] = []
        self._line: int | None = None

    def recorded(self, strategy_class: type[Any]) -> type[Any]:
        """The same strategy, whose waiting orders are looked at after each of its bars."""
        recorder = self

        class Recorded(strategy_class):  # type: ignore[misc]
            def next(self) -> None:
                super().next()
                recorder.look(len(self.data) - 1, self._broker.orders)

        Recorded.__name__ = strategy_class.__name__
        Recorded.__qualname__ = strategy_class.__qualname__
        Recorded.__module__ = strategy_class.__module__
        return Recorded

    def look(self, bar: int, orders: list[Any]) -> None:
        line, self._line = self._line, None
        if bar < self._first_bar:
            return
        waiting = [_figures(order) for order in orders]
        if waiting == self._last or len(self.orders) >= MOST_ORDERS:
            return
        self._last = waiting
        for figures in waiting or [(0.0, "entry", None, None, None, None)]:
            self.orders.append(PendingOrder(bar - self._first_bar, *figures, line))

    @contextmanager
    def noting_lines(self) -> Iterator[None]:
        """Notes which line of the strategy last sent, moved or took back an order."""
        from backtesting.backtesting import Order, Position, Strategy, Trade

        places = [(Strategy, "buy"), (Strategy, "sell"), (Position, "close"), (Trade, "close"), (Order, "cancel")]
        places.append((Trade, "_Trade__set_contingent"))
        before = [(owner, name, getattr(owner, name)) for owner, name in places]
        for owner, name, function in before:
            setattr(owner, name, self._noted(function))
        try:
            yield
        finally:
            for owner, name, function in before:
                setattr(owner, name, function)

    def _noted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            frame = sys._getframe(1)
            for _ in range(_MOST_FRAMES):
                if frame.f_code.co_filename == self._file_name:
                    self._line = frame.f_lineno
                    break
                if frame.f_back is None:
                    break
                frame = frame.f_back
            return function(*given, **named)

        return noted


def _figures(order: Any) -> tuple[float, str, float | None, float | None, float | None, float | None]:
    prices = (_finite(price) for price in (order.limit, order.stop, order.sl, order.tp))
    return (float(order.size), "exit" if order.parent_trade is not None else "entry", *prices)  # type: ignore[return-value]


def _finite(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
