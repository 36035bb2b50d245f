"""The arrays of an indicator, computed as the compiler's expression computes them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import talib

from Backtest.errors import IndicatorInvalid, Issue
from Backtest.indicators import functions
from Backtest.indicators.catalogue import PRICE_COLUMNS
from Backtest.indicators.definitions import Argument, Indicator, Number
from Backtest.indicators.indicator_registry import check_parameters, fill_defaults


def compute(
    indicator: Indicator, params: Mapping[str, Number], frame: pd.DataFrame, source: str | np.ndarray | None = None
) -> tuple[np.ndarray, ...]:
    """The indicator's outputs, in their order, each float64 and as long as the frame, NaN where undefined.

    `frame`: columns Open High Low Close Volume, naive sorted DatetimeIndex. `params` may leave defaults out; `source`
    is the price column for an indicator that has a choice, or another indicator's array, float64 and as long as the
    frame, its first values perhaps NaN. Raises IndicatorInvalid where either isn't right.
    """
    issues = check_parameters(indicator, params, "params")
    is_known = isinstance(source, np.ndarray) or source in PRICE_COLUMNS
    if source is not None and (indicator.default_source is None or not is_known):
        issues.append(_source_issue(indicator, source))
    if issues:
        raise IndicatorInvalid(f"{indicator.name} can't be computed: {issues[0].message}", issues)
    complete = fill_defaults(indicator, params)
    positional: list[object] = []
    named: dict[str, object] = {}
    for argument in indicator.call.arguments:
        value = _value(argument, complete, frame, indicator.default_source if source is None else source)
        if argument.keyword is None:
            positional.append(value)
        else:
            named[argument.keyword] = value
    result = _function(indicator.call.function)(*positional, **named)
    return tuple(result[pick] for pick in indicator.call.picks) if indicator.call.picks else (result,)


def _source_issue(indicator: Indicator, source: str | np.ndarray) -> Issue:
    if indicator.default_source is None:
        fixed = ", ".join(column for column in indicator.inputs if column in PRICE_COLUMNS)
        return Issue("source", f"{indicator.name} has no choice of source: it takes {fixed}", "leave the source out")
    return Issue("source", f"{indicator.name} can't be computed of {source!r}", f"one of {', '.join(PRICE_COLUMNS)}")


def _value(
    argument: Argument, params: Mapping[str, Number], frame: pd.DataFrame, source: str | np.ndarray | None
) -> object:
    if argument.kind == "constant":
        return argument.value
    if argument.kind == "parameter":
        return params[str(argument.value)]
    if argument.value == "index":
        return frame.index
    column = source if argument.value == "source" else argument.value
    if isinstance(column, np.ndarray):
        return column
    return frame[column].to_numpy(dtype=np.float64)


def _function(name: str) -> Callable[..., Any]:
    """`talib.X`, or one of ours by its bare name."""
    if name.startswith("talib."):
        return getattr(talib, name.removeprefix("talib."))  # type: ignore[no-any-return]
    return getattr(functions, name)  # type: ignore[no-any-return]
