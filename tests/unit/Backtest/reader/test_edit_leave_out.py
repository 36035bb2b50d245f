"""Conditions, exits and stops that a later sentence leaves out, in other words than 'remove'."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

_CONTEXT = ReadingContext(symbol="GOOG", timeframe="1d")
_RSI = "Buy when close is above SMA(50) and RSI(14) is below 40. Sell when RSI(14) is above 60."
_VOLUME = "Buy when close is above the 20-day high and volume is above its 20-day average. Sell after 5 bars."
_PLAIN = "Buy when RSI(14) crosses below 30. Sell when RSI(14) crosses above 60."


@pytest.mark.parametrize(
    ("text", "edit", "plain"),
    [
        (_RSI, "leave out the RSI", "Buy when close is above SMA(50). Sell when RSI(14) is above 60."),
        (_RSI, "never mind the RSI", "Buy when close is above SMA(50). Sell when RSI(14) is above 60."),
        (_VOLUME, "never mind the volume", "Buy when close is above the 20-day high. Sell after 5 bars."),
        (_VOLUME, "forget the volume", "Buy when close is above the 20-day high. Sell after 5 bars."),
        (f"{_PLAIN} Stop loss 5%.", "omit the stop", _PLAIN),
        (f"{_PLAIN} Sell when close is below SMA(200).", "leave out that second exit", _PLAIN),
    ],
)
def test_what_is_left_out_is_gone_and_the_rest_stays(text: str, edit: str, plain: str) -> None:
    left, wanted = (read_turns(turns, context=_CONTEXT).spec for turns in ([text, edit], [plain]))
    assert left is not None
    assert wanted is not None
    assert identity(left) == identity(wanted)


@pytest.mark.parametrize("edit", ["never mind the volume", "leave out the RSI", "leave out the second exit"])
def test_leaving_out_what_is_not_there_is_asked_about(edit: str) -> None:
    assert read_turns([_PLAIN, edit], context=_CONTEXT).spec is None


@pytest.mark.parametrize("edit", ["never mind", "forget that", "scrap that"])
def test_a_change_that_is_taken_back_is_still_undone(edit: str) -> None:
    undone, wanted = (read_turns(turns, context=_CONTEXT).spec for turns in ([_PLAIN, "5% stop", edit], [_PLAIN]))
    assert undone is not None
    assert wanted is not None
    assert identity(undone) == identity(wanted)
