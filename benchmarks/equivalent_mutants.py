"""Faults that are none: mutants that trade as the code they were made of on any bars, each with the reason why."""

import re

from tests.proof.mutators import Mutant

REASONS: tuple[tuple[str, str, str], ...] = ()
"""(operator, what the changed statement looks like before, the reason); both patterns are regular expressions."""


def why_equivalent(mutant: Mutant, case: str) -> str | None:
    """The written reason for a mutant that no series can tell from the code, None where there is none."""
    for operator, before, reason in REASONS:
        if re.fullmatch(operator, mutant.operator) and re.search(before, f"{case}: {mutant.before} -> {mutant.after}"):
            return reason
    return None
