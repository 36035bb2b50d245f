"""What the rules that were read speak of, and the words of trading that name it.

"Breakout" names rules that wait for a price which leaves a level behind, "dip" such as wait for a fall: what a word, or
a kind of token, names is told by a look at the statements.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property

from Backtest.reader.statement_syntax import (
    BreakEvenSaid,
    ContextSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    SizeSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import (
    Before,
    BodySaid,
    CandleSaid,
    Extreme,
    GapSaid,
    Lasting,
    Mention,
    OnDays,
    PercentMove,
    PriceOf,
    ProfitSaid,
    Relation,
    Slope,
    State,
)

AVERAGES = frozenset({"", "SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "HMA", "TRIMA"})
_OSCILLATORS = frozenset(
    {"RSI", "MACD", "ROC", "MOM", "STOCH", "STOCHF", "STOCHRSI", "CCI", "WILLR", "MFI", "TSI", "%"}
)
_OF_VOLATILITY = frozenset({"ATR", "NATR", "BBANDS", "KELTNER", "KC", "SUPERTREND", "STDDEV"})
_OF_VOLUME = frozenset({"OBV", "MFI", "VWAP", "AD", "ADOSC", "CMF"})
_RISES = frozenset({">", ">=", "cross_above"})
_FALLS = frozenset({"<", "<=", "cross_below"})


@dataclass(frozen=True)
class RulesSaid:
    """What the rules that were read speak of."""

    said: Sequence[object]

    @cached_property
    def parts(self) -> tuple[object, ...]:
        return tuple(part for one in self.said for part in _parts(one))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(part.name for part in self.parts if isinstance(part, Mention))

    @cached_property
    def operators(self) -> frozenset[str]:
        return frozenset(part.op for part in self.parts if isinstance(part, Relation))

    @cached_property
    def sides(self) -> frozenset[str]:
        return frozenset(one.side or "long" for one in self.said if isinstance(one, EntrySaid))

    def has(self, *kinds: type) -> bool:
        return any(isinstance(part, kinds) for part in self.parts)

    def moves(self, direction: str) -> bool:
        """Whether a rule of theirs waits for a move, or a place, in this direction."""
        wanted = _RISES if direction == "up" else _FALLS
        states = {"overbought", "bullish", "positive"} if direction == "up" else {"oversold", "bearish", "negative"}
        return bool(self.operators & (wanted | {"break", "cross"})) or any(
            (isinstance(part, Slope | PercentMove | GapSaid | BodySaid) and part.direction == direction)
            or (isinstance(part, State) and part.state in states)
            or (
                isinstance(part, CandleSaid)
                and part.direction in {direction, "bullish" if direction == "up" else "bearish"}
            )
            or (isinstance(part, Extreme) and part.kind == ("high" if direction == "up" else "low"))
            or (isinstance(part, EntrySaid) and part.order.kind == ("stop" if direction == "up" else "limit"))
            for part in self.parts
        )

    def breaks(self) -> bool:
        """Whether a rule waits for a price that leaves a level behind."""
        crossed = {"break", "cross", "cross_above", "cross_below"}
        return self.waits("stop") or any(
            isinstance(part, Relation) and (part.op in crossed or isinstance(part.right, Mention | Extreme | Before))
            for part in self.parts
        )

    def waits(self, kind: str) -> bool:
        return any(isinstance(part, EntrySaid) and part.order.kind == kind for part in self.parts)

    def trends(self) -> bool:
        lines = self.names & (AVERAGES | {"ADX", "SUPERTREND", "PSAR", "SAR", "ICHIMOKU", "AROON", "PLUS_DI", "MACD"})
        return bool(lines) or self.has(Slope, Extreme)

    def charts(self) -> frozenset[str]:
        charts = {str(one.value) for one in self.said if isinstance(one, ContextSaid) and one.kind == "timeframe"}
        charts |= {part.chart for part in self.parts if isinstance(part, Mention | PriceOf) and part.chart}
        units = {part.period.unit for part in self.parts if isinstance(part, Mention) and part.period is not None}
        return frozenset(charts | {_CHART_OF_UNIT[unit] for unit in units if unit in _CHART_OF_UNIT})


_CHART_OF_UNIT = {"day": "1d", "week": "1w", "month": "1mo", "hour": "1h"}


def _parts(said: object) -> Iterator[object]:
    """A statement and everything that it is made of."""
    if isinstance(said, tuple):
        for one in said:
            yield from _parts(one)
    elif is_dataclass(said) and not isinstance(said, type):
        yield said
        for field in fields(said):
            yield from _parts(getattr(said, field.name))


_Told = Callable[[RulesSaid], bool]


def _up(rules: RulesSaid) -> bool:
    return rules.moves("up")


def _down(rules: RulesSaid) -> bool:
    return rules.moves("down")


def _turns(rules: RulesSaid) -> bool:
    return (rules.moves("up") and rules.moves("down")) or rules.has(CandleSaid, State)


def _volatility(rules: RulesSaid) -> bool:
    sized = any(isinstance(part, SizeSaid) and part.kind == "volatility" for part in rules.parts)
    return sized or bool(rules.names & _OF_VOLATILITY) or any(getattr(p, "atr", None) is not None for p in rules.parts)


def _volume(rules: RulesSaid) -> bool:
    return bool(rules.names & _OF_VOLUME) or any(isinstance(p, PriceOf) and p.column == "volume" for p in rules.parts)


def _of(*kinds: type) -> _Told:
    return lambda rules: rules.has(*kinds)


def _of_size(kind: str) -> _Told:
    return lambda rules: any(isinstance(part, SizeSaid) and part.kind == kind for part in rules.parts)


CONCEPTS: Mapping[str, _Told] = {
    word: told
    for words, told in (
        (
            "dip dips pullback pullbacks weakness drop drops decline declines sell-off selloff selloffs oversold fall "
            "falls washout panic plunge slump correction corrections lows low fear down cheap falling",
            _down,
        ),
        (
            "rally rallies strength thrust surge spike spikes highs high rising rise rises up strong overbought greed "
            "breakaway",
            _up,
        ),
        ("break breaks breaking breakout breakouts breakdown breakdowns", RulesSaid.breaks),
        (
            "trend trends trending uptrend uptrends downtrend downtrends follow follows following direction",
            RulesSaid.trends,
        ),
        (
            "reversal reversals reverse reversion reverting bounce bounces mean rebound rebounds snap overextended "
            "stretched extended fade fades",
            lambda rules: rules.moves("up") or rules.moves("down"),
        ),
        ("momentum", lambda rules: bool(rules.names & _OSCILLATORS) or rules.has(PercentMove, Slope, Extreme)),
        ("volatility volatile squeeze squeezes compression expansion", _volatility),
        ("volume", _volume),
        ("gap gaps", _of(GapSaid)),
        ("candle candles pattern patterns candlestick", _of(CandleSaid, BodySaid)),
        (
            "band bands channel channels",
            lambda rules: bool(rules.names & {"BBANDS", "KELTNER", "KC", "DONCHIAN"}) or rules.has(Extreme),
        ),
        ("average averages", lambda rules: bool(rules.names & AVERAGES)),
        ("stop stops", lambda rules: rules.has(StopSaid, TrailSaid) or rules.waits("stop")),
        ("target targets profit profits", _of(TargetSaid, ProfitSaid)),
        ("trail trails trailing", _of(TrailSaid)),
        ("breakeven even", _of(BreakEvenSaid)),
        ("limit limits", lambda rules: rules.waits("limit")),
        ("filter filters confirmation confirmed", _of(FilterSaid, EntrySaid)),
        ("streak streaks row consecutive", _of(Lasting)),
        ("weekday day-of-week", _of(OnDays)),
        ("hold holding", _of(HoldSaid)),
        ("short shorts shorting sell-side", lambda rules: "short" in rules.sides),
        ("long longs buy buying buyer buyers bought", lambda rules: "long" in rules.sides),
        ("entry entries enter entering signal signals", lambda rules: bool(rules.sides)),
        (
            "exit exits exiting sell selling sold seller sellers",
            _of(ExitSaid, StopSaid, TargetSaid, TrailSaid, HoldSaid),
        ),
        (
            "crossover crossovers cross crosses crossing",
            lambda rules: bool(rules.operators & {"cross", "cross_above", "cross_below", "break"}),
        ),
    )
    for word in words.split()
}
"""Words of trading that name what a rule does, and what shows that a rule does it."""

OF_KIND: Mapping[str, _Told] = {
    "BREAK": RulesSaid.breaks,
    "BREAK_DOWN": RulesSaid.breaks,
    "TREND": RulesSaid.trends,
    "MOVE_DOWN": _down,
    "MOVE_UP": _up,
    "FALLING": _down,
    "RISING": _up,
    "LOW": _down,
    "HIGH": _up,
    "OVERSOLD": _down,
    "OVERBOUGHT": _up,
    "BOUNCE": _turns,
    "TURN": _turns,
    "GAP": _of(GapSaid),
    "VOLUME": _volume,
    "BAND": CONCEPTS["band"],
    "CROSS": CONCEPTS["cross"],
    "CROSSNAME": CONCEPTS["cross"],
    "STOP": CONCEPTS["stop"],
    "TARGET": _of(TargetSaid),
    "TRAILING_STOP": _of(TrailSaid),
    "TRAIL": _of(TrailSaid),
    "BREAK_EVEN": _of(BreakEvenSaid),
    "LIMIT_ORDER": lambda rules: rules.waits("limit"),
    "STOP_ORDER": lambda rules: rules.waits("stop"),
    "REVERSE_NOTE": lambda rules: len(rules.sides) == 2,
    "BOTH_SIDES": lambda rules: len(rules.sides) == 2,
    "BUY_STATE_UP": RulesSaid.trends,
    "BUY_STATE_DOWN": RulesSaid.trends,
    "VOL_TARGET": _of_size("volatility"),
    "RISKV": _of_size("risk"),
    "L_FILTER": _of(FilterSaid, EntrySaid),
    "ENTRY": lambda rules: bool(rules.sides),
}


def is_named(name: str, rules: RulesSaid) -> bool:
    """Whether a rule speaks of an indicator; "" is any average."""
    return bool(rules.names & AVERAGES) if name == "" else name in rules.names
