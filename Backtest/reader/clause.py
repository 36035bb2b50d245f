"""One statement of a text with its place, and a text cut into them."""

from dataclasses import dataclass, field

from Backtest.reader.edit_syntax import Change
from Backtest.reader.reading import Unresolved
from Backtest.reader.statement_syntax import ListSaid, SizeSaid, Statement
from Backtest.reader.syntax import Side, Span

LARGEST_RISK = 0.05
"""Under a heading of risk a share up to this may be what a trade risks; what is larger is a position's size."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement with the sentence it stands in (`sentence` counts them), the list and the side's heading above."""

    said: Statement | Change
    span: Span
    sentence: int
    under: ListSaid | None = None
    side: Side | None = None


def may_be_risk(said: Statement) -> bool:
    return isinstance(said, SizeSaid) and said.kind == "fraction" and said.value <= LARGEST_RISK


@dataclass
class Cut:
    """A text in pieces. `ambiguous` are sentences with several readings of different meaning."""

    clauses: list[Clause] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    noise: list[Span] = field(default_factory=list)
    used: list[Span] = field(default_factory=list)
    refused: list[Unresolved] = field(default_factory=list)
    corrections: list[tuple[Span, str, str]] = field(default_factory=list)
    sentences: int = 0
