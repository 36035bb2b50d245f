"""Parameters, constraints, indicators and ids: what a spec declares."""

import keyword
from collections.abc import Iterator

from Backtest.canonical.constraints import number_of, read_constraint
from Backtest.canonical.indicator_columns import longer_timeframe
from Backtest.canonical.nearest import did_you_mean
from Backtest.canonical.operands import IndicatorRef, ParamRef
from Backtest.canonical.spec import IndicatorUse, Parameter, Spec
from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators.indicator_registry import Indicator, check_parameters, find
from Backtest.timeframes import can_build, longer_than

# Attributes of backtesting.py's Strategy, and what the language itself calls things.
RESERVED = frozenset(
    {"I", "init", "next", "buy", "sell", "data", "orders", "trades", "position", "equity", "closed_trades", "self"}
    | {"Open", "High", "Low", "Close", "Volume"}
)


def declaration_issues(spec: Spec) -> Iterator[Issue]:
    yield from _duplicates([(f"/parameters/{i}/name", p.name) for i, p in enumerate(spec.parameters)], "parameter")
    yield from _duplicates([(f"/indicators/{i}/id", use.id) for i, use in enumerate(spec.indicators)], "indicator")
    rules = [(f"/entry_rules/{i}/id", rule.id) for i, rule in enumerate(spec.entry_rules)]
    rules += [(f"/exit_rules/{i}/id", rule.id) for i, rule in enumerate(spec.exit_rules)]
    yield from _duplicates(rules, "rule")
    for i, parameter in enumerate(spec.parameters):
        yield from _reserved(f"/parameters/{i}/name", parameter.name)
        yield from _bounds(f"/parameters/{i}", parameter)
    for i, constraint in enumerate(spec.constraints):
        yield from _constraint(f"/constraints/{i}", constraint, spec)
    for i, use in enumerate(spec.indicators):
        yield from _reserved(f"/indicators/{i}/id", use.id)
        yield from _indicator(f"/indicators/{i}", use, spec)


def _duplicates(named: list[tuple[str, str]], kind: str) -> Iterator[Issue]:
    seen: set[str] = set()
    for pointer, name in named:
        if name in seen:
            yield Issue(pointer, f"another {kind} is called {name!r} too", f"for example {name}_2")
        seen.add(name)


def _reserved(pointer: str, name: str) -> Iterator[Issue]:
    if name in RESERVED or keyword.iskeyword(name):
        yield Issue(pointer, f"{name!r} has a meaning of its own in strategy code", f"for example {name.lower()}_1")


def _bounds(pointer: str, parameter: Parameter) -> Iterator[Issue]:
    value, low, high = parameter.value, parameter.min, parameter.max
    if low is not None and high is not None and low > high:
        yield Issue(f"{pointer}/min", f"min {low:g} of {parameter.name} is above its max {high:g}", "swap them")
    elif low is not None and value < low:
        yield Issue(f"{pointer}/value", f"{parameter.name} is {value:g}, below its min {low:g}", f"at least {low:g}")
    elif high is not None and value > high:
        yield Issue(f"{pointer}/value", f"{parameter.name} is {value:g}, above its max {high:g}", f"at most {high:g}")


def _constraint(pointer: str, constraint: str, spec: Spec) -> Iterator[Issue]:
    """`NAME-OR-NUMBER OP NAME-OR-NUMBER`, true of the values that the parameters have."""
    read = read_constraint(constraint)
    if read is None:
        yield Issue(pointer, f"can't read the constraint {constraint!r}", "write it like 'fast < slow' or 'fast >= 5'")
        return
    sides: list[float] = []
    for term in (read.left, read.right):
        value = _term(term, spec)
        if value is None:
            known = [parameter.name for parameter in spec.parameters]
            hint = did_you_mean(
                term, known, f"parameters: {', '.join(known)}" if known else "declare it as a parameter"
            )
            yield Issue(pointer, f"{term!r} in the constraint {constraint!r} is no parameter and no number", hint)
        else:
            sides.append(value)
    if len(sides) == 2 and not read.holds(*sides):
        said = f"{read.left} is {sides[0]:g} and {read.right} is {sides[1]:g}"
        yield Issue(
            pointer, f"the constraint {constraint!r} does not hold: {said}", "change the values, or the constraint"
        )


def _term(term: str, spec: Spec) -> float | None:
    try:
        return spec.parameter_value(term)
    except KeyError:
        return number_of(term)


def _indicator(pointer: str, use: IndicatorUse, spec: Spec) -> Iterator[Issue]:
    try:
        indicator = find(use.name)
    except IndicatorInvalid as error:
        yield Issue(f"{pointer}/name", error.message, error.issues[0].suggestion)
        return
    yield from _params(pointer, use, indicator, spec)
    if use.source is not None and indicator.default_source is None:
        columns = ", ".join(column for column in indicator.inputs if column != "index")
        yield Issue(f"{pointer}/source", f"{indicator.name} is always of {columns}", "leave the source out")
    elif isinstance(use.source, IndicatorRef):
        yield from _source(f"{pointer}/source", use, use.source, spec)
    if use.timeframe is not None and use.timeframe != spec.timeframe and not can_build(spec.timeframe, use.timeframe):
        is_shorter = longer_than(spec.timeframe, use.timeframe)
        why = "is shorter than" if is_shorter else "is not made of whole"
        said = f"{use.timeframe} {why} the strategy's {spec.timeframe} bars"
        yield Issue(f"{pointer}/timeframe", said, "take a longer chart, or change the strategy's timeframe")


def _source(pointer: str, use: IndicatorUse, source: IndicatorRef, spec: Spec) -> Iterator[Issue]:
    """One that is not declared at all is found with the references."""
    if source.shift:
        yield Issue(f"{pointer}/shift", "an indicator is computed of another's present values", "leave the shift out")
    if source.id not in {each.id for each in spec.indicators}:
        return
    try:
        inner = spec.source_of(use, source)
    except KeyError:
        yield Issue(f"{pointer}/id", f"{use.id} is computed of itself in the end", "let it be of a price")
        return
    if longer_timeframe(inner, spec) != longer_timeframe(use, spec):
        mine, other = (each.timeframe or spec.timeframe for each in (use, inner))
        said = f"{use.id} is of {mine} bars, and {source.id} of {other} bars"
        yield Issue(f"{pointer}/id", said, "let both be of one timeframe")


def _params(pointer: str, use: IndicatorUse, indicator: Indicator, spec: Spec) -> Iterator[Issue]:
    """The registry's own checks, on the values of named parameters; unknown names are found with the references."""
    known = {parameter.name: parameter.value for parameter in spec.parameters}
    values: dict[str, object] = {}
    for name, given in use.params.items():
        if not isinstance(given, ParamRef):
            values[name] = given
        elif given.name in known:
            values[name] = known[given.name]
    missing = {name for name in use.params if name not in values}
    for issue in check_parameters(indicator, values, f"{pointer}/params"):
        if issue.field.rpartition("/")[2] not in missing:
            yield issue
