"""Things put in the place of others by a later sentence, out of its parse trees."""

from collections.abc import Mapping

from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.edit_syntax import (
    Change,
    Instead,
    NewAmount,
    NewCondition,
    NewLength,
    NewLevel,
    NewNumber,
    NewOperand,
    NewStreak,
    Old,
    Removal,
)
from Backtest.reader.edit_trees import count_of, rule_named
from Backtest.reader.exchange_syntax import (
    NewIndicator,
    NewRiskNumber,
)
from Backtest.reader.figure_syntax import NewTrailStart
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import period_of
from Backtest.reader.operands import AVERAGES
from Backtest.reader.statement_syntax import (
    BreakEvenSaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import Direction, Distance, Extreme, Literally, Mention, OnDays, PriceOf, Relation, Slope
from Backtest.reader.time_trees import counted
from Backtest.reader.trees import Misread, Parts, reads

_LINES = (Mention, Extreme)
_RISKS = (StopSaid, TargetSaid, TrailSaid, BreakEvenSaid, HoldSaid)
_TOLD = (*_RISKS, ExitSaid)
KINDS: Mapping[type, str] = {
    StopSaid: "stop",
    TargetSaid: "target",
    TrailSaid: "trail",
    BreakEvenSaid: "break_even",
    HoldSaid: "hold",
}
_NAMES = {"STOP": "stop", "TARGET": "target", "TRAILING_STOP": "trail", "TIME_STOP": "hold", "BREAK_EVEN": "break_even"}


@reads("edit_numbers", "edit_numbers_back")
def _numbers(parts: Parts) -> tuple[Change, ...]:
    """ "change the 20 to 55 and the 10 to 20": all at once, hence what is taken on last is changed first."""
    said = parts.tokens("NUMBER", "PERIOD", "PERCENT")
    pairs = [(said[i], said[i + 1]) for i in range(0, len(said), 2)]
    return in_an_order([_changed(old, new, parts) for old, new in pairs])


def in_an_order(changes: list[NewNumber]) -> tuple[Change, ...]:
    """So that no change meets what another one has made. Raises Misread for numbers that change places."""
    ordered: list[NewNumber] = []
    while changes:
        free = next(
            (one for one in changes if all(one.new != other.old for other in changes if other is not one)), None
        )
        if free is None:
            raise Misread("numbers that change places")
        ordered.append(free)
        changes.remove(free)
    return tuple(ordered)


def _changed(old: Token, new: Token, parts: Parts) -> NewNumber:
    if "PERCENT" in {old.kind, new.kind} and old.kind != new.kind:
        raise Misread("a percentage and a number")
    unit = {"PERCENT": "%", "PERIOD": "period"}.get(old.kind, "")
    return NewNumber(count_of(old), count_of(new), unit, parts.span)


@reads("edit_numbers_pairs")
def _pairs(parts: Parts) -> tuple[Change, ...]:
    """ "use 20 and 80 instead of 12 and 26"."""
    first, second, *old = parts.tokens("NUMBER")
    return in_an_order([_changed(old[0], first, parts), _changed(old[1], second, parts)])


@reads("edit_numbers_turned")
def _turned(parts: Parts) -> NewNumber:
    """ "make it 4% instead of 3%"."""
    new, old = parts.tokens("NUMBER", "PERIOD", "PERCENT")
    return _changed(old, new, parts)


@reads("edit_length_instead")
def _length_instead(parts: Parts) -> NewLength:
    """ "RSI 2 instead of 14"."""
    mention = parts.all(Mention)[0]
    if mention.period is None and not mention.numbers:
        raise Misread("an indicator without a number changes nothing")
    old = count_of(parts.tokens("NUMBER", "PERIOD")[0])
    before = Mention(mention.name, mention.output, (old,), column=mention.column, span=mention.span)
    return NewLength(before, mention.numbers, mention.period, named=True, span=parts.span)


@reads("edit_level_of")
def _level_of(parts: Parts) -> NewLevel:
    """ "raise the ADX threshold to 25"."""
    line = parts.all(Mention)[0]
    if line.numbers or line.period is not None:
        raise Misread("a level, or a length")
    return NewLevel("any", None, parts.all(Literally)[0].value, line.name, span=parts.span)


@reads("edit_condition")
def _condition(parts: Parts) -> NewCondition | FilterSaid:
    said = conditions(parts)
    placed = parts.token("PLACE")
    if placed is not None and placed.text.lower() in {"add", "include", "put in"}:
        if any(isinstance(one, OnDays) for one in said):
            raise Misread("days, which are added to others")
        return FilterSaid(together(said), span=parts.span)
    if len(said) != 1 or not isinstance(said[0], Relation):
        raise Misread("one comparison")
    if not isinstance(said[0].left, Mention) or not isinstance(said[0].right, Literally):
        raise Misread("an indicator and a number")
    return NewCondition(said[0], parts.span)


@reads("edit_risk_for")
def _risk_for(parts: Parts) -> tuple[Change | Statement, ...]:
    """ "replace the stop with a 10% trailing stop"."""
    name = next(item for item in parts.items if isinstance(item, Token) and item.kind in _NAMES)
    said = [one for item in parts.items for one in (item if isinstance(item, tuple) else (item,))]
    told: tuple[Statement, ...] = tuple(one for one in said if isinstance(one, _TOLD))
    if len(told) != 1:
        raise Misread("one thing in the place of another")
    return Removal(_NAMES[name.kind], span=parts.span), told[0]


@reads("edit_risk_instead")
def _risk_instead(parts: Parts) -> tuple[Change | Statement, ...]:
    """ "a 2 ATR stop instead of the 5% one"."""
    said: tuple[Statement, ...] = parts.all(*_RISKS)
    name = next((item for item in parts.items if isinstance(item, Token) and item.kind in _NAMES), None)
    old = KINDS[type(said[1])] if len(said) > 1 else _NAMES[name.kind] if name is not None else KINDS[type(said[0])]
    if parts.value("NUMBER") not in {None, 1.0}:
        raise Misread("a number of what")
    far = next((one for one in parts.all(Distance)), None) if len(said) == 1 else getattr(said[1], "distance", None)
    if isinstance(far, Distance):
        told = Old("number", (far.value,), parts.span)
        return (Instead((Removal(old, span=parts.span), said[0]), told, parts.span),)
    return Removal(old, span=parts.span), said[0]


def is_exchange(old: Mention, new: Mention) -> bool:
    """Whether one indicator takes the place of another that is no average and no band."""
    return not {old.name, new.name} & {"", "%", "CHANNEL", *AVERAGES} and old.name != new.name


@reads("edit_operand", "edit_operand_instead", "edit_extreme")
def _operand(parts: Parts) -> NewOperand | NewLength | NewIndicator:
    found: tuple[Mention | Extreme, ...] = parts.all(*_LINES)
    new = found[0] if parts.rule == "edit_operand_instead" else found[-1]
    old = None if parts.rule == "edit_extreme" else found[-1] if parts.rule == "edit_operand_instead" else found[0]
    if isinstance(old, Mention) and isinstance(new, Mention) and is_exchange(old, new):
        return NewIndicator(old, new, span=parts.span)
    if isinstance(new, Mention) and new.period is None and not new.numbers:
        raise Misread("an indicator without a number")
    if old is not None and type(old) is not type(new):
        raise Misread("one kind of line in the place of another")
    if isinstance(old, Mention) and isinstance(new, Mention) and old.name == new.name not in AVERAGES:
        return NewLength(old, new.numbers, new.period, named=True, span=parts.span)
    return NewOperand(old, new, span=parts.span)


@reads("edit_extreme_of")
def _extreme_of(parts: Parts) -> NewOperand:
    """ "Use the 50-day high for the entry"."""
    return NewOperand(None, parts.all(Extreme)[0], rule_named(parts)[0], parts.span)


@reads("edit_numbers_deviation")
def _deviations(parts: Parts) -> NewLength | Instead:
    """ "Use 2.5 deviations instead of 2"."""
    new, *old = (count_of(token) for token in parts.tokens("NUMBER"))
    change = NewLength(Mention("STDDEV", span=parts.span), (new,), span=parts.span)
    return Instead((change,), Old("number", tuple(old), parts.span), parts.span) if old else change


@reads("edit_streak")
def _streak(parts: Parts) -> NewStreak:
    way: Direction = "up" if parts.has("HIGHER", "UP") else "down"
    return NewStreak(Slope(PriceOf("Close"), way, counted(parts), span=parts.span), parts.span)


@reads("edit_risk_number")
def _risk_number(parts: Parts) -> NewRiskNumber:
    """ "Stop 25", "make the target 60": measured as it is."""
    kinds = {"STOP": "stop", "TARGET": "target", "TRAILING_STOP": "trail", "TRAIL": "trail"}
    token = parts.tokens(*kinds)[0]
    return NewRiskNumber(kinds[token.kind], parts.value("NUMBER") or 0.0, parts.span)


@reads("edit_amount")
def _amount(parts: Parts) -> NewAmount:
    if period_of(parts.token("PERIOD")) is not None:
        raise Misread("a length")
    return NewAmount(parts.all(Distance)[0], parts.span)


_STARTING = ("start", "begin", "activate", "engage")


@reads("edit_trail_after")
def _trail_after(parts: Parts) -> NewTrailStart:
    """ "Start trailing only after the trade is up 8%"."""
    told = parts.tokens("TRAIL", "PLACE", "USEV", "TRADE", "MAKE")
    begun = parts.has("BEGINS") or any(token.text.lower().startswith(_STARTING) for token in told)
    gain = parts.all(Distance)
    if len(gain) != 1 or not (begun or (parts.has("ONLY") and not parts.has("AT"))):
        raise Misread("where a trailing stop begins")
    return NewTrailStart(gain[0], parts.span)
