"""One author: how they like to say numbers, periods and verbs, and which conventions their words have relied on."""

from collections import Counter
from dataclasses import dataclass, field

from Backtest.canonical.operands import Operand
from Backtest.canonical.spec import IndicatorUse, Spec
from tests.generators.draws import Draws
from tests.generators.english.ideas import AVERAGES, Chart

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
UNITS = {"1d": ("day", "day", "bar", "period"), "1w": ("week", "bar", "period")}


def digits(value: float) -> str:
    """30, 0.5, -100: no trailing zeros, no exponent."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def in_words(number: int) -> str:
    """A whole number below 1,000 in English."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")
    rest = f" {in_words(number % 100)}" if number % 100 else ""
    return f"{ONES[number // 100]} hundred{rest}"


@dataclass
class Voice:
    """`symbols`: writes < and >, and drops articles; `wordy`: percent of the whole numbers that are written out.

    `it`: what the pronoun stands for in the condition at hand.
    """

    draws: Draws
    spec: Spec
    chart: Chart
    symbols: bool = False
    wordy: int = 0
    it: Operand | None = None
    rules: Counter[int] = field(default_factory=Counter)

    def pick(self, *choices: str) -> str:
        return self.draws.one_of(choices)

    def chance(self, percent: int) -> bool:
        return self.draws.chance(percent)

    def relies_on(self, *rules: int) -> None:
        """Notes that the words at hand mean what they mean by these rules of the conventions."""
        self.rules.update(rules)

    def the(self, words: str) -> str:
        return words if self.symbols else f"the {words}"

    def whole(self, number: int) -> str:
        return in_words(number) if 0 < number < 1000 and self.chance(self.wordy) else str(number)

    def percent(self, value: float) -> str:
        if value == int(value) and self.chance(self.wordy):
            return f"{in_words(int(value))} {self.pick('percent', 'per cent')}"
        return f"{digits(value)}%" if self.symbols or self.chance(90) else f"{digits(value)} percent"

    def unit(self) -> str:
        """What a bar of the chart is called in a period."""
        name = self.draws.one_of(UNITS.get(self.chart.timeframe, ("bar", "period")))
        if name in ("day", "week"):
            self.relies_on(10)
        return name

    def bars(self, number: int) -> str:
        """A number of the chart's bars: "5 bars", on a daily chart "five days" too."""
        names = {"1d": ("day", "bar", "bar"), "1w": ("week", "bar")}.get(self.chart.timeframe, ("bar", "candle", "bar"))
        name = self.draws.one_of(names)
        if name in ("day", "week"):
            self.relies_on(10)
        return f"{self.whole(number)} {name}{'' if number == 1 else 's'}"

    def is_only_average(self, bars: int) -> bool:
        """Whether no other kind of moving average has that many bars, so that the kind may be left out."""
        same = [use for use in self.spec.indicators if use.params.get("timeperiod") == bars]
        return all(use.name not in AVERAGES or use.name == "SMA" for use in same)

    def is_only(self, use: IndicatorUse) -> bool:
        """Whether the strategy speaks of no other indicator of that name, so that its numbers may be left out."""
        return use.timeframe is None and sum(other.name == use.name for other in self.spec.indicators) == 1
