"""Column names of indicators, and back: `RSI_14`, `BB_UPPER_20_2p5`, `SMA_20_VOLUME`, `EMA_50_1D` (rule 27)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators.catalogue import INDICATORS, PRICE_COLUMNS
from Backtest.indicators.definitions import Indicator, Number

_NUMBER = re.compile(r"\d+(P\d+)?")
_TIMEFRAME = re.compile(r"[1-9]\d*(M|H|D|W|MO|Q)")


class ColumnParts(NamedTuple):
    """What a column name says; `params` are complete.

    `output`: None for an indicator's only output, or for an indicator as a whole. `source`: the price column, None
    where the indicator's columns are fixed. `timeframe`: as "4h", None for the chart's own.
    """

    indicator: Indicator
    params: dict[str, Number]
    output: str | None
    source: str | None
    timeframe: str | None


def fill_defaults(indicator: Indicator, params: Mapping[str, Number]) -> dict[str, Number]:
    """All parameters in column order, defaults filled in; int where the parameter is a whole number, float elsewhere.

    Raises IndicatorInvalid for a name the indicator lacks and for a missing parameter that has no default.
    """
    complete: dict[str, Number] = {}
    for parameter in indicator.parameters:
        if parameter.required and parameter.name not in params:
            message = f"{indicator.name} needs {parameter.name}"
            raise IndicatorInvalid(message, [Issue(parameter.name, message, f"for example {parameter.default}")])
        value = params.get(parameter.name, parameter.default)
        complete[parameter.name] = int(value) if parameter.integer and value == int(value) else float(value)
    unknown = [name for name in params if name not in complete]
    if unknown:
        message = f"{indicator.name} has no parameter {unknown[0]!r}"
        raise IndicatorInvalid(message, [Issue(unknown[0], message, f"it takes {', '.join(complete) or 'none'}")])
    return complete


def _written(number: Number) -> str:
    """2 and 2.0 as "2", 2.5 as "2p5", 0.00001 as "0p00001"."""
    text = format(Decimal(repr(number)), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", "p")


def column_name(
    indicator: Indicator,
    params: Mapping[str, Number],
    output: str | None = None,
    source: str | None = None,
    timeframe: str | None = None,
) -> str:
    """The name of an indicator's column; without an output, of the indicator as a whole (`BB_20_2`).

    `params` may leave defaults out, `source` and `timeframe` be None for the indicator's own and the chart's; `source`
    is a price column, or the name of another indicator's column.
    Raises IndicatorInvalid as `fill_defaults` does, and for an output the indicator lacks.
    """
    stem = indicator.column_stem
    if output is not None:
        stems = {each.name: each.column_stem for each in indicator.outputs}
        if output not in stems:
            message = f"{indicator.name} has no output {output!r}"
            raise IndicatorInvalid(message, [Issue("output", message)])
        stem = stems[output]
    complete = fill_defaults(indicator, params)
    words = [stem]
    for parameter in indicator.parameters:
        value = complete[parameter.name]
        if parameter.in_column and not (parameter.omit_default and value == parameter.default):
            words.append(_written(value))
    if source is not None and source != indicator.default_source:
        words.append(source.upper())
    if timeframe is not None:
        words.append(timeframe.upper())
    return "_".join(words)


@cache
def _stems() -> dict[str, tuple[Indicator, str | None]]:
    """Every beginning a column name may have, those made of aliases included (`BOLLINGER_UPPER`); own stems win."""
    stems: dict[str, tuple[Indicator, str | None]] = {}
    for indicator in INDICATORS:
        for name in (indicator.name, indicator.column_stem, *indicator.aliases):
            stems[name] = (indicator, None)
            stems.update({f"{name}_{o.name.upper()}": (indicator, o.name) for o in indicator.outputs if o.name})
    for indicator in INDICATORS:
        main = [output.name for output in indicator.outputs if output.column_stem == indicator.column_stem]
        stems.update({name: (indicator, main[0]) for name in (indicator.name, *indicator.aliases) if main})
        stems.update({output.column_stem: (indicator, output.name) for output in indicator.outputs})
    return stems


def parse_column(text: str) -> ColumnParts | None:
    """What a column name says, upper or lower case, or None when it isn't one; the inverse of `column_name`.

    Numbers left out at the end take their defaults (`MACD_SIGNAL` is that of 12/26/9); where there are none (`SMA`), it
    isn't a column name. Values are not checked against bounds: that is `check_parameters`.
    """
    words = text.strip().upper().split("_")
    for length in range(len(words), 0, -1):
        found = _stems().get("_".join(words[:length]))
        if found is not None:
            return _parsed(found[0], found[1], words[length:])
    return None


def _parsed(indicator: Indicator, output: str | None, words: list[str]) -> ColumnParts | None:
    rest = list(words)
    timeframe = rest.pop().lower() if rest and _TIMEFRAME.fullmatch(rest[-1]) else None
    source = indicator.default_source
    if source is not None and rest and rest[-1].capitalize() in PRICE_COLUMNS:
        source = rest.pop().capitalize()
    parameters = [parameter for parameter in indicator.parameters if parameter.in_column]
    if len(rest) > len(parameters) or not all(_NUMBER.fullmatch(word) for word in rest):
        return None
    said: dict[str, Number] = {
        parameter.name: float(word.replace("P", ".")) if "P" in word else int(word)
        for parameter, word in zip(parameters, rest, strict=False)
    }
    if any(parameter.required and parameter.name not in said for parameter in indicator.parameters):
        return None
    return ColumnParts(indicator, fill_defaults(indicator, said), output, source, timeframe)
