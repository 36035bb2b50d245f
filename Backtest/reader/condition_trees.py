"""Conditions out of parse trees."""

from dataclasses import replace
from itertools import pairwise

from Backtest.reader.operand_trees import operands, period_of
from Backtest.reader.scales import PRICE_LIKE
from Backtest.reader.syntax import (
    All,
    AnyOf,
    Before,
    BodySaid,
    CandleSaid,
    Earlier,
    Following,
    Formula,
    GapSaid,
    InHours,
    It,
    Lasting,
    Lately,
    Literally,
    Mention,
    Mirrored,
    NotSaid,
    OfBoth,
    OnDays,
    OperandSaid,
    Otherwise,
    PercentMove,
    Period,
    PriceOf,
    ProfitSaid,
    Range,
    Relation,
    Restated,
    Said,
    Shifted,
    Slope,
    Span,
    State,
    Todays,
    Vague,
    Was,
)
from Backtest.reader.trees import Misread, Parts, reads

SAID = (
    All,
    AnyOf,
    NotSaid,
    Relation,
    Range,
    Slope,
    State,
    PercentMove,
    GapSaid,
    CandleSaid,
    BodySaid,
    Lasting,
    Lately,
    Following,
    Earlier,
    OfBoth,
    Restated,
    OnDays,
    InHours,
    ProfitSaid,
    Mirrored,
    Otherwise,
    Vague,
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def conditions(parts: Parts) -> tuple[Said, ...]:
    return parts.all(*SAID)


def together(said: tuple[Said, ...]) -> Said:
    """All of these: one condition stays as it is."""
    if not said:
        raise Misread("no condition")
    return said[0] if len(said) == 1 else All(said)


def _one_of(said: tuple[Said, ...]) -> Said:
    return said[0] if len(said) == 1 else AnyOf(said)


def about(said: Said, subject: OperandSaid) -> Said:
    """`said` of `subject`, where it has none yet."""
    match said:
        case All(of, comma):
            return All(tuple(about(one, subject) for one in of), comma)
        case AnyOf(of, either, span):
            return AnyOf(tuple(about(one, subject) for one in of), either, span)
        case NotSaid(of):
            return NotSaid(about(of, subject))
        case Earlier(of=of) | Lasting(of=of):
            return replace(said, of=about(of, subject))
        case Relation(left=None, right=Was(ago, span)):
            return replace(said, left=subject, right=_so_long_ago(subject, ago, span))
        case Relation(left=None, right=Todays()):
            return replace(said, left=subject, right=of_this_bar(subject))
        case Relation(left=None):
            return replace(said, left=subject)
        case Range(value=None) | Slope(value=None) | State(value=None) | PercentMove(value=None):
            return replace(said, value=subject)
        case Following(first, then):
            return replace(said, first=about(first, subject), then=about(then, subject))
        case Relation(left=PriceOf() as price) | Slope(value=PriceOf() as price):
            return _said_of_price(said, price, subject)
        case GapSaid() | Vague():
            return said
        case Relation(left=Formula()) if subject == PriceOf("Close") or isinstance(subject, It):
            return said  # where in its range it closed
        case _:
            raise Misread("a subject that can't be")


def of_this_bar(said: OperandSaid) -> OperandSaid:
    """What was said of a bar before, on this one."""
    match said:
        case Shifted(of=line):
            return line
        case Before(column=column, span=span):
            return PriceOf(column, span=span)
    raise Misread("today's what")


def _so_long_ago(subject: OperandSaid, ago: Period, span: Span) -> OperandSaid:
    match subject:
        case Mention():
            return Shifted(subject, ago, span)
        case PriceOf(column=column):
            return Before(column, ago.unit, ago.count, span)
    raise Misread("what it was")


def _said_of_price(said: Relation | Slope, price: PriceOf, subject: OperandSaid) -> Said:
    """ "closes above" is said of the close whatever the price is called, and of nothing but a price."""
    if isinstance(subject, It) and isinstance(said, Relation) and isinstance(said.right, Literally):
        return replace(said, left=subject)  # "it closes above 60": what was spoken of says whether that is a price
    if isinstance(subject, It):
        return said
    if isinstance(subject, Mention) and isinstance(said, Relation) and price.column == "Close":
        return replace(said, left=subject)  # "RSI closes below 25": its value on the close
    if not isinstance(subject, PriceOf) or subject.column != "Close":
        raise Misread("only a price opens or closes")
    named = replace(price, instrument=subject.instrument, span=subject.span)
    return replace(said, left=named) if isinstance(said, Relation) else replace(said, value=named)


def about_price(said: Said) -> Said:
    """ "Buy above the 50-day average" is said of the price; a number alone stays without a subject."""
    match said:
        case All(of, comma):
            return All(tuple(about_price(one) for one in of), comma)
        case AnyOf(of, either, span):
            return AnyOf(tuple(about_price(one) for one in of), either, span)
        case Relation(left=None, right=right, span=span) if right is not None and not isinstance(right, Literally):
            return replace(said, left=PriceOf("Close", span=span))
        case _:
            return said


@reads("comparison")
def _comparison(parts: Parts) -> Said:
    said = conditions(parts)
    subjects = operands(parts)
    if parts.has("CLOSING_BASIS") and any(isinstance(one, Relation) and one.op == "touch" for one in said):
        raise Misread("a touch is inside the bar")
    if not subjects:
        return together(said)
    if isinstance(subjects[0], Literally) and not (subjects[0].unit == "" and all(map(_of_a_line, said))):
        raise Misread("a number is no subject")
    spoken = [about(one, subjects[0]) for one in said]
    if not parts.has("THEN"):
        return together(tuple(spoken))
    if len(spoken) == 2 and not parts.has("PERIOD") and _opening(spoken[0]) and _closing(spoken[1]):
        return All(tuple(spoken))  # the open comes before the close of one bar
    if len(spoken) == 2:
        return Following(spoken[0], spoken[1], period_of(parts.token("PERIOD")), parts.span)
    raise Misread("a chain of events")


@reads("both_subjects")
def _both_subjects(parts: Parts) -> Said:
    """ "Both RSI(14) and %K are below 20"."""
    first, second = operands(parts)[:2]
    said = together(conditions(parts))
    if isinstance(first, Literally) or isinstance(second, Literally):
        raise Misread("a number is no subject")
    return All((about(said, first), about(said, second)))


def _of_a_line(said: Said) -> bool:
    """Whether something is said beside another line, as of the averages in "the 9 crosses under the 21"."""
    return (
        isinstance(said, Relation)
        and isinstance(said.right, Literally | Mention)
        and not isinstance(said.left, PriceOf)
    )


def _opening(said: Said) -> bool:
    return isinstance(said, GapSaid) or (
        isinstance(said, Relation) and isinstance(said.left, PriceOf) and said.left.column == "Open"
    )


def _closing(said: Said) -> bool:
    return isinstance(said, Relation) and isinstance(said.left, PriceOf) and said.left.column == "Close"


@reads("comparison_or")
def _comparison_or(parts: Parts) -> Said:
    subject = operands(parts)[0]
    return AnyOf(tuple(about(one, subject) for one in conditions(parts)), span=parts.span)


@reads("bare_predicate")
def _bare(parts: Parts) -> Said:
    return together(conditions(parts))


@reads("crossname")
def _crossname(parts: Parts) -> Said:
    """A golden or death cross, of the averages named or of 50 and 200 (rule 26); a bullish or bearish crossover."""
    token = parts.tokens("CROSSNAME", "CROSSES_UP", "CROSSES_DOWN", "BUY_STATE_UP", "BUY_STATE_DOWN")[0]
    up = token.value == "golden" or token.kind in {"CROSSES_UP", "BUY_STATE_UP"}
    op = "cross_above" if up else "cross_below"
    named = operands(parts)
    if any(isinstance(one, Literally) for one in named):
        raise Misread("a crossing of a number")
    if len(named) == 1:
        return Relation(named[0], op, None, parts.span)
    by_name = token.kind == "CROSSNAME"
    if not named:
        named = tuple(Mention("SMA", numbers=(length,), span=parts.span) for length in (50.0, 200.0))
        return Relation(named[0], op, named[1], parts.span, cross="default" if by_name else "")
    return Relation(named[0], op, named[1], parts.span, cross="told" if by_name else "")


@reads("called_all", "called_any")
def _called(parts: Parts) -> Said:
    """ "AND(Close > SMA50, RSI14 < 40)", as spreadsheets have it."""
    said = conditions(parts)
    return All(said) if parts.rule == "called_all" else AnyOf(said, span=parts.span)


@reads("called_cross")
def _called_cross(parts: Parts) -> Said:
    """ "crossover(ema(close, 12), ema(close, 26))", as programs of charting sites call it: upwards; and crossunder."""
    token = parts.tokens("CROSS", "CROSSES_UP", "CROSSES_DOWN")[0]
    if token.kind == "CROSS" and token.text.lower() != "crossover":
        raise Misread("in which direction")
    left, right = operands(parts)
    return Relation(left, "cross_below" if token.kind == "CROSSES_DOWN" else "cross_above", right, parts.span)


@reads("crossname_at")
def _crossname_at(parts: Parts) -> Said:
    """ "A bullish MACD crossover below zero": on which side of a number the lines cross."""
    mention = parts.all(Mention)[0]
    up = parts.has("CROSSES_UP", "BUY_STATE_UP")
    level = next(iter(parts.all(Literally)), Literally(0.0, span=parts.span))
    above = parts.has("ABOVE", "OVER", "POSITIVE")
    cross = Relation(mention, "cross_above" if up else "cross_below", None, parts.span)
    return All((cross, Relation(mention, ">" if above else "<", level, parts.span)))


@reads("otherwise")
def _otherwise(parts: Parts) -> Said:
    return Otherwise(parts.span)


@reads("opposite")
def _opposite(parts: Parts) -> Said:
    return Mirrored(parts.span)


@reads("weekday_cond")
def _weekday(parts: Parts) -> Said:
    return OnDays(days(parts))


def days(parts: Parts) -> tuple[str, ...]:
    named = [str(token.value) for token in parts.tokens("WEEKDAY")]
    if parts.has("TO", "THROUGH", "BETWEEN"):
        first, last = _DAYS.index(named[0]), _DAYS.index(named[1])
        return tuple(_DAYS[(first + i) % 7] for i in range((last - first) % 7 + 1))
    return tuple(day for day in _DAYS if day in named)


@reads("hours_cond")
def hours(parts: Parts) -> InHours:
    start, end = (str(token.value) for token in parts.tokens("CLOCK"))
    return InHours(start, end)


@reads("hours_on_a_side")
def hours_on_a_side(parts: Parts) -> InHours:
    """ "After 10:00", "before 15:00": from there to midnight, or from midnight to there."""
    clock = str(parts.tokens("CLOCK")[0].value)
    if clock == "00:00":
        raise Misread("after or before midnight is all day")
    return InHours(clock, "00:00") if parts.has("AFTER") else InHours("00:00", clock)


@reads("either")
def _either(parts: Parts) -> Said:
    return AnyOf(conditions(parts), either=True, span=parts.span)


@reads("both", "when_all", "when_listed")
def _both(parts: Parts) -> Said:
    return All(conditions(parts))


@reads("negated", "excluded")
def _negated(parts: Parts) -> Said:
    if any(subjectless(one) for one in conditions(parts)) and parts.rule == "negated":
        raise Misread("what is not so has no subject")  # "and not above" is read as a second predicate
    return NotSaid(together(conditions(parts)))


@reads("both_are")
def _both_are(parts: Parts) -> OfBoth:
    """ "And both are below 20", "with both lines below 20": said of the two lines compared before."""
    if any(not token.text.lower().startswith("both") for token in parts.tokens("THEM")):
        raise Misread("how many they are")
    return OfBoth(together(conditions(parts)), parts.span)


@reads("or_cond")
def _or_cond(parts: Parts) -> Said:
    said = conditions(parts)
    if any(elliptic(two) and not elliptic(one) for one, two in pairwise(said)):
        raise Misread("one sentence about one thing")
    return AnyOf(said, span=parts.span)


@reads("and_list")
def _and_list(parts: Parts) -> Said:
    said = conditions(parts)
    if any(_goes_on(one, two) for one, two in pairwise(said)):
        raise Misread("one sentence about one thing")  # the comparison's own "and" reads it
    return All(said, comma="comma" in parts.items)


def _goes_on(one: Said, two: Said) -> bool:
    """Whether `two` has no subject but that of `one`."""
    if isinstance(one, Relation) and isinstance(one.left, Mention) and one.left.name not in PRICE_LIKE:
        match two:  # "%K is above 80 and crosses under %D"
            case Relation(left=None, right=Mention(name=line)) if line == one.left.name:
                return True
    return (_of_price(one) and subjectless(two)) or (elliptic(two) and not elliptic(one))


def elliptic(said: Said) -> bool:
    """ "above 70", "overbought": said of an indicator that has been spoken of."""
    match said:
        case Relation(left=None, right=Literally(unit="")) | State(value=None):
            return True
        case NotSaid(of=one) | Earlier(of=one):
            return elliptic(one)
        case _:
            return False


def _of_price(said: Said) -> bool:
    match said:
        case Relation(left=Formula(span=place), span=whole) if place == whole:
            return True  # "in the top quarter of its range"
        case Relation(left=subject) | PercentMove(value=subject):
            return isinstance(subject, It) or (isinstance(subject, PriceOf) and subject.column == "Close")
        case _:
            return False


def subjectless(said: Said) -> bool:
    match said:
        case Relation(left=None):
            return True
        case Relation(left=PriceOf(span=subject), span=whole):
            return subject == whole
        case _:
            return False


@reads("when", "required", "lead")
def _when(parts: Parts) -> Said:
    said = together(conditions(parts))
    day = any("day" in token.text.lower().split() for token in parts.tokens("WHEN", "ON"))
    return _of_one_day(said) if day else said


def _of_one_day(said: Said) -> Said:
    """ "On a day when it is up 2%": in that day."""
    match said:
        case All(of) | AnyOf(of):
            return replace(said, of=tuple(_of_one_day(one) for one in of))
        case PercentMove(period=None):
            return replace(said, period=Period(1, "day"))
        case _:
            return said


@reads("when_part")
def _when_part(parts: Parts) -> Said:
    return _one_of(conditions(parts))


@reads("onset")
def _onset(parts: Parts) -> Said:
    """ "The first bar where the histogram turns positive": what is true on one bar only, and no state that lasts."""
    said = together(conditions(parts))
    match said:
        case Relation(op=op) if op.startswith("cross") or op == "break":
            return said
        case State():
            return replace(said, change="enter") if said.change == "is" else said
        case Slope(turns=True):
            return said
        case _:
            raise Misread("a state may last")
