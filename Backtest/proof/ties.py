"""Bars on which both sides of a comparison are equal to the last bit, where that decides: what tells `<` from `<=`."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import pandas as pd

from Backtest.account import Account
from Backtest.canonical import conditions as c
from Backtest.canonical.node import Node
from Backtest.canonical.operands import POSITION_OPERANDS, Number, Operand, Price
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.data.bars import Bars, Window
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.conditions import Reader
from Backtest.kernel.interpreter.operands import value
from Backtest.proof.drawing import Series
from Backtest.proof.trusted import execute

LEVERS = ("Close", "Open", "Volume", "High", "Low")
"""What is moved until both sides are equal: the first that moves them past each other."""

_HALVINGS = 60
_NEIGHBOURS = 30
_NUDGES = 120
_NUDGE_BITS = 997
"""How often, and by how many last bits, a price before is moved where no number of the lever makes a tie."""
_NUDGED_BARS = 8
_FRUITLESS_BARS = 8
_AFTER_BARS = 12
"""Bars that follow the tie: time for what it decides to be filled and to be left again."""

_ALWAYS = c.Compare(op="<", left=Number(value=0.0), right=Number(value=1.0))
_NEVER = c.Compare(op=">", left=Number(value=0.0), right=Number(value=1.0))


_OF_TIES = (
    "op ",
    "inclusive ",
    "or unchanged",
    "as soon as they are equal",
    "only from strictly",
    "written out, equal",
)


def is_of_tie(said: str, pointer: str) -> bool:
    """Whether the rival of these words is one of the comparison there that only equal numbers give away."""
    return any(said.startswith(f"{pointer}: {words}") for words in _OF_TIES)


@dataclass(frozen=True)
class _Leaf:
    """A comparison in a rule: its pointer, the rule's whole condition, and whether the rule acts on a position."""

    pointer: str
    condition: Any
    root: Any
    acts: Literal["flat", "holding"]

    def pairs(self) -> list[tuple[Operand, Operand]]:
        """What is compared with what, as far as the bars alone decide it."""
        node, found = self.condition, []
        match node:
            case c.Compare() | c.CrossAbove() | c.CrossBelow():
                found = [(node.left, node.right)]
            case c.Between():
                found = [(node.value, node.low), (node.value, node.high)]
            case c.Touches():
                found = [(Price(field="Low"), node.value), (Price(field="High"), node.value)]
            case c.Rising() | c.Falling() if isinstance(node.value, Price):
                found = [(node.value, node.value.model_copy(update={"shift": node.value.shift + 1}))]
        return [pair for pair in found if not any(_of_position(side) for side in pair)]


class Tie(NamedTuple):
    """A series that ends a few bars after `bar`, on which both sides of the comparison at `pointer` are equal."""

    pointer: str
    bar: int
    sides: tuple[Operand, Operand]
    series: Series


def tied(
    spec: Spec, account: Account, grounds: Sequence[Series], is_wanted: Callable[[str], bool], *, limit: int
) -> Iterator[Tie]:
    """Series that end a few bars after a tie, as they are found.

    Only comparisons of which `is_wanted` holds, told by their pointer, are looked at, and `limit` bars of each.
    """
    for leaf in _leaves(spec):
        for left, right in leaf.pairs():
            fruitless = 0
            for ground in grounds:
                for bar in _promising(spec, account, ground.window, leaf, left, right)[: limit // len(grounds)]:
                    if not is_wanted(leaf.pointer) or fruitless >= _FRUITLESS_BARS:
                        break
                    begun = _with_tie(spec, ground.window.bars.frame, bar, left, right)
                    fruitless = 0 if begun is not None else fruitless + 1
                    if begun is not None:
                        for series in _continued(f"a tie in {leaf.pointer}", ground.window.bars, begun):
                            yield Tie(leaf.pointer, bar, (left, right), series)


def _leaves(spec: Spec) -> Iterator[_Leaf]:
    roots: list[tuple[str, Any, Literal["flat", "holding"]]] = [
        *((f"/entry_rules/{i}/when", rule.when, "flat") for i, rule in enumerate(spec.entry_rules)),
        *((f"/exit_rules/{i}/when", rule.when, "holding") for i, rule in enumerate(spec.exit_rules)),
        ("/filters/when", spec.filters.when, "flat"),
    ]
    for pointer, root, acts in roots:
        if root is not None:
            for at, node in walk(root, pointer):
                yield _Leaf(at, node, root, acts)


def _of_position(operand: Operand) -> bool:
    return any(isinstance(node, POSITION_OPERANDS) for _, node in walk(operand))


def _promising(spec: Spec, account: Account, window: Window, leaf: _Leaf, left: Operand, right: Operand) -> list[int]:
    """Bars, best first: those on which the comparison decides the rule, and the rule something; then by nearness."""
    chart = Chart(spec, window.bars.frame)
    held = _held(spec, account, window)
    on, off = (_with_leaf(leaf.root, leaf.condition, truth) for truth in (_ALWAYS, _NEVER))
    reader = Reader(chart, None)
    ranked = []
    for bar in range(2, len(chart) - _AFTER_BARS):
        gap = gap_between(chart, bar, left, right)
        if gap is None:
            continue
        decides = reader.truth(on, bar) is True and reader.truth(off, bar) is not True
        acts = (bar in held) == (leaf.acts == "holding")
        ranked.append((-(2 * decides + acts), abs(gap), bar))
    return [bar for *_, bar in sorted(ranked)]


def _held(spec: Spec, account: Account, window: Window) -> set[int]:
    run = execute(spec, window, account)
    held = {bar for trade in run.trades for bar in range(trade.entry_bar, trade.exit_bar)}
    return held | {bar for trade in run.open_at_end for bar in range(trade.entry_bar, len(window.bars))}


def _with_leaf(node: Any, leaf: Node, truth: Node) -> Any:
    """The condition with `truth` in the place of the leaf."""
    if node is leaf:
        return truth
    update: dict[str, Any] = {}
    for name in type(node).model_fields:
        part = getattr(node, name)
        if isinstance(part, Node):
            update[name] = _with_leaf(part, leaf, truth)
        elif isinstance(part, tuple) and part and isinstance(part[0], Node):
            update[name] = tuple(_with_leaf(item, leaf, truth) for item in part)
    return node.model_copy(update=update) if update else node


def gap_between(chart: Chart, bar: int, left: Operand, right: Operand) -> float | None:
    """By how much the left side is above the right one; None where either has no value."""
    one, other = (value(side, bar, chart, None) for side in (left, right))
    return None if one is None or other is None else one - other


def closed_by(frame: pd.DataFrame, bar: int, by: float) -> pd.DataFrame:
    """The bars, one of which closes by so much higher."""
    moved, columns = frame.copy(), list(frame.columns)
    close, high, low = (float(frame[name].iloc[bar]) for name in ("Close", "High", "Low"))
    for name, number in (("Close", close + by), ("High", max(high, close + by)), ("Low", min(low, close + by))):
        moved.iat[bar, columns.index(name)] = number
    return moved


def between(tie: Tie, rival: Spec) -> Iterator[Series]:
    """The tie's series with its close half way to where the rival has its tie: on one side of the spec's and on the
    other side of the rival's."""
    node = next((node for pointer, node in walk(rival) if pointer == tie.pointer), None)
    if not isinstance(node, c.Compare | c.CrossAbove | c.CrossBelow):
        return
    bars = tie.series.window.bars
    gap = gap_between(Chart(rival, bars.frame), tie.bar, node.left, node.right)
    for by in (gap / 2, -gap / 2) if gap else ():
        frame = closed_by(bars.frame, tie.bar, by)
        if float(frame["Low"].iloc[tie.bar]) > 0:
            made = Bars.from_frame(frame, symbol="DRAWN", source="csv", zone="UTC", timeframe=bars.timeframe)
            yield Series(f"nearly {tie.series.name}", Window(made, 0))


class _Lever:
    """The bars up to one, whose lever is moved: a price drags high and low along."""

    def __init__(self, spec: Spec, frame: pd.DataFrame, bar: int, lever: str, sides: tuple[Operand, Operand]) -> None:
        self._spec, self._bar, self._lever, self._sides = spec, bar, lever, sides
        self.frame = frame.iloc[: bar + 1].copy()
        self._row = {str(name): float(number) for name, number in self.frame.iloc[-1].items()}
        self.here = self._row[lever]

    def set(self, number: float) -> None:
        row = {**self._row, self._lever: number}
        body = [row[name] for name in ("Open", "Close", self._lever if self._lever != "Volume" else "Close")]
        row["High"], row["Low"] = max(row["High"], *body), min(row["Low"], *body)
        if self._lever == "High":
            row["High"] = max(number, row["Open"], row["Close"], row["Low"])
        if self._lever == "Low":
            row["Low"] = min(number, row["Open"], row["Close"], row["High"])
        for position, name in enumerate(self.frame.columns):
            self.frame.iat[-1, position] = row[str(name)]

    def nudge(self, back: int, name: str) -> None:
        """The close or the high so many bars before, some last bits further up."""
        number, high = (float(self.frame[each].iloc[-1 - back]) for each in (name, "High"))
        number += _NUDGE_BITS * math.ulp(number)
        for each, moved in ((name, number), ("High", max(high, number))):
            self.frame.iat[-1 - back, list(self.frame.columns).index(each)] = moved

    def gap(self, number: float) -> float | None:
        self.set(number)
        return gap_between(Chart(self._spec, self.frame), self._bar, *self._sides)


def _with_tie(spec: Spec, frame: pd.DataFrame, bar: int, left: Operand, right: Operand) -> pd.DataFrame | None:
    """The bars up to `bar`, on which both sides are equal; None where no lever makes them."""
    for name in LEVERS:
        lever = _Lever(spec, frame, bar, name, (left, right))
        if lever.gap(lever.here) == 0:
            return lever.frame
        bounds = _bracket(lever)
        if bounds is not None:
            low, high = _passing(lever, *bounds)
            found = _neighbour(lever, low, high)
            found = _nudged(lever, low) if found is None and bar > _NUDGED_BARS else found
            if found is not None:
                lever.set(found)
                return lever.frame
    return None


def _bracket(lever: _Lever) -> tuple[float, float] | None:
    """Two places of the lever, the lower one first, between which the sides pass each other."""
    here = lever.here
    at_here = lever.gap(here)
    if at_here is None or here <= 0:
        return None
    for reach in (0.02, 0.08, 0.3):
        for other in (here * (1 - reach), here * (1 + reach)):
            there = lever.gap(other)
            if there is not None and there * at_here <= 0 and there != at_here:
                return min(here, other), max(here, other)
    return None


def _passing(lever: _Lever, low: float, high: float) -> tuple[float, float]:
    """By halves to the two numbers next to each other between which both sides pass, or to one where they meet."""
    for end in (low, high):
        if lever.gap(end) == 0:
            return end, end
    sign = math.copysign(1, lever.gap(low) or 0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        found = lever.gap(middle)
        if found is None:
            break
        if found == 0:
            return middle, middle
        low, high = (middle, high) if math.copysign(1, found) == sign else (low, middle)
    return low, high


def _neighbour(lever: _Lever, low: float, high: float) -> float | None:
    """A number near by where both sides are equal: roundings may make them so beside the place itself."""
    for _ in range(_NEIGHBOURS):
        for candidate in (low, high):
            if lever.gap(candidate) == 0:
                return candidate
        low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    return None


def _nudged(lever: _Lever, number: float) -> float | None:
    """A number where both sides are equal once prices before are moved a little: each move shifts what is rounded."""
    bit = math.ulp(number)
    ends = [lever.gap(number + by * bit) for by in (-64, 64)]
    slope = None if None in ends else (ends[1] - ends[0]) / 128  # type: ignore[operator]
    for k in range(_NUDGES if slope else 0):
        lever.nudge(1 + k % _NUDGED_BARS, "Close" if k // _NUDGED_BARS % 2 == 0 else "High")
        for _ in range(3):
            gap = lever.gap(number)
            if gap is None:
                return None
            if gap == 0:
                return number
            number -= round(gap / slope) * bit if slope and abs(gap / slope) < 1e6 else 0.0
    return None


def _continued(name: str, bars: Bars, begun: pd.DataFrame) -> Iterator[Series]:
    """The tie, followed by a rise and by a fall from where it stands, either of which turns later."""
    later = bars.frame.index[len(begun) : len(begun) + _AFTER_BARS]
    close, volume = float(begun["Close"].iloc[-1]), float(begun["Volume"].iloc[-1])
    for way in (1, -1):
        rows, opening = [], close
        for k in range(len(later)):
            closing = opening + way * close * 0.02 * (1 if k < _AFTER_BARS // 2 else -1.5)
            rows.append((opening, max(opening, closing), min(opening, closing), closing, volume))
            opening = closing
        after = pd.DataFrame(rows, index=later, columns=begun.columns, dtype=float)
        whole = pd.concat([begun, after])
        drawn = Bars.from_frame(whole, symbol="DRAWN", source="csv", zone="UTC", timeframe=bars.timeframe)
        yield Series(name, Window(drawn, 0))
