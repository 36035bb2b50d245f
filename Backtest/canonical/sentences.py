"""English inside canonical JSON: the port through which a rule given as a sentence is read."""

from collections.abc import Mapping
from typing import Literal, Protocol

SentenceKind = Literal["entry", "exit", "filter"]


class SentenceReader(Protocol):
    """Reads one sentence ("RSI(14) drops below 30") into a rule, on a chart of that canonical timeframe.

    Answers `{"when": CONDITION}`, in any form that `parse_spec` accepts (operands such as "RSI_14" declare their
    indicators), and `side`, `order` or `portion` only where the sentence says so. Beside the rule it may hold
    `indicators` (declarations) and `assumptions` (paths relative to the rule: "/when/right").
    Raises an InputError, whose issues are reported at the sentence's place, for one that it can't read whole.
    """

    def __call__(self, sentence: str, kind: SentenceKind, timeframe: str, /) -> Mapping[str, object]: ...
