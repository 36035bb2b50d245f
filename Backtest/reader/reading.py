"""What a text was read as."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from Backtest.canonical.spec import Assumption, Spec
from Backtest.errors import Issue
from Backtest.reader.impossible import IMPOSSIBLE
from Backtest.reader.questions import Question
from Backtest.reader.syntax import Span

Status = Literal["complete", "needs_clarification", "unsupported", "rejected"]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A clause that was not turned into a rule: its words, their place, why, and what they are about."""

    text: str
    span: Span
    reason: str
    topic: str

    @property
    def unsupported(self) -> bool:
        """Whether it was understood, and is not in the language."""
        return self.reason.startswith("unsupported")

    @property
    def impossible(self) -> bool:
        """Whether it was understood, and can never be meant."""
        return self.reason.startswith(IMPOSSIBLE)

    def as_dict(self) -> dict[str, JsonValue]:
        return {"text": self.text, "span": list(self.span), "reason": self.reason, "topic": self.topic}


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What the request says beside the text, and beats it with; None: the text or the default decides."""

    symbol: str | None = None
    timeframe: str | None = None
    cash: float | None = None
    commission_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the text itself says of where and when to trade, None where it says nothing.

    `named`: the instruments that are said to be traded, beside those whose prices the rules speak of.
    """

    instruments: tuple[str, ...] = ()
    timeframe: str | None = None
    start: str | None = None
    end: str | None = None
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """`spec` stands only in a complete reading; `draft` is what was understood so far, in canonical JSON.

    `used`, `noise` and the spans of `unresolved` together cover every word of the text.
    """

    status: Status
    text: str
    spec: Spec | None
    draft: dict[str, JsonValue]
    questions: tuple[Question, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    errors: tuple[Issue, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    used: tuple[Span, ...] = ()
    noise: tuple[Span, ...] = ()
    found: Found = field(default_factory=Found)
