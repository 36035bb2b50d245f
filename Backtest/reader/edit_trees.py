"""Changes of a strategy out of parse trees of a later sentence."""

from dataclasses import dataclass, field

from Backtest.reader.operand_trees import period_of
from Backtest.reader.syntax import NOWHERE, Distance, Mention, Period, Span, Statement, StopSaid, TargetSaid, TrailSaid
from Backtest.reader.trees import Misread, Parts, reads

_REMOVED = {
    "STOP": "stop",
    "TARGET": "target",
    "TRAILING_STOP": "trail",
    "COOLDOWN": "cooldown",
    "TIME_STOP": "hold",
    "L_FILTER": "filter",
}


@dataclass(frozen=True, slots=True)
class NewLength:
    """The indicator of this name takes other numbers."""

    mention: Mention
    numbers: tuple[float, ...] = ()
    period: Period | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewAverage:
    """Moving averages become of another type: all, both, or those of type `old`."""

    name: str
    both: bool = False
    old: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number that stands once in the strategy becomes another."""

    old: float
    new: float
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Removal:
    what: str
    span: Span = field(default=NOWHERE, compare=False)


Change = NewLength | NewAverage | NewNumber | Removal
CHANGES = (NewLength, NewAverage, NewNumber, Removal)


@reads("edit")
def _edit(parts: Parts) -> tuple[Change | Statement, ...]:
    return tuple(item for item in parts.items if isinstance(item, (*CHANGES, StopSaid, TargetSaid, TrailSaid)))


@reads("edit_indicator")
def _indicator(parts: Parts) -> NewLength:
    mention = parts.all(Mention)[0]
    if mention.period is None and not mention.numbers:
        raise Misread("an indicator without a number changes nothing")
    return NewLength(mention, mention.numbers, mention.period, parts.span)


@reads("edit_length")
def _length(parts: Parts) -> NewLength:
    number, period = parts.value("NUMBER"), period_of(parts.token("PERIOD"))
    return NewLength(parts.all(Mention)[0], (number,) if number is not None else (), period, parts.span)


@reads("edit_average")
def _average(parts: Parts) -> NewAverage:
    them = parts.token("THEM")
    both = parts.has("BOTH") or (them is not None and "both" in them.text.lower())
    return NewAverage(_named(parts, 0), both, span=parts.span)


@reads("edit_average_to")
def _average_to(parts: Parts) -> NewAverage:
    return NewAverage(_named(parts, 1), old=_named(parts, 0), span=parts.span)


def _named(parts: Parts, position: int) -> str:
    name = str(parts.tokens("MA")[position].value)
    if not name:
        raise Misread("a type of average is wanted")
    return name


@reads("edit_stop")
def _stop(parts: Parts) -> StopSaid:
    return StopSaid(parts.all(Distance)[0], span=parts.span)


@reads("edit_target")
def _target(parts: Parts) -> TargetSaid:
    return TargetSaid(parts.all(Distance)[0], span=parts.span)


@reads("edit_trail")
def _trail(parts: Parts) -> TrailSaid:
    return TrailSaid(parts.all(Distance)[0], span=parts.span)


@reads("edit_remove")
def _remove(parts: Parts) -> Removal:
    return Removal(next(_REMOVED[token.kind] for token in parts.tokens(*_REMOVED)), parts.span)


@reads("edit_number", "edit_number_instead")
def _number(parts: Parts) -> NewNumber:
    first, second = (float(token.value) for token in parts.tokens("NUMBER") if isinstance(token.value, float))
    old, new = (second, first) if parts.has("INSTEAD_OF") else (first, second)
    return NewNumber(old, new, parts.span)
