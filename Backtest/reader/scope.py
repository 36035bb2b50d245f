"""What the operands and conditions of one text share while they are resolved: the chart, the indicators, the ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from pydantic import JsonValue

from Backtest.indicators.indicator_registry import Indicator, column_name, find
from Backtest.reader.impossible import no_length
from Backtest.reader.questions import Desk
from Backtest.reader.syntax import Mention, Period, Span
from Backtest.timeframes import TIMEFRAMES, can_build, longer_than

Json = dict[str, Any]
_UNIT_TIMEFRAMES = {"minute": "1m", "hour": "1h", "day": "1d", "week": "1w", "month": "1mo"}


class Unread(Exception):
    """A clause that parsed and yet can't be built; the reason is for people, the topic for programs."""

    def __init__(self, reason: str, span: Span, topic: str = "", *, unsupported: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span
        self.topic = topic
        self.unsupported = unsupported


@dataclass
class Ledger:
    """The assumptions of a reading; one entry for each topic, place and value."""

    entries: list[Json] = field(default_factory=list)

    def note(self, topic: str, path: str, value: JsonValue, rule: int | None) -> None:
        entry = {"topic": topic, "path": path, "value": value, "rule": rule}
        if entry not in self.entries:
            self.entries.append(entry)


@dataclass
class Declared:
    """The indicators of the spec in the making, by the name of their column as a whole."""

    uses: dict[str, Json] = field(default_factory=dict)

    def declare(
        self, indicator: Indicator, params: Mapping[str, int | float], source: str | Json | None, timeframe: str | None
    ) -> str:
        """The id of the indicator with these parameters, added where it is new; `source` a price or a reference."""
        identifier = column_name(indicator, params, source=self._word(source), timeframe=timeframe)
        self.uses.setdefault(
            identifier,
            {
                "id": identifier,
                "name": indicator.name,
                "params": dict(params),
                "source": source or indicator.default_source,
                "timeframe": timeframe,
            },
        )
        return identifier

    def _word(self, source: str | Json | None) -> str | None:
        """What a column's name says of its source."""
        if not isinstance(source, dict):
            return source
        inner = self.uses[source["id"]]
        return column_name(find(inner["name"]), inner["params"], source["output"], self._word(inner["source"]))


def mentions(said: object) -> Iterator[Mention]:
    """Every indicator that is spoken of in a part of a text."""
    if isinstance(said, Mention):
        yield said
        yield from mentions(said.of)
    elif isinstance(said, tuple):
        for item in said:
            yield from mentions(item)
    elif is_dataclass(said):
        for part in fields(said):
            yield from mentions(getattr(said, part.name))


@dataclass
class Scope:
    """`spoken`: every mention of the text, for what one of them leaves out and another one says.

    `named`: the instruments that the text says are traded.
    """

    timeframe: str
    symbol: str | None
    desk: Desk
    spoken: tuple[Mention, ...]
    named: tuple[str, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    declared: Declared = field(default_factory=Declared)

    def speaks_of(self, *names: str) -> bool:
        return any(mention.name in names for mention in self.spoken)

    def pip(self) -> float:
        """Rule 17: 0.0001, for JPY pairs 0.01."""
        return 0.01 if self.symbol is not None and self.symbol.upper().endswith("JPY") else 0.0001

    def length(self, period: Period, span: Span) -> tuple[int, str | None]:
        """A period as a number of bars and the longer timeframe they are of, None for the chart's own (rule 10)."""
        count = _whole(period, span)
        unit = self._unit(period)
        if unit is None or unit == self.timeframe:
            return count, None
        if not longer_than(unit, self.timeframe):
            question = (
                f"'{count}-{period.unit}' is shorter than a bar of the {self.timeframe} chart: how many bars are meant?"
            )
            return self.desk.number("period", question, span, (count,), None), None
        if not can_build(self.timeframe, unit):
            raise Unread(f"{unit} bars can't be made of {self.timeframe} bars", span)
        return count, unit

    def bars(self, period: Period, span: Span, topic: str = "bars") -> int:
        """A length of time as a number of bars of the chart; a question where it is not one by itself."""
        count = _whole(period, span)
        unit = self._unit(period)
        if unit is None or unit == self.timeframe:
            return count
        seconds, bar = count * TIMEFRAMES[unit], TIMEFRAMES[self.timeframe]
        if period.unit in {"minute", "hour"} and bar < TIMEFRAMES["1d"] and seconds % bar == 0:
            return seconds // bar
        likely = max(1, round(seconds / bar * (5 / 7 if unit in {"1w", "1mo"} and self.timeframe == "1d" else 1)))
        question = f"How many bars of the {self.timeframe} chart are {count} {period.unit}{'s' if count > 1 else ''}?"
        return self.desk.number(topic, question, span, (likely,), likely)

    def is_of_the_chart(self, period: Period) -> bool:
        """Whether the period counts bars of the chart."""
        return self._unit(period) in {None, self.timeframe}

    def _unit(self, period: Period) -> str | None:
        return None if period.unit == "bar" else _UNIT_TIMEFRAMES[period.unit]


def _whole(period: Period, span: Span) -> int:
    if period.count < 1 or period.count != int(period.count):
        raise Unread(no_length(period.count) or f"{period.count:g} is no number of bars", span)
    return int(period.count)
