"""The charts that specs are drawn for, and the indicators and parameters a spec declares on its way."""

from dataclasses import dataclass, field

from Backtest.canonical.operands import IndicatorRef, ParamRef, PriceField
from Backtest.canonical.spec import IndicatorUse, Parameter
from Backtest.indicators.indicator_registry import Indicator, Output, column_name, find, indicators
from tests.generators.draws import Draws


@dataclass(frozen=True)
class Chart:
    """`unit`: a price distance that is reached within a few bars; `longer`: charts that can be built from this one."""

    symbol: str
    timeframe: str
    longer: tuple[str, ...]
    unit: float
    decimals: int
    pips: int
    units: tuple[int, int]
    per_unit: tuple[float, ...]


GOOG = Chart("GOOG", "1d", ("1w", "1mo"), 2.0, 1, 20_000, (1, 120), (0.0, 0.005, 0.02))
EURUSD = Chart("EURUSD", "1h", ("2h", "4h", "8h", "1d", "1w"), 0.001, 4, 10, (100, 60_000), (0.0, 0.00002, 0.0001))
OHLC: tuple[PriceField, ...] = ("Close", "Open", "High", "Low")
PRICE_LIKE = tuple(indicator for indicator in indicators() if indicator.price_like)
BOUNDED = tuple((i, o) for i in indicators() for o in i.outputs if o.bounds is not None)
LONGEST, LONGEST_ON_LONGER_CHART = 40, 6


@dataclass
class Workshop:
    """One spec in the making: its chart, the indicators and parameters declared so far, and what its rules speak of.

    `said`: subjects of the conditions of the rule at hand; each is spoken of once, so that no two contradict each other.
    """

    draws: Draws
    chart: Chart
    uses: dict[str, IndicatorUse] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    constraints: list[str] = field(default_factory=list)
    said: set[object] = field(default_factory=set)

    def say(self, subject: object) -> bool:
        """Whether the subject is new to the rule at hand."""
        is_new = subject not in self.said
        self.said.add(subject)
        return is_new

    def parameter(self, name: str, value: float, low: float, high: float, step: float | None = None) -> ParamRef:
        bounds = {"min": low, "max": high, "step": step} if self.draws.chance(60) else {}
        self.parameters.setdefault(name, Parameter(name=name, value=value, **bounds))
        return ParamRef(name=name)

    def value_of(self, name: str) -> float:
        return self.parameters[name].value

    def indicator(
        self,
        indicator: Indicator,
        *,
        sources: tuple[PriceField, ...] = OHLC,
        may_be_longer: bool = True,
        may_be_named: bool = True,
    ) -> IndicatorUse:
        """Declares an indicator with drawn parameters; its id is its column's name, its role, or an invented one."""
        longer = may_be_longer and self.draws.chance(15)
        numbers = self._numbers(indicator, LONGEST_ON_LONGER_CHART if longer else LONGEST)
        source = self.draws.one_of((indicator.default_source, *sources)) if indicator.default_source else None
        timeframe = self.draws.one_of(self.chart.longer) if longer else None
        params: dict[str, int | float | ParamRef] = dict(numbers)
        identifier = column_name(indicator, numbers, source=source, timeframe=timeframe)
        if may_be_named and "timeperiod" in params and self.draws.chance(12):
            role = f"period_{len(self.parameters) + 1}"
            params["timeperiod"] = self.parameter(role, numbers["timeperiod"], 1, 60, 1)
            identifier = f"{indicator.name.lower()}_{role}"
        elif self.draws.chance(8):
            identifier = f"line_{len(self.uses) + 1}"
        made = IndicatorUse(id=identifier, name=indicator.name, params=params, source=source, timeframe=timeframe)
        return self.uses.setdefault(identifier, made)

    def of_another(self, indicator: Indicator, inner: IndicatorUse, output: Output) -> IndicatorUse:
        """Declares an indicator that is computed of an output of a declared one, on its chart."""
        numbers = self._numbers(indicator, 6)
        inner_word = "_".join(word for word in (inner.id, output.name) if word)
        identifier = column_name(indicator, numbers, source=inner_word, timeframe=inner.timeframe)
        made = IndicatorUse(
            id=identifier[:64],
            name=indicator.name,
            params=dict(numbers),
            source=IndicatorRef(id=inner.id, output=output.name),
            timeframe=inner.timeframe,
        )
        return self.uses.setdefault(made.id, made)

    def _numbers(self, indicator: Indicator, longest: int) -> dict[str, int | float]:
        draws, numbers = self.draws, {}
        for parameter in indicator.parameters:
            if parameter.name == "bars_per_year":
                numbers[parameter.name] = 252 if self.chart is GOOG else 6_000
            elif parameter.integer:
                numbers[parameter.name] = draws.whole(int(parameter.minimum), longest)
            elif indicator.name == "PSAR":
                numbers[parameter.name] = draws.real(
                    *((0.01, 0.05) if parameter.name == "acceleration" else (0.1, 0.3)), 2
                )
            else:
                numbers[parameter.name] = draws.real(0.5, 3.0, 1)
        if indicator.name == "MACD":
            numbers["slowperiod"] = numbers["fastperiod"] + numbers["slowperiod"] // 2 + 1
        if indicator.name in ("MACD", "ICHIMOKU", "STOCHRSI"):  # their warm-ups add up
            numbers = {name: min(value, longest) if name != "slowperiod" else value for name, value in numbers.items()}
        return numbers

    def reference(self, use: IndicatorUse, output: Output, *, longest_shift: int = 3) -> IndicatorRef:
        shift = self.draws.whole(1, longest_shift) if self.draws.chance(12) else 0
        return IndicatorRef(id=use.id, output=output.name, shift=shift)

    def content(self, identifier: str) -> IndicatorUse:
        """A declared indicator without regard to its id."""
        return self.uses[identifier].model_copy(update={"id": "any"})

    def atr(self) -> str:
        """The id of an ATR of the chart or a longer one."""
        return self.indicator(find("ATR")).id

    def pair_of_averages(self) -> tuple[IndicatorRef, IndicatorRef]:
        """Two averages of one kind with named periods, bound by a constraint: the fast and the slow one."""
        name = self.draws.one_of(("SMA", "EMA", "WMA"))
        fast = self.parameter("fast", self.draws.whole(3, 12), 2, 20, 1)
        slow = self.parameter("slow", self.draws.whole(15, 40), 13, 60, 1)
        if not self.constraints:
            self.constraints.append(self.draws.one_of(("fast < slow", "slow > fast", "slow >= 13", "fast != slow")))
        for role in (fast, slow):
            identifier = f"{name.lower()}_{role.name}"
            use = IndicatorUse(id=identifier, name=name, params={"timeperiod": role}, source="Close")
            self.uses.setdefault(identifier, use)
        return IndicatorRef(id=f"{name.lower()}_fast"), IndicatorRef(id=f"{name.lower()}_slow")
