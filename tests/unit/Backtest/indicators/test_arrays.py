"""`compute` gives, bit for bit, what the expression of an indicator gives in a file that stands alone."""

import inspect

import numpy as np
import pandas as pd
import pytest
import talib
from backtesting import Backtest, Strategy

from Backtest.errors import IndicatorInvalid
from Backtest.indicators import functions
from Backtest.indicators.arrays import compute
from Backtest.indicators.indicator_registry import fill_defaults, find, indicators, names

every_indicator = pytest.mark.parametrize("indicator", indicators(), ids=names())


def usual_bars(count: int = 250) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, count)))
    high, low = close * (1 + 0.02 * rng.random(count)), close * (1 - 0.02 * rng.random(count))
    columns = {"Open": (high + low) / 2, "High": high, "Low": low, "Close": close}
    index = pd.date_range("2024-03-01", periods=count, freq="2h", name="Time")
    return pd.DataFrame({**columns, "Volume": rng.integers(1, 10**6, count)}, index=index)


BARS = usual_bars()


def parameters(indicator):
    return fill_defaults(indicator, {p.name: p.default for p in indicator.parameters if p.required})


def written(indicator, price: str, index: str) -> str:
    """The indicator's call as text; `price` is how the file writes a column, `{}` its name."""
    params, words = parameters(indicator), []
    for argument in indicator.call.arguments:
        text = repr(params[argument.value] if argument.kind == "parameter" else argument.value)
        if argument.kind == "input":
            column = indicator.default_source if argument.value == "source" else argument.value
            text = index if column == "index" else price.format(column)
        words.append(f"{argument.keyword}={text}" if argument.keyword else text)
    return f"{indicator.call.function}({', '.join(words)})"


def standalone(indicator) -> dict[str, object]:
    """The names of a generated file: the three libraries and the source of the one function, nothing of the project."""
    scope: dict[str, object] = {"np": np, "pd": pd, "talib": talib}
    if not indicator.call.function.startswith("talib."):
        exec(inspect.getsource(getattr(functions, indicator.call.function)), scope)  # noqa: S102
    return scope


def outputs(indicator, result) -> tuple[np.ndarray, ...]:
    return tuple(result[pick] for pick in indicator.call.picks) if indicator.call.picks else (result,)


@every_indicator
def test_the_arrays_are_those_of_the_standalone_expression(indicator):
    expression = written(indicator, 'bars["{}"].to_numpy(float)', "bars.index")
    result = eval(expression, {**standalone(indicator), "bars": BARS})  # noqa: S307
    computed = compute(indicator, parameters(indicator), BARS)
    for a, b in zip(outputs(indicator, result), computed, strict=True):
        assert a.dtype == b.dtype == np.float64
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofweek is deprecated")  # backtesting.py's statistics use it
@every_indicator
def test_the_arrays_are_those_a_strategy_gets_from_backtesting_py(indicator):
    scope, found = standalone(indicator), []
    expression = written(indicator, "self.data.{}.astype(float)", "self.data.index")

    class Probe(Strategy):
        def init(self):
            found.append(self.I(lambda: eval(expression, {**scope, "self": self}), name="probe"))  # noqa: S307

        def next(self):
            pass

    Backtest(BARS, Probe, cash=1_000_000).run()
    computed = compute(indicator, parameters(indicator), BARS)
    for a, b in zip(outputs(indicator, found[0]), computed, strict=True):
        np.testing.assert_array_equal(np.asarray(a), b)


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("SMA", "Volume", lambda f: talib.SMA(f["Volume"].to_numpy(float), 20)),
        ("EMA", "High", lambda f: talib.EMA(f["High"].to_numpy(), 20)),
        ("HIGHEST", None, lambda f: talib.MAX(f["High"].to_numpy(), 20)),
        ("HIGHEST", "Close", lambda f: talib.MAX(f["Close"].to_numpy(), 20)),
        ("LOWEST", None, lambda f: talib.MIN(f["Low"].to_numpy(), 20)),
        ("OBV", None, lambda f: talib.OBV(f["Close"].to_numpy(), f["Volume"].to_numpy(float))),
    ],
)
def test_the_source_is_the_one_asked_for(name, source, expected):
    params = {"timeperiod": 20} if find(name).parameters else {}
    np.testing.assert_array_equal(compute(find(name), params, BARS, source)[0], expected(BARS))


def test_bollinger_bands_come_upper_middle_lower():
    upper, middle, lower = compute(find("BBANDS"), {"nbdev": 2.5}, BARS)
    close = BARS["Close"]
    deviation = close.rolling(20).std(ddof=0)
    np.testing.assert_allclose(upper, close.rolling(20).mean() + 2.5 * deviation)
    np.testing.assert_allclose(middle, close.rolling(20).mean())
    np.testing.assert_allclose(lower, close.rolling(20).mean() - 2.5 * deviation)


def test_the_stochastic_is_smoothed_with_simple_averages():
    k, d = compute(find("STOCH"), {}, BARS)
    low, high = BARS["Low"].rolling(14).min(), BARS["High"].rolling(14).max()
    smooth = (100 * (BARS["Close"] - low) / (high - low)).rolling(3).mean()
    np.testing.assert_allclose(k[17:], smooth[17:])
    np.testing.assert_allclose(d[17:], smooth.rolling(3).mean()[17:])


def test_aroon_comes_up_before_down():
    frame = BARS.iloc[:20].copy()
    frame[["Open", "High", "Low", "Close"]] = np.arange(1.0, 21.0)[:, None] + [0, 0.5, -0.5, 0]
    up, down = compute(find("AROON"), {"timeperiod": 5}, frame)
    assert up[-1] == 100
    assert down[-1] == 0


def test_the_macd_histogram_is_the_difference_of_line_and_signal():
    macd, signal, hist = compute(find("MACD"), {}, BARS)
    np.testing.assert_array_equal(hist[33:], (macd - signal)[33:])


def test_roc_is_in_percent_and_momentum_in_price():
    close = BARS["Close"].to_numpy()
    np.testing.assert_allclose(compute(find("ROC"), {}, BARS)[0][10:], 100 * (close[10:] / close[:-10] - 1))
    np.testing.assert_allclose(compute(find("MOM"), {}, BARS)[0][10:], close[10:] - close[:-10])


def test_wrong_parameters_are_refused_with_their_issues():
    with pytest.raises(IndicatorInvalid) as caught:
        compute(find("MACD"), {"fastperiod": 30}, BARS)
    assert caught.value.issues[0].field == "params/fastperiod"


def test_a_missing_period_is_refused():
    with pytest.raises(IndicatorInvalid, match="needs timeperiod"):
        compute(find("SMA"), {}, BARS)


@pytest.mark.parametrize(("name", "source"), [("ATR", "Close"), ("RSI", "Typical"), ("RSI", "Time")])
def test_a_source_that_cannot_be_is_refused(name, source):
    with pytest.raises(IndicatorInvalid) as caught:
        compute(find(name), {}, BARS, source)
    assert caught.value.issues[0].field == "source"
