"""A strategy changed by later sentences: each replaces, adds or removes clauses of what was said before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.edit_calendar import filtered, more_days, new_hours
from Backtest.reader.edit_figures import (
    amount_or_figure,
    exit_beyond,
    length_or_figure,
    new_figures,
    new_trail_start,
    number_in_order,
    that_or_figure,
)
from Backtest.reader.edit_instead import instead, new_days, new_order, order_apart, without_days
from Backtest.reader.edit_lengths import new_lengths
from Backtest.reader.edit_numbers import (
    new_condition,
    new_deviation,
    new_number,
    new_operand,
    new_risk_number,
    new_streak,
)
from Backtest.reader.edit_parts import defaults_of, without_condition, without_rule_of
from Backtest.reader.edit_role_lines import kept_length, new_line_of_rule
from Backtest.reader.edit_rules import new_filter_level, new_level, without_filter, without_rule
from Backtest.reader.edit_settings import (
    at_market,
    new_parameter,
    new_validity,
    new_zone,
    scaled,
    trailing,
    without_cost,
    without_hold,
)
from Backtest.reader.edit_sides import one_side, swapped, with_own_pair
from Backtest.reader.edit_syntax import (
    Change,
    ConditionRemoval,
    CostRemoval,
    DaysRemoval,
    HoldRemoval,
    InOrder,
    Instead,
    Keep,
    MarketOrder,
    NewAmount,
    NewAverage,
    NewCondition,
    NewDays,
    NewLength,
    NewLengths,
    NewLevel,
    NewNumber,
    NewOperand,
    NewParameter,
    NewPeriod,
    NewRule,
    NewStreak,
    NewZone,
    Removal,
    RuleOfRemoval,
    RuleRemoval,
    SameStop,
    Scale,
)
from Backtest.reader.exchange_syntax import (
    KeptLength,
    MoreDays,
    NewFraction,
    NewHours,
    NewIndicator,
    NewLine,
    NewLineOfRule,
    NewPattern,
    NewRiskNumber,
    NewThat,
    NewWhen,
    OfRules,
    OrderApart,
    SwapSides,
    Trailing,
)
from Backtest.reader.exchanges import (
    new_fraction,
    new_indicator,
    new_pattern,
    new_when,
    of_rules,
    the_only_average,
)
from Backtest.reader.figure_syntax import NewFigures, NewTrailStart
from Backtest.reader.operands import AVERAGES
from Backtest.reader.questions import Desk
from Backtest.reader.replacement import parts_of, with_length_of_atr, with_mentions
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BreakEvenSaid,
    ContextSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    NoteSaid,
    SizeSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
    ValiditySaid,
)
from Backtest.reader.syntax import InHours, It, Literally, Mention, Relation, Side

_REPLACED = (StopSaid, TargetSaid, TrailSaid, BreakEvenSaid, HoldSaid, SizeSaid, CooldownSaid, ContextSaid, AccountSaid)
_REMOVED: Mapping[str, type] = {
    "stop": StopSaid,
    "target": TargetSaid,
    "trail": TrailSaid,
    "cooldown": CooldownSaid,
    "hold": HoldSaid,
    "filter": FilterSaid,
    "break_even": BreakEvenSaid,
    "entry": EntrySaid,
    "exit": ExitSaid,
}
_DENIED = {"no_stop": "stop", "no_target": "target"}
_DENIALS: Mapping[type, str] = {StopSaid: "no_stop", TargetSaid: "no_target"}
_ONLY: Mapping[str, Side] = {"long_only": "long", "short_only": "short"}


def changed(clauses: list[Clause], clause: Clause, desk: Desk, *, added: bool = False) -> list[Clause]:
    """The clauses after a statement of a later sentence; `added`: it says "also". Raises Unread without a place."""
    said = clause.said
    if isinstance(said, _REPLACED):
        kept = [
            one
            for one in _admitted(clauses, said)
            if not _same_place(one.said, said) or _is_of_other_side(one.said, said, clauses)
        ]
        gone = [one for one in clauses if one not in kept]
        clause = replace(clause, said=with_length_of_atr(said, gone))
        if isinstance(said, ContextSaid):
            kept = [_elsewhere(c, said) for c in kept]
        if isinstance(said, SizeSaid):
            kept = [replace(c, said=replace(c.said, size=None)) if isinstance(c.said, EntrySaid) else c for c in kept]
        return [*kept, clause]
    if isinstance(said, FilterSaid) and (loosened := new_filter_level(clauses, said)) is not None:
        return loosened
    if isinstance(said, FilterSaid):
        return filtered(clauses, clause, said, added=added)
    if isinstance(said, ValiditySaid):
        return new_validity(clauses, said)
    if isinstance(said, NoteSaid) and said.kind == "no_commission":
        return [*(c for c in clauses if not _is_commission(c.said)), clause]
    if isinstance(said, NoteSaid) and said.kind in _ONLY:
        return [*one_side(clauses, _ONLY[said.kind], clause), clause]
    if isinstance(said, NoteSaid):
        denied = _DENIED.get(said.kind)
        kept = [c for c in clauses if denied is None or not isinstance(c.said, _REMOVED[denied])]
        return [*kept, clause]
    if isinstance(said, EntrySaid | ExitSaid):
        clause = replace(clause, said=with_own_pair(clauses, said))
    if isinstance(said, EntrySaid) and not added and _is_order_alone(clauses, said):
        return new_order(clauses, said, clause.span)
    if isinstance(said, EntrySaid | ExitSaid) and added:
        return [*_admitted(clauses, said), clause]
    if isinstance(said, EntrySaid | ExitSaid):
        return _rule(clauses, clause, desk)
    raise Unread("it is not clear what this changes", clause.span, "edit")


def _is_order_alone(clauses: list[Clause], said: EntrySaid) -> bool:
    """ "Use a limit order 1% below the close": how the entry that has its conditions already is filled."""
    entries = [c.said for c in clauses if isinstance(c.said, EntrySaid)]
    return said.when is None and said.order.kind != "market" and any(one.when is not None for one in entries)


def _is_commission(said: object) -> bool:
    return isinstance(said, AccountSaid) and said.kind.startswith("commission")


def _elsewhere(clause: Clause, said: ContextSaid) -> Clause:
    """The clause without what its entry says of the instrument or the chart that `said` replaces."""
    entry = clause.said
    if not isinstance(entry, EntrySaid):
        return clause
    return replace(clause, said=replace(entry, context=tuple(one for one in entry.context if one.kind != said.kind)))


def _same_place(one: Statement | Change, other: Statement) -> bool:
    if isinstance(other, ContextSaid):
        return isinstance(one, ContextSaid) and one.kind == other.kind
    if isinstance(other, AccountSaid):
        kind = other.kind.partition("_")[0]
        return (isinstance(one, AccountSaid) and one.kind.partition("_")[0] == kind) or (
            kind == "commission" and one == NoteSaid("no_commission")
        )
    return type(one) is type(other)


def _is_of_other_side(one: Statement | Change, said: Statement, clauses: list[Clause]) -> bool:
    """ "Exit shorts after 10 days" leaves the time of the longs as it is, where there are both."""
    if not isinstance(one, HoldSaid) or not isinstance(said, HoldSaid) or said.verb in {"exit", one.verb}:
        return False
    return len({c.said.side or "long" for c in clauses if isinstance(c.said, EntrySaid)}) > 1


def _admitted(clauses: list[Clause], said: Statement) -> list[Clause]:
    """The clauses without the denial ("no stop", "long only") that what is said now takes back."""
    denial = _DENIALS.get(type(said))
    if isinstance(said, EntrySaid):
        denial = "long_only" if said.side == "short" else "short_only"
    return [one for one in clauses if not (isinstance(one.said, NoteSaid) and one.said.kind == denial)]


def _rule(clauses: list[Clause], clause: Clause, desk: Desk) -> list[Clause]:
    kind = type(clause.said)
    name = "entry" if kind is EntrySaid else "exit"
    before = [one for one in clauses if isinstance(one.said, kind)]
    if not before or _is_beside(clause.said, [one.said for one in before]):
        return [*clauses, clause]
    if (levelled := _at_level(clauses, clause)) is not None:
        return levelled
    offered = {"replace": f"it takes the place of the {name} said before", "add": f"it is one more {name}"}
    if desk.choice("edit", f"There is an {name} already: what becomes of it?", clause.span, offered) == "add":
        return [*clauses, clause]
    return [*(one for one in clauses if not isinstance(one.said, kind)), clause]


def _at_level(clauses: list[Clause], clause: Clause) -> list[Clause] | None:
    """ "Sell at 65" where the one exit compares with one number: with 65; None where it may be another exit."""
    said = clause.said
    if not isinstance(said, ExitSaid) or said.portion is not None or not isinstance(said.when, Relation):
        return None
    if (beyond := exit_beyond(clauses, said, clause.span)) is not None:
        return beyond
    if said.when.op != "level" or not isinstance(said.when.left, It) or not isinstance(said.when.right, Literally):
        return None
    if said.when.right.unit or sum(isinstance(one.said, ExitSaid) for one in clauses) > 1:
        return None
    try:
        return new_level(clauses, NewLevel("exit", _CLOSED.get(said.verb), said.when.right.value, span=clause.span))
    except Unread:
        return None


_CLOSED: Mapping[str, Side] = {"sell": "long", "cover": "short"}


def _is_beside(said: Statement | Change, others: Sequence[Statement | Change]) -> bool:
    """Whether an exit can take the place of none: of a part beside those of the whole, or of the other side."""
    if not isinstance(said, ExitSaid):
        return False
    exits = [one for one in others if isinstance(one, ExitSaid)]
    if said.portion:
        return not any(one.portion for one in exits)
    return said.verb == "cover" and all(one.verb == "sell" for one in exits)


def applied(clauses: list[Clause], change: Change, clause: Clause, desk: Desk) -> list[Clause]:
    """The clauses after a change of indicators or numbers, which `clause` says.

    Raises Unread where it is not clear what is changed.
    """
    match change:
        case Instead():

            def put(before: list[Clause], one: Change | Statement) -> list[Clause]:
                part = replace(clause, said=one)
                return applied(before, one, part, desk) if isinstance(one, Change) else changed(before, part, desk)

            return instead(clauses, change, put)
        case Keep():
            if not any(isinstance(one.said, _REMOVED[change.what]) for one in clauses):
                raise Unread(f"there is no {change.what.replace('_', ' ')} to keep", change.span, "edit")
            return clauses
        case SameStop():
            return _same_stop(clauses, change)
        case Removal():
            return _without(clauses, change)
        case _:
            apply: Callable[[list[Clause], Any], list[Clause]] = _APPLIED[type(change)]
            return apply(clauses, change)


def _same_stop(clauses: list[Clause], change: SameStop) -> list[Clause]:
    told = {type(one.said) for one in clauses}
    if _REMOVED[change.kind] not in told and told & {StopSaid, TrailSaid}:
        raise Unread("it is not clear whether this stop takes the place of the other", change.span, "edit")
    return clauses


def _without(clauses: list[Clause], change: Removal) -> list[Clause]:
    if change.what == "size":
        return _without_size(clauses, change)
    if change.what == "hours":
        return _without_hours(clauses, change)
    if change.what == "filter":
        return without_filter(clauses, change)
    kept = [one for one in clauses if not isinstance(one.said, _REMOVED[change.what])]
    far = [getattr(one.said, "distance", None) for one in clauses if isinstance(one.said, _REMOVED[change.what])]
    if len(kept) == len(clauses) or change.distance not in {None, *far}:
        raise Unread(f"there is no {change.what.replace('_', ' ')} to remove", change.span, "edit")
    return kept


def _without_size(clauses: list[Clause], change: Removal) -> list[Clause]:
    kept = [c for c in clauses if not isinstance(c.said, SizeSaid)]
    bare = [replace(c, said=replace(c.said, size=None)) if isinstance(c.said, EntrySaid) else c for c in kept]
    if bare == clauses:
        raise Unread("there is no size to remove", change.span, "edit")
    return bare


def _without_hours(clauses: list[Clause], change: Removal) -> list[Clause]:
    kept = [c for c in clauses if not (isinstance(c.said, FilterSaid) and isinstance(c.said.when, InHours))]
    if len(kept) == len(clauses):
        raise Unread("there is no filter of hours to remove", change.span, "edit")
    return kept


def _new_length(clauses: list[Clause], change: NewLength) -> list[Clause]:
    if change.mention.name == "STDDEV":
        return new_deviation(clauses, change)
    if (change.mention.name, change.mention.output) == ("MACD", "signal"):
        return _new_signal(clauses, change)
    names = AVERAGES if change.mention.name in AVERAGES else {change.mention.name}
    found = [
        m for clause in clauses for m in mentions(clause.said) if m.name in names and m.column == change.mention.column
    ]
    if change.mention.name not in {"", *(m.name for m in found)}:
        if change.mention.name in AVERAGES and _length(change.mention):  # "make it a 40-day EMA", of the only SMA
            other = the_only_average(clauses, NewLine(change.mention, span=change.span))
            if other is not None:
                return other
        raise Unread(f"there is no {change.mention.name} to change", change.span, "edit")
    mine = [m for m in found if change.mention.name in {"", m.name}]
    if change.named:
        mine = _named(mine, change)
    if change.bare and _may_be_level(clauses, change):
        raise Unread("a length of the indicator, or a level of it", change.span, "edit")
    lengths = {(m.numbers, m.period, m.chart) for m in mine if m.numbers or m.period is not None}
    if not mine or len(lengths) > 1 or change.mention.chart is not None:
        raise Unread("it is not clear which one is changed", change.span, "edit")

    def lengthened(mention: Mention) -> Mention:
        if mention not in mine:
            return mention
        return _of_length(mention, change)

    return with_mentions(clauses, lengthened)


def _new_line(clauses: list[Clause], change: NewLine) -> list[Clause]:
    """Another average in the place of the only one, or another length of those of its type."""
    length = NewLength(change.new, change.new.numbers, change.new.period, span=change.span)
    return the_only_average(clauses, change) or _new_length(clauses, length)


def _named(mine: list[Mention], change: NewLength) -> list[Mention]:
    """The mentions of the length that is named; where the strategy says none, it is that of the convention."""
    if not any(m.numbers or m.period is not None for m in mine) and mine:
        default = defaults_of(mine[0].name)
        return mine if default[:1] == _length(change.mention) and len(default) == 1 else []
    told = [m for m in mine if _length(m) == _length(change.mention)]
    return [*told, *(m for m in mine if told and not _length(m))]


def _may_be_level(clauses: list[Clause], change: NewLength) -> bool:
    """Whether a number is as near to a number that the indicator is compared with as to its length."""
    if len(change.numbers) != 1:
        return False
    (number,) = change.numbers
    found = [
        one.right.value
        for one in parts_of(clauses, Relation)
        if isinstance(one.left, Mention) and one.left.name == change.mention.name and isinstance(one.right, Literally)
    ]
    lengths = [n for c in clauses for m in mentions(c.said) if m.name == change.mention.name for n in _length(m)[:1]]
    lengths = lengths or [*defaults_of(change.mention.name)[:1]]
    nearest = min((abs(number - one) for one in lengths), default=0.0)
    return any(abs(number - level) <= nearest for level in found)


def _of_length(mention: Mention, change: NewLength) -> Mention:
    """The mention with its new length; what else it says ("(10, 3)") stays."""
    if change.period is None:
        more = mention.numbers[len(change.numbers) :]
        return replace(mention, numbers=(*change.numbers, *more), period=None)
    if len(mention.numbers) > 1:
        return replace(mention, numbers=(change.period.count, *mention.numbers[1:]), period=None)
    return replace(mention, numbers=(), period=change.period)


def _new_signal(clauses: list[Clause], change: NewLength) -> list[Clause]:
    """ "Set the signal to 7": the length of that line, not that of the MACD."""
    length = change.numbers or ((change.period.count,) if change.period is not None else ())
    if len(length) == 3:
        return _new_length(clauses, replace(change, mention=replace(change.mention, output="")))
    told = {(m.numbers or defaults_of("MACD"))[2:] for c in clauses for m in mentions(c.said) if m.name == "MACD"}
    if len(length) != 1 or (change.named and told != {change.mention.numbers}):
        raise Unread("which length of it is changed", change.span, "edit")
    return new_parameter(clauses, NewParameter("signal", length[0], "MACD", change.span))


def _length(mention: Mention) -> tuple[float, ...]:
    return mention.numbers if mention.period is None else (mention.period.count,)


def _new_fast_and_slow(clauses: list[Clause], change: NewLengths) -> list[Clause]:
    """The two averages, or the two that the MACD is made of where no average is spoken of."""
    spoken = {m.name for c in clauses for m in mentions(c.said)}
    if "MACD" not in spoken or spoken & AVERAGES or change.average:
        return new_lengths(clauses, change)
    for kind, value in (("fast", change.fast), ("slow", change.slow)):
        if value is not None:
            clauses = new_parameter(clauses, NewParameter(kind, value, "MACD", change.span))
    return clauses


def _new_rule(clauses: list[Clause], change: NewRule) -> list[Clause]:
    """A rule in the place of the only one of its kind; an order without a condition keeps that of the entry."""
    if isinstance(change.rule, EntrySaid) and _is_order_alone(clauses, change.rule):
        return new_order(clauses, change.rule, change.span)
    held = [one for one in clauses if isinstance(one.said, HoldSaid)]
    if change.own and len(held) == 1:
        return [replace(one, said=change.rule, span=change.span) if one is held[0] else one for one in clauses]
    kind = EntrySaid if isinstance(change.rule, EntrySaid) else ExitSaid
    before = [
        one
        for one in clauses
        if isinstance(one.said, kind) and (change.of is None or change.of in {m.name for m in mentions(one.said)})
    ]
    if len(before) != 1:
        raise Unread("it is not clear which rule this takes the place of", change.span, "edit")
    placed = replace(before[0], said=change.rule, span=change.span, under=None)
    kept = [
        one
        for one in clauses
        if one is before[0] or not isinstance(change.rule, _REPLACED) or not _same_place(one.said, change.rule)
    ]
    return [placed if one is before[0] else one for one in kept]


def _new_average(clauses: list[Clause], change: NewAverage) -> list[Clause]:
    found = [m for clause in clauses for m in mentions(clause.said) if m.name in AVERAGES and m.column is None]
    mine = [m for m in found if change.old is None or m.name == change.old]
    lengths = {(m.numbers, m.period) for m in mine if m.numbers or m.period is not None}
    if not mine or (change.both and len(lengths) != 2):
        raise Unread("it is not clear which averages are changed", change.span, "edit")
    return with_mentions(clauses, lambda m: replace(m, name=change.name) if m in mine else m)


_APPLIED: Mapping[type, Callable[[list[Clause], Any], list[Clause]]] = {
    NewLength: _new_length,
    NewAverage: _new_average,
    NewNumber: new_number,
    NewOperand: new_operand,
    NewCondition: new_condition,
    NewStreak: new_streak,
    NewAmount: amount_or_figure,
    NewRiskNumber: new_risk_number,
    NewRule: _new_rule,
    NewPeriod: length_or_figure,
    NewLengths: _new_fast_and_slow,
    NewLevel: new_level,
    RuleRemoval: without_rule,
    NewParameter: new_parameter,
    InOrder: number_in_order,
    Scale: scaled,
    Trailing: trailing,
    ConditionRemoval: without_condition,
    RuleOfRemoval: without_rule_of,
    DaysRemoval: lambda clauses, change: without_days(clauses, change.days, change.span),
    HoldRemoval: without_hold,
    CostRemoval: without_cost,
    NewDays: new_days,
    MoreDays: more_days,
    NewHours: new_hours,
    NewZone: new_zone,
    MarketOrder: at_market,
    NewLine: _new_line,
    NewIndicator: new_indicator,
    NewPattern: new_pattern,
    NewWhen: new_when,
    NewFraction: new_fraction,
    NewThat: that_or_figure,
    OfRules: of_rules,
    NewLineOfRule: new_line_of_rule,
    KeptLength: kept_length,
    SwapSides: swapped,
    OrderApart: order_apart,
    NewFigures: new_figures,
    NewTrailStart: new_trail_start,
}
