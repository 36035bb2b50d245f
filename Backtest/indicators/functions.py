"""The indicators TA-Lib lacks: each one pure function of float64 arrays, whose source the compiler emits verbatim.

They use np, pd and talib alone, leave their inputs as they are, and give NaN where a value is not defined.
"""

import numpy as np
import pandas as pd
import talib


def volume_adjusted_average(close: np.ndarray, volume: np.ndarray, timeperiod: int) -> np.ndarray:
    """Sum of Close x Volume over the last bars divided by the sum of their Volume; NaN where nothing was traded."""
    traded = pd.Series(close * volume).rolling(timeperiod).sum()
    return (traded / pd.Series(volume).rolling(timeperiod).sum()).to_numpy()


def vwap_by_day(
    index: pd.DatetimeIndex, high: np.ndarray, low: np.ndarray, close: np.ndarray, volume: np.ndarray
) -> np.ndarray:
    """Typical price weighted by Volume since the day's first bar; NaN until something was traded that day."""
    day = index.normalize()
    traded = pd.Series((high + low + close) / 3 * volume).groupby(day).cumsum()
    return (traded / pd.Series(volume).groupby(day).cumsum()).to_numpy()


def stochastic_rsi(
    source: np.ndarray, timeperiod: int, fastk_period: int, slowk_period: int, slowd_period: int
) -> tuple[np.ndarray, np.ndarray]:
    """K and D, 0 to 100: the slow stochastic of the RSI in its own range."""
    rsi = talib.RSI(source, timeperiod)
    k, d = talib.STOCH(rsi, rsi, rsi, fastk_period, slowk_period, 0, slowd_period, 0)
    return k, d


def donchian(high: np.ndarray, low: np.ndarray, timeperiod: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Upper, middle and lower: highest High and lowest Low of the last bars, the current one included."""
    upper = talib.MAX(high, timeperiod)
    lower = talib.MIN(low, timeperiod)
    return upper, (upper + lower) / 2, lower


def keltner(
    high: np.ndarray, low: np.ndarray, close: np.ndarray, timeperiod: int, multiple: float, atr_period: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Upper, middle and lower: EMA of the Close, and so many ATRs above and below it."""
    middle = talib.EMA(close, timeperiod)
    width = multiple * talib.ATR(high, low, close, atr_period)
    return middle + width, middle, middle - width


def ichimoku(
    high: np.ndarray, low: np.ndarray, conversion_period: int, base_period: int, span_period: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Conversion, base, span A and span B; the spans are those drawn on the bar, computed base_period bars before."""
    conversion = talib.MIDPRICE(high, low, conversion_period)
    base = talib.MIDPRICE(high, low, base_period)
    unknown = np.full(base_period, np.nan)
    span_a = np.concatenate([unknown, (conversion + base) / 2])[: len(high)]
    span_b = np.concatenate([unknown, talib.MIDPRICE(high, low, span_period)])[: len(high)]
    return conversion, base, span_a, span_b


def supertrend(
    high: np.ndarray, low: np.ndarray, close: np.ndarray, timeperiod: int, multiple: float
) -> tuple[np.ndarray, np.ndarray]:
    """The line, and the direction: 1 up (the line is the lower band), -1 down (it is the upper band).

    While closes stay inside, the lower band never falls and the upper never rises; a close beyond turns the trend.
    """
    middle = (high + low) / 2
    width = multiple * talib.ATR(high, low, close, timeperiod)
    closes, lowers, uppers = close.tolist(), (middle - width).tolist(), (middle + width).tolist()
    line, direction = np.full(len(close), np.nan), np.full(len(close), np.nan)
    trend, lower, upper = 1.0, -np.inf, np.inf
    for bar in range(timeperiod, len(close)):
        before, lower_before, upper_before = closes[bar - 1], lower, upper
        lower = lowers[bar] if before < lower_before else max(lowers[bar], lower_before)
        upper = uppers[bar] if before > upper_before else min(uppers[bar], upper_before)
        if trend < 0 and closes[bar] > upper_before:
            trend = 1.0
        elif trend > 0 and closes[bar] < lower_before:
            trend = -1.0
        direction[bar] = trend
        line[bar] = lower if trend > 0 else upper
    return line, direction


def z_score(source: np.ndarray, timeperiod: int) -> np.ndarray:
    """Value minus its SMA, in population standard deviations; NaN where the deviation is 0."""
    deviation = talib.STDDEV(source, timeperiod)
    score: np.ndarray = (source - talib.SMA(source, timeperiod)) / np.where(deviation > 0, deviation, np.nan)
    return score


def realised_volatility(source: np.ndarray, timeperiod: int, bars_per_year: float) -> np.ndarray:
    """Population deviation of the last log returns x the root of the bars per year: 0.2 is 20 % a year."""
    with np.errstate(divide="ignore", invalid="ignore"):
        returns = np.diff(np.log(source), prepend=np.nan)
    volatility: np.ndarray = pd.Series(returns).rolling(timeperiod).std(ddof=0).to_numpy() * np.sqrt(bars_per_year)
    return volatility
