"""The register machine against pandas and against Kleene's logic written out."""

import operator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.kernel import opcodes as op
from Backtest.kernel.machine import first_evaluated, run_program

NUMBERS = st.one_of(st.integers(-3, 3).map(float), st.just(np.nan))
COLUMNS = st.integers(1, 30).flatmap(lambda bars: st.lists(NUMBERS, min_size=bars, max_size=bars))
PAIRS = st.integers(1, 30).flatmap(lambda bars: st.tuples(*[st.lists(NUMBERS, min_size=bars, max_size=bars)] * 2))
TRUTHS = {False: op.FALSE, None: op.UNDEFINED, True: op.TRUE}
COMPARISONS = {
    op.LESS: operator.lt,
    op.LESS_OR_EQUAL: operator.le,
    op.EQUAL: operator.eq,
    op.UNEQUAL: operator.ne,
}


def machine(columns: list[list[float]], *rows: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and truths that a program of these rows computes."""
    code = np.array([(*row, *[0] * (op.WIDTH - len(row))) for row in rows], dtype=np.int64)
    inputs = np.array(columns, dtype=np.float64)
    numbers, truths = np.full((4, inputs.shape[1]), -99.0), np.full((4, inputs.shape[1]), -9, dtype=np.int8)
    run_program(code, np.array([2.5]), inputs, numbers, truths)
    return numbers, truths


def kleene(holds: bool, *values: float) -> int:
    return op.UNDEFINED if np.isnan(values).any() else TRUTHS[holds]


@pytest.mark.parametrize("operation", COMPARISONS)
@given(columns=PAIRS)
def test_a_comparison_is_undefined_where_a_side_is(operation: int, columns: tuple[list[float], list[float]]) -> None:
    _, truths = machine(list(columns), (operation, 0, 0, 1))
    compare = COMPARISONS[operation]
    assert truths[0].tolist() == [kleene(compare(a, b), a, b) for a, b in zip(*columns, strict=True)]


@given(columns=PAIRS)
def test_a_cross_needs_both_bars(columns: tuple[list[float], list[float]]) -> None:
    _, truths = machine(list(columns), (op.CROSS_ABOVE, 0, 0, 1))
    left, right = columns
    wanted = [op.UNDEFINED] + [
        min(
            kleene(left[i - 1] <= right[i - 1], left[i - 1], right[i - 1]),
            kleene(left[i] > right[i], left[i], right[i]),
        )
        for i in range(1, len(left))
    ]
    assert truths[0].tolist() == wanted


@pytest.mark.parametrize(("operation", "compare"), [(op.RISING, operator.gt), (op.FALLING, operator.lt)])
@given(column=COLUMNS, length=st.integers(1, 4))
def test_a_run_of_changes_is_undefined_while_a_bar_is_missing(operation, compare, column, length) -> None:
    _, truths = machine([column], (operation, 0, 0, length))
    wanted = [
        min(kleene(compare(column[i - k], column[i - k - 1]), column[i - k], column[i - k - 1]) for k in range(length))
        if i >= length
        else op.UNDEFINED
        for i in range(len(column))
    ]
    assert truths[0].tolist() == wanted


@pytest.mark.parametrize(("operation", "decide"), [(op.EVERY, min), (op.SOME, max)])
@given(column=COLUMNS, length=st.integers(1, 5), offset=st.integers(0, 2))
def test_bars_before_the_first_are_undefined_in_a_span(operation, decide, column, length, offset) -> None:
    _, truths = machine([column, [0.0] * len(column)], (op.LESS, 0, 0, 1), (operation, 1, 0, length, offset))
    each = truths[0].tolist()
    wanted = [
        decide(each[i - offset - k] if i - offset - k >= 0 else op.UNDEFINED for k in range(length))
        for i in range(len(column))
    ]
    assert truths[1].tolist() == wanted


@given(columns=PAIRS)
def test_junctions_are_kleenes(columns: tuple[list[float], list[float]]) -> None:
    zero = [0.0] * len(columns[0])
    rows = ((op.LESS, 0, 0, 2), (op.LESS, 1, 1, 2), (op.AND, 2, 0, 1), (op.OR, 3, 0, 1))
    _, truths = machine([*columns, zero], *rows)
    a, b = truths[0].tolist(), truths[1].tolist()
    assert truths[2].tolist() == [min(pair) for pair in zip(a, b, strict=True)]
    assert truths[3].tolist() == [max(pair) for pair in zip(a, b, strict=True)]
    _, negated = machine([*columns, zero], (op.LESS, 0, 0, 2), (op.NOT, 1, 0))
    assert negated[1].tolist() == [{0: 2, 1: 1, 2: 0}[truth] for truth in a]


@pytest.mark.parametrize("operation", [op.HIGHEST, op.LOWEST])
@given(column=COLUMNS, length=st.integers(1, 6), offset=st.integers(0, 2))
def test_a_windows_end_is_that_of_pandas(operation, column, length, offset) -> None:
    numbers, _ = machine([column], (operation, -1, 0, length, offset))
    rolling = pd.Series(column).rolling(length)
    wanted = (rolling.max() if operation == op.HIGHEST else rolling.min()).shift(offset)
    np.testing.assert_array_equal(numbers[0], wanted)


@given(column=COLUMNS, bars=st.integers(1, 6))
def test_a_shift_is_that_of_pandas(column: list[float], bars: int) -> None:
    numbers, _ = machine([column], (op.SHIFT, -1, 0, bars))
    np.testing.assert_array_equal(numbers[0], pd.Series(column).shift(bars))


@given(columns=PAIRS)
def test_a_quotient_by_zero_is_undefined(columns: tuple[list[float], list[float]]) -> None:
    numbers, _ = machine(list(columns), (op.DIVIDE, -1, 0, 1))
    wanted = [np.nan if b == 0 else a / b for a, b in zip(*columns, strict=True)]
    np.testing.assert_array_equal(numbers[0], wanted)


@given(columns=PAIRS)
def test_sums_differences_products_and_extremes_are_numpys(columns: tuple[list[float], list[float]]) -> None:
    rows = ((op.ADD, -1, 0, 1), (op.SUBTRACT, -2, 0, 1), (op.MULTIPLY, -3, 0, 1), (op.SMALLER, -4, 0, 1))
    numbers, _ = machine(list(columns), *rows)
    a, b = np.array(columns)
    for found, wanted in zip(numbers, (a + b, a - b, a * b, np.minimum(a, b)), strict=True):
        np.testing.assert_array_equal(found, wanted)
    numbers, _ = machine(list(columns), (op.LARGER, -1, 0, 1), (op.ABSOLUTE, -2, 0), (op.FILL, -3, 0))
    for found, wanted in zip(numbers, (np.maximum(a, b), np.abs(a), np.full(len(a), 2.5)), strict=False):
        np.testing.assert_array_equal(found, wanted)


@given(column=COLUMNS, bars=st.integers(1, 4))
def test_a_percent_change_is_undefined_over_zero(column: list[float], bars: int) -> None:
    numbers, _ = machine([column], (op.CHANGE, -1, 0, bars))
    before = pd.Series(column).shift(bars)
    np.testing.assert_array_equal(numbers[0], 100 * (pd.Series(column) / before.where(before != 0) - 1))


def test_rules_begin_on_the_second_bar_on_which_all_have_a_value() -> None:
    inputs = np.array([[np.nan, 1, 1, 1, 1], [np.nan, np.nan, 1, np.nan, 1], [1, 1, 1, 1, 1]], dtype=np.float64)
    nothing = np.empty((0, 5))
    assert first_evaluated(inputs, nothing, np.array([0, 1, 2])) == 3
    assert first_evaluated(inputs, nothing, np.array([0])) == 2
    assert first_evaluated(inputs, nothing, np.array([], dtype=np.int64)) == 1


def test_rules_never_begin_where_a_column_has_no_value() -> None:
    inputs = np.array([[1.0, 1, 1], [np.nan, np.nan, np.nan]])
    assert first_evaluated(inputs, np.empty((0, 3)), np.array([0, 1])) == 3
