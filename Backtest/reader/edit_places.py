"""The places of a strategy where a number stands, and numbers put there by a later sentence.

A place knows what its number measures and what it is a part of: the rule, the side, the lines that are compared. So
"2% is enough" finds the one percentage, "25 for the entry" the one level of the entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from Backtest.indicators.indicator_registry import find
from Backtest.reader.clause import Clause
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BareCondition,
    BreakEvenSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    OrderSaid,
    SizeSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import (
    Apart,
    BodySaid,
    Distance,
    Earlier,
    Extreme,
    GapSaid,
    Lasting,
    Lately,
    Literally,
    Mention,
    PercentMove,
    Period,
    PriceOf,
    ProfitSaid,
    Relation,
    Scaled,
    Slope,
)

Path = tuple[str | int, ...]
_UNSEEN = frozenset({"span", "sentence", "under", "lead", "context", "atr"})
_ROLES: dict[type, str] = {
    EntrySaid: "entry",
    ExitSaid: "exit",
    FilterSaid: "filter",
    StopSaid: "stop",
    TargetSaid: "target",
    TrailSaid: "trail",
    BreakEvenSaid: "break_even",
    HoldSaid: "hold",
    CooldownSaid: "cooldown",
    SizeSaid: "size",
    AccountSaid: "account",
}
_SIZES = {"fraction": ("percent", 100.0), "units": ("shares", 1.0), "cash": ("money", 1.0), "money": ("money", 1.0)}
_BANDS = frozenset({"CHANNEL", "BBANDS", "KELTNER", "DONCHIAN"})
_DISTANCES = frozenset({"percent", "atr", "money", "pips", "points", "r"})
_UNSAID = "unsaid"
_EXIT_SIDES = {"sell": "long", "cover": "short"}


@dataclass(frozen=True)
class Place:
    """`kind`: level, length, window, percent, times, pips, points, money, atr, r or shares; `unit` of a period.

    `names`: what it is a part of; `way`: "<" or ">" of a comparison; `line`: what makes two mentions one indicator.
    `scale`: by how much the number is larger in words than it is kept.
    """

    clause: int
    path: Path
    kind: str
    value: float
    unit: str
    names: frozenset[str]
    way: str = ""
    line: object = None
    scale: float = 1.0


@dataclass(frozen=True)
class _Around:
    names: frozenset[str]
    way: str = ""

    def also(self, *names: str) -> "_Around":
        return replace(self, names=self.names | {*names})


def places(clauses: list[Clause]) -> list[Place]:
    """Every place of a number, in the order of the text; a length that an indicator takes unsaid is one too."""
    found: list[Place] = []
    for number, clause in enumerate(clauses):
        for one in _within(clause.said, (), _Around(_names_of(clause))):
            found.append(replace(one, clause=number))
    return [_as_said(one, found) for one in found]


def _as_said(place: Place, others: list[Place]) -> Place:
    """A length that is unsaid is that of the same indicator where the text says it."""
    if not (isinstance(place.line, tuple) and place.line[-1] == _UNSAID):
        return place
    told = {
        one.line
        for one in others
        if one.kind == "length" and isinstance(one.line, tuple) and one.line[:3] == place.line[:3]
    } - {place.line}
    return replace(place, line=told.pop()) if len(told) == 1 else place


def _names_of(clause: Clause) -> frozenset[str]:
    said: Any = clause.said
    role = _ROLES.get(type(said), "")
    names = {role}
    if isinstance(said, BareCondition) and clause.under is not None:
        names.add(clause.under.role)
    if isinstance(said, EntrySaid | FilterSaid):
        names |= {said.side or "long"}
    if isinstance(said, ExitSaid | HoldSaid):
        names |= {"exit", _EXIT_SIDES.get(said.verb, "")}
    if isinstance(said, FilterSaid):
        names.add("entry")
    return frozenset(names - {""})


def _within(said: Any, path: Path, around: _Around) -> Iterator[Place]:
    if isinstance(said, Mention):
        yield from _of_mention(said, path, around)
        return
    around = _narrowed(said, around)
    figure = _figure_of(said)
    if figure is not None:
        part, kind, scale = figure
        unit = said.unit if isinstance(said, Period) else ""
        value = getattr(said, part) * scale
        yield Place(0, (*path, part), kind, value, unit, around.names, around.way, scale=scale)
    if isinstance(said, tuple):
        for i, one in enumerate(said):
            yield from _within(one, (*path, i), around)
    elif is_dataclass(said) and not isinstance(said, type):
        for one in fields(said):
            if one.name not in _UNSEEN:
                yield from _within(getattr(said, one.name), (*path, one.name), around)


def _narrowed(said: object, around: _Around) -> _Around:
    """What the numbers within a part are of, as its surroundings and the part itself tell."""
    match said:
        case Relation():
            way = {"cross_below": "<", "cross_above": ">"}.get(said.op, said.op[:1])
            gap = isinstance(said.left, PriceOf) and said.left.column == "Open" and isinstance(said.right, Apart)
            return _Around(around.names | _lines(said) | ({"gap"} if gap else set()), way)
        case PercentMove() | GapSaid() | ProfitSaid():
            return around.also("gap" if isinstance(said, GapSaid) else "move", said.direction)
        case SizeSaid():
            return around.also("size", *({said.kind} & {"risk", "volatility"}))
        case AccountSaid():
            return around.also(said.kind.partition("_")[0])
        case OrderSaid():
            return around.also("order")
        case _:
            return around.also(*_kind_of(said))


def _figure_of(said: object) -> tuple[str, str, float] | None:
    """Which part of it is a number, what that measures, and by how much it is larger in words."""
    match said:
        case Literally():
            return "value", {"%": "percent", "$": "money"}.get(said.unit, "level"), 1.0
        case Scaled():
            return "factor", "times", 1.0
        case Distance() if said.kind in _DISTANCES:
            return "value", said.kind, 1.0
        case PercentMove() | GapSaid() | ProfitSaid() if said.percent is not None:
            return "percent", "percent", 1.0
        case SizeSaid() if said.kind in {*_SIZES, "risk", "volatility"}:
            return ("value", *_SIZES.get(said.kind, ("percent", 1.0)))
        case AccountSaid() if said.kind == "cash":
            return "value", "money", 1.0
        case AccountSaid() if said.kind in {"commission_rate", "spread"}:
            return "value", "percent", 100.0
        case Period():
            return "count", "window", 1.0
        case _:
            return None


def _kind_of(said: object) -> set[str]:
    match said:
        case Lately():
            return {"lately", *_lines(said.of)}
        case Lasting():
            return {"streak", *_lines(said.of), *({"body", said.of.direction} if isinstance(said.of, BodySaid) else ())}
        case Slope():
            return {"streak", said.direction, *_lines(said.value)}
        case Extreme():
            return {said.kind, "extreme"}
        case Earlier():
            return {"ago"}
        case _:
            return set()


def _lines(said: object) -> frozenset[str]:
    """The indicators that a condition speaks of, with their charts; the volume."""
    found: set[str] = set()
    if isinstance(said, Mention):
        found |= {said.name, said.chart or "1d"} | ({said.column} if said.column else set())
    if isinstance(said, PriceOf):
        found.add(said.column)
    if isinstance(said, tuple):
        found = {name for one in said for name in _lines(one)}
    elif is_dataclass(said) and not isinstance(said, type):
        found |= {name for part in fields(said) if part.name != "chart" for name in _lines(getattr(said, part.name))}
    return frozenset(found)


def _of_mention(said: Mention, path: Path, around: _Around) -> Iterator[Place]:
    names = around.names | {said.name, said.chart or "1d"} | ({said.column} if said.column else set())
    names |= {"band"} if said.name in _BANDS else set()
    line = (said.name, said.column, said.chart, said.numbers, said.period)
    if said.period is not None:
        yield Place(0, (*path, "period", "count"), "length", said.period.count, said.period.unit, names, line=line)
    for i, number in enumerate(said.numbers):
        kind = "length" if not i else "setting"
        yield Place(0, (*path, "numbers", i), kind, number, "", names, line=(*line, i))
    if said.name == "CHANNEL" and said.period is None and not said.numbers:  # of the bands named elsewhere
        yield Place(0, (*path, "numbers", 0), "band", 0.0, "", names, line=line)
    if said.period is None and not said.numbers and said.name not in {"", "%", "CHANNEL"}:
        takes = [one for one in find(said.name).parameters if one.in_column]
        if len(takes) == 1 and not takes[0].required:
            yield Place(
                0,
                (*path, "numbers", 0),
                "length",
                takes[0].default,
                "",
                names,
                line=(said.name, said.column, said.chart, _UNSAID),
            )


def with_number(said: Any, path: Path, value: float, unit: str = "") -> Any:
    """`said` with another number in a place; a length is counted in `unit` where one is said."""
    if unit and path[-2:] in {("period", "count"), ("valid", "count"), ("ago", "count")} and len(path) == 2:
        return replace(said, **{str(path[0]): Period(value, unit)})
    if unit and len(path) == 2 and path == ("numbers", 0) and isinstance(said, Mention) and len(said.numbers) < 2:
        return replace(said, numbers=(), period=Period(value, unit))
    if path[0] == "numbers" and isinstance(said, Mention) and not said.numbers:
        return replace(said, numbers=(value,))
    head, rest = path[0], path[1:]
    if isinstance(said, tuple):
        return tuple(
            (with_number(one, rest, value, unit) if rest else value) if i == head else one for i, one in enumerate(said)
        )
    return replace(said, **{str(head): with_number(getattr(said, str(head)), rest, value, unit) if rest else value})
