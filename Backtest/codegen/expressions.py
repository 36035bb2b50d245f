"""Conditions as Python expressions over the strategy's columns, exactly as Kleene's logic has them.

A comparison with NaN is False in Python, which is right for "certainly true". Its negation is not: so `not` never
appears; every condition has two forms, certainly true and certainly false, each built from comparisons alone.
"""

from dataclasses import dataclass

from Backtest.canonical.conditions import (
    WEEKDAYS,
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
from Backtest.canonical.operands import (
    Arith,
    BarsSinceEntry,
    EntryPrice,
    Number,
    OpenProfitPct,
    Operand,
    ParamRef,
    Price,
)
from Backtest.canonical.rules import Session
from Backtest.codegen.columns import Columns, nested
from Backtest.codegen.source_text import number

_NEGATION = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Bar:
    """The bar an expression speaks of: `ago` bars back and further back by each loop variable of `loops`."""

    ago: int = 0
    loops: tuple[str, ...] = ()
    furthest: int = 0  # how far back the loops reach together

    def back(self, bars: int) -> "Bar":
        return Bar(self.ago + bars, self.loops, self.furthest)

    def over(self, variable: str, reach: int) -> "Bar":
        return Bar(self.ago, (*self.loops, variable), self.furthest + reach)

    @property
    def reach(self) -> int:
        return self.ago + self.furthest

    @property
    def index(self) -> str:
        return " - ".join([str(-1 - self.ago), *self.loops])

    @property
    def since(self) -> str:
        """How many bars back, as an expression."""
        return " + ".join([*([str(self.ago)] if self.ago or not self.loops else []), *self.loops])


NOW = Bar()


@dataclass(frozen=True)
class Text:
    """An expression and how loosely it binds: 1 or, 2 and, 3 comparison or tighter; the `parts` that and / or joins."""

    text: str
    binds: int = 3
    parts: tuple[str, ...] = ()

    def within(self, binds: int) -> str:
        return self.text if self.binds >= binds else f"({self.text})"


def all_of(parts: list[Text]) -> Text:
    return _joined("and", 2, parts)


def any_of(parts: list[Text]) -> Text:
    return _joined("or", 1, parts)


def _joined(word: str, binds: int, parts: list[Text]) -> Text:
    """The parts joined; those that the same word joined already come apart into theirs."""
    if len(parts) == 1:
        return parts[0]
    flat = tuple(row for p in parts for row in (p.parts if p.binds == binds else (p.within(2),)))
    return Text(f" {word} ".join(flat), binds, flat)


class Expressions:
    """Writes the conditions of one spec. `uses` collects the strategy methods and modules that they call."""

    def __init__(self, columns: Columns, parameters: dict[str, str]) -> None:
        self._columns = columns
        self._parameters = parameters
        self._bars_on_first_call = columns.first_bar + 2
        self.uses: set[str] = set()

    # operands

    def value(self, operand: Operand, bar: Bar = NOW) -> str:
        """`operand` on that bar as an expression that compares with another."""
        match operand:
            case Number():
                return number(operand.value)
            case ParamRef():
                return f"self.{self._parameters[operand.name]}"
            case Arith():
                return self._arith(operand, bar)
            case BarsSinceEntry() | OpenProfitPct() | EntryPrice():
                self.uses.add(operand.type)
                return f"self.{operand.type}({bar.since if bar != NOW else ''})"
        return f"{self._columns.attribute(operand)}[{bar.index}]"

    def _arith(self, operand: Arith, bar: Bar) -> str:
        parts = [
            f"({text})" if isinstance(a, Arith) and a.op in "+-*/" else text
            for a, text in ((a, self.value(a, bar)) for a in operand.args)
        ]
        if operand.op == "/" and not (isinstance(operand.args[1], Number) and operand.args[1].value != 0):
            self._columns.functions.add("ratio")
            return f"ratio({parts[0]}, {parts[1]})"
        if operand.op == "abs":
            return f"abs({parts[0]})"
        if operand.op in {"min", "max"}:
            return nested(f"np.{operand.op}imum", parts)
        return f" {operand.op} ".join(parts)

    # conditions

    def when(self, condition: Condition) -> Text:
        """Certainly true on the current bar."""
        return self._is(condition, NOW, True)

    def _is(self, condition: Condition, bar: Bar, truth: bool) -> Text:
        """`condition` is certainly true (or, with `truth` False, certainly false) on that bar."""
        match condition:
            case Not():
                return self._is(condition.of, bar, not truth)
            case And() | Or():
                parts = [self._is(part, bar, truth) for part in condition.of]
                return all_of(parts) if isinstance(condition, And) == truth else any_of(parts)
            case For() | Within():
                every = isinstance(condition, For) == truth
                return self._over(condition.of, condition.bars, bar, truth, every=every, start=0)
            case Sequence():
                then = self._is(condition.then, bar, truth)
                first = self._over(condition.first, condition.bars, bar, truth, every=not truth, start=1)
                return all_of([then, first]) if truth else any_of([then, first])
        return self._guarded(condition, bar, truth)

    def _over(self, condition: Condition, bars: int, bar: Bar, truth: bool, *, every: bool, start: int) -> Text:
        """`condition` on each, or on any, of `bars` bars that begin `start` bars back."""
        if bars == 1:
            return self._is(condition, bar.back(start), truth)
        variable = "kjmnpqrs"[len(bar.loops)] if len(bar.loops) < 8 else f"k{len(bar.loops)}"
        inner = self._is(condition, bar.over(variable, start + bars - 1), truth)
        loop = f"range({bars})" if start == 0 else f"range({start}, {start + bars})"
        return Text(f"{'all' if every else 'any'}({inner.text} for {variable} in {loop})")

    def _guarded(self, condition: Condition, bar: Bar, truth: bool) -> Text:
        """A plain condition; asked only where the bars it looks back to are there, for what is missing is undefined."""
        depth = _look_back(condition)
        plain = self._plain(condition, bar, truth)
        if bar.reach + depth + 1 <= self._bars_on_first_call:
            return plain
        guard = Text(f"len(self.data) > {bar.back(depth).since}")
        return all_of([guard, plain])

    def _plain(self, condition: Condition, bar: Bar, truth: bool) -> Text:
        match condition:
            case Compare():
                return self._compare(condition.op, condition.left, condition.right, bar, truth)
            case CrossAbove() | CrossBelow():
                before, now = ("<=", ">") if isinstance(condition, CrossAbove) else (">=", "<")
                left, right = condition.left, condition.right
                parts = [
                    self._compare(before, left, right, bar.back(1), truth),
                    self._compare(now, left, right, bar, truth),
                ]
                return all_of(parts) if truth else any_of(parts)
            case Between():
                op = "<=" if condition.inclusive else "<"
                low, value, high = (self.value(o, bar) for o in (condition.low, condition.value, condition.high))
                if truth:
                    return Text(f"{low} {op} {value} {op} {high}")
                return any_of([Text(f"{low} {_NEGATION[op]} {value}"), Text(f"{value} {_NEGATION[op]} {high}")])
            case Rising() | Falling():
                return self._trend(condition, bar, truth)
            case Touches():
                return self._touches(condition, bar, truth)
            case Pattern():
                op = {"bullish": ">", "bearish": "<", "any": "!="}[condition.direction]
                return Text(f"{self._columns.pattern(condition)}[{bar.index}] {op if truth else _NEGATION[op]} 0")
            case Weekday():
                return self.weekday(condition.days, bar, truth)
            case Hours():
                return self.session(condition, bar, truth)
        raise TypeError(f"unknown condition {type(condition).__name__}")

    def _compare(self, op: str, left: Operand, right: Operand, bar: Bar, truth: bool) -> Text:
        a, b = self.value(left, bar), self.value(right, bar)
        if (op, truth) in {("!=", True), ("==", False)}:  # NaN != x is True in Python, and undefined here
            return any_of([Text(f"{a} < {b}"), Text(f"{a} > {b}")])
        return Text(f"{a} {op if truth else _NEGATION[op]} {b}")

    def _trend(self, condition: Rising | Falling, bar: Bar, truth: bool) -> Text:
        op = ">" if isinstance(condition, Rising) else "<"
        if truth and condition.bars <= 3:
            values = [self.value(condition.value, bar.back(k)) for k in range(condition.bars + 1)]
            return Text(f" {op} ".join(values))
        if condition.bars == 1:
            return self._compare_bars(condition.value, op, bar, truth)
        variable = f"i{len(bar.loops)}" if bar.loops else "i"
        inner = self._compare_bars(condition.value, op, bar.over(variable, condition.bars - 1), truth)
        return Text(f"{'all' if truth else 'any'}({inner.text} for {variable} in range({condition.bars}))")

    def _compare_bars(self, operand: Operand, op: str, bar: Bar, truth: bool) -> Text:
        now, before = self.value(operand, bar), self.value(operand, bar.back(1))
        return Text(f"{now} {op if truth else _NEGATION[op]} {before}")

    def _touches(self, condition: Touches, bar: Bar, truth: bool) -> Text:
        low, high = Price(field="Low"), Price(field="High")
        parts = []
        if condition.side in {"low", "any"}:
            parts.append(self._compare("<=", low, condition.value, bar, truth))
        if condition.side in {"high", "any"}:
            parts.append(self._compare(">=", high, condition.value, bar, truth))
        return all_of(parts) if truth else any_of(parts)

    def weekday(self, days: tuple[str, ...], bar: Bar = NOW, truth: bool = True) -> Text:
        numbers = ", ".join(str(WEEKDAYS.index(day)) for day in WEEKDAYS if day in days)
        container = f"({numbers},)" if len(set(days)) == 1 else f"({numbers})"
        return Text(f"self.data.index[{bar.index}].weekday() {'in' if truth else 'not in'} {container}")

    def session(self, hours: Hours | Session, bar: Bar = NOW, truth: bool = True) -> Text:
        self.uses.add("time")
        clock = f"self.data.index[{bar.index}].time()"
        start, end = _time(hours.start), _time(hours.end)
        if hours.start < hours.end:
            inside = Text(f"{start} <= {clock} < {end}")
            outside = any_of([Text(f"{clock} < {start}"), Text(f"{clock} >= {end}")])
        else:
            inside = any_of([Text(f"{clock} >= {start}"), Text(f"{clock} < {end}")])
            outside = Text(f"{end} <= {clock} < {start}")
        return inside if truth else outside


def _time(clock: str) -> str:
    hour, minute = clock.split(":")
    return f"time({int(hour)}, {int(minute)})"


def _look_back(condition: Condition) -> int:
    """How many bars before its own a plain condition reads."""
    if isinstance(condition, CrossAbove | CrossBelow):
        return 1
    return condition.bars if isinstance(condition, Rising | Falling) else 0
