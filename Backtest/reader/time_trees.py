"""When conditions hold, out of parse trees: for so long, lately, so long ago, one after another."""

from dataclasses import dataclass, replace

from Backtest.reader.condition_trees import conditions, elliptic, subjectless
from Backtest.reader.lexicon import UNIT_WORDS
from Backtest.reader.operand_trees import Chart, period_of, the_period
from Backtest.reader.syntax import (
    All,
    Earlier,
    Following,
    Lasting,
    Lately,
    Literally,
    Mention,
    NotSaid,
    PercentMove,
    Period,
    PriceOf,
    Range,
    Relation,
    Restated,
    Said,
    Slope,
    State,
    Vague,
)
from Backtest.reader.trees import Misread, Parts, reads


@dataclass(frozen=True, slots=True)
class After:
    """What happens before an entry."""

    of: Said


def counted(parts: Parts) -> Period | None:
    """A number of bars, or of what the text counts ("three consecutive", "three down weeks")."""
    count, unit = parts.value("NUMBER"), parts.token("UNIT")
    if count is None:
        return None
    return Period(count, UNIT_WORDS[unit.text.lower()] if unit is not None else "bar")


@reads("lasting")
def _lasting(parts: Parts) -> Said:
    said = at_any_time(conditions(parts)[0])
    period = period_of(parts.token("PERIOD")) or counted(parts)
    if period is None:
        raise Misread("a length is missing")
    if isinstance(said, Slope) and said.period is None and not said.turns:
        return replace(said, period=period)
    if isinstance(said, Slope | PercentMove | Vague) or (isinstance(said, Relation) and "cross" in said.op):
        raise Misread("an event does not last")
    if isinstance(said, All) and isinstance(said.of[-1], Slope) and said.of[-1].period is None:
        raise Misread("so long it rises: what stands before has no length")
    return Lasting(said, period, parts.span)


@reads("lasting_nth")
def _lasting_nth(parts: Parts) -> Said:
    """ "For the third day in a row"."""
    if not parts.has("CONSECUTIVE", "ROW"):
        raise Misread("in a row, or not")
    unit = parts.tokens("UNIT")[0]
    said = at_any_time(conditions(parts)[0])
    if isinstance(said, Slope | PercentMove | Vague) or (isinstance(said, Relation) and "cross" in said.op):
        raise Misread("an event does not last")
    return Lasting(said, Period(nth(parts), UNIT_WORDS[unit.text.lower()]), parts.span)


def nth(parts: Parts) -> float:
    """Which one of several: 2 for "the second"."""
    token = parts.tokens("ORDINAL", "SECOND", "THIRD")[0]
    if token.kind == "ORDINAL":
        return parts.value("ORDINAL") or 0.0
    if token.text.lower() not in {"second", "third"}:
        raise Misread("no place in a row")
    return 2.0 if token.kind == "SECOND" else 3.0


@reads("lately")
def _lately(parts: Parts) -> Said:
    said = at_any_time(conditions(parts)[0])
    if isinstance(said, Slope | PercentMove | Vague) and not (isinstance(said, Slope) and said.turns):
        raise Misread("a move over that period")
    if isinstance(said, NotSaid):  # "not below 30 within the last 5 bars": on none of them
        return Lasting(said, the_period(parts), parts.span)
    return Lately(said, the_period(parts), parts.span)


@reads("never_lately")
def _never_lately(parts: Parts) -> Said:
    """ "Has not been above 50 in 10 bars"."""
    said = at_any_time(conditions(parts)[0])
    if not isinstance(said, NotSaid):
        raise Misread("in so many bars from now, or in the last ones")
    return Lasting(said, the_period(parts), parts.span)


def at_any_time(said: Said) -> Said:
    """ "was below" where the sentence says when that was."""
    match said:
        case Earlier(of=of, ago=None):
            return of
        case All(of=several):
            return replace(said, of=tuple(at_any_time(one) for one in several))
        case _:
            return said


@reads("on_chart")
def _on_chart(parts: Parts) -> Said:
    """ "RSI is below 30 on the daily chart": its indicator is of that chart."""
    said, chart = conditions(parts)[0], parts.all(Chart)[0].timeframe
    match said:
        case Relation(left=Mention(chart=None) as line, right=Literally()):
            return replace(said, left=replace(line, chart=chart))
        case Range(value=Mention(chart=None) as line) | State(value=Mention(chart=None) as line):
            return replace(said, value=replace(line, chart=chart))
        case _:
            raise Misread("what of it is of that chart")


@reads("earlier", "p_earlier")
def _earlier(parts: Parts) -> Said:
    said = conditions(parts)[0]
    if any(token.text.lower().endswith(("'s", "’s")) for token in parts.tokens("YESTERDAY", "UNIT")):
        raise Misread("what is yesterday's")
    if parts.rule == "p_earlier" and not isinstance(said, Earlier):
        raise Misread("it may be the line that was so long ago")
    if isinstance(said, All) and isinstance(said.of[-1], Earlier) and not isinstance(said.of[0], Earlier):
        raise Misread("only what was, was so long ago")  # "is above 50 but was below 50 three bars ago"
    said = at_any_time(said)  # "was below 30 yesterday": "was" says no more than the day does
    if isinstance(said, Earlier):
        raise Misread("two times")
    if isinstance(said, Relation) and said.right is None:
        raise Misread("higher than the bar before, or above it on that bar")
    if isinstance(said, Relation) and isinstance(said.right, PriceOf) and said.left == said.right:
        raise Misread("a price beside itself: it is the second that was so long ago")
    unit = parts.token("UNIT")
    ago = period_of(parts.token("PERIOD")) or Period(1, UNIT_WORDS[unit.text.lower()] if unit is not None else "day")
    return Earlier(said, ago, parts.span)


@reads("sequence_after")
def _sequence_after(parts: Parts) -> Said:
    then, first = conditions(parts)
    return Following(at_any_time(first), then, the_period(parts), parts.span)


@reads("restated")
def _restated(parts: Parts) -> Said:
    said, again = conditions(parts)
    if elliptic(again):
        raise Misread("a level in parentheses")
    return Restated(said, again, parts.span)


@reads("after")
def _after(parts: Parts) -> After:
    (said,) = conditions(parts)
    if isinstance(said, Lately):
        raise Misread("how long ago it was at most is said of the whole")
    return After(said)


@reads("sequence_next")
def _sequence_next(parts: Parts) -> Said:
    """ "A hammer forms and the next day it closes higher"."""
    first, then = conditions(parts)
    unit = next((word for word in parts.tokens("NEXT_STEP")[0].text.lower().split() if word in UNIT_WORDS), "bar")
    return Following(at_any_time(first), then, Period(1, UNIT_WORDS[unit]), parts.span)


@reads("sequence")
def _sequence(parts: Parts) -> Said:
    first, then = conditions(parts)
    if subjectless(then):
        raise Misread("one sentence about one thing is no sequence of two")  # the comparison's own "then" reads it
    return Following(at_any_time(first), then, period_of(parts.token("PERIOD")), parts.span)
