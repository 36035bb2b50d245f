"""Operands in English: one phrase for each kind."""

from collections.abc import Callable
from typing import Any

from Backtest.canonical.node import Node
from Backtest.canonical.operands import (
    Arith,
    BarsSinceEntry,
    EntryPrice,
    Highest,
    IndicatorRef,
    Lowest,
    Number,
    OpenProfitPct,
    Operand,
    ParamRef,
    PercentChange,
    Previous,
    Price,
)
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.errors import IndicatorInvalid
from Backtest.indicators.indicator_registry import Indicator, find, output_of

# What indicators are called where their short name is no word that traders say.
_SPOKEN = {
    "WILLR": "Williams %R",
    "PSAR": "Parabolic SAR",
    "MOM": "momentum",
    "ROC": "rate of change",
    "TRANGE": "true range",
    "STDDEV": "standard deviation",
    "ZSCORE": "z-score",
    "PLUS_DI": "+DI",
    "MINUS_DI": "-DI",
    "REALISED_VOLATILITY": "realised volatility",
    "HIGHEST": "highest value",
    "LOWEST": "lowest value",
    "BBANDS": "Bollinger band",
    "DONCHIAN": "Donchian band",
    "KELTNER": "Keltner band",
    "STOCH": "Stochastic",
    "STOCHRSI": "Stochastic RSI",
    "AROON": "Aroon",
    "SUPERTREND": "Supertrend",
    "ICHIMOKU": "Ichimoku",
}
_OUTPUTS = {
    "macd": "the {} line",
    "signal": "the {} signal line",
    "hist": "the {} histogram",
    "k": "{} %K",
    "d": "{} %D",
    "up": "{} up",
    "down": "{} down",
    "line": "the {} line",
    "direction": "the {} direction",
    "conversion": "the {} conversion line",
    "base": "the {} base line",
    "span_a": "{} span A",
    "span_b": "{} span B",
    "upper": "the upper {}",
    "middle": "the middle {}",
    "lower": "the lower {}",
}
_CHARTS = {"1h": "hourly", "1d": "daily", "1w": "weekly", "1mo": "monthly", "1q": "quarterly"}


def chart_name(timeframe: str) -> str:
    """ "daily" for "1d", "4-hour" for "4h", "15-minute" for "15m"."""
    if timeframe in _CHARTS:
        return _CHARTS[timeframe]
    count, unit = timeframe[:-1], timeframe[-1]
    return f"{count}-{ {'m': 'minute', 'h': 'hour', 'd': 'day'}[unit] }"


def number_text(value: float) -> str:
    """30, 0.25, 100,000: no more digits than the number has."""
    if value == int(value):
        return f"{int(value):,}"
    text = repr(float(value))
    return text if "e" not in text else format(value, ".12f").rstrip("0")


def bars_text(count: int) -> str:
    return "1 bar" if count == 1 else f"{count:,} bars"


def _ago(phrase: str, shift: int) -> str:
    return phrase if not shift else f"{phrase} of {bars_text(shift)} ago"


def describe_operand(operand: Operand, spec: Spec) -> str:
    """The operand as a noun phrase: "the close", "RSI(14)", "0.99 × the close of 2 bars ago"."""
    return OPERAND_PHRASES[type(operand)](operand, spec)


def describe_indicator(identifier: str, spec: Spec, output: str | None = None) -> str:
    """ "RSI(14)", "SMA(20) of the volume", "the upper Bollinger band(20, 2)", "EMA(50) on the weekly chart"."""
    try:
        use = spec.indicator(identifier)
        line = _line(use, spec, output)
    except (KeyError, IndicatorInvalid):  # lint names it; the sentence is still to be made
        return identifier if output is None else f"{output} of {identifier}"
    is_longer = use.timeframe not in (None, spec.timeframe)
    return f"{line} on the {chart_name(use.timeframe)} chart" if use.timeframe is not None and is_longer else line


def _line(use: IndicatorUse, spec: Spec, output: str | None) -> str:
    """The indicator with its numbers and what it is computed of, whatever its chart."""
    indicator = find(use.name)
    said = output_of(indicator, output).name if len(indicator.outputs) > 1 and output else output
    name = _name(indicator, said)
    numbers = ", ".join(_param(name, use, spec) for name in _shown(indicator, use))
    source = ""
    if isinstance(use.source, IndicatorRef):
        source = f" of {_line(spec.source_of(use, use.source), spec, use.source.output)}"
    elif use.source not in (None, indicator.default_source):
        source = f" of the {use.source.lower()}"
    return f"{name}({numbers}){source}" if numbers else f"{name}{source}"


def _name(indicator: Indicator, output: str | None) -> str:
    spoken = _SPOKEN.get(indicator.name, indicator.name)
    if output is None:
        return f"the {spoken}" if spoken[0].islower() else spoken
    return _OUTPUTS.get(output, f"the {output} of {{}}").format(spoken)


def _shown(indicator: Indicator, use: IndicatorUse) -> list[str]:
    """The parameters that a reader looks for: those of the column's name."""
    return [
        parameter.name
        for parameter in indicator.parameters
        if parameter.in_column and parameter.name in use.params
        if not (parameter.omit_default and use.params[parameter.name] == parameter.default)
    ]


def _param(name: str, use: IndicatorUse, spec: Spec) -> str:
    value = use.params[name]
    return _named_parameter(value, spec) if isinstance(value, ParamRef) else number_text(value)


def _named_parameter(operand: ParamRef, spec: Spec) -> str:
    try:
        return f"{operand.name} = {number_text(spec.parameter_value(operand.name))}"
    except KeyError:  # lint names it
        return operand.name


def _price(operand: Price, spec: Spec) -> str:
    return _ago(f"the {operand.field.lower()}", operand.shift)


def _reference(operand: IndicatorRef, spec: Spec) -> str:
    return _ago(describe_indicator(operand.id, spec, operand.output), operand.shift)


def _arith(operand: Arith, spec: Spec) -> str:
    parts = [describe_operand(part, spec) for part in operand.args]
    if operand.op == "abs":
        return f"the size of {parts[0]}"
    if operand.op in ("min", "max"):
        words = {
            ("min", True): "smaller",
            ("max", True): "larger",
            ("min", False): "smallest",
            ("max", False): "largest",
        }
        return f"the {words[operand.op, len(parts) == 2]} of {', '.join(parts[:-1])} and {parts[-1]}"
    symbol = {"+": "+", "-": "−", "*": "×", "/": "÷"}[operand.op]
    terms = zip(operand.args, parts, strict=True)
    return f" {symbol} ".join(
        f"({text})" if isinstance(part, Arith) and part.op in "+-*/" else text for part, text in terms
    )


def _extreme(operand: Highest | Lowest, spec: Spec) -> str:
    of = operand.of
    what = of.field.lower() if isinstance(of, Price) and not of.shift else f"value of {describe_operand(of, spec)}"
    bars = bars_text(operand.bars)
    window = f"the last {bars}, this one included" if operand.include_current else f"the {bars} before"
    return f"the {operand.type} {what} of {window}"


def _percent_change(operand: PercentChange, spec: Spec) -> str:
    return f"the percent change of {describe_operand(operand.of, spec)} over {bars_text(operand.bars)}"


def _previous(operand: Previous, spec: Spec) -> str:
    return f"the {operand.field.lower()} of the previous {operand.period}"


OPERAND_PHRASES: dict[type[Node], Callable[[Any, Spec], str]] = {
    Number: lambda operand, spec: number_text(operand.value),
    ParamRef: lambda operand, spec: f"{operand.name} ({_named_parameter(operand, spec).rpartition(' = ')[2]})",
    Price: _price,
    IndicatorRef: _reference,
    Arith: _arith,
    Highest: _extreme,
    Lowest: _extreme,
    PercentChange: _percent_change,
    Previous: _previous,
    BarsSinceEntry: lambda operand, spec: "the number of closes since entry",
    OpenProfitPct: lambda operand, spec: "the open profit in percent",
    EntryPrice: lambda operand, spec: "the entry price",
}
