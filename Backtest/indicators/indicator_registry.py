"""The registry of indicators and candlestick patterns: what exists, what it takes, and what its columns are called.

Import-light: neither numpy nor pandas nor TA-Lib is loaded by it. `arrays.compute` evaluates an entry.
"""

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache

from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators.candlesticks import PATTERNS
from Backtest.indicators.catalogue import INDICATORS
from Backtest.indicators.column_names import ColumnParts, column_name, fill_defaults, parse_column
from Backtest.indicators.definitions import Argument, Call, Indicator, Number, Output, Parameter, Pattern

__all__ = [
    "Argument",
    "Call",
    "ColumnParts",
    "Indicator",
    "Number",
    "Output",
    "Parameter",
    "Pattern",
    "check_parameters",
    "column_name",
    "fill_defaults",
    "find",
    "find_pattern",
    "indicators",
    "names",
    "output_of",
    "parse_column",
    "patterns",
    "warmup",
]


def indicators() -> tuple[Indicator, ...]:
    """All indicators, in the order of the catalogue."""
    return INDICATORS


def names() -> tuple[str, ...]:
    """The canonical names, in the order of the catalogue."""
    return tuple(indicator.name for indicator in INDICATORS)


def patterns() -> tuple[Pattern, ...]:
    """All candlestick patterns, in TA-Lib's order."""
    return PATTERNS


@cache
def _by_name() -> dict[str, Indicator]:
    return {name: indicator for indicator in INDICATORS for name in (indicator.name, *indicator.aliases)}


@cache
def _pattern_by_name() -> dict[str, Pattern]:
    named = {pattern.name: pattern for pattern in PATTERNS}
    return named | {pattern.name.removeprefix("CDL"): pattern for pattern in PATTERNS}


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean X?", or an empty string where nothing known is near."""
    near = difflib.get_close_matches(word, tuple(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(near)}?" if near else ""


def find(name: str) -> Indicator:
    """The indicator of that name or alias, upper or lower case; spaces and hyphens stand for underscores.

    Raises IndicatorInvalid, with the nearest names, when there is none.
    """
    word = name.strip().upper()
    found = _by_name().get(word) or _by_name().get(re.sub(r"[\s_-]+", "_", word))
    if found is None:
        suggestion = _did_you_mean(word, _by_name()) or f"known indicators: {', '.join(names())}"
        message = f"unknown indicator {name!r}"
        raise IndicatorInvalid(message, [Issue("name", message, suggestion)])
    return found


def find_pattern(name: str) -> Pattern:
    """The candlestick pattern of that TA-Lib name, upper or lower case, with or without its CDL.

    Raises IndicatorInvalid, with the nearest names, when there is none.
    """
    word = re.sub(r"[\s_-]+", "", name.upper())
    found = _pattern_by_name().get(word)
    if found is None:
        cdl = word if word.startswith("CDL") else f"CDL{word}"
        suggestion = _did_you_mean(cdl, (pattern.name for pattern in PATTERNS)) or "TA-Lib's names begin with CDL"
        message = f"unknown candlestick pattern {name!r}"
        raise IndicatorInvalid(message, [Issue("name", message, suggestion)])
    return found


def output_of(indicator: Indicator, name: str | None) -> Output:
    """The output of that name, upper or lower case; None means the only one, or the line of MACD or of Supertrend.

    Raises IndicatorInvalid when there is no such output, or when None leaves several to choose from.
    """
    if name is None:
        main = [output for output in indicator.outputs if output.column_stem == indicator.column_stem]
        if main:
            return main[0]
    else:
        word = name.strip().lower()
        for output in indicator.outputs:
            if output.name == word:
                return output
    known = [output.name for output in indicator.outputs if output.name is not None]
    if not known:
        message = f"{indicator.name} has one output, without a name, and none called {name!r}"
        raise IndicatorInvalid(message, [Issue("output", message, "leave the output out")])
    message = (
        f"{indicator.name} has several outputs; say which"
        if name is None
        else f"{indicator.name} has no output {name!r}"
    )
    suggestion = _did_you_mean(name.lower(), known) if name else ""
    raise IndicatorInvalid(message, [Issue("output", message, suggestion or f"one of {', '.join(known)}")])


def warmup(indicator: Indicator, params: Mapping[str, Number], output: str | None = None) -> int:
    """Position of the first bar with a value, on bars without holes: of that output, or of the last of all outputs.

    `params` may leave defaults out. Raises IndicatorInvalid as `fill_defaults` and `output_of` do.
    """
    own = output_of(indicator, output).warmup if output is not None else None
    return (own or indicator.warmup)(fill_defaults(indicator, params))


def check_parameters(indicator: Indicator, params: Mapping[str, object], field: str) -> list[Issue]:
    """What is wrong with the numbers given to an indicator, one Issue per fault; empty when all is well.

    `params` maps names to plain numbers (named parameters already put in); `field` is the JSON pointer of `params`.
    """
    issues: list[Issue] = []
    for name, value in params.items():
        parameter = indicator.parameter(name)
        if parameter is None:
            issues.append(_unknown_parameter(indicator, name, field))
        else:
            issues.extend(_value_issues(indicator, parameter, value, f"{field}/{name}"))
    for parameter in indicator.parameters:
        if parameter.required and parameter.name not in params:
            message = f"{indicator.name} needs {parameter.name} ({parameter.description})"
            issues.append(Issue(f"{field}/{parameter.name}", message, f"for example {parameter.default}"))
    return issues or _order_issues(indicator, params, field)


def _unknown_parameter(indicator: Indicator, name: str, field: str) -> Issue:
    known = [parameter.name for parameter in indicator.parameters]
    if not known:
        return Issue(f"{field}/{name}", f"{indicator.name} takes no parameters", "leave it out")
    suggestion = _did_you_mean(name, known) or f"it takes {', '.join(known)}"
    return Issue(f"{field}/{name}", f"{indicator.name} has no parameter {name!r}", suggestion)


def _value_issues(indicator: Indicator, parameter: Parameter, value: object, field: str) -> list[Issue]:
    of = f"{parameter.name} of {indicator.name}"
    kind = "a whole number" if parameter.integer else "a number"
    between = f"{kind} from {parameter.minimum} to {parameter.maximum}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return [Issue(field, f"{of} must be {kind}, not {value!r}", between)]
    if parameter.integer and value != int(value):
        return [Issue(field, f"{of} must be {kind}, not {value}", f"{math.floor(value)} or {math.ceil(value)}")]
    if not parameter.minimum <= value <= parameter.maximum:
        return [Issue(field, f"{of} is {value}, out of bounds", between)]
    return []


# Parameters of one indicator of which the first must stay below, or may at most reach, the second.
_ORDERS = {"MACD": ("fastperiod", "slowperiod", "below"), "PSAR": ("acceleration", "maximum", "at most")}


def _order_issues(indicator: Indicator, params: Mapping[str, object], field: str) -> list[Issue]:
    """Faults of numbers that are each right but not together; all of `params` are numbers in bounds."""
    if indicator.name not in _ORDERS:
        return []
    low, high, relation = _ORDERS[indicator.name]
    numbers = {name: value for name, value in params.items() if isinstance(value, int | float)}
    values = fill_defaults(indicator, numbers)
    first, second = values[low], values[high]
    if first < second or (first == second and relation == "at most"):
        return []
    message = f"{low} of {indicator.name} is {first}, and must be {relation} {high}, which is {second}"
    return [Issue(f"{field}/{low}", message, f"swap them, or choose a {low} {relation} {second}")]
