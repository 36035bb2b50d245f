"""Where rules are first evaluated: on the second bar on which all that they wait for has a value (rule 2)."""

from collections.abc import Iterator

from Backtest.canonical.operand_phrases import describe_operand
from Backtest.canonical.operands import Highest, IndicatorRef, Lowest, PercentChange, Previous, Price
from Backtest.canonical.risk import AtrDistance, AtrGain, VolatilityTargetSizing
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.canonical.walk import walk
from Backtest.indicators.indicator_registry import find, output_of
from Backtest.kernel.interpreter.chart import VOLATILITY_BARS, Chart
from Backtest.kernel.interpreter.operands import at_bar, value


def first_bars(chart: Chart) -> dict[str, int | None]:
    """The first bar with a value of each indicator and of each operand that looks back; None where none has one."""
    bars = range(len(chart))
    return {name: next((bar for bar in bars if values[bar] is not None), None) for name, values in _waited_for(chart)}


def _waited_for(chart: Chart) -> Iterator[tuple[str, list[float | None]]]:
    spec, bars = chart.spec, range(len(chart))
    for use in spec.indicators:
        for output in _used_outputs(spec, use):
            series = chart.indicator(use.id, output)
            yield f"{use.id} {output or ''}".rstrip(), [at_bar(series, bar) for bar in bars]
    if isinstance(spec.sizing, VolatilityTargetSizing):
        volatility = chart.volatility
        yield f"realised volatility of {VOLATILITY_BARS} bars", [at_bar(volatility, bar) for bar in bars]
    for _, node in walk(spec):
        if isinstance(node, Highest | Lowest | PercentChange | Previous) or (
            isinstance(node, Price | IndicatorRef) and node.shift
        ):
            yield describe_operand(node, spec), [value(node, bar, chart, None) for bar in bars]


def _used_outputs(spec: Spec, use: IndicatorUse) -> list[str | None]:
    """The outputs that something in the spec speaks of; all of them where nothing does."""
    indicator = find(use.name)
    used: set[str | None] = set()
    for _, node in walk(spec):
        if isinstance(node, IndicatorRef) and node.id == use.id:
            used.add(output_of(indicator, node.output).name)
        elif isinstance(node, AtrDistance | AtrGain) and node.indicator == use.id:
            used.add(output_of(indicator, None).name)
    return [output.name for output in indicator.outputs if output.name in used or not used]
