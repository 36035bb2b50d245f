"""The charts as static SVG: what a reader without JavaScript, and a printer, sees. report.js draws over them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy.typing as npt

from Backtest.report.axes import tick_digits, time_ticks, value_ticks
from Backtest.report.buckets import Buckets
from Backtest.report.wording import moment, number, signed, signed_percent
from Backtest.run_result import ClosedTrade, OpenTrade

WIDTH: Final = 1120
LAYOUT: Final = {"left": 6, "right": 74, "top": 12, "bottom": 26}
HEIGHTS: Final = {"equity": 290, "drawdown": 140, "price": 400}
_MARK: Final = 5.5  # half the width of a mark


@dataclass(frozen=True)
class Mark:
    """A drawn event: its SVG path, its CSS classes and what it says."""

    path: str
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Panel:
    """One chart in SVG units; `marks` are painted in their order."""

    name: str
    label: str
    width: int
    height: int
    plot_right: float
    plot_top: float
    plot_bottom: float
    value_ticks: tuple[tuple[float, str], ...]
    time_ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class _Frame:
    """Bars and values -> places in a panel."""

    height: int
    bars: int
    low: float
    high: float

    def x(self, bar: float) -> float:
        width = WIDTH - LAYOUT["left"] - LAYOUT["right"]
        return LAYOUT["left"] + (bar + 0.5) / self.bars * width

    def y(self, value: float) -> float:
        room = self.height - LAYOUT["top"] - LAYOUT["bottom"]
        return LAYOUT["top"] + (self.high - value) / (self.high - self.low) * room

    def line(self, points: Iterable[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.x(bar):.1f} {self.y(value):.1f}" for bar, value in points)


def equity_panel(buckets: Buckets, stamps: Sequence[str], cash: float) -> Panel:
    """The equity at each close, and the opening cash as a line across."""
    low, high = min(cash, float(buckets.equity_low.min())), max(cash, float(buckets.equity_high.max()))
    frame = _framed("equity", buckets.bars, low, high)
    curve = frame.line(_points(buckets, buckets.equity))
    base = frame.line([(-0.5, cash), (buckets.bars - 0.5, cash)])
    shade = f"{curve}L{frame.x(buckets.centre(len(buckets) - 1)):.1f} {frame.y(frame.low):.1f}"
    marks = [Mark(f"{shade}L{frame.x(buckets.centre(0)):.1f} {frame.y(frame.low):.1f}Z", "shade"), Mark(base, "base")]
    if buckets.bars_each > 1:
        marks.append(Mark(_band(frame, buckets, buckets.equity_low, buckets.equity_high), "band"))
    label = f"Equity from {number(cash)} to {number(float(buckets.equity[-1]))}"
    return _panel("equity", label, frame, stamps, buckets, [*marks, Mark(curve, "curve")])


def drawdown_panel(buckets: Buckets, stamps: Sequence[str]) -> Panel:
    """How far the equity is below its highest point so far, in percent."""
    deepest = float(buckets.drawdown.min())
    frame = _Frame(HEIGHTS["drawdown"], buckets.bars, min(deepest * 1.06, -0.01), 0.0)
    curve = frame.line(_points(buckets, buckets.drawdown))
    last, first = frame.x(buckets.centre(len(buckets) - 1)), frame.x(buckets.centre(0))
    area = f"{curve}L{last:.1f} {frame.y(0):.1f}L{first:.1f} {frame.y(0):.1f}Z"
    marks = [Mark(area, "depth"), Mark(curve, "depth-line")]
    label = f"Drawdown, {number(deepest)} percent at its deepest"
    return _panel(
        "drawdown", label, frame, stamps, buckets, marks, form=lambda value, digits: f"{number(value, digits)} %"
    )


def price_panel(
    buckets: Buckets, stamps: Sequence[str], closed: Sequence[ClosedTrade], held: Sequence[OpenTrade], digits: int
) -> Panel:
    """The closes with the range of each stretch, and where trades were entered and left."""
    prices = [float(buckets.low.min()), float(buckets.high.max())]
    prices += [price for trade in closed for price in (trade.entry_price, trade.exit_price)]
    prices += [trade.entry_price for trade in held]
    frame = _framed("price", buckets.bars, min(prices), max(prices))
    marks = [
        Mark(_band(frame, buckets, buckets.low, buckets.high), "band"),
        Mark(frame.line(_points(buckets, buckets.close)), "close"),
        *(_way(frame, trade) for trade in closed),
        *(_way_on(frame, trade) for trade in held),
        *(_exit(frame, trade, digits) for trade in closed),
        *(_entry(frame, trade, digits) for trade in closed),
        *(_entry(frame, trade, digits) for trade in held),
    ]
    label = f"Close from {number(float(buckets.close[0]), digits)} to {number(float(buckets.close[-1]), digits)}"
    return _panel("price", f"{label}, {len(closed)} closed trades", frame, stamps, buckets, marks)


def _framed(name: str, bars: int, low: float, high: float) -> _Frame:
    """Room above and below the values; a flat line stands in the middle."""
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return _Frame(HEIGHTS[name], bars, low - margin, high + margin)


def _panel(
    name: str,
    label: str,
    frame: _Frame,
    stamps: Sequence[str],
    buckets: Buckets,
    marks: Sequence[Mark],
    form: Callable[[float, int], str] = number,
) -> Panel:
    ticks = value_ticks(frame.low, frame.high, 6 if frame.height > 200 else 4)
    digits = tick_digits(ticks)
    return Panel(
        name=name,
        label=label,
        width=WIDTH,
        height=frame.height,
        plot_right=WIDTH - LAYOUT["right"],
        plot_top=LAYOUT["top"],
        plot_bottom=frame.height - LAYOUT["bottom"],
        value_ticks=tuple((frame.y(tick), form(tick, digits)) for tick in ticks),
        time_ticks=tuple((frame.x(buckets.centre(bucket)), text) for bucket, text in time_ticks(stamps)),
        marks=tuple(marks),
    )


def _points(buckets: Buckets, values: npt.NDArray[Any]) -> Iterable[tuple[float, float]]:
    return ((buckets.centre(i), value) for i, value in enumerate(values.tolist()))


def _band(frame: _Frame, buckets: Buckets, low: npt.NDArray[Any], high: npt.NDArray[Any]) -> str:
    """From the lows to the highs and back."""
    there = frame.line(_points(buckets, high))
    back = frame.line(reversed(list(_points(buckets, low))))
    return f"{there}L{back[1:]}Z"


def _way(frame: _Frame, trade: ClosedTrade) -> Mark:
    ends = [(trade.entry_bar, trade.entry_price), (trade.exit_bar, trade.exit_price)]
    return Mark(frame.line(ends), f"way {_outcome(trade)}")


def _way_on(frame: _Frame, trade: OpenTrade) -> Mark:
    ends = [(trade.entry_bar, trade.entry_price), (trade.entry_bar + trade.duration_bars, trade.last_price)]
    return Mark(frame.line(ends), "way open")


def _outcome(trade: ClosedTrade) -> str:
    return "gain" if trade.pnl > 0 else "loss"


def _entry(frame: _Frame, trade: ClosedTrade | OpenTrade, digits: int) -> Mark:
    """A triangle that points at the fill: from below for a long, from above for a short."""
    side, tip = ("long", 1) if trade.size > 0 else ("short", -1)
    x, y = frame.x(trade.entry_bar), frame.y(trade.entry_price)
    path = f"M{x:.1f} {y:.1f}l{-_MARK} {tip * 2 * _MARK}h{2 * _MARK}z"
    text = f"{moment(trade.entry_time)}: {side} {number(abs(trade.size), 0)} at {number(trade.entry_price, digits)}"
    return Mark(path, f"entry {side}", text)


def _exit(frame: _Frame, trade: ClosedTrade, digits: int) -> Mark:
    """A dot for a trade that won, a cross for one that lost: told apart without colours too."""
    x, y, r = frame.x(trade.exit_bar), frame.y(trade.exit_price), _MARK - 1.5
    dot = f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    cross = f"M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}"
    result = f"{signed(trade.pnl)} ({signed_percent(trade.return_pct)})"
    text = f"{moment(trade.exit_time)}: closed at {number(trade.exit_price, digits)}, {result}"
    return Mark(dot if trade.pnl > 0 else cross, f"exit {_outcome(trade)}", text)
