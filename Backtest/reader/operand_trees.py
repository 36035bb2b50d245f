"""Operands and distances out of parse trees."""

from dataclasses import dataclass, replace

from Backtest.reader.lexicon import Token
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
    Period,
    PriceOf,
    Scaled,
    Shifted,
    Todays,
    Was,
)
from Backtest.reader.trees import Misread, Parts, reads
from Backtest.timeframes import parse_timeframe

_WITHOUT_LENGTH = frozenset({"MACD", "ICHIMOKU", "PSAR"})  # no one number of theirs is their length
OPERANDS = (Literally, PriceOf, Mention, BarePeriod, Extreme, Before, Shifted, Was, Todays, Scaled, Apart, Formula, It)
COLUMNS = {"CLOSE": "Close", "OPEN": "Open", "HIGH": "High", "LOW": "Low", "VOLUME": "Volume", "PRICE": "Close"}
BAND_SIDES = {"UPPER": "upper", "MIDDLE": "middle", "LOWER": "lower"}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands in the parentheses after a name; `of`: the only indicator that these settings can be of."""

    numbers: tuple[float, ...]
    period: Period | None = None
    column: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`trails`: it follows what it is of ("the 20 EMA on the daily chart"), and may be of the whole condition."""

    timeframe: str
    trails: bool = False
    named: bool = False
    """Whether it is called a chart."""


@dataclass(frozen=True, slots=True)
class Source:
    column: str


def direction(parts: Parts) -> Direction:
    return "up" if parts.has("ABOVE", "OVER") else "down"


def period_of(token: Token | None) -> Period | None:
    return token.value if token is not None and isinstance(token.value, Period) else None


def the_period(parts: Parts) -> Period:
    period = period_of(parts.token("PERIOD"))
    if period is None:
        raise Misread("a length is missing")
    return period


def timeframe_of(token: Token) -> str:
    """The timeframe that a TF or PERIOD token names."""
    if isinstance(token.value, str):
        return token.value
    period = token.value
    if isinstance(period, Period) and period.unit != "bar" and period.count == int(period.count):
        timeframe = parse_timeframe(f"{int(period.count)} {period.unit}")
        if timeframe is not None:
            return timeframe
    raise Misread("no timeframe")


def operands(parts: Parts) -> tuple[OperandSaid, ...]:
    found: list[OperandSaid] = []
    for item in parts.items:
        if isinstance(item, Pair):
            found += (item.first, item.second)
        elif isinstance(item, Averages):
            found += item.of
        elif isinstance(item, OPERANDS):
            found.append(item)
    return tuple(found)


def operand(parts: Parts) -> OperandSaid:
    found = operands(parts)
    if len(found) != 1:
        raise Misread("one operand is wanted")
    return found[0]


@reads("number")
def _number(parts: Parts) -> Literally:
    token = parts.token("NUMBER", "MONEY", "PERCENT")
    if token is None:
        return Literally(0.0, "", parts.span)
    unit = {"MONEY": "$", "PERCENT": "%"}.get(token.kind, "")
    return Literally(parts.value(token.kind) or 0.0, unit, parts.span)


@reads("pronoun")
def _pronoun(parts: Parts) -> It:
    noun = "level" if parts.has("LEVEL") else "line" if parts.has("BAND") else ""
    if noun and not parts.has("SAME") and parts.tokens("IT")[0].text.lower() not in {"that", "this"}:
        raise Misread("it, and a line")
    return It(parts.span, 1 if parts.has("FIRST") else 2 if parts.has("SECOND") else 0, noun)


@reads("todays")
def _todays(parts: Parts) -> Todays:
    return Todays(parts.span)


@reads("bare_period")
def _bare_period(parts: Parts) -> BarePeriod:
    if any(token.text.lower() != "one" for token in parts.tokens("NUMBER")):
        raise Misread("a length, and a number")
    if parts.tokens("PERIOD")[0].text.lower().endswith("s") and len(parts.items) == 1:
        raise Misread("so many bars are no line")  # "after three days below it"
    return BarePeriod(the_period(parts), parts.span)


@reads("price")
def _price(parts: Parts) -> PriceOf:
    ticker = parts.token("TICKER")
    word = parts.items[-1].text.lower().split()[0] if isinstance(parts.items[-1], Token) else ""
    chart = {"hourly": "1h", "daily": "1d"}.get(word)
    column = next((COLUMNS[t.kind] for t in parts.tokens("CLOSE", "OPEN", "HIGH", "LOW", "VOLUME")), "Close")
    return PriceOf(
        column, instrument=str(ticker.value) if ticker else None, span=parts.span, chart=chart, named=chart is not None
    )


@reads("arguments")
def _arguments(parts: Parts) -> Arguments:
    periods = [period_of(token) for token in parts.tokens("PERIOD")]
    numbers = tuple(float(t.value) for t in parts.tokens("NUMBER") if isinstance(t.value, float))
    if len(periods) > 1 or (periods and numbers and len(periods) + len(numbers) > 2):
        raise Misread("two lengths")
    column = parts.token("VOLUME", "CLOSE", "HIGH", "LOW", "OPEN", "PRICE")
    return Arguments(numbers, periods[0] if periods else None, COLUMNS[column.kind] if column else None)


@reads("paced")
def _paced(parts: Parts) -> Mention:
    """ "The fast one": that of two averages which were named."""
    return Mention("", span=parts.span, pace=pace_of(parts.tokens("FAST")[0]))


def pace_of(token: Token) -> str:
    """ "The faster one" and "the shorter average" are the fast one of two."""
    return "fast" if token.text.lower().startswith(("fast", "short", "quick")) else "slow"


@reads("post")
def _post(parts: Parts) -> object:
    chart = parts.one(Chart)
    if chart is not None:
        return Chart(chart.timeframe, trails=not parts.has("OF"))
    return Source(COLUMNS[parts.tokens("CLOSE", "OPEN", "HIGH", "LOW", "PRICE")[0].kind])


@reads("chart")
def _chart(parts: Parts) -> Chart:
    return Chart(timeframe_of(parts.tokens("TF", "PERIOD")[0]), named=parts.has("CHART"))


def qualified(parts: Parts, name: str, output: str) -> Mention:
    """A name with the lengths, charts and sources around it; each may be said once."""
    arguments = parts.one(Arguments)
    if arguments is not None and arguments.of not in {None, name}:
        raise Misread("settings of another indicator")
    lengths = [*parts.tokens("PERIOD"), *parts.tokens("NUMBER")]
    charts = [*(timeframe_of(t) for t in parts.tokens("TF")), *(chart.timeframe for chart in parts.all(Chart))]
    period = arguments.period if arguments else None
    numbers = arguments.numbers if arguments else ()
    for token in lengths:
        said = period_of(token)
        if said is not None and period is None and said.unit != "bar" and (numbers or name in _WITHOUT_LENGTH):
            charts.append(timeframe_of(token))  # "the 4-hour RSI(14)", "the 4-hour MACD"
        elif said is not None and period is None and not numbers and _names_chart(token, name):
            charts.append(timeframe_of(token))
        elif period is not None or numbers:
            raise Misread("two lengths")
        elif said is not None:
            period = said
        elif isinstance(token.value, float):
            numbers = (token.value,)
    if len(charts) > 1:
        raise Misread("two charts")
    pace = parts.token("FAST")
    source = parts.one(Source)
    column = source.column if source else arguments.column if arguments else None
    return Mention(
        name,
        output,
        numbers,
        period,
        chart=charts[0] if charts else None,
        column=column,
        owned=parts.has("ITS"),
        span=parts.span,
        trails=any(chart.trails for chart in parts.all(Chart)),
        pace="" if pace is None or period is not None or numbers else pace_of(pace),
    )


@reads("mention", "atr")
def _mention(parts: Parts) -> Mention:
    column = parts.token("COLUMN")
    if column is not None and isinstance(column.value, Mention):
        return _of_column(parts, column.value)
    head, *lines = parts.tokens("MA", "IND", "ATR", "OUT", "CHANNEL")
    if lines:
        return _line_after_arguments(parts, head, lines[0])
    if head.kind == "ATR" and parts.has("NUMBER"):
        raise Misread("a number before the ATR is a multiple of it")
    if isinstance(head.value, tuple):
        return qualified(parts, str(head.value[0]), str(head.value[1]))
    return qualified(parts, str(head.value), "")


@reads("average_of")
def _average_of(parts: Parts) -> Mention:
    """ "The 10-day average of RSI(14)", "SMA(RSI(14), 10)"."""
    average = qualified(parts, str(parts.tokens("MA")[0].value), "")
    return replace(average, of=parts.one(Mention))


def _names_chart(token: Token, name: str) -> bool:
    """ "The 4-hour RSI", "the 4h EMA": what is said as charts are called is no length."""
    written = token.text.lower().replace("-", "").replace(" ", "")
    return written in _AS_CHARTS or (name not in _OF_HOURS and written in {"4hour", "15minute", "30minute", "1hour"})


_AS_CHARTS = frozenset({"1h", "4h", "5m", "15m", "30m", "1d"})
_OF_HOURS = frozenset({"", "SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "VAMA", "CHANNEL", "DONCHIAN"})


def _line_after_arguments(parts: Parts, head: Token, line: Token) -> Mention:
    """ "Stochastic (14,3,3) %K": the line of the indicator named before its numbers."""
    name = str(head.value[0] if isinstance(head.value, tuple) else head.value)
    of, output = line.value if isinstance(line.value, tuple) else ("", "")
    if of not in {name, "%"}:
        raise Misread("a line of another indicator")
    return qualified(parts, name, str(output))


def _of_column(parts: Parts, named: Mention) -> Mention:
    """An indicator named as its column is; a chart behind it may be said, a second source may not."""
    chart = parts.one(Chart)
    if parts.one(Source) is not None or (chart is not None and named.chart is not None):
        raise Misread("said twice")
    if parts.rule == "atr" and named.name != "ATR":
        raise Misread("no ATR")
    found = replace(named, span=parts.span)
    return replace(found, chart=chart.timeframe, trails=chart.trails) if chart is not None else found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two averages in one breath: "the 50 and 200-day averages"."""

    first: Mention
    second: Mention


@reads("pair_mention")
def _pair(parts: Parts) -> Pair:
    head = parts.tokens("MA", "THEM")[0]
    if head is parts.items[0] and not head.text.lower().endswith("s"):
        raise Misread("one average")
    if head.kind == "THEM" and "average" not in head.text.lower():
        raise Misread("two of what")
    name = str(head.value or "")
    lengths = [token for token in parts.items if isinstance(token, Token) and token.kind in {"NUMBER", "PERIOD"}]
    unit = next((period.unit for token in lengths if (period := period_of(token)) is not None), None)
    both = [_one_of_two(name, token, unit, parts) for token in lengths]
    return Pair(both[0], both[1])


@dataclass(frozen=True, slots=True)
class Averages:
    """Three or more of them: "the 20, 50 and 200-day averages"."""

    of: tuple[Mention, ...]


@reads("listed_mention")
def _listed(parts: Parts) -> Averages:
    said = [token for token in parts.items if isinstance(token, Token) and token.kind in {"NUMBER", "PERIOD"}]
    units = {period.unit for token in said if (period := period_of(token)) is not None}
    if len(units) > 1 or parts.has("OR"):
        raise Misread("lengths of several units, or any of them")
    name = str(parts.tokens("MA")[0].value)
    return Averages(tuple(_one_of_two(name, token, next(iter(units), None), parts) for token in said))


def _one_of_two(name: str, token: Token, unit: str | None, parts: Parts) -> Mention:
    period = period_of(token)
    if period is None and unit is not None and isinstance(token.value, float):
        period = Period(token.value, unit)
    numbers = (token.value,) if period is None and isinstance(token.value, float) else ()
    return Mention(name, numbers=numbers, period=period, owned=parts.has("ITS"), span=parts.span)


@reads("band")
def _band(parts: Parts) -> Mention:
    channel = parts.token("CHANNEL")
    side = BAND_SIDES[
        parts.tokens("UPPER", "MIDDLE", "LOWER", "UPPER_ONE", "LOWER_ONE", "MIDDLE_ONE")[0].kind.removesuffix("_ONE")
    ]
    return qualified(parts, str(channel.value) if channel else "CHANNEL", side)


@reads("volume_average")
def _volume_average(parts: Parts) -> Mention:
    average = parts.tokens("MA")[0]
    arguments = parts.one(Arguments)
    period = period_of(parts.token("PERIOD"))
    if arguments is not None and period is not None:
        raise Misread("two lengths")
    return Mention(
        str(average.value),
        numbers=arguments.numbers if arguments else (),
        period=period or (arguments.period if arguments else None),
        column="Volume",
        span=parts.span,
    )


@reads("scaled")
def _scaled(parts: Parts) -> Scaled:
    times = parts.value("TIMES", "NUMBER")
    factor = times if times is not None else (parts.value("PERCENT") or 0.0) / 100
    return Scaled(factor, operand(parts), parts.span)


@reads("apart")
def _apart(parts: Parts) -> Apart:
    return Apart(parts.all(Distance)[0], direction(parts), operand(parts), parts.span)


@reads("order_price")
def _order_price(parts: Parts) -> OperandSaid:
    return operand(parts)


@reads("distance")
def _distance(parts: Parts) -> Distance:
    mention = parts.one(Mention)
    if mention is not None:
        return _positive(Distance("atr", parts.value("NUMBER", "TIMES") or 0.0, mention, parts.span))
    token = parts.tokens("PERCENT", "BPS", "MONEY", "PIPS", "POINTS")[0]
    kind = {"BPS": "percent"}.get(token.kind, token.kind.lower())
    value = parts.value(token.kind) or 0.0
    return _positive(Distance(kind, value / 100 if token.kind == "BPS" else value, None, parts.span))


def _positive(distance: Distance) -> Distance:
    if distance.value <= 0:
        raise Misread("a distance is positive")
    return distance


@reads("multiple")
def _multiple(parts: Parts) -> Distance:
    distance = parts.one(Distance)
    if distance is not None:
        return distance
    return _positive(Distance("r", ratio(parts) or parts.value("RMULT", "TIMES") or 0.0, None, parts.span))


def ratio(parts: Parts) -> float | None:
    """`2:1` and `1:2` alike: what is won for each unit risked."""
    token = parts.token("RATIO")
    if token is None or not isinstance(token.value, tuple):
        return None
    first, second = token.value
    if min(first, second) <= 0:
        raise Misread("a ratio of nothing")
    return float(max(first, second) / min(first, second))
