"""Where two runs of one spec part first, in words: its own execution, and the code that is said to do the same."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any, Literal

import pandas as pd

from Backtest.data.bars import Window
from Backtest.kernel.execution import Execution
from Backtest.run_result import ClosedTrade, OpenTrade, RunResult, stamp_writer

Run = Execution | RunResult
Trade = ClosedTrade | OpenTrade
Kind = Literal["trade", "equity"]

ENTRY_FIELDS = ("entry_bar", "size", "entry_price")
EXIT_FIELDS = ("exit_bar", "exit_price")
OTHER_FIELDS = ("commission", "pnl", "return_pct", "last_price", "unrealised_pnl", "stop_price", "target_price")
COMPARED_FIELDS = (*ENTRY_FIELDS, *EXIT_FIELDS, *OTHER_FIELDS)
"""Of a trade, in this order. Stamps and durations follow from the bars; `tag` and `closed_by` are names of what made a
trade, which an account doesn't feel: code of another hand may call its orders what it likes."""

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class Difference:
    """The first place where the code does not do what its specification does.

    `number` counts the trades from 1, in the order of their entries, `bar` the window's bars from 0; `time` is that
    bar's stamp. `field` is of a trade, None where one side has no such trade at all; `expected` is the specification's
    value of it and `found` the code's. `specification` and `code` are the whole trades.
    """

    kind: Kind
    number: int | None
    field: str | None
    bar: int
    time: str
    expected: float | None
    found: float | None
    sentence: str
    specification: Trade | None = None
    code: Trade | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "kind": self.kind,
            "number": self.number,
            "field": self.field,
            "bar": self.bar,
            "time": self.time,
            "expected": self.expected,
            "found": self.found,
            "message": self.sentence,
            "specification": None if self.specification is None else asdict(self.specification),
            "code": None if self.code is None else asdict(self.code),
        }


def first_difference(specification: Run, code: Run, window: Window) -> Difference | None:
    """The first trade, closed or left open, or else the first bar's equity, that is not the same to the last bit.

    Both are runs on `window`. Notices are not compared: what a file warns of is its own affair.
    """
    pairs = zip_longest(_by_entry(specification), _by_entry(code))
    for number, (ours, theirs) in enumerate(pairs, start=1):
        field = next(_differing(ours, theirs), None) if ours and theirs else None
        if field is not None or ours is None or theirs is None:
            return _Telling(window, number, ours, theirs).difference(field)
    for bar, (ours_at, theirs_at) in enumerate(zip_longest(specification.equity, code.equity)):
        if ours_at != theirs_at:
            return _of_equity(window, bar, ours_at, theirs_at)
    return None


def _by_entry(run: Run) -> list[Trade]:
    """Closed trades and open ones in the order of their entries, then of their exits; what is open ends last."""

    def order(trade: Trade) -> tuple[int, bool, int]:
        end = _exit_bar(trade)
        return trade.entry_bar, end is None, end or 0

    return sorted((*run.trades, *run.open_at_end), key=order)


def _exit_bar(trade: Trade) -> int | None:
    return trade.exit_bar if isinstance(trade, ClosedTrade) else None


def _differing(ours: Trade, theirs: Trade) -> Iterator[str]:
    return (name for name in COMPARED_FIELDS if getattr(ours, name, None) != getattr(theirs, name, None))


def _of_equity(window: Window, bar: int, expected: float | None, found: float | None) -> Difference:
    time = _stamp(window, bar)
    said = (
        f"The equity at the close of {time} is {_figure(expected)} by the specification, {_figure(found)} by the code."
    )
    return Difference("equity", None, "equity", bar, time, expected, found, said)


def _stamp(window: Window, bar: int) -> str:
    """The stamp of a bar; of the nearest one where code names a bar that isn't there."""
    index = pd.DatetimeIndex(window.bars.frame.index)
    return stamp_writer(index, window.bars.timeframe)(index[max(0, min(window.first_bar + bar, len(index) - 1))])


@dataclass(frozen=True)
class _Telling:
    """One trade that is not the same on both sides, told."""

    window: Window
    number: int
    ours: Trade | None
    theirs: Trade | None

    def difference(self, field: str | None) -> Difference:
        bar = self._bar(field)
        return Difference(
            "trade",
            self.number,
            field,
            bar,
            _stamp(self.window, bar),
            None if field is None else getattr(self.ours, field, None),
            None if field is None else getattr(self.theirs, field, None),
            f"The {ordinal(self.number)} trade: {self._said(field)}.",
            self.ours,
            self.theirs,
        )

    def _bar(self, field: str | None) -> int:
        """Where the two part: an entry's bar for what an entry decides, an exit's for the rest."""
        sides = [side for side in (self.ours, self.theirs) if side is not None]
        if field is None or field in ENTRY_FIELDS:
            return min(side.entry_bar for side in sides)
        exits = [bar for bar in map(_exit_bar, sides) if bar is not None]
        return min(exits) if exits else len(self.window.bars) - self.window.first_bar - 1

    def _said(self, field: str | None) -> str:
        ours, theirs = self.ours, self.theirs
        if ours is None or theirs is None:
            made, other = ("specification", "code") if theirs is None else ("code", "specification")
            return f"the {made} {self._entry(ours or theirs)}, and the {other} makes no such trade"
        if field in ENTRY_FIELDS:
            return f"the code {self._entry(theirs)}, the specification {self._entry(ours)}"
        if field in EXIT_FIELDS:
            return f"the code {self._exit(theirs)}, the specification {self._exit(ours)}"
        name = str(field).replace("_", " ")
        values = f"{_figure(getattr(theirs, str(field)))} by the code, {_figure(getattr(ours, str(field)))}"
        return f"its {name} is {values} by the specification"

    def _entry(self, trade: Trade | None) -> str:
        if trade is None:
            raise ValueError("a trade that neither side made differs in nothing")
        verb = "buys" if trade.size > 0 else "sells short"
        at = self._fill(trade.entry_bar, trade.entry_time, trade.entry_price)
        return f"{verb} {abs(trade.size):,} {'unit' if abs(trade.size) == 1 else 'units'} {at}"

    def _exit(self, trade: Trade) -> str:
        if not isinstance(trade, ClosedTrade):
            return "holds to the end of the data"
        verb = "sells" if trade.size > 0 else "covers"
        closed_by = trade.closed_by if trade is self.ours else None  # the code can't tell
        because = f" ({closed_by.replace('_', ' ')})" if closed_by else ""
        return f"{verb} {self._fill(trade.exit_bar, trade.exit_time, trade.exit_price)}{because}"

    def _fill(self, bar: int, time: str, price: float) -> str:
        row = self.window.first_bar + bar
        opens = self.window.bars.frame["Open"]
        at_open = 0 <= row < len(opens) and float(opens.iloc[row]) == price
        return f"at the open of {time}, {price!r}" if at_open else f"at {price!r} on {time}"


def _figure(value: float | None) -> str:
    return "none" if value is None else repr(value)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{_ENDINGS.get(number % 10, 'th')}"
