"""Changes of a strategy out of parse trees of a later sentence."""

from dataclasses import dataclass, field

from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import Arguments, period_of
from Backtest.reader.statement_syntax import (
    EntrySaid,
    ExitSaid,
    HoldSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.statement_trees import STATEMENTS, Fraction
from Backtest.reader.syntax import (
    NOWHERE,
    Distance,
    Extreme,
    Literally,
    Mention,
    Period,
    Relation,
    Side,
    Slope,
    Span,
)
from Backtest.reader.trees import Misread, Parts, reads

_REMOVED = {
    "STOP": "stop",
    "TARGET": "target",
    "TRAILING_STOP": "trail",
    "COOLDOWN": "cooldown",
    "TIME_STOP": "hold",
    "L_FILTER": "filter",
    "BREAK_EVEN": "break_even",
    "HOLD": "hold",
}
_ENTRIES = frozenset("ENTRY BUY SHORT ENTER L_ENTRY L_LONG_ENTRY L_SHORT_ENTRY".split())
_EXITS = frozenset("EXIT SELL COVER L_EXIT L_LONG_EXIT L_SHORT_EXIT".split())


@dataclass(frozen=True, slots=True)
class NewLength:
    """The indicator of this name takes other numbers; `named`: only where it has the mention's own length."""

    mention: Mention
    numbers: tuple[float, ...] = ()
    period: Period | None = None
    named: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewAverage:
    """Moving averages become of another type: all, both, or those of type `old`."""

    name: str
    both: bool = False
    old: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """The one length of the strategy, or the one that is `old`, becomes another."""

    period: Period | None
    number: float | None
    old: float | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewLengths:
    """The two averages take other lengths, the faster one and the slower one; None: it keeps its own."""

    fast: float | None
    slow: float | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewLevel:
    """The one number that an entry (`role` entry), an exit or a filter compares with becomes another.

    `line`: only where this indicator is compared, in a rule of any role.
    """

    role: str
    side: Side | None
    value: float
    line: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number that stands once in the strategy becomes another; `unit` "%", "period" or "" where it is not said."""

    old: float
    new: float
    unit: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewOperand:
    """An indicator or an N-bar extreme becomes another; `old` None: the only extreme of that kind.

    `role`: only in a rule of this role (entry or exit).
    """

    old: Mention | Extreme | None
    new: Mention | Extreme
    role: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewCondition:
    """The one comparison of the same indicator that points the same way takes another number."""

    said: Relation
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewStreak:
    """The one move of closes in a row takes another length."""

    said: Slope
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewAmount:
    """ "make it 12%": the one stop, target or trailing stop that is measured like this."""

    distance: Distance
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule in the place of the one entry or exit said before ("sell when ... instead").

    `of`: only of one that speaks of this indicator ("instead of the CCI exit, sell after 10 bars").
    """

    rule: Statement
    of: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Removal:
    """`indicator`: the filters that speak of it; None: all of that kind."""

    what: str
    indicator: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RuleRemoval:
    """One entry or exit goes: the only one of its role and side, or the one at `position` (0 the first).

    `part`: an exit of a part of the position, of `portion` where the share is said.
    """

    role: str
    side: Side | None = None
    position: int | None = None
    part: bool = False
    portion: float | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SameStop:
    """ "make it a 2% stop" (`kind` stop) or trailing stop (trail): "it" is no stop of the other kind."""

    kind: str
    span: Span = field(default=NOWHERE, compare=False)


Change = (
    NewLength
    | NewLengths
    | NewAverage
    | NewPeriod
    | NewLevel
    | NewNumber
    | NewOperand
    | NewCondition
    | NewStreak
    | NewAmount
    | NewRule
    | Removal
    | RuleRemoval
    | SameStop
)
CHANGES = (
    NewLength,
    NewLengths,
    NewAverage,
    NewPeriod,
    NewLevel,
    NewNumber,
    NewOperand,
    NewCondition,
    NewStreak,
    NewAmount,
    NewRule,
    Removal,
    RuleRemoval,
    SameStop,
)


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
    if (mention.period is None and not mention.numbers) or mention.pace:
        raise Misread("an indicator without a number changes nothing")
    return NewLength(mention, mention.numbers, mention.period, span=parts.span)


@reads("edit_length")
def _length(parts: Parts) -> NewLength:
    number, period = parts.value("NUMBER"), period_of(parts.token("PERIOD"))
    mention = parts.all(Mention)[0]
    named = bool(mention.numbers) or mention.period is not None
    return NewLength(mention, (number,) if number is not None else (), period, named, parts.span)


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
def _trail(parts: Parts) -> tuple[Change | Statement, ...]:
    trail = TrailSaid(parts.all(Distance)[0], span=parts.span)
    return (SameStop("trail", parts.span), trail) if parts.has("TRAIL") and parts.has("MAKE") else (trail,)


@reads("edit_it_stop", "edit_it_trail")
def _it_stop(parts: Parts) -> tuple[Change | Statement, ...]:
    if not parts.has("IT", "MAKE"):
        raise Misread("a statement, that speaks of nothing said before")
    if parts.rule == "edit_it_stop":
        return SameStop("stop", parts.span), _stop(parts)
    return SameStop("trail", parts.span), TrailSaid(parts.all(Distance)[0], span=parts.span)


@reads("edit_same_kind")
def _same_kind(parts: Parts) -> tuple[Change | Statement, ...]:
    """ "use a 10% stop instead": in the place of what was of its kind."""
    said = [one for item in parts.items for one in (item if isinstance(item, tuple) else (item,))]
    told = tuple(one for one in said if isinstance(one, STATEMENTS))
    kinds = {StopSaid: "stop", TrailSaid: "trail"}
    return (*(SameStop(kinds[type(one)], parts.span) for one in told if type(one) in kinds), *told)


@reads("edit_remove")
def _remove(parts: Parts) -> Removal:
    named = parts.token("L_FILTER")
    kind = named.text.lower().split()[0] if named is not None else ""
    if kind in {"volume", "trend", "regime"}:
        return Removal("filter", "volume" if kind == "volume" else "trend", parts.span)
    return Removal(next(_REMOVED[token.kind] for token in parts.tokens(*_REMOVED)), span=parts.span)


@reads("edit_remove_out")
def _remove_out(parts: Parts) -> Removal:
    """ "Take the stop out again"."""
    if parts.tokens("EXIT")[0].text.lower() != "out":
        raise Misread("an exit")
    return Removal(next(_REMOVED[token.kind] for token in parts.tokens(*_REMOVED)), span=parts.span)


@reads("edit_remove_rule", "edit_remove_part")
def _remove_rule(parts: Parts) -> RuleRemoval:
    """ "drop the second entry", "remove the half exit"."""
    role, side = rule_named(parts)
    if parts.rule == "edit_remove_rule":
        position = 0 if parts.has("FIRST") else 1 if parts.has("SECOND") else None
        return RuleRemoval(role, side, position, span=parts.span)
    if role != "exit":
        raise Misread("a part of an entry")
    share = parts.one(Fraction)
    return RuleRemoval(role, side, part=True, portion=share.value if share is not None else None, span=parts.span)


@reads("edit_line_of_rule")
def _line_of_rule(parts: Parts) -> NewOperand | NewLength:
    """ "exit above the 10-day SMA instead of the 5-day one"."""
    found: tuple[Mention, ...] = parts.all(Mention)
    new, told = found[0], parts.tokens("PERIOD")
    if (new.period is None and not new.numbers) or new.pace or parts.value("NUMBER") not in {None, 1.0}:
        raise Misread("an indicator with its length")
    if len(found) == 2:
        return NewOperand(found[1], new, span=parts.span)
    before = Mention(new.name, new.output, (count_of(told[-1]),), column=new.column, span=new.span)
    return NewLength(before, new.numbers, new.period, named=True, span=parts.span)


@reads("edit_remove_filter")
def _remove_filter(parts: Parts) -> Removal:
    mention = parts.one(Mention)
    if mention is not None:
        return Removal("filter", mention.name, parts.span)
    if parts.has("FAST"):
        raise Misread("no filter")
    return Removal("filter", "volume" if parts.has("VOLUME") else "trend", parts.span)


@reads("edit_period")
def _period(parts: Parts) -> NewPeriod | NewNumber:
    said = parts.tokens("PERIOD", "NUMBER")
    period, number = period_of(said[0]), said[0].value
    if len(parts.tokens("NUMBER")) == 2:
        return NewNumber(count_of(said[1]), count_of(said[0]), span=parts.span)
    if period is None and not parts.has("INSTEAD_OF", "LENGTH"):
        raise Misread("a number alone may be a length or a level")
    old = period_of(said[1]) if len(said) > 1 else None
    before = old.count if old is not None else said[1].value if len(said) > 1 else None
    return NewPeriod(
        period,
        number if isinstance(number, float) else None,
        before if isinstance(before, float) else None,
        parts.span,
    )


@reads("edit_pair")
def _pair(parts: Parts) -> NewLengths:
    first, second = (count_of(token) for token in parts.tokens("NUMBER", "PERIOD"))
    if first >= second:
        raise Misread("the faster one first")
    return NewLengths(first, second, parts.span)


def count_of(token: Token) -> float:
    period = period_of(token)
    return period.count if period is not None else token.value if isinstance(token.value, float) else 0.0


@reads("edit_fast")
def _fast(parts: Parts) -> NewLengths:
    count = count_of(parts.tokens("NUMBER", "PERIOD")[0])
    fast = parts.tokens("FAST")[0].text.lower().startswith("fast")
    return NewLengths(count if fast else None, None if fast else count, parts.span)


@reads("level")
def _level_said(parts: Parts) -> Literally:
    return Literally(parts.value("NUMBER") or 0.0, span=parts.span)


@reads("edit_level")
def _level(parts: Parts) -> NewLevel:
    role, side = rule_named(parts)
    return NewLevel(role, side, parts.all(Literally)[0].value, span=parts.span)


def rule_named(parts: Parts) -> tuple[str, Side | None]:
    token = parts.tokens(*_ENTRIES, *_EXITS)[0]
    short = token.kind in {"SHORT", "COVER", "L_SHORT_ENTRY", "L_SHORT_EXIT"}
    side: Side | None = "short" if short else "long" if token.kind in {"BUY", "L_LONG_ENTRY", "L_LONG_EXIT"} else None
    return ("entry" if token.kind in _ENTRIES else "exit"), side


@reads("edit_rule_for")
def _rule_for(parts: Parts) -> tuple[Change | Statement, ...]:
    """ "replace the exit with a 10% trailing stop"."""
    role, side = rule_named(parts)
    said = [one for item in parts.items for one in (item if isinstance(item, tuple) else (item,))]
    told = tuple(one for one in said if isinstance(one, STATEMENTS))
    if side is not None or any(isinstance(one, EntrySaid) for one in told) != (role == "entry"):
        raise Misread("one rule in the place of another")
    return Removal(role, span=parts.span), *told


@reads("edit_added")
def _added(parts: Parts) -> EntrySaid | ExitSaid:
    role, side = rule_named(parts)
    when = together(conditions(parts))
    if role == "entry":
        return EntrySaid(side, when, span=parts.span)
    return ExitSaid("cover" if side == "short" else "exit", when, span=parts.span)


@reads("edit_average_instead")
def _average_instead(parts: Parts) -> NewAverage:
    return NewAverage(_named(parts, 0), old=_named(parts, 1), span=parts.span)


@reads("edit_rule", "edit_instead")
def _rule(parts: Parts) -> NewRule:
    rules = [one for item in parts.items for one in (item if isinstance(item, tuple) else (item,))]
    kinds = (EntrySaid, ExitSaid, *_WAYS_OUT) if parts.has("INSTEAD_OF") else (EntrySaid, ExitSaid)
    said = [one for one in rules if isinstance(one, kinds)]
    others = [one for one in rules if not isinstance(one, Token | Arguments)]
    if any(isinstance(one, ExitSaid) and isinstance(one.when, Relation) and one.when.op == "level" for one in said):
        raise Misread("another level of the exit that is there")
    if len(said) != 1 or len(others) != 1:
        raise Misread("one rule in the place of another")
    head = parts.token("MA", "IND", "ATR", "OUT", "CHANNEL")
    name = head.value[0] if head is not None and isinstance(head.value, tuple) else head.value if head else None
    return NewRule(said[0], str(name) if name else None, parts.span)


_WAYS_OUT = (HoldSaid, StopSaid, TargetSaid, TrailSaid)
