"""Changes of a strategy out of parse trees of a later sentence."""

from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.edit_syntax import (
    Change,
    ConditionRemoval,
    DaysRemoval,
    InOrder,
    Instead,
    NewAmount,
    NewAverage,
    NewLength,
    NewLengths,
    NewLevel,
    NewNumber,
    NewOperand,
    NewPeriod,
    NewRule,
    Old,
    Removal,
    RuleRemoval,
    SameStop,
)
from Backtest.reader.exchange_syntax import NewIndicator
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import Arguments, pace_of, period_of
from Backtest.reader.operands import AVERAGES
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
    Distance,
    Literally,
    Mention,
    Relation,
    Side,
)
from Backtest.reader.trees import Misread, Parts, reads

REMOVED = {
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


@reads("edit")
def _edit(parts: Parts) -> tuple[Change | Statement, ...]:
    said: list[Change | Statement] = []
    for item in parts.items:
        for one in item if isinstance(item, tuple) else (item,):
            if isinstance(one, Change | Statement):
                said.append(one)
    if sum(isinstance(one, NewPeriod) and one.old is None for one in said) > 1:
        raise Misread("two lengths in their order")
    if sum(isinstance(one, NewAmount) for one in said) > 1:
        raise Misread("two amounts in their order")
    if any(isinstance(one, InOrder) for one in said) and any(
        isinstance(one, NewIndicator) and not one.levels for one in said
    ):
        raise Misread("levels of the new indicator")
    return tuple(said)


@reads("edit_indicator")
def _indicator(parts: Parts) -> NewLength:
    mention = parts.all(Mention)[0]
    if (mention.period is None and not mention.numbers) or mention.pace:
        raise Misread("an indicator without a number changes nothing")
    return NewLength(mention, mention.numbers, mention.period, span=parts.span)


_SETTERS = ("MAKE", "PLACE", "SWAP", "LOWER", "MOVE_UP", "TURN")


@reads("edit_length")
def _length(parts: Parts) -> NewLength:
    number, period = parts.value("NUMBER"), period_of(parts.token("PERIOD"))
    mention = parts.all(Mention)[0]
    if mention.pace:
        raise Misread("read as the fast one or the slow one")
    unit = parts.token("UNIT")
    if number is not None and not mention.numbers and len(parts.items) == 3 and parts.has(*_SETTERS):
        raise Misread("read as an indicator with its number")
    if unit is not None and not parts.has(*_SETTERS) and unit.text.lower() not in {"period", "periods"}:
        raise Misread("no length")
    named = bool(mention.numbers) or mention.period is not None
    return NewLength(mention, (number,) if number is not None else (), period, named, span=parts.span)


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
def _remove(parts: Parts) -> Removal | DaysRemoval:
    named = parts.token("L_FILTER")
    kind = named.text.lower().split()[0] if named is not None else ""
    if kind in {"weekday", "weekdays", "day", "days"}:
        return DaysRemoval(span=parts.span)
    if kind in {"time", "hours", "session"}:
        return Removal("hours", span=parts.span)
    if kind in {"volume", "trend", "regime"}:
        return Removal("filter", "volume" if kind == "volume" else "trend", parts.span)
    return Removal(next(REMOVED[token.kind] for token in parts.tokens(*REMOVED)), span=parts.span)


@reads("edit_remove_out")
def _remove_out(parts: Parts) -> Removal:
    """ "Take the stop out again"."""
    if parts.tokens("EXIT")[0].text.lower() != "out":
        raise Misread("an exit")
    return Removal(next(REMOVED[token.kind] for token in parts.tokens(*REMOVED)), span=parts.span)


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
def _remove_filter(parts: Parts) -> Removal | ConditionRemoval:
    mention = parts.one(Mention)
    if mention is not None and (mention.numbers or mention.period is not None):
        if len(mention.numbers) > 1 or mention.chart is not None:
            raise Misread("a filter by its name or its length")
        length = mention.numbers[0] if mention.period is None else mention.period.count
        return ConditionRemoval(length, indicator=mention.name or None, span=parts.span)
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


def count_of(token: Token) -> float:
    period = period_of(token)
    return period.count if period is not None else token.value if isinstance(token.value, float) else 0.0


@reads("edit_fast")
def _fast(parts: Parts) -> NewLengths | Instead:
    """ "Make the slow one 100", "the fast EMA 10 instead of 20"; edit_frames.py makes THEM of "EMA"."""
    if parts.has("IND") and parts.tokens("IND")[0].value != "MACD":
        raise Misread("the fast one of what")
    new, *old = parts.tokens("NUMBER", "PERIOD")
    count, fast = count_of(new), pace_of(parts.tokens("FAST")[0]) == "fast"
    average = parts.token("THEM")
    named = str(average.value) if average is not None and average.value in AVERAGES else ""
    change = NewLengths(count if fast else None, None if fast else count, parts.span, named)
    return Instead((change,), Old("number", (count_of(old[0]),)), parts.span) if old else change


@reads("level")
def _level_said(parts: Parts) -> Literally:
    return Literally(parts.value("NUMBER") or 0.0, span=parts.span)


@reads("edit_level")
def _level(parts: Parts) -> NewLevel:
    role, side = rule_named(parts)
    old = parts.value("NUMBER") if parts.has("INSTEAD_OF") else None
    return NewLevel(role, side, parts.all(Literally)[0].value, old=old, span=parts.span)


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
    kinds = (EntrySaid, ExitSaid, *_WAYS_OUT) if parts.has("INSTEAD_OF") else (EntrySaid, ExitSaid, HoldSaid)
    said = [one for one in rules if isinstance(one, kinds)]
    others = [one for one in rules if not isinstance(one, Token | Arguments)]
    if any(isinstance(one, ExitSaid) and isinstance(one.when, Relation) and one.when.op == "level" for one in said):
        raise Misread("another level of the exit that is there")
    if len(said) != 1 or len(others) != 1:
        raise Misread("one rule in the place of another")
    head = parts.token("MA", "IND", "ATR", "OUT", "CHANNEL")
    name = head.value[0] if head is not None and isinstance(head.value, tuple) else head.value if head else None
    own = isinstance(said[0], HoldSaid) and not parts.has("INSTEAD_OF")
    return NewRule(said[0], str(name) if name else None, parts.span, own)


_WAYS_OUT = (HoldSaid, StopSaid, TargetSaid, TrailSaid)
