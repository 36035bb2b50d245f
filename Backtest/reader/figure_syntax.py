"""Figures that a later sentence says beside what they are of ("2% gap", "-2.5 for the entry", "20 and 10")."""

from dataclasses import dataclass, field

from Backtest.reader.syntax import NOWHERE, Distance, Span


@dataclass(frozen=True, slots=True)
class Figure:
    """`kind`: number, percent, period, times, pips, points, money, atr, r or shares; `unit` of a period."""

    kind: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NewFigures:
    """One figure in the place of the one that is meant, or as many as there are of their kind, in their order.

    `old`: what stands there; `names`: what it is a part of; `way`: "<" or ">" where it is compared so.
    """

    new: tuple[Figure, ...]
    old: Figure | None = None
    names: frozenset[str] = frozenset()
    way: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewTrailStart:
    """ "Start trailing only once it is up 8%": where the one trailing stop begins."""

    after: Distance
    span: Span = field(default=NOWHERE, compare=False)
