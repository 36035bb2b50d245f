"""What takes the place of something that a later sentence names: a number, a line, a crossing, days or an order."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.edit_parts import numbers_in, the_leaf, when_of, with_leaf, with_when
from Backtest.reader.edit_rules import is_of_rule
from Backtest.reader.edit_syntax import (
    Change,
    Instead,
    NewDays,
    Old,
)
from Backtest.reader.exchange_syntax import (
    OrderApart,
)
from Backtest.reader.replacement import mapped, parts_in
from Backtest.reader.scales import PRICE_LIKE
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import (
    BareCondition,
    ContextSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    OrderSaid,
    Statement,
)
from Backtest.reader.syntax import (
    All,
    AnyOf,
    Apart,
    Extreme,
    It,
    Literally,
    Mention,
    OnDays,
    PriceOf,
    Relation,
    Said,
    Slope,
)

_CHANNELS = frozenset({"BBANDS", "KELTNER", "DONCHIAN", "CHANNEL"})
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Rule = EntrySaid | ExitSaid | FilterSaid | BareCondition
Apply = Callable[[list[Clause], "Change | Statement"], list[Clause]]


def instead(clauses: list[Clause], change: Instead, apply: Apply) -> list[Clause]:
    """The clauses after what `change` says. Raises Unread where what it takes the place of does not stand there."""
    told = change.said
    rule = told[0] if len(told) == 1 else None
    if change.old.kind == "days":
        if not isinstance(rule, FilterSaid) or not isinstance(rule.when, OnDays):
            raise Unread("days in the place of what", change.span, "edit")
        return new_days(clauses, NewDays(rule.when.days, _days(change.old), change.span))
    if change.old.kind == "order":
        if not isinstance(rule, EntrySaid) or rule.order.kind == "market" or rule.when is not None:
            raise Unread("which order takes the place of the other", change.span, "edit")
        return apply(clauses, rule)
    if change.old.kind == "context":
        return _elsewhere(clauses, change, apply)
    if isinstance(rule, EntrySaid | ExitSaid | FilterSaid | BareCondition) and rule.when is not None:
        return _new_part(clauses, rule, change)
    if change.old.kind != "number":
        raise Unread("it is not clear what takes the place of what", change.span, "edit")
    after = clauses
    for one in told:
        after = apply(after, one)
    lost = Counter(number for c in clauses for number in numbers_in(c.said))
    lost -= Counter(number for c in after for number in numbers_in(c.said))
    if not any(_is_old(number, change.old) for number in lost):
        raise Unread("what this takes the place of does not stand there", change.span, "edit")
    return after


def _days(old: Old) -> tuple[str, ...]:
    return old.value if isinstance(old.value, tuple) else ()


def _is_old(number: float, old: Old) -> bool:
    values = old.value if isinstance(old.value, tuple) else ()
    return any(abs(number - value) < 1e-9 for value in values)


def _elsewhere(clauses: list[Clause], change: Instead, apply: Apply) -> list[Clause]:
    """ "MSFT instead of AAPL": what the strategy said of the instrument or the chart must be the old one."""
    rule = change.said[0]
    if len(change.said) != 1 or not isinstance(rule, ContextSaid):
        raise Unread("it is not clear what takes the place of what", change.span, "edit")
    told = [c.said for c in clauses if isinstance(c.said, ContextSaid)]
    told += [one for c in clauses if isinstance(c.said, EntrySaid) for one in c.said.context]
    if any(one.kind == rule.kind and one.value != change.old.value for one in told):
        raise Unread(f"the strategy is not on {change.old.value}", change.span, "edit")
    return apply(clauses, rule)


def _is_meant(clause: Clause, rule: Rule) -> bool:
    """Whether a condition of this rule may be changed by what the later sentence says of one."""
    match rule:
        case BareCondition():
            return True
        case FilterSaid():
            return isinstance(clause.said, FilterSaid) or is_of_rule(clause, "entry", rule.side)
        case EntrySaid():
            return is_of_rule(clause, "entry", rule.side)
        case _:
            return is_of_rule(clause, "exit", {"sell": "long", "cover": "short"}.get(rule.verb))


def _new_part(clauses: list[Clause], rule: Rule, change: Instead) -> list[Clause]:
    """The one condition of an entry or exit that speaks of the old thing becomes what `rule` says."""
    if isinstance(rule, ExitSaid) and rule.portion is not None:
        raise Unread("an exit of a part in the place of what", change.span, "edit")
    if isinstance(rule, EntrySaid) and (rule.order.kind != "market" or rule.size is not None or rule.context):
        raise Unread("more than a condition in the place of another", change.span, "edit")
    new = rule.when
    if new is None or isinstance(new, All | AnyOf):
        raise Unread("several conditions in the place of one", change.span, "edit")
    found = the_leaf(clauses, lambda clause: _is_meant(clause, rule), lambda leaf: _is_named(leaf, change.old))
    if found is None:
        raise Unread("it is not clear which condition is changed", change.span, "edit")
    clause, leaf = found
    put = _completed(new, leaf, change)
    when = when_of(clause)
    if when is None:
        raise AssertionError("a rule with a condition")
    changed = with_when(clause, with_leaf(when, leaf, put))
    return [changed if one is clause else one for one in clauses]


def _is_named(leaf: Said, old: Old) -> bool:
    match old.kind:
        case "number":
            return any(_is_old(number, old) for number in numbers_in(leaf))
        case "cross":
            return isinstance(leaf, Relation) and "cross" in leaf.op
        case "output":
            return any(m.output == old.value and m.name in _CHANNELS for m in mentions(leaf))
        case "line" if isinstance(old.value, Mention):
            return any(_is_line(m, old.value) for m in mentions(leaf))
        case "line" if isinstance(old.value, Extreme):
            return old.value in parts_in(leaf, Extreme)
        case _:
            return False


def _is_line(one: Mention, old: Mention) -> bool:
    same = old.name in {"", one.name} or (old.name == "CHANNEL" and one.name in _CHANNELS)
    length = old.numbers or ((old.period.count,) if old.period is not None else ())
    mine = one.numbers or ((one.period.count,) if one.period is not None else ())
    return same and old.output in {"", one.output} and length in {(), mine, mine[:1]} and one.chart == old.chart


def _completed(new: Said, old: Said, change: Instead) -> Said:
    """The new condition with the lengths and the subject of the old one where it says none."""
    lines = {m.name: m for m in mentions(old)}
    channel = [m for m in mentions(old) if m.name in _CHANNELS]

    def told(mention: Any) -> Any:
        before = lines.get(mention.name)
        if before is None and mention.name == "CHANNEL" and len(channel) == 1:
            before = channel[0]
        if before is None or mention.numbers or mention.period is not None:
            return mention
        chart = mention.chart or before.chart
        return replace(mention, name=before.name, numbers=before.numbers, period=before.period, chart=chart)

    said = mapped(new, Mention, told)
    if change.old.kind != "number":
        return _with_subject(said, old)
    if isinstance(said, Slope) and isinstance(old, Slope) and replace(said, period=None) == replace(old, period=None):
        return said
    if not isinstance(said, Relation) or not isinstance(old, Relation):
        raise Unread("it is not clear which number is changed", change.span, "edit")
    return _new_level(said, old, change)


def _with_subject(new: Said, old: Said) -> Said:
    if isinstance(new, Relation) and isinstance(new.left, It) and not new.left.which and isinstance(old, Relation):
        return replace(new, left=old.left)
    return new


def _way(op: str) -> str:
    """The side of a level that a comparison or a crossing is about."""
    return {"cross_below": "<", "cross_above": ">"}.get(op, op.strip("="))


def _new_level(new: Relation, old: Relation, change: Instead) -> Relation:
    """ "Sell above 75 instead of 70": said of what was compared with the old number."""
    unsaid = new.left is None or (isinstance(new.left, It) and not new.left.which)
    if isinstance(new.left, PriceOf) and isinstance(old.left, Mention) and isinstance(new.right, Literally):
        unsaid = unsaid or (old.left.name not in PRICE_LIKE and new.right.unit == "")
    if unsaid:
        if isinstance(old.right, Literally) and _way(new.op) == _way(old.op):
            return replace(old, right=new.right)
        raise Unread("what is compared is not said", change.span, "edit")
    before = {m.name for m in mentions(old)}
    if isinstance(new.left, PriceOf) and isinstance(old.left, PriceOf) and new.left.column != old.left.column:
        raise Unread("another condition than the one whose number it names", change.span, "edit")
    if before and {m.name for m in mentions(new)} != before:
        raise Unread("another condition than the one whose number it names", change.span, "edit")
    return new


def new_days(clauses: list[Clause], change: NewDays) -> list[Clause]:
    """The one filter of days allows others. Raises Unread where there is none of the old days."""
    rest = tuple(day for day in _WEEK if day not in change.old)
    for clause in clauses:
        said = clause.said
        if isinstance(said, FilterSaid) and isinstance(said.when, OnDays) and said.when.days in {change.old, rest}:
            banned = said.when.days == rest and said.when.days != change.old
            days = tuple(day for day in _WEEK if (day in change.days) != banned)
            new = replace(clause, said=replace(said, when=OnDays(days)))
            return [new if one is clause else one for one in clauses]
    raise Unread("there is no filter of these days", change.span, "edit")


def without_days(clauses: list[Clause], days: tuple[str, ...], span: tuple[int, int]) -> list[Clause]:
    """The clauses without a filter of days. Raises Unread where there is none, or one of other days."""
    told = [c for c in clauses if isinstance(c.said, FilterSaid) and isinstance(c.said.when, OnDays)]
    rest = tuple(day for day in _WEEK if day not in days)
    mine = [c for c in told if not days or _on(c) in {days, rest}]
    if not mine or (days and len(mine) != 1):
        raise Unread("there is no such filter of days to remove", span, "edit")
    return [clause for clause in clauses if not any(clause is one for one in mine)]


def _on(clause: Clause) -> tuple[str, ...]:
    said = clause.said
    return said.when.days if isinstance(said, FilterSaid) and isinstance(said.when, OnDays) else ()


def new_order(clauses: list[Clause], said: EntrySaid, span: tuple[int, int]) -> list[Clause]:
    """The one entry is filled by another order; its conditions stay. Raises Unread where there are several."""
    mine = [c for c in clauses if isinstance(c.said, EntrySaid) and said.side in {None, c.said.side or "long"}]
    if len(mine) != 1:
        raise Unread("it is not clear which entry is filled by this order", span, "edit")
    entry = mine[0].said
    if not isinstance(entry, EntrySaid):
        raise AssertionError("an entry")
    order = _lasting(said.order, entry.order)
    placed = replace(mine[0], said=replace(entry, order=order, size=said.size or entry.size))
    return [placed if one is mine[0] else one for one in clauses]


def _lasting(new: OrderSaid, old: OrderSaid) -> OrderSaid:
    if new.valid is not None or new.gtc or old.kind != new.kind:
        return new
    return replace(new, valid=old.valid, gtc=old.gtc)


def order_apart(clauses: list[Clause], change: OrderApart) -> list[Clause]:
    """The one waiting order so far from its price. Raises Unread where there is none, or one at no such distance."""
    mine = [c for c in clauses if isinstance(c.said, EntrySaid) and isinstance(c.said.order.price, Apart)]
    entry = mine[0].said if len(mine) == 1 else None
    if not isinstance(entry, EntrySaid) or not isinstance(entry.order.price, Apart):
        raise Unread("which order stands so far from a price", change.span, "edit")
    order = replace(entry.order, price=replace(entry.order.price, distance=change.distance))
    return [replace(c, said=replace(entry, order=order)) if c is mine[0] else c for c in clauses]
