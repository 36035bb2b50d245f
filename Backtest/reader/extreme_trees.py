"""Highs and lows, what was so on another bar, and closes counted, out of parse trees."""

from dataclasses import replace
from typing import Literal

from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.lexicon import UNIT_WORDS
from Backtest.reader.operand_trees import COLUMNS, direction, operand, period_of, the_period
from Backtest.reader.predicate_trees import past
from Backtest.reader.syntax import (
    Apart,
    Before,
    Direction,
    Distance,
    Extreme,
    Lasting,
    Mention,
    NotSaid,
    Period,
    PriceOf,
    Relation,
    Said,
    Shifted,
    Was,
)
from Backtest.reader.time_trees import counted
from Backtest.reader.trees import Misread, Parts, reads


@reads("p_new", "new_extreme")
def _p_new(parts: Parts) -> Said:
    """ "makes a new 20-day high": the close is above those of the bars before (rules 8 and 9)."""
    extreme = parts.all(Extreme)[0]
    return Relation(None, ">" if extreme.kind == "high" else "<", extreme, parts.span)


@reads("p_new_close")
def _p_new_close(parts: Parts) -> Said:
    """ "closes at its lowest in 7 days": below the closes of the bars before (rule 8)."""
    kind: Literal["high", "low"] = "high" if parts.has("HIGHEST") else "low"
    extreme = Extreme(kind, the_period(parts), of_close=True, span=parts.span)
    return Relation(PriceOf("Close", span=parts.span), ">" if kind == "high" else "<", extreme, parts.span)


@reads("p_new_closing")
def _p_new_closing(parts: Parts) -> Said:
    """ "is the highest close in 30 days": beyond the closes of the bars before."""
    kind: Literal["high", "low"] = "high" if parts.has("HIGHEST_CLOSE") else "low"
    extreme = Extreme(kind, the_period(parts), of_close=True, span=parts.span)
    return Relation(PriceOf("Close", span=parts.span), ">" if kind == "high" else "<", extreme, parts.span)


@reads("p_closes_for")
def _p_closes_for(parts: Parts) -> Said:
    """ "Closes two consecutive days above its average"."""
    beyond = Relation(None, ">" if direction(parts) == "up" else "<", operand(parts), parts.span, closes=True)
    period = period_of(parts.token("PERIOD")) or counted(parts)
    if period is None:
        raise Misread("how many closes")
    return Lasting(beyond, period, parts.span)


@reads("break_n")
def _break_n(parts: Parts) -> Said:
    """ "a 20-day breakout": the price breaks the high of the bars before, or the low for a breakdown."""
    down = parts.has("BREAK_DOWN")
    extreme = Extreme("low" if down else "high", the_period(parts), span=parts.span)
    return Relation(PriceOf("Close", span=parts.span), "cross_below" if down else "breakout", extreme, parts.span)


@reads("closes_of")
def _closes_of(parts: Parts) -> Said:
    """ "The day finishes above its open": the close of a day, which the chart's bar may be or not."""
    unit = UNIT_WORDS[parts.tokens("UNIT")[0].text.lower()]
    said = conditions(parts)[0]
    if unit == "bar":
        return said
    if unit not in _CHARTS:
        raise Misread("of which chart")
    return _on_chart(said, _CHARTS[unit])


_CHARTS = {"day": "1d", "hour": "1h", "week": "1w", "month": "1mo"}


def _on_chart(said: Said, chart: str) -> Said:
    if isinstance(said, Relation) and isinstance(said.left, PriceOf):
        return replace(said, left=replace(said.left, chart=chart))
    raise Misread("no close of one chart")


@reads("p_off")
def _p_off(parts: Parts) -> Said:
    """ "Drops 5% from its 20-day high", "is 5% off the high"."""
    extreme = parts.all(Extreme)[0]
    down = parts.has("MOVE_DOWN", "LOSE", "DOWN") or not parts.has("MOVE_UP", "UP")
    if down != (extreme.kind == "high"):
        raise Misread("away from the other end")
    way: Direction = "down" if down else "up"
    apart = Apart(Distance("percent", parts.value("PERCENT") or 0.0, span=parts.span), way, extreme, parts.span)
    op = ("<" if down else ">") + ("" if parts.has("GT") else "=")
    return past(parts, Relation(None, op, apart, parts.span))


@reads("closes_in_a_row")
def _closes_in_a_row(parts: Parts) -> Said:
    """ "two consecutive closes below the 10-day low"."""
    close = Relation(PriceOf("Close", span=parts.span), ">" if direction(parts) == "up" else "<", operand(parts))
    period = counted(parts)
    if period is None or period.count < 2:
        raise Misread("how many closes")
    return Lasting(replace(close, span=parts.span), period, parts.span)


@reads("swing")
def _swing(parts: Parts) -> Relation:
    """ "A higher low": than that of the bar before."""
    column = "High" if parts.has("HIGH") else "Low"
    before = Before(column, "bar", span=parts.span)
    return Relation(PriceOf(column, span=parts.span), ">" if parts.has("HIGHER") else "<", before, parts.span)


@reads("no_swing")
def _no_swing(parts: Parts) -> Lasting:
    """ "No lower low for 5 days"."""
    return Lasting(NotSaid(parts.all(Relation)[0]), the_period(parts), parts.span)


@reads("swings", "swings_of_bar")
def _swings(parts: Parts) -> Said:
    """ "A higher high and a higher low than the previous bar"; one alone, without the other bar, may be of a swing."""
    return together(conditions(parts))


@reads("extreme")
def _extreme(parts: Parts) -> Extreme:
    high = parts.has("HIGH", "HIGHEST_HIGH", "HIGHEST_CLOSE")
    of_close = parts.has("HIGHEST_CLOSE", "LOWEST_CLOSE")
    return Extreme("high" if high else "low", the_period(parts), of_close, parts.span)


@reads("extreme_of_bars")
def _extreme_of_bars(parts: Parts) -> Extreme:
    """ "The lowest low of the previous 25"."""
    high = parts.has("HIGH", "HIGHEST_HIGH", "HIGHEST_CLOSE")
    period = Period(parts.value("NUMBER") or 0.0, "bar")
    return Extreme("high" if high else "low", period, parts.has("HIGHEST_CLOSE", "LOWEST_CLOSE"), parts.span)


@reads("extreme_value")
def _extreme_value(parts: Parts) -> Extreme:
    """ "Its highest value of the last 20 bars": of whatever is compared with it."""
    return Extreme("high" if parts.has("HIGHEST") else "low", the_period(parts), span=parts.span, of_values=True)


@reads("before")
def _before(parts: Parts) -> Before:
    if parts.has("CLOSE_OF_YESTERDAY"):
        words = parts.tokens("CLOSE_OF_YESTERDAY")[0].text.lower().split()
        unit = "bar" if "bar" in words else "day"
        return Before("Close", unit, 1, parts.span)
    column = COLUMNS[parts.tokens("HIGH", "LOW", "CLOSE", "OPEN", "VOLUME")[0].kind]
    ago = period_of(parts.token("PERIOD"))
    if ago is not None:
        return Before(column, ago.unit, ago.count, parts.span)
    for kind, unit in (("YESTERDAY", "day"), ("LAST_WEEK", "week"), ("LAST_MONTH", "month")):
        if parts.has(kind):
            return Before(column, unit, 1, parts.span)
    unit_token = parts.token("UNIT", "CHART")
    word = unit_token.text.lower().removesuffix("'s").removesuffix("s") if unit_token else ""
    unit = {"candle": "bar", "period": "bar", "session": "day"}.get(word, word)
    if unit not in {"", "bar", "day", "week", "month"}:
        raise Misread("no bar before")
    return Before(column, unit, 1, parts.span)


@reads("before_that_bar")
def _before_that_bar(parts: Parts) -> Before:
    """ "The high of the bar before", whose bar is part of its name."""
    token = parts.tokens("HIGH", "LOW", "CLOSE", "OPEN")[0]
    word = token.text.lower().split()[-1]
    unit = {"candle": "bar", "bar": "bar", "day": "day", "week": "week", "month": "month", "session": "day"}.get(word)
    if unit is None:
        raise Misread("before what")
    return Before(COLUMNS[token.kind], unit, 1, parts.span)


@reads("shifted")
def _shifted(parts: Parts) -> Shifted:
    """ "yesterday's RSI", "the RSI 3 bars ago"."""
    unit = parts.token("UNIT")
    word = unit.text.lower() if unit is not None else "day" if parts.has("YESTERDAY") else "bar"
    return Shifted(parts.all(Mention)[0], period_of(parts.token("PERIOD")) or Period(1, UNIT_WORDS[word]), parts.span)


@reads("was")
def _was(parts: Parts) -> Was:
    unit = parts.token("UNIT")
    word = unit.text.lower().removesuffix("s") if unit is not None else "day" if parts.has("YESTERDAY") else "bar"
    return Was(period_of(parts.token("PERIOD")) or Period(1, UNIT_WORDS[word]), parts.span)


@reads("whose")
def _whose(parts: Parts) -> Was:
    """ "Than yesterday's": than the same on the day before."""
    said = parts.tokens("YESTERDAY", "UNIT")[0].text.lower().replace("\u2019", "'")
    if not said.endswith("'s"):
        raise Misread("whose")
    unit = parts.token("UNIT")
    word = said.removesuffix("'s") if unit is not None else "day"
    return Was(Period(1, UNIT_WORDS[word]), parts.span)


@reads("signal_price")
def _signal_price(parts: Parts) -> PriceOf:
    if parts.tokens("SIGNAL_BAR")[0].text.lower().startswith("entry"):
        raise Misread("the bar of the fill, or that of the signal")
    return PriceOf(COLUMNS[parts.tokens("LOW", "HIGH", "OPEN", "CLOSE")[0].kind], span=parts.span)
