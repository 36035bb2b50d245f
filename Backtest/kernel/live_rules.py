"""The part of a rule program that depends on the open position, bar by bar.

While flat an entry price, an open profit and the bars since entry are undefined, and what is made of them is as the
machine left it. While a position is open its own values are kept beside those, from its entry bar on.
"""

from math import copysign
from typing import NamedTuple

import numpy as np

from Backtest.kernel import opcodes as op
from Backtest.kernel.broker import Book
from Backtest.kernel.compilation import compiled
from Backtest.kernel.machine import extreme, value_at


class Sheet(NamedTuple):
    """The machine's registers, and beside them those of the open position; `rows`: its instructions in `code`."""

    inputs: np.ndarray
    numbers: np.ndarray
    truths: np.ndarray
    code: np.ndarray
    rows: np.ndarray
    number_is_live: np.ndarray
    truth_is_live: np.ndarray
    live_numbers: np.ndarray
    live_truths: np.ndarray


@compiled
def number_at(sheet: Sheet, register: int, bar: int, entry_bar: int) -> float:
    """A number on a bar, NaN before the first; live ones from the entry bar on."""
    if bar < 0:
        return np.nan
    if register < 0 and bar >= entry_bar and sheet.number_is_live[-1 - register]:
        return float(sheet.live_numbers[-1 - register, bar])
    return float(value_at(sheet.inputs, sheet.numbers, register, bar))


@compiled
def truth_at(sheet: Sheet, register: int, bar: int, entry_bar: int) -> int:
    """A truth on a bar, undefined before the first."""
    if bar < 0:
        return op.UNDEFINED
    if bar >= entry_bar and sheet.truth_is_live[register]:
        return int(sheet.live_truths[register, bar])
    return int(sheet.truths[register, bar])


@compiled
def update(sheet: Sheet, book: Book, bar: int) -> None:
    """Evaluates the live instructions on the close of a bar with an open position."""
    entry_bar, close = book.entry_bar, sheet.inputs[3, bar]
    for k in range(len(sheet.rows)):
        row = sheet.rows[k]
        operation, register = sheet.code[row, 0], sheet.code[row, 1]
        first, second, offset = sheet.code[row, 2], sheet.code[row, 3], sheet.code[row, 4]
        if operation >= op.AND:
            sheet.live_truths[register, bar] = junction(sheet, operation, first, second, offset, bar, entry_bar)
        elif operation >= op.RISING:
            sheet.live_truths[register, bar] = run(sheet, operation, first, second, bar, entry_bar)
        elif operation >= op.FIRST_TRUTH:
            sheet.live_truths[register, bar] = comparison(sheet, operation, first, second, bar, entry_bar)
        elif operation >= op.ENTRY_PRICE:
            sheet.live_numbers[-1 - register, bar] = of_position(operation, book, close, bar)
        else:
            sheet.live_numbers[-1 - register, bar] = number(sheet, operation, first, second, bar, entry_bar)


@compiled
def of_position(operation: int, book: Book, close: float, bar: int) -> float:
    if operation == op.ENTRY_PRICE:
        return float(book.entry_price)
    if operation == op.BARS_SINCE_ENTRY:
        return float(bar - book.entry_bar + 1)
    return float(100.0 * copysign(1.0, book.units) * (close / book.entry_price - 1.0))


@compiled
def number(sheet: Sheet, operation: int, first: int, second: int, bar: int, entry_bar: int) -> float:
    left = number_at(sheet, first, bar, entry_bar)
    if operation == op.ABSOLUTE:
        return abs(left)
    right = number_at(sheet, second, bar, entry_bar)
    if operation == op.ADD:
        return left + right
    if operation == op.SUBTRACT:
        return left - right
    if operation == op.MULTIPLY:
        return left * right
    if operation == op.DIVIDE:
        return left / right if right != 0.0 else np.nan
    return float(extreme(operation == op.LARGER, left, right))


@compiled
def compared(operation: int, left: float, right: float) -> int:
    if np.isnan(left) or np.isnan(right):
        return op.UNDEFINED
    if operation == op.LESS or operation == op.FALLING:
        holds = left < right
    elif operation == op.LESS_OR_EQUAL:
        holds = left <= right
    elif operation == op.EQUAL:
        holds = left == right
    elif operation == op.UNEQUAL:
        holds = left != right
    else:
        holds = left > right
    return op.TRUE if holds else op.FALSE


@compiled
def comparison(sheet: Sheet, operation: int, first: int, second: int, bar: int, entry_bar: int) -> int:
    left, right = number_at(sheet, first, bar, entry_bar), number_at(sheet, second, bar, entry_bar)
    now = compared(operation, left, right)
    if operation != op.CROSS_ABOVE:
        return now
    left, right = number_at(sheet, first, bar - 1, entry_bar), number_at(sheet, second, bar - 1, entry_bar)
    return min(now, compared(op.LESS_OR_EQUAL, left, right)) if bar > 0 else op.UNDEFINED


@compiled
def run(sheet: Sheet, operation: int, of: int, length: int, bar: int, entry_bar: int) -> int:
    if bar < length:
        return op.UNDEFINED
    truth = op.TRUE
    for back in range(length):
        now = number_at(sheet, of, bar - back, entry_bar)
        truth = min(truth, compared(operation, now, number_at(sheet, of, bar - back - 1, entry_bar)))
    return truth


@compiled
def junction(sheet: Sheet, operation: int, first: int, second: int, offset: int, bar: int, entry_bar: int) -> int:
    if operation == op.EVERY or operation == op.SOME:
        truth = op.TRUE if operation == op.EVERY else op.FALSE
        for back in range(second):
            at = truth_at(sheet, first, bar - offset - back, entry_bar)
            truth = min(truth, at) if operation == op.EVERY else max(truth, at)
        return truth
    left = truth_at(sheet, first, bar, entry_bar)
    if operation == op.NOT:
        return op.TRUE - left
    right = truth_at(sheet, second, bar, entry_bar)
    return min(left, right) if operation == op.AND else max(left, right)
