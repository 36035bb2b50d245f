"""How far from a line, how much it changed, and where in a range or band the price is, out of parse trees."""

from dataclasses import replace

from Backtest.reader.lexicon import UNIT_WORDS, Token
from Backtest.reader.operand_trees import COLUMNS, direction, operand, operands, period_of, the_period
from Backtest.reader.operands import CHANNELS
from Backtest.reader.predicate_trees import past, trend
from Backtest.reader.statement_trees import Fraction
from Backtest.reader.syntax import (
    Apart,
    BarePeriod,
    Before,
    Direction,
    Distance,
    Extreme,
    Formula,
    It,
    Literally,
    Mention,
    OperandSaid,
    PercentMove,
    Period,
    PriceOf,
    Relation,
    Said,
    Shifted,
    Span,
    Was,
)
from Backtest.reader.trees import Misread, Parts, reads


@reads("p_inside")
def _p_inside(parts: Parts) -> Relation:
    """ "Closes back inside the lower band": it crosses it on the way to the middle."""
    (band,) = operands(parts)
    op = {"upper": "cross_below", "lower": "cross_above"}.get(band.output) if isinstance(band, Mention) else None
    if op is None or parts.has("FROM_ABOVE" if op == "cross_above" else "FROM_BELOW"):
        raise Misread("inside of what")
    left = PriceOf("Close", span=parts.span) if parts.has("CLOSES") else None
    return Relation(left, op, band, parts.span)


@reads("p_outside_of")
def _p_outside_of(parts: Parts) -> Relation:
    """ "Closes outside the Bollinger bands", above the upper or below the lower one."""
    closes = parts.has("CLOSES")
    left = PriceOf("Close", span=parts.span) if closes else None
    if not parts.has("UP", "DOWN"):
        return Relation(left, "outside", _channel(parts), parts.span, closes=closes)
    op, output = (">", "upper") if parts.has("UP") else ("<", "lower")
    return Relation(left, op, replace(_channel(parts), output=output), parts.span, closes=closes)


@reads("p_inside_again")
def _p_inside_again(parts: Parts) -> Relation:
    """ "Gets back inside": of the band that it was beyond."""
    if not any("back" in token.text.lower() for token in parts.tokens("INSIDE", "BACK")):
        raise Misread("it came from within, or from without")
    line = _channel(parts) if parts.has("BAND") or parts.one(Mention) is not None else It(parts.span)
    return Relation(PriceOf("Close", span=parts.span), "inside", line, parts.span)


def _channel(parts: Parts) -> Mention:
    """The bands as one thing."""
    line = parts.one(Mention) or Mention("CHANNEL", span=parts.span)
    if line.name not in {*CHANNELS, "CHANNEL"} or line.output:
        raise Misread("no bands")
    return line


@reads("p_bounce")
def _p_bounce(parts: Parts) -> Relation:
    """ "Bounces off its average", "is rejected at the upper band"."""
    line = operand(parts)
    if isinstance(line, Literally):
        raise Misread("a number is no line")
    return Relation(None, "bounce" if parts.has("BOUNCE") else "reject", line, parts.span)


@reads("p_deviations")
def _p_deviations(parts: Parts) -> Said:
    """ "Two standard deviations below its 20-day average": beyond a Bollinger band of that width (rule 26)."""
    line, token = parts.all(Mention)[0], parts.token("IND")
    width = parts.value("NUMBER") or 0.0
    if (token is not None and token.value != "STDDEV") or line.name not in {"", "SMA"} or width <= 0:
        raise Misread("deviations of what")
    if (line.period is None) == (not line.numbers) or len(line.numbers) > 1 or line.column is not None or line.pace:
        raise Misread("deviations over how many bars")
    way = direction(parts)
    numbers = (*line.numbers, width)
    band = Mention("BBANDS", "upper" if way == "up" else "lower", numbers, line.period, line.chart, span=parts.span)
    left = PriceOf("Close", span=parts.span) if parts.has("CLOSES") else None
    return past(parts, Relation(left, _beyond(way, strict=parts.has("GT")), band, parts.span))


def _beyond(way: Direction, *, strict: bool) -> str:
    return (">" if way == "up" else "<") + ("" if strict else "=")


@reads("p_in_range")
def _p_in_range(parts: Parts) -> Relation:
    """ "Closes in the top quarter of its range"."""
    part = parts.one(Fraction)
    share = part.value if part is not None else (parts.value("PERCENT") or 0.0) / 100
    if not 0 < share < 1:
        raise Misread("which part")
    top = parts.has("UPPER")
    level = Literally(round(1 - share, 12) if top else share, span=parts.span)
    return Relation(_place(parts.span), ">=" if top else "<=", level, parts.span)


@reads("place_in_range")
def _place_in_range(parts: Parts) -> Formula:
    return _place(parts.span)


def _place(span: Span) -> Formula:
    """Where in the bar's range it closed: 0 at the low, 1 at the high."""
    close, low, high = (PriceOf(column, span=span) for column in ("Close", "Low", "High"))
    return Formula("/", Formula("-", close, low, span), Formula("-", high, low, span), span)


@reads("p_far")
def _p_far(parts: Parts) -> Relation:
    """ "Drops 5% below its average": the event of passing that distance (rule 5)."""
    way = direction(parts)
    if parts.has("MOVE_UP" if way == "down" else "MOVE_DOWN"):
        raise Misread("up and down at once")
    line = operand(parts)
    if isinstance(line, Literally | BarePeriod):
        raise Misread("away from what")
    apart = Apart(parts.all(Distance)[0], way, line, parts.span)
    return Relation(None, "cross_above" if way == "up" else "cross_below", apart, parts.span)


@reads("p_changed")
def _p_changed(parts: Parts) -> PercentMove:
    """ "Is 4% higher than it was 5 days ago"."""
    before, percent = parts.all(Was)[0], parts.value("PERCENT") or 0.0
    return PercentMove(None, direction(parts), percent, before.ago, parts.has("GT"), parts.span)


_SIGNS = {"ABOVE": ">", "OVER": ">", "GT": ">", "GE": ">=", "BELOW": "<", "LT": "<", "LE": "<="}


@reads("returned")
def _returned(parts: Parts) -> PercentMove:
    """ "The 20-day return is above 5%": the change in percent over that time."""
    if any(token.text.lower() != "return" for token in parts.tokens("MOVE")):
        raise Misread("no return")
    period = period_of(parts.token("PERIOD"))
    level = parts.token("PERCENT", "NUMBER")
    if parts.has("POSITIVE", "NEGATIVE", "ZERO"):
        percent = 0.0
    elif level is not None and (level.kind == "PERCENT" or level.value == 0):
        percent = float(level.value) if isinstance(level.value, int | float) else 0.0
    else:
        raise Misread("a return in percent")
    sign = ">" if parts.has("POSITIVE") else "<" if parts.has("NEGATIVE") else _sign(parts)
    way: Direction = "up" if sign[0] == ">" else "down"
    if (percent < 0) == (way == "up") and percent != 0:
        raise Misread("less of a loss, or of a gain")
    return PercentMove(PriceOf("Close", span=parts.span), way, abs(percent), period, len(sign) == 1, parts.span)


def _sign(parts: Parts) -> str:
    token: Token = parts.tokens(*_SIGNS)[-1]  # behind the one of "over the last 10 bars"
    return _SIGNS[token.kind]


@reads("closing_extreme")
def _closing_extreme(parts: Parts) -> Extreme:
    """ "A 50-day closing high"."""
    return Extreme("high" if parts.has("HIGH") else "low", the_period(parts), of_close=True, span=parts.span)


@reads("intraday")
def _intraday(parts: Parts) -> Relation:
    """ "Dips below its average intraday": inside the bar, whatever it closes at."""
    line, down = operand(parts), parts.has("BELOW", "MOVE_DOWN", "LOW")
    if parts.has("MOVE_UP" if down else "MOVE_DOWN") or parts.has("HIGH" if down else "LOW"):
        raise Misread("up and down at once")
    if parts.has("TO") and not parts.has("MOVE_UP", "MOVE_DOWN"):
        raise Misread("to it from which side")
    if isinstance(line, Literally):
        raise Misread("a number is no line")
    op = ("<" if down else ">") + ("=" if parts.has("TO") else "")
    return Relation(PriceOf("Low" if down else "High", span=parts.span), op, line, parts.span)


@reads("p_closes_than_before")
def _p_closes_than_before(parts: Parts) -> Relation:
    """ "Closes higher than the day before"."""
    token = parts.tokens("PREVIOUS", "YESTERDAY")[0]
    if token.text.lower().endswith(("'s", "\u2019s")):
        raise Misread("whose")
    unit = parts.token("UNIT")
    before = Before("Close", UNIT_WORDS[unit.text.lower()] if unit is not None else "day", span=parts.span)
    op = ">" if parts.has("ABOVE", "HIGHER") else "<"
    return Relation(PriceOf("Close", span=parts.span), op, before, parts.span)


@reads("p_moved")
def _p_moved(parts: Parts) -> Relation:
    """ "Drops by at least 1.5 ATR in a day": the close against the close before, less that."""
    if not parts.all(Mention):
        raise Misread("how far")
    way = trend(parts)
    period = period_of(parts.token("PERIOD")) or (Period(1, "day") if parts.has("UNIT") else None)
    if period is None:
        raise Misread("over how many bars")
    far = Distance("atr", parts.value("NUMBER", "TIMES") or 0.0, parts.all(Mention)[0], parts.span)
    before = Before("Close", period.unit, period.count, parts.span)
    return Relation(None, _beyond(way, strict=parts.has("GT")), Apart(far, way, before, parts.span), parts.span)


@reads("unit_price")
def _unit_price(parts: Parts) -> PriceOf:
    """ "The bar's low"."""
    said = parts.tokens("UNIT")[0].text.lower().replace("\u2019", "'")
    if said not in {"bar's", "candle's", "day's"}:
        raise Misread("a price of what")
    column = COLUMNS[parts.tokens("CLOSE", "OPEN", "HIGH", "LOW", "VOLUME")[0].kind]
    return PriceOf(column, span=parts.span, chart="1d" if said == "day's" else None)


@reads("indexed")
def _indexed(parts: Parts) -> OperandSaid:
    """ "close[1]", "ta.rsi(close, 14)[2]": so many bars before, as programs of charting sites write it."""
    bars = parts.value("NUMBER") or 0.0
    if parts.tokens("LPAR")[-1].text != "[" or bars != int(bars) or bars < 0:
        raise Misread("no index")
    line = parts.one(Mention)
    if line is not None:
        return Shifted(line, Period(bars, "bar"), parts.span) if bars else line
    column = COLUMNS[parts.tokens("CLOSE", "OPEN", "HIGH", "LOW", "VOLUME")[0].kind]
    return Before(column, "bar", bars, parts.span) if bars else PriceOf(column, span=parts.span)


@reads("quotient")
def _quotient(parts: Parts) -> Formula:
    """ "ATR(14) divided by the close"."""
    left, right = operands(parts)
    if isinstance(right, PriceOf) and right.column == "Volume":
        raise Misread("a share of the volume")
    return Formula("/", left, right, parts.span)


@reads("difference")
def _difference(parts: Parts) -> Formula:
    """ "The difference between the 10- and the 30-day EMA"."""
    left, right = operands(parts)
    if isinstance(left, Literally | BarePeriod) or isinstance(right, Literally):
        raise Misread("a difference of numbers")
    return Formula("-", left, right, parts.span)
