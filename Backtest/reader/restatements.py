"""Sentences that say nothing which the rules do not say: introductions, titles, summaries, in any words.

"The idea behind a Keltner breakout is simple", "Dip buying inside a weekly uptrend": what they name (an indicator, a
side, a chart, a kind of move) is told of by a rule that was read. Such a sentence holds no order, condition, comparison
or negation, and every word of trading in it is accounted for by the rules; what is not is asked about.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property

from Backtest.reader.clause import Clause, Cut
from Backtest.reader.everyday import without_everyday
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.meanings import meanings
from Backtest.reader.phrases import persons, title_nouns
from Backtest.reader.reading import Unresolved
from Backtest.reader.remarks import is_light, weighs
from Backtest.reader.statement_syntax import (
    BreakEvenSaid,
    ContextSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    IndicatorsSaid,
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
    Span,
    State,
)
from Backtest.reader.titles import ABANDONED, words_of

_AVERAGES = frozenset({"", "SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "HMA", "TRIMA"})
_OSCILLATORS = frozenset(
    {"RSI", "MACD", "ROC", "MOM", "STOCH", "STOCHF", "STOCHRSI", "CCI", "WILLR", "MFI", "TSI", "%"}
)
_OF_VOLATILITY = frozenset({"ATR", "NATR", "BBANDS", "KELTNER", "KC", "SUPERTREND", "STDDEV"})
_OF_VOLUME = frozenset({"OBV", "MFI", "VWAP", "AD", "ADOSC", "CMF"})
_RISES = frozenset({">", ">=", "cross_above"})
_FALLS = frozenset({"<", "<=", "cross_below"})
_CONNECTING = frozenset(
    "SLASH TRADE PRICE LINE LEVEL SIGNAL_BAR MARKET RANGE UNIT SETUP L_SETUP DECLARE THEM THATIS RUN "
    "BOTH ALL ABOUT PATTERN BASED FOLLOWS INSIDE THROUGH USEV".split()
)
_NAMES = frozenset({"IND", "CHANNEL", "MA", "OUT"})
_CHANNELS = frozenset({"BBANDS", "KELTNER", "DONCHIAN"})
_ANY_CHANNEL = "CHANNEL"
_SOFT = frozenset({"behind", "inside", "using", "about"})
_REASONS = ("not understood", "it is left open")


@dataclass(frozen=True)
class _Rules:
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
        lines = self.names & (_AVERAGES | {"ADX", "SUPERTREND", "PSAR", "SAR", "ICHIMOKU", "AROON", "PLUS_DI", "MACD"})
        return bool(lines) or self.has(Slope, Extreme)

    def charts(self) -> frozenset[str]:
        charts = {str(one.value) for one in self.said if isinstance(one, ContextSaid) and one.kind == "timeframe"}
        charts |= {part.chart for part in self.parts if isinstance(part, Mention | PriceOf) and part.chart}
        units = {part.period.unit for part in self.parts if isinstance(part, Mention) and part.period is not None}
        return frozenset(charts | {_CHART_OF_UNIT[unit] for unit in units if unit in _CHART_OF_UNIT})


_CHART_OF_UNIT = {"week": "1w", "month": "1mo", "hour": "1h"}


def _parts(said: object) -> Iterator[object]:
    """A statement and everything that it is made of."""
    if isinstance(said, tuple):
        for one in said:
            yield from _parts(one)
    elif is_dataclass(said) and not isinstance(said, type):
        yield said
        for field in fields(said):
            yield from _parts(getattr(said, field.name))


_Told = Callable[[_Rules], bool]


def _up(rules: _Rules) -> bool:
    return rules.moves("up")


def _down(rules: _Rules) -> bool:
    return rules.moves("down")


def _turns(rules: _Rules) -> bool:
    return (rules.moves("up") and rules.moves("down")) or rules.has(CandleSaid, State)


def _volatility(rules: _Rules) -> bool:
    sized = any(isinstance(part, SizeSaid) and part.kind == "volatility" for part in rules.parts)
    return sized or bool(rules.names & _OF_VOLATILITY) or any(getattr(p, "atr", None) is not None for p in rules.parts)


def _volume(rules: _Rules) -> bool:
    return bool(rules.names & _OF_VOLUME) or any(isinstance(p, PriceOf) and p.column == "volume" for p in rules.parts)


def _of(*kinds: type) -> _Told:
    return lambda rules: rules.has(*kinds)


def _of_size(kind: str) -> _Told:
    return lambda rules: any(isinstance(part, SizeSaid) and part.kind == kind for part in rules.parts)


_CONCEPTS: Mapping[str, _Told] = {
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
        ("break breaks breaking breakout breakouts breakdown breakdowns", _Rules.breaks),
        (
            "trend trends trending uptrend uptrends downtrend downtrends follow follows following direction",
            _Rules.trends,
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
        ("average averages", lambda rules: bool(rules.names & _AVERAGES)),
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

_OF_KIND: Mapping[str, _Told] = {
    "BREAK": _Rules.breaks,
    "BREAK_DOWN": _Rules.breaks,
    "TREND": _Rules.trends,
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
    "BAND": _CONCEPTS["band"],
    "CROSS": _CONCEPTS["cross"],
    "CROSSNAME": _CONCEPTS["cross"],
    "STOP": _CONCEPTS["stop"],
    "TARGET": _of(TargetSaid),
    "TRAILING_STOP": _of(TrailSaid),
    "TRAIL": _of(TrailSaid),
    "BREAK_EVEN": _of(BreakEvenSaid),
    "LIMIT_ORDER": lambda rules: rules.waits("limit"),
    "STOP_ORDER": lambda rules: rules.waits("stop"),
    "REVERSE_NOTE": lambda rules: len(rules.sides) == 2,
    "BOTH_SIDES": lambda rules: len(rules.sides) == 2,
    "BUY_STATE_UP": _Rules.trends,
    "BUY_STATE_DOWN": _Rules.trends,
    "VOL_TARGET": _of_size("volatility"),
    "RISKV": _of_size("risk"),
    "L_FILTER": _of(FilterSaid, EntrySaid),
    "ENTRY": lambda rules: bool(rules.sides),
}
_NEVER = re.compile(
    r"(?i)\b(?:if|when|whenever|while|until|till|unless|except|only|no|not|never|without|always|don['’]?t|avoid|skip|"
    r"ignore|otherwise|instead|must|should|shall|has to|have to|need|needs|please|after|before|above|below|over|under|"
    r"than|at least|at most|within|every|each|per|twice|half|third|quarter|double|wait|require|requires|avoiding|"
    r"ignoring|skipping|plus|minus|times)\b"
)
_BOUNDS = re.compile(r"[.!?:;\n–—]")
_ENDED = re.compile(r"[\"'”’*_)\s]*?(?:$|[.!?:;\n–—]| -+ )")
_STRATEGY = (
    r"(?:idea|logic|concept|rule|rules|system|strategy|setup|method|approach|plan|recipe|premise|point|trick|play|"
    r"trade)"
)
_PRESENTED = re.compile(
    r"(?i)(?:(?:and |so |now |today |hi |hello |ok |well |for )*)(?:"
    r"(?:here|below)(?:['’]s| is| are| comes| come| follows| you have)|this (?:is|was)|that (?:is|was)|it(?:['’]s| is)|"
    r"(?:i|we|this \w+|the (?:next|following|present|last) \w+|my \w+|let['’]?s|let us)(?:['’](?:ll|ve|d|m|re))? "
    r"(?:(?:will|would|want to|going to|like to|now|also|briefly|here|simply|just|next|then|have been|are|am) )*"
    r"(?:stud(?:y|ies|ied)|test(?:s|ed|ing)?|present(?:s|ed)?|show(?:s|ed)?|look(?:s|ed|ing)? at|explore[sd]?|"
    r"examine[sd]?|"
    r"consider(?:s|ed)?|describe[sd]?|discuss(?:es|ed)?|explain(?:s|ed)?|introduce[sd]?|cover(?:s|ed)|codif(?:y|ies|ied)|"
    r"formali[sz]e[sd]?|automate[sd]?|back-?test(?:s|ed|ing)?|evaluate[sd]?|revisit(?:s|ed)?|implement(?:s|ed)?|"
    r"combine[sd]?|mix(?:es)?|pair(?:s|ed)?|marr(?:y|ies)|play(?:ed|ing)?|captur(?:es?|ed|ing)|is|was|are|s)\b|"
    rf"(?:[\w'’]+[ -]){{0,5}}?{_STRATEGY}\b(?: (?:behind|of|for|with|to|in|on|we|i|that|here|tested)\b(?: "
    rf"[\w-]+){{0,6}}?)? "
    r"(?:is|was|are|goes|works)\b)"
)
_VERBS = frozenset({"IS", "HAS", "MAKES", "IT", "THEM"})
_SELF = frozenset("i we you he she they me us them my our your it".split())
_ACTING = frozenset(
    "buying selling trading fading following riding catching chasing playing hunting joining breakout breakouts "
    "reversal "
    "reversion pullback pullbacks crossover crossovers entry entries trend".split()
)
_ORDERS = frozenset("BUY SELL SHORT LONG ENTER EXIT COVER PLACE RISKV SIZE HOLD MOVE_STOP USEV RUN".split())


def without_restatements(found: Cut, text: str) -> None:
    """Names the sentences of `found` that restate its rules as noise, where they were unresolved.

    The settings of an indicator that one of them tells ("a dip buy in the Keltner Channel (20, 1.5)") are its settings.
    """
    rules = _Rules(tuple(clause.said for clause in found.clauses))
    if not rules.sides:
        return
    kept: list[Unresolved] = []
    for one in found.unresolved:
        if not _is_whole(one, text, found.noise):
            kept.append(one)
            continue
        plain, settings = _without_settings(one)
        told = _Rules((*rules.said, *settings))
        if _is_restated(plain, _led(one, text), told) and all(_is_spoken_of(said, rules) for said in settings):
            (found.used if settings else found.noise).append(one.span)
            _declare(found, settings)
        else:
            kept.append(one)
    found.unresolved[:] = kept


_SET = re.compile(r"\s*\((?:\s*\d+(?:\.\d+)?\s*[,/;]?)+\)")


def _without_settings(one: Unresolved) -> tuple[str, list[IndicatorsSaid]]:
    """The sentence without the numbers in parentheses behind its indicators, and what they declare."""
    tokens = [token for token in tokenize(one.text) if token.kind != "NOISE"]
    settings: list[IndicatorsSaid] = []
    plain = one.text
    for found in _SET.finditer(one.text):
        named = [i for i, token in enumerate(tokens) if token.kind in _NAMES and token.end <= found.start()]
        inside = [token for token in tokens if found.start() <= token.start < found.end()]
        if not named or one.text[tokens[named[-1]].end : found.start()].strip():
            return one.text, []
        moved = [
            replace(token, start=token.start + one.span[0], end=token.end + one.span[0])
            for token in (tokens[named[-1]], *inside)
        ]
        read = meanings(moved, "declaration")
        said = read[0][0] if len(read) == 1 and len(read[0]) == 1 else None
        if not isinstance(said, IndicatorsSaid):
            return one.text, []
        settings.append(said)
        plain = plain.replace(found[0], " " * len(found[0]))
    return plain, settings


def _is_spoken_of(said: IndicatorsSaid, rules: _Rules) -> bool:
    """Whether a rule speaks of the indicator, or of bands that may be its own."""
    named = {mention.name for mention in said.mentions}
    return bool(named & rules.names) or (bool(named & _CHANNELS) and _ANY_CHANNEL in rules.names)


def _declare(found: Cut, settings: Sequence[IndicatorsSaid]) -> None:
    for said in settings:
        at = next((i for i, clause in enumerate(found.clauses) if clause.span > said.span), len(found.clauses))
        found.clauses.insert(at, Clause(said, said.span, found.sentences))


def _is_whole(one: Unresolved, text: str, noise: Sequence[Span]) -> bool:
    """Whether it is a sentence, or one up to its colon, but for words of noise before it."""
    begin, end = one.span
    opens = max((mark.end() for mark in _BOUNDS.finditer(text, 0, begin)), default=0)
    led = all(not text[i].isalnum() or any(a <= i < b for a, b in noise) for i in range(opens, begin))
    return led and one.reason.startswith(_REASONS) and _ENDED.match(text[end:]) is not None


def _led(one: Unresolved, text: str) -> str:
    """The words of noise between the sign before a sentence and what is left of it."""
    return _BOUNDS.split(text[: one.span[0]])[-1].lstrip()


def _is_restated(said: str, led: str, rules: _Rules) -> bool:
    if _NEVER.search(said):
        return False
    tokens = [token for token in tokenize(said) if token.kind not in {"NOISE", "NEWLINE", "DOT"}]
    tokens = without_everyday(tokens, said)
    if not tokens or {*words_of(tokens)} & (ABANDONED - {"example"}):
        return False
    presented = _PRESENTED.match(f"{led}{said}") is not None
    if not presented and (tokens[0].kind in _ORDERS or not _is_name(tokens)):
        return False
    return all(_is_accounted_for(tokens, i, rules) for i in range(len(tokens)))


def _is_name(tokens: Sequence[Token]) -> bool:
    """A noun phrase that calls the rules something: "Dip buying inside a weekly uptrend"."""
    words = words_of(tokens)
    named = any(word in title_nouns() or word in _ACTING for word in words)
    return named and not any(token.kind in _VERBS for token in tokens) and not {*words} & (persons() | _SELF)


def _is_accounted_for(tokens: Sequence[Token], i: int, rules: _Rules) -> bool:
    token = tokens[i]
    words = words_of([token])
    if token.text.lower() in _SOFT:
        return True
    if token.kind == "UNKNOWN" or all(word in _CONCEPTS for word in words):
        return all(_is_word_of(word, rules) for word in words)
    if token.kind in {"IND", "CHANNEL", "MA", "ATR"}:
        return _is_named(str(token.value or ""), rules)
    if token.kind == "OUT" and isinstance(token.value, tuple):
        return _is_named(str(token.value[0]), rules)
    if token.kind == "CANDLE":
        name = token.value[0] if isinstance(token.value, tuple) else token.value
        return any(isinstance(part, CandleSaid) and part.name == name for part in rules.parts)
    if token.kind == "TF":
        return str(token.value) in rules.charts()
    if token.kind == "TICKER":
        return any(
            isinstance(one, ContextSaid) and one.kind == "instrument" and one.value == str(token.value)
            for one in rules.said
        )
    if token.kind in {"LONG", "BUY"}:
        return "long" in rules.sides
    if token.kind == "SHORT":
        return "short" in rules.sides
    if token.kind in _OF_KIND:
        return _OF_KIND[token.kind](rules)
    return is_light(token) or token.kind in _CONNECTING


def _is_named(name: str, rules: _Rules) -> bool:
    return bool(rules.names & _AVERAGES) if name == "" else name in rules.names


def _is_word_of(word: str, rules: _Rules) -> bool:
    if word in _CONCEPTS:
        return _CONCEPTS[word](rules)
    return word in title_nouns() or not weighs(word)
