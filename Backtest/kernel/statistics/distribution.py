"""Figures of the bars' returns and of the depth of drawdowns, which backtesting.py doesn't have.

Returns are simple ones from bar to bar, flat bars included, and end with ruin; a figure that is undefined is NaN.
"""

import numpy as np

CONFIDENCE_PCT = 95


def bar_returns(values: np.ndarray) -> np.ndarray:
    """value / the one before - 1, for all bars but the first; NaN after ruin."""
    with np.errstate(all="ignore"):
        returns: np.ndarray = values[1:] / values[:-1] - 1.0
    return returns


def distribution_of(returns: np.ndarray) -> dict[str, float]:
    """Omega, tail ratio, value at risk, skewness and kurtosis of returns without NaN."""
    figures = {
        "omega_ratio": omega_ratio(returns),
        "skewness": skewness(returns),
        "excess_kurtosis": excess_kurtosis(returns),
    }
    tails = (np.nan, np.nan) if not len(returns) else np.percentile(returns, [100 - CONFIDENCE_PCT, CONFIDENCE_PCT])
    lower, upper = float(tails[0]), float(tails[1])
    beyond = returns[returns <= lower]
    return figures | {
        "tail_ratio": abs(upper) / abs(lower) if lower else np.nan,
        "value_at_risk_95_pct": lower * 100,
        "conditional_value_at_risk_95_pct": float(beyond.mean()) * 100 if len(beyond) else np.nan,
    }


def omega_ratio(returns: np.ndarray) -> float:
    """The sum of gains through the sum of losses (Keating and Shadwick 2002, threshold 0); NaN without a loss."""
    lost = float(-returns[returns < 0].sum())
    return float(returns[returns > 0].sum()) / lost if lost else np.nan


def skewness(values: np.ndarray) -> float:
    """The sample's G1, adjusted for its size (Joanes and Gill 1998); NaN below 3 values, or where all are equal."""
    count, variance, third, _ = _moments(values)
    if count < 3 or variance == 0:
        return np.nan
    return float(np.sqrt(count * (count - 1)) / (count - 2) * third / variance**1.5)


def excess_kurtosis(values: np.ndarray) -> float:
    """The sample's G2, adjusted for its size, 0 for a normal one (Joanes and Gill 1998); NaN below 4 values, or where
    all are equal."""
    count, variance, _, fourth = _moments(values)
    if count < 4 or variance == 0:
        return np.nan
    biased = fourth / variance**2 - 3
    return float((count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * biased + 6))


def ulcer_index_pct(equity: np.ndarray) -> float:
    """The root of the mean square of the bars' drawdowns from the peak so far, in percent (Martin 1987)."""
    drawdowns = 1 - equity / np.maximum.accumulate(equity)
    return float(np.sqrt(np.mean(drawdowns**2)) * 100)


def information_ratio(returns: np.ndarray, market_returns: np.ndarray, bars_in_year: float) -> float:
    """The yearly mean of the returns beyond the market's through their yearly deviation (n - 1); NaN without one."""
    active = returns - market_returns
    active = active[~np.isnan(active)]
    deviation = float(active.std(ddof=1)) if len(active) > 1 else 0.0
    return float(active.mean() / deviation * np.sqrt(bars_in_year)) if deviation else np.nan


def _moments(values: np.ndarray) -> tuple[int, float, float, float]:
    """Count and the second to fourth central moment; all 0 where the values are equal but for rounding."""
    if not len(values) or np.ptp(values) == 0:
        return len(values), 0.0, 0.0, 0.0
    centred = values - values.mean()
    return len(values), float(np.mean(centred**2)), float(np.mean(centred**3)), float(np.mean(centred**4))
