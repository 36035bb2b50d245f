"""Settings changed by a later sentence: an indicator's parameters, lengths in order, what becomes a multiple."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from Backtest.indicators.indicator_registry import find
from Backtest.reader.clause import Clause
from Backtest.reader.edit_lengths import new_lengths
from Backtest.reader.edit_parts import defaults_of, numbers_in
from Backtest.reader.edit_syntax import (
    CostRemoval,
    HoldRemoval,
    InOrder,
    MarketOrder,
    NewLengths,
    NewParameter,
    NewZone,
    Scale,
)
from Backtest.reader.exchange_syntax import (
    Trailing,
)
from Backtest.reader.operands import AVERAGES
from Backtest.reader.replacement import mapped, with_mentions
from Backtest.reader.scales import MIDDLES
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import (
    AccountSaid,
    CooldownSaid,
    EntrySaid,
    HoldSaid,
    OrderSaid,
    SizeSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
    ValiditySaid,
)
from Backtest.reader.syntax import Extreme, Literally, Mention, Period, Relation

_PARAMETERS: Mapping[str, frozenset[str]] = {
    "multiplier": frozenset({"multiple"}),
    "deviations": frozenset({"nbdev"}),
    "length": frozenset({"timeperiod"}),
    "signal": frozenset({"signalperiod"}),
    "fast": frozenset({"fastperiod"}),
    "slow": frozenset({"slowperiod"}),
}
_CHANNELS = frozenset({"BBANDS", "KELTNER", "DONCHIAN"})
_MADE_OF_BANDS: Mapping[str, str] = {"CHANNEL": "BBANDS"}


def new_parameter(clauses: list[Clause], change: NewParameter) -> list[Clause]:
    """The clauses with another value of the one parameter meant. Raises Unread where none or several may be."""
    told = {m.name for clause in clauses for m in mentions(clause.said)}
    found = {
        (name, place)
        for name in {_owner(name, told) for name in told} - {""}
        for place, one in enumerate(find(name).parameters)
        if one.name in _PARAMETERS[change.kind] and _is_named(name, change.indicator)
    }
    stops = [c for c in clauses if change.kind == "multiplier" and change.indicator is None and _is_of_atr(c)]
    if len(found) + len(stops) != 1:
        named = change.kind if change.indicator is None else f"{change.kind} of {change.indicator}"
        raise Unread(f"{'which' if found or stops else 'no'} {named} is meant", change.span, "edit")
    if stops:
        return [_of_atrs(c, change.value) if c is stops[0] else c for c in clauses]
    ((name, place),) = found
    if len({(m.numbers, m.period, m.chart) for c in clauses for m in mentions(c.said) if _is_said(m, name)}) > 1:
        raise Unread(f"which {name} is meant", change.span, "edit")

    def put(mention: Mention) -> Mention:
        if mention.name != name and _MADE_OF_BANDS.get(mention.name) != name:
            return mention
        length = (mention.period.count,) if mention.period is not None else ()
        numbers = [*(mention.numbers or length)]
        numbers += defaults_of(name)[len(numbers) :]
        numbers[place] = change.value
        return replace(mention, numbers=tuple(numbers), period=None)

    return with_mentions(clauses, put)


def _is_named(name: str, indicator: str | None) -> bool:
    return indicator in {None, name} or (indicator == "CHANNEL" and name in _CHANNELS)


def _owner(name: str, told: set[str]) -> str:
    """The indicator that a mention is of; "" for a band whose channel another mention names."""
    if name in {"", "%"} or (name == "CHANNEL" and told & {"BBANDS", "KELTNER", "DONCHIAN"}):
        return ""
    return _MADE_OF_BANDS.get(name, name)


def _is_said(mention: Mention, name: str) -> bool:
    return mention.name == name and bool(mention.numbers or mention.period is not None)


def _is_of_atr(clause: Clause) -> bool:
    said = clause.said
    if not isinstance(said, StopSaid | TargetSaid | TrailSaid):
        return False
    return said.distance is not None and said.distance.kind == "atr"


def _of_atrs(clause: Clause, value: float) -> Clause:
    said: Any = clause.said
    return replace(clause, said=replace(said, distance=replace(said.distance, value=value)))


def in_order(clauses: list[Clause], change: InOrder) -> list[Clause]:
    """Lengths, levels or settings, as many as the strategy says, in its order. Raises Unread for another number of
    them, and where two kinds of things are so many."""
    lines = [] if change.kind == "levels" else _distinct_lines(clauses)
    levels = [] if change.kind == "lengths" else _levels(clauses, change.line)
    several = {
        (m.name, m.numbers or defaults_of(m.name)) for clause in clauses for m in mentions(clause.said) if m.name
    }
    settings = [one for one in several if len(one[1]) == len(change.counts) > 1 and change.kind is None]
    fitting = [len(lines) == len(change.counts), len(levels) == len(change.counts), len(settings) == 1]
    if sum(fitting) != 1 or len({*change.counts}) != len(change.counts):
        raise Unread("it is not clear which numbers are changed", change.span, "edit")
    if fitting[0]:
        return _lengthened(clauses, lines, change)
    if fitting[1] and len(levels) == 2 and (levels[0].value < levels[1].value) != (change.counts[0] < change.counts[1]):
        raise Unread("which level takes which number", change.span, "edit")
    if fitting[1]:
        new = dict(zip(levels, change.counts, strict=True))
        return [replace(c, said=mapped(c.said, Relation, lambda one: _of_level(one, new))) for c in clauses]
    name = settings[0][0]
    return with_mentions(clauses, lambda m: replace(m, numbers=change.counts, period=None) if m.name == name else m)


Line = Mention | Extreme


def _distinct_lines(clauses: list[Clause]) -> list[Line]:
    """Every line with a length of its own, each once, in the order of the strategy."""
    found: list[Line] = []

    def noted(one: Any) -> Any:
        plain = _plain(one)
        if plain is not None and plain not in found:
            found.append(plain)
        return one

    for clause in clauses:
        _each_line(clause, noted)
    return found


def _each_line(clause: Clause, change: Callable[[Any], Any]) -> Clause:
    """Visits lines in the order of the sentence, both kinds in one walk."""
    return replace(clause, said=_walk(clause.said, change))


def _walk(said: Any, change: Callable[[Any], Any]) -> Any:
    return mapped(said, (Mention, Extreme), change)


def _plain(one: Line) -> Line | None:
    """The line without what does not tell two apart; None for one that says no length, or more than a length."""
    if isinstance(one, Extreme):
        return one
    if one.pace or (one.period is None and len(one.numbers) != 1):
        return None
    return replace(one, output="", owned=False)


def _lengthened(clauses: list[Clause], lines: list[Line], change: InOrder) -> list[Clause]:
    averages = all(isinstance(one, Mention) and one.name in AVERAGES and one.column is None for one in lines)
    if averages and len(lines) == 2:
        before, after = _count(lines[0]) < _count(lines[1]), change.counts[0] < change.counts[1]
        if before != after:
            if not after:
                raise Unread("the faster average would be the slower one", change.span, "edit")
            return new_lengths(clauses, NewLengths(change.counts[0], change.counts[1], change.span))
    new = dict(zip(lines, change.counts, strict=True))

    def put(one: Any) -> Any:
        plain = _plain(one)
        return one if plain is None or plain not in new else _long(one, new[plain], change.unit)

    return [_each_line(clause, put) for clause in clauses]


def _count(one: Line) -> float:
    return one.period.count if one.period is not None else one.numbers[0] if isinstance(one, Mention) else 0.0


def _long(one: Any, count: float, unit: str | None) -> Any:
    if one.period is not None:
        return replace(one, period=Period(count, unit or one.period.unit))
    return replace(one, numbers=(), period=Period(count, unit)) if unit else replace(one, numbers=(count,))


def _levels(clauses: list[Clause], line: str | None) -> list[Literally]:
    found: list[Literally] = []

    def noted(one: Any) -> Any:
        if line is not None and line not in {m.name for m in mentions(one)}:
            return one
        found.extend(end for end in (one.left, one.right) if isinstance(end, Literally) and end.unit == "")
        return one

    for clause in clauses:
        mapped(clause.said, Relation, noted)
    return list(dict.fromkeys(found))


def _of_level(one: Relation, new: Mapping[Literally, float]) -> Relation:
    left, right = (
        replace(end, value=new[end]) if isinstance(end, Literally) and end in new else end
        for end in (one.left, one.right)
    )
    return replace(one, left=left, right=right)


_OF_DISTANCE: Mapping[str, type] = {"stop": StopSaid, "target": TargetSaid, "trail": TrailSaid}
_OF_PERIOD: Mapping[str, type] = {"hold": HoldSaid, "cooldown": CooldownSaid}


def scaled(clauses: list[Clause], change: Scale) -> list[Clause]:
    """What is named becomes so many times as large. Raises Unread where the strategy does not say it as a number."""
    if change.kind == "it":
        return scaled(clauses, replace(change, kind=_that(clauses, change)))
    if change.kind == "lengths":
        return _scaled_lengths(clauses, change)
    if change.kind in {"size", "risk"}:
        return _scaled_size(clauses, change)
    mine = [c for c in clauses if _bears(c, change.kind)]
    if len(mine) != 1:
        raise Unread(f"{'which' if mine else 'no'} {change.kind} is meant", change.span, "edit")
    said: Any = mine[0].said
    if change.kind in _OF_DISTANCE:
        new = replace(said, distance=replace(said.distance, value=said.distance.value * change.factor))
    elif change.kind in _OF_PERIOD:
        new = replace(said, period=_times(said.period, change))
    else:
        new = replace(said, value=said.value * change.factor)
    placed = replace(mine[0], said=new)
    return [placed if one is mine[0] else one for one in clauses]


def trailing(clauses: list[Clause], change: Trailing) -> list[Clause]:
    """The one stop trails at its distance. Raises Unread where there is none, one at a price, or one that trails."""
    mine = [c for c in clauses if isinstance(c.said, StopSaid)]
    said = mine[0].said if len(mine) == 1 else None
    if any(isinstance(c.said, TrailSaid) for c in clauses) or not isinstance(said, StopSaid):
        raise Unread("which stop is to trail", change.span, "edit")
    if said.distance is None:
        raise Unread("a stop at a price: at what distance does it trail", change.span, "edit")
    placed = replace(mine[0], said=TrailSaid(said.distance, span=change.span), span=change.span)
    return [placed if one is mine[0] else one for one in clauses]


def _that(clauses: list[Clause], change: Scale) -> str:
    """What was said last, where that is one amount and no more. Raises Unread where it is not."""
    numbered = [c for c in clauses if any(True for _ in numbers_in(c.said))]
    kinds = {kind for kind in _SCALABLE for c in numbered if _bears(c, kind)}
    kinds |= {"size" for c in numbered if isinstance(c.said, SizeSaid)}
    if len(numbered) != 1 or len(kinds) != 1:
        raise Unread("what is to be multiplied", change.span, "edit")
    return kinds.pop()


_SCALABLE = (*_OF_DISTANCE, *_OF_PERIOD, "cash", "commission", "spread")


def _bears(clause: Clause, kind: str) -> bool:
    said = clause.said
    if kind in _OF_DISTANCE:
        return isinstance(said, _OF_DISTANCE[kind]) and getattr(said, "distance", None) is not None
    if kind in _OF_PERIOD:
        return isinstance(said, _OF_PERIOD[kind])
    return isinstance(said, AccountSaid) and said.kind.partition("_")[0] == kind


def _times(period: Period, change: Scale) -> Period:
    count = period.count * change.factor
    if count != int(count):
        raise Unread("a length that is no whole number", change.span, "edit")
    return replace(period, count=count)


def _scaled_size(clauses: list[Clause], change: Scale) -> list[Clause]:
    told = [c.said for c in clauses if isinstance(c.said, SizeSaid)]
    told += [c.said.size for c in clauses if isinstance(c.said, EntrySaid) and c.said.size is not None]
    if not told and change.kind == "size" and 0 < change.factor < 1:  # of the whole account, which is the convention
        return _sized(clauses, SizeSaid("fraction", change.factor, change.span), change)
    risked = bool(told) and told[0].kind in {"risk", "risk_money"}
    if len({*told}) != 1 or told[0].kind == "all" or (change.kind == "risk" and not risked):
        raise Unread(f"the strategy says no {change.kind} that could be multiplied", change.span, "edit")
    new = replace(told[0], value=told[0].value * change.factor)
    if (new.kind == "fraction" and new.value > 1) or (new.kind == "units" and new.value != int(new.value)):
        raise Unread("a size that can not be", change.span, "edit")
    return [replace(c, said=mapped(c.said, SizeSaid, lambda one: new)) for c in clauses]


def _sized(clauses: list[Clause], size: SizeSaid, change: Scale) -> list[Clause]:
    entries = [c for c in clauses if isinstance(c.said, EntrySaid)]
    if not entries:
        raise Unread("the size of which entry", change.span, "edit")
    return [*clauses, replace(entries[-1], said=size, span=change.span)]


def _scaled_lengths(clauses: list[Clause], change: Scale) -> list[Clause]:
    lines = _distinct_lines(clauses)
    if not lines:
        raise Unread("the strategy says no lengths", change.span, "edit")
    new = {one: _times(Period(_count(one), "bar"), change).count for one in lines}

    def put(one: Any) -> Any:
        plain = _plain(one)
        return one if plain is None else _long(one, new[plain], None)

    return [_each_line(clause, put) for clause in clauses]


def new_validity(clauses: list[Clause], change: ValiditySaid) -> list[Clause]:
    """The one waiting order lives so long. Raises Unread where the strategy has none, or several."""
    mine = [c for c in clauses if isinstance(c.said, EntrySaid) and c.said.order.kind != "market"]
    if len(mine) != 1:
        raise Unread(f"there {'are several' if mine else 'is no'} waiting order", change.span, "edit")
    said = mine[0].said
    if not isinstance(said, EntrySaid):
        raise AssertionError("an entry")
    placed = replace(mine[0], said=replace(said, order=replace(said.order, valid=change.period, gtc=change.gtc)))
    return [placed if one is mine[0] else one for one in clauses]


def new_zone(clauses: list[Clause], change: NewZone) -> list[Clause]:
    """Another level on that side of an oscillator's middle. Raises Unread where there is none there, or several."""
    found: set[Relation] = set()

    def noted(one: Any) -> Any:
        if isinstance(one.left, Mention) and one.left.name in MIDDLES and isinstance(one.right, Literally):
            middle = MIDDLES[one.left.name]
            if one.right.value != middle and (one.right.value < middle) == change.low:
                found.add(one)
        return one

    for clause in clauses:
        mapped(clause.said, Relation, noted)
    if len({(one.left.name if isinstance(one.left, Mention) else "", one.right) for one in found}) != 1:
        raise Unread("which level is meant", change.span, "edit")

    def put(one: Any) -> Any:
        return replace(one, right=replace(one.right, value=change.value)) if one in found else one

    return [replace(c, said=mapped(c.said, Relation, put)) for c in clauses]


def at_market(clauses: list[Clause], change: MarketOrder) -> list[Clause]:
    """The one waiting order becomes a market order. Raises Unread where there is none, or one without conditions."""
    mine = [c for c in clauses if isinstance(c.said, EntrySaid) and c.said.order.kind != "market"]
    if len(mine) != 1:
        raise Unread(f"there {'are several' if mine else 'is no'} waiting order", change.span, "edit")
    said = mine[0].said
    if not isinstance(said, EntrySaid) or said.when is None:
        raise Unread("an entry on every bar", change.span, "edit")
    placed = replace(mine[0], said=replace(said, order=OrderSaid("market")))
    return [placed if one is mine[0] else one for one in clauses]


def without_hold(clauses: list[Clause], change: HoldRemoval) -> list[Clause]:
    """The clauses without the time in the market of this length. Raises Unread where there is none."""
    kept = [c for c in clauses if not (isinstance(c.said, HoldSaid) and c.said.period.count == change.period.count)]
    if len(kept) == len(clauses):
        raise Unread("there is no such time in the market", change.span, "edit")
    return kept


def without_cost(clauses: list[Clause], change: CostRemoval) -> list[Clause]:
    """The clauses without what they say of the spread or the margin. Raises Unread where they say nothing of it."""
    kept = [c for c in clauses if not (isinstance(c.said, AccountSaid) and c.said.kind == change.kind)]
    if len(kept) == len(clauses):
        raise Unread(f"there is no {change.kind} to remove", change.span, "edit")
    return kept
