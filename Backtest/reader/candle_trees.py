"""Candles and their bodies out of parse trees."""

from Backtest.reader.operand_trees import operand, period_of
from Backtest.reader.syntax import All, BodySaid, CandleSaid, Lasting, Period, PriceOf, Relation, Said
from Backtest.reader.time_trees import counted
from Backtest.reader.trees import Misread, Parts, reads


@reads("candle")
def _candle(parts: Parts) -> Said:
    value = parts.tokens("CANDLE")[0].value
    name, way = value if isinstance(value, tuple) else ("", "")
    return CandleSaid(str(name), str(way), parts.span)


@reads("candle_beside")
def _candle_beside(parts: Parts) -> Said:
    """ "A hammer below the 20-day SMA": it closes there."""
    op = ">" if parts.has("ABOVE", "OVER") else "<"
    return All((_candle(parts), Relation(PriceOf("Close", span=parts.span), op, operand(parts), parts.span)))


@reads("body")
def _body(parts: Parts) -> Said:
    token = parts.tokens("BUY_STATE_UP", "BUY_STATE_DOWN")[0]
    unit = parts.tokens("CHART", "UNIT", "CLOSE", "CLOSES", "PERIOD")[0].text.lower().split()[-1]
    if token.text.lower() not in {"green", "red", "white", "bullish", "bearish"} or unit.startswith(
        ("chart", "time", "data")
    ):
        raise Misread("no candle")
    return BodySaid("up" if token.kind == "BUY_STATE_UP" else "down", parts.span)


@reads("body_streak")
def _body_streak(parts: Parts) -> Said:
    if not parts.has("CONSECUTIVE", "ROW", "AFTER", "LAST"):
        raise Misread("in a row, or not")
    period = period_of(parts.token("PERIOD")) or counted(parts)
    return Lasting(_body(parts), period or Period(1, "bar"), parts.span)
