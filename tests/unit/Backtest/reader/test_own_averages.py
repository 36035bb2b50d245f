"""The average of an indicator: beside it "its 10-day average", elsewhere named by what it is of."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning
from tests.unit.Backtest.reader.spec_forms import both, down, is_, spec, times, up

OUT = "Sell when RSI(14) is above 70."


def average(of: object, bars: int, name: str = "SMA", **more: object) -> dict:
    return {"name": name, "timeperiod": bars, "source": of, **more}


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ("RSI(14) crosses above its 10-day SMA", up("RSI_14", average("RSI_14", 10))),
        ("RSI(14) is above its own 10-day average", is_("RSI_14", ">", average("RSI_14", 10))),
        ("ATR(14) is below its 50-day average", is_("ATR_14", "<", average("ATR_14", 50))),
        ("OBV is above its 20-day EMA", is_("OBV", ">", average("OBV", 20, "EMA"))),
        ("the MACD histogram is above its 5-day average", is_("MACD_HIST", ">", average("MACD_HIST", 5))),
        ("RSI(14) is below 1.1 times its 10-day average", is_("RSI_14", "<", times(average("RSI_14", 10), 1.1))),
        ("the 10-day average of RSI(14) is above 50", is_(average("RSI_14", 10), ">", 50)),
        ("SMA(RSI(14), 5) crosses above 50", up(average("RSI_14", 5), 50)),
        ("the 5-day EMA of the ADX rises above 25", up(average("ADX_14", 5, "EMA"), 25)),
        ("the 20-day EMA is above its 10-day SMA", is_("EMA_20", ">", average("EMA_20", 10))),
        (
            "RSI(14) crosses above its 9-day EMA and price is above the 9-day EMA",
            both(up("RSI_14", average("RSI_14", 9, "EMA")), is_("Close", ">", "EMA_9")),
        ),
    ],
)
def test_it_is_computed_of_the_indicator(when: str, wanted: dict) -> None:
    assert meaning(f"Buy when {when}. {OUT}") == identity(spec(wanted, is_("RSI_14", ">", 70)))


def test_it_stands_for_the_average_that_was_named() -> None:
    text = "Buy when the 10-day average of RSI(14) rises above 50. Sell when it falls below 40."
    line = average("RSI_14", 10)
    assert meaning(text) == identity(spec(up(line, 50), down(line, 40)))


def test_on_another_chart_both_are_of_it() -> None:
    text = "Buy when the daily RSI(14) is above its 5-day average. Sell when RSI(14) is above 70."
    daily = {"name": "RSI", "timeperiod": 14, "timeframe": "1d"}
    document = {
        "instruments": ["EURUSD"],
        "timeframe": "1h",
        "entry_rules": [
            {"side": "long", "when": is_(daily, ">", average(daily, 5, timeframe="1d"))},
        ],
        "exit_rules": [{"side": "long", "when": is_("RSI_14", ">", 70)}],
    }
    assert meaning(text, context=EURUSD) == identity(parse_spec(document))


def test_a_change_of_its_length_leaves_what_is_averaged() -> None:
    text = f"Buy when RSI(14) crosses above its 10-day SMA. {OUT}"
    assert meaning(text, "use 20 days instead of 10") == meaning(text.replace("10-day", "20-day"))


def test_the_mirror_image_turns_its_level_round_the_middle() -> None:
    text = "Buy when the 10-day average of RSI(14) crosses above 60. Sell when it crosses below 50."
    shorts = "Short when the 10-day average of RSI(14) crosses below 40. Cover when it crosses above 50."
    assert meaning(text, "add the mirror for shorts") == meaning(f"{text} {shorts}")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (f"Buy when RSI(14) crosses above the 10-day SMA. {OUT}", "average of an indicator"),
        (f"Buy when RSI(14) is above its average. {OUT}", "period"),
    ],
)
def test_what_is_not_said_is_asked(text: str, topic: str) -> None:
    reading = read_turns([text], context=GOOG)
    assert reading.status == "needs_clarification"
    assert topic in {question.topic for question in reading.questions}


def test_an_average_over_bars_of_another_chart_than_its_indicators_is_asked() -> None:
    text = "Buy when RSI(14) is above its 20-day average. Sell when RSI(14) is above 70."
    reading = read_turns([text], context=EURUSD)
    assert reading.status == "needs_clarification"
    assert "another chart" in reading.unresolved[0].reason
