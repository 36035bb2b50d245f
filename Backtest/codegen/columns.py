"""The columns of a strategy: everything whose value must be known on a bar before any rule is evaluated there.

Indicators, patterns, shifted operands, windows and percent changes are declared once in `init` through `Strategy.I`,
so that backtesting.py itself waits for them; conditions then index them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from Backtest.canonical.conditions import Pattern
from Backtest.canonical.indicator_columns import attribute_of, longer_timeframe, numbers_of
from Backtest.canonical.node import Node
from Backtest.canonical.operands import (
    Arith,
    Highest,
    IndicatorRef,
    Lowest,
    Number,
    Operand,
    ParamRef,
    PercentChange,
    Previous,
    Price,
)
from Backtest.canonical.risk import AtrDistance, AtrGain, VolatilityTargetSizing
from Backtest.canonical.spec import IndicatorUse, Spec
from Backtest.canonical.walk import children, walk
from Backtest.codegen.source_text import Names, number, quoted
from Backtest.indicators import indicator_registry as registry
from Backtest.timeframes import bars_per_year

VOLATILITY_BARS = 20
Windowed = Highest | Lowest | PercentChange


@dataclass(frozen=True)
class Column:
    """An attribute of the strategy; `warmup` is a lower bound of the first bar on which it has a value."""

    attribute: str
    warmup: int


@dataclass
class _Declared:
    use: IndicatorUse
    outputs: dict[str | None, Column] = field(default_factory=dict)


class Columns:
    """Collects the columns of one spec; ask for them in any order, then take `lines()`."""

    def __init__(self, spec: Spec, names: Names, parameters: Mapping[str, str]) -> None:
        """`parameters`: the spec's named parameters -> the class attributes that hold them."""
        self._spec = spec
        self._names = names
        self._parameters = parameters
        self._declared: dict[str, _Declared] = {}
        self._derived: dict[str, tuple[Column, str]] = {}
        self.functions: set[str] = set()
        self._declare_all()

    @property
    def first_bar(self) -> int:
        """A lower bound of the bar on which every column has a value."""
        columns = [c for declared in self._declared.values() for c in declared.outputs.values()]
        return max((c.warmup for c in [*columns, *(c for c, _ in self._derived.values())]), default=0)

    @property
    def attributes(self) -> list[str]:
        """The attributes that hold the columns, in the order of `lines`."""
        declared = [column.attribute for item in self._in_order() for column in item.outputs.values()]
        return [*declared, *(column.attribute for column, _ in self._derived.values())]

    def __bool__(self) -> bool:
        return bool(self._declared or self._derived)

    # what the rules use

    def _declare_all(self) -> None:
        for operand in _static_operands(self._spec):
            if isinstance(operand, Pattern):
                self.pattern(operand)
            else:
                self.attribute(operand)
        for _, node in walk(self._spec):
            if isinstance(node, AtrDistance | AtrGain):
                self.indicator(node.indicator, None)
        if isinstance(self._spec.sizing, VolatilityTargetSizing):
            self.realised_volatility()
        for use in self._spec.indicators:
            if self._key(use) not in self._declared:
                for output in registry.find(use.name).outputs:
                    self.indicator(use.id, output.name)

    def attribute(self, operand: Operand) -> str:
        """The series that `operand` indexes in `next`: "self.RSI_14", "self.data.Close". Declares it where needed."""
        match operand:
            case Price(shift=0):
                return f"self.data.{operand.field}"
            case IndicatorRef(shift=0):
                return f"self.{self.indicator(operand.id, operand.output).attribute}"
            case Price() | IndicatorRef():
                plain = operand.model_copy(update={"shift": 0})
                base, warmup = self.vector(plain)
                return self._derive(
                    f"{_slug(base)}_{operand.shift}_ago", "shift", f"{base}, {operand.shift}", warmup + operand.shift
                )
            case Highest() | Lowest() | PercentChange():
                return self._window(operand)
            case Previous():
                arguments = (
                    f"self.data.df, {quoted(operand.period)}, {quoted(operand.field)}, {quoted(self._spec.timeframe)}"
                )
                return self._derive(f"previous_{operand.period}_{operand.field}", "previous_period", arguments, 0)
        raise TypeError(f"{type(operand).__name__} has no column")

    def _window(self, operand: Windowed) -> str:
        base, warmup = self.vector(operand.of)
        slug = _slug(base)
        if isinstance(operand, PercentChange):
            name = f"{slug}_change_{operand.bars}_pct"
            return self._derive(name, "percent_change", f"{base}, {operand.bars}", warmup + operand.bars)
        function = operand.type
        name, arguments = f"{function}_{slug}_{operand.bars}", f"{base}, {operand.bars}"
        warmup += operand.bars - 1
        if operand.include_current:
            return self._derive(name, function, arguments, warmup)
        self.functions.add(function)
        return self._derive(f"{name}_before", "shift", f"{function}({arguments}), 1", warmup + 1)

    def _derive(self, name: str, function: str, arguments: str, warmup: int) -> str:
        expression = f"{function}, {arguments}"
        if expression not in self._derived:
            self.functions.add(function)
            column = Column(self._names.claim(name), warmup)
            self._derived[expression] = (column, expression)
        return f"self.{self._derived[expression][0].attribute}"

    def vector(self, operand: Operand) -> tuple[str, int]:
        """`operand` on all bars as an expression of `init`, and its warm-up."""
        match operand:
            case Number():
                return f"np.full(len(self.data), {number(operand.value)})", 0
            case ParamRef():
                return f"np.full(len(self.data), float(self.{self._parameters[operand.name]}))", 0
            case Arith():
                return self._vector_arith(operand)
        attribute = self.attribute(operand)
        return attribute, self._warmup_of(attribute)

    def _warmup_of(self, attribute: str) -> int:
        for declared in self._declared.values():
            for column in declared.outputs.values():
                if f"self.{column.attribute}" == attribute:
                    return column.warmup
        return next((c.warmup for c, _ in self._derived.values() if f"self.{c.attribute}" == attribute), 0)

    def _vector_arith(self, operand: Arith) -> tuple[str, int]:
        parts = [self.vector(argument) for argument in operand.args]
        texts = [text for text, _ in parts]
        warmup = max(w for _, w in parts)
        if operand.op == "/":
            self.functions.add("ratio")
            return f"ratio({texts[0]}, {texts[1]})", warmup
        if operand.op == "abs":
            return f"np.abs({texts[0]})", warmup
        if operand.op in {"min", "max"}:
            return nested(f"np.{operand.op}imum", texts), warmup
        return f"({f' {operand.op} '.join(texts)})", warmup

    # indicators and patterns

    def _key(self, use: IndicatorUse) -> str:
        of: object = use.source
        if isinstance(use.source, IndicatorRef):
            of = self._key(self._spec.source_of(use, use.source)), use.source.output
        content = use.model_copy(update={"id": "x", "name": registry.find(use.name).name, "source": None})
        return f"{content.model_dump_json()} of {of}"

    def indicator(self, identifier: str, output: str | None) -> Column:
        """The column of an output of a declared indicator; null means its only or main one."""
        use = self._spec.indicator(identifier)
        known = registry.find(use.name)
        chosen = registry.output_of(known, output)
        declared = self._declared.setdefault(self._key(use), _Declared(use))
        if chosen.name not in declared.outputs:
            if isinstance(use.source, IndicatorRef):
                self.indicator(use.source.id, use.source.output)
            name = self._names.claim(attribute_of(use, self._spec, chosen.name))
            declared.outputs[chosen.name] = Column(name, self._indicator_warmup(use, known, chosen.name))
        return declared.outputs[chosen.name]

    def _indicator_warmup(self, use: IndicatorUse, known: registry.Indicator, output: str | None) -> int:
        if longer_timeframe(use, self._spec) is not None:
            return 0
        least = {p.name: p.minimum for p in known.parameters}
        values = {name: least[name] if isinstance(v, ParamRef) else v for name, v in use.params.items()}
        before = 0
        if isinstance(use.source, IndicatorRef):
            before = self.indicator(use.source.id, use.source.output).warmup
        return before + registry.warmup(known, values, output)

    def pattern(self, pattern: Pattern) -> str:
        """The series of a candlestick pattern."""
        name = registry.find_pattern(pattern.name).name
        prices = ", ".join(f"self.data.{column}" for column in ("Open", "High", "Low", "Close"))
        expression = f"talib.{name}, {prices}"
        if expression not in self._derived:
            self._derived[expression] = (Column(self._names.claim(name), 0), expression)
        return f"self.{self._derived[expression][0].attribute}"

    def realised_volatility(self) -> str:
        """The series that a volatility target divides by: of the last 20 bars, as a fraction a year."""
        years = number(bars_per_year(self._spec.timeframe))
        arguments = f"self.data.Close, {VOLATILITY_BARS}, {years}"
        return self._derive(f"REALISED_VOLATILITY_{VOLATILITY_BARS}", "realised_volatility", arguments, VOLATILITY_BARS)

    # the declarations

    def lines(self) -> Iterator[str]:
        """The statements of `init`, in the order in which they may stand."""
        for declared in self._in_order():
            yield from self._indicator_lines(declared)
        for column, expression in self._derived.values():
            yield f"self.{column.attribute} = self.I({expression}, name={quoted(column.attribute)}, plot=False)"

    def _in_order(self) -> list[_Declared]:
        """The declared indicators, in the order of the document but for those that others are computed of."""
        keys = dict.fromkeys(self._key(each) for use in self._spec.indicators for each in self._and_before(use))
        return [self._declared[key] for key in keys if key in self._declared]

    def _and_before(self, use: IndicatorUse) -> Iterator[IndicatorUse]:
        """What the indicator is computed of, and itself."""
        if isinstance(use.source, IndicatorRef):
            yield from self._and_before(self._spec.source_of(use, use.source))
        yield use

    def _indicator_lines(self, declared: _Declared) -> Iterator[str]:
        use, known = declared.use, registry.find(declared.use.name)
        outputs = self._in_order_of_call(known)
        targets = [f"self.{declared.outputs[o].attribute}" if o in declared.outputs else "_" for o in outputs]
        labels = [
            quoted(declared.outputs[o].attribute if o in declared.outputs else attribute_of(use, self._spec, o))
            for o in outputs
        ]
        name = labels[0] if len(labels) == 1 else f"[{', '.join(labels)}]"
        call = f"{self._call(use, known)}, name={name}"
        yield f"{', '.join(targets)} = self.I({call})"

    @staticmethod
    def _in_order_of_call(known: registry.Indicator) -> list[str | None]:
        """The outputs as the function gives them."""
        names = [output.name for output in known.outputs]
        picks = known.call.picks or (0,)
        return [names[picks.index(position)] for position in range(len(names))]

    def _call(self, use: IndicatorUse, known: registry.Indicator) -> str:
        function = self._function(known)
        timeframe = longer_timeframe(use, self._spec)
        if timeframe is None:
            of = self._source(use, known)
            return ", ".join([function, *self._arguments(use, known, of, "self.data.{}", "self.data.index")])
        self.functions.add("on_timeframe")
        frames = f"{quoted(timeframe)}, {quoted(self._spec.timeframe)}"
        return f"on_timeframe, self.data.df, {frames}, lambda bars: {self._of_bars(use, known)}"

    def _function(self, known: registry.Indicator) -> str:
        function = known.call.function
        if not function.startswith("talib."):
            self.functions.add(function)
        return function

    def _source(self, use: IndicatorUse, known: registry.Indicator) -> str | None:
        """What it is computed of on its own chart: None where its columns are fixed."""
        source = known.default_source if use.source is None else use.source
        if isinstance(source, IndicatorRef):
            return f"self.{self.indicator(source.id, source.output).attribute}"
        return source and _column_text(source, "self.data.{}")

    def _of_bars(self, use: IndicatorUse, known: registry.Indicator) -> str:
        """The call on the frame `bars` of a longer timeframe, and in it that of the indicator it is computed of."""
        price, index = 'bars["{}"].to_numpy(float)', "bars.index - pd.Timedelta(minutes=1)"
        source = known.default_source if use.source is None else use.source
        if isinstance(source, IndicatorRef):
            inner = self._spec.source_of(use, source)
            inner_known = registry.find(inner.name)
            of: str | None = self._of_bars(inner, inner_known)
            if len(inner_known.outputs) > 1:
                chosen = registry.output_of(inner_known, source.output).name
                of = f"{of}[{self._in_order_of_call(inner_known).index(chosen)}]"
        else:
            of = source and _column_text(source, price)
        return f"{self._function(known)}({', '.join(self._arguments(use, known, of, price, index))})"

    def _arguments(
        self, use: IndicatorUse, known: registry.Indicator, source: str | None, price: str, index: str
    ) -> Iterator[str]:
        params = numbers_of(use, self._spec)
        for argument in known.call.arguments:
            if argument.kind == "input" and argument.value == "source":
                text = str(source)
            elif argument.kind == "input":
                text = index if argument.value == "index" else _column_text(str(argument.value), price)
            elif argument.kind == "parameter":
                given = use.params.get(str(argument.value))
                text = number(params[str(argument.value)])
                if isinstance(given, ParamRef):
                    text = f"self.{self._parameters[given.name]}"
            else:
                text = number(float(argument.value))
            yield f"{argument.keyword}={text}" if argument.keyword else text


def _column_text(column: str, price: str) -> str:
    """A price column, written by the pattern `price`; backtesting.py's own Volume may be whole numbers."""
    text = price.format(column)
    return f"{text}.astype(float)" if column == "Volume" and price.startswith("self") else text


def nested(function: str, texts: list[str]) -> str:
    """`f(a, f(b, c))` of a function of two arguments."""
    if len(texts) == 1:
        return texts[0]
    return f"{function}({texts[0]}, {nested(function, texts[1:])})"


def _slug(expression: str) -> str:
    """A short name for a series: the words of its expression, without the strategy's own."""
    words = expression.replace("self.data.", "").replace("self.", "").replace("np.", "")
    cleaned = "".join(c if c.isalnum() or c == "_" else " " for c in words).split()
    return "_".join(cleaned)[:40]


def _static_operands(node: Node) -> Iterator[Operand | Pattern]:
    """The outermost operands of a spec that are columns, and its patterns, in the order of the document."""
    if isinstance(node, Price | IndicatorRef | Highest | Lowest | PercentChange | Previous | Pattern):
        yield node
        return
    for _, child in children(node):
        yield from _static_operands(child)
