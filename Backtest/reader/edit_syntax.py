"""What a later sentence changes, as it says it: the forms that the parse trees of edits are turned into."""

from dataclasses import dataclass, field

from Backtest.reader.exchange_syntax import (
    KeptLength,
    MoreDays,
    NewFraction,
    NewHours,
    NewIndicator,
    NewLine,
    NewLineOfRule,
    NewPattern,
    NewRiskNumber,
    NewThat,
    NewWhen,
    OfRules,
    OrderApart,
    SwapSides,
    Trailing,
)
from Backtest.reader.figure_syntax import NewFigures, NewTrailStart
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
    """The indicator of this name takes other numbers; `named`: only where it has the mention's own length.

    `bare`: a number behind the name and no more, which may be a level as well ("ADX 25").
    """

    mention: Mention
    numbers: tuple[float, ...] = ()
    period: Period | None = None
    named: bool = False
    bare: bool = False
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
    """The one length of the strategy, or the one that is `old`, becomes another; `that`: of what was said last."""

    period: Period | None
    number: float | None
    old: float | None = None
    span: Span = field(default=NOWHERE, compare=False)
    that: bool = False


@dataclass(frozen=True, slots=True)
class NewLengths:
    """The two averages take other lengths, the faster one and the slower one; None: it keeps its own.

    `average`: only those of this type ("the slow EMA").
    """

    fast: float | None
    slow: float | None
    span: Span = field(default=NOWHERE, compare=False)
    average: str = ""


@dataclass(frozen=True, slots=True)
class NewLevel:
    """The one number that an entry (`role` entry), an exit or a filter compares with becomes another.

    `line`: only where this indicator is compared, in a rule of any role. `old`: only where it is this number.
    """

    role: str
    side: Side | None
    value: float
    line: str | None = None
    old: float | None = None
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
    `own`: a time in the market takes the place of the one that is there ("exit after 30 bars instead").
    """

    rule: Statement
    of: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
    own: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """`indicator`: the filters that speak of it; None: all of that kind. `distance`: only the one that is so far."""

    what: str
    indicator: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
    distance: Distance | None = None


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
class NewParameter:
    """A parameter of the one indicator that has it: `kind` multiplier, deviations, signal, fast or slow.

    `indicator`: only of the one of this name. A multiplier may be that of a stop of so many ATRs too.
    """

    kind: str
    value: float
    indicator: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Several lengths, or levels where no length is said, in the order in which the strategy says them.

    `kind`: only lengths, or only levels; `line`: only the levels that this indicator is compared with.
    """

    counts: tuple[float, ...]
    unit: str | None = None
    kind: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """ "Double the stop": what is named becomes so many times as large; `kind` it: what was said last."""

    kind: str
    factor: float
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ConditionRemoval:
    """One condition of the entries or filters goes: of this length, or the one at `position` (-1 the last).

    `filters`: only one that is said as a filter of its own.
    """

    length: float | None = None
    position: int | None = None
    filters: bool = False
    indicator: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RuleOfRemoval:
    """ "Remove the RSI exit": the one entry or exit, or the one part of one joined by "or", that speaks of it."""

    role: str
    indicator: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DaysRemoval:
    """The days on which entries are allowed are no longer restricted; `days`: only where they are these, or others."""

    days: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class HoldRemoval:
    """The time in the market of this length goes."""

    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CostRemoval:
    """`kind` spread or margin: what the text said of it goes."""

    kind: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewDays:
    """Entries on other days than the `old` ones."""

    days: tuple[str, ...]
    old: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewZone:
    """ "Oversold at 25": the one level of an oscillator on that side of its middle."""

    low: bool
    value: float
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MarketOrder:
    """The one entry with a waiting order is filled at the market instead."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Keep:
    """ "Keep the target": nothing changes, but it must be there."""

    what: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Old:
    """What something takes the place of: `kind` number, line, output, order, cross or days; `value` as said."""

    kind: str
    value: object = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Instead:
    """Changes and statements, of which one takes the place of `old`, which must stand there."""

    said: tuple["Change | Statement", ...]
    old: Old
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
    | NewRiskNumber
    | NewRule
    | Removal
    | RuleRemoval
    | SameStop
    | Trailing
    | NewParameter
    | InOrder
    | Scale
    | ConditionRemoval
    | RuleOfRemoval
    | DaysRemoval
    | HoldRemoval
    | CostRemoval
    | NewDays
    | MoreDays
    | NewHours
    | Instead
    | NewZone
    | MarketOrder
    | Keep
    | NewLine
    | NewIndicator
    | NewPattern
    | NewFraction
    | NewThat
    | NewWhen
    | OfRules
    | NewLineOfRule
    | KeptLength
    | SwapSides
    | OrderApart
    | NewFigures
    | NewTrailStart
)
