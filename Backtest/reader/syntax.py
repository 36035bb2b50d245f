"""What a parse says, before the conventions fill in what it left open: operands and conditions.

Nothing here knows of defaults or of the rest of the text; `operands.py` and `conditions.py` turn them into canonical
nodes. Spans are characters [start, end) of the text and no part of equality, so
that two parses that mean the same are the same.
"""

from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]
Direction = Literal["up", "down"]
Side = Literal["long", "short"]
NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Period:
    """So many bars, days, ... as said."""

    count: float
    unit: Literal["bar", "minute", "hour", "day", "week", "month"] | str


# --------------------------------------------------------------------------------------------------- operands


@dataclass(frozen=True, slots=True)
class Literally:
    """A number as said; `unit` is "", "%", "$"."""

    value: float
    unit: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PriceOf:
    """A column; `chart` where the text says of which bars ("the daily close"), `named` where it names that price."""

    column: str
    shift: int = 0
    instrument: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
    chart: str | None = field(default=None, compare=False)
    named: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """An indicator as said: `name` of the registry ("" a moving average without a type, "%" of either stochastic).

    `numbers` are its arguments as written, `period` a length with its unit ("20-day"), `chart` another timeframe,
    `column` another price and `of` another indicator that it is computed of, `owned` whether the text says "its",
    `trails` whether the chart stands behind the name, `pace` "fast" or "slow" where that is all that is said of its
    length.
    """

    name: str
    output: str = ""
    numbers: tuple[float, ...] = ()
    period: Period | None = None
    chart: str | None = None
    column: str | None = None
    owned: bool = False
    span: Span = field(default=NOWHERE, compare=False)
    trails: bool = field(default=False, compare=False)
    pace: str = ""
    of: "Mention | None" = None


@dataclass(frozen=True, slots=True)
class BarePeriod:
    """ "the 50-day" where the noun follows later: the other side of the comparison says which average."""

    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The N-bar high or low; `of_close`: of closes, `of`: of an indicator or the volume.

    `of_values`: the text only says that it is of what is compared with it.
    """

    kind: Literal["high", "low"]
    period: Period
    of_close: bool = False
    span: Span = field(default=NOWHERE, compare=False)
    of_values: bool = False
    of: "Mention | PriceOf | None" = None


@dataclass(frozen=True, slots=True)
class Before:
    """A price of the bar or calendar period before; `unit` "" where the text only says "previous"."""

    column: str
    unit: str
    count: float = 1
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Shifted:
    """An indicator's value so long ago."""

    of: Mention
    ago: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Was:
    """What the thing that is compared was itself so long ago ("higher than it was 10 days ago")."""

    ago: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Todays:
    """What was said of another day, on this one ("yesterday's RSI was below 30 and today's is above it")."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Scaled:
    """`factor` times an operand."""

    factor: float
    of: "OperandSaid"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Apart:
    """A price so far above or below another."""

    distance: "Distance"
    direction: Direction
    base: "OperandSaid"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Formula:
    """Two operands joined by `op`: "(close - low)", "(high + low) / 2"; one of +, - and /."""

    op: str
    left: "OperandSaid"
    right: "OperandSaid"
    span: Span = field(default=NOWHERE, compare=False)


EVERY, ANY = 3, 4


@dataclass(frozen=True, slots=True)
class It:
    """A pronoun: what was spoken of before. `which`: 1 or 2 for "the first" and "the second" of two that were named,
    EVERY for "both" of two lines, ANY for "either".

    `noun`: "line" or "level" where it is said that it is one ("that line", "the same level").
    """

    span: Span = field(default=NOWHERE, compare=False)
    which: int = 0
    noun: str = ""


@dataclass(frozen=True, slots=True)
class EntryFill:
    span: Span = field(default=NOWHERE, compare=False)


OperandSaid = (
    Literally
    | PriceOf
    | Mention
    | BarePeriod
    | Extreme
    | Before
    | Shifted
    | Was
    | Todays
    | Scaled
    | Apart
    | Formula
    | It
    | EntryFill
)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far: `kind` percent, atr, money, pips, points or r; `atr` is the ATR where it is one."""

    kind: str
    value: float
    atr: Mention | None = None
    span: Span = field(default=NOWHERE, compare=False)


# ------------------------------------------------------------------------------------------------- conditions


@dataclass(frozen=True, slots=True)
class All:
    of: tuple["Said", ...]
    comma: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple["Said", ...]
    either: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NotSaid:
    of: "Said"


@dataclass(frozen=True, slots=True)
class Relation:
    """`op`: < <= > >= ==, cross_above, cross_below, cross (direction unsaid), break, touch. None: implied.

    `back`: the text says that it goes back, which makes the way it came clear; `closes`: that something closes there.
    `cross`: a golden or death cross, of averages that are "told" or by "default" (rule 26).
    """

    left: OperandSaid | None
    op: str
    right: OperandSaid | None
    span: Span = field(default=NOWHERE, compare=False)
    back: bool = field(default=False, compare=False)
    closes: bool = field(default=False, compare=False)
    cross: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    value: OperandSaid | None
    low: OperandSaid
    high: OperandSaid
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Slope:
    """rising / falling for so many bars (None: unsaid); `turns`: only on the bar where the direction changes."""

    value: OperandSaid | None
    direction: Direction
    period: Period | None = None
    turns: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """oversold, overbought, bullish, bearish, positive, negative; `change`: "is", "enter" or "leave"."""

    value: OperandSaid | None
    state: str
    change: str = "is"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PercentMove:
    """A change in percent over a period; `strict`: more than that much."""

    value: OperandSaid | None
    direction: Direction
    percent: float
    period: Period | None
    strict: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class GapSaid:
    """The open against the previous close; `percent` None where unsaid."""

    direction: Direction
    percent: float | None
    strict: bool = False
    beyond: OperandSaid | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CandleSaid:
    name: str
    direction: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BodySaid:
    """A green (close above open) or red candle."""

    direction: Direction
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lasting:
    """`of` on each of the last bars of `period`."""

    of: "Said"
    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lately:
    """`of` on at least one of the last bars of `period`."""

    of: "Said"
    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Following:
    """`first`, then `then` within `period` (None: unsaid)."""

    first: "Said"
    then: "Said"
    period: Period | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """`of`, so long ago; `ago` None: the text only says "was"."""

    of: "Said"
    ago: Period | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OfBoth:
    """ "Both are above 80": said of the two lines that were spoken of."""

    of: "Said"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Restated:
    """ "3 white candles (close above open)": `of`, said once more in parentheses."""

    of: "Said"
    again: "Said"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OnDays:
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InHours:
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class ProfitSaid:
    """A profit (`direction` up) or loss of at least so much, on the close; `of_price`: said of price and fill."""

    direction: Direction
    percent: float
    strict: bool = False
    of_price: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """ "the opposite": the entry's crossing the other way round."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """ "otherwise": whenever the entry's condition does not hold."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Vague:
    """A move without how much or over how long ("price goes up")."""

    span: Span = field(default=NOWHERE, compare=False)


Said = (
    All
    | AnyOf
    | NotSaid
    | Relation
    | Range
    | Slope
    | State
    | PercentMove
    | GapSaid
    | CandleSaid
    | BodySaid
    | Lasting
    | Lately
    | Following
    | Earlier
    | OfBoth
    | Restated
    | OnDays
    | InHours
    | ProfitSaid
    | Mirrored
    | Otherwise
    | Vague
)
