"""What the registry says of an indicator: plain frozen values, without numpy, pandas or TA-Lib."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Number = int | float
Warmup = Callable[[Mapping[str, Number]], int]


@dataclass(frozen=True)
class Parameter:
    """One number an indicator takes; `minimum` and `maximum` are inclusive.

    `required`: no default is taken, a spec must say it (`default` is then only a usual value, for forms and examples).
    `in_column`: whether column names bear it. `omit_default`: column names bear it only when it is not the default.
    """

    name: str
    default: Number
    minimum: Number
    maximum: Number
    integer: bool
    description: str
    required: bool = False
    in_column: bool = True
    omit_default: bool = False


@dataclass(frozen=True)
class Output:
    """One array an indicator gives; `name` is None where it is the only one.

    `bounds` are the lowest and highest value it can take, None where it has no finite ones.
    `warmup` stands in for the indicator's own where this output begins earlier than the last of them.
    """

    name: str | None
    column_stem: str
    description: str
    bounds: tuple[float, float] | None = None
    warmup: Warmup | None = None


@dataclass(frozen=True)
class Argument:
    """One argument of a call, by position, or by `keyword` where it has one.

    `kind` "input": `value` is Open, High, Low, Close, Volume, "source" (the chosen price column) or "index" (the bars'
    stamps). "parameter": the name of a parameter. "constant": the number itself.
    """

    kind: Literal["input", "parameter", "constant"]
    value: str | Number
    keyword: str | None = None


@dataclass(frozen=True)
class Call:
    """How the arrays are computed: `function` is "talib.RSI" or the bare name of a function of this package.

    A function that gives several arrays gives them as a tuple; `picks` are the positions of the indicator's outputs in
    it, in their order. `picks` is empty where the function gives one bare array.
    """

    function: str
    arguments: tuple[Argument, ...]
    picks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One entry of the registry.

    `aliases`: other names accepted on input. `column_stem`: begins the name of the indicator as a whole (`BB_20_2`).
    `parameters` stand in column order. `inputs`: the columns the call takes, in order, "source" for the selectable one.
    `default_source`: what "source" is unless said; None where the columns are fixed.
    `price_like`: its values lie on the scale of its source, so that it is drawn over the price when the source is one.
    `warmup`: position of the first bar on which all outputs have a value, on bars without holes.
    """

    name: str
    title: str
    description: str
    aliases: tuple[str, ...]
    column_stem: str
    parameters: tuple[Parameter, ...]
    inputs: tuple[str, ...]
    default_source: str | None
    outputs: tuple[Output, ...]
    call: Call
    price_like: bool
    warmup: Warmup

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@dataclass(frozen=True)
class Pattern:
    """One of TA-Lib's candlestick patterns: positive where bullish, negative where bearish, else 0, never NaN.

    `signs`: which of +1 and -1 it can give. `has_penetration`: takes TA-Lib's `penetration`, whose default is used.
    """

    name: str
    title: str
    description: str
    signs: tuple[int, ...]
    has_penetration: bool = False
