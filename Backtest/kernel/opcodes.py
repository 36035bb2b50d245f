"""The instructions of a rule program.

Each is a row of six integers: operation, register written, and four operands whose meaning the comments give
(`x y`: number registers, `a b`: truth registers). A truth is 0 (false), 1 (undefined) or 2 (true), so that Kleene's
`and` is the smaller, `or` the larger, and `not` what is left to 2.
"""

from typing import Final

WIDTH: Final = 6
FALSE: Final = 0
UNDEFINED: Final = 1
TRUE: Final = 2

# numbers
FILL: Final = 0  # constant k
ADD: Final = 1  # x y
SUBTRACT: Final = 2  # x y
MULTIPLY: Final = 3  # x y
DIVIDE: Final = 4  # x y, undefined where y is 0
ABSOLUTE: Final = 5  # x
SMALLER: Final = 6  # x y
LARGER: Final = 7  # x y
SHIFT: Final = 8  # x, bars
HIGHEST: Final = 9  # x, bars, offset of the window's last bar
LOWEST: Final = 10  # x, bars, offset
CHANGE: Final = 11  # x, bars: percent
ENTRY_PRICE: Final = 12
OPEN_PROFIT: Final = 13
BARS_SINCE_ENTRY: Final = 14
FIRST_TRUTH: Final = 20

# truths
LESS: Final = 20  # x y
LESS_OR_EQUAL: Final = 21  # x y
EQUAL: Final = 22  # x y
UNEQUAL: Final = 23  # x y
CROSS_ABOVE: Final = 24  # x y
RISING: Final = 25  # x, bars
FALLING: Final = 26  # x, bars
AND: Final = 27  # a b
OR: Final = 28  # a b
NOT: Final = 29  # a
EVERY: Final = 30  # a, bars, offset of the window's last bar
SOME: Final = 31  # a, bars, offset
MEMBER: Final = 32  # x (a whole number), mask of members
ALWAYS: Final = 33
