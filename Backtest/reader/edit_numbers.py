"""Numbers, lines and amounts of a strategy changed by a later sentence that says which ("change the 20 to 55")."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.edit_parts import defaults_of
from Backtest.reader.edit_syntax import (
    NewAmount,
    NewCondition,
    NewLength,
    NewNumber,
    NewOperand,
    NewStreak,
)
from Backtest.reader.exchange_syntax import (
    NewRiskNumber,
)
from Backtest.reader.operands import AVERAGES
from Backtest.reader.replacement import mapped, parts_in, parts_of, with_length_of_atr, with_mentions
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import (
    AccountSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    HoldSaid,
    SizeSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import (
    Distance,
    Extreme,
    Lasting,
    Lately,
    Literally,
    Mention,
    OperandSaid,
    PercentMove,
    Period,
    Relation,
    Slope,
)

_PERIODS = (Extreme, Lasting, Lately, Slope, PercentMove, HoldSaid, CooldownSaid)
_LINES = frozenset({Mention, Extreme})
_Numbered = Callable[[Any], Any]


def new_number(clauses: list[Clause], change: NewNumber) -> list[Clause]:
    """Changes the one place where the old number stands: a level, a length or a distance."""
    places: list[tuple[type, object]] = []
    for clause in clauses:
        _visit(clause, change, places.append)
    lines = {_one_line(one) for kind, one in places if kind in _LINES}  # spoken of twice, an indicator is one
    if len(lines) + sum(kind not in _LINES for kind, _ in places) != 1:
        raise Unread(f"{change.old:g} stands in {len(places) or 'no'} places", change.span, "edit")
    return [_numbered(clause, change) for clause in clauses]


def _one_line(said: object) -> object:
    """What a number is counted once for: both lines of an indicator, and averages of one length."""
    if not isinstance(said, Mention):
        return said
    alike = {"PLUS_DI": "DI", "MINUS_DI": "DI", "%": "STOCH", **dict.fromkeys(AVERAGES, "")}
    return replace(said, name=alike.get(said.name, said.name), output="", owned=False)


def _kinds(change: NewNumber) -> list[tuple[type, Callable[[Any], bool], _Numbered]]:
    """Where a number with this unit can stand: the parts, whether one bears the old number, and it with the new one."""
    levels: list[tuple[type, Callable[[Any], bool], _Numbered]] = [
        (Literally, lambda one: bool(one.value == change.old), lambda one: replace(one, value=change.new))
    ]
    lengths: list[tuple[type, Callable[[Any], bool], _Numbered]] = [
        (Mention, lambda one: _bears(one, change.old), lambda one: _renumbered(one, change)),
        *((kind, lambda one: _lasts(one, change.old), lambda one: _of_length(one, change.new)) for kind in _PERIODS),
    ]
    shares: list[tuple[type, Callable[[Any], bool], _Numbered]] = [
        (
            Distance,
            lambda one: one.kind == "percent" and one.value == change.old,
            lambda one: replace(one, value=change.new),
        ),
        (PercentMove, lambda one: bool(one.percent == change.old), lambda one: replace(one, percent=change.new)),
    ]
    others: list[tuple[type, Callable[[Any], bool], _Numbered]] = [
        (Distance, lambda one: bool(one.value == change.old), lambda one: replace(one, value=change.new)),
        shares[1],
        (
            SizeSaid,
            lambda one: one.kind in {"units", "risk", "volatility"} and one.value == change.old,
            lambda one: replace(one, value=change.new),
        ),
    ]
    sums: list[tuple[type, Callable[[Any], bool], _Numbered]] = [
        (
            kind,
            lambda one: one.kind in {"cash", "money", "risk_money"} and one.value == change.old,
            lambda one: replace(one, value=change.new),
        )
        for kind in (AccountSaid, SizeSaid)
    ]
    prices = [(Literally, lambda one: one.unit == "$" and one.value == change.old, levels[0][2])]
    return {"%": shares, "period": lengths, "$": [*sums, *prices]}.get(change.unit, [*levels, *lengths, *others])


def _visit(clause: Clause, change: NewNumber, found: Callable[[tuple[type, object]], None]) -> None:
    for kind, bears, _ in _kinds(change):
        for one in parts_in(clause.said, kind):
            if bears(one):
                found((kind, one))


def _numbered(clause: Clause, change: NewNumber) -> Clause:
    said = clause.said
    for kind, bears, changed in _kinds(change):

        def put(one: Any, bears: Callable[[Any], bool] = bears, changed: _Numbered = changed) -> Any:
            return changed(one) if bears(one) else one

        said = mapped(said, kind, put)
    return replace(clause, said=said)


def _lasts(one: Any, count: float) -> bool:
    return one.period is not None and bool(one.period.count == count)


def _of_length(one: Any, count: float) -> Any:
    return replace(one, period=replace(one.period, count=count))


def _bears(mention: Mention, number: float) -> bool:
    return number in mention.numbers or (mention.period is not None and mention.period.count == number)


def _renumbered(mention: Mention, change: NewNumber) -> Mention:
    numbers = tuple(change.new if number == change.old else number for number in mention.numbers)
    period = mention.period
    if period is not None and period.count == change.old:
        period = Period(change.new, period.unit)
    return replace(mention, numbers=numbers, period=period)


def new_operand(clauses: list[Clause], change: NewOperand) -> list[Clause]:
    """Every mention of the old line becomes the new one; the lengths may differ in their words."""
    if isinstance(change.new, Extreme):
        return _new_extreme(clauses, change, change.new)
    old, new = change.old, change.new
    if not isinstance(old, Mention):
        raise AssertionError("an indicator in the place of another")
    mine = [
        m
        for clause in clauses
        for m in mentions(clause.said)
        if old.name in {"", m.name} and (m.column, m.chart) == (old.column, old.chart) and _length(m) == _length(old)
    ]
    if not mine or new.name not in AVERAGES or any(m.name not in AVERAGES for m in mine):
        raise Unread("it is not clear which one is changed", change.span, "edit")

    def renamed(mention: Mention) -> Mention:
        if mention not in mine:
            return mention
        return replace(mention, name=new.name or mention.name, numbers=new.numbers, period=new.period)

    return with_mentions(clauses, renamed)


def _length(mention: Mention) -> tuple[float, ...]:
    return mention.numbers if mention.period is None else (mention.period.count,)


_RULES: Mapping[str, type] = {"entry": EntrySaid, "exit": ExitSaid}


def _new_extreme(clauses: list[Clause], change: NewOperand, new: Extreme) -> list[Clause]:
    mine = [c for c in clauses if change.role is None or isinstance(c.said, _RULES[change.role])]
    found = {one for one in parts_of(mine, Extreme) if one.kind == new.kind and change.old in {None, one}}
    if len(found) != 1:
        raise Unread("it is not clear which high or low is changed", change.span, "edit")
    return [
        replace(
            c, said=mapped(c.said, Extreme, lambda one: replace(new, of_close=one.of_close) if one in found else one)
        )
        if any(c is one for one in mine)
        else c
        for c in clauses
    ]


def new_condition(clauses: list[Clause], change: NewCondition) -> list[Clause]:
    """ "ADX above 25 instead": the one comparison of that indicator that points the same way."""
    line, level = change.said.left, change.said.right
    found = {one for one in parts_of(clauses, Relation) if _is_like(one, change.said, line)}
    if len(found) != 1:
        raise Unread("it is not clear which comparison is changed", change.span, "edit")
    changed = replace(next(iter(found)), left=_with_length(next(iter(found)).left, line), right=level)
    return [replace(c, said=mapped(c.said, Relation, lambda one: changed if one in found else one)) for c in clauses]


def _with_length(before: OperandSaid | None, said: OperandSaid | None) -> OperandSaid | None:
    """The line that is compared, of the length that the change says."""
    if not isinstance(before, Mention) or not isinstance(said, Mention) or not _length(said):
        return before
    return replace(before, numbers=said.numbers, period=said.period)


def _is_like(one: Relation, said: Relation, line: OperandSaid | None) -> bool:
    if not isinstance(one.left, Mention) or not isinstance(line, Mention) or not isinstance(one.right, Literally):
        return False
    return one.left.name == line.name and one.op == said.op


def new_streak(clauses: list[Clause], change: NewStreak) -> list[Clause]:
    same = change.said.direction, change.said.value
    found = {one for one in parts_of(clauses, Slope) if (one.direction, one.value) == same}
    if len(found) != 1:
        raise Unread("it is not clear which move is changed", change.span, "edit")
    return [replace(c, said=mapped(c.said, Slope, lambda one: change.said if one in found else one)) for c in clauses]


def new_amount(clauses: list[Clause], change: NewAmount) -> list[Clause]:
    """ "make it 12%": the one amount that is measured so, else the one stop, target or trailing stop.

    Raises Unread where there are several, or none.
    """
    percent = change.distance.kind == "percent"
    apart = [
        c for c in clauses if isinstance(c.said, StopSaid | TargetSaid | TrailSaid) and c.said.distance is not None
    ]
    mine = [c for c in apart if _kind_of(c) == change.distance.kind]
    moves = {one for c in clauses for one in parts_in(c.said, PercentMove)} if percent else set()
    shares = [c for c in clauses if percent and _is_share(c.said)]
    if not mine and not moves and not shares and all(_kind_of(c) != "r" for c in apart):
        mine = apart
    if len(mine) + len(moves) + len(shares) != 1:
        raise Unread("it is not clear what becomes so much", change.span, "edit")
    if moves:
        moved = [
            replace(c, said=mapped(c.said, PercentMove, lambda one: replace(one, percent=change.distance.value)))
            for c in clauses
        ]
        return [new if new.said != old.said else old for new, old in zip(moved, clauses, strict=True)]
    old: Any = (mine or shares)[0]
    said = replace(old.said, distance=change.distance) if mine else _of_share(old.said, change.distance.value)
    said = with_length_of_atr(said, [old])
    placed = replace(old, said=replace(said, span=change.span), span=change.span)
    return [placed if clause is old else clause for clause in clauses]


def _kind_of(clause: Clause) -> str:
    """How the distance of a stop, target or trailing stop is measured; "" for what has none."""
    said = clause.said
    distance = said.distance if isinstance(said, StopSaid | TargetSaid | TrailSaid) else None
    return distance.kind if distance is not None else ""


_SHARES = frozenset({"fraction", "risk", "volatility"})
_RATES = frozenset({"commission_rate", "spread"})


def _is_share(said: object) -> bool:
    """Whether a size or a cost is said in percent."""
    return (isinstance(said, SizeSaid) and said.kind in _SHARES) or (
        isinstance(said, AccountSaid) and said.kind in _RATES
    )


def _of_share(said: SizeSaid | AccountSaid, percent: float) -> SizeSaid | AccountSaid:
    return replace(said, value=percent if said.kind in {"risk", "volatility"} else percent / 100)


_APART: Mapping[str, type] = {"stop": StopSaid, "target": TargetSaid, "trail": TrailSaid}
_FURTHEST = 5.0


def new_risk_number(clauses: list[Clause], change: NewRiskNumber) -> list[Clause]:
    """ "Stop 25": in the pips, points, percent or ATRs that it is measured in.

    Raises Unread where there is none, and where it would be so much more or less that it may be a price.
    """
    mine = [c for c in clauses if isinstance(c.said, _APART[change.kind]) and _kind_of(c)]
    old: Any = mine[0].said if len(mine) == 1 else None
    if old is None or not 1 / _FURTHEST <= change.value / (old.distance.value or 1.0) <= _FURTHEST:
        raise Unread(f"a {change.kind} of {change.value:g} what", change.span, "edit")
    placed = replace(mine[0], said=replace(old, distance=replace(old.distance, value=change.value)))
    return [placed if one is mine[0] else one for one in clauses]


def new_deviation(clauses: list[Clause], change: NewLength) -> list[Clause]:
    """ "use 2.5 standard deviations": the width of the one Bollinger band."""
    bands = [m for clause in clauses for m in mentions(clause.said) if m.name in {"BBANDS", "CHANNEL"}]
    if not any(m.name == "BBANDS" for m in bands) or len({m.numbers for m in bands if m.numbers}) > 1:
        raise Unread("it is not clear whose deviations are changed", change.span, "edit")
    width = change.numbers or change.mention.numbers
    told = {(m.numbers or defaults_of("BBANDS"))[1:] or (2.0,) for m in bands if m.name == "BBANDS"}
    if change.named and told != {change.mention.numbers}:
        raise Unread("another number of deviations than the strategy's", change.span, "edit")
    if len(width) != 1:
        raise Unread("how many deviations", change.span, "edit")

    def widened(mention: Mention) -> Mention:
        if mention not in bands:
            return mention
        length = mention.numbers[0] if mention.numbers else mention.period.count if mention.period else 20.0
        return replace(mention, numbers=(length, width[0]), period=None)

    return with_mentions(clauses, widened)
