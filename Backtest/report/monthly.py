"""Returns by calendar month and year."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class YearReturns:
    """One year: `months` holds twelve returns in percent, January first, None where no bar lies; `total` the year's."""

    year: int
    months: tuple[float | None, ...]
    total: float | None


def monthly_returns(stamps: Sequence[str], equity: Sequence[float], cash: float) -> tuple[YearReturns, ...]:
    """From the last equity of the month before (the opening `cash` at first) to the last one of the month, in percent.

    `stamps` begin with `YYYY-MM` and ascend, one per equity value. None after an account that is at or below 0.
    """
    last_of_month: dict[tuple[int, int], float] = {}
    for stamp, value in zip(stamps, equity, strict=True):
        last_of_month[int(stamp[:4]), int(stamp[5:7])] = value
    years: dict[int, list[float | None]] = {}
    totals: dict[int, float | None] = {}
    before = before_year = cash
    for (year, month), value in last_of_month.items():
        if year not in years:
            years[year], before_year = [None] * 12, before
        years[year][month - 1] = _return_pct(before, value)
        totals[year] = _return_pct(before_year, value)
        before = value
    return tuple(YearReturns(year, tuple(months), totals[year]) for year, months in years.items())


def _return_pct(before: float, after: float) -> float | None:
    return 100.0 * (after / before - 1.0) if before > 0 else None
