"""The registry of indicators as the API shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from Backtest.indicators import indicator_registry as registry


@dataclass(frozen=True)
class OutputEntry:
    """One line of an indicator; the bounds are None where it has no finite ones."""

    name: str | None
    description: str
    column_pattern: str
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class IndicatorEntry:
    """One indicator, with how its columns are named and what asks for it."""

    name: str
    title: str
    description: str
    aliases: tuple[str, ...]
    parameters: Sequence[registry.Parameter]
    default_source: str | None
    outputs: tuple[OutputEntry, ...]
    example: dict[str, str | registry.Number]
    price_like: bool


@dataclass(frozen=True)
class Catalogue:
    """All indicators and all candlestick patterns."""

    indicators: tuple[IndicatorEntry, ...]
    patterns: Sequence[registry.Pattern]


@cache
def catalogue() -> Catalogue:
    return Catalogue(tuple(_entry(indicator) for indicator in registry.indicators()), registry.patterns())


def _entry(indicator: registry.Indicator) -> IndicatorEntry:
    usual = {parameter.name: parameter.default for parameter in indicator.parameters}
    return IndicatorEntry(
        name=indicator.name,
        title=indicator.title,
        description=indicator.description,
        aliases=indicator.aliases,
        parameters=indicator.parameters,
        default_source=indicator.default_source,
        outputs=tuple(_output(indicator, output) for output in indicator.outputs),
        example={"name": indicator.name, **usual},
        price_like=indicator.price_like,
    )


def _output(indicator: registry.Indicator, output: registry.Output) -> OutputEntry:
    lowest, highest = output.bounds or (None, None)
    return OutputEntry(output.name, output.description, _pattern(indicator, output.column_stem), lowest, highest)


def _pattern(indicator: registry.Indicator, stem: str) -> str:
    words = [
        f"[_{{{parameter.name}}}]" if parameter.omit_default else f"_{{{parameter.name}}}"
        for parameter in indicator.parameters
        if parameter.in_column
    ]
    source = "[_{source}]" if indicator.default_source else ""
    return "".join([stem, *words, source, "[_{timeframe}]"])
