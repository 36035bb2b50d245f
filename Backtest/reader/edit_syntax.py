"""What a later sentence changes, as it says it: the forms that the parse trees of edits are turned into."""

from dataclasses import dataclass, field

from Backtest.reader.statement_syntax import (
    Statement,
)
from Backtest.reader.syntax import (
    NOWHERE,
    Distance,
    Extreme,
    Mention,
    Period,
    Relation,
    Side,
    Slope,
    Span,
)


@dataclass(frozen=True, slots=True)
class NewLength:
    """The indicator of this name takes other numbers; `named`: only where it has the mention's own length."""

    mention: Mention
    numbers: tuple[float, ...] = ()
    period: Period | None = None
    named: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewAverage:
    """Moving averages become of another type: all, both, or those of type `old`."""

    name: str
    both: bool = False
    old: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """The one length of the strategy, or the one that is `old`, becomes another."""

    period: Period | None
    number: float | None
    old: float | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewLengths:
    """The two averages take other lengths, the faster one and the slower one; None: it keeps its own."""

    fast: float | None
    slow: float | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewLevel:
    """The one number that an entry (`role` entry), an exit or a filter compares with becomes another.

    `line`: only where this indicator is compared, in a rule of any role.
    """

    role: str
    side: Side | None
    value: float
    line: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number that stands once in the strategy becomes another; `unit` "%", "period" or "" where it is not said."""

    old: float
    new: float
    unit: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewOperand:
    """An indicator or an N-bar extreme becomes another; `old` None: the only extreme of that kind.

    `role`: only in a rule of this role (entry or exit).
    """

    old: Mention | Extreme | None
    new: Mention | Extreme
    role: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewCondition:
    """The one comparison of the same indicator that points the same way takes another number."""

    said: Relation
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewStreak:
    """The one move of closes in a row takes another length."""

    said: Slope
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewAmount:
    """ "make it 12%": the one stop, target or trailing stop that is measured like this."""

    distance: Distance
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule in the place of the one entry or exit said before ("sell when ... instead").

    `of`: only of one that speaks of this indicator ("instead of the CCI exit, sell after 10 bars").
    """

    rule: Statement
    of: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Removal:
    """`indicator`: the filters that speak of it; None: all of that kind."""

    what: str
    indicator: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RuleRemoval:
    """One entry or exit goes: the only one of its role and side, or the one at `position` (0 the first).

    `part`: an exit of a part of the position, of `portion` where the share is said.
    """

    role: str
    side: Side | None = None
    position: int | None = None
    part: bool = False
    portion: float | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SameStop:
    """ "make it a 2% stop" (`kind` stop) or trailing stop (trail): "it" is no stop of the other kind."""

    kind: str
    span: Span = field(default=NOWHERE, compare=False)


Change = (
    NewLength
    | NewLengths
    | NewAverage
    | NewPeriod
    | NewLevel
    | NewNumber
    | NewOperand
    | NewCondition
    | NewStreak
    | NewAmount
    | NewRule
    | Removal
    | RuleRemoval
    | SameStop
)
CHANGES = (
    NewLength,
    NewLengths,
    NewAverage,
    NewPeriod,
    NewLevel,
    NewNumber,
    NewOperand,
    NewCondition,
    NewStreak,
    NewAmount,
    NewRule,
    Removal,
    RuleRemoval,
    SameStop,
)
