"""What the sentences of a text say: entries, exits, filters, sizes, stops, the account and the chart.

They are made of the operands and conditions of `syntax.py`; `builder.py` makes a document of them.
"""

from dataclasses import dataclass, field

from Backtest.reader.syntax import NOWHERE, Direction, Distance, Mention, OperandSaid, Period, Said, Side, Span


@dataclass(frozen=True, slots=True)
class SizeSaid:
    """`kind`: fraction (0..1), units, cash, all, risk and volatility (percent), risk_money.

    money: a sum that a trade takes or that the account holds. `of_entry`: said with the entry before it.
    """

    kind: str
    value: float = 0.0
    span: Span = field(default=NOWHERE, compare=False)
    of_entry: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class OrderSaid:
    """`kind` market, limit or stop; `bars` None: unsaid; `gtc`: until filled or replaced."""

    kind: str
    price: OperandSaid | None = None
    valid: Period | None = None
    gtc: bool = False


@dataclass(frozen=True, slots=True)
class ValiditySaid:
    """How long the waiting order before it is good for, in a sentence of its own; `gtc` as there."""

    period: Period | None
    gtc: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lead:
    """Conditions before a verb; `verb_start`: where the verb begins, `alone`: no condition stands after it.

    `owned`: they are the verb's subject ("A is my buy").
    """

    verb_start: int
    alone: bool
    owned: bool = False


@dataclass(frozen=True, slots=True)
class EntrySaid:
    """`side` None: "enter" without a side. `by_size`: only its size tells that it is one ("put half in when A").

    `sells`: it is short by a "sell limit" or "sell stop" alone, which may close a long as well. `needed`: it says what
    an entry needs ("to buy, A must be so").
    """

    side: Side | None
    when: Said | None
    order: OrderSaid = OrderSaid("market")
    size: SizeSaid | None = None
    context: tuple["ContextSaid", ...] = ()
    span: Span = field(default=NOWHERE, compare=False)
    lead: Lead | None = field(default=None, compare=False)
    by_size: bool = field(default=False, compare=False)
    sells: bool = False
    needed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class ExitSaid:
    """`verb` sell, exit or cover; `portion` None: all, 0.0: the rest; `only`: it says "only if"."""

    verb: str
    when: Said | None
    portion: float | None = None
    span: Span = field(default=NOWHERE, compare=False)
    only: bool = False
    lead: Lead | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BareCondition:
    """An item of a list: the heading above it says what it is for."""

    when: Said
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FilterSaid:
    """What must hold for an entry; `side` None: of both; `trend`: a line, without the side on which it lets pass.

    `bars`: it only says when there is none ("never buy when A").
    `behind`: without a verb ("not on Fridays"), which in a sentence is of the rule that it stands behind.
    """

    when: Said
    side: Side | None = None
    span: Span = field(default=NOWHERE, compare=False)
    trend: bool = False
    setup: bool = False
    bars: bool = field(default=False, compare=False)
    behind: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class StopSaid:
    """`direction`: above or below the entry, `beyond`: above or below the level, where the text says so.

    `until`: it holds until the trail or the break-even begins.
    """

    distance: Distance | None
    level: OperandSaid | None = None
    direction: Direction | None = None
    beyond: Direction | None = None
    span: Span = field(default=NOWHERE, compare=False)
    until: bool = False


@dataclass(frozen=True, slots=True)
class TargetSaid:
    """`direction`: above or below the entry, `fixed`: on the signal bar, where the text says so."""

    distance: Distance | None
    level: OperandSaid | None = None
    direction: Direction | None = None
    span: Span = field(default=NOWHERE, compare=False)
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class TrailSaid:
    """`direction`: above or below the best close, where that tells the side it is for."""

    distance: Distance
    after: Distance | None = None
    span: Span = field(default=NOWHERE, compare=False)
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class BreakEvenSaid:
    after: Distance | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class HoldSaid:
    """`verb`: sell or cover where the time is that of one side ("exit shorts after 10 days")."""

    period: Period
    span: Span = field(default=NOWHERE, compare=False)
    verb: str = "exit"


@dataclass(frozen=True, slots=True)
class CooldownSaid:
    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AccountSaid:
    """`kind` cash, commission_rate, commission_fixed, commission_per_unit, spread or margin.

    `per_trade`: a commission of a trade, which may be that of its entry and exit together.
    """

    kind: str
    value: float
    span: Span = field(default=NOWHERE, compare=False)
    per_trade: bool = False


@dataclass(frozen=True, slots=True)
class ContextSaid:
    """`kind` instrument, timeframe, start, end, or till_today: so many years, until then."""

    kind: str
    value: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NoteSaid:
    """A saying that changes nothing or confirms a convention: long_only, no_stop, ..."""

    kind: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListSaid:
    """The line above a list: what its items are for (entry, exit, filter, rules), of which side, how joined."""

    role: str
    side: Side | None = None
    joined: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IndicatorsSaid:
    """The indicators that the rules speak of, named before them; they are no rule.

    `promised`: "use the 50-day SMA" is a rule of its own that lacks its end, unless a rule does speak of it.
    """

    mentions: tuple[Mention, ...]
    span: Span = field(default=NOWHERE, compare=False)
    promised: bool = False


Statement = (
    EntrySaid
    | ExitSaid
    | BareCondition
    | FilterSaid
    | SizeSaid
    | StopSaid
    | TargetSaid
    | TrailSaid
    | BreakEvenSaid
    | HoldSaid
    | CooldownSaid
    | AccountSaid
    | ContextSaid
    | NoteSaid
    | ListSaid
    | IndicatorsSaid
    | ValiditySaid
)
