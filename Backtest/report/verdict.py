"""What came of comparing a run's generated code with another execution of its spec."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

VerdictState = Literal["pending", "verified", "mismatch", "not_applicable"]

REASONS: Final[Mapping[VerdictState, str]] = MappingProxyType(
    {
        "pending": "The generated code has not been compared with the specification's own execution yet.",
        "verified": "The generated code, run under backtesting.py, made the same trades and the same equity on every "
        "bar as an independent execution of the specification, whose figures these are.",
        "mismatch": "The generated code does not do what the specification says on these bars. The figures are those "
        "of the specification's own execution.",
        "not_applicable": "No second, independent execution was made to compare this run with.",
    }
)
SELF_REPORTED: Final = "There is no specification to compare this run with: its figures are the code's own report."


@dataclass(frozen=True)
class Verdict:
    """The state of a run's verification, and of a mismatch the first place where both sides part.

    A `counterexample` has `message` (a sentence) and, where they can be named, the `bar` of the window, its `time`,
    and what the `specification` and the `code` did there.
    """

    state: VerdictState = "not_applicable"
    counterexample: Mapping[str, Any] | None = None

    @property
    def verified(self) -> bool:
        return self.state == "verified"

    @property
    def reason(self) -> str:
        """The state in a sentence, and a mismatch's counterexample in another."""
        said = REASONS[self.state]
        return f"{said} {self.counterexample['message']}" if self.counterexample else said

    def as_dict(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "counterexample": None if self.counterexample is None else dict(self.counterexample),
        }


UNVERIFIED: Final = Verdict()
PENDING: Final = Verdict("pending")
VERIFIED: Final = Verdict("verified")
