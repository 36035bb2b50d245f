"""Lines named once more, averages that cross each other, and what a trend is said to be, out of parse trees."""

from dataclasses import replace
from itertools import pairwise

from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.operand_trees import operand, operands, qualified, timeframe_of
from Backtest.reader.predicate_trees import trend
from Backtest.reader.syntax import All, Mention, OnDays, PriceOf, Relation, Said, Slope, State
from Backtest.reader.time_trees import counted
from Backtest.reader.trees import Misread, Parts, reads


@reads("that_line")
def _that_line(parts: Parts) -> Mention:
    """ "That SMA": the one that was named before."""
    head = parts.tokens("MA", "IND", "ATR", "OUT", "CHANNEL")[0]
    pointed = parts.has("SAME") or parts.tokens("IT")[0].text.lower() in {"that", "this"}
    if not pointed or head.kind in {"OUT", "CHANNEL"}:
        raise Misread("no line named before")
    return Mention(str(head.value), span=parts.span)


@reads("line_of")
def _line_of(parts: Parts) -> Mention:
    """ "The histogram of MACD(12,26,9)"."""
    line, of = parts.tokens("OUT")
    if not isinstance(line.value, tuple) or not isinstance(of.value, tuple) or of.value[1]:
        raise Misread("a line of what")
    if line.value[0] not in {of.value[0], "%"} or not line.value[1]:
        raise Misread("a line of another indicator")
    told = tuple(item for item in parts.items if item is not line)
    return qualified(Parts(parts.rule, told, parts.span), str(of.value[0]), str(line.value[1]))


@reads("pair_cross")
def _pair_cross(parts: Parts) -> Relation:
    """ "The 12 and 26 EMA cross bullishly": the faster one passes the slower one upwards."""
    lines = operands(parts)
    lengths = {length: line for line in lines if (length := _length(line)) is not None}
    if len(lines) != 2 or len(lengths) != 2:
        raise Misread("which of the two passes the other")
    fast, slow = (lengths[length] for length in sorted(lengths))
    return Relation(fast, "cross_above" if trend(parts) == "up" else "cross_below", slow, parts.span)


def _length(said: object) -> float | None:
    if not isinstance(said, Mention) or said.chart is not None:
        return None
    return said.period.count if said.period is not None else said.numbers[0] if len(said.numbers) == 1 else None


@reads("stacked")
def _stacked(parts: Parts) -> Said:
    """ "The 10, 20 and 50-day EMAs are stacked bullishly": each above the next slower one."""
    lines = operands(parts)
    lengths = {length: line for line in lines if (length := _length(line)) is not None}
    if len(lengths) != len(lines) or len(lines) < 2:
        raise Misread("which is the slower one")
    ordered = [lengths[length] for length in sorted(lengths)]
    op = ">" if parts.has("STACKED_UP") else "<"
    return together(tuple(Relation(fast, op, slow, parts.span) for fast, slow in pairwise(ordered)))


@reads("stacked_lengths")
def _stacked_lengths(parts: Parts) -> Said:
    """ "The averages are stacked 10 > 20 > 50"."""
    name, up = str(parts.tokens("MA")[0].value), parts.has("GT")
    lengths = [float(token.value) for token in parts.tokens("NUMBER") if isinstance(token.value, float)]
    if parts.has("DOWN" if lengths == sorted(lengths) and up else "UP") and parts.has("UP", "DOWN"):
        raise Misread("stacked the other way")
    if parts.tokens("MA")[0].text.lower() in {"ma", "sma", "ema", "average", "moving average"} or len(lengths) < 2:
        raise Misread("one average")
    lines = [Mention(name, numbers=(length,), span=parts.span) for length in lengths]
    return together(tuple(Relation(one, ">" if up else "<", two, parts.span) for one, two in pairwise(lines)))


@reads("trend_told")
def _trend_told(parts: Parts) -> Said:
    """ "The trend is up (close above the 200-day SMA)": what stands in parentheses."""
    states = parts.tokens("BUY_STATE_UP", "BUY_STATE_DOWN")
    if not parts.has("TREND") and not any("trend" in token.text.lower() for token in states):
        raise Misread("no trend")
    return together(conditions(parts))


@reads("rising_ends")
def _rising_ends(parts: Parts) -> Slope:
    """ "Three higher lows in a row"."""
    period = counted(parts)
    if period is None or period.count < 2 or not parts.has("CONSECUTIVE", "ROW", "AFTER"):
        raise Misread("in a row, or not")
    return Slope(
        PriceOf("High" if parts.has("HIGH") else "Low", span=parts.span), trend(parts), period, span=parts.span
    )


@reads("price_of_chart")
def _price_of_chart(parts: Parts) -> PriceOf:
    """ "The weekly close"."""
    return PriceOf("Close", span=parts.span, chart=timeframe_of(parts.tokens("TF")[0]), named=True)


@reads("closes_of_weekday")
def _closes_of_weekday(parts: Parts) -> Said:
    """ "Monday finishes below its open": the close of a day, which the chart's bar must be."""
    (said,) = conditions(parts)
    if not isinstance(said, Relation) or not isinstance(said.left, PriceOf):
        raise Misread("no close of one day")
    day = str(parts.tokens("WEEKDAY")[0].value)
    return All((OnDays((day,)), replace(said, left=replace(said.left, chart="1d"))))


@reads("p_event_in")
def _p_event_in(parts: Parts) -> Said:
    """ "Crosses above %D in the oversold zone": the crossing happens there."""
    cross = Relation(None, "cross_above" if parts.has("ABOVE", "OVER") else "cross_below", operand(parts), parts.span)
    return All((cross, State(None, "oversold" if parts.has("OVERSOLD") else "overbought", span=parts.span)))
