"""Rule 26: which number each indicator is, told from the trades of its crosses with a level or with the price."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    GOOG,
    cross_above,
    cross_below,
    document,
    enter,
    indicator,
    leave,
    number,
    pattern,
    price,
    use,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def ema(values: pd.Series, period: int) -> np.ndarray:
    return talib.EMA(values.to_numpy(), period)


def middle(d: pd.DataFrame, bars: int) -> pd.Series:
    return (d.High.rolling(bars).max() + d.Low.rolling(bars).min()) / 2


def smoothed_k(series: pd.Series, bars: int) -> pd.Series:
    low, high = series.rolling(bars).min(), series.rolling(bars).max()
    return (100 * (series - low) / (high - low)).rolling(3).mean()


def vwap(d: pd.DataFrame) -> pd.Series:
    day = d.index.normalize()
    typical = (d.High + d.Low + d.Close) / 3
    return (typical * d.Volume).groupby(day).cumsum() / d.Volume.groupby(day).cumsum()


def aroon(d: pd.DataFrame, of: str) -> pd.Series:
    """100 where the extreme of this and the 14 bars before is this bar's."""
    column = d.High if of == "up" else -d.Low
    return column.rolling(15).apply(lambda w: 100 * (14 - w[::-1].argmax()) / 14, raw=True)


ICHIMOKU = {"conversion_period": 9, "base_period": 26, "span_period": 52}
STOCHRSI = {"timeperiod": 14, "fastk_period": 14, "slowk_period": 3, "slowd_period": 3}
# name, parameters, output, its formula, the level it crosses (None: the Close crosses it)
LINES: dict[str, tuple[str, dict, str | None, Callable[[pd.DataFrame], object], float | None]] = {
    "VAMA": (
        "VAMA",
        {"timeperiod": 20},
        None,
        lambda d: (d.Close * d.Volume).rolling(20).sum() / d.Volume.rolling(20).sum(),
        None,
    ),
    "Stochastic RSI K": (
        "STOCHRSI",
        STOCHRSI,
        "k",
        lambda d: smoothed_k(pd.Series(talib.RSI(d.Close.to_numpy(), 14)), 14),
        50,
    ),
    "Stochastic RSI D": (
        "STOCHRSI",
        STOCHRSI,
        "d",
        lambda d: smoothed_k(pd.Series(talib.RSI(d.Close.to_numpy(), 14)), 14).rolling(3).mean(),
        50,
    ),
    "z-score": (
        "ZSCORE",
        {"timeperiod": 20},
        None,
        lambda d: (d.Close - d.Close.rolling(20).mean()) / d.Close.rolling(20).std(ddof=0),
        1,
    ),
    "Keltner upper, ATR 10": (
        "KELTNER",
        {"timeperiod": 20, "multiple": 2.0},
        "upper",
        lambda d: ema(d.Close, 20) + 2 * talib.ATR(d.High.to_numpy(), d.Low.to_numpy(), d.Close.to_numpy(), 10),
        None,
    ),
    "Keltner lower": (
        "KELTNER",
        {"timeperiod": 20, "multiple": 1.5},
        "lower",
        lambda d: ema(d.Close, 20) - 1.5 * talib.ATR(d.High.to_numpy(), d.Low.to_numpy(), d.Close.to_numpy(), 10),
        None,
    ),
    "Ichimoku conversion": ("ICHIMOKU", ICHIMOKU, "conversion", lambda d: middle(d, 9), None),
    "Ichimoku base": ("ICHIMOKU", ICHIMOKU, "base", lambda d: middle(d, 26), None),
    "Ichimoku span A, of 26 bars before": (
        "ICHIMOKU",
        ICHIMOKU,
        "span_a",
        lambda d: ((middle(d, 9) + middle(d, 26)) / 2).shift(26),
        None,
    ),
    "Ichimoku span B, of 26 bars before": (
        "ICHIMOKU",
        ICHIMOKU,
        "span_b",
        lambda d: middle(d, 52).shift(26),
        None,
    ),
    "Aroon up": ("AROON", {"timeperiod": 14}, "up", lambda d: aroon(d, "up"), 60),
    "Aroon down": ("AROON", {"timeperiod": 14}, "down", lambda d: aroon(d, "down"), 60),
    "CCI 20": (
        "CCI",
        {},
        None,
        lambda d: talib.CCI(d.High.to_numpy(), d.Low.to_numpy(), d.Close.to_numpy(), 20),
        100,
    ),
    "ROC 10 in percent": ("ROC", {}, None, lambda d: 100 * (d.Close / d.Close.shift(10) - 1), 2),
    "Williams %R 14": (
        "WILLR",
        {},
        None,
        lambda d: -100 * (d.High.rolling(14).max() - d.Close) / (d.High.rolling(14).max() - d.Low.rolling(14).min()),
        -50,
    ),
    "MFI 14": (
        "MFI",
        {},
        None,
        lambda d: talib.MFI(d.High.to_numpy(), d.Low.to_numpy(), d.Close.to_numpy(), d.Volume.to_numpy(), 14),
        50,
    ),
    "standard deviation, of the population": (
        "STDDEV",
        {"timeperiod": 20},
        None,
        lambda d: d.Close.rolling(20).std(ddof=0),
        8,
    ),
    "realised volatility": (
        "REALISED_VOLATILITY",
        {"timeperiod": 20},
        None,
        lambda d: np.log(d.Close).diff().rolling(20).std(ddof=0) * np.sqrt(252),
        0.3,
    ),
    "Donchian middle": (
        "DONCHIAN",
        {"timeperiod": 20},
        "middle",
        lambda d: middle(d, 20),
        None,
    ),
}


def crossing(array: Callable[[pd.DataFrame], object], level: float | None) -> type[PlainStrategy]:
    class Plain(PlainStrategy):
        def init(self):
            self.line = self.I(lambda: np.asarray(array(self.data.df), dtype=float))

        def next(self):
            line, c = self.line, self.data.Close
            if level is None:
                (a0, a1), (b0, b1) = c[-2:], line[-2:]
            else:
                (a0, a1), (b0, b1) = line[-2:], (level, level)
            if self.position:
                if a0 >= b0 and a1 < b1:
                    self.position.close()
            elif a0 <= b0 and a1 > b1:
                self.buy()

    return Plain


@pytest.mark.parametrize("line", LINES)
def test_the_line_is_this_formula(line: str) -> None:
    name, params, output, array, level = LINES[line]
    plain = plain_trades(crossing(array, level), GOOG)
    assert len(plain.closed) > 5
    value = indicator("line", output)
    sides = (price(), value) if level is None else (value, number(level))
    # Expected: of an indicator with several outputs those that a rule uses count for the warm-up
    spec = document(
        [enter(cross_above(*sides))], [leave(cross_below(*sides))], indicators=[use("line", name, **params)]
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_vwap_restarts_each_day_on_the_typical_price() -> None:
    plain = plain_trades(crossing(vwap, None), EURUSD)
    assert len(plain.closed) > 100
    value = indicator("VWAP")
    spec = document(
        [enter(cross_above(price(), value))],
        [leave(cross_below(price(), value))],
        indicators=[use("VWAP", "VWAP")],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_candlesticks_are_ta_libs_and_have_a_direction() -> None:
    class Plain(PlainStrategy):
        def init(self):
            d = self.data
            self.engulfing = self.I(talib.CDLENGULFING, d.Open, d.High, d.Low, d.Close)
            self.doji = self.I(talib.CDLDOJI, d.Open, d.High, d.Low, d.Close)
            self.star = self.I(talib.CDLMORNINGSTAR, d.Open, d.High, d.Low, d.Close)

        def next(self):
            if self.position:
                if self.engulfing[-1] < 0 or self.doji[-1] != 0:
                    self.position.close()
            elif self.engulfing[-1] > 0 or self.star[-1] > 0:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    spec = document(
        [enter(pattern("CDLENGULFING", "bullish")), enter(pattern("CDLMORNINGSTAR", "bullish"))],
        [leave(pattern("CDLENGULFING", "bearish")), leave(pattern("CDLDOJI", "any"))],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)
