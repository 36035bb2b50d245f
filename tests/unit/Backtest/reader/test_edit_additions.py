"""What later turns add or change in part: another side, a line of one rule, a number that stands twice, what was before."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

LONG = "Buy when RSI(14) crosses above 30, sell when RSI(14) crosses above 65. Stop loss 5%."
SHORT = "Short when RSI(14) is above 75, cover when RSI(14) is below 45. Stop loss 5%."
SHORTS = "short when RSI(14) crosses below 70, cover when RSI(14) crosses below 35"
LONGS = "buy when RSI(14) is below 25, sell when RSI(14) is above 55"
SMA = "Buy when price crosses above the {0}, sell when price crosses below the {1}."
ONE = SMA.format("20-day SMA", "20-day SMA")
EMA = SMA.format("20-day EMA", "20-day EMA")
SPLIT = SMA.format("20-day EMA", "30-day EMA")
POINTED = "Buy when price crosses above the 20-day EMA, sell when price crosses below it."
AROON = (
    "Long when Aroon Up ({0}) crosses above Aroon Down ({0}); exit when Aroon Up ({0}) crosses below Aroon Down ({0})."
)
DI = "Long when +DI({0}) crosses above -DI({0}); exit when +DI({0}) crosses below -DI({0})."
STOCHASTIC = "Buy when stochastic %K ({0},3,3) crosses above %D({0},3,3). Sell when %K({0},3,3) is above 80."
FORTY = SMA.format("40-day EMA", "40-day EMA")
BANDED = "sell when price is above the upper Bollinger band (20, 2)"


@pytest.mark.parametrize(
    ("turns", "plain"),
    [
        ((LONG, f"now the short side too: {SHORTS}"), f"{LONG} {SHORTS}."),
        ((LONG, f"add shorts: {SHORTS}"), f"{LONG} {SHORTS}."),
        ((LONG, f"let's add the short side as well: {SHORTS}, same stop"), f"{LONG} {SHORTS}."),
        ((LONG, f"now the short side: {SHORTS}"), f"{LONG} {SHORTS}."),
        ((SHORT, f"now do the long side as well: {LONGS}, same stop"), f"{SHORT} {LONGS}."),
        ((SHORT, f"add longs, {LONGS}"), f"{SHORT} {LONGS}."),
        ((ONE, "make it a 40-day EMA"), FORTY),
        ((ONE, "use a 40-day EMA"), FORTY),
        ((ONE, "try an EMA(40) instead"), FORTY),
        ((EMA, "use the 30-day EMA for the exit, keep the 20 for the entry"), SPLIT),
        ((EMA, "keep the 20 for the entry but use the 30-day EMA for the exit"), SPLIT),
        ((EMA, "for the exit use the 30-day EMA"), SPLIT),
        ((EMA, "30-day EMA for the exit please"), SPLIT),
        ((LONG, f"include the short side: {SHORTS}"), f"{LONG} {SHORTS}."),
        ((STOCHASTIC.format(14), "10 instead of 14"), STOCHASTIC.format(10)),
        ((POINTED, "use the 30-day EMA for the exit"), SPLIT),
        ((SPLIT, "use a 30-day EMA for the entry"), SMA.format("30-day EMA", "30-day EMA")),
        ((AROON.format(25), "try 14 instead of 25"), AROON.format(14)),
        ((DI.format(14), "20 instead of 14"), DI.format(20)),
        ((SMA.format("20-day SMA", "20-day EMA"), "30 instead of 20"), SMA.format("30-day SMA", "30-day EMA")),
        ((ONE, "25% trailing stop on top"), f"{ONE} 25% trailing stop."),
        ((ONE, "a 10% stop loss on top"), f"{ONE} Stop loss 10%."),
        ((f"{LONG} Only buy when price is above the 200-day SMA.", "sorry i ment the 100 day sma"), f"{LONG} Only buy when price is above the 100-day SMA."),
        ((ONE, f"change the exit: {BANDED}"), f"Buy when price crosses above the 20-day SMA, {BANDED}."),
        ((LONG, "change the entry: buy when RSI(14) is below 20"), LONG.replace("crosses above 30", "is below 20")),
        ((LONG, "tighten the stop to 2%", "that was a bad idea, put the stop back to 5%"), LONG),
        ((LONG, "tighten the stop to 2%", "stop back to 5%"), LONG),
    ],
)  # fmt: skip
def test_a_later_turn_adds_or_changes_a_part(turns: tuple[str, ...], plain: str) -> None:
    assert meaning(*turns) == meaning(plain)


@pytest.mark.parametrize(
    "turns",
    [
        (SMA.format("10-day SMA", "40-day SMA"), "make it a 40-day EMA"),
        (LONG.replace(" Stop loss 5%.", ""), f"add shorts: {SHORTS}, same stop"),
        (LONG, "add shorts"),
        (LONG, "short side: 3% target when RSI(14) crosses above 65"),
        (EMA, "keep the 50 for the entry, use the 30-day EMA for the exit"),
        (LONG, "use the 30-day EMA for the exit"),
        ("Buy when RSI(14) < 30 and MFI(14) < 30. Sell when RSI(14) > 70.", "25 instead of 30"),
        ("Buy when close is above SMA(20) and ROC(20) > 0. Sell when RSI(14) > 70.", "30 instead of 20"),
    ],
)
def test_what_may_be_meant_otherwise_is_asked_about(turns: tuple[str, ...]) -> None:
    assert read_turns(turns, context=GOOG).status == "needs_clarification"


@pytest.mark.parametrize("said", ["add a 5 percent stop", "add 5 percent stop please"])
def test_a_stop_in_words_is_added_and_no_position(said: str) -> None:
    assert meaning("Buy when RSI is below 30. Sell when RSI is above 70.", said) == meaning(
        "Buy when RSI is below 30. Sell when RSI is above 70. 5% stop."
    )
