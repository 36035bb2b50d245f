"""The register machine: runs a rule program over whole columns.

Inputs are rows of a matrix (float64, C order); computed numbers and truths are rows of matrices of scratch.
"""

import numpy as np

from Backtest.kernel import opcodes as op
from Backtest.kernel.compilation import compiled


@compiled
def row_of(inputs: np.ndarray, numbers: np.ndarray, register: int) -> np.ndarray:
    """The row of a number register: an input from 0 up, a computed one from -1 down."""
    row: np.ndarray = inputs[register] if register >= 0 else numbers[-1 - register]
    return row


@compiled
def value_at(inputs: np.ndarray, numbers: np.ndarray, register: int, bar: int) -> float:
    """A number register on one bar."""
    value: float = inputs[register, bar] if register >= 0 else numbers[-1 - register, bar]
    return value


@compiled
def run_program(
    code: np.ndarray, constants: np.ndarray, inputs: np.ndarray, numbers: np.ndarray, truths: np.ndarray
) -> None:
    """Fills `numbers` (float64, NaN undefined) and `truths` (int8); the open position is taken as flat throughout."""
    for step in range(code.shape[0]):
        operation, register, first, second = code[step, 0], code[step, 1], code[step, 2], code[step, 3]
        offset = code[step, 4]
        if operation < op.FIRST_TRUTH:
            out = numbers[-1 - register]
            if operation == op.FILL:
                out[:] = constants[first]
            elif operation >= op.ENTRY_PRICE:
                out[:] = np.nan
            elif operation >= op.SHIFT:
                _look_back(operation, out, row_of(inputs, numbers, first), second, offset)
            else:
                right = row_of(inputs, numbers, second if operation != op.ABSOLUTE else first)
                _calculate(operation, out, row_of(inputs, numbers, first), right)
        elif operation >= op.AND and operation != op.MEMBER:
            _junction(operation, truths[register], truths, first, second, offset)
        elif operation == op.RISING or operation == op.FALLING:
            _runs(operation, truths[register], row_of(inputs, numbers, first), second)
        elif operation == op.MEMBER:
            _members(truths[register], row_of(inputs, numbers, first), second)
        else:
            _compare(operation, truths[register], row_of(inputs, numbers, first), row_of(inputs, numbers, second))


@compiled
def _calculate(operation: int, out: np.ndarray, left: np.ndarray, right: np.ndarray) -> None:
    bars = len(out)
    if operation == op.ADD:
        for i in range(bars):
            out[i] = left[i] + right[i]
    elif operation == op.SUBTRACT:
        for i in range(bars):
            out[i] = left[i] - right[i]
    elif operation == op.MULTIPLY:
        for i in range(bars):
            out[i] = left[i] * right[i]
    elif operation == op.DIVIDE:
        for i in range(bars):
            out[i] = left[i] / right[i] if right[i] != 0.0 else np.nan
    elif operation == op.ABSOLUTE:
        for i in range(bars):
            out[i] = abs(left[i])
    else:
        for i in range(bars):
            out[i] = extreme(operation == op.LARGER, left[i], right[i])


@compiled
def extreme(is_larger: bool, left: float, right: float) -> float:
    """The larger or the smaller of two, NaN where one is."""
    if np.isnan(left) or np.isnan(right):
        return np.nan
    return left if (left >= right) == is_larger else right


@compiled
def _look_back(operation: int, out: np.ndarray, of: np.ndarray, length: int, offset: int) -> None:
    bars = len(out)
    if operation == op.HIGHEST or operation == op.LOWEST:
        _windows(operation == op.HIGHEST, out, of, length, offset)
        return
    out[: min(length, bars)] = np.nan
    for i in range(length, bars):
        if operation == op.SHIFT:
            out[i] = of[i - length]
        else:
            out[i] = 100.0 * (of[i] / of[i - length] - 1.0) if of[i - length] != 0.0 else np.nan


@compiled
def _windows(is_highest: bool, out: np.ndarray, of: np.ndarray, length: int, offset: int) -> None:
    """The extreme of the `length` values that end `offset` bars ago; a queue holds the values that can still be one."""
    bars = len(out)
    queue = np.empty(bars, np.int64)
    first, last, undefined = 0, 0, -1
    out[: min(offset, bars)] = np.nan
    for i in range(bars - offset):
        if np.isnan(of[i]):
            undefined, first, last = i, 0, 0
        else:
            while last > first and (of[queue[last - 1]] <= of[i]) == is_highest:
                last -= 1
            queue[last] = i
            last += 1
            if queue[first] <= i - length:
                first += 1
        is_whole = i + 1 >= length and undefined <= i - length
        out[i + offset] = of[queue[first]] if is_whole else np.nan


@compiled
def _compare(operation: int, out: np.ndarray, left: np.ndarray, right: np.ndarray) -> None:
    """1 + it holds - its contrary holds: neither does where one side is NaN."""
    bars = len(out)
    if operation == op.LESS:
        for i in range(bars):
            out[i] = op.UNDEFINED + (left[i] < right[i]) - (left[i] >= right[i])
    elif operation == op.LESS_OR_EQUAL:
        for i in range(bars):
            out[i] = op.UNDEFINED + (left[i] <= right[i]) - (left[i] > right[i])
    elif operation == op.EQUAL:
        for i in range(bars):
            out[i] = op.UNDEFINED + (left[i] == right[i]) - ((left[i] < right[i]) | (left[i] > right[i]))
    elif operation == op.UNEQUAL:
        for i in range(bars):
            out[i] = op.UNDEFINED + ((left[i] < right[i]) | (left[i] > right[i])) - (left[i] == right[i])
    else:
        out[0] = op.UNDEFINED
        for i in range(1, bars):
            before = (left[i - 1] <= right[i - 1]) - (left[i - 1] > right[i - 1])
            now = (left[i] > right[i]) - (left[i] <= right[i])
            out[i] = op.UNDEFINED + min(before, now)


@compiled
def _runs(operation: int, out: np.ndarray, of: np.ndarray, length: int) -> None:
    """`length` strict changes in a row; undefined while a bar of theirs is missing."""
    bars = len(out)
    last_false, last_undefined = -1, -1
    out[: min(length, bars)] = op.UNDEFINED
    for i in range(1, bars):
        change = (of[i] > of[i - 1]) - (of[i] <= of[i - 1])
        if operation == op.FALLING:
            change = (of[i] < of[i - 1]) - (of[i] >= of[i - 1])
        if change < 0:
            last_false = i
        elif change == 0:
            last_undefined = i
        if i >= length:
            out[i] = op.FALSE if last_false > i - length else op.TRUE
            if out[i] == op.TRUE and last_undefined > i - length:
                out[i] = op.UNDEFINED


@compiled
def _members(out: np.ndarray, of: np.ndarray, mask: int) -> None:
    for i in range(len(out)):
        out[i] = op.TRUE if (mask >> int(of[i])) & 1 else op.FALSE


@compiled
def _junction(operation: int, out: np.ndarray, truths: np.ndarray, first: int, second: int, offset: int) -> None:
    bars = len(out)
    left = truths[first]
    if operation == op.AND:
        right = truths[second]
        for i in range(bars):
            out[i] = min(left[i], right[i])
    elif operation == op.OR:
        right = truths[second]
        for i in range(bars):
            out[i] = max(left[i], right[i])
    elif operation == op.NOT:
        for i in range(bars):
            out[i] = op.TRUE - left[i]
    elif operation == op.ALWAYS:
        out[:] = op.TRUE
    else:
        _spans(op.FALSE if operation == op.EVERY else op.TRUE, out, left, second, offset)


@compiled
def _spans(decisive: int, out: np.ndarray, of: np.ndarray, length: int, offset: int) -> None:
    """The last `length` truths up to `offset` bars ago: one `decisive` decides; bars before the first are undefined."""
    last_decisive, last_undefined = -1, -1
    for i in range(len(out)):
        end = i - offset
        if end >= 0 and of[end] == decisive:
            last_decisive = end
        elif end >= 0 and of[end] == op.UNDEFINED:
            last_undefined = end
        begin = end - length + 1
        if last_decisive >= max(begin, 0):
            out[i] = decisive
        elif begin < 0 or last_undefined >= begin:
            out[i] = op.UNDEFINED
        else:
            out[i] = op.TRUE - decisive


@compiled
def first_evaluated(inputs: np.ndarray, numbers: np.ndarray, waited: np.ndarray) -> int:
    """The second bar on which each of the registers waited for has a value; the number of bars where one never has."""
    bars = inputs.shape[1]
    latest = 0
    for k in range(len(waited)):
        of = row_of(inputs, numbers, waited[k])
        begin = 0
        while begin < bars and np.isnan(of[begin]):
            begin += 1
        latest = max(latest, begin)
    return int(min(latest + 1, bars))
