"""Faults that are none: mutants that trade as the code they were made of on any bars, each with the reason why.

A reason excuses a mutant only where no series that was searched tells it from the code (`mutation.py`). Each is of one
statement and what it became; where it holds because of the rest of a file, it is of those cases alone.
"""

import re
from typing import NamedTuple, Protocol


class Changed(Protocol):
    """A statement before and after the fault, of a case's code."""

    @property
    def case(self) -> str: ...

    @property
    def operator(self) -> str: ...

    @property
    def before(self) -> str: ...

    @property
    def after(self) -> str: ...


class Reason(NamedTuple):
    """Why a fault by one of these operators (a pattern) in these `cases` (a pattern of their beginnings) is none:
    where `change`, a pattern, is found in "before -> after"."""

    operators: str
    cases: str
    change: str
    why: str


_CROSS = "the first bar beyond the level is a cross, since a position is entered on the other side of it and left on that bar: "
_HELPER = "a branch for charts of another length: on a '1h' chart with '4h' bars "
_EMA = "an EMA lies between its last value and what it averages, so that this is above both of its values or below both"

REASONS = (
    Reason(
        "test_forced|statement_dropped",
        r"\d",
        r"^(if self\.unready: -> if False:|return( empty)? -> )$",
        "where the slowest column has no value on any bar no entry rule can hold, since each compares that column, and "
        "a comparison with no number is false",
    ),
    Reason(
        "test_forced",
        r"003|005|007|008|013|014|015|017|025|026|027|028|029|030|031",
        r"^if trade\.entry_bar == len\(self\.data\) - 1: -> if True:$",
        "the level follows from the fill and the signal bar alone: set again on a later bar it is the same, and what "
        "tightens it does so again on the same bar",
    ),
    Reason(
        "boundary",
        r"\d",
        r"^if level > \(trade\.sl or 0\): -> if level >= \(trade\.sl or 0\):$",
        "a stop that is moved to where it is stays there",
    ),
    Reason(
        "number_by_one",
        r"\d",
        r"^if level > \(trade\.sl or 0\): -> if level > \(trade\.sl or -1\):$",
        "a level is a price or a share of one, and above 0",
    ),
    Reason(
        "number_by_one|condition_dropped|and_or|test_forced",
        r"025",
        r"^if level > \(trade\.sl or 0\): -> (if True:|if level > \((0|trade\.sl|trade\.sl and 0|trade\.sl or 1)\):)$",
        "the trade has a stop from its fill on, 6 % below it, and the only level it is moved to is the fill",
    ),
    Reason(
        "number_by_one|condition_dropped|and_or",
        r"030",
        r"^if level > \(trade\.sl or 0\): -> if level > \((trade\.sl|trade\.sl and 0|trade\.sl or 1)\):$",
        "the trade has a stop from its fill on, 8 % below it, which is below the first level of the trail; and a fixed "
        "percentage behind the best close since entry never falls",
    ),
    Reason(
        "condition_dropped|test_forced",
        r"010|030",
        r"^if level > \(trade\.sl or 0\): -> (if True:|if level > 0:|if level > \(0\):)$",
        "a fixed percentage behind the best close since entry never falls",
    ),
    Reason(
        "boundary|number_by_one|arithmetic",
        r"\d",
        r"^if 0 < level < np\.inf and \(price - level\) \* side > 0: -> if (0 <= level < np\.inf and \(price - level\) \* side"
        r" > 0|0 < level < np\.inf and \(price - level\) / side > 0):$",
        "a level of exactly 0 takes a distance equal to the price to the last bit; dividing by 1 or -1 is multiplying",
    ),
    Reason(
        "number_by_one",
        r"\d",
        r"protective\(.*, 1, '(stop loss|take profit)'\) -> .*protective\(.*, 2, '\1'\)$",
        "the side is only multiplied with to see a sign, and 2 has that of 1",
    ),
    Reason(
        "test_forced|boundary|number_by_one|statement_dropped",
        r"014",
        r"^(if not distance > 0: -> |return 0 -> )",
        "a close that crosses its average is not the close before, so that the bar's range, the ATR and the distance "
        "are above 0",
    ),
    Reason(
        "arithmetic",
        r"014",
        r"cost <= self\.equity / MARGIN .* -> .*equity \* MARGIN",
        "the margin of this account is 1, and dividing by it is multiplying",
    ),
    # other charts
    Reason("test_forced", r"013", r"^if unit in \('mo', 'q'\): -> if False:$", _HELPER + "it is not taken"),
    Reason(
        ".*",
        r"013",
        r"^(ends = index \+ pd\.DateOffset|return \(index\.to_period\()",
        _HELPER + "it is not taken at all",
    ),
    Reason("test_forced", r"013", r"^if timeframe in calendar: -> if False:$", _HELPER + "it is not taken"),
    Reason(
        "boundary",
        r"013",
        r"^return ends\.where\(ends < (begins_next|midnight), .* -> return ends\.where\(ends <= (begins_next|midnight), ",
        "the smaller of two equal ends is either",
    ),
    Reason(
        "arguments_swapped|statement_dropped|period_by_one|arithmetic",
        r"013",
        r"^(return ends\.where\(ends < midnight, midnight\)|midnight = day \+ pd\.Timedelta\(days=1\)) -> ",
        "buckets of four hours end at midnight anyway, since a day has six of them: the cap is for lengths that do not "
        "divide a day",
    ),
    Reason(
        "arguments_swapped",
        r"013",
        r"^return ends\.where\(ends < begins_next, begins_next\) -> return ends\.where\(begins_next, ends < begins_next\)$",
        "bars of an hour begin an hour apart at least, so that none ends after the next one begins",
    ),
    Reason(
        "test_forced|boundary|number_by_one|number_scaled",
        r"013",
        r"^if not 0 < minutes < 1440: -> if (False|not (0 <= minutes < 1440|-?1 < minutes < 1440|0 < minutes < 14\d\d(\.\d+)?)):$",
        "'4h' is 240 minutes, within the bounds before and after",
    ),
    Reason(
        "number_by_one|number_scaled|sign_dropped",
        r"013",
        r"^minutes = int\(timeframe.* -> minutes = int\(timeframe\[:-?1\]\) \* \{'m': [\d.]+, 'h': 60\}\.get\(timeframe\[-1\], -?\d\)"
        r" if timeframe\[:-?1\]\.isdigit\(\) else -?\d$",
        "'4h' has one digit and is of hours: what stands there for minutes, for other units and for no number is not read",
    ),
    Reason(
        "sign_dropped",
        r"013",
        r"^count = int\(timeframe\[:-len\(unit\)\]\) -> ",
        "'1h' has one digit before its one letter",
    ),
    Reason(
        "negated|boundary|contrary|operands_swapped|number_by_one",
        r"013",
        r"^return np\.array\(shown\) if len\(shown\) > 1 else shown\[0\] -> return np\.array\(shown\) if "
        r"(not len\(shown\) > 1|len\(shown\) >= 1|len\(shown\) < 1|1 > len\(shown\)|len\(shown\) > [02]) else shown\[0\]$|else shown\[-1\]$",
        "an average has one output, which is the same array taken alone or as a table of one row, first or last",
    ),
    Reason(
        "number_by_one|number_scaled",
        r"013",
        r"^ends = index \+ pd\.Timedelta\(minutes=count \* .* -> .*'h': 60,",
        "'1h' is of hours: what stands there for other units is not read",
    ),
    # positions and crosses
    Reason(
        "condition_dropped",
        r"001|002|003|004|006|016|018|025|026|031|005",
        r"^exit_\d = (\S+\[-2\] [<>]= \S+) and (.+) -> exit_\d = \2$",
        _CROSS + "what held on the bar before is implied",
    ),
    Reason(
        "number_by_one|number_scaled",
        r"001|006|013|026",
        r"^exit_1 = self\.RSI_14\[-2\] <= \d+ and (.*) -> exit_1 = self\.RSI_14\[-2\] <= (61|60\.6|71|70\.7|76|75\.75) and \1$",
        _CROSS + "what the bar before is compared with may be higher",
    ),
    Reason(
        "elif_becomes_if",
        r"002|003|016|018|025|031",
        r"^if self\.position: -> if self\.position:$",
        "an entry is a cross in one direction and an exit one in the other: with a position no entry comes before the exit",
    ),
    Reason(
        "shift_by_one|indicator_moved",
        r"003|006|014",
        r"(MACD_SIGNAL_12_26_9\[-3\]|EMA_20\[-3\]|EMA_20\[-2\] and|EMA_50\[-2\]$|MACD_SIGNAL_12_26_9\[-2\] and \(self|"
        r"SIGNAL_12_26_9\[-2\]$|EMA_100\[-2\]\)$|np\.roll\(np\.asarray\(talib\.EMA\(\*a, \*\*k\)\), 1, axis=-1\))",
        _EMA,
    ),
    Reason(
        "shift_by_one",
        r"003|018|025",
        r"^exit_1 = self\.(\w+)\[-2\] >= self\.(\w+)\[-2\] and (.*) -> exit_1 = self\.\1\[-2\] >= self\.\2\[-1\] and \3$",
        "where the faster average comes to lie below the slower one the slower one falls, so that what was above its "
        "last value is above this one; and the first bar below is the exit",
    ),
    Reason(
        "another_price",
        r"004",
        r"^exit_1 = self\.data\.Close\[-2\] <= (.*) -> exit_1 = self\.data\.Low\[-2\] <= \1$",
        _CROSS + "the close of the bar before was at the middle or below it, and a low is no higher",
    ),
    Reason(
        "another_price",
        r"005",
        r"^exit_1 = self\.data\.Close\[-2\] >= (.*) -> exit_1 = self\.data\.High\[-2\] >= \1$",
        _CROSS + "the close of the bar before was at the low or above it, and a high is no lower",
    ),
    Reason(
        "shift_by_one",
        r"005",
        r"^exit_1 = self\.data\.Close\[-2\] >= self\.lowest_Low_10_before\[-2\] and (.*) -> exit_1 = "
        r"self\.data\.Close\[-2\] >= self\.lowest_Low_10_before\[-1\] and \1$",
        _CROSS + "the close of the bar before is no lower than its own low, which the lowest of the bars before holds",
    ),
    Reason(
        "shift_by_one",
        r"005",
        r"^exit_1 = self\.data\.Close\[-2\] >= self\.lowest_Low_10_before\[-2\] and (.*) -> exit_1 = "
        r"self\.data\.Close\[-3\] >= self\.lowest_Low_10_before\[-2\] and \1$",
        _CROSS + "the close two bars before is no lower than its own low, which is one of the lows that it is compared "
        "with",
    ),
    Reason(
        "period_by_one",
        r"004",
        r"^_, self\.BB_MIDDLE_20_2, .*nbdevup=2, .* -> .*nbdevup=[13], ",
        "`nbdevup` makes the upper band alone, which the file takes as `_` and never reads",
    ),
    Reason(
        "another_price",
        r"015",
        r"CDLENGULFING.*self\.data\.Open, .*self\.data\.Close, name.* -> .*self\.data\.Open, self\.data\.\w+, self\.data\.\w+, self\.data\.Close, name",
        "TA-Lib's engulfing pattern reads open and close alone; highs and lows only say how long the arrays are",
    ),
    Reason(
        "number_by_one",
        r"015",
        r"^entry_1 = self\.CDLENGULFING\[-1\] > 0 and (.*) -> entry_1 = self\.CDLENGULFING\[-1\] > 1 and \1$",
        "TA-Lib's engulfing pattern is 0, 80 or 100 of either sign",
    ),
    Reason(
        "another_price",
        r"014|018",
        r"^self\.ADX_14 = .*self\.data\.Low, self\.data\.Close, .* -> .*self\.data\.High, self\.data\.Low, self\.data\.\w+, ",
        "TA-Lib's ADX is made of the ratio of two directional movements by one true range, which cancels; closes enter "
        "through the true range alone",
    ),
    Reason(
        "boundary",
        r"011",
        r"^entry_1 = self\.Close_change_1_pct\[-1\] <= -3 and (.*) -> entry_1 = self\.Close_change_1_pct\[-1\] < -3 and \1$",
        "100 * (now / before - 1) is never -3 to the last bit: the quotient's last bit is 2**-53, and no multiple of it "
        "rounds to -3 when 100 times it is taken (test_mutants.py)",
    ),
    # bars that are counted
    Reason(
        "number_scaled",
        r"\d",
        r"^(self\.valid_bars = |max_bars = )(\d+) -> .*?\d+\.\d+$",
        "whole bars are counted against it with `>=`: a part of a bar less changes nothing",
    ),
    Reason(
        "number_scaled",
        r"\d",
        r"^cooldown_bars = (\d+) -> cooldown_bars = \1\.\d+$",
        "whole bars are compared with it by `>`: a part of a bar more changes nothing",
    ),
    Reason(
        "number_by_one",
        r"011|012|015|016|031",
        r"self\.trades\[0\]\.entry_bar.* -> .*self\.trades\[-1\]\.entry_bar",
        "one position is held at a time, of one trade: the first is the last",
    ),
    Reason(
        "period_by_one",
        r"027|028",
        r"^self\.(valid_bars|signal_bar) = 0 -> ",
        "overwritten by the first order before it is read",
    ),
    Reason(
        "number_by_one",
        r"011",
        r"before\.where\(before != 0\) - 1\)\)\.to_numpy\(\) -> .*before\.where\(before != -1\)",
        "prices are above 0: there is neither one of 0 nor one of -1 to leave out",
    ),
    Reason(
        "test_forced",
        r"028",
        r"^if entry_1: -> if True:$",
        "the rule holds on every bar: the statement before sets entry_1 to True",
    ),
    Reason(
        ".*",
        r"028",
        r"^(if len\(self\.data\) - 1 - self\.signal_bar >= self\.valid_bars: -> |self\.valid_bars = 1 -> |self\.cancel_waiting_order\(\) -> $)",
        "the rule holds on every bar, so that an order which waits is replaced before it lapses",
    ),
    Reason(
        "boundary|number_by_one",
        r"029",
        r"^if 0 < level < np\.inf and \(price - level\) \* side > 0: -> if 0 < level < np\.inf and \(price - level\) \* side (>= 0|> -1):$",
        "a distance in pips is above 0, and no rate of exchange is so large that it drowns in its last bit",
    ),
    Reason(
        "condition_dropped",
        r"029",
        r"^if 0 < level < np\.inf and \(price - level\) \* side > 0: -> if 0 < level < np\.inf:$",
        "a distance in pips is above 0, and no rate of exchange is so large that it drowns in its last bit",
    ),
    Reason(
        "condition_dropped",
        r"029",
        r"^go_short = entry_2 and \(?not self\.position\.is_short\)? and \(?not go_long\)? -> go_short = entry_2 and \(?not self\.position\.is_short\)?$",
        "the order of go_long is the branch before, and a long position, which go_short would close, has no go_long",
    ),
    Reason(
        "boundary|number_by_one|test_forced",
        r"027|028",
        r"^if price > 0: -> if (price >= 0|price > -1|True):$",
        "the price of the order is a share of a price, and prices are above 0",
    ),
    Reason(
        "arithmetic",
        r"007",
        r"^trade\.tp = .*side \* self\.take_profit_pct\) / 100\) -> .*side / self\.take_profit_pct\) / 100\)$",
        "the target is 1 %, and dividing by 1 is multiplying with it",
    ),
    Reason(
        "test_forced",
        r"007|029",
        r"^if self\.position\.is_short: -> if True:$",
        "the branch is for what is not long: without a position there is nothing that closing it would close",
    ),
    Reason(
        "elif_becomes_if",
        r"007|029",
        r"^if (self\.position\.is_long|go_long): -> if (self\.position\.is_long|go_long):$",
        "the two tests exclude each other: a position is long or short, and go_short needs that go_long is not",
    ),
    Reason(
        "condition_dropped",
        r"007",
        r"^go_(long|short) = .*not self\.position\.is_\1\).* -> ",
        "an order is sent further down only where no position of that direction is held",
    ),
    Reason(
        "condition_dropped|arithmetic|number_by_one|boundary|contrary",
        r"026",
        r"^if not self\.position or self\.trades\[0\]\.entry_bar == len\(self\.data\) - 1: -> if not self\.position( or self\.trades\[-?\d\]\.entry_bar == len\(self\.data\) [-+] \d)?:$",
        "an entry's signal comes on a bar without a position, on which the parts are reset already",
    ),
    Reason(
        "statement_dropped",
        r"026",
        r"^self\.parts_closed = set\(\) -> $",
        "of the two places that reset the parts one is enough: the first bar has no position",
    ),
)


def why_equivalent(changed: Changed) -> str | None:
    """The written reason for a mutant that no series can tell from the code, None where there is none."""
    told = f"{changed.before} -> {changed.after}"
    for reason in REASONS:
        if (
            re.fullmatch(reason.operators, changed.operator)
            and re.match(reason.cases, changed.case)
            and re.search(reason.change, told)
        ):
            return reason.why
    return None
