"""The ways in which a text names its lines, and what only looks like one of them."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning, pairs

CROSS_50 = "Buy when close crosses above SMA(50). Sell when close crosses below SMA(50)."
BREAK_20 = "Buy when price breaks above the 20-day high. Sell when price breaks below the 10-day low."
OSCILLATION = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70."
CROSS_10 = "Buy when EMA(10) crosses above EMA(30). Sell when EMA(10) crosses below EMA(30)."
REACH = "(Close - SMA(20)) / STDDEV(20)"

FORMS = {
    "columns": [
        ("Column F of my sheet is RSI(14). Buy when F is below 30. Sell when F is above 70.", OSCILLATION),
        ("Column C is RSI(14). Buy when C is below 30, sell when column C is above 70.", OSCILLATION),
        (
            "In my spreadsheet column B is the 50-day SMA. I buy when close crosses above column B and sell when close crosses below column B.",
            CROSS_50,
        ),
        ("Col D holds the 50-day SMA. Buy when close crosses above D, sell when close crosses below D.", CROSS_50),
    ],
    "letters": [
        ("Let X be the 50-day SMA. Buy when close crosses above X, sell when close crosses below X.", CROSS_50),
        ("A = SMA(10)\nB = SMA(30)\nBuy: A > B\nSell: A < B", "Buy when SMA(10) > SMA(30). Sell when SMA(10) < SMA(30)."),
        (
            "Define z as (Close - SMA(20)) over the population standard deviation of the last 20 closes. Long when z < -1.5, flatten when z > 0.",
            f"Buy when {REACH} < -1.5. Sell when {REACH} > 0.",
        ),
        ("z = (Close - SMA(20)) / STDDEV(20). Buy when z < -2. Sell when z > 0.", f"Buy when {REACH} < -2. Sell when {REACH} > 0."),
    ],
    "a channel written out": [
        (
            "Channel: middle line = 20-day EMA of the close; upper line = middle + 2 x ATR(10).\n"
            "Buy: close crosses above the upper line.\nSell: close crosses below the middle line.",
            "Buy when close crosses above EMA(20) + 2 x ATR(10). Sell when close crosses below EMA(20).",
        ),
        (
            "Middle = SMA(20), lower = middle - 2.5 x ATR(14). Buy when close is below the lower. Sell when close is above the middle.",
            "Buy when close is below SMA(20) - 2.5 x ATR(14). Sell when close is above SMA(20).",
        ),
        (
            "Upper line = EMA(20) + 2 x ATR(10). Buy when close > the upper line. Sell when close is below the lower Bollinger band (20, 2).",
            "Buy when close > EMA(20) + 2 x ATR(10). Sell when close is below the lower Bollinger band (20, 2).",
        ),
    ],
    "what it is called": [
        ("Call the 20-day high the ceiling and the 10-day low the floor. Buy when price breaks above the ceiling, sell when price breaks below the floor.", BREAK_20),
        ("The 20-day high I call the ceiling. Buy when price breaks above the ceiling. Sell when price breaks below the 10-day low.", BREAK_20),
        ("Let the ceiling be the 20-day high. Buy when price breaks above the ceiling. Sell when price breaks below the 10-day low.", BREAK_20),
        ("The baseline is the 50-day SMA. Buy when close crosses above the baseline, sell when close crosses below the baseline.", CROSS_50),
        ("We'll use the 50-day SMA as our baseline. Buy when close crosses above the baseline, sell when close crosses below the baseline.", CROSS_50),
        ("My trend line is the 50-day SMA. Buy when close crosses above the trend line. Sell when close crosses below my trend line.", CROSS_50),
        ("The 50-day SMA is my trend line. Buy when close crosses above the trend line. Sell when close crosses below it.", CROSS_50),
        ("Support is the 10-day low and resistance is the 20-day high. Buy when price breaks above resistance. Sell when price breaks below support.", BREAK_20),
        ("Trigger line: SMA(50). Buy when close crosses above the trigger line. Sell when close crosses below the trigger line.", CROSS_50),
        (
            "Long average = SMA(200)\nShort average = SMA(20)\nBuy: short average crosses above long average\nSell: short average crosses below long average",
            "Buy when SMA(20) crosses above SMA(200). Sell when SMA(20) crosses below SMA(200).",
        ),
    ],
    "under a label": [
        ("Inputs:\n- fast: EMA(10)\n- slow: EMA(30)\nBuy: fast crosses above slow\nSell: fast crosses below slow", CROSS_10),
        ("Fast is EMA(10) and slow is EMA(30). Buy when fast crosses above slow. Sell when fast crosses below slow.", CROSS_10),
        ("The blue line is EMA(10) and the red line is EMA(30). Buy when the blue line crosses above the red line, sell when the blue line crosses below the red line.", CROSS_10),
        ("Definitions: T = SMA(50). Buy when close crosses above T. Sell when close crosses below T.", CROSS_50),
        ("Given that M is the 50-day SMA, buy when close crosses above M and sell when close crosses below M.", CROSS_50),
    ],
    "sums and differences": [
        (
            "Upper band: EMA(20) plus 2 ATR(10). Lower band: EMA(20) minus 2 ATR(10). Buy when close is above the upper band. Sell when close is below the lower band.",
            "Buy when close is above EMA(20) + 2 ATR(10). Sell when close is below EMA(20) - 2 ATR(10).",
        ),
        ("spread = EMA(10) - EMA(30). Buy when spread > 0. Sell when spread < 0.", "Buy when (EMA(10) - EMA(30)) > 0. Sell when (EMA(10) - EMA(30)) < 0."),
    ],
    "what the rules use": [
        ("Our only indicator is the 14-day RSI. Buy when it is below 30, sell when it is above 70.", OSCILLATION),
        ("Everything is based on the 50-day SMA. Buy when close crosses above it, sell when close crosses below it.", CROSS_50),
        ("Signal: RSI over 14 bars. Enter long if RSI < 30, exit if RSI > 70.", OSCILLATION),
        ("Signal: z-score of Close over 20 bars. Buy if z-score < -2, sell if z-score > 0.", "Buy if z-score(20) < -2. Sell if z-score(20) > 0."),
        (
            "This month's setup uses the money flow index with its usual settings. Enter on the long side when MFI leaves oversold territory and exit when MFI goes overbought.",
            "Buy when MFI(14) crosses above 20. Sell when MFI(14) crosses above 80.",
        ),
        ("On the day RSI(14) crosses above 30 I buy. Sell on the day RSI(14) crosses above 70.", "Buy when RSI(14) crosses above 30. Sell when RSI(14) crosses above 70."),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("said", "plain"), pairs(FORMS))
def test_a_line_may_be_named_in_many_ways(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("My trend line is sloping up. Buy when price crosses above the trend line. Sell when RSI(14) > 70.", "unsupported"),
        ("Buy when price crosses above the trend line. Sell when RSI(14) > 70.", "unsupported"),
        ("Call the 20-day high the ceiling. Buy when price breaks above the roof. Sell when RSI(14) > 70.", "needs_clarification"),
        ("A = SMA(10). A = SMA(20). Buy when close > A. Sell when close < A.", "needs_clarification"),
        ("The baseline is important. Buy when close is above the baseline. Sell when RSI(14) > 70.", "needs_clarification"),
        ("Buy when close is above the 50-day SMA, call it a trend. Sell when RSI(14) > 70.", "needs_clarification"),
    ],
)  # fmt: skip
def test_what_is_named_without_being_told_is_asked_about(said: str, status: str) -> None:
    assert read_turns((said,), context=GOOG).status == status
