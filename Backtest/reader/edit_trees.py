"""Changes of a strategy out of parse trees of a later sentence."""

from dataclasses import dataclass, field

from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import period_of
from Backtest.reader.statement_trees import STATEMENTS
from Backtest.reader.syntax import (
    NOWHERE,
    Distance,
    EntrySaid,
    ExitSaid,
    Mention,
    Period,
    Span,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
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
class NewMention:
    """An indicator, with its length, becomes another."""

    old: Mention
    new: Mention
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewRule:
    """An entry or exit in the place of the one said before ("sell when ... instead")."""

    rule: EntrySaid | ExitSaid
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Removal:
    """`indicator`: the filters that speak of it; None: all of that kind."""

    what: str
    indicator: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


Change = NewLength | NewAverage | NewNumber | NewMention | NewRule | Removal
CHANGES = (NewLength, NewAverage, NewNumber, NewMention, NewRule, Removal)


@reads("edit")
def _edit(parts: Parts) -> tuple[Change | Statement, ...]:
    said: list[Change | Statement] = []
    for item in parts.items:
        for one in item if isinstance(item, tuple) else (item,):
            if isinstance(one, (*CHANGES, *STATEMENTS)):
                said.append(one)
    return tuple(said)


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
    return Removal(next(_REMOVED[token.kind] for token in parts.tokens(*_REMOVED)), span=parts.span)


@reads("edit_remove_filter")
def _remove_filter(parts: Parts) -> Removal:
    return Removal("filter", parts.all(Mention)[0].name, parts.span)


@reads("edit_stop_to_trail")
def _stop_to_trail(parts: Parts) -> tuple[Change | Statement, ...]:
    return Removal("stop", span=parts.span), parts.all(TrailSaid)[0]


@reads("edit_mention")
def _mention(parts: Parts) -> NewMention:
    old, new = parts.all(Mention)
    if new.period is None and not new.numbers:
        raise Misread("an indicator without a number")
    return NewMention(old, new, parts.span)


@reads("edit_average_instead")
def _average_instead(parts: Parts) -> NewAverage:
    return NewAverage(_named(parts, 0), old=_named(parts, 1), span=parts.span)


@reads("edit_rule")
def _rule(parts: Parts) -> NewRule:
    rules = [one for item in parts.items for one in (item if isinstance(item, tuple) else (item,))]
    said = [one for one in rules if isinstance(one, EntrySaid | ExitSaid)]
    if len(said) != 1 or len([one for one in rules if not isinstance(one, Token)]) != 1:
        raise Misread("one rule in the place of another")
    return NewRule(said[0], parts.span)


@reads("edit_number", "edit_number_instead")
def _number(parts: Parts) -> NewNumber:
    first, second = (float(token.value) for token in parts.tokens("NUMBER") if isinstance(token.value, float))
    old, new = (second, first) if parts.has("INSTEAD_OF") else (first, second)
    return NewNumber(old, new, parts.span)
