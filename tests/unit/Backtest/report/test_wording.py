import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.report.drawdown import drawdowns_pct
from Backtest.report.highlight import pieces
from Backtest.report.monthly import monthly_returns
from Backtest.report.record import RunRecord
from Backtest.report.statistics import GROUPS, SAME_UNDER_TWO_NAMES, table
from Backtest.report.wording import moment, number, percent, price_digits, signed, signed_percent, tone


@pytest.mark.parametrize(
    ("worded", "text"),
    [
        (number(1234.5), "1,234.50"),
        (number(-0.2), "−0.20"),
        (number(-0.001), "0.00"),
        (number(None), "–"),
        (signed(3.0), "+3.00"),
        (signed(0.001), "0.00"),
        (signed(-3.0), "−3.00"),
        (percent(None), "–"),
        (signed_percent(12.345, 1), "+12.3 %"),
        (moment("2017-05-03T19:00:00"), "2017-05-03 19:00"),
        (moment("2017-05-03T19:00:30"), "2017-05-03 19:00:30"),
        (moment("2017-05-03"), "2017-05-03"),
    ],
)
def test_as_a_reader_writes_it(worded: str, text: str) -> None:
    assert worded == text


@pytest.mark.parametrize(
    ("prices", "digits"),
    [([202.71, 194.5], 2), ([1.07219, 1.1], 5), ([1 / 3, 2 / 3], 5), ([12_345.678901], 2), ([100.0], 2)],
)
def test_prices_have_the_digits_they_are_quoted_in(prices: list[float], digits: int) -> None:
    assert price_digits(prices) == digits


def test_gains_and_losses_have_their_tones() -> None:
    assert [tone(value) for value in (1.0, -1.0, 0.0, None)] == ["gain", "loss", "", ""]


def test_every_metric_of_a_run_is_in_the_table_once(goog: RunRecord) -> None:
    rows = [label for _, group in table(goog.result.metrics) for label, _ in group]
    assert len(rows) == len(goog.result.metrics) - len(SAME_UNDER_TWO_NAMES)
    assert set(goog.result.metrics) <= {name for group in GROUPS.values() for name, _ in group} | SAME_UNDER_TWO_NAMES


def test_a_metric_that_nobody_named_stands_under_other() -> None:
    assert table({"martin_ratio_pct": 4.25}) == (("Other", (("martin ratio pct", "4.25 %"),)),)


def test_months_count_from_the_last_equity_of_the_month_before() -> None:
    stamps = ["2023-11-29", "2023-11-30", "2023-12-29", "2024-02-01T10:00:00"]
    first, second = monthly_returns(stamps, [100.0, 110.0, 99.0, 148.5], cash=100.0)
    assert first.year == 2023
    assert first.months[:10] == (None,) * 10
    assert first.months[10:] == pytest.approx((10.0, -10.0))
    assert first.total == pytest.approx(-1.0)
    assert second.months[:3] == (None, pytest.approx(50.0), None)
    assert second.total == pytest.approx(50.0)


def test_an_account_that_was_lost_has_no_returns_any_more() -> None:
    (year,) = monthly_returns(["2024-01-31", "2024-02-29"], [0.0, 0.0], cash=100.0)
    assert year.months[:2] == (-100.0, None)


def test_months_and_years_compound_to_the_return_of_the_run(goog: RunRecord) -> None:
    stamps = goog.stamps(range(len(goog.result.equity)))
    years = monthly_returns(stamps, goog.result.equity, goog.account.cash)
    months = [value for year in years for value in year.months if value is not None]
    expected = 1 + float(goog.result.metrics["return_pct"] or 0) / 100
    assert math.prod(1 + value / 100 for value in months) == pytest.approx(expected)
    assert math.prod(1 + (year.total or 0) / 100 for year in years) == pytest.approx(expected)


def test_months_are_those_of_pandas(goog: RunRecord) -> None:
    equity = pd.Series(goog.result.equity, index=goog.evaluated.index)
    last = equity.groupby(equity.index.to_period("M")).last()
    expected = (last / last.shift(fill_value=goog.account.cash) - 1) * 100
    years = monthly_returns(goog.stamps(range(len(equity))), goog.result.equity, goog.account.cash)
    assert [v for year in years for v in year.months if v is not None] == pytest.approx(expected.tolist(), abs=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_a_drawdown_is_never_positive_and_zero_at_a_new_high(equity: list[float]) -> None:
    depths = drawdowns_pct(equity)
    assert all(depth <= 0 for depth in depths)
    assert all(depth == 0 for i, depth in enumerate(depths) if equity[i] == max(equity[: i + 1]))


@given(st.text() | st.text(st.sampled_from("de f(x):\n\r\t #'\"\\1.5_é\f{}")))
def test_coloured_code_is_the_code(code: str) -> None:
    assert "".join(text for _, text in pieces(code)) == code


def test_keywords_strings_numbers_and_comments_are_coloured() -> None:
    found = [(kind, text) for kind, text in pieces('def f():\n    return "a" + 1.5  # why\n') if kind]
    assert found == [
        ("keyword", "def"),
        ("keyword", "return"),
        ("string", '"a"'),
        ("digits", "1.5"),
        ("comment", "# why"),
    ]
