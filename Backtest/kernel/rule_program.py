"""A spec's conditions and operands as a program for the register machine: no code of its own for any spec.

Number registers from 0 up are columns given to the program; the computed ones count down from -1. Whatever is said
twice is computed once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import numpy as np

from Backtest.canonical import conditions as c
from Backtest.canonical import operands as o
from Backtest.canonical.indicator_columns import column_of, longer_timeframe, numbers_of
from Backtest.canonical.rules import Session
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.errors import Issue, KernelUnsupported
from Backtest.indicators.indicator_registry import find, output_of
from Backtest.kernel import opcodes as op
from Backtest.kernel.columns import (
    MICROSECONDS_A_MINUTE,
    ClockColumn,
    Column,
    IndicatorColumn,
    PatternColumn,
    PreviousColumn,
    PriceColumn,
)

_POSITION: Final = {
    "entry_price": op.ENTRY_PRICE,
    "open_profit_pct": op.OPEN_PROFIT,
    "bars_since_entry": op.BARS_SINCE_ENTRY,
}
_ARITHMETIC: Final = {
    "+": op.ADD,
    "-": op.SUBTRACT,
    "*": op.MULTIPLY,
    "/": op.DIVIDE,
    "min": op.SMALLER,
    "max": op.LARGER,
}
_COMPARISONS: Final = {"<": op.LESS, "<=": op.LESS_OR_EQUAL, "==": op.EQUAL, "!=": op.UNEQUAL}
_MIRRORED: Final = {">": "<", ">=": "<="}
# Which operands of an operation are registers: of numbers, or of truths.
_NUMBERS_READ: Final = {
    **dict.fromkeys((op.FILL, op.AND, op.OR, op.NOT, op.EVERY, op.SOME, op.ALWAYS, *_POSITION.values()), 0),
    **dict.fromkeys((op.ABSOLUTE, op.SHIFT, op.HIGHEST, op.LOWEST, op.CHANGE, op.RISING, op.FALLING, op.MEMBER), 1),
}
_TRUTHS_READ: Final = {op.AND: 2, op.OR: 2, op.NOT: 1, op.EVERY: 1, op.SOME: 1}


def numbers_read(operation: int) -> int:
    """How many operands of an instruction are number registers, its first ones."""
    return _NUMBERS_READ.get(operation, 2)


def unsupported(message: str, suggestion: str = "run the generated code instead") -> KernelUnsupported:
    """The error that names what is not run."""
    return KernelUnsupported(message, [Issue("", message, suggestion)])


@dataclass(frozen=True)
class RuleProgram:
    """`code`: rows of instructions. `live_rows`: those that depend on the open position, as do the registers that
    `number_is_live` and `truth_is_live` mark. `waited`: registers with a value of their own, which are waited for, and
    in `names` what people call them."""

    columns: tuple[Column, ...]
    constants: np.ndarray
    code: np.ndarray
    numbers: int
    truths: int
    live_rows: np.ndarray
    number_is_live: np.ndarray
    truth_is_live: np.ndarray
    waited: np.ndarray
    names: tuple[str, ...]


@dataclass
class ProgramBuilder:
    """Turns operands and conditions of one spec into registers; `program()` is what came of them.

    Without `merges` nothing is computed once that is said twice, but for an indicator's use: the program then has one
    shape whatever the numbers in the spec are.
    """

    spec: Spec
    merges: bool = True
    _columns: dict[tuple[Column, str], int] = field(default_factory=dict)
    _constants: list[float] = field(default_factory=list)
    _made: dict[tuple[int, ...], int] = field(default_factory=dict)
    _code: list[tuple[int, ...]] = field(default_factory=list)
    _live_rows: list[int] = field(default_factory=list)
    _live_numbers: set[int] = field(default_factory=set)
    _live_truths: set[int] = field(default_factory=set)
    _waited: dict[int, str] = field(default_factory=dict)
    indicators_used: set[str] = field(default_factory=set)
    _numbers: int = 0
    _truths: int = 0

    def program(self) -> RuleProgram:
        rows = np.array(self._code, dtype=np.int64).reshape(len(self._code), op.WIDTH)
        return RuleProgram(
            columns=tuple(column for column, _ in self._columns),
            constants=np.array(self._constants, dtype=np.float64),
            code=rows,
            numbers=self._numbers,
            truths=self._truths,
            live_rows=np.array(self._live_rows, dtype=np.int64),
            number_is_live=np.array([-1 - k in self._live_numbers for k in range(self._numbers)], dtype=np.bool_),
            truth_is_live=np.array([k in self._live_truths for k in range(self._truths)], dtype=np.bool_),
            waited=np.array(list(self._waited), dtype=np.int64),
            names=tuple(self._waited.values()),
        )

    def is_live(self, truth: int) -> bool:
        """Whether a truth register depends on the open position."""
        return truth in self._live_truths

    # registers

    def _emit(self, operation: int, *operands: int) -> int:
        """The register of an operation on these operands, made once."""
        key = (operation, *operands)
        if self.merges and key in self._made:
            return self._made[key]
        if operation < op.FIRST_TRUTH:
            self._numbers += 1
            register = -self._numbers
        else:
            register = self._truths
            self._truths += 1
        numbers = operands[: numbers_read(operation)]
        truths = operands[: _TRUTHS_READ.get(operation, 0)]
        if (
            operation in _POSITION.values()
            or not self._live_numbers.isdisjoint(numbers)
            or not self._live_truths.isdisjoint(truths)
        ):
            self._live_rows.append(len(self._code))
            (self._live_numbers if operation < op.FIRST_TRUTH else self._live_truths).add(register)
        self._code.append((operation, register, *operands, *[0] * (op.WIDTH - 2 - len(operands))))
        self._made[key] = register
        return register

    def column(self, column: Column, of: str = "") -> int:
        """The register of a column; of the use that is its, where nothing is merged."""
        return self._columns.setdefault((column, "" if self.merges else of), len(self._columns))

    def constant(self, value: float) -> int:
        if not self.merges or float(value) not in self._constants:
            self._constants.append(float(value))
            return self._emit(op.FILL, len(self._constants) - 1)
        return self._emit(op.FILL, self._constants.index(float(value)))

    def _wait_for(self, register: int, name: str) -> int:
        self._waited.setdefault(register, name)
        return register

    def _chain(self, operation: int, registers: Iterable[int]) -> int:
        return reduce(lambda left, right: self._emit(operation, left, right), registers)

    # operands

    def fixed(self, operand: o.Operand) -> int:
        """The register of an operand outside exit rules, where the open position may not be spoken of."""
        register = self.number(operand)
        if register in self._live_numbers:
            raise unsupported("the open position is spoken of outside an exit rule", "say it in an exit rule")
        return register

    def number(self, operand: o.Operand) -> int:
        """The register that holds an operand's value on each bar."""
        match operand:
            case o.Number(value=value):
                return self.constant(value)
            case o.ParamRef(name=name):
                return self.constant(self.spec.parameter_value(name))
            case o.Price(field=name, shift=shift):
                return self._shifted(self.column(PriceColumn(name)), shift, name)
            case o.IndicatorRef(id=identifier, output=output, shift=shift):
                return self._shifted(self.indicator(identifier, output), shift, identifier)
            case o.Arith():
                return self._arithmetic(operand)
            case o.PercentChange(of=of, bars=bars):
                register = self._emit(op.CHANGE, self._column_of(of), bars)
                return self._wait_for(register, f"percent change of {bars} bars")
            case o.Highest() | o.Lowest():
                kind = op.HIGHEST if isinstance(operand, o.Highest) else op.LOWEST
                register = self._emit(kind, self._column_of(operand.of), operand.bars, int(not operand.include_current))
                return self._wait_for(register, f"{operand.type} of {operand.bars} bars")
            case o.Previous(period=period, field=name):
                register = self.column(PreviousColumn(period, name))
                return self._wait_for(register, f"previous {period}'s {name}")
        return self._emit(_POSITION[operand.type])

    def _column_of(self, operand: o.Operand) -> int:
        """What a window looks back on; a position has no history before its entry."""
        register = self.number(operand)
        if register in self._live_numbers:
            raise unsupported("a window looks back on the open position", "compare it directly")
        return register

    def _shifted(self, register: int, shift: int, name: str) -> int:
        if not shift:
            return register
        return self._wait_for(self._emit(op.SHIFT, register, shift), f"{name} {shift} bars ago")

    def _arithmetic(self, node: o.Arith) -> int:
        parts = [self.number(argument) for argument in node.args]
        if node.op == "abs":
            return self._emit(op.ABSOLUTE, parts[0])
        return self._chain(_ARITHMETIC[node.op], parts)

    def indicator(self, identifier: str, output: str | None = None) -> int:
        """The register of a declared indicator's output."""
        self.indicators_used.add(identifier)
        use = self.spec.indicator(identifier)
        definition = find(use.name)
        return self._output(use, definition.outputs.index(output_of(definition, output)))

    def all_outputs(self, use: IndicatorUse) -> None:
        """Waits for an indicator that no rule speaks of."""
        for position in range(len(find(use.name).outputs)):
            self._output(use, position)

    def _output(self, use: IndicatorUse, position: int) -> int:
        if isinstance(use.source, o.IndicatorRef):  # waited for too, as generated code does
            self.indicator(use.source.id, use.source.output)
        return self._wait_for(self.column(self._column(use, position), use.id), column_of(use, self.spec))

    def _column(self, use: IndicatorUse, position: int) -> IndicatorColumn:
        definition = find(use.name)
        source: str | IndicatorColumn | None = definition.default_source
        if isinstance(use.source, o.IndicatorRef):
            inner = self.spec.source_of(use, use.source)
            inner_definition = find(inner.name)
            output = output_of(inner_definition, use.source.output)
            source = self._column(inner, inner_definition.outputs.index(output))
        elif use.source is not None:
            source = use.source
        numbers = tuple(numbers_of(use, self.spec).items())
        return IndicatorColumn(definition.name, numbers, source, longer_timeframe(use, self.spec), position)

    def wait_for_column(self, column: Column, name: str) -> int:
        return self._wait_for(self.column(column), name)

    # conditions

    def all_true(self, truths: Iterable[int]) -> int:
        return self._chain(op.AND, truths)

    def truth(self, condition: c.Condition | None) -> int:
        """The register that says on each bar whether a condition is true; None is, on every bar."""
        match condition:
            case None:
                return self._emit(op.ALWAYS)
            case c.And(of=parts):
                return self._chain(op.AND, [self.truth(part) for part in parts])
            case c.Or(of=parts):
                return self._chain(op.OR, [self.truth(part) for part in parts])
            case c.Not(of=part):
                return self._emit(op.NOT, self.truth(part))
            case c.For(of=part, bars=bars):
                return self._emit(op.EVERY, self.truth(part), bars, 0)
            case c.Within(of=part, bars=bars):
                return self._emit(op.SOME, self.truth(part), bars, 0)
            case c.Sequence(first=first, then=then, bars=bars):
                before = self._emit(op.SOME, self.truth(first), bars, 1)
                return self._emit(op.AND, self.truth(then), before)
        return self._comparison(condition)

    def _comparison(self, condition: c.Condition) -> int:
        match condition:
            case c.Compare(op=sign, left=left, right=right):
                pair = (self.number(left), self.number(right))
                return self.compare(sign, *pair)
            case c.CrossAbove(left=left, right=right):
                return self._emit(op.CROSS_ABOVE, self.number(left), self.number(right))
            case c.CrossBelow(left=left, right=right):
                return self._emit(op.CROSS_ABOVE, self.number(right), self.number(left))
            case c.Between(value=value, low=low, high=high, inclusive=inclusive):
                sign, middle = ("<=" if inclusive else "<"), self.number(value)
                ends = self.compare(sign, self.number(low), middle), self.compare(sign, middle, self.number(high))
                return self._emit(op.AND, *ends)
            case c.Rising(value=value, bars=bars):
                return self._emit(op.RISING, self.number(value), bars)
            case c.Falling(value=value, bars=bars):
                return self._emit(op.FALLING, self.number(value), bars)
            case c.Touches():
                return self._touches(condition)
        return self._calendar(condition)

    def compare(self, sign: str, left: int, right: int) -> int:
        if sign in _MIRRORED:
            sign, left, right = _MIRRORED[sign], right, left
        return self._emit(_COMPARISONS[sign], left, right)

    def _touches(self, node: c.Touches) -> int:
        value = self.number(node.value)
        at_low = self.compare("<=", self.column(PriceColumn("Low")), value) if node.side != "high" else None
        at_high = self.compare("<=", value, self.column(PriceColumn("High"))) if node.side != "low" else None
        return self._chain(op.AND, [truth for truth in (at_low, at_high) if truth is not None])

    def _calendar(self, condition: c.Condition) -> int:
        match condition:
            case c.Pattern(name=name, direction=direction):
                signs = {"bullish": ">", "bearish": "<", "any": "!="}
                return self.compare(signs[direction], self.column(PatternColumn(name)), self.constant(0.0))
            case c.Weekday(days=days):
                return self.weekdays(days)
            case c.Hours():
                return self.session(condition)
        raise unsupported(f"the kernel does not know the condition {condition.type!r}")

    def weekdays(self, days: Iterable[c.WeekdayName]) -> int:
        mask = sum(1 << c.WEEKDAYS.index(day) for day in set(days))
        return self._emit(op.MEMBER, self.column(ClockColumn("weekday")), mask)

    def session(self, session: c.Hours | Session) -> int:
        """Stamps of [start, end); one that begins after it ends runs over midnight."""
        time = self.column(ClockColumn("time"))
        ends = [int(text[:2]) * 60 + int(text[3:]) for text in (session.start, session.end)]
        start, end = (self.constant(minutes * MICROSECONDS_A_MINUTE) for minutes in ends)
        sides = self.compare("<=", start, time), self.compare("<", time, end)
        return self._emit(op.AND if session.start <= session.end else op.OR, *sides)
