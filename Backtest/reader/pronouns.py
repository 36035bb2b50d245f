"""What a condition leaves to the words before it: pronouns, "the opposite", crossings without their other line."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from Backtest.reader.antecedents import Story, comparable, lines_of, relations, subjects
from Backtest.reader.condition_trees import about
from Backtest.reader.line_places import bounced, near, of_bands, of_two_lines
from Backtest.reader.operands import AVERAGES
from Backtest.reader.scales import MIDDLES, PRICE_LIKE, scale
from Backtest.reader.scope import Scope, Unread
from Backtest.reader.syntax import (
    ANY,
    EVERY,
    All,
    AnyOf,
    Apart,
    BarePeriod,
    Before,
    Earlier,
    Extreme,
    Following,
    Formula,
    It,
    Lasting,
    Lately,
    Literally,
    Mention,
    Mirrored,
    NotSaid,
    OfBoth,
    OperandSaid,
    Otherwise,
    PercentMove,
    Period,
    PriceOf,
    Range,
    Relation,
    Restated,
    Said,
    Scaled,
    Shifted,
    Side,
    Slope,
    State,
    Todays,
    Vague,
)

_PARTNERS = {"MACD": ("macd", "signal"), "STOCH": ("k", "d"), "STOCHRSI": ("k", "d")}
Clarify = Callable[[str], Said]


class Pronouns:
    """Puts what is meant in the place of "it" and the like. `role`: entry, exit or filter, of `side` (None: both)."""

    def __init__(self, scope: Scope, story: Story, role: str, side: Side | None, clarify: Clarify) -> None:
        self.scope = scope
        self.story = story
        self.role = role
        self.side = side
        self.clarify = clarify
        self.before: tuple[OperandSaid, ...] = ()
        self.lines: tuple[OperandSaid, ...] = ()
        self.compared: tuple[OperandSaid, OperandSaid] | None = None  # two indicators, in this condition

    def plain(self, said: Said) -> Said:
        """`said` with all that it speaks of by name. Raises Unread where that is not clear."""
        match said:
            case All(of):
                return replace(said, of=_closed_back(tuple(self._plain_next(one) for one in of)))
            case AnyOf(of):
                return self._grouped(replace(said, of=tuple(self._plain_next(one) for one in of)))
            case NotSaid(of):
                return NotSaid(self.plain(of))
            case Lasting(of) | Lately(of) | Earlier(of):
                return replace(said, of=self.plain(of))
            case Restated(of, again):
                return replace(said, of=self.plain(of), again=self.plain(again))
            case Following(Relation(span=earlier), Relation(span=later)) if (
                later < earlier
            ):  # "crosses ... after it was"
                then = self._plain_next(said.then)
                return replace(said, first=self._plain_next(said.first), then=then)
            case Following(first, then):
                return replace(said, first=self._plain_next(first), then=self._plain_next(then))
            case Relation(right=It(which=which)) if which in {EVERY, ANY}:
                return self.plain(of_two_lines(said, self.lines, self.story))
            case Relation(op="near<" | "near<=", right=Apart()):
                return near(self._plain_relation(said), self.role, self.scope.desk)
            case Relation(op="bounce" | "reject"):
                return bounced(self._plain_relation(said), self.role, self.side, self.scope.desk)
            case Relation():
                return self._plain_relation(said)
            case Range() | Slope() | State() | PercentMove():
                return self._plain_value(said)
            case _:
                return self._told_before(said)

    def _told_before(self, said: Said) -> Said:
        """What is said only by what was said before; anything else stays as it is."""
        match said:
            case OfBoth(of, span):
                return self.plain(All(tuple(about(of, line) for line in self._two(span))))
            case Mirrored(span):
                return self._mirrored(span)
            case Otherwise(span):
                if self.role not in {"exit", "entry"} or self.side is None:
                    raise Unread("otherwise than what", span)
                return NotSaid(self.story.state_of_entry(self._ended_side(self.side), span))
            case Vague(span):
                return self.plain(self._vague(span))
            case _:
                return said

    def _ended_side(self, side: Side) -> Side:
        """Whose entry "otherwise" is the end of: an exit's own side, an entry's other side."""
        return side if self.role == "exit" else "short" if side == "long" else "long"

    def _mirrored(self, span: tuple[int, int]) -> Said:
        """The opposite of the entry that an exit ends, or of the other side's entry, which an entry reverses."""
        if self.role == "exit" and self.side is not None:
            return self.story.mirrored(self.side, span)
        if self.role == "entry" and self.side is not None:
            return self.story.mirrored("short" if self.side == "long" else "long", span)
        raise Unread("the opposite of what", span)

    def _plain_next(self, said: Said) -> Said:
        plain = self.plain(said)
        self.before = (*self.before, *subjects(plain))
        self.lines = (*self.lines, *lines_of(plain))
        return plain

    def _lines_near(self, left: OperandSaid | None) -> tuple[OperandSaid, ...]:
        """The lines of this condition so far that a price may be compared with; "it" of a price is one of them."""
        if not isinstance(left, PriceOf):
            return ()
        spoken = (one for one in (*self.before, *self.lines) if not isinstance(one, PriceOf) and comparable(one, None))
        return tuple(
            one
            for one in dict.fromkeys(spoken)
            if not isinstance(one, Mention) or one.name in PRICE_LIKE
            if not (isinstance(one, Before) and one.column == "Close" and one not in self.lines)  # it is a price itself
        )

    def _vague(self, span: tuple[int, int]) -> Said:
        question = f"The {self.role} is a move without a size: how much, over how many bars?"
        examples = (
            "price rises 2% in a day",
            "price falls 2% in a day",
            "price is rising for 3 bars",
            "price is falling for 3 bars",
        )
        return self.clarify(self.scope.desk.sentence(self.role, question, span, examples))

    def _plain_value(self, said: Range | Slope | State | PercentMove) -> Said:
        value = said.value
        if isinstance(value, Todays):
            return replace(said, value=self._todays(value))
        if isinstance(value, It) and isinstance(said, PercentMove) and not self.story.speaks_of_prices(self.before):
            return replace(said, value=PriceOf("Close", span=value.span))  # nothing else moves in percent
        if isinstance(value, It):
            return replace(said, value=self.story.subject(_fitting(said), self.before, self.role, self.side, value))
        if value is None and isinstance(said, State):
            return self._plain_value(replace(said, value=It(said.span)))
        if value is None:
            return replace(said, value=PriceOf("Close", span=said.span))
        if isinstance(said, Range):
            low, high = (self._average_of(end, value) or end for end in (said.low, said.high))
            return replace(said, value=self._typed(value, None), low=low, high=high)
        return replace(said, value=self._typed(value, None))

    def _two(self, span: tuple[int, int]) -> tuple[OperandSaid, OperandSaid]:
        """The two lines that were compared last, or the only two indicators that were spoken of."""
        if self.compared is not None:
            return self.compared
        told = [one for told in self.story.told[-1:] for one in (*subjects(told.said), *lines_of(told.said))]
        lines = [*dict.fromkeys(one for one in (self.before or tuple(told)) if isinstance(one, Mention))]
        if len(lines) != 2:
            raise Unread("which two", span)
        return lines[0], lines[1]

    def _todays(self, said: Todays) -> OperandSaid:
        """What was last said of a bar before, on this one."""
        match self.before[-1:]:
            case (Shifted(of=line),) | (Mention() as line,):
                return line
            case (Before(column=column),):
                return PriceOf(column, span=said.span)
        raise Unread("today's what", said.span)

    def _plain_relation(self, said: Relation) -> Relation:
        if isinstance(said.left, Todays):
            said = replace(said, left=self._todays(said.left))
        if said.op in {"inside", "outside"}:
            said = of_bands(said, self.lines, self.story, self.role, self.scope.desk)
        if isinstance(said.right, Apart | Scaled):
            said = replace(said, right=self._of_it(said.right, said.left))
        if said.cross == "default":
            said = self.story.named_cross(said)
        if said.right is None:
            return self._completed(said)
        left, right = self._lengths(said.left, said.right, said.span)
        if isinstance(left, It) and isinstance(right, It) and not (left.which or right.which):
            return self._completed(replace(said, right=None, back=True))  # "when it crosses below it"
        if isinstance(right, It):
            right = self.story.object(self._lines_near(left), self.role, self.side, right, left)
        if isinstance(left, It):
            other = right
            touching = said.op == "touch" and not isinstance(other, Literally)  # rule 6: said of price
            left = self.story.subject(
                lambda one: one != other and comparable(one, other) and (isinstance(one, PriceOf) or not touching),
                self.before,
                self.role,
                self.side,
                left,
            )
        if left is None:
            left = self._implied(right, said)
            if isinstance(left, It):
                left = self.story.subject(lambda one: comparable(one, right), self.before, self.role, self.side, left)
        if (
            isinstance(left, Mention)
            and left.name not in PRICE_LIKE
            and isinstance(right, Literally)
            and right.unit == "$"
        ):
            raise Unread(f"an amount of money compared with the {left.name or 'indicator'}", said.span)
        typed = replace(said, left=self._typed(left, right), right=_of_its_line(self._typed(right, left), left))
        if isinstance(typed.left, Mention) and isinstance(typed.right, Mention):
            self.compared = (typed.left, typed.right)
        return self._directed(self._owned(typed))

    def _lengths(
        self, left: OperandSaid | None, right: OperandSaid, span: tuple[int, int]
    ) -> tuple[OperandSaid | None, OperandSaid]:
        """ "The 9 crosses under the 21": the averages of these lengths that the text speaks of."""
        if isinstance(right, Literally) and right.unit == "" and isinstance(left, Mention) and left.name in AVERAGES:
            return left, self._average_long(right) or right
        if isinstance(left, PriceOf) and left.column == "Close" and isinstance(right, Literally) and right.unit == "":
            return left, self._price_or_average(right)
        if not isinstance(left, Literally):
            return left, right
        first = self._average_long(left)
        second = self._average_long(right) if isinstance(right, Literally) else right
        if first is None or second is None:
            raise Unread("what is compared is not said", span)
        return first, second

    def _price_or_average(self, said: Literally) -> OperandSaid:
        """ "Closes below the 20" where the text has an average of that length."""
        average = self._average_long(said)
        if average is None:
            return said
        offered = {"average": f"the {said.value:g}-bar average", "price": f"a price of {said.value:g}"}
        question = f"Is {said.value:g} an average or a price?"
        return average if self.scope.desk.choice("indicator", question, said.span, offered) == "average" else said

    def _average_long(self, said: Literally) -> Mention | None:
        told = {
            (one.name, one.numbers, one.period, one.chart): one
            for one in self.scope.spoken
            if one.name in AVERAGES and one.column is None and not one.owned
            if (one.numbers if one.period is None else (one.period.count,)) == (said.value,)
        }
        if len(told) != 1:
            return None
        self.story.recalled += told.values()
        return replace(next(iter(told.values())), span=said.span)

    def _implied(self, right: OperandSaid, said: Relation) -> OperandSaid:
        """ "Buy above the 50-day average" is said of the price; "above 30" of what was spoken of before."""
        if isinstance(right, Literally) and right.unit == "":
            return It(said.span)
        return PriceOf("Close", span=said.span)

    def _typed(self, one: OperandSaid, other: OperandSaid | None) -> OperandSaid:
        """ "the 50-day" takes the noun of the other side."""
        if not isinstance(one, BarePeriod):
            return one
        if isinstance(other, Mention) and other.name in AVERAGES:
            return replace(other, period=one.period, numbers=(), span=one.span)
        averages = [m for m in self.scope.spoken if m.name in AVERAGES and m.column is None]
        same = {m.name for m in averages if other is None or _has_length(m, one.period)}
        if len(same) == 1:
            return Mention(same.pop(), period=one.period, span=one.span)
        if isinstance(other, PriceOf | BarePeriod) and not isinstance(one, PriceOf):
            return Mention("", period=one.period, span=one.span)  # rule 26: an average without a type
        offered = {"SMA": "a simple moving average", "EMA": "an exponential moving average"}
        name = self.scope.desk.choice("indicator", "A length of what?", one.span, offered, "SMA")
        return Mention(name, period=one.period, span=one.span)

    def _owned(self, said: Relation) -> Relation:
        if isinstance(said.right, Extreme) and not said.right.of_close:
            said = replace(said, right=self._extreme_of(said.right, said.left))
        return replace(said, right=self._average_of(said.right, said.left))

    def _extreme_of(self, said: Extreme, subject: OperandSaid | None) -> Extreme:
        """ "OBV makes a 20-day high", "RSI is above its highest value of 20 bars": of the indicator itself."""
        if isinstance(subject, Mention) and scale(subject) != "price":
            return replace(said, of=subject)
        if isinstance(subject, PriceOf) and subject.column == "Volume" and said.of_values:
            return replace(said, of=subject)
        if said.of_values:
            raise Unread("the highs, or the closes", said.span)
        return said

    def _average_of(self, said: OperandSaid | None, subject: OperandSaid | None) -> OperandSaid | None:
        """ "its average" is the average of what is compared with it: of the price, or of the volume."""
        match said:
            case Scaled(of=base):
                return replace(said, of=self._average_of(base, subject) or base)
            case Apart(base=base):
                return replace(said, base=self._average_of(base, subject) or base)
            case Mention(name=name, column=None, owned=owned) if name in AVERAGES:
                if isinstance(subject, PriceOf) and subject.column == "Volume":
                    return replace(said, column="Volume")
                if owned and isinstance(subject, Mention):
                    return replace(said, of=subject, owned=False)
                return said
            case _:
                return said

    def _of_it(self, said: Apart | Scaled, left: OperandSaid | None) -> Apart | Scaled:
        """ "10% above it", "3% below the 200-day"."""
        base = said.base if isinstance(said, Apart) else said.of
        if isinstance(base, It):
            base = self.story.object(self._lines_near(left), self.role, self.side, base, left, near=True)
        base = self._typed(base, left)
        return replace(said, base=base) if isinstance(said, Apart) else replace(said, of=base)

    def _completed(self, said: Relation) -> Relation:
        """A crossing without its other line: the signal line of the indicator, or the pair spoken of before."""
        left = said.left
        if isinstance(left, Mention) and left.name in _PARTNERS and left.output in {"", _PARTNERS[left.name][0]}:
            return replace(said, right=replace(left, output=_PARTNERS[left.name][1]))
        if isinstance(left, It) and self.before:
            raise Unread("it is not clear what is crossed", said.span)
        if isinstance(left, Literally):
            raise Unread("what is compared is not said", said.span)
        return self._directed(self.story.pair(said, self.role, self.side))

    def _directed(self, said: Relation) -> Relation:
        if said.op == "break":
            return replace(said, op=f"cross_{self._side_of(said, 'broken')}")
        if said.op == "breakout":
            if (self.role, self.side) in {("entry", "long"), ("exit", "short")}:
                return replace(said, op="cross_above")
            raise Unread("a breakout upwards or downwards", said.span)
        if said.op == "at":
            return self._reached(said)
        if said.op == "level":
            return self._come_to(said)
        if said.op == "cross":
            offered = {"above": "it crosses above", "below": "it crosses below"}
            way = self.scope.desk.choice(self.role, "In which direction does it cross?", said.span, offered)
            return replace(said, op=f"cross_{way}")
        return said

    def _come_to(self, said: Relation) -> Relation:
        """ "Sell at 70": from the side where the entry took it, away from the middle (rule 6); else it is asked."""
        left, right = said.left, said.right
        if not isinstance(left, Mention) or left.name not in MIDDLES or not isinstance(right, Literally):
            raise Unread("a level of what", said.span)
        entered = [
            one.right.value
            for told in self.story.told
            if told.role == "entry" and told.side in {self.side, None}
            for one in relations(told.said)
            if one.left == left and isinstance(one.right, Literally)
        ]
        ways = {right.value > value for value in (*entered, MIDDLES[left.name]) if value != right.value}
        offered = {">=": "when it is at or above it", "<=": "when it is at or below it"}
        if len(ways) == 1:
            return replace(said, op=">=" if ways.pop() else "<=")
        op = self.scope.desk.choice(self.role, "From which side does it come to that level?", said.span, offered)
        return replace(said, op=op)

    def _reached(self, said: Relation) -> Relation:
        """What being at a line is: a close beyond it, or a touch inside the bar."""
        match said.right:
            case Extreme(kind="high") | Mention(output="upper"):
                offered = {"above": "when it closes above it"}
            case Extreme(kind="low") | Mention(output="lower"):
                offered = {"below": "when it closes below it"}
            case _:
                offered = {"above": "when it crosses above it", "below": "when it crosses below it"}
        question = "When is the price at that line?"
        offered = {**offered, "touch": "as soon as it touches it"}
        way = self.scope.desk.choice(self.role, question, said.span, offered)
        if way == "touch":
            return replace(said, op="touch")
        return replace(said, op=f"cross_{way}" if len(offered) == 3 else {"above": ">", "below": "<"}[way])

    def _side_of(self, said: Relation, verb: str) -> str:
        match said.right:
            case Extreme(kind="high") | Before(column="High") | Mention(output="upper"):
                return "above"
            case Extreme(kind="low") | Before(column="Low") | Mention(output="lower"):
                return "below"
            case _:
                offered = {"above": f"{verb} upwards", "below": f"{verb} downwards"}
                return self.scope.desk.choice(self.role, "In which direction?", said.span, offered)

    def _grouped(self, said: AnyOf) -> Said:
        """ "A or B, and C": the comma may group against rule 15, so it is asked."""
        commas = [one for one in said.of if isinstance(one, All) and one.comma]
        if not commas or said.either:
            return said
        offered = {"and_first": "A or (B and C): 'and' binds tighter", "or_first": "(A or B) and C"}
        if (
            self.scope.desk.choice("grouping", "How do 'and' and 'or' group?", said.span, offered, "and_first")
            == "and_first"
        ):
            return said
        last = said.of[-1]
        if not isinstance(last, All) or commas != [last]:
            raise Unread("'and' and 'or' group in too many ways", said.span)
        return All((AnyOf((*said.of[:-1], last.of[0]), span=said.span), *last.of[1:]))


def _closed_back(said: tuple[Said, ...]) -> tuple[Said, ...]:
    """ "The low is below the band and it closes back above": it came back inside the bar, wherever it began."""
    inside = {
        (one.right, "cross_above" if one.left.column == "Low" else "cross_below")
        for one in said
        if isinstance(one, Relation) and isinstance(one.left, PriceOf) and one.left.column in {"Low", "High"}
    }
    inside |= {(one.right, op) for one in said if _touches(one) for op in ("cross_above", "cross_below")}
    return tuple(
        replace(one, op={"cross_above": ">", "cross_below": "<"}[one.op])
        if isinstance(one, Relation) and one.closes and (one.right, one.op) in inside
        else one
        for one in said
    )


def _touches(said: Said) -> TypeGuard[Relation]:
    return isinstance(said, Relation) and said.op == "touch"


def _of_its_line(line: OperandSaid, of: OperandSaid | None) -> OperandSaid:
    """ "MACD(5,35,5) crosses its signal line", "%K(5,3,3) crosses %D": the other line of the same indicator."""
    if not isinstance(line, Mention) or not isinstance(of, Mention) or line.numbers or line.period is not None:
        return line
    if line.name not in {of.name, "%"} or of.name not in {*_PARTNERS, "%"} or not (of.numbers or of.chart):
        return line
    return replace(line, name=of.name, numbers=of.numbers, period=of.period, chart=line.chart or of.chart)


def _fitting(said: Range | Slope | State | PercentMove) -> Callable[[OperandSaid], bool]:
    """What a state, a range, a slope or a change can be said of."""
    match said:
        case State():
            return lambda one: (isinstance(one, Mention) and one.name not in AVERAGES) or isinstance(one, Formula)
        case Range():
            return lambda one: comparable(one, said.low)
        case PercentMove():
            return lambda one: isinstance(one, PriceOf)
        case _:
            return lambda one: True


def _has_length(said: Mention, period: Period) -> bool:
    """Whether an average is spoken of with this length, in the same unit or without one."""
    if said.period is not None:
        return said.period == period
    return period.unit in {"bar", "day"} and said.numbers[:1] == (float(period.count),)
