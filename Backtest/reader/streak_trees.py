"""What comes after, or ends, a row of bars ("the first close above it after ten below"), out of parse trees."""

from Backtest.reader.condition_trees import conditions
from Backtest.reader.lexicon import UNIT_WORDS
from Backtest.reader.operand_trees import direction, operand, period_of
from Backtest.reader.predicate_trees import trend
from Backtest.reader.syntax import All, BodySaid, Earlier, Lasting, Period, PriceOf, Relation, Said, Slope, Vague
from Backtest.reader.time_trees import counted, nth
from Backtest.reader.trees import Misread, Parts, reads

_BODIES = ("BUY_STATE_UP", "BUY_STATE_DOWN")


@reads("after_streak")
def _after_streak(parts: Parts) -> All:
    """ "An up day after three down days": the row ended on the bar before."""
    (said,) = conditions(parts)
    if isinstance(said, Vague):
        raise Misread("a move of what size")
    period = period_of(parts.token("PERIOD")) or counted(parts)
    if period is None or (parts.has("GE") and period.count < 2):
        raise Misread("how many")
    return All((said, Earlier(_row(parts, period), Period(1, "bar"), parts.span)))


@reads("nth_close")
def _nth_close(parts: Parts) -> Said:
    """ "The third consecutive close below its average", "the third down day in a row"."""
    if not parts.has("CONSECUTIVE", "ROW"):
        raise Misread("in a row, or not")
    unit = parts.token("UNIT")
    return _row(parts, Period(nth(parts), UNIT_WORDS[unit.text.lower()] if unit is not None else "bar"))


def _row(parts: Parts, period: Period) -> Said:
    if parts.has("ABOVE", "OVER", "BELOW"):
        close = PriceOf("Close", span=parts.span)
        beyond = Relation(close, ">" if direction(parts) == "up" else "<", operand(parts), parts.span)
        return Lasting(beyond, period, parts.span)
    body = parts.token(*_BODIES)
    if body is None:
        return Slope(PriceOf("Close", span=parts.span), trend(parts), period, span=parts.span)
    if body.text.lower() not in {"green", "red", "white", "bullish", "bearish"}:
        raise Misread("no candle")
    return Lasting(BodySaid("up" if body.kind == "BUY_STATE_UP" else "down", parts.span), period, parts.span)
