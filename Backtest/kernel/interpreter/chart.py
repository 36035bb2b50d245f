"""The bars a spec is evaluated on, as plain lists: prices, stamps, and what the indicator registry computes of them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd
import talib

from Backtest.canonical.conditions import WEEKDAYS, WeekdayName
from Backtest.canonical.operands import IndicatorRef, ParamRef, Previous
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.indicators.arrays import compute
from Backtest.indicators.indicator_registry import Number, find, find_pattern, output_of
from Backtest.indicators.timeframes import align_to_chart, previous_period, resample_bars
from Backtest.timeframes import bars_per_year

VOLATILITY_BARS = 20
"""Log returns behind the volatility that a volatility target divides by (rule 26)."""

Series = list[float]


@dataclass
class Chart:
    """A spec's bars: `weekdays` and `clock` ("HH:MM") are those of their stamps.

    Series are as long as the bars and hold NaN where undefined; each is computed once.
    """

    spec: Spec
    frame: pd.DataFrame
    prices: dict[str, Series] = field(init=False)
    _outputs: dict[str, dict[str | None, Series]] = field(init=False, default_factory=dict)
    _patterns: dict[str, Series] = field(init=False, default_factory=dict)
    _previous: dict[tuple[str, str], Series] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.prices = {str(name): column.tolist() for name, column in self.frame.items()}

    def __len__(self) -> int:
        return len(self.frame)

    def outputs(self, identifier: str) -> dict[str | None, Series]:
        """Every output of a declared indicator, by name."""
        if identifier not in self._outputs:
            self._outputs[identifier] = self._computed(self.spec.indicator(identifier))
        return self._outputs[identifier]

    def indicator(self, identifier: str, output: str | None = None) -> Series:
        """An output of a declared indicator; None is its only or its main one."""
        chosen = output_of(find(self.spec.indicator(identifier).name), output)
        return self.outputs(identifier)[chosen.name]

    def pattern(self, name: str) -> Series:
        """A candlestick pattern: above 0 bullish, below 0 bearish."""
        if name not in self._patterns:
            function = getattr(talib, find_pattern(name).name)
            columns = (self.frame[column].to_numpy() for column in ("Open", "High", "Low", "Close"))
            self._patterns[name] = function(*columns).tolist()
        return self._patterns[name]

    def previous(self, operand: Previous) -> Series:
        """On each bar a price of the last calendar period that is complete."""
        key = operand.period, operand.field
        if key not in self._previous:
            self._previous[key] = previous_period(self.frame, *key, self.spec.timeframe).tolist()
        return self._previous[key]

    @cached_property
    def weekdays(self) -> list[WeekdayName]:
        return [WEEKDAYS[stamp.weekday()] for stamp in pd.DatetimeIndex(self.frame.index)]

    @cached_property
    def clock(self) -> list[str]:
        return [f"{stamp:%H:%M}" for stamp in pd.DatetimeIndex(self.frame.index)]

    @cached_property
    def volatility(self) -> Series:
        """Realised volatility a year (0.2 is 20 %) of the Close."""
        params = {"timeperiod": VOLATILITY_BARS, "bars_per_year": bars_per_year(self.spec.timeframe)}
        return cast(Series, compute(find("REALISED_VOLATILITY"), params, self.frame)[0].tolist())

    def _computed(self, use: IndicatorUse) -> dict[str | None, Series]:
        indicator = find(use.name)
        arrays = self._arrays(use)
        return {output.name: array.tolist() for output, array in zip(indicator.outputs, arrays, strict=True)}

    def _arrays(self, use: IndicatorUse) -> tuple[np.ndarray, ...]:
        if use.timeframe is None or use.timeframe == self.spec.timeframe:
            return self._on(self.frame, use)
        longer = resample_bars(self.frame, use.timeframe)
        ends, index = pd.DatetimeIndex(longer.index), pd.DatetimeIndex(self.frame.index)
        longer.index = ends - pd.Timedelta(1, "us")  # a bar that ends at midnight belongs to the day that ends then
        return tuple(align_to_chart(array, ends, index, self.spec.timeframe) for array in self._on(longer, use))

    def _on(self, frame: pd.DataFrame, use: IndicatorUse) -> tuple[np.ndarray, ...]:
        """Its arrays on the bars of its own timeframe, which is that of the indicator it is computed of as well."""
        params = {name: self._number(value) for name, value in use.params.items()}
        if not isinstance(use.source, IndicatorRef):
            return compute(find(use.name), params, frame, use.source)
        inner = self.spec.source_of(use, use.source)
        outputs = find(inner.name).outputs
        chosen = outputs.index(output_of(find(inner.name), use.source.output))
        return compute(find(use.name), params, frame, self._on(frame, inner)[chosen])

    def _number(self, value: Number | ParamRef) -> Number:
        return self.spec.parameter_value(value.name) if isinstance(value, ParamRef) else value
