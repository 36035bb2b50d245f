"""Our own indicators against slow loops over plain Python numbers, and what every function owes its caller."""

import inspect
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.indicators import functions
from Backtest.indicators.arrays import compute
from Backtest.indicators.indicator_registry import fill_defaults, find, indicators, names

NAN = math.nan


def bars_of(closes, widths, volumes, start="2024-01-01 18:00", freq="3h"):
    """Bars with these closes, which lie on the low, within, and on the high of their bars in turn."""
    close, wide = np.array(closes, dtype=float), np.array(widths, dtype=float)
    place = np.arange(len(close)) * 3 % 5 / 4
    index = pd.date_range(start, periods=len(close), freq=freq, name="Time")
    high, low = close * (1 + wide * (1 - place)), close * (1 - wide * place)
    columns = {"Open": (high + low) / 2, "High": high, "Low": low, "Close": close, "Volume": np.array(volumes, float)}
    return pd.DataFrame(columns, index=index)


@st.composite
def bars(draw, least=1, most=90):
    count = draw(st.integers(least, most))
    steps = draw(st.lists(st.floats(-0.08, 0.08), min_size=count, max_size=count))
    widths = draw(st.lists(st.floats(0.0005, 0.05), min_size=count, max_size=count))
    volumes = draw(st.lists(st.integers(0, 10**7), min_size=count, max_size=count))
    return bars_of(100 * np.exp(np.cumsum(steps)), widths, volumes)


def usual_bars(count=300, seed=11):
    rng = np.random.default_rng(seed)
    closes = 100 * np.exp(np.cumsum(rng.normal(0, 0.015, count)))
    return bars_of(closes, 0.0005 + 0.02 * rng.random(count), rng.integers(0, 10**6, count))


def lists(frame):
    return (frame[name].tolist() for name in ("High", "Low", "Close", "Volume"))


def same(values, expected):
    np.testing.assert_allclose(np.asarray(values), np.array(expected, dtype=float), rtol=1e-9, atol=1e-7)


# the slow loops


def slow_true_ranges(high, low, close):
    ranges = [NAN]
    for i in range(1, len(close)):
        ranges.append(max(high[i] - low[i], abs(high[i] - close[i - 1]), abs(low[i] - close[i - 1])))
    return ranges


def slow_atr(high, low, close, n):
    ranges, out = slow_true_ranges(high, low, close), []
    for i in range(len(close)):
        if i < n:
            out.append(NAN)
        elif i == n:
            out.append(sum(ranges[1 : n + 1]) / n)
        else:
            out.append((out[-1] * (n - 1) + ranges[i]) / n)
    return out


def slow_mean(values, n):
    return [sum(values[i - n + 1 : i + 1]) / n if i >= n - 1 else NAN for i in range(len(values))]


def slow_ema(values, n):
    out = []
    for i, value in enumerate(values):
        if i < n - 1:
            out.append(NAN)
        elif i == n - 1:
            out.append(sum(values[:n]) / n)
        else:
            out.append(out[-1] + (value - out[-1]) * 2 / (n + 1))
    return out


def slow_highest(values, n):
    return [max(values[i - n + 1 : i + 1]) if i >= n - 1 else NAN for i in range(len(values))]


def slow_lowest(values, n):
    return [min(values[i - n + 1 : i + 1]) if i >= n - 1 else NAN for i in range(len(values))]


def slow_rsi(values, n):
    out, gain, loss = [], 0.0, 0.0
    for i in range(len(values)):
        change = values[i] - values[i - 1] if i else 0.0
        up, down = max(change, 0.0), max(-change, 0.0)
        if i <= n:
            gain, loss = gain + up / n, loss + down / n
        else:
            gain, loss = (gain * (n - 1) + up) / n, (loss * (n - 1) + down) / n
        out.append(NAN if i < n else 100 * gain / (gain + loss) if gain + loss > 1e-14 else 0.0)
    return out


def slow_deviation(values, n):
    out = []
    for i in range(len(values)):
        window = values[i - n + 1 : i + 1] if i >= n - 1 else [NAN]
        mean = sum(window) / len(window)
        out.append(math.sqrt(sum((v - mean) ** 2 for v in window) / len(window)))
    return out


def slow_middle(high, low, n):
    return [(a + b) / 2 for a, b in zip(slow_highest(high, n), slow_lowest(low, n), strict=True)]


def slow_supertrend(high, low, close, n, multiple):
    """Rule 26, word by word; the state of the previous bar is kept whole."""
    line, direction, previous = [], [], None
    for i, atr in enumerate(slow_atr(high, low, close, n)):
        if math.isnan(atr):
            line.append(NAN)
            direction.append(NAN)
            continue
        lower, upper = (high[i] + low[i]) / 2 - multiple * atr, (high[i] + low[i]) / 2 + multiple * atr
        up = True
        if previous is not None:
            last_lower, last_upper, up = previous
            if not close[i - 1] < last_lower and lower < last_lower:
                lower = last_lower
            if not close[i - 1] > last_upper and upper > last_upper:
                upper = last_upper
            up = not close[i] < last_lower if up else close[i] > last_upper
        previous = (lower, upper, up)
        line.append(lower if up else upper)
        direction.append(1.0 if up else -1.0)
    return line, direction


# our functions against them


@pytest.mark.parametrize(("n", "multiple"), [(10, 3.0), (1, 1.0), (7, 0.5), (14, 2.5)])
def test_supertrend(n, multiple):
    frame = usual_bars()
    high, low, close, _ = lists(frame)
    line, direction = compute(find("SUPERTREND"), {"timeperiod": n, "multiple": multiple}, frame)
    expected_line, expected_direction = slow_supertrend(high, low, close, n, multiple)
    same(line, expected_line)
    same(direction, expected_direction)
    assert {-1.0, 1.0} <= set(direction)


@settings(deadline=None)
@given(bars(), st.integers(1, 12), st.sampled_from([0.5, 1.0, 2.0, 3.0]))
def test_supertrend_on_any_bars(frame, n, multiple):
    high, low, close, _ = lists(frame)
    line, _ = compute(find("SUPERTREND"), {"timeperiod": n, "multiple": multiple}, frame)
    same(line, slow_supertrend(high, low, close, n, multiple)[0])


def test_supertrend_by_hand():
    """ATR 1, multiple 1: bars of range 1 whose bands are the middle plus and minus the ATR."""
    close = np.array([10.0, 10, 11, 12, 10, 9, 12])
    line, direction = functions.supertrend(close + 0.5, close - 0.5, close, 1, 1.0)
    # bar:  1            2               3               4: 10 < 10.5   5            6: 12 > 11.5
    # ATR:  1            1.5             1.5             2.5            1.5          3.5
    # bands 9, 11        9.5, 11         10.5, 13.5      10.5, 12.5     7.5, 10.5    8.5, 10.5
    assert direction.tolist()[1:] == [1, 1, 1, -1, -1, 1]
    assert line.tolist()[1:] == [9, 9.5, 10.5, 12.5, 10.5, 8.5]
    assert math.isnan(line[0])
    assert math.isnan(direction[0])


@pytest.mark.parametrize("n", [2, 20, 55])
def test_donchian_includes_the_current_bar(n):
    frame = usual_bars()
    high, low, _, _ = lists(frame)
    upper, middle, lower = compute(find("DONCHIAN"), {"timeperiod": n}, frame)
    same(upper, slow_highest(high, n))
    same(lower, slow_lowest(low, n))
    same(middle, slow_middle(high, low, n))


@pytest.mark.parametrize(("n", "multiple", "atr_period"), [(20, 2.0, 10), (5, 1.5, 14)])
def test_keltner(n, multiple, atr_period):
    frame = usual_bars()
    high, low, close, _ = lists(frame)
    params = {"timeperiod": n, "multiple": multiple, "atr_period": atr_period}
    upper, middle, lower = compute(find("KELTNER"), params, frame)
    ema, atr = slow_ema(close, n), slow_atr(high, low, close, atr_period)
    same(middle, ema)
    same(upper, [e + multiple * a for e, a in zip(ema, atr, strict=True)])
    same(lower, [e - multiple * a for e, a in zip(ema, atr, strict=True)])


@pytest.mark.parametrize("periods", [(9, 26, 52), (3, 8, 5), (10, 4, 6)])
def test_the_ichimoku_cloud_on_a_bar_is_the_one_computed_a_base_period_before(periods):
    frame = usual_bars()
    high, low, _, _ = lists(frame)
    params = dict(zip(("conversion_period", "base_period", "span_period"), periods, strict=True))
    conversion, base, span_a, span_b = compute(find("ICHIMOKU"), params, frame)
    short, medium, wide = (slow_middle(high, low, n) for n in periods)
    behind = periods[1]
    same(conversion, short)
    same(base, medium)
    mean = [(a + b) / 2 for a, b in zip(short, medium, strict=True)]
    same(span_a, ([NAN] * behind + mean)[: len(frame)])
    same(span_b, ([NAN] * behind + wide)[: len(frame)])


@pytest.mark.parametrize(("n", "k", "slow_k", "slow_d"), [(14, 14, 3, 3), (5, 8, 1, 4)])
def test_stochastic_rsi(n, k, slow_k, slow_d):
    frame = usual_bars()
    *_, close, _ = lists(frame)
    params = {"timeperiod": n, "fastk_period": k, "slowk_period": slow_k, "slowd_period": slow_d}
    rsi = slow_rsi(close, n)[n:]
    high, low = slow_highest(rsi, k)[k - 1 :], slow_lowest(rsi, k)[k - 1 :]
    raw = [100 * (r - lo) / (hi - lo) for r, lo, hi in zip(rsi[k - 1 :], low, high, strict=True)]
    smooth = slow_mean(raw, slow_k)[slow_k - 1 :]
    average = slow_mean(smooth, slow_d)[slow_d - 1 :]
    got_k, got_d = compute(find("STOCHRSI"), params, frame)
    same(got_k, [NAN] * (len(frame) - len(average)) + smooth[slow_d - 1 :])
    same(got_d, [NAN] * (len(frame) - len(average)) + average)


@pytest.mark.parametrize("n", [2, 20])
def test_volume_adjusted_average(n):
    frame = usual_bars()
    *_, close, volume = lists(frame)
    expected = [NAN] * (n - 1)
    for i in range(n - 1, len(close)):
        window = range(i - n + 1, i + 1)
        expected.append(sum(close[j] * volume[j] for j in window) / sum(volume[j] for j in window))
    same(compute(find("VAMA"), {"timeperiod": n}, frame)[0], expected)


def test_the_volume_adjusted_average_of_bars_without_volume_is_undefined():
    volumes = [5, 0, 0, 0, 0, 7]
    frame = bars_of([1, 2, 3, 4, 5, 6], [0.01] * 6, volumes)
    same(compute(find("VAMA"), {"timeperiod": 2}, frame)[0], [NAN, 1, NAN, NAN, NAN, 6])


def test_vwap_begins_anew_each_day():
    frame = usual_bars()
    high, low, close, volume = lists(frame)
    expected, day, traded, money = [], None, 0.0, 0.0
    for i, stamp in enumerate(frame.index):
        if stamp.date() != day:
            day, traded, money = stamp.date(), 0.0, 0.0
        traded += volume[i]
        money += (high[i] + low[i] + close[i]) / 3 * volume[i]
        expected.append(money / traded if traded else NAN)
    same(compute(find("VWAP"), {}, frame)[0], expected)


def test_vwap_is_undefined_until_something_is_traded_that_day():
    frame = bars_of([10, 20, 30, 40], [0.0] * 4, [0, 2, 2, 0], start="2024-01-01 09:00", freq="1h")
    same(compute(find("VWAP"), {}, frame)[0], [NAN, 20, 25, 25])


@pytest.mark.parametrize(("n", "source"), [(20, None), (5, "Volume"), (2, "High")])
def test_z_score_is_of_the_population_deviation(n, source):
    frame = usual_bars()
    values = frame[source or "Close"].tolist()
    mean, deviation = slow_mean(values, n), slow_deviation(values, n)
    expected = [(v - m) / d for v, m, d in zip(values, mean, deviation, strict=True)]
    got = compute(find("ZSCORE"), {"timeperiod": n}, frame, source)[0]
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-6)


def test_the_z_score_of_a_price_that_stands_still_is_undefined():
    assert np.isnan(functions.z_score(np.full(10, 8.0), 3)).all()


@pytest.mark.parametrize(("n", "bars_per_year"), [(20, 252.0), (5, 1638.0), (2, 12.0)])
def test_realised_volatility_is_annualised_by_the_bars_per_year(n, bars_per_year):
    frame = usual_bars()
    close = frame["Close"].tolist()
    returns = [math.log(b / a) for a, b in itertools.pairwise(close)]
    expected = [NAN] + [d * math.sqrt(bars_per_year) for d in slow_deviation(returns, n)]
    same(compute(find("REALISED_VOLATILITY"), {"timeperiod": n, "bars_per_year": bars_per_year}, frame)[0], expected)


@pytest.mark.parametrize("n", [2, 14])
def test_the_loops_agree_with_talib_where_it_has_the_indicator(n):
    """The loops above are the judges of our functions; this judges the loops."""
    frame = usual_bars()
    high, low, close, _ = lists(frame)
    pairs = {
        "ATR": slow_atr(high, low, close, n),
        "EMA": slow_ema(close, n),
        "SMA": slow_mean(close, n),
        "RSI": slow_rsi(close, n),
        "STDDEV": slow_deviation(close, n),
        "HIGHEST": slow_highest(high, n),
        "LOWEST": slow_lowest(low, n),
    }
    for name, expected in pairs.items():
        np.testing.assert_allclose(compute(find(name), {"timeperiod": n}, frame)[0], expected, rtol=1e-7, atol=1e-7)


# what every indicator owes


def small_parameters(indicator):
    small = {p.name: 3 for p in indicator.parameters if p.integer}
    return fill_defaults(indicator, small | ({"slowperiod": 5} if indicator.name == "MACD" else {}))


every_indicator = pytest.mark.parametrize("indicator", indicators(), ids=names())


@every_indicator
@settings(max_examples=15, deadline=None)
@given(bars(least=2), st.data())
def test_later_bars_never_change_earlier_values(indicator, frame, data):
    params = small_parameters(indicator)
    cut = data.draw(st.integers(1, len(frame) - 1), label="cut")
    later = frame.copy()
    later.iloc[cut:] *= data.draw(st.floats(0.5, 2.0), label="factor")
    whole = compute(indicator, params, frame)
    for other in (compute(indicator, params, frame.iloc[:cut]), compute(indicator, params, later)):
        for a, b in zip(whole, other, strict=True):
            np.testing.assert_array_equal(a[:cut], b[:cut])


@every_indicator
@pytest.mark.parametrize("count", [1, 2, 5])
def test_too_few_bars_give_no_values_and_no_error(indicator, count):
    params = fill_defaults(indicator, {p.name: p.default for p in indicator.parameters if p.required})
    frame = usual_bars(count)
    frame["Volume"] += 1
    for output, values in zip(indicator.outputs, compute(indicator, params, frame), strict=True):
        first = (output.warmup or indicator.warmup)(params)
        assert len(values) == count
        assert np.isnan(values[:first]).all()
        assert not np.isnan(values[first:]).any()


@every_indicator
def test_inputs_are_left_as_they_are_and_the_answer_is_the_same_again(indicator):
    frame = usual_bars(80)
    before = frame.copy(deep=True)
    first = compute(indicator, small_parameters(indicator), frame)
    again = compute(indicator, small_parameters(indicator), frame)
    pd.testing.assert_frame_equal(frame, before)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)


OWN = [function for _, function in inspect.getmembers(functions, inspect.isfunction)]


def test_every_function_of_ours_is_in_the_registry():
    assert {f.__name__ for f in OWN} == {
        i.call.function for i in indicators() if not i.call.function.startswith("talib.")
    }


@pytest.mark.parametrize("function", OWN, ids=lambda f: f.__name__)
def test_a_function_says_what_it_gives_in_one_to_three_lines(function):
    lines = [line for line in inspect.getdoc(function).splitlines() if line]
    assert 1 <= len(lines) <= 3
