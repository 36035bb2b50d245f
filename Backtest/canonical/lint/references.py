"""Names that stand for something declared elsewhere: indicators, outputs, parameters, patterns."""

from collections.abc import Iterator

from Backtest.canonical.conditions import Pattern
from Backtest.canonical.nearest import did_you_mean
from Backtest.canonical.operands import IndicatorRef, ParamRef, Previous
from Backtest.canonical.risk import AtrDistance, AtrGain
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.canonical.walk import walk
from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators.indicator_registry import find, find_pattern, output_of
from Backtest.timeframes import longer_than

# Indicators that are distances in price, as an ATR is.
_DISTANCES = ("ATR", "TRANGE", "STDDEV")
_WORDS = {1: "bullish", -1: "bearish"}
_PERIODS = {"day": "1d", "week": "1w", "month": "1mo"}


def reference_issues(spec: Spec) -> Iterator[Issue]:
    uses = {use.id: use for use in spec.indicators}
    parameters = [parameter.name for parameter in spec.parameters]
    for pointer, node in walk(spec):
        match node:
            case IndicatorRef() if node.id in uses:
                yield from _output(pointer, node, uses[node.id])
            case IndicatorRef():
                yield _unknown(f"{pointer}/id", "indicator", node.id, list(uses))
            case ParamRef() if node.name not in parameters:
                yield _unknown(f"{pointer}/name", "parameter", node.name, parameters)
            case AtrDistance() | AtrGain() if node.indicator in uses:
                yield from _atr(f"{pointer}/indicator", uses[node.indicator])
            case AtrDistance() | AtrGain():
                yield _unknown(f"{pointer}/indicator", "indicator", node.indicator, list(uses))
            case Pattern():
                yield from _pattern(pointer, node)
            case Previous() if longer_than(spec.timeframe, _PERIODS[node.period]):
                said = f"a bar of {spec.timeframe} is longer than a {node.period}"
                yield Issue(f"{pointer}/period", said, "take a longer period")


def _unknown(pointer: str, kind: str, name: str, known: list[str]) -> Issue:
    otherwise = f"declared: {', '.join(known)}" if known else f"declare the {kind}"
    return Issue(pointer, f"no {kind} is called {name!r}", did_you_mean(name, known, otherwise))


def _output(pointer: str, node: IndicatorRef, use: IndicatorUse) -> Iterator[Issue]:
    try:
        indicator = find(use.name)
    except IndicatorInvalid:  # named where it is declared
        return
    try:
        output_of(indicator, node.output)
    except IndicatorInvalid as error:
        yield Issue(f"{pointer}/output", error.message, error.issues[0].suggestion)


def _atr(pointer: str, use: IndicatorUse) -> Iterator[Issue]:
    try:
        name = find(use.name).name
    except IndicatorInvalid:  # named where it is declared
        return
    if name not in _DISTANCES or use.source == "Volume" or isinstance(use.source, IndicatorRef):
        yield Issue(
            pointer, f"{use.id} ({name}) is no distance in price", f"name an {_DISTANCES[0]}, for example ATR_14"
        )


def _pattern(pointer: str, node: Pattern) -> Iterator[Issue]:
    try:
        pattern = find_pattern(node.name)
    except IndicatorInvalid as error:
        yield Issue(f"{pointer}/name", error.message, error.issues[0].suggestion)
        return
    if node.direction != "any" and node.direction not in [_WORDS[sign] for sign in pattern.signs]:
        is_only = " or ".join(_WORDS[sign] for sign in pattern.signs)
        said = f"{pattern.name} ({pattern.title}) is never {node.direction}"
        yield Issue(f"{pointer}/direction", said, f"it is {is_only}")
