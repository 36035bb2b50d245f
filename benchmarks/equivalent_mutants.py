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
    (
        "number_by_one",
        r"= protective\(.*, 1, .* -> .*, 2, ",
        "the side is only multiplied with to see a sign, and 2 has that of 1",
    ),
    (
        "number_scaled",
        r": cooldown_bars = (\d+) -> cooldown_bars = \1\.",
        "whole bars are compared with it by `>`, so that a part of a bar more changes nothing",
    ),
    (
        ".*",
        r": (if unit in \('mo', 'q'\):|if timeframe in calendar:|return ends\.where\(ends < (midnight|begins_next))",
        "a branch for charts of another length than the spec's, or a cap that is reached on those alone",
    ),
    (
        "sign_dropped",
        r": minutes = int\(timeframe",
        "a timeframe of one digit is the same text, cut before its last character or after its first",
    ),
    (
        "operands_swapped",
        r": return np\.array\(shown\) if len\(shown\) > 1 else shown\[0\]",
        "an indicator of one output is the same array, whether it is taken alone or in a table of one row",
    ),
    (
        "another_price|number_by_one|number_scaled",
        r"CDLENGULFING",
        "TA-Lib's engulfing pattern reads open and close alone, and its values are 0, 80 and 100 of either sign",
    ),
    (
        "number_by_one|number_scaled|shift_by_one|condition_dropped",
        r"(001_rsi_terse|006_bulleted|026_close_half): exit_1 = self\.RSI_14\[-2\] <= 7\d and self\.RSI_14\[-1\] > 7\d -> .*> 7\d$",
        "a position is entered below the level and left after the first bar above it, which always is a cross: what the "
        "bar before is compared with changes nothing",
    ),
    (
        "condition_dropped",
        r"(003_macd|016_cooldown|018_edit|002_ma|031_edit|025_break).*: exit_1 = .* and .* <",
        "a position is entered on the contrary cross, so that the first bar below is the cross",
    ),
    (
        "elif_becomes_if",
        r"(003_macd|018_edit|002_ma|016_cooldown).*: if self\.position:",
        "a second cross in the direction that is held can't come before the contrary one, on which the position is left",
    ),
    (
        "arithmetic",
        r"cost <= self\.equity / MARGIN",
        "the account of these specs has a margin of 1",
    ),
    (
        "period_by_one",
        r": self\.(valid_bars|signal_bar) = 0 ",
        "overwritten by the first order that waits, before anything reads it",
    ),
    (
        "test_forced|branch_dropped|number_by_one|boundary",
        r": if (price > 0|size):",
        "the price of an order that is made of prices above 0; the other branch is a warning and no order",
    ),
    (
        ".*",
        r"026_close_half: if not self\.position or self\.trades\[0\]\.entry_bar",
        "with one side alone a position is flat for a bar at least between two entries, and is reset there",
    ),
    (
        "test_forced|condition_dropped",
        r"(010_trailing|030_account).*: if level > \(trade\.sl or 0\):",
        "a percentage behind the best close since entry never falls",
    ),
    (
        ".*",
        r"028_stop_entry: (if len\(self\.data\) - 1 - self\.signal_bar >= self\.valid_bars|self\.valid_bars = )",
        "the rule is true on every bar, so that an order which waits is replaced before it lapses",
    ),
    (
        "number_by_one",
        r"025_break_even: if level > \(trade\.sl or 0\):",
        "the trade has a stop from its entry on",
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
