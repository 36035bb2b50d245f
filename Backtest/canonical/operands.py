"""What a rule compares: prices, indicators, numbers, and what is made of them. All are values on a bar's close."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from Backtest.canonical.node import Count, Finite, Name, Node, Shift

PriceField = Literal["Open", "High", "Low", "Close", "Volume"]


class Number(Node):
    """A number, the same on every bar."""

    type: Literal["number"] = "number"
    value: Finite


class ParamRef(Node):
    """The value of a named parameter of the spec."""

    type: Literal["param"] = "param"
    name: Name


class Price(Node):
    """A column of the chart, `shift` bars ago."""

    type: Literal["price"] = "price"
    field: PriceField
    shift: Shift = 0


class IndicatorRef(Node):
    """An output of a declared indicator, `shift` chart bars ago; `output` null means its only or main one."""

    type: Literal["indicator"] = "indicator"
    id: Name
    output: str | None = None
    shift: Shift = 0


class Arith(Node):
    """`-` and `/` take two arguments, `abs` one, the others two or more. A division by zero is undefined."""

    type: Literal["arith"] = "arith"
    op: Literal["+", "-", "*", "/", "abs", "min", "max"]
    args: tuple["Operand", ...]

    @model_validator(mode="after")
    def _arity(self) -> Self:
        low, high = {"abs": (1, 1), "-": (2, 2), "/": (2, 2)}.get(self.op, (2, 64))
        if not low <= len(self.args) <= high:
            wanted = str(low) if low == high else f"{low} or more"
            raise ValueError(f"{self.op} takes {wanted} arguments, not {len(self.args)}")
        return self


class Highest(Node):
    """The largest value of `of` on the last `bars` bars; `include_current` says whether this bar is one of them."""

    type: Literal["highest"] = "highest"
    of: "Operand"
    bars: Count
    include_current: bool


class Lowest(Node):
    """The smallest value of `of` on the last `bars` bars; `include_current` says whether this bar is one of them."""

    type: Literal["lowest"] = "lowest"
    of: "Operand"
    bars: Count
    include_current: bool


class PercentChange(Node):
    """100 * (`of` now / `of` `bars` bars ago - 1)."""

    type: Literal["percent_change"] = "percent_change"
    of: "Operand"
    bars: Count


class Previous(Node):
    """A price of the last day, week or month that ended with this bar or before; on such bars, of the one before."""

    type: Literal["previous"] = "previous"
    period: Literal["day", "week", "month"]
    field: Literal["High", "Low", "Close", "Open"]


class BarsSinceEntry(Node):
    """Closes since entry, the entry bar's the first; undefined while flat."""

    type: Literal["bars_since_entry"] = "bars_since_entry"


class OpenProfitPct(Node):
    """The gain of this close over the fill in percent, commission aside; undefined while flat."""

    type: Literal["open_profit_pct"] = "open_profit_pct"


class EntryPrice(Node):
    """The fill price of the open position; undefined while flat."""

    type: Literal["entry_price"] = "entry_price"


Operand = Annotated[
    Number
    | ParamRef
    | Price
    | IndicatorRef
    | Arith
    | Highest
    | Lowest
    | PercentChange
    | Previous
    | BarsSinceEntry
    | OpenProfitPct
    | EntryPrice,
    Field(discriminator="type"),
]

POSITION_OPERANDS = (BarsSinceEntry, OpenProfitPct, EntryPrice)

for _model in (Arith, Highest, Lowest, PercentChange):
    _model.model_rebuild()
