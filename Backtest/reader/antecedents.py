"""What "it" and a crossing without its other line stand for: the comparisons spoken of before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from Backtest.reader.operands import AVERAGES
from Backtest.reader.scales import scale
from Backtest.reader.scope import Unread
from Backtest.reader.syntax import (
    All,
    AnyOf,
    Apart,
    Before,
    Earlier,
    Extreme,
    Following,
    It,
    Lasting,
    Lately,
    Literally,
    Mention,
    NotSaid,
    OperandSaid,
    PercentMove,
    PriceOf,
    Range,
    Relation,
    Restated,
    Said,
    Scaled,
    Shifted,
    Side,
    Slope,
    Span,
    State,
)

MIRROR = {"cross_above": "cross_below", "cross_below": "cross_above", ">": "<", "<": ">", ">=": "<=", "<=": ">="}


_FAMILIES = (
    frozenset({"STOCH", "STOCHRSI", "%"}),
    frozenset({"AROON"}),
    frozenset({"PLUS_DI", "MINUS_DI"}),
)


def relations(said: Said) -> Iterator[Relation]:
    """Every comparison inside a condition."""
    match said:
        case Relation():
            yield said
        case All(of) | AnyOf(of):
            for one in of:
                yield from relations(one)
        case NotSaid(of=one) | Lasting(of=one) | Lately(of=one) | Earlier(of=one) | Restated(of=one):
            yield from relations(one)
        case Following(first, then):
            yield from relations(first)
            yield from relations(then)
        case _:
            return


def subjects(said: Said) -> Iterator[OperandSaid]:
    """What a condition speaks of, in order."""
    match said:
        case (
            Relation(left=subject)
            | Range(value=subject)
            | Slope(value=subject)
            | State(value=subject)
            | PercentMove(value=subject)
        ):
            if subject is not None and not isinstance(subject, It):
                yield subject
        case All(of) | AnyOf(of):
            for one in of:
                yield from subjects(one)
        case NotSaid(of=one) | Lasting(of=one) | Lately(of=one) | Earlier(of=one) | Restated(of=one):
            yield from subjects(one)
        case Following(first, then):
            yield from subjects(first)
            yield from subjects(then)
        case _:
            return


def lines_of(said: Said) -> Iterator[OperandSaid]:
    """What something is compared with, in order; numbers are no lines."""
    for one in relations(said):
        if one.right is not None and not isinstance(one.right, Literally | It | Shifted):
            yield one.right


def _lines_named(said: Said) -> Iterator[OperandSaid]:
    """The lines that a price may be compared with: what something was compared with, and averages spoken of."""
    yield from lines_of(said)
    yield from (one for one in subjects(said) if isinstance(one, Mention) and one.name in AVERAGES)


@dataclass(frozen=True, slots=True)
class Told:
    """A condition that was read: whose side it is of (None: both), and whether of an entry or an exit."""

    role: str
    side: Side | None
    said: Said


@dataclass
class Story:
    """The conditions read so far, newest last; `topics` are the indicators named before the rules."""

    told: list[Told] = field(default_factory=list)
    topics: tuple[Mention, ...] = ()
    recalled: list[OperandSaid] = field(default_factory=list)

    def tell(self, role: str, side: Side | None, said: Said) -> None:
        self.told.append(Told(role, side, said))

    def _near(self, role: str, side: Side | None) -> list[Told]:
        """What a pronoun may refer to: for an exit all that was said of its side (of filters, those after
        the last entry), otherwise the last thing said."""
        if role == "exit":
            entered = max((i for i, one in enumerate(self.told) if one.role == "entry"), default=0)
            return [
                one
                for i, one in enumerate(self.told)
                if one.side in {side, None} and (one.role != "filter" or i > entered)
            ]
        return self.told[-1:]

    def _other_exit(self, role: str, side: Side | None) -> list[Told]:
        """The other side's way out, where it was the last thing said: nearer to an exit than its own side's entry."""
        last = self.told[-1:]
        return last if role == "exit" and last and last[0].role == "exit" and last[0].side not in {side, None} else []

    def subject(
        self, fits: Callable[[OperandSaid], bool], within: tuple[OperandSaid, ...], role: str, side: Side | None, it: It
    ) -> OperandSaid:
        """What "it" is: the one thing spoken of before that `fits`. Raises Unread where several do, or none."""
        if it.which:
            return self._listed(it)
        if it.noun == "level":
            raise Unread("what comes to that level", it.span)
        near = [subject for one in self._near(role, side) for subject in subjects(one.said)]
        candidates = dict.fromkeys(within if role != "exit" and within else (*near, *within))
        if not candidates and not self.topics and not self.told:
            candidates = {PriceOf("Close", span=it.span): None}  # nothing else was spoken of but what is traded
        nearest = dict.fromkeys(subject for one in self._other_exit(role, side) for subject in subjects(one.said))
        fitting = next((fit for ones in (nearest, candidates, self.topics) if (fit := [*filter(fits, ones)])), [])
        if len(fitting) == 1:
            self.recalled.append(fitting[0])
            return fitting[0]
        raise Unread("it is not clear what 'it' stands for", it.span)

    def speaks_of_prices(self, within: tuple[OperandSaid, ...]) -> bool:
        """Whether a price or the volume was spoken of, in this condition or before it."""
        told = (subject for one in self.told for subject in subjects(one.said))
        return any(isinstance(one, PriceOf) for one in (*within, *told))

    def _listed(self, it: It) -> OperandSaid:
        """ "the first", "the second" of two: the indicators named before the rules, or those of the last condition."""
        last = [one for told in self.told[-1:] for one in (*subjects(told.said), *lines_of(told.said))]
        spoken = tuple(dict.fromkeys(one for one in last if isinstance(one, Mention)))
        two = self.topics if len(self.topics) == 2 else spoken if len(spoken) == 2 else tuple(dict.fromkeys(last))
        if len(two) != 2 or (two is self.topics and len(spoken) == 2 and {*spoken} != {*two}):
            raise Unread("the first or second of what", it.span)
        self.recalled.append(two[it.which - 1])
        return two[it.which - 1]

    def object(
        self,
        within: tuple[OperandSaid, ...],
        role: str,
        side: Side | None,
        it: It,
        left: OperandSaid | None,
        *,
        near: bool = False,
    ) -> OperandSaid:
        """What "it" is where `left` is compared with it: the one line that was spoken of before.

        `within` are the lines of the same condition, which are nearer than those of others. `near`: what is said is
        itself a place near it, as "3% above it" is.
        """
        if it.which:
            return self._listed(it)
        if it.noun == "level":
            return self._level(role, side, it, left)
        lines = list(within) or [line for told in self._other_exit(role, side) for line in _lines_named(told.said)]
        lines = lines or [line for told in self._near(role, side) for line in _lines_named(told.said)]
        if near:
            lines = [line.base if isinstance(line, Apart) else line for line in lines]
        distinct = [line for line in dict.fromkeys(lines) if line != left] or list(self.topics)
        if len(distinct) == 1 and not isinstance(distinct[0], Apart | Scaled):  # the line, or a place near it
            self.recalled.append(distinct[0])
            return distinct[0]
        raise Unread("it is not clear what 'it' stands for", it.span)

    def _level(self, role: str, side: Side | None, it: It, left: OperandSaid | None) -> OperandSaid:
        """ "That level": the one number that `left` was compared with; a line moves on, and is none."""
        alike = [
            one
            for told in self._near(role, side)
            for one in relations(told.said)
            if isinstance(left, It | None) or one.left == left
        ]
        levels = list(dict.fromkeys(one.right for one in alike))
        if len(levels) == 1 and isinstance(levels[0], Literally):
            return levels[0]
        raise Unread("which level that is, and of which bar", it.span)

    def pair(self, relation: Relation, role: str, side: Side | None) -> Relation:
        """The comparison that "crosses back below" turns around. Raises Unread where there is none, or several."""
        found = [
            one
            for told in self._near(role, side)
            for one in relations(told.said)
            if one.right is not None and one.op in MIRROR
        ]
        left = relation.left
        if not self.told and isinstance(left, It | None) and (averages := self._two_averages()):
            return replace(relation, left=averages[0], right=averages[1])
        if not relation.back:  # "rises above" without a number, after "drops below 30", may lack another number
            lines = [one for one in found if not isinstance(one.right, Literally)]
            if isinstance(left, It) and len(lines) < len(found) and not any("cross" in one.op for one in lines):
                raise Unread("it is not clear what is crossed", relation.span)  # the line, or the number
            found = lines
        if left is not None and not isinstance(left, It):
            found = [one for one in found if one.left == left]
        events = [one for one in found if "cross" in one.op] or found
        distinct = list(dict.fromkeys(replace(one, op="") for one in events))
        if len(distinct) != 1 or isinstance(distinct[0].right, Apart | Scaled):
            raise Unread("it is not clear what is crossed", relation.span)
        if all(_way(one.op) == _way(relation.op) for one in events):
            raise Unread("this is the same crossing again, not the way back", relation.span)
        return replace(distinct[0], op=relation.op, span=relation.span)

    def _two_averages(self) -> tuple[Mention, Mention] | None:
        """The two averages that were named before the rules, the faster one first."""
        lengths = {length: one for one in self.topics if (length := _length(one)) is not None}
        if len(self.topics) != 2 or len(lengths) != 2 or len({one.chart for one in self.topics}) > 1:
            return None
        self.recalled += self.topics
        return lengths[min(lengths)], lengths[max(lengths)]

    def named_cross(self, relation: Relation) -> Relation:
        """A golden or death cross of the averages that the text named for the other one, where it did."""
        told = [one for told in self.told for one in relations(told.said) if one.cross == "told"]
        pairs = list(dict.fromkeys((one.left, one.right) for one in told))
        if len(pairs) > 1:
            raise Unread("it is not clear which averages cross", relation.span)
        return replace(relation, left=pairs[0][0], right=pairs[0][1]) if pairs else relation

    def mirrored(self, side: Side, span: Span) -> Said:
        """The entry's one crossing, the other way round; the other side's entry where that is one of other lines."""
        said = [one.said for one in self.told if one.side == side and one.role == "entry"]
        events = _crossings(said[-1]) if said else []
        others = [one.said for one in self.told if one.side not in {side, None} and one.role == "entry"]
        if len(others) == 1 and [_lines_crossed(one) for one in _crossings(others[0])] != [
            *map(_lines_crossed, events)
        ]:
            return others[0]
        if len(events) != 1 or isinstance(events[0].right, Extreme | Before):  # back, or below the low
            raise Unread("it is not clear which crossing is meant", span)
        return replace(events[0], op=MIRROR[events[0].op], span=span)

    def state_of_entry(self, side: Side, span: Span) -> Said:
        """The one condition of this side's entry, where it holds for a while. Raises Unread where it is an event."""
        said = [one.said for one in self.told if one.side == side and one.role == "entry"]
        if len(said) != 1 or not _is_state(said[0]):
            raise Unread("otherwise than what: the entry is no state", span)
        return said[0]


def _crossings(said: Said) -> list[Relation]:
    return [one for one in relations(said) if one.op in {"cross_above", "cross_below"}]


def _lines_crossed(said: Relation) -> tuple[OperandSaid | None, OperandSaid | None]:
    return said.left, said.right


def _is_state(said: Said) -> bool:
    """Whether a condition holds on every bar between its beginning and its end."""
    match said:
        case Relation(op=op):
            return op in MIRROR and "cross" not in op
        case All(of) | AnyOf(of):
            return all(_is_state(one) for one in of)
        case NotSaid(of=one):
            return _is_state(one)
        case Range():
            return True
        case State(change=change):
            return change == "is"
        case _:
            return False


def _family(said: OperandSaid | None) -> frozenset[str] | None:
    """The indicators whose lines are compared with this one, and with nothing else."""
    return next((one for one in _FAMILIES if isinstance(said, Mention) and said.name in one), None)


def _way(op: str) -> str:
    return "up" if op in {"cross_above", ">", ">="} else "down"


def comparable(left: OperandSaid, right: OperandSaid | None) -> bool:
    """Whether comparing the two makes sense: levels of oscillators are numbers, prices are compared with prices."""
    if isinstance(right, Mention) and right.output == "signal":
        return isinstance(left, Mention) and left.name == "MACD"
    family = _family(right)
    if family is not None:
        return _family(left) == family and left != right
    price_like = isinstance(left, PriceOf | Mention) and scale(left) == "price"
    if isinstance(right, Literally):
        return right.unit == "$" or not price_like if right.unit else not price_like
    if right is None:
        return True
    return price_like


def _length(said: Mention) -> float | None:
    """The bars or days of an average."""
    if said.name not in AVERAGES or said.column is not None:
        return None
    return said.period.count if said.period is not None else said.numbers[0] if len(said.numbers) == 1 else None
