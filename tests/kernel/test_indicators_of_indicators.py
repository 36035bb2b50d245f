"""An indicator of an indicator: its values by hand, and the same trades by the kernel, the code and the interpreter."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import talib

from Backtest.canonical.parse import parse_spec
from Backtest.data.bars import Window
from Backtest.indicators.timeframes import resample_bars
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from tests.kernel.differential import Case, bars_named, difference, run_generated
from tests.semantics.documents import compare, document, enter, indicator, leave, number

RSI = {"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}, "source": "Close", "timeframe": None}


def average(of: str, output: str | None = None, name: str = "SMA", bars: int = 10, **more: Any) -> dict[str, Any]:
    source = {"type": "indicator", "id": of, "output": output, "shift": 0}
    return {"id": "line", "name": name, "params": {"timeperiod": bars}, "source": source, "timeframe": None, **more}


def around(left: str, indicators: list[dict[str, Any]], output: str | None = None, timeframe: str = "1d") -> dict:
    value, line = indicator(left, output), indicator("line")
    return document(
        [enter(compare(value, ">", line))],
        [leave(compare(value, "<", line))],
        indicators=indicators,
        timeframe=timeframe,
    )


def test_the_average_of_an_rsi_is_the_mean_of_its_last_values() -> None:
    frame = bars_named("GOOG", 300).frame
    chart = Chart(parse_spec(around("RSI_14", [RSI, average("RSI_14")])), frame)
    rsi = talib.RSI(frame["Close"].to_numpy(float), 14)
    wanted = [np.nan] * 23 + [float(np.mean(rsi[bar - 9 : bar + 1])) for bar in range(23, 300)]
    assert chart.indicator("line") == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_on_a_longer_timeframe_both_are_of_its_bars() -> None:
    """The mean of the last four weekly ATRs, seen once the week is over."""
    bars = bars_named("GOOG", 300)
    atr = {"id": "ATR_1W", "name": "ATR", "params": {"timeperiod": 3}, "source": None, "timeframe": "1w"}
    chart = Chart(parse_spec(around("ATR_1W", [atr, average("ATR_1W", bars=4, timeframe="1w")])), bars.frame)
    weeks = resample_bars(bars.frame, "1w")
    values = talib.ATR(*(weeks[name].to_numpy(float) for name in ("High", "Low", "Close")), 3)
    means = pd.Series(values).rolling(4).mean().dropna()
    seen = list(dict.fromkeys(round(value, 9) for value in chart.indicator("line") if not np.isnan(value)))
    assert seen == [round(value, 9) for value in means][: len(seen)]
    assert len(seen) >= len(means) - 1


OF = {
    "an average of an RSI": (around("RSI_14", [RSI, average("RSI_14")]), "GOOG"),
    "declared before what it is of": (around("RSI_14", [average("RSI_14"), RSI]), "GOOG"),
    "an average of a line of several": (
        around(
            "MACD",
            [
                {"id": "MACD", "name": "MACD", "params": {}, "source": "Close", "timeframe": None},
                average("MACD", "hist", "EMA", 5),
            ],
            "hist",
        ),
        "GOOG",
    ),
    "an RSI of a volume line": (
        document(
            [enter(compare(indicator("line"), ">", number(60)))],
            [leave(compare(indicator("line"), "<", number(40)))],
            indicators=[
                {"id": "OBV", "name": "OBV", "params": {}, "source": None, "timeframe": None},
                average("OBV", None, "RSI", 14),
            ],
        ),
        "GOOG",
    ),
    "of a longer timeframe": (
        around(
            "RSI_4H",
            [
                {**RSI, "id": "RSI_4H", "timeframe": "4h"},
                average("RSI_4H", None, "WMA", 5, timeframe="4h"),
            ],
            timeframe="1h",
        ),
        "EURUSD",
    ),
    "an average of an average of an average": (
        around(
            "RSI_14",
            [
                RSI,
                {**average("RSI_14", bars=3), "id": "first"},
                {**average("first", bars=3), "id": "second"},
                average("second", bars=3),
            ],
        ),
        "GOOG",
    ),
}


@pytest.mark.parametrize("name", OF)
def test_the_executions_agree(name: str) -> None:
    document_, symbol = OF[name]
    spec, window = parse_spec(document_), Window(bars_named(symbol, 1000), 0)
    by_kernel = run_spec(spec, window, account_of(spec.execution))
    assert difference(by_kernel, run_generated(Case(spec, window))) == ""
    assert difference(by_kernel, interpret(spec, window, account_of(spec.execution))) == ""
    assert len(by_kernel.trades) >= 10
