"""Lengths, widths and charts that are told behind an indicator's name, out of parse trees."""

from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import BAND_SIDES, Arguments, Chart, period_of, the_period
from Backtest.reader.syntax import Mention
from Backtest.reader.trees import Misread, Parts, reads
from Backtest.timeframes import parse_timeframe

_COUNTED = frozenset({"NUMBER", "PERIOD", "TIMES"})


@reads("arguments_of_length")
def _arguments_of_length(parts: Parts) -> Arguments:
    """ "With a period of 14"."""
    if parts.tokens("PERIOD")[0].text.lower() not in {"a period", "one period"}:
        raise Misread("a length of a length")
    return Arguments((parts.value("NUMBER") or 0.0,))


@reads("arguments_behind")
def _arguments_behind(parts: Parts) -> Arguments:
    """ "RSI 2-period", "the SMA 50 day": a length as it is written before a name."""
    token = parts.tokens("PERIOD")[0]
    if token.text.lower().endswith("s") or not token.text[:1].isdigit():
        raise Misread("so long a time")
    return Arguments((), the_period(parts))


@reads("keltner_arguments")
def _keltner_arguments(parts: Parts) -> Arguments:
    """ "(EMA 20, 2 x ATR 10)": the average in the middle, and how far off the channel's lines are."""
    atr, (average, *_) = parts.one(Mention), parts.tokens("MA")
    said = [token for token in parts.items if isinstance(token, Token) and token.kind in _COUNTED]
    if average.value != "EMA" or atr is None or atr.chart is not None or len(said) != 2:
        raise Misread("no settings of a Keltner channel")
    period = period_of(said[0])
    length, times = period.count if period is not None else said[0].value, said[1].value
    if not isinstance(length, float) or not isinstance(times, float):
        raise Misread("no length, or no multiple")
    far = (atr.period.count,) if atr.period is not None else atr.numbers
    return Arguments((length, times, *far), of="KELTNER")


@reads("band_of_settings")
def _band_of_settings(parts: Parts) -> Mention:
    """ "The lower Bollinger band, 20 periods and 2.5 standard deviations", "... with period 20 and deviation 2.5"."""
    side = BAND_SIDES[parts.tokens("UPPER", "MIDDLE", "LOWER")[0].kind]
    period = period_of(parts.token("PERIOD"))
    numbers = [token.value for token in parts.tokens("NUMBER") if isinstance(token.value, float)]
    settings = (period.count, *numbers) if period is not None else tuple(numbers)
    if parts.tokens("CHANNEL")[0].value != "BBANDS" or len(settings) != 2:
        raise Misread("deviations of another channel")
    if any(token.value != "STDDEV" for token in parts.tokens("IND")):
        raise Misread("no deviations")
    return Mention("BBANDS", side, settings, span=parts.span)


@reads("post_rather")
def _post_rather(parts: Parts) -> Chart:
    """ "The 10-day EMA (the daily one, not 10 hours)": the chart, and what it is not."""
    chart, *others = [one.timeframe for one in parts.all(Chart)]
    others += [parse_timeframe(f"1 {period.unit}") or "" for period in map(period_of, parts.tokens("PERIOD")) if period]
    if parts.tokens("NUMBER")[0].text.lower() != "one" or chart in others:
        raise Misread("not one chart in the place of another")
    return Chart(chart)
