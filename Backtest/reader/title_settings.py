"""Settings that stand apart from the indicator of a name: "Supertrend, settings 10 and 3", "Aroon strategy, period 25".

They are put behind the indicator, in brackets; what may be levels, a time in the market or anything else stays where
it is, and is asked about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from Backtest.indicators.indicator_registry import find, names
from Backtest.reader.lexicon import Token
from Backtest.reader.operands import AVERAGES, CHANNELS

_LINES = frozenset({"IND", "OUT", "MA", "CHANNEL"})
_LEADS = frozenset("COMMA DASH COLON WITH ON AT OF FOR LPAR IS EQ PLACE SETTINGS".split())
_JOINTS = frozenset({"COMMA", "AND", "SLASH"})
_SIGNS = _JOINTS | {"LPAR", "RPAR"}
_SAYS = frozenset({"IS", "OF", "EQ", "COLON", "TO"})
_AS_EVER = frozenset("usual default defaults classic typical textbook original common regular preset".split())
_BY_LABEL: Mapping[str, int] = {"LENGTH": 0, "MULTIPLIER": 1, "DEVIATIONS": 1}
_OF_MACD: Mapping[str, int] = {"fast": 0, "slow": 1, "signal": 2, "signal line": 2}
_PERIODS = frozenset({"period", "periods"})
_RULES = frozenset(
    "BUY SELL SHORT LONG ENTER EXIT COVER WHEN WHILE ONLYWHEN UNLESS ABOVE BELOW OVER GT LT GE LE STOP TARGET RISKV "
    "HOLD BETWEEN CROSSES_UP CROSSES_DOWN TOUCH NOT UNTIL AFTER".split()
)
_BEHIND = frozenset("COMMA DASH COLON ON FOR IN L_RULES TF TICKER".split())


class _Value(NamedTuple):
    """One setting; `place`: where its label puts it among them."""

    token: Token
    place: int | None


@dataclass(slots=True)
class _Run:
    """The settings in the tokens from `begin` to `end`; `named`: called settings, or in brackets; `led`: by "with"."""

    begin: int
    end: int
    named: bool = False
    led: bool = False
    values: list[_Value] = field(default_factory=list)


class Beside(NamedTuple):
    """A name with the settings behind its indicator, what said that they are its settings, and the rules after it."""

    tokens: list[Token]
    left_out: list[Token]
    rules: list[Token]


def with_settings_beside(tokens: Sequence[Token]) -> Beside | None:
    """The settings behind the one indicator that they can be of; None where there are none, or none for certain."""
    end = _end_of_name(tokens)
    lines = [i for i in range(end) if _is_line(tokens, i)]
    if len(lines) != 1:
        return None
    line = lines[0]
    for begin in range(line + 1, end):
        run = _Reader(tokens, line, begin, end).run()
        if run is None or not (run.end == end or tokens[run.end].kind in _BEHIND):
            continue
        settings = _settings(tokens[line], run)
        if not settings:
            return None
        told = [*tokens[:line], *settings, *tokens[line + 1 : run.begin], *tokens[run.end : end]]
        left_out = [one for one in tokens[run.begin : run.end] if one not in settings]
        if begin == line + 1 and {one.kind for one in left_out} <= _SIGNS and left_out[:1] != [tokens[begin]]:
            return None  # "MACD 8/17/9": they stand there already
        if [one.kind for one in told] == [one.kind for one in tokens[:end]]:
            return None
        return Beside(told, left_out, list(tokens[end:]))
    return None


def _end_of_name(tokens: Sequence[Token]) -> int:
    """Where the last sign before the first word of a rule stands, 0 where there is none."""
    rule = next((i for i, one in enumerate(tokens) if one.kind in _RULES), len(tokens))
    if rule == len(tokens):
        return rule
    return max((i for i in range(rule) if tokens[i].kind in {"COMMA", "COLON", "DASH"}), default=0)


def _settings(line: Token, run: _Run) -> list[Token]:
    """The indicator with its settings, none where the numbers may be something else."""
    kept = [value.token for value in run.values]
    sure = run.named or all(value.place is not None or _is_length(value.token, line, run) for value in run.values)
    if _name(line) in AVERAGES:
        if len(kept) == 2 and all(value.place in {None, 0} for value in run.values):
            return [kept[0], _sign("AND", kept[1].start), kept[1], line]  # "EMA crossover, 9 and 21"
        return [line, *_bracketed(kept)] if len(kept) == 1 and sure else []
    takes = [parameter for parameter in find(_name(line)).parameters if parameter.in_column]
    settings = _in_order(run.values)
    whole = 1 < len(settings) == len(takes) or (_name(line) in CHANNELS and len(settings) == 2)
    if not settings or len(settings) > len(takes) or not (sure or whole):
        return []
    if len(settings) == 2 < len(takes) and _name(line) not in CHANNELS:  # "Stochastic (20, 80)"
        return []
    return [line, *_bracketed(settings)]


def _in_order(values: Sequence[_Value]) -> list[Token]:
    """The settings in the order of the indicator's; none where two are one, or one is missing between others."""
    free = [place for place in range(len(values)) if place not in {value.place for value in values}]
    places = [value.place if value.place is not None else free.pop(0) for value in values]
    if sorted(places) != list(range(len(values))):
        return []
    return [value.token for _, value in sorted(zip(places, values, strict=True), key=lambda one: one[0])]


def _is_length(value: Token, line: Token, run: _Run) -> bool:
    """ "55 days" of a channel, "with 25 bars", "7-bar": no time in the market."""
    return value.kind == "PERIOD" and (_name(line) in {*CHANNELS, *AVERAGES} or run.led or "-" in value.text)


def _bracketed(settings: Sequence[Token]) -> list[Token]:
    parted = [part for one in settings for part in (_sign("COMMA", one.start), one)]
    return [_sign("LPAR", settings[0].start), *parted[1:], _sign("RPAR", settings[-1].end)]


def _sign(kind: str, place: int) -> Token:
    return Token(kind, "", place, place)


def _name(line: Token) -> str:
    return str(line.value[0] if isinstance(line.value, tuple) else line.value)


def _is_line(tokens: Sequence[Token], i: int) -> bool:
    """Whether a token is the indicator that settings can be of: no deviations, and no part of it with a number."""
    one, before = tokens[i], tokens[i - 1].kind if i else ""
    following = tokens[i + 1].kind if i + 1 < len(tokens) else ""
    if one.kind not in _LINES or one.text.lower() == "mean":  # "mean reversion"
        return False
    if one.value == "STDDEV" and before == "NUMBER":
        return False
    if one.value == "EMA" and any(token.value == "KELTNER" for token in tokens[:i]):
        return False
    if one.text.lower() in _OF_MACD and following == "NUMBER":
        return False
    return _name(one) in AVERAGES or _name(one) in names()


class _Reader:
    """Reads settings from one place on."""

    def __init__(self, tokens: Sequence[Token], line: int, begin: int, end: int) -> None:
        self.tokens, self.line, self.end = tokens, tokens[line], end
        self.place = begin
        self.found = _Run(begin, begin)

    def run(self) -> _Run | None:
        opened = False
        while (one := self._at()) is not None and (one.kind in _LEADS or one.text.lower() in _AS_EVER):
            opened |= one.kind == "LPAR"
            self.found.led |= one.kind == "WITH"
            self.found.named |= one.kind in {"LPAR", "SETTINGS"} or one.text.lower() in _AS_EVER
            self.place += 1
        while (value := self._value()) is not None:
            self.found.values.append(value)
            self.found.end = self.place
            while (one := self._at()) is not None and one.kind in _JOINTS:
                self.place += 1
        self.place = self.found.end
        if (one := self._at()) is not None and one.kind == "SETTINGS":
            self.found.named = True
            self.place += 1
        if opened:
            if (one := self._at()) is None or one.kind != "RPAR":
                return None
            self.place += 1
        self.found.end = self.place
        return self.found if self.found.values else None

    def _at(self, ahead: int = 0) -> Token | None:
        return self.tokens[self.place + ahead] if self.place + ahead < self.end else None

    def _value(self) -> _Value | None:
        begin = self.place
        label = self._label()
        one = self._at()
        if one is None or one.kind not in {"NUMBER", "PERIOD", "TIMES"}:
            self.place = begin
            return None
        self.place += 1
        one = replace(one, kind="NUMBER") if one.kind == "TIMES" else one
        return _Value(one, label if label is not None else self._unit(one))

    def _label(self) -> int | None:
        """The place that the words before a number give it: "period", "multiplier", "fast"."""
        one, place, taken = self._at(), None, 1
        following = self._at(1)
        if one is not None and one.kind == "ATR" and following is not None and _name(self.line) == "SUPERTREND":
            one, taken = following, 2  # "ATR period 10"
        if one is None:
            return None
        single = one.kind == "PERIOD" and one.text.lower() == "a period" and self._kind(1) in {"OF", "IS"}
        if single or (one.kind == "UNIT" and one.text.lower() in _PERIODS):
            place = 0
        elif self.line.value == ("MACD", "") and one.text.lower() in _OF_MACD:
            place = _OF_MACD[one.text.lower()]
        else:
            place = _BY_LABEL.get(one.kind)
        if place is not None:
            self.place += taken
            self.place += self._kind() in _SAYS
        return place

    def _kind(self, ahead: int = 0) -> str:
        one = self._at(ahead)
        return one.kind if one is not None else ""

    def _unit(self, value: Token) -> int | None:
        """The place that the words behind a number give it: "2.5 deviations", "7-day period", "20 EMA"."""
        one = self._at()
        if (
            one is not None
            and value.kind != "PERIOD"
            and (one.kind in {"DEVIATIONS", "MULTIPLIER", "ATR"} or one.value == "STDDEV")
        ):
            self.place += 1
            return 1
        if one is not None and (one.kind == "LENGTH" or one.text.lower() in _PERIODS or one.value == "EMA"):
            self.place += 1
            return 0
        said = value.kind == "PERIOD" and value.text.lower().replace("-", " ").split()[-1] in _PERIODS
        return 0 if said else None
