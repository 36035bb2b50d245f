"""What a declared indicator's column is called, whatever it is computed of."""

from Backtest.canonical.operands import IndicatorRef, ParamRef
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.indicators.indicator_registry import Number, column_name, fill_defaults, find


def numbers_of(use: IndicatorUse, spec: Spec) -> dict[str, Number]:
    """The indicator's parameters as numbers, defaults and the values of named parameters put in."""
    given = {
        name: spec.parameter_value(value.name) if isinstance(value, ParamRef) else value
        for name, value in use.params.items()
    }
    return fill_defaults(find(use.name), given)


def longer_timeframe(use: IndicatorUse, spec: Spec) -> str | None:
    """The indicator's timeframe where it is not the chart's."""
    return None if use.timeframe == spec.timeframe else use.timeframe


def column_of(use: IndicatorUse, spec: Spec, output: str | None = None) -> str:
    """`RSI_14`, `SMA_20_VOLUME`, `EMA_50_1D`, and of another indicator `SMA_10_RSI_14` (rule 27); without an output,
    the name of the indicator as a whole (`BB_20_2`)."""
    source: str | None
    if isinstance(use.source, IndicatorRef):
        inner = spec.source_of(use, use.source)
        source = column_of(inner.model_copy(update={"timeframe": None}), spec, use.source.output)
    else:
        source = use.source
    return column_name(find(use.name), numbers_of(use, spec), output, source, longer_timeframe(use, spec))


def attribute_of(use: IndicatorUse, spec: Spec, output: str | None) -> str:
    """What generated code calls it: its column, or its role where a number of it is a named parameter (`ema_fast`)."""
    if not any(isinstance(value, ParamRef) for value in use.params.values()):
        return column_of(use, spec, output)
    return f"{use.id}_{output}" if output and len(find(use.name).outputs) > 1 else use.id
