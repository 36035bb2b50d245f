"""What opens and ends a message among traders weighs nothing; what bears on the trade in it is read or asked about."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RULES = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 55."


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (f"{RULES} been doing it since 09", RULES),
        (f"{RULES} we've been trading this for ages now", RULES),
        (f"question for the room. {RULES}", RULES),
        (f"quick question for you guys: {RULES}", RULES),
        (f"{RULES} End of memo.", RULES),
        (f"Thursday rant over, back to rules: {RULES}", RULES),
        (f"FWIW this is what works 4 me: {RULES}", RULES),
        (f"My english is not so good but I try. {RULES}", RULES),
        (f"RSI for dummies: {RULES}", RULES),
        (f"{RULES} stop 8%, b/e after 4%", f"{RULES} Stop loss 8%. Move the stop to break-even after 4%."),
        (f"{RULES} stop 8%. move to b/e after 4%", f"{RULES} Stop loss 8%. Move the stop to break-even after 4%."),
        (f"{RULES} size 33% of eq.", f"{RULES} Position size 33% of equity."),
    ],
)
def test_what_frames_a_message_changes_nothing(said: str, plain: str) -> None:
    read, wanted = read_text(said, context=GOOG), read_text(plain, context=GOOG)
    assert wanted.spec is not None
    assert read.spec is not None, [one.text for one in read.unresolved]
    assert identity(read.spec) == identity(wanted.spec)


@pytest.mark.parametrize(
    "said",
    [
        f"{RULES} Been doing it since 09:30.",
        f"Question for the room. {RULES} End of day exits.",
        f"{RULES} What works for me above the 200-day line.",
        f"{RULES} Stop 8% for dummies trailing.",
    ],
)
def test_what_may_bear_on_the_trade_is_never_dropped_with_the_frame(said: str) -> None:
    read, plain = read_text(said, context=GOOG), read_text(RULES, context=GOOG)
    assert plain.spec is not None
    assert read.spec is None or identity(read.spec) != identity(plain.spec)
