"""Periods: how far back they reach."""

from datetime import date

import pytest

from Backtest.errors import WindowEmpty
from data_api.periods import period_start

DAYS = [date(2024, 2, 26), date(2024, 2, 27), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 29)]


@pytest.mark.parametrize(
    ("period", "start"),
    [
        ("max", None),
        ("ytd", "2024-01-01"),
        ("1d", "2024-03-29"),
        ("3D", "2024-02-29"),
        ("99d", "2024-02-26"),
        ("2wk", "2024-03-15"),
        ("2w", "2024-03-15"),
        ("1mo", "2024-02-29"),
        ("13mo", "2023-02-28"),
        ("3mo", "2023-12-29"),
        ("1y", "2023-03-29"),
        ("999y", "1025-03-29"),
    ],
)
def test_a_period_counts_back_from_the_last_day_with_bars(period: str, start: str | None) -> None:
    assert period_start(period, DAYS) == start


@pytest.mark.parametrize("period", ["", "1", "0d", "1m", "-1y", "1.5y", "1000y", "max1", "٣d"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(WindowEmpty, match="is no period"):
        period_start(period, DAYS)
