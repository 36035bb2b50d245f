"""What is said of a subject (its comparison, event, state or move) out of parse trees."""

from Backtest.reader.condition_trees import about, about_price, conditions, together
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import direction, operand, operands, period_of
from Backtest.reader.syntax import (
    ANY,
    EVERY,
    All,
    AnyOf,
    Apart,
    BarePeriod,
    Direction,
    Distance,
    Earlier,
    It,
    Literally,
    Mention,
    NotSaid,
    OperandSaid,
    PriceOf,
    Range,
    Relation,
    Said,
    Scaled,
    Slope,
    State,
)
from Backtest.reader.time_trees import counted
from Backtest.reader.trees import Misread, Parts, reads

_OPS = {
    "ABOVE": ">",
    "OVER": ">",
    "GT": ">",
    "HIGHER": ">",
    "BELOW": "<",
    "LT": "<",
    "LOWER": "<",
    "GE": ">=",
    "LE": "<=",
    "LATEST": "<=",
    "EQ": "==",
}


_STATES = {
    "OVERSOLD": "oversold",
    "OVERBOUGHT": "overbought",
    "POSITIVE": "positive",
    "NEGATIVE": "negative",
    "BUY_STATE_UP": "bullish",
    "BUY_STATE_DOWN": "bearish",
}


_PAST = frozenset({"was", "were", "had been"})
_UP = ("MOVE_UP", "RECLAIM", "UP", "RISING", "HIGHER", "CROSSES_UP")


_DOWN = ("MOVE_DOWN", "DOWN", "FALLING", "LOWER", "CROSSES_DOWN", "BREAK_DOWN", "LOSE")


def trend(parts: Parts) -> Direction:
    up, down = parts.has(*_UP), parts.has(*_DOWN)
    if up == down:
        raise Misread("no direction")
    return "up" if up else "down"


@reads("p_level")
def _p_level(parts: Parts) -> Said:
    """ "is 25 or less"."""
    less = parts.has("OR_LESS") or parts.tokens("OR_MORE")[0].text.lower() == "or lower"
    return past(parts, Relation(None, "<=" if less else ">=", operand(parts), parts.span))


def past(parts: Parts, said: Said) -> Said:
    """ "was below": of a bar before, where nothing else says which."""
    token = parts.token("IS")
    return Earlier(said, None, parts.span) if token is not None and token.text.lower() in _PAST else said


@reads("p_not")
def _p_not(parts: Parts) -> NotSaid:
    """ "Has not touched the upper band", "isn't rising"."""
    (said,) = conditions(parts)
    if isinstance(said, Slope) and said.period is not None:
        raise Misread("on none of the bars, or not on all")
    return NotSaid(said)


@reads("p_rel", "p_rel_bare")
def _p_rel(parts: Parts) -> Said:
    token = parts.tokens("ABOVE", "BELOW", "OVER", "GT", "LT", "GE", "LE", "EQ", "LATEST")[0]
    if token.kind == "LATEST" and token.text.lower() != "at most":
        raise Misread("at the latest")
    said = _each_object(parts, _OPS[token.kind])
    return past(parts, NotSaid(said) if parts.has("NOT") else said)


@reads("wide_range")
def _wide_range(parts: Parts) -> Said:
    """ "The day's range is bigger than 2 ATR"."""
    token = parts.tokens("ABOVE", "BELOW", "OVER", "GT", "LT", "GE", "LE")[0]
    left, right = operands(parts)
    return past(parts, Relation(left, _OPS[token.kind], right, parts.span))


@reads("comparison_chain")
def _chain(parts: Parts) -> Said:
    """ "5 EMA > 20 EMA > 50 EMA": each above the next."""
    lines = operands(parts)
    ops = [_OPS[token.kind] for token in parts.tokens("ABOVE", "BELOW", "OVER", "GT", "LT", "GE", "LE")]
    if len({op[0] for op in ops}) > 1 or any(isinstance(line, Literally) for line in lines[1:-1]):
        raise Misread("a chain that turns round")
    links = zip(lines, ops, lines[1:], strict=False)
    return All(tuple(Relation(left, op, right, parts.span) for left, op, right in links))


def _each_object(parts: Parts, op: str, left: OperandSaid | None = None) -> Said:
    if len(found := operands(parts)) == 2 and isinstance(found[0], Literally) and not isinstance(found[1], Literally):
        raise Misread("a number and a line in one breath")  # "above the 50 and 200-day averages" is no level of 50
    if len(found) == 2 and isinstance(found[0], BarePeriod) and isinstance(found[1], Mention):
        raise Misread("two averages, which are a pair")
    if any(token.text in {"+", "plus"} for token in parts.tokens("AND")):
        raise Misread("a sum, or two of them")
    if not found:
        return Relation(left, op, _each_line(parts), parts.span, closes=left is not None)
    relations = tuple(Relation(left, op, right, parts.span, closes=left is not None) for right in found)
    return AnyOf(relations, span=parts.span) if parts.has("OR") and len(relations) > 1 else together(relations)


def _each_line(parts: Parts) -> It | None:
    """ "Both", "either of them"."""
    if not parts.has("THEM", "BOTH", "EITHER", "ANY_OF"):
        return None
    return It(parts.span, ANY if parts.has("EITHER", "ANY_OF") else EVERY)


@reads("p_event")
def _p_event(parts: Parts) -> Said:
    found = operands(parts)
    if parts.has("RECLAIM", "LOSE") and isinstance(found[0], Literally) and found[0].unit:
        raise Misread("an amount is no line")
    target = found[0] if found else _each_line(parts)
    if parts.has("ABOVE", "OVER", "BELOW"):
        way = direction(parts)
        if (way == "up" and parts.has(*_DOWN)) or (way == "down" and parts.has(*_UP)):
            raise Misread("up and down at once")
        return Relation(None, "cross_above" if way == "up" else "cross_below", target, parts.span, parts.has("BACK"))
    if parts.has("MOVE_UP", "MOVE_DOWN", "UP", "DOWN", "RECLAIM", "LOSE"):
        op = "cross_above" if trend(parts) == "up" else "cross_below"
        return Relation(None, op, target, parts.span, parts.has("BACK"))
    if parts.has("BREAK_DOWN"):
        return Relation(None, "cross_below", target, parts.span)
    return Relation(None, "break" if parts.has("BREAK") else "cross", target, parts.span)


_DOWNWARDS = frozenset({"BELOW", "DOWN", "CROSSES_DOWN"})


@reads("p_event_at")
def _p_event_at(parts: Parts) -> Said:
    """ "crosses above %D below 20": the crossing happens on that side of the number."""
    ways = parts.tokens("ABOVE", "OVER", "BELOW", "UP", "DOWN", "CROSSES_UP", "CROSSES_DOWN", "NEGATIVE", "POSITIVE")
    crossing, place = ways[0], ways[-1]
    if place.kind in {"NEGATIVE", "POSITIVE"}:
        side = "<" if place.kind == "NEGATIVE" else ">"
        way = "cross_below" if crossing.kind in _DOWNWARDS else "cross_above"
        zero = Literally(0.0, span=(place.start, place.end))
        return All((Relation(None, way, operand(parts), parts.span), Relation(None, side, zero, parts.span)))
    line, level = operands(parts)
    op = "cross_below" if crossing.kind in _DOWNWARDS else "cross_above"
    return All((Relation(None, op, line, parts.span), Relation(None, _OPS[place.kind], level, parts.span)))


@reads("slope_of")
def _slope_of(parts: Parts) -> Said:
    """ "The slope of the 50-day average is positive": it rises."""
    up = parts.has("POSITIVE", "UP", "RISING")
    return Slope(parts.all(Mention)[0], "up" if up else "down", turns=parts.has("TURN"), span=parts.span)


@reads("p_times")
def _p_times(parts: Parts) -> Said:
    """ "is 1.5 times its average": at least, for no two such numbers are ever equal."""
    factor = parts.value("TIMES") or 0.0
    if factor <= 1:
        raise Misread("at least or at most")
    return past(parts, Relation(None, ">=", Scaled(factor, operand(parts), parts.span), parts.span))


@reads("break_np", "break_noun")
def _break_np(parts: Parts) -> Said:
    if parts.has("UP", "DOWN"):  # "the lower band is broken to the downside"
        op = "cross_above" if trend(parts) == "up" else "cross_below"
        return about_price(Relation(None, op, operand(parts), parts.span))
    if not parts.has("ABOVE", "OVER", "BELOW"):
        return about_price(Relation(None, "break", operand(parts), parts.span))
    op = f"cross_{'above' if direction(parts) == 'up' else 'below'}"
    return about_price(Relation(None, op, operand(parts), parts.span))


@reads("cross_noun")
def _cross_noun(parts: Parts) -> Said:
    """ "a cross of the 12 EMA above the 26 EMA", "the first close above its average"."""
    op = f"cross_{'above' if direction(parts) == 'up' else 'below'}"
    if parts.has("FIRST"):
        return Relation(PriceOf("Close", span=parts.span), op, operand(parts), parts.span)
    left, right = operands(parts)
    return Relation(left, op, right, parts.span)


@reads("p_cross")
def _p_cross(parts: Parts) -> Said:
    found = operands(parts)
    up = parts.has("BELOW") if parts.has("FROM") else trend(parts) == "up"
    op = "cross_above" if up else "cross_below"
    return Relation(None, op, found[0] if found else None, parts.span, back=parts.has("FROM") and not found)


@reads("p_between")
def _p_between(parts: Parts) -> Said:
    found = operands(parts)
    if not found:
        low, high = (_literal(token) for token in parts.tokens("NUMBER"))
        found = (low, high)
    said = Range(None, found[0], found[1], parts.span)
    return past(parts, NotSaid(said) if parts.has("NOT") else said)


def _literal(token: Token) -> OperandSaid:
    return Literally(float(token.value) if isinstance(token.value, float) else 0.0, "", (token.start, token.end))


@reads("p_trend")
def _p_trend(parts: Parts) -> Said:
    return Slope(None, trend(parts), period_of(parts.token("PERIOD")) or counted(parts), span=parts.span)


@reads("p_going")
def _p_going(parts: Parts) -> Slope:
    """ "Is going up"."""
    said = parts.tokens("MOVE", "MOVE_UP", "MOVE_DOWN")[0].text.lower()
    if not said.startswith(("going", "moving", "heading")):
        raise Misread("a move of what size")
    return Slope(None, trend(parts), span=parts.span)


@reads("p_turn")
def _p_turn(parts: Parts) -> Slope:
    return Slope(None, "down" if parts.has("ROLL_OVER") else trend(parts), turns=True, span=parts.span)


@reads("p_turn_at")
def _p_turn_at(parts: Parts) -> Said:
    """ "Turns up below zero": on that side of the number."""
    turns = _p_turn(Parts(parts.rule, parts.tokens("ROLL_OVER", "UP", "DOWN"), parts.span))
    level = next(iter(parts.all(Literally)), Literally(0.0, span=parts.span))
    op = "<" if parts.has("BELOW", "NEGATIVE") else ">"
    return All((turns, Relation(None, op, level, parts.span)))


@reads("p_state")
def _p_state(parts: Parts) -> Said:
    token = parts.tokens(*_STATES)[0]
    if parts.has("LEAVE", "FROM"):
        change = "leave"
    elif parts.has("TURN", "MOVE", "CROSS", "MOVE_UP", "MOVE_DOWN", "BREAK", "BREAK_DOWN"):
        change = "enter"
    else:
        change = "is"
    said = State(None, _STATES[token.kind], change, parts.span)
    return past(parts, NotSaid(said) if parts.has("NOT") else said)


@reads("flip")
def _flip(parts: Parts) -> Said:
    """ "On the bullish flip": of what was named before."""
    return State(None, "bullish" if parts.has("BUY_STATE_UP") else "bearish", "enter", parts.span)


@reads("p_state_turned")
def _p_state_turned(parts: Parts) -> Said:
    """ "Goes from negative to positive"."""
    before, after = (_STATES[token.kind] for token in parts.tokens(*_STATES))
    if before == after:
        raise Misread("no change")
    return State(None, after, "enter", parts.span)


@reads("p_state_of")
def _p_state_of(parts: Parts) -> Said:
    """ "oversold on the RSI"."""
    return about(_p_state(parts), parts.all(Mention)[0])


@reads("p_state_at")
def _p_state_at(parts: Parts) -> Said:
    """ "oversold (below 25)": the number in parentheses is the level."""
    token = parts.tokens("BELOW", "ABOVE", "OVER", "LT", "GT", "LE", "GE")[0]
    low = parts.has("OVERSOLD")
    if not parts.has("OVERSOLD", "OVERBOUGHT") or low != (_OPS[token.kind][0] == "<"):
        raise Misread("oversold is below, overbought above")
    return Relation(None, _OPS[token.kind], _literal(parts.tokens("NUMBER")[0]), parts.span)


@reads("p_touch")
def _p_touch(parts: Parts) -> Said:
    return Relation(None, "touch", operand(parts), parts.span)


@reads("p_come_to")
def _p_come_to(parts: Parts) -> Said:
    """ "Pulls back to the 20-day average"; a number may be come to from either side."""
    line = operand(parts)
    if isinstance(line, Literally):
        raise Misread("come to from which side")
    return Relation(None, "touch", line, parts.span)


@reads("touch_noun")
def _touch_noun(parts: Parts) -> Said:
    """ "Sell at the upper band touch"."""
    return Relation(PriceOf("Close", span=parts.span), "touch", operand(parts), parts.span)


@reads("touched")
def _touched(parts: Parts) -> Said:
    """ "The lower band is touched": by the price."""
    line = operand(parts)
    if isinstance(line, Literally | PriceOf):
        raise Misread("the price touches a line")
    return Relation(PriceOf("Close", span=parts.span), "touch", line, parts.span)


@reads("p_distance")
def _p_distance(parts: Parts) -> Said:
    way = direction(parts)
    op = (">" if way == "up" else "<") + ("" if parts.has("GT", "LT") else "=")
    if parts.has("LE", "LT"):
        op = "near<" if parts.has("LT") else "near<="
    left = PriceOf("Close", span=parts.span) if parts.has("CLOSES") else None
    apart = Apart(parts.all(Distance)[0], way, operand(parts), parts.span)
    return past(parts, Relation(left, op, apart, parts.span, closes=left is not None))


@reads("p_apart")
def _p_apart(parts: Parts) -> Said:
    """ "above its average by at least 2 %"."""
    way: Direction = "down" if parts.has("BELOW", "LT") else "up"
    apart = Apart(parts.all(Distance)[0], way, operand(parts), parts.span)
    op = (">" if way == "up" else "<") + ("" if _is_strict(parts) else "=")
    return past(parts, Relation(None, op, apart, parts.span))


def _is_strict(parts: Parts) -> bool:
    """ "By more than 2 %": the sign behind "by", not that of the comparison."""
    signs = [token.kind for token in parts.tokens("GT", "GE", "LT", "ABOVE", "BELOW", "OVER")]
    return signs[1:] == ["GT"]


@reads("p_within")
def _p_within(parts: Parts) -> Said:
    """ "Within 1 % of its 52-week high": no farther on either side."""
    apart = parts.all(Distance)[0]
    low, high = Apart(apart, "down", operand(parts), parts.span), Apart(apart, "up", operand(parts), parts.span)
    return past(parts, All((Relation(None, ">=", low, parts.span), Relation(None, "<=", high, parts.span))))


@reads("p_outside")
def _p_outside(parts: Parts) -> Said:
    """ "Closes outside the upper band": beyond it, as seen from the middle."""
    (band,) = operands(parts)
    op = {"upper": ">", "lower": "<"}.get(band.output) if isinstance(band, Mention) else None
    if op is None:
        raise Misread("outside of what")
    left = PriceOf("Close", span=parts.span) if parts.has("CLOSES") else None
    return Relation(left, op, band, parts.span, closes=parts.has("CLOSES"))


@reads("leaning")
def _leaning(parts: Parts) -> Said:
    """ "Rising volume"."""
    (value,) = operands(parts) or (PriceOf("Volume", span=parts.span),)
    return Slope(value, trend(parts), span=parts.span)


@reads("p_closes", "p_close_noun")
def _p_closes(parts: Parts) -> Said:
    close = PriceOf("Close", span=parts.span)
    token = parts.token("ABOVE", "BELOW", "OVER", "GT", "LT", "HIGHER", "LOWER")
    if token is None:
        raise Misread("closes at")
    if not operands(parts) and _each_line(parts) is None:
        return Relation(close, _closing_op(token, parts), None, parts.span, closes=parts.has("BACK"))
    said = _each_object(parts, _closing_op(token, parts), close)
    return NotSaid(said) if parts.has("NOT") else said


def _closing_op(token: Token, parts: Parts) -> str:
    """A state, or an event where it closes "back" above or below."""
    op = _OPS[token.kind]
    if parts.has("BACK"):
        return "cross_above" if op == ">" else "cross_below"
    return op


@reads("p_opens")
def _p_opens(parts: Parts) -> Said:
    start = PriceOf("Open", span=parts.span)
    way: Direction = "up" if parts.has("ABOVE") or (parts.has("GT") and not parts.has("BELOW")) else "down"
    distance = parts.one(Distance)
    if operand(parts) == PriceOf("Close"):
        raise Misread("a bar opens before it closes")
    if distance is None:
        return Relation(start, ">" if way == "up" else "<", operand(parts), parts.span)
    op = (">" if way == "up" else "<") + ("" if parts.has("GT") else "=")
    return Relation(start, op, Apart(distance, way, operand(parts), parts.span), parts.span)
