"""One piece of advice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A stable `topic`, why it matters here, and sentences that would mend it, the best first.

    Whether one can be said of the strategy at hand, and helps, is for `pipeline.advised` to try.
    """

    topic: str
    reason: str
    edits: tuple[str, ...] = ()

    @property
    def edit(self) -> str:
        """The sentence that applies it; "" if none can."""
        return self.edits[0] if self.edits else ""

    def as_dict(self) -> dict[str, str]:
        return {"topic": self.topic, "reason": self.reason, "edit": self.edit}
