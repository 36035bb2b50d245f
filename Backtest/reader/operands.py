"""Operands as said to canonical operands: defaults, implied periods, bands, and what excludes the current bar."""

from dataclasses import replace

from Backtest.indicators.indicator_registry import Indicator, Number, column_name, find
from Backtest.reader.lexicon import is_known_instrument
from Backtest.reader.scope import Json, Scope, Unread
from Backtest.reader.suggestions import nearest_indicator
from Backtest.reader.syntax import (
    Apart,
    Before,
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
    Span,
)
from Backtest.timeframes import can_build

DEFAULTS_RULE = 26
AVERAGES = frozenset({"", "SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "VAMA"})
CHANNELS = {"BBANDS": "Bollinger Bands", "KELTNER": "Keltner Channel", "DONCHIAN": "Donchian Channel"}
_LINES = {"MACD": "macd", "STOCH": "k", "STOCHRSI": "k", "SUPERTREND": "line"}


def number(value: float) -> Json:
    return {"type": "number", "value": int(value) if value == int(value) else value}


def price(column: str, shift: int = 0) -> Json:
    return {"type": "price", "field": column, "shift": shift}


def reference(identifier: str, output: str | None = None, shift: int = 0) -> Json:
    return {"type": "indicator", "id": identifier, "output": output, "shift": shift}


def arith(op: str, *args: Json) -> Json:
    return {"type": "arith", "op": op, "args": list(args)}


def shifted(operand: Json, bars: int, span: Span) -> Json:
    """The operand so many bars before. Raises Unread where the language has no such thing."""
    if operand["type"] in {"price", "indicator"}:
        return {**operand, "shift": operand["shift"] + bars}
    if operand["type"] == "number":
        return operand
    if operand["type"] == "arith":
        return {**operand, "args": [shifted(one, bars, span) for one in operand["args"]]}
    raise Unread("only prices and indicators have a turn", span)


_WHICH_LINE = {"AROON": "Aroon Up or Aroon Down", "ICHIMOKU": "the conversion line, the base line or the cloud"}


_LONGER = frozenset({"4h", "1d", "1w", "1mo"})


class Operands:
    """`against_price`: what is compared is a current price, whose bar N-bar highs and lows then leave out (rule 8)."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def resolve(self, said: OperandSaid, *, against_price: bool = False) -> Json:
        match said:
            case Literally(value):
                return number(value)
            case PriceOf():
                return self._price(said)
            case Mention():
                return self.mention(said, against_price=against_price)
            case Extreme():
                return self._extreme(said, against_price=against_price)
            case Before():
                return self._before(said)
            case Shifted(of, ago, span):
                if not self.scope.is_of_the_chart(ago):
                    raise Unread(f"a value of {ago.count:g} {ago.unit}s before on another chart", span, "bars")
                return shifted(self.mention(of), self.scope.bars(ago, span), span)
            case Scaled(factor, of):
                return arith("*", self.resolve(of, against_price=against_price), number(factor))
            case Apart(distance, way, base):
                return self.apart(distance, way == "up", self.resolve(base, against_price=against_price))
            case Formula(op, left, right):
                return arith(op, self.resolve(left), self.resolve(right))
            case It(span):
                raise Unread("it is not clear what 'it' stands for", span)
            case _:
                raise Unread("not understood", said.span)

    def _price(self, said: PriceOf) -> Json:
        if said.chart not in {None, self.scope.timeframe} and self._is_of_longer_bars(said):
            # rule 10: that of the last completed bar, as an average of one is
            return reference(self.scope.declared.declare(find("SMA"), {"timeperiod": 1}, said.column, said.chart))
        if said.chart not in {None, self.scope.timeframe}:
            reason = f"a {said.chart} {said.column.lower()} on the {self.scope.timeframe} chart: of which bar"
            raise Unread(reason, said.span, "timeframe")
        symbol, named = self.scope.symbol, said.instrument
        if named is not None and symbol is not None and not same_symbol(named, symbol):
            label = {"same": f"{named} stands for the instrument that is traded ({symbol})"}
            question = f"The rule speaks of {named}, and {symbol} is traded: which is meant?"
            self.scope.desk.choice("instrument", question, said.span, label)
        if named is not None and symbol is not None and nearest_indicator(named) is not None:
            self.check_instrument(said)
        return price(said.column, said.shift)

    def _is_of_longer_bars(self, said: PriceOf) -> bool:
        """Whether a price of another chart was named as such ("the weekly close")."""
        chart = said.chart
        return chart is not None and said.named and chart in _LONGER and can_build(self.scope.timeframe, chart)

    def check_instrument(self, said: PriceOf) -> None:
        """Asks whether a name is that of an instrument, unless the text or the request says that it is traded."""
        name = said.instrument
        if name is None or is_known_instrument(name) or any(same_symbol(name, one) for one in self.scope.named):
            return
        near = nearest_indicator(name)
        question = f"Is {name} an instrument{f', or was {near!r} meant' if near is not None else ''}?"
        self.scope.desk.choice("indicator", question, said.span, {"instrument": f"{name} is an instrument"})

    def apart(self, distance: Distance, up: bool, base: Json) -> Json:
        """A price so far above or below `base`."""
        sign = 1 if up else -1
        if distance.kind == "percent":
            return arith("*", base, number(round(1 + sign * distance.value / 100, 12)))
        if distance.kind == "atr" and distance.atr is not None:
            step = arith("*", self.mention(distance.atr), number(distance.value))
        elif distance.kind == "pips":
            step = number(round(distance.value * self.scope.pip(), 12))
        elif distance.kind in {"money", "points"}:
            step = number(distance.value)
        else:
            raise Unread("no distance in price", distance.span)
        return arith("+" if up else "-", base, step)

    # --------------------------------------------------------------------------------------- highs and lows

    def _extreme(self, said: Extreme, *, against_price: bool) -> Json:
        bars, timeframe = self.scope.length(said.period, said.span)
        kind = "highest" if said.kind == "high" else "lowest"
        column = "Close" if said.of_close else said.kind.capitalize()
        if timeframe is not None and said.of is not None:
            raise Unread("a high of an indicator on another chart", said.span)
        if timeframe is not None:
            indicator = find(kind.upper())  # of completed longer bars, as each indicator on them is (rule 10)
            return reference(self.scope.declared.declare(indicator, {"timeperiod": bars}, column, timeframe))
        path = "/entry_rules"
        if said.of is not None:
            self.scope.ledger.note("current bar", path, "excluded", 8)
            return {"type": kind, "of": self.resolve(said.of), "bars": bars, "include_current": False}
        self.scope.ledger.note(
            "current bar", path, "excluded" if against_price else "included", 8 if against_price else 23
        )
        return {"type": kind, "of": price(column), "bars": bars, "include_current": not against_price}

    def _before(self, said: Before) -> Json:
        scope = self.scope
        count = int(said.count)
        if said.unit == "":
            if scope.timeframe == "1d" or said.column != "Close":
                return price(said.column, count)
            offered = {"bar": "of the bar before", "day": "of the day before"}
            unit = scope.desk.choice("bar", "Which bar does 'previous' mean?", said.span, offered)
            return price(said.column, 1) if unit == "bar" else self._previous("day", said.column)
        if said.unit == "bar":
            return price(said.column, count)
        units = {"day": "1d", "week": "1w", "month": "1mo"}
        if units.get(said.unit) == scope.timeframe:
            return price(said.column, count)
        if count != 1 or said.unit not in units or said.column == "Volume":
            raise Unread("a price of so long ago", said.span)
        return self._previous(said.unit, said.column)

    def _previous(self, unit: str, column: str) -> Json:
        return {"type": "previous", "period": unit, "field": column}

    # ------------------------------------------------------------------------------------------- indicators

    def mention(self, said: Mention, *, against_price: bool = False) -> Json:
        said = self._named(self._paced(said))
        if said.name == "BBANDS" and said.output in {"percent_b", "bandwidth"}:
            return self._of_bands(said)
        if said.name == "ICHIMOKU" and said.output in {"cloud", "lagging"}:
            raise Unread("the cloud has two edges", said.span)
        indicator = find(said.name)
        if not said.output and said.name in _WHICH_LINE:
            raise Unread(f"it is not clear which line is meant: {_WHICH_LINE[said.name]}", said.span)
        output = said.output or _LINES.get(said.name) or None
        params, timeframe = self.parameters(indicator, said)
        source = self._source(indicator, said, timeframe)
        identifier = self.scope.declared.declare(indicator, params, source, timeframe)
        shift = 1 if said.name == "DONCHIAN" and against_price else 0
        return reference(identifier, output, shift)

    def _of_bands(self, said: Mention) -> Json:
        """Where the close is between Bollinger's bands (0 at the lower, 1 at the upper), or how far apart these are."""
        upper, middle, lower = (self.mention(replace(said, output=side)) for side in ("upper", "middle", "lower"))
        width = arith("-", upper, lower)
        if said.output == "bandwidth":
            self.scope.ledger.note("bandwidth", "/indicators", "(upper - lower) / middle", DEFAULTS_RULE)
            return arith("/", width, middle)
        if self.scope.declared.uses[upper["id"]]["timeframe"] is not None:
            raise Unread("the close of which chart is between those bands", said.span, "timeframe")
        self.scope.ledger.note("%B", "/indicators", "(close - lower) / (upper - lower)", DEFAULTS_RULE)
        return arith("/", arith("-", price("Close"), lower), width)

    def _paced(self, said: Mention) -> Mention:
        """ "the fast SMA": the shorter of the two that have been named with their lengths."""
        if not said.pace:
            return said
        alike = [
            m for m in self.scope.spoken if m.column == said.column and said.name in {"", m.name} and m.name in AVERAGES
        ]
        lengths = {length: m for m in alike if (length := _length_said(m)) is not None}
        if len(lengths) != 2:
            if not lengths:
                raise Unread(f"how many bars long is the {said.pace} one", said.span, "period")
            raise Unread(f"which one is the {said.pace} one", said.span, "indicator")
        named = lengths[min(lengths) if said.pace == "fast" else max(lengths)]
        return replace(named, chart=said.chart or named.chart, span=said.span)

    def _named(self, said: Mention) -> Mention:
        """The mention with the indicator it stands for: an average's type, a band's channel, the owner of %K."""
        if said.name == "":
            return self._typed_average(said)
        if said.name == "%":
            owners = [name for name in ("STOCH", "STOCHRSI") if self.scope.speaks_of(name)]
            if len(owners) == 2 or (owners == ["STOCHRSI"] and len(said.numbers) == 3):
                offered = {"STOCH": "the stochastic", "STOCHRSI": "the stochastic RSI"}
                return replace(said, name=self.scope.desk.choice("indicator", "Whose line is it?", said.span, offered))
            return replace(said, name=owners[0] if owners else "STOCH")
        if said.name == "CHANNEL":
            spoken = [name for name in CHANNELS if self.scope.speaks_of(name)]
            if len(spoken) == 1:
                return replace(said, name=spoken[0])
            question = "Which bands are meant?"
            return replace(said, name=self.scope.desk.choice("indicator", question, said.span, CHANNELS, "BBANDS"))
        return said

    def _typed_average(self, said: Mention) -> Mention:
        alike = [m for m in self.scope.spoken if m.name in AVERAGES - {""} and (m.of is None) == (said.of is None)]
        others = {m.name for m in alike if self._same_length(m, said)}
        if said.period is None and not said.numbers and len(others) == 1 and said.column is None:
            return replace(said, name=others.pop())
        if others - {"SMA"} and (said.period is not None or said.numbers):
            offered = {name: name for name in ("SMA", *sorted(others - {"SMA"}))}
            question = "Of which type is this moving average?"
            return replace(said, name=self.scope.desk.choice("indicator", question, said.span, offered, "SMA"))
        self.scope.ledger.note("moving average", "/indicators", "SMA", DEFAULTS_RULE)
        return replace(said, name="SMA")

    def _same_length(self, one: Mention, other: Mention) -> bool:
        if other.period is None and not other.numbers:
            return (one.period is not None or bool(one.numbers)) and one.column == other.column
        return _length_said(one) == _length_said(other) and one.column == other.column

    def _source(self, indicator: Indicator, said: Mention, timeframe: str | None) -> str | Json | None:
        if said.of is not None:
            inner = self.mention(said.of)
            if self.scope.declared.uses[inner["id"]]["timeframe"] != timeframe:
                raise Unread(
                    "an average over bars of another chart than those of what is averaged", said.span, "period"
                )
            return inner
        if said.column is None:
            return indicator.default_source
        if indicator.default_source is None:
            raise Unread(f"{indicator.title} is made of fixed columns", said.span)
        return said.column

    def parameters(self, indicator: Indicator, said: Mention) -> tuple[dict[str, Number], str | None]:
        """All parameters: those said here, else those said elsewhere in the text, else the defaults (rule 26)."""
        told = said if said.numbers or said.period is not None else self._elsewhere(indicator, said)
        timeframe = said.chart or self._chart_of(indicator, said, told)
        numbers = list(told.numbers)
        if told.period is not None:
            bars, longer = (
                (int(told.period.count), None)
                if told.period.unit == "bar"
                else self.scope.length(told.period, said.span)
            )
            numbers, timeframe = [float(bars), *numbers], self._one_chart(timeframe, longer, said)
        if timeframe == self.scope.timeframe:
            timeframe = None
        if timeframe is not None and not can_build(self.scope.timeframe, timeframe):
            raise Unread(f"{timeframe} bars can't be made of {self.scope.timeframe} bars", said.span, "timeframe")
        takes = [parameter for parameter in indicator.parameters if parameter.in_column]
        if len(numbers) > len(takes):
            raise Unread(f"{indicator.title} takes {len(takes)} numbers, not {len(numbers)}", said.span)
        if indicator.name == "SMA" and numbers[:1] == [1.0]:
            raise Unread("an average of one bar is no average", said.span)
        params: dict[str, Number] = {}
        for i, parameter in enumerate(indicator.parameters):
            if i < len(numbers) and parameter.in_column:
                params[parameter.name] = _typed(numbers[i], parameter.integer, said.span)
            elif parameter.required:
                question = f"Over how many bars is this {indicator.title.lower()}?"
                params[parameter.name] = self.scope.desk.number("period", question, said.span, (20, 50, 200))
            else:
                params[parameter.name] = int(parameter.default) if parameter.integer else parameter.default
        if len(numbers) < len(takes) and not indicator.parameters[len(numbers)].required:
            self._assume(indicator, params, len(numbers))
        return params, timeframe

    def _chart_of(self, indicator: Indicator, said: Mention, told: Mention) -> str | None:
        """The chart of a mention that names none: its own (rule 10), and a question after one of another chart only."""
        named = said.numbers or said.period is not None
        mine = [m for m in self.scope.spoken if self._stands_for(m) == indicator.name and m.column == said.column]
        afar = [m for m in mine if m.chart not in {None, self.scope.timeframe}]
        others = sorted({m.chart for m in afar if m.chart is not None})
        if named or not others:
            return None if named else told.chart
        if min(m.span for m in mine if m not in afar) < min(m.span for m in afar):
            return None
        offered = {chart: f"on the {chart} chart" for chart in (self.scope.timeframe, *others)}
        question = f"On which chart is this {indicator.name}?"
        return self.scope.desk.choice("timeframe", question, said.span, offered)

    def _one_chart(self, said: str | None, longer: str | None, mention: Mention) -> str | None:
        if said is not None and longer is not None and said != longer:
            raise Unread("a length in another unit than the chart's", mention.span)
        return said or longer

    def _assume(self, indicator: Indicator, params: dict[str, Number], told: int) -> None:
        identifier = column_name(indicator, params)
        for parameter in indicator.parameters[told:]:
            if parameter.in_column and not parameter.omit_default:
                topic = f"{indicator.name} {parameter.name}"
                self.scope.ledger.note(
                    topic, f"/indicators/{identifier}/params/{parameter.name}", params[parameter.name], DEFAULTS_RULE
                )

    def _stands_for(self, said: Mention) -> str:
        """The registry's name of a mention, "" where it takes a question to know it."""
        spoken = {"%": ("STOCH", "STOCHRSI"), "CHANNEL": tuple(CHANNELS)}.get(said.name)
        if spoken is None:
            return said.name or "SMA"
        owners = [name for name in spoken if self.scope.speaks_of(name)]
        if said.name == "%" and not owners:
            return "STOCH"
        return owners[0] if len(owners) == 1 else ""

    def _told(self, said: Mention) -> tuple[tuple[float, ...], Period | None]:
        """Its numbers and its length; "the fourteen-bar RSI" says what "RSI(14)" does."""
        if said.period is not None and self.scope.is_of_the_chart(said.period):
            return (said.period.count, *said.numbers), None
        return said.numbers, said.period

    def _elsewhere(self, indicator: Indicator, said: Mention) -> Mention:
        """The mention of the same indicator that says its numbers; a question where two say different ones."""
        told = {
            (*self._told(m), m.chart): m
            for m in self.scope.spoken
            if self._stands_for(m) == indicator.name
            and (m.numbers or m.period is not None)
            and (m.span < said.span or indicator.name not in AVERAGES)  # "the average" is one that was named before
            and (m.column or "Close") == (said.column or "Close")
            and (m.of is None) == (said.of is None)
            and (said.chart is None or m.chart == said.chart)
        }
        if not told:
            return said
        if len(told) == 1:
            return next(iter(told.values()))
        lengths = {str(i): _described(m) for i, m in enumerate(told.values())}
        question = f"Which {indicator.name} is meant here?"
        return list(told.values())[int(self.scope.desk.choice("indicator", question, said.span, lengths))]


def _described(mention: Mention) -> str:
    numbers = [f"{n:g}" for n in mention.numbers]
    if mention.period is not None:
        numbers.insert(0, f"{mention.period.count:g} {mention.period.unit}")
    return f"{mention.name}({', '.join(numbers)}){f' on {mention.chart}' if mention.chart else ''}"


def _length_said(mention: Mention) -> float | None:
    return mention.numbers[0] if mention.numbers else mention.period.count if mention.period else None


def _typed(value: float, integer: bool, span: Span) -> Number:
    if integer and value != int(value):
        raise Unread(f"{value:g} is no whole number of bars", span)
    return int(value) if integer else value


def same_symbol(one: str, other: str) -> bool:
    """EUR/USD and eurusd are one; so are BTC-USD and BTCUSD."""
    return _letters(one) == _letters(other)


def _letters(symbol: str) -> str:
    return "".join(c for c in symbol.upper() if c.isalnum())
