"""Column names: what an indicator's column is called, and what a name means (rule 27 of the strategy language)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.errors import IndicatorInvalid
from Backtest.indicators.indicator_registry import (
    ColumnParts,
    column_name,
    fill_defaults,
    find,
    indicators,
    names,
    parse_column,
)


@pytest.mark.parametrize(
    ("column", "name", "params", "output", "source", "timeframe"),
    [
        ("RSI_14", "RSI", {"timeperiod": 14}, None, "Close", None),
        ("SMA_20", "SMA", {"timeperiod": 20}, None, "Close", None),
        ("EMA_50", "EMA", {"timeperiod": 50}, None, "Close", None),
        ("ATR_14", "ATR", {"timeperiod": 14}, None, None, None),
        ("ADX_14", "ADX", {"timeperiod": 14}, None, None, None),
        ("CCI_20", "CCI", {"timeperiod": 20}, None, None, None),
        ("BB_UPPER_20_2", "BBANDS", {"timeperiod": 20, "nbdev": 2.0}, "upper", "Close", None),
        ("BB_MIDDLE_20_2", "BBANDS", {"timeperiod": 20, "nbdev": 2.0}, "middle", "Close", None),
        ("BB_LOWER_20_2", "BBANDS", {"timeperiod": 20, "nbdev": 2.0}, "lower", "Close", None),
        ("BB_UPPER_20_2p5", "BBANDS", {"timeperiod": 20, "nbdev": 2.5}, "upper", "Close", None),
        ("MACD_12_26_9", "MACD", {"fastperiod": 12, "slowperiod": 26, "signalperiod": 9}, "macd", "Close", None),
        ("MACD_SIGNAL_12_26_9", "MACD", {"fastperiod": 12, "slowperiod": 26, "signalperiod": 9}, "signal", "Close", None),
        ("MACD_HIST_12_26_9", "MACD", {"fastperiod": 12, "slowperiod": 26, "signalperiod": 9}, "hist", "Close", None),
        ("STOCH_K_14_3_3", "STOCH", {"fastk_period": 14, "slowk_period": 3, "slowd_period": 3}, "k", None, None),
        ("STOCH_D_14_3_3", "STOCH", {"fastk_period": 14, "slowk_period": 3, "slowd_period": 3}, "d", None, None),
        ("PLUS_DI_14", "PLUS_DI", {"timeperiod": 14}, None, None, None),
        ("MINUS_DI_14", "MINUS_DI", {"timeperiod": 14}, None, None, None),
        ("AROON_UP_14", "AROON", {"timeperiod": 14}, "up", None, None),
        ("SUPERTREND_10_3", "SUPERTREND", {"timeperiod": 10, "multiple": 3.0}, "line", None, None),
        ("DONCHIAN_UPPER_20", "DONCHIAN", {"timeperiod": 20}, "upper", None, None),
        ("KELTNER_LOWER_20_2", "KELTNER", {"timeperiod": 20, "multiple": 2.0, "atr_period": 10}, "lower", None, None),
        ("KELTNER_LOWER_20_2_14", "KELTNER", {"timeperiod": 20, "multiple": 2.0, "atr_period": 14}, "lower", None, None),
        ("ICHIMOKU_CONVERSION_9_26_52", "ICHIMOKU", {"conversion_period": 9, "base_period": 26, "span_period": 52}, "conversion", None, None),
        ("PSAR_0p02_0p2", "PSAR", {"acceleration": 0.02, "maximum": 0.2}, None, None, None),
        ("SMA_20_VOLUME", "SMA", {"timeperiod": 20}, None, "Volume", None),
        ("EMA_50_1D", "EMA", {"timeperiod": 50}, None, "Close", "1d"),
        ("SMA_20_HIGH_4H", "SMA", {"timeperiod": 20}, None, "High", "4h"),
        ("SMA_20_1M", "SMA", {"timeperiod": 20}, None, "Close", "1m"),
        ("SMA_20_1MO", "SMA", {"timeperiod": 20}, None, "Close", "1mo"),
        ("HIGHEST_20", "HIGHEST", {"timeperiod": 20}, None, "High", None),
        ("HIGHEST_20_CLOSE", "HIGHEST", {"timeperiod": 20}, None, "Close", None),
        ("VWAP", "VWAP", {}, None, None, None),
        ("REALISED_VOLATILITY_20", "REALISED_VOLATILITY", {"timeperiod": 20, "bars_per_year": 252.0}, None, "Close", None),
        ("BB_20_2", "BBANDS", {"timeperiod": 20, "nbdev": 2.0}, None, "Close", None),
    ],
)  # fmt: skip
def test_a_column_name_and_its_meaning_are_each_others_inverse(column, name, params, output, source, timeframe):
    meaning = ColumnParts(find(name), params, output, source, timeframe)
    assert column_name(*meaning) == column
    assert parse_column(column) == meaning


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("MACD", "MACD_12_26_9"),
        ("MACD_SIGNAL", "MACD_SIGNAL_12_26_9"),
        ("MACD_HIST", "MACD_HIST_12_26_9"),
        ("RSI", "RSI_14"),
        ("rsi_14", "RSI_14"),
        ("BB_LOWER_20", "BB_LOWER_20_2"),
        ("BOLLINGER_UPPER_20_2", "BB_UPPER_20_2"),
        ("BBANDS_UPPER", "BB_UPPER_20_2"),
        ("STOCHASTIC_K", "STOCH_K_14_3_3"),
        ("WILLIAMS_R_14", "WILLR_14"),
        ("SAR", "PSAR_0p02_0p2"),
        ("MA_50", "SMA_50"),
        ("EMA_50_close_1d", "EMA_50_1D"),
    ],
)
def test_short_and_other_names_mean_the_full_one(short, full):
    parts = parse_column(short)
    assert parts is not None
    assert column_name(*parts) == full


@pytest.mark.parametrize(
    "text",
    ["CLOSE", "Close", "Volume", "", "_", "SMA", "EMA_VOLUME", "RSI_14_14", "RSI_-14", "RSI_X", "ATR_14_CLOSE",
     "ema_fast", "CDLDOJI", "RSI_14_1D_1D", "RSI_14_0D", "BB_UPPER_2.5", "14", "MACD_LINE"],
)  # fmt: skip
def test_what_is_not_a_column_name_is_none(text):
    assert parse_column(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text):
    parts = parse_column(text)
    assert parts is None or parts.indicator.name in names()


@st.composite
def columns(draw):
    indicator = draw(st.sampled_from(indicators()))
    params = {
        p.name: draw(st.integers(int(p.minimum), 10_000) if p.integer else st.floats(p.minimum, p.maximum))
        if p.in_column
        else p.default
        for p in indicator.parameters
    }
    main = [o.name for o in indicator.outputs if o.column_stem == indicator.column_stem]
    whole = [] if main else [None]
    output = draw(st.sampled_from([o.name for o in indicator.outputs] + whole))
    source = draw(st.sampled_from(["Open", "High", "Low", "Close", "Volume"])) if indicator.default_source else None
    timeframe = draw(st.sampled_from([None, "1m", "30m", "4h", "1d", "1w", "1mo", "1q"]))
    return ColumnParts(indicator, fill_defaults(indicator, params), output, source, timeframe)


@given(columns())
def test_parsing_the_name_of_any_column_gives_that_column(parts):
    assert parse_column(column_name(*parts)) == parts


@given(columns())
def test_a_column_name_is_an_identifier(parts):
    assert column_name(*parts).isidentifier()


def test_a_column_of_an_output_that_is_not_there_has_no_name():
    with pytest.raises(IndicatorInvalid, match="no output 'signal'"):
        column_name(find("RSI"), {}, output="signal")


def test_a_column_without_its_period_has_no_name():
    with pytest.raises(IndicatorInvalid, match="needs timeperiod"):
        column_name(find("SMA"), {})


def test_an_unknown_parameter_has_no_place_in_a_name():
    with pytest.raises(IndicatorInvalid, match="no parameter 'period'"):
        column_name(find("RSI"), {"period": 14})
