"""Bars drawn to be difficult: prices on a coarse grid that meet levels exactly, gaps, standstills, wide bars, holes in
the calendar. All of a series follows from the text that seeds its dice."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from Backtest.data.bars import Bars, Window
from Backtest.timeframes import TIMEFRAMES, is_intraday

COLUMNS = ("Open", "High", "Low", "Close", "Volume")
_DAY_S = 86_400
_CREEPS = 16
_STEPS_PER_PRICE = 100
"""About so many steps of the grid make the price: one step is a percent."""


@dataclass(frozen=True)
class Scale:
    """What drawn bars look like: `price` where they begin, `step` of the grid, `volume` of a bar, in the units of the
    data; `minute` is the clock's minute that intraday stamps fall on. Moves are `spread` times as wide as usual."""

    price: float
    step: float
    volume: float
    timeframe: str
    minute: int = 0
    spread: float = 1.0

    def at(self, price: float) -> "Scale":
        """The same kind of bars around another price."""
        return replace(self, price=price, step=_step(price * self.spread))

    def spread_by(self, spread: float) -> "Scale":
        """The same bars with other widths of their moves."""
        return replace(self, step=_step(self.price * spread), spread=spread)


@dataclass(frozen=True)
class Series:
    """A named window that code is tried on."""

    name: str
    window: Window


@dataclass(frozen=True)
class _Manner:
    """How prices go for some bars. `moves` are those of the close in steps, `rough` the deviation of a free one as a
    fraction; `gap` is the chance of a jump between bars, `wick` how far a bar may reach, as a fraction."""

    moves: tuple[int, ...] = (0,)
    rough: float = 0.0
    gap: float = 0.0
    wick: float = 0.0


MANNERS = {
    "ties": _Manner((-2, -1, -1, 0, 0, 0, 1, 1, 2), wick=0.01),
    "still": _Manner(),
    "rise": _Manner((0, 1, 1, 2, 3), wick=0.01),
    "fall": _Manner((0, -1, -1, -2, -3), wick=0.01),
    "zigzag": _Manner((-4, -3, 3, 4), wick=0.01),
    "gaps": _Manner((-2, -1, 0, 1, 2), gap=0.4, wick=0.02),
    "wide": _Manner((-3, -1, 1, 3), rough=0.01, wick=0.12),
    "calm": _Manner(rough=0.002, wick=0.002),
    "swing": _Manner(rough=0.025, gap=0.05, wick=0.015),
    "fade": _Manner((-20, -9, -3, 3, 9, 20), gap=0.5, wick=0.01),
    "vast": _Manner((-60, -30, -8, -2, 2, 8, 30, 60, 120), wick=4.0),
}
_GAPS = (-0.2, -0.09, -0.04, 0.04, 0.1, 0.25)
_WEIGHTS = {
    "ties": 5,
    "still": 2,
    "rise": 3,
    "fall": 3,
    "zigzag": 2,
    "gaps": 3,
    "wide": 3,
    "calm": 2,
    "swing": 4,
    "fade": 1,
}


def scale_of(window: Window) -> Scale:
    """The scale of the user's own bars."""
    frame = window.bars.frame
    price = float(frame["Close"].median())
    volume = float(frame["Volume"].median())
    return Scale(price, _step(price), volume if 0 < volume < math.inf else 1000.0, window.bars.timeframe)


def _step(price: float) -> float:
    """1, 2 or 5 times a power of ten, about a percent of the price."""
    wanted = price / _STEPS_PER_PRICE
    power: float = 10.0 ** math.floor(math.log10(wanted))
    return power * max(each for each in (1, 2, 5) if each * power <= wanted * (1 + 1e-9))


def mixed(seed: str, bars: int, scale: Scale) -> pd.DataFrame:
    """Stretches of all manners, one after the other."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    names, weights = list(_WEIGHTS), list(_WEIGHTS.values())

    def next_manner() -> tuple[str, int]:
        return dice.choices(names, weights)[0], dice.choice((2, 4, 6, 10, 16, 25))

    return _drawn(dice, bars, scale, next_manner)


def plain(seed: str, bars: int, scale: Scale, manner: str) -> pd.DataFrame:
    """One manner throughout."""
    return _drawn(random.Random(seed), bars, scale, lambda: (manner, bars))  # noqa: S311 - no secret


def resting(seed: str, begins: int, rest: int, scale: Scale, *, set_back: int = 0) -> pd.DataFrame:
    """A rise and a fall, after each of which prices rest for so many bars, stir by a last bit up and down, and move.

    With `set_back` the move is a long one, and so many bars go the other way before the rest. With no bar to begin
    with prices stand still from the first, but for one wick of a last bit, where they have so few digits that sums of
    them are exact and averages lie on them; later they creep, by a last bit at a time, while ranges stay at 0.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    walk, rows = _Walk(dice, scale, close=scale.price), list[tuple[float, ...]]()

    def moved(name: str, bars: int) -> None:
        rows.extend((*walk.bar(MANNERS[name]), scale.volume * dice.choice((0.5, 1, 2))) for _ in range(bars))

    def still(bars: int, to: float) -> None:
        walk.close = to
        rows.extend((to, to, to, to, scale.volume) for _ in range(bars))

    moved("swing", begins)
    if not begins:
        walk.close = here = math.ldexp(round(math.ldexp(math.frexp(walk.close)[0], 8)), math.frexp(walk.close)[1] - 8)
        rows.extend(
            [(here, here, here, here, scale.volume), (here, math.nextafter(here, math.inf), *[here] * 2, scale.volume)]
        )
    for name in ("rise", "fall"):
        contrary = "fall" if name == "rise" else "rise"
        moved(name, 40 if set_back else 12 if begins else 0)
        moved(contrary, set_back)
        here = walk.close
        still(rest, here)
        for by in (math.nextafter(here, math.inf), here, math.nextafter(here, 0), here):
            still(4, by)
        for _ in range(0 if begins else _CREEPS):
            still(dice.randrange(12, 20), math.nextafter(walk.close, dice.choice((0, math.inf, math.inf))))
        moved(name, 3)
        still(rest // 8, walk.close)
        moved(contrary, 6)
        moved("swing", 12)
    return pd.DataFrame(rows, index=_stamps(dice, len(rows), scale), columns=list(COLUMNS), dtype=float)


def whipsaws(seed: str, bars: int, scale: Scale) -> pd.DataFrame:
    """Slow rises and falls that end in a move wider than all of them, which the next bar more than takes back, or in an
    open far away from which the bar returns: what was beyond a level a bar ago was on its other side before."""
    dice, rows = random.Random(seed), list[tuple[float, ...]]()  # noqa: S311 - no secret
    walk = _Walk(dice, scale, close=scale.price)

    def bar(opening: float, close: float) -> None:
        rows.append((opening, max(opening, close), min(opening, close), close, scale.volume))
        walk.close = close

    while len(rows) < bars:
        trend = scale.spread * dice.choice((-0.006, -0.002, 0, 0.002, 0.006))
        for _ in range(dice.choice((2, 4, 8, 16))):
            bar(walk.close, walk.close * (1 + trend * dice.random()))
        by = dice.choice((-1, 1)) * min(0.3, scale.spread * dice.choice((0.012, 0.03, 0.06, 0.12)))
        if dice.random() < 0.5:
            bar(walk.close, walk.close * (1 + by))
            bar(walk.close, walk.close * (1 - 2.6 * by))
        else:
            bar(walk.close * (1 + by), walk.close * (1 - by * dice.choice((-0.1, 0, 0.02, 0.1))))
            bar(walk.close, walk.close * (1 + by * dice.choice((0.05, 0.3, 1.2))))
    rows = rows[:bars]
    return pd.DataFrame(rows, index=_stamps(dice, bars, scale), columns=list(COLUMNS), dtype=float)


def to_and_fro(seed: str, bars: int, scale: Scale) -> pd.DataFrame:
    """Closes in turn above and below a middle, and at times exactly there: ranges are wide beside the way that prices
    go. The middle rises to the price of the scale, so that at a price of 1 there is many a close of 1."""
    dice, rows, close = random.Random(seed), list[tuple[float, ...]](), scale.price / 2  # noqa: S311 - no secret
    reach = scale.step * 12
    for k in range(bars):
        middle = scale.price * min(1, 0.5 + 0.7 * k / bars)
        opening = close
        away = (1 if k % 2 else -1) * reach * dice.choice((0.9, 1, 1, 1 + dice.random() / 8))
        close = middle if dice.random() < 0.35 else middle + away
        wick = scale.step * dice.choice((0, 0, 0.5))
        rows.append((opening, max(opening, close) + wick, min(opening, close) - wick, close, scale.volume))
    return pd.DataFrame(rows, index=_stamps(dice, bars, scale), columns=list(COLUMNS), dtype=float)


def bars_of(frame: pd.DataFrame, scale: Scale) -> Bars:
    return Bars.from_frame(frame, symbol="DRAWN", source="csv", zone="UTC", timeframe=scale.timeframe)


def _drawn(dice: random.Random, count: int, scale: Scale, next_manner: Callable[[], tuple[str, int]]) -> pd.DataFrame:
    rows: list[tuple[float, ...]] = []
    walk = _Walk(dice, scale, close=scale.price)
    while len(rows) < count:
        name, length = next_manner()
        volume = scale.volume * dice.choice((0.5, 1, 1, 2))
        for _ in range(min(length, count - len(rows))):
            rows.append((*walk.bar(MANNERS[name]), _volume(dice, volume, name)))
    return pd.DataFrame(rows, index=_stamps(dice, count, scale), columns=list(COLUMNS), dtype=float)


def _volume(dice: random.Random, usual: float, manner: str) -> float:
    if manner == "still":
        return float(round(usual))
    return float(round(usual * dice.choice((0, 0.4, 0.8, 1, 1, 1, 1.2, 1.5, 2, 4))))


@dataclass
class _Walk:
    """Prices that wander around where they began; `close` is the last one."""

    dice: random.Random
    scale: Scale
    close: float

    def bar(self, manner: _Manner) -> tuple[float, float, float, float]:
        """Open, high, low and close of the next bar."""
        opening = self.close
        if self.dice.random() < manner.gap:
            opening = self._near(opening * (1 + self.scale.spread * self.dice.choice(_GAPS)))
        close = self._near(opening + self.scale.step * self.dice.choice(manner.moves))
        if manner.rough:
            close = max(self.scale.step, close * math.exp(self.dice.gauss(0, manner.rough * self.scale.spread)))
        self.close = self._drawn_home(close)
        high, low = max(opening, self.close), min(opening, self.close)
        return opening, high + self._reach(manner, high), max(low / 2, low - self._reach(manner, low)), self.close

    def _reach(self, manner: _Manner, price: float) -> float:
        """How far the bar goes beyond its body: at times not at all."""
        if not manner.wick or self.dice.random() < 0.3:
            return 0.0
        reach = price * manner.wick * self.scale.spread * self.dice.choice((0.3, 0.7, 1.0))
        return reach if self.dice.random() < 0.3 else self._near(max(reach, self.scale.step), floor=False)

    def _near(self, price: float, *, floor: bool = True) -> float:
        """The grid's next price."""
        steps = round(price / self.scale.step)
        decimals = max(0, 3 - math.floor(math.log10(self.scale.step)))
        return round(max(5, steps) * self.scale.step if floor else steps * self.scale.step, decimals)

    def _drawn_home(self, close: float) -> float:
        """Far from where it began a walk turns."""
        home = self.scale.price
        return (
            self._near(close * (0.97 if close > 2.5 * home else 1.03)) if not home / 2.5 < close < 2.5 * home else close
        )


def _stamps(dice: random.Random, count: int, scale: Scale) -> pd.DatetimeIndex:
    """Stamps of a calendar with holes; daily ones with weekends in some series and without in others."""
    timeframe = scale.timeframe
    if timeframe in {"1w", "1mo", "1q"}:
        begin = dice.choice(("2001-01-01", "2004-10-04", "2015-06-29"))
        return pd.date_range(begin, periods=count, freq={"1w": "W-MON", "1mo": "MS", "1q": "QS"}[timeframe])
    length_s = TIMEFRAMES[timeframe]
    at = np.datetime64("2019-01-01", "s") + np.timedelta64(dice.randrange(700) * _DAY_S + scale.minute * 60, "s")
    with_weekends = is_intraday(timeframe) or dice.random() < 0.3
    found: list[np.datetime64] = []
    while len(found) < count:
        if with_weekends or (at.astype("datetime64[D]").astype(int) + 3) % 7 < 5:
            found.append(at)
        at = at + np.timedelta64(length_s, "s")
        if dice.random() < 0.04:
            longest_s = 2 * _DAY_S if is_intraday(timeframe) else 12 * length_s
            at = at + np.timedelta64(length_s * dice.randrange(1, max(2, longest_s // length_s)), "s")
    return pd.DatetimeIndex(np.array(found))
