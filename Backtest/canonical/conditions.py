"""What is true or not on a bar's close. Undefined operands make a condition undefined (Kleene); only *true* acts."""

from typing import Annotated, Literal

from pydantic import Field

from Backtest.canonical.node import Count, Node
from Backtest.canonical.operands import Operand

WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[WeekdayName, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ClockTime = Annotated[str, Field(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class And(Node):
    """All of `of`."""

    type: Literal["and"] = "and"
    of: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=64)]


class Or(Node):
    """At least one of `of`."""

    type: Literal["or"] = "or"
    of: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=64)]


class Not(Node):
    """The contrary of `of`; undefined where `of` is."""

    type: Literal["not"] = "not"
    of: "Condition"


class Compare(Node):
    """A level: `left` against `right` on this bar."""

    type: Literal["compare"] = "compare"
    op: Literal["<", "<=", ">", ">=", "==", "!="]
    left: Operand
    right: Operand


class CrossAbove(Node):
    """left <= right on the bar before, left > right now."""

    type: Literal["cross_above"] = "cross_above"
    left: Operand
    right: Operand


class CrossBelow(Node):
    """left >= right on the bar before, left < right now."""

    type: Literal["cross_below"] = "cross_below"
    left: Operand
    right: Operand


class Between(Node):
    """`low` <= `value` <= `high`, or < on both ends where not `inclusive`."""

    type: Literal["between"] = "between"
    value: Operand
    low: Operand
    high: Operand
    inclusive: bool = True


class Rising(Node):
    """`bars` consecutive strict rises from close to close."""

    type: Literal["rising"] = "rising"
    value: Operand
    bars: Count = 1


class Falling(Node):
    """`bars` consecutive strict falls from close to close."""

    type: Literal["falling"] = "falling"
    value: Operand
    bars: Count = 1


class For(Node):
    """`of` on each of the last `bars` bars, this one included."""

    type: Literal["for"] = "for"
    of: "Condition"
    bars: Count


class Within(Node):
    """`of` on at least one of the last `bars` bars, this one included."""

    type: Literal["within"] = "within"
    of: "Condition"
    bars: Count


class Sequence(Node):
    """`then` now, and `first` on at least one of the `bars` bars before."""

    type: Literal["sequence"] = "sequence"
    first: "Condition"
    then: "Condition"
    bars: Count


class Touches(Node):
    """`low`: Low <= value; `high`: High >= value; `any`: Low <= value <= High."""

    type: Literal["touches"] = "touches"
    value: Operand
    side: Literal["low", "high", "any"] = "any"


class Pattern(Node):
    """A TA-Lib candlestick: above 0 is bullish, below 0 bearish, anything else than 0 either."""

    type: Literal["pattern"] = "pattern"
    name: str
    direction: Literal["bullish", "bearish", "any"] = "any"


class Weekday(Node):
    """The bar's stamp lies on one of `days`."""

    type: Literal["weekday"] = "weekday"
    days: Annotated[tuple[WeekdayName, ...], Field(min_length=1, max_length=7)]


class Hours(Node):
    """The bar's stamp lies in [`from`, `to`); a `from` after `to` runs over midnight."""

    type: Literal["hours"] = "hours"
    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")


Condition = Annotated[
    And
    | Or
    | Not
    | Compare
    | CrossAbove
    | CrossBelow
    | Between
    | Rising
    | Falling
    | For
    | Within
    | Sequence
    | Touches
    | Pattern
    | Weekday
    | Hours,
    Field(discriminator="type"),
]

for _model in (And, Or, Not, For, Within, Sequence):
    _model.model_rebuild()
