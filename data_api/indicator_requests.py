"""The indicators that a request asks for: by the name of a column, or by their parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators import indicator_registry as registry
from Backtest.indicators.catalogue import PRICE_COLUMNS
from Backtest.timeframes import TIMEFRAMES, parse_timeframe
from rest.errors import under

AskedFor = str | Mapping[str, object]
"""`RSI_14`, `BB_20_2` (all its lines), `EMA_50_1D`, `CDLDOJI`, or `{"name": "RSI", "timeperiod": 14}`, with `output`,
`source` and `timeframe` where they are not the usual ones; numbers may also stand together in `params`."""

_PARTS: Final = ("name", "params", "output", "source", "timeframe")


@dataclass(frozen=True)
class WantedIndicator:
    """Columns of one indicator, checked against the registry; `timeframe` None is the chart's."""

    indicator: registry.Indicator
    params: Mapping[str, registry.Number]
    outputs: tuple[str | None, ...]
    source: str | None = None
    timeframe: str | None = None


@dataclass(frozen=True)
class WantedPattern:
    """The column of one candlestick pattern: 100 where bullish, -100 where bearish, else 0."""

    pattern: registry.Pattern


Wanted = WantedIndicator | WantedPattern
_Found = TypeVar("_Found", registry.Indicator, registry.Pattern)


def read_indicators(asked: Sequence[AskedFor], field: str) -> tuple[Wanted, ...]:
    """What is asked for, in its order. Raises IndicatorInvalid with every fault, each below `field/<place>`."""
    wanted: list[Wanted] = []
    issues: list[Issue] = []
    for place, item in enumerate(asked):
        try:
            wanted.append(_by_column(item) if isinstance(item, str) else _by_parts(item))
        except IndicatorInvalid as error:
            issues.extend(under(f"{field}/{place}", error.issues))
    if issues:
        raise IndicatorInvalid(issues[0].message, issues)
    return tuple(wanted)


def _by_column(text: str) -> Wanted:
    if text.strip().upper().startswith("CDL"):
        return WantedPattern(_found_at("", lambda: registry.find_pattern(text)))
    parts = registry.parse_column(text)
    if parts is None:  # no such indicator, or one that can't do without its numbers
        indicator = _found_at("", lambda: registry.find(text))
        return _checked(indicator, {}, None, None, None, "")
    return _checked(parts.indicator, parts.params, parts.output, parts.source, parts.timeframe, "")


def _by_parts(item: Mapping[str, object]) -> Wanted:
    name = _text(item, "name")
    if name is None:
        raise _fault("name", "the indicator has no name", f"one of {', '.join(registry.names())}")
    if name.strip().upper().startswith("CDL"):
        if others := [part for part in item if part != "name"]:
            raise _fault(others[0], "a candlestick pattern takes no parameters", "leave it out")
        return WantedPattern(_found_at("name", lambda: registry.find_pattern(name)))
    indicator = _found_at("name", lambda: registry.find(name))
    params = {part: value for part, value in item.items() if part not in _PARTS}
    if "params" not in item:
        return _checked(indicator, params, *_choices(item), "")
    if params:
        raise _fault(next(iter(params)), "the numbers stand partly in params, partly beside it", "put all into params")
    nested = item["params"]
    if not isinstance(nested, Mapping):
        raise _fault("params", "params is no object", 'write {"timeperiod": 14}')
    return _checked(indicator, nested, *_choices(item), "params")


def _choices(item: Mapping[str, object]) -> tuple[str | None, str | None, str | None]:
    return _text(item, "output"), _text(item, "source"), _text(item, "timeframe")


def _checked(
    indicator: registry.Indicator,
    params: Mapping[str, object],
    output: str | None,
    source: str | None,
    timeframe: str | None,
    params_field: str,
) -> WantedIndicator:
    """The request as the registry understands it; IndicatorInvalid, with each fault, where it does not."""
    if issues := registry.check_parameters(indicator, params, params_field):
        raise IndicatorInvalid(issues[0].message, issues)
    numbers = {name: value for name, value in params.items() if isinstance(value, int | float)}
    chosen = registry.output_of(indicator, output).name if output is not None else None
    return WantedIndicator(
        indicator,
        registry.fill_defaults(indicator, numbers),
        (chosen,) if output is not None else tuple(each.name for each in indicator.outputs),
        _source(indicator, source),
        _timeframe(timeframe),
    )


def _source(indicator: registry.Indicator, source: str | None) -> str | None:
    if source is None:
        return None
    column = source.strip().capitalize()
    if indicator.default_source is None:
        raise _fault("source", f"{indicator.name} has no choice of source", "leave the source out")
    if column not in PRICE_COLUMNS:
        raise _fault("source", f"{source[:40]!r} is no column of prices", f"one of {', '.join(PRICE_COLUMNS)}")
    return column


def _timeframe(text: str | None) -> str | None:
    if text is None:
        return None
    timeframe = parse_timeframe(text)
    if timeframe is None:
        raise _fault("timeframe", f"{text[:40]!r} is no timeframe", f"one of {', '.join(TIMEFRAMES)}")
    return timeframe


def _text(item: Mapping[str, object], part: str) -> str | None:
    value = item.get(part)
    if value is None or isinstance(value, str):
        return value
    raise _fault(part, f"{part} is no text", "write it in quotes")


def _found_at(field: str, find: Callable[[], _Found]) -> _Found:
    """What the registry finds; its faults name `field`."""
    try:
        return find()
    except IndicatorInvalid as error:
        issues = [Issue(field, issue.message, issue.suggestion) for issue in error.issues]
        raise IndicatorInvalid(error.message, issues) from error


def _fault(field: str, message: str, suggestion: str) -> IndicatorInvalid:
    return IndicatorInvalid(message, [Issue(field, message, suggestion)])
