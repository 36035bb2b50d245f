"""A condition judged on one bar: true, false or undefined, with the values that made it so, down to its parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from Backtest.canonical.condition_phrases import describe_condition
from Backtest.canonical.conditions import (
    And,
    Between,
    Compare,
    Condition,
    CrossAbove,
    CrossBelow,
    Falling,
    For,
    Hours,
    Not,
    Or,
    Pattern,
    Rising,
    Sequence,
    Touches,
    Weekday,
    Within,
)
from Backtest.canonical.operand_phrases import bars_text, describe_operand
from Backtest.canonical.operands import Arith, Number, Operand, Price
from Backtest.kernel.interpreter.conditions import Plain, Reader, Truth
from Backtest.kernel.interpreter.operands import value

MOST_VALUES_OF_A_TREND = 12


@dataclass(frozen=True, slots=True)
class Value:
    """What an operand was worth on a bar; `value` None where it was undefined, a text for a day or a time."""

    text: str
    value: float | str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition on the close of a bar, `ago` bars before the one that was asked about.

    `truth` None is undefined: an operand has no value there. `parts` are its conditions; of one that looks at several
    bars those that decided, `note` telling of the others.
    """

    text: str
    truth: bool | None
    ago: int
    values: tuple[Value, ...] = ()
    parts: tuple["Verdict", ...] = ()
    note: str = ""

    def deciding(self) -> "tuple[Verdict, ...]":
        """The conditions without parts that made this one what it is."""
        return tuple(dict.fromkeys(self._deciding()))

    def _deciding(self) -> "Iterator[Verdict]":
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part._deciding()


@dataclass(frozen=True)
class Judge:
    """Judges conditions by the interpreter's own reader, on bars up to `bar`."""

    reader: Reader
    bar: int

    def verdict(self, condition: Condition, bar: int | None = None) -> Verdict:
        """The condition on the close of `bar`, the asked one unless said."""
        at = self.bar if bar is None else bar
        match condition:
            case And():
                return self._joined(condition, condition.of, at, decided_by=False)
            case Or():
                return self._joined(condition, condition.of, at, decided_by=True)
            case Not():
                return self._made(condition, at, parts=(self.verdict(condition.of, at),))
            case For():
                return self._over(condition, condition.of, at, range(condition.bars), decided_by=False)
            case Within():
                return self._over(condition, condition.of, at, range(condition.bars), decided_by=True)
            case Sequence():
                return self._sequence(condition, at)
        return self._plain(condition, at)

    def _made(
        self,
        condition: Condition,
        bar: int,
        *,
        values: tuple[Value, ...] = (),
        parts: tuple[Verdict, ...] = (),
        note: str = "",
    ) -> Verdict:
        text = describe_condition(condition, self.reader.chart.spec)
        return Verdict(text, self.reader.truth(condition, bar), self.bar - bar, values, parts, note)

    def _joined(self, condition: Condition, parts: tuple[Condition, ...], bar: int, *, decided_by: bool) -> Verdict:
        """One part with the truth that decides settles it; without one the undefined parts do, else all of them."""
        verdicts = tuple(self.verdict(part, bar) for part in parts)
        return self._made(condition, bar, parts=_settling(verdicts, decided_by))

    def _over(self, condition: Condition, of: Condition, bar: int, agos: range, *, decided_by: bool) -> Verdict:
        """The latest bar with the truth that decides, else the latest undefined one, else the bar itself."""
        truths = [self.reader.truth(of, bar - ago) for ago in agos]
        found = next((truth for truth in (decided_by, None) if truth in truths), not decided_by)
        latest = agos[_index_of(truths, found)]
        note = f"{_counted(truths)} of the {bars_text(len(truths))}"
        if True not in truths:
            note += f"; {self._last_true(of, bar - agos[-1])}"
        part = self.verdict(of, bar - latest) if bar >= latest else _before_the_first(of, self, bar - latest)
        return self._made(condition, bar, parts=(part,), note=note)

    def _sequence(self, condition: Sequence, bar: int) -> Verdict:
        then = self.verdict(condition.then, bar)
        agos = range(1, condition.bars + 1)
        within = Within(of=condition.first, bars=condition.bars)
        before = self._over(within, condition.first, bar, agos, decided_by=True)
        truths: list[Truth] = [self.reader.truth(condition.first, bar - ago) for ago in agos]
        settled = True if True in truths else None if None in truths else False
        text = f"on at least one of the {bars_text(condition.bars)} before, {before.parts[0].text}"
        earlier = Verdict(text, settled, self.bar - bar, (), before.parts, before.note)
        return self._made(condition, bar, parts=_settling((then, earlier), False))

    def _last_true(self, of: Condition, before: int) -> str:
        """When the condition held the last time, ahead of a window in which it never did."""
        at = next((bar for bar in range(before - 1, -1, -1) if self.reader.truth(of, bar) is True), None)
        return "never before" if at is None else f"the last time {bars_text(self.bar - at)} before"

    # conditions without parts

    def _plain(self, condition: Plain, bar: int) -> Verdict:
        chart = self.reader.chart
        match condition:
            case Weekday():
                return self._made(condition, bar, values=(Value("the bar's day", chart.weekdays[bar]),))
            case Hours():
                return self._made(condition, bar, values=(Value("the bar's time", chart.clock[bar]),))
            case Pattern():
                return self._made(
                    condition, bar, values=(Value("the pattern's signal", chart.pattern(condition.name)[bar]),)
                )
            case Compare():
                return self._made(condition, bar, values=self._values((condition.left, condition.right), bar))
            case CrossAbove() | CrossBelow():
                return self._crossed(condition, bar)
            case Rising() | Falling():
                return self._changed(condition, bar)
            case Between():
                operands = (condition.value, condition.low, condition.high)
                return self._made(condition, bar, values=self._values(operands, bar))
            case Touches():
                ends = {"low": ("Low",), "high": ("High",), "any": ("Low", "High")}[condition.side]
                prices = tuple(Price.model_validate({"type": "price", "field": end}) for end in ends)
                return self._made(condition, bar, values=self._values((*prices, condition.value), bar))
        assert_never(condition)

    def _crossed(self, condition: CrossAbove | CrossBelow, bar: int) -> Verdict:
        sides = (condition.left, condition.right)
        if bar < 1:
            return self._made(condition, bar, values=self._values(sides, bar), note="there is no bar before it")
        was = tuple(Value(f"{each.text} on the bar before", each.value) for each in self._values(sides, bar - 1))
        return self._made(condition, bar, values=(*was, *self._values(sides, bar)))

    def _changed(self, condition: Rising | Falling, bar: int) -> Verdict:
        if bar < condition.bars:
            return self._made(condition, bar, note=f"there are no {bars_text(condition.bars)} before it")
        text = describe_operand(condition.value, self.reader.chart.spec)
        agos = range(min(condition.bars, MOST_VALUES_OF_A_TREND - 1), -1, -1)
        values = tuple(
            Value(f"{text} {bars_text(ago)} before" if ago else text, self._value(condition.value, bar - ago))
            for ago in agos
        )
        return self._made(condition, bar, values=values)

    def _values(self, operands: tuple[Operand, ...], bar: int) -> tuple[Value, ...]:
        """Each operand that is no plain number, and what a calculation is made of."""
        found: dict[str, Value] = {}
        for operand in operands:
            for part in _with_parts(operand):
                text = describe_operand(part, self.reader.chart.spec)
                found.setdefault(text, Value(text, self._value(part, bar)))
        return tuple(found.values())

    def _value(self, operand: Operand, bar: int) -> float | None:
        return value(operand, bar, self.reader.chart, self.reader.holding)


def _with_parts(operand: Operand) -> Iterator[Operand]:
    if isinstance(operand, Number):
        return
    yield operand
    if isinstance(operand, Arith):
        for argument in operand.args:
            yield from _with_parts(argument)


def _settling(verdicts: tuple[Verdict, ...], decided_by: bool) -> tuple[Verdict, ...]:
    """Of Kleene's `and` (decided by False) or `or` (by True): the parts that settle it, all where none does alone."""
    for truth in (decided_by, None):
        if found := tuple(verdict for verdict in verdicts if verdict.truth is truth):
            return found
    return verdicts


def _index_of(truths: list[Truth], wanted: Truth) -> int:
    return next(place for place, truth in enumerate(truths) if truth is wanted)


def _before_the_first(of: Condition, judge: Judge, bar: int) -> Verdict:
    text = describe_condition(of, judge.reader.chart.spec)
    return Verdict(text, None, judge.bar - bar, note="the bar lies before the first one")


def _counted(truths: list[Truth]) -> str:
    names: tuple[tuple[Truth, str], ...] = ((True, "true"), (False, "false"), (None, "undefined"))
    counted = [(sum(truth is wanted for truth in truths), name) for wanted, name in names]
    return ", ".join(f"{name} on {count}" for count, name in counted if count)
