"""The whole strategy: one document, one meaning."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, JsonValue

from Backtest.canonical.node import Finite, Name, Node, Shift, _whole
from Backtest.canonical.operands import IndicatorRef, ParamRef, PriceField
from Backtest.canonical.risk import AllSizing, Execution, Risk, Sizing
from Backtest.canonical.rules import EntryRule, ExitRule, Filters
from Backtest.timeframes import DEFAULT_TIMEFRAME, TIMEFRAMES

SCHEMA_VERSION: Final = 1


class Parameter(Node):
    """A number that may be tuned: `value` is used, the bounds only say where to look."""

    name: Name
    value: Finite
    min: Finite | None = None
    max: Finite | None = None
    step: Annotated[Finite, Field(gt=0)] | None = None


ParameterValue = Annotated[
    Annotated[int, BeforeValidator(_whole), Field(strict=True)] | Finite | ParamRef,
    Field(union_mode="left_to_right"),
]


def _known_timeframe(value: object) -> object:
    if isinstance(value, str) and value not in TIMEFRAMES:
        raise ValueError(f"unknown timeframe {value!r}: use one of {', '.join(TIMEFRAMES)}")
    return value


Timeframe = Annotated[str, BeforeValidator(_known_timeframe), Field(strict=True)]


class IndicatorUse(Node):
    """An indicator of the registry with its parameters, on a price column or on another indicator, and on a chart.

    `timeframe` null: the strategy's own chart. Another indicator is a declared one of the same chart.
    """

    id: Name
    name: str
    params: dict[str, ParameterValue] = Field(default_factory=dict)
    source: PriceField | IndicatorRef | None = None
    timeframe: Timeframe | None = None


class Span(Node):
    """Characters [`start`, `end`) of the text that `path`, a JSON pointer into the spec, came from."""

    path: str
    start: Shift
    end: Shift


class Provenance(Node):
    """Where the spec came from: its text or address, and which words became which part."""

    source: Literal["text", "json", "edit", "model", "url"] = "json"
    text: str | None = None
    url: str | None = None
    spans: tuple[Span, ...] = ()


class Assumption(Node):
    """A choice that the text left open: what was taken, where it stands, and the rule of the conventions behind it."""

    topic: str
    path: str
    value: JsonValue
    rule: int | None = None


class Spec(Node):
    """A strategy in canonical form. See `Backtest.canonical.parse_spec` for what is accepted beside it."""

    schema_version: Literal[1] = SCHEMA_VERSION
    strategy_name: Annotated[str, Field(strict=True, min_length=1, max_length=120)] = "Strategy"
    description: Annotated[str, Field(strict=True, max_length=20_000)] = ""
    instruments: Annotated[
        tuple[Annotated[str, Field(strict=True, min_length=1, max_length=32)], ...], Field(max_length=64)
    ] = ()
    timeframe: Timeframe = DEFAULT_TIMEFRAME
    parameters: Annotated[tuple[Parameter, ...], Field(max_length=64)] = ()
    constraints: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    indicators: Annotated[tuple[IndicatorUse, ...], Field(max_length=64)] = ()
    entry_rules: Annotated[tuple[EntryRule, ...], Field(min_length=1, max_length=32)]
    exit_rules: Annotated[tuple[ExitRule, ...], Field(max_length=32)] = ()
    risk: Risk = Risk()
    sizing: Sizing = AllSizing()
    execution: Execution = Execution()
    filters: Filters = Filters()
    provenance: Provenance = Provenance()
    assumptions: tuple[Assumption, ...] = ()

    def indicator(self, identifier: str) -> IndicatorUse:
        """The declared indicator of that id; KeyError when there is none (lint reports it before anyone asks)."""
        for use in self.indicators:
            if use.id == identifier:
                return use
        raise KeyError(identifier)

    def source_of(self, use: IndicatorUse, source: IndicatorRef) -> IndicatorUse:
        """The indicator that `use` is computed of; KeyError where there is none, or where it would be computed of
        itself in the end (lint reports it)."""
        found = each = self.indicator(source.id)
        seen = {use.id}
        while isinstance(each.source, IndicatorRef):
            seen.add(each.id)
            each = self.indicator(each.source.id)
            if each.id in seen:
                raise KeyError(source.id)
        if each.id == use.id:
            raise KeyError(source.id)
        return found

    def parameter_value(self, name: str) -> float:
        """The value of a named parameter; KeyError when there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter.value
        raise KeyError(name)
