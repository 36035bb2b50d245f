"""Returns of calendar months and years, in percent."""

from typing import Literal

import numpy as np

Period = Literal["month", "year"]


def calendar_returns(equity: np.ndarray, stamps: np.ndarray, period: Period) -> dict[str, float]:
    """The return of each month ("2004-08") or year ("2004") that has a bar, from the last value of the one before;
    the first is measured from the first bar. After ruin they are NaN.

    `stamps` are ascending `datetime64`, one for each value of `equity`.
    """
    periods = stamps.astype("datetime64[M]" if period == "month" else "datetime64[Y]")
    ends = np.append(np.flatnonzero(periods[1:] != periods[:-1]), len(periods) - 1)
    values = equity[np.concatenate([[0], ends])]
    with np.errstate(all="ignore"):
        returns = (values[1:] / values[:-1] - 1) * 100
    return dict(zip(periods[ends].astype(str).tolist(), returns.tolist(), strict=True))


def calendar_figures(equity: np.ndarray, stamps: np.ndarray) -> dict[str, float]:
    """Best, worst and share of winning months and years, then each year's and each month's return by its name."""
    figures: dict[str, float] = {}
    periods: tuple[Period, Period] = ("year", "month")
    for period in periods:
        defined = [value for value in calendar_returns(equity, stamps, period).values() if not np.isnan(value)]
        figures[f"best_{period}_pct"] = max(defined, default=np.nan)
        figures[f"worst_{period}_pct"] = min(defined, default=np.nan)
        won = sum(value > 0 for value in defined)
        figures[f"winning_{period}s_pct"] = won / len(defined) * 100 if defined else np.nan
    for period in periods:
        for name, value in calendar_returns(equity, stamps, period).items():
            figures[f"return_pct_{name.replace('-', '_')}"] = value
    return figures
