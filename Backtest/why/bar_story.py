"""What is told of a bar and of a trade: plain data, of which the wording makes sentences and JSON makes objects."""

from dataclasses import dataclass
from typing import Literal

from Backtest.canonical.rules import Side
from Backtest.why.verdicts import Verdict

RuleKind = Literal["entry", "exit", "time_exit"]
Outcome = Literal["acted", "not_true", "undefined", "barred", "set_aside", "no_order", "not_concerned"]
"""Of a rule on a bar: its order was sent; its condition was false, or undefined; true, but a filter barred it; true,
but something else went before; true, but there was nothing to send; there was no position for it to close."""


@dataclass(frozen=True, slots=True)
class Words:
    """The user's own words for a part of the spec, and where they stand in the text that the provenance keeps."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RuleStory:
    """What became of one rule on a bar. `sentence` says the rule, `reason` why it did what it did."""

    id: str
    kind: RuleKind
    side: Side | None
    path: str
    sentence: str
    words: tuple[Words, ...]
    outcome: Outcome
    reason: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class FilterStory:
    """Whether a filter let entries pass on the bar (None: it was undefined, which bars them)."""

    path: str
    sentence: str
    passed: bool | None
    reason: str
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """An order that the bar filled. `size` in units, below 0 when sold; `signal_bar` is the one on whose close it was
    sent, None for a stop or target, which stood before. `closed_by` is None for an entry."""

    purpose: Literal["entry", "exit"]
    size: int
    price: float
    rule: str
    closed_by: str | None
    signal_bar: int | None
    signal_time: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """The open position after the bar's fills; stop and target are those that hold from the next bar on."""

    side: Side
    size: int
    entry_price: float
    entry_bar: int
    entry_time: str
    rule: str
    stop_price: float | None
    target_price: float | None
    open_profit_pct: float
    bars_held: int


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """A limit or stop entry that waits for the next bar; `last_bar` is the last one it is good for, None: no end."""

    rule: str
    type: Literal["market", "limit", "stop"]
    side: Side
    price: float | None
    sent_bar: int
    last_bar: int | None


@dataclass(frozen=True, slots=True)
class BarStory:
    """All that can be told of one bar. Bars count from the window's first; `truth` values are Kleene's.

    `evaluated` is False before the rules begin, `why_not_evaluated` says why. `reports` are the broker's warnings of
    this bar, `protection` what became of stop and target at its close.
    """

    bar: int
    time: str
    prices: dict[str, float]
    equity: float
    evaluated: bool
    why_not_evaluated: str = ""
    fills: tuple[Fill, ...] = ()
    position: Position | None = None
    waiting: WaitingOrder | None = None
    rules: tuple[RuleStory, ...] = ()
    filters: tuple[FilterStory, ...] = ()
    protection: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TradeStory:
    """One closed trade: the bar on whose close it was ordered, and the bar that closed it, or on whose close its exit
    was ordered. `opened_by` and `closed_by` are what the trade itself says."""

    number: int
    opened_by: str
    closed_by: str
    entry: BarStory
    exit: BarStory
    entry_bar: int
    exit_bar: int
