"""Where a price is beside lines that were spoken of: off one, outside or inside of bands, beyond both or either."""

from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.antecedents import Story, lines_of
from Backtest.reader.questions import Desk
from Backtest.reader.scope import Unread
from Backtest.reader.syntax import (
    EVERY,
    All,
    AnyOf,
    Apart,
    Before,
    Extreme,
    It,
    Mention,
    OperandSaid,
    PriceOf,
    Relation,
    Said,
    Side,
)


def of_two_lines(said: Relation, lines: Sequence[OperandSaid], story: Story) -> Said:
    """ "Below both", "below either of them": of the two lines that were spoken of, in this condition or before it."""
    told = [*lines] or [line for one in story.told for line in lines_of(one.said)] or [*story.topics]
    two = [*dict.fromkeys(one for one in told if not isinstance(one, PriceOf))]
    if len(two) != 2:
        raise Unread("which two", said.span)
    each = tuple(replace(said, right=line) for line in two)
    every = isinstance(said.right, It) and said.right.which == EVERY
    if every and "cross" in said.op:
        raise Unread("crossing both at once, or the second after the first", said.span)
    return All(each) if every else AnyOf(each, span=said.span)


def of_bands(said: Relation, lines: Sequence[OperandSaid], story: Story, role: str, desk: Desk) -> Relation:
    """ "Outside the bands" is above the upper or below the lower one; "back inside" is over the one passed before."""
    if said.op == "outside" and isinstance(said.right, Mention):
        offered = {"above": "above the upper one", "below": "below the lower one"}
        above = desk.choice(role, "Outside which of the bands?", said.span, offered) == "above"
        return replace(said, op=">" if above else "<", right=replace(said.right, output="upper" if above else "lower"))
    told = [*lines, *(line for one in reversed(story.told) for line in lines_of(one.said))]
    bands = [one for one in dict.fromkeys(told) if isinstance(one, Mention) and one.output in {"upper", "lower"}]
    if isinstance(said.right, Mention):
        bands = [one for one in bands if "CHANNEL" in {said.right.name, one.name} or said.right.name == one.name]
    if len(bands) != 1:
        raise Unread("back over which band", said.span)
    return replace(said, op="cross_above" if bands[0].output == "lower" else "cross_below", right=bands[0])


def near(said: Relation, role: str, desk: Desk) -> Said:
    """ "Less than 1% above its average": above it, by less, or anywhere up to there."""
    apart = said.right
    if not isinstance(apart, Apart):
        raise AssertionError("near what")
    way = "above" if apart.direction == "up" else "below"
    limit = {"near<": "<", "near<=": "<="}[said.op]
    far = replace(said, op=limit if way == "above" else limit.replace("<", ">"))
    offered = {
        "between": f"{way} it, and no farther {way} than that",
        "anywhere": f"anywhere but farther {way} than that",
    }
    if desk.choice(role, "How near is that?", said.span, offered, "between") == "anywhere":
        return far
    return All((replace(said, op=">" if way == "above" else "<", right=apart.base), far))


def bounced(said: Relation, role: str, side: Side | None, desk: Desk) -> Said:
    """A bounce or a rejection: at the line inside the bar and away from it on the close, or back over it on closes."""
    upwards = _upwards(said, role, side)
    if upwards is None or (upwards and said.op == "reject"):
        raise Unread("upwards or downwards", said.span)
    way, there = ("above", "low") if upwards else ("below", "high")
    offered = {
        "bar": f"its {there} is at the line or beyond it and it closes {way}",
        "closes": f"it closes back {way} it",
    }
    question = "What is a bounce off the line?" if said.op == "bounce" else "What is a rejection at the line?"
    meant = desk.choice(role, question, said.span, offered, "bar")
    if meant == "closes":
        return replace(said, op=f"cross_{way}", closes=True)
    edge = PriceOf("Low" if upwards else "High", span=said.span)
    closes = replace(said, op=">" if upwards else "<", closes=True)
    return All((replace(said, op="<=" if upwards else ">=", left=edge), closes))


def _upwards(said: Relation, role: str, side: Side | None) -> bool | None:
    """Which way it goes: away from a support or a resistance, else as the trade does; None is not known."""
    match said.right:
        case Mention(output="lower") | Extreme(kind="low") | Before(column="Low"):
            return True
        case Mention(output="upper") | Extreme(kind="high") | Before(column="High"):
            return False
    if said.op == "reject":
        return False
    return {("entry", "long"): True, ("exit", "short"): True, ("entry", "short"): False}.get((role, side or ""))
