"""Faults that are none: mutants that trade as the code they were made of on any bars, each with the reason why."""

import re

from tests.proof.mutators import Mutant

REASONS: tuple[tuple[str, str, str], ...] = (
    (
        ".*",
        r": (warnings\.warn\(|if empty:|return empty)",
        "a warning tells the user something and sends no order; notices are not part of what is proved",
    ),
    (
        "statement_dropped|test_forced|negated",
        r": (if self\.unready:|self\.unready = )",
        "without a value every comparison of it is false, so that the rules which are not looked at would not act",
    ),
    (
        "statement_dropped",
        r": return -> $",
        "the early return of `if self.unready`: without a value the rules do not act anyhow",
    ),
    (
        "test_forced",
        r": if trade\.entry_bar == len\(self\.data\) - 1: -> if True:",
        "the level follows from the fill and the signal bar alone, and is the same when it is set on a later bar again",
    ),
    (
        "boundary",
        r": if level [<>] \(trade\.sl or ",
        "a stop that is moved to where it is stays there",
    ),
    (
        "boundary|number_by_one|and_or|arithmetic|number_scaled",
        r": if 0 < level < np\.inf and \(price - level\) \* side > 0:",
        "levels near 0 and on the wrong side of a price are refused by the library as well; `side` is 1 "
        "or -1, by which dividing is multiplying",
    ),
    (
        "number_by_one|number_scaled|period_by_one|test_forced|boundary",
        r": (minutes = int\(timeframe|if not 0 < minutes < 1440:|ends = index \+ pd\.)",
        "a branch for charts of another length than the spec's, which a run of this spec never takes",
    ),
    (
        "number_by_one|boundary|negated",
        r": return np\.array\(shown\) if len\(shown\) > 1 else shown\[0\]",
        "an indicator of one output is the same array, whether it is taken alone or in a table of one row",
    ),
    (
        "condition_dropped",
        r": go_(long|short) = entry_\d and \(?not self\.position",
        "an entry in the direction that is held is not sent further down either",
    ),
    (
        "number_scaled",
        r": (self\.valid_bars = |max_bars = )\d+ -> .* ?\d+\.\d+$",
        "whole bars are counted against it with `>=`, so that a part of a bar less changes nothing",
    ),
    (
        "number_by_one",
        r"self\.trades\[0\]\.entry_bar >= self\.max_bars: -> .*self\.trades\[-1\]",
        "one position is held at a time: the first trade is the last",
    ),
    (
        "number_by_one",
        r"before\.where\(before != 0\) - 1\)\)\.to_numpy\(\) -> .*!= -1",
        "prices are above 0, whatever is left out at 0 or -1",
    ),
)
"""(operator, "case: statement before -> after", the reason); the first two are regular expressions."""


def why_equivalent(mutant: Mutant, case: str) -> str | None:
    """The written reason for a mutant that no series can tell from the code, None where there is none."""
    told = f"{case}: {mutant.before} -> {mutant.after}"
    for operator, statement, reason in REASONS:
        if re.fullmatch(operator, mutant.operator) and re.search(statement, told):
            return reason
    return None
