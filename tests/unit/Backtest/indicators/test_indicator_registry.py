"""The registry: what exists, under which names, with which parameters, and when a first value appears."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st
from talib import abstract

from Backtest.errors import IndicatorInvalid
from Backtest.indicators import indicator_registry as registry
from Backtest.indicators.arrays import compute

ISSUE_LIST = {
    "RSI": "RSI", "SMA": "SMA", "EMA": "EMA", "WMA": "WMA", "DEMA": "DEMA", "TEMA": "TEMA", "KAMA": "KAMA",
    "VAMA": "VAMA", "MACD": "MACD", "Bollinger": "BBANDS", "ATR": "ATR", "Stochastic": "STOCH",
    "Stochastic RSI": "STOCHRSI", "ADX": "ADX", "+DI": "PLUS_DI", "-DI": "MINUS_DI", "CCI": "CCI", "Momentum": "MOM",
    "ROC": "ROC", "MFI": "MFI", "OBV": "OBV", "Williams %R": "WILLR", "Aroon": "AROON", "PSAR": "PSAR",
    "Donchian": "DONCHIAN", "Keltner": "KELTNER", "Supertrend": "SUPERTREND", "VWAP": "VWAP", "Ichimoku": "ICHIMOKU",
    "standard deviation": "STDDEV", "z-score": "ZSCORE", "highest": "HIGHEST", "lowest": "LOWEST",
    "true range": "TRANGE", "realised volatility": "REALISED_VOLATILITY",
}  # fmt: skip

# Rule 26 of the strategy language.
DEFAULTS = {
    "RSI": [14], "MACD": [12, 26, 9], "BBANDS": [20, 2], "STOCH": [14, 3, 3], "ATR": [14], "ADX": [14], "CCI": [20],
    "MFI": [14], "WILLR": [14], "ROC": [10], "MOM": [10], "DONCHIAN": [20], "KELTNER": [20, 2, 10], "PSAR": [0.02, 0.2],
    "SUPERTREND": [10, 3], "STOCHRSI": [14, 14, 3, 3], "ICHIMOKU": [9, 26, 52],
}  # fmt: skip

every_indicator = pytest.mark.parametrize("indicator", registry.indicators(), ids=registry.names())


def random_bars(bars: int, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, bars)))
    high, low = close * (1 + 0.01 * rng.random(bars)), close * (1 - 0.01 * rng.random(bars))
    columns = {"Open": low + (high - low) * rng.random(bars), "High": high, "Low": low, "Close": close}
    index = pd.date_range("2024-01-01", periods=bars, freq="h", name="Time")
    return pd.DataFrame({**columns, "Volume": 1 + 1e6 * rng.random(bars)}, index=index)


def usual(indicator: registry.Indicator) -> dict[str, registry.Number]:
    return {parameter.name: parameter.default for parameter in indicator.parameters}


@pytest.mark.parametrize(("said", "name"), ISSUE_LIST.items())
def test_every_indicator_of_the_issue_is_found_by_the_word_it_uses(said, name):
    assert registry.find(said).name == name


def test_there_are_no_others():
    assert sorted(registry.names()) == sorted(ISSUE_LIST.values())


def test_no_name_or_alias_belongs_to_two_indicators():
    words = Counter(word for i in registry.indicators() for word in {i.name, i.column_stem, *i.aliases})
    assert [word for word, count in words.items() if count > 1] == []


def test_no_column_stem_belongs_to_two_outputs():
    stems = Counter(output.column_stem for i in registry.indicators() for output in i.outputs)
    assert [stem for stem, count in stems.items() if count > 1] == []


@pytest.mark.parametrize(("name", "values"), DEFAULTS.items())
def test_defaults_are_the_conventions(name, values):
    indicator = registry.find(name)
    assert [p.default for p in indicator.parameters] == values
    assert not any(p.required for p in indicator.parameters)


@pytest.mark.parametrize("name", ["SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "VAMA", "HIGHEST", "LOWEST", "ZSCORE"])
def test_a_period_without_a_convention_must_be_said(name):
    issues = registry.check_parameters(registry.find(name), {}, "/indicators/0/params")
    assert [issue.field for issue in issues] == ["/indicators/0/params/timeperiod"]


@every_indicator
def test_defaults_lie_within_their_bounds(indicator):
    assert registry.check_parameters(indicator, usual(indicator), "") == []


@every_indicator
def test_outputs_are_named_where_there_are_several(indicator):
    named = [output.name for output in indicator.outputs]
    assert named == [None] or all(name and name == name.lower() for name in named)
    assert len(indicator.call.picks) == (0 if named == [None] else len(named))


@every_indicator
def test_a_call_takes_the_declared_inputs_and_parameters(indicator):
    arguments = indicator.call.arguments
    assert tuple(a.value for a in arguments if a.kind == "input") == indicator.inputs
    assert {a.value for a in arguments if a.kind == "parameter"} == {p.name for p in indicator.parameters}
    assert (indicator.default_source is not None) == ("source" in indicator.inputs)


def test_the_registry_loads_no_numeric_library():
    program = (
        "import sys; from Backtest.indicators import indicator_registry as r; r.find('RSI'); r.parse_column('RSI_14'); "
        "print([m for m in ('numpy', 'pandas', 'talib', 'backtesting') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("said", ["rsi", " RSI ", "Relative Strength Index", "relative-strength-index"])
def test_case_spaces_and_hyphens_do_not_matter(said):
    assert registry.find(said).name == "RSI"


@pytest.mark.parametrize(("said", "name"), [("RSII", "RSI"), ("BOLINGER", "BOLLINGER"), ("supertrent", "SUPERTREND")])
def test_a_misspelt_indicator_is_answered_with_the_nearest_name(said, name):
    with pytest.raises(IndicatorInvalid) as caught:
        registry.find(said)
    assert name in caught.value.issues[0].suggestion
    assert said in caught.value.message


def test_an_indicator_like_no_other_is_answered_with_all_names():
    with pytest.raises(IndicatorInvalid) as caught:
        registry.find("QQQQ")
    assert all(name in caught.value.issues[0].suggestion for name in registry.names())


def test_without_a_name_the_main_output_is_meant():
    assert registry.output_of(registry.find("RSI"), None).column_stem == "RSI"
    assert registry.output_of(registry.find("MACD"), None).name == "macd"
    assert registry.output_of(registry.find("SUPERTREND"), None).name == "line"


@pytest.mark.parametrize("name", ["BBANDS", "STOCH", "AROON", "ICHIMOKU", "KELTNER", "DONCHIAN"])
def test_an_output_must_be_chosen_where_none_is_the_main_one(name):
    with pytest.raises(IndicatorInvalid) as caught:
        registry.output_of(registry.find(name), None)
    assert "say which" in caught.value.message


def test_a_misspelt_output_is_answered_with_the_nearest():
    with pytest.raises(IndicatorInvalid) as caught:
        registry.output_of(registry.find("BBANDS"), "uper")
    assert "upper" in caught.value.issues[0].suggestion


def test_a_single_output_has_no_name_to_ask_for():
    with pytest.raises(IndicatorInvalid, match="one output"):
        registry.output_of(registry.find("RSI"), "signal")


@pytest.mark.parametrize(
    ("name", "params", "field", "word"),
    [
        ("RSI", {"period": 14}, "timeperiod", "timeperiod"),
        ("RSI", {"timeperiod": 1}, "timeperiod", "2"),
        ("RSI", {"timeperiod": 100_000}, "timeperiod", "10000"),
        ("RSI", {"timeperiod": 14.5}, "timeperiod", "14 or 15"),
        ("RSI", {"timeperiod": True}, "timeperiod", "whole number"),
        ("RSI", {"timeperiod": "14"}, "timeperiod", "whole number"),
        ("RSI", {"timeperiod": float("nan")}, "timeperiod", "whole number"),
        ("BBANDS", {"nbdev": float("inf")}, "nbdev", "a number from"),
        ("BBANDS", {"nbdev": -2}, "nbdev", "a number from"),
        ("MACD", {"fastperiod": 26, "slowperiod": 26}, "fastperiod", "below"),
        ("MACD", {"fastperiod": 30}, "fastperiod", "26"),
        ("PSAR", {"acceleration": 0.3}, "acceleration", "at most"),
        ("VWAP", {"timeperiod": 5}, "timeperiod", "leave it out"),
    ],
)
def test_a_wrong_parameter_is_named_with_a_way_to_mend_it(name, params, field, word):
    issues = registry.check_parameters(registry.find(name), params, "/indicators/3/params")
    assert len(issues) == 1
    given_name = field if field in params else next(iter(params))
    assert issues[0].field == f"/indicators/3/params/{given_name}"
    assert word in issues[0].suggestion + issues[0].message


def test_every_fault_is_reported_at_once():
    issues = registry.check_parameters(registry.find("BBANDS"), {"timeperiod": 1, "nbdev": 0, "matype": 0}, "/p")
    assert [issue.field for issue in issues] == ["/p/timeperiod", "/p/nbdev", "/p/matype"]


def test_whole_numbers_written_as_floats_are_taken():
    assert registry.check_parameters(registry.find("RSI"), {"timeperiod": 14.0}, "/p") == []
    assert repr(registry.fill_defaults(registry.find("RSI"), {"timeperiod": 14.0})) == "{'timeperiod': 14}"


@pytest.mark.parametrize(
    ("name", "params", "output", "bar"),
    [
        ("RSI", {"timeperiod": 14}, None, 14), ("SMA", {"timeperiod": 20}, None, 19), ("MACD", {}, None, 33),
        ("ADX", {}, None, 27), ("STOCH", {}, None, 17), ("TEMA", {"timeperiod": 20}, None, 57), ("VWAP", {}, None, 0),
        ("ICHIMOKU", {}, "conversion", 8), ("ICHIMOKU", {}, "span_b", 77), ("KELTNER", {"timeperiod": 5}, "middle", 4),
    ],
)  # fmt: skip
def test_known_warm_ups(name, params, output, bar):
    assert registry.warmup(registry.find(name), params, output) == bar


BARS = random_bars(400)


@st.composite
def indicators_with_parameters(draw):
    indicator = draw(st.sampled_from(registry.indicators()))
    params = {
        p.name: draw(st.integers(int(p.minimum), 40) if p.integer else st.floats(p.minimum, min(p.maximum, 20)))
        for p in indicator.parameters
    }
    if indicator.name == "MACD" and params["fastperiod"] >= params["slowperiod"]:
        params["slowperiod"] = params["fastperiod"] + 1
    if indicator.name == "PSAR":
        params["acceleration"] = min(params.values())
    return indicator, params


@settings(max_examples=300, deadline=None)
@given(indicators_with_parameters())
def test_the_warm_up_is_exactly_the_first_bar_with_a_value(case):
    indicator, params = case
    for output, values in zip(indicator.outputs, compute(indicator, params, BARS), strict=True):
        bar = registry.warmup(indicator, params, output.name)
        assert np.isnan(values[:bar]).all()
        assert np.isfinite(values[bar:]).all()


@every_indicator
def test_the_indicators_own_warm_up_is_that_of_its_last_output(indicator):
    params = usual(indicator)
    each = [registry.warmup(indicator, params, output.name) for output in indicator.outputs]
    assert registry.warmup(indicator, params) == max(each)


@every_indicator
def test_values_stay_within_the_stated_bounds(indicator):
    for output, values in zip(indicator.outputs, compute(indicator, usual(indicator), BARS), strict=True):
        if output.bounds is not None:
            low, high = output.bounds
            seen = values[np.isfinite(values)]
            assert low - 1e-9 <= seen.min() <= seen.max() <= high + 1e-9


@every_indicator
def test_what_lies_on_the_price_scale_stays_near_the_price(indicator):
    values = compute(indicator, usual(indicator), BARS)[0]
    distance = np.nanmedian(np.abs(values / BARS["Close"].to_numpy() - 1))
    assert (distance < 0.2) == indicator.price_like


def test_the_patterns_are_talibs_own():
    assert [pattern.name for pattern in registry.patterns()] == talib.get_function_groups()["Pattern Recognition"]


def test_the_patterns_with_a_penetration_are_talibs_own():
    with_one = [p.name for p in registry.patterns() if "penetration" in abstract.Function(p.name).parameters]
    assert [p.name for p in registry.patterns() if p.has_penetration] == with_one


def ragged_candles(bars: int, seed: int) -> tuple[np.ndarray, ...]:
    """Candles with bodies, shadows and gaps from few lengths, so that equal prices and gaps, and all patterns, occur."""
    rng = np.random.default_rng(seed)
    body = rng.choice([0, 0, 0.2, 0.5, 1, 1, 2, 6, 10], bars) * rng.choice([-1, 1], bars)
    gap = rng.choice([0, 0, 0, 0.3, -0.3, 1, -1, 2, -2, 5, -5, 8, -8], bars)
    above, below = rng.choice([0, 0, 0, 0.1, 0.5, 1, 3, 8], (2, bars))
    opened = 1000 + np.cumsum(gap) + np.concatenate([[0], np.cumsum(body)[:-1]])
    closed = opened + body
    return opened, np.maximum(opened, closed) + above, np.minimum(opened, closed) - below, closed


def test_the_patterns_give_the_signs_they_are_listed_with():
    seen: dict[str, set[int]] = {pattern.name: set() for pattern in registry.patterns()}
    for seed in range(4):
        candles = ragged_candles(250_000, seed)
        for name, signs in seen.items():
            signs.update(np.unique(np.sign(getattr(talib, name)(*candles))).tolist())
    assert {name: signs - {0} for name, signs in seen.items()} == {p.name: set(p.signs) for p in registry.patterns()}


@pytest.mark.parametrize("said", ["CDLENGULFING", "cdlengulfing", "engulfing", "Engulfing"])
def test_a_pattern_is_found_with_and_without_its_prefix(said):
    assert registry.find_pattern(said).name == "CDLENGULFING"


def test_a_misspelt_pattern_is_answered_with_the_nearest():
    with pytest.raises(IndicatorInvalid) as caught:
        registry.find_pattern("CDLENGULFNG")
    assert "CDLENGULFING" in caught.value.issues[0].suggestion
