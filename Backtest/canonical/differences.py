"""The sentences that two specs don't share."""

from dataclasses import dataclass

from Backtest.canonical.explain import explain
from Backtest.canonical.spec import Spec


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence that two specs don't share: None where there is none on that side. `path` points into the spec."""

    path: str
    before: str | None
    after: str | None


def differences(before: Spec, after: Spec) -> tuple[Difference, ...]:
    """What the second spec says that the first does not, sentence by sentence, in the order of the second."""
    old, new = explain(before), explain(after)
    lost = {s.path: s.text for s in old if s.text not in {other.text for other in new}}
    gained = {s.path: s.text for s in new if s.text not in {other.text for other in old}}
    paths = [*gained, *(path for path in lost if path not in gained)]
    return tuple(Difference(path, lost.get(path), gained.get(path)) for path in paths)
