"""When to enter and with which order, when to leave, and what bars entries from being taken."""

from typing import Annotated, Literal

from pydantic import Field

from Backtest.canonical.conditions import ClockTime, Condition, WeekdayName
from Backtest.canonical.node import Count, Name, Node, Shift
from Backtest.canonical.operands import Operand

Side = Literal["long", "short"]


class MarketOrder(Node):
    """Fills at the next bar's open."""

    type: Literal["market"] = "market"


class LimitOrder(Node):
    """`price` is fixed on the signal bar; good for `valid_bars` bars, null until filled or replaced."""

    type: Literal["limit"] = "limit"
    price: Operand
    valid_bars: Count | None = 1


class StopOrder(Node):
    """`price` is fixed on the signal bar; good for `valid_bars` bars, null until filled or replaced."""

    type: Literal["stop"] = "stop"
    price: Operand
    valid_bars: Count | None = 1


Order = Annotated[MarketOrder | LimitOrder | StopOrder, Field(discriminator="type")]


class EntryRule(Node):
    """`when` null is true on every bar."""

    id: Name
    side: Side
    order: Order = MarketOrder()
    when: Condition | None


class ExitRule(Node):
    """Closes `portion` (0..1] of the units open at the signal; below 1 once per position."""

    id: Name
    side: Side
    portion: Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1)] = 1.0
    when: Condition


class Session(Node):
    """Signal bars stamped in [`from`, `to`); a `from` after `to` runs over midnight."""

    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")


class Filters(Node):
    """What must hold on the signal bar for an entry; exits are never filtered."""

    weekdays: Annotated[tuple[WeekdayName, ...], Field(min_length=1, max_length=7)] | None = None
    hours: Session | None = None
    when: Condition | None = None
    cooldown_bars: Shift = 0
