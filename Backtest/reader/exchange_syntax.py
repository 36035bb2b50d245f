"""What a later sentence puts in the place of a line, a pattern or a rule's conditions: the forms of its parse trees."""

from dataclasses import dataclass, field

from Backtest.reader.syntax import NOWHERE, Distance, Mention, Said, Side, Span


@dataclass(frozen=True, slots=True)
class NewLine:
    """The one average of the strategy becomes another ("change both to the 20-week EMA").

    `filter`: that of the filters and of the conditions beside a trigger, where there is one ("the trend filter").
    """

    new: Mention
    both: bool = False
    span: Span = field(default=NOWHERE, compare=False)
    filter: bool = False


@dataclass(frozen=True, slots=True)
class NewLineOfRule:
    """The average of the rules of one role becomes another ("use the 30-day EMA for the exit")."""

    new: Mention
    role: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class KeptLength:
    """A rule of this role keeps its line of this length ("keep the 20 for the entry")."""

    length: float
    role: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """An oscillator in the place of another one; `levels`: the numbers it is compared with, in the text's order."""

    old: Mention
    new: Mention
    levels: tuple[float, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewPattern:
    """A candlestick pattern in the place of another, by name and direction; "" where it is not said."""

    old: tuple[str, str] | None
    new: tuple[str, str]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OfRule:
    """The one number or length of an entry or exit: "40 days for the entry"."""

    role: str
    side: Side | None
    count: float
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class OfRules:
    """Several rules at once take other numbers; all of them lengths, or all of them levels."""

    of: tuple[OfRule, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewWhen:
    """The one entry or exit happens on another condition; its order and its size stay."""

    role: str
    side: Side | None
    when: Said
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SwapSides:
    """ "Go short instead of long": each rule is of the other side; `to`: the side that it names, which is not there."""

    to: Side | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewFraction:
    """ "Make that a quarter instead of half": the one part that is closed, or the one part of the account."""

    new: float
    old: float | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewThat:
    """ "make that 25": the one number of what was said last."""

    value: float
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Trailing:
    """ "Make the stop trailing": the one stop trails at its distance."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OrderApart:
    """ "Lower the limit to 2%": the one waiting order stands so far from its price."""

    distance: Distance
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MoreDays:
    """ "Include Fridays": entries on these days too; `fewer`: on these no longer."""

    days: tuple[str, ...]
    fewer: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewHours:
    """The session begins or ends at another hour; None: it keeps its own."""

    start: str | None = None
    end: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NewRiskNumber:
    """ "Stop 25": the one `kind` stop, target or trail is so much of what it is measured in."""

    kind: str
    value: float
    span: Span = field(default=NOWHERE, compare=False)
