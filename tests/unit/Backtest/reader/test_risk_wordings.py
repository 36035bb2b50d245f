"""Risk, size, filters, orders and pauses as traders word them, each beside the plain words that it means."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

ENTRY = "Buy when the 10-day SMA crosses above the 30-day SMA."
EXIT = "Sell when RSI(14) crosses above 71."

FORMS = {
    "stop": [
        ("Max loss per trade is 6% from entry.", "6% stop loss."),
        ("Get stopped out if the trade goes 8% against me.", "8% stop loss."),
        ("SL/TP: 2% / 4%.", "2% stop, 4% target."),
        ("Bracket: stop 5% below, target 10% above.", "5% stop, 10% target."),
        ("Either the 4% stop or the 8% target takes me out.", "4% stop, 8% target."),
        ("There is no take profit, only a 5% stop.", "5% stop. No target."),
        ("ATR stop, 3 x ATR(20).", "Stop 3 ATR(20)."),
        ("Stop and target are both 4%.", "4% stop, 4% target."),
    ],
    "target": [
        ("4% stop. Aim for a 3:1 reward to risk.", "4% stop. Target 3R."),
        ("Book the win at +5%.", "5% target."),
        ("Profit target of $10 a share above entry.", "Target $10 above entry."),
    ],
    "trail": [
        ("The stop trails 4% behind the highest close since entry.", "4% trailing stop."),
        ("I protect the trade with an ATR trailing stop, 3 times ATR(22).", "Trailing stop of 3 ATR(22)."),
        ("Trail every position by 3 ATR(14).", "Trailing stop of 3 ATR(14)."),
        ("Trailing stop of 3%, activated at +6%.", "After a 6% gain trail by 3%."),
        ("Once price is 4% in my favor, bring the stop up to entry.", "Break-even after 4%."),
        ("As soon as we are 5% ahead the stop moves to entry.", "Break-even after 5%."),
    ],
    "time": [
        ("Close the trade after 20 bars if nothing else has closed it.", "Hold at most 20 bars."),
        ("24 bar time limit on every trade.", "Hold at most 24 bars."),
        ("I give it 15 bars at most.", "Hold at most 15 bars."),
        ("The longest I'll hold is 25 bars.", "Hold at most 25 bars."),
        ("Not longer than 48 bars.", "Hold at most 48 bars."),
    ],
    "size": [
        ("Position size: risk 1.5% of equity to a stop 3 ATR away.", "Risk 1.5% per trade. Stop 3 ATR."),
        ("Each trade risks one percent of equity with the stop at 50 pips.", "Risk 1% per trade. Stop 50 pips."),
        ("Qty = 25 shares.", "25 shares per trade."),
        ("Default quantity: 15% of equity.", "15% of equity per trade."),
        ("Each buy is for $1,500.", "$1,500 per trade."),
        ("Size positions to a 10 percent annual volatility target.", "Volatility target 10%."),
        ("Go all in on each trade.", "Use the whole account for every position."),
    ],
    "days": [
        ("Take entries Tuesday through Thursday only.", "Only trade on Tuesday, Wednesday and Thursday."),
        ("Trade only Tuesday through Thursday.", "Only trade on Tuesday, Wednesday and Thursday."),
        ("Trading days: Mon, Wed, Fri.", "Only trade on Mondays, Wednesdays and Fridays."),
        ("I avoid opening positions on Mondays.", "No trades on Mondays."),
    ],
    "account": [
        ("Commission is 0.05 percent of each order.", "Commission 0.05%."),
    ],
    "realised volatility": [
        (
            "Avoid entries if realised volatility (20) is over 35%.",
            "No trades when realised volatility (20) is above 0.35.",
        ),
    ],
}


def reading_of(text, timeframe="1d"):
    return read_turns([text], context=ReadingContext(symbol="GOOG", timeframe=timeframe))


def meaning(text, timeframe="1d"):
    reading = reading_of(text, timeframe)
    assert reading.spec is not None, (text, reading.questions, reading.errors)
    return identity(reading.spec)


@pytest.mark.parametrize(
    ("said", "plain"),
    [pytest.param(*pair, id=f"{name}: {pair[0]}") for name, listed in FORMS.items() for pair in listed],
)
def test_a_sentence_means_the_plain_one(said, plain):
    assert meaning(f"{ENTRY} {said} {EXIT}") == meaning(f"{ENTRY} {plain} {EXIT}")


@pytest.mark.parametrize(
    "said",
    ["Session: 13:00-17:00.", "Trading hours 13:00 to 17:00.", "Entries are allowed from 13:00 until 17:00 only."],
)
def test_hours_are_said_in_many_ways(said):
    plain = "Only trade between 13:00 and 17:00."
    assert meaning(f"{ENTRY} {said} {EXIT}", "1h") == meaning(f"{ENTRY} {plain} {EXIT}", "1h")


@pytest.mark.parametrize(
    "said", ["Enter with a buy limit 1% below the close.", "The entry is a buy limit 1% below the close."]
)
def test_an_order_in_its_own_sentence_is_that_of_the_entry_before(said):
    plain = "When the 10-day SMA crosses above the 30-day SMA, place a buy limit 1% below the close."
    assert meaning(f"{ENTRY} {said} {EXIT}") == meaning(f"{plain} {EXIT}")


@pytest.mark.parametrize(
    "text",
    [
        f"{ENTRY} Place a buy stop at the 20-day high. {EXIT}",
        f"Place a buy limit at the 20-day SMA. {ENTRY} {EXIT}",
        f"{ENTRY} Buy when RSI(2) < 5. Use a limit order 1% below the close. {EXIT}",
    ],
)
def test_an_order_that_may_be_an_entry_of_its_own_is_asked_about(text):
    assert reading_of(text).status == "needs_clarification"


@pytest.mark.parametrize("said", ["Max loss per trade is $500.", "Get me out if it goes $300 against me."])
def test_a_loss_in_money_is_no_distance_in_price(said):
    assert reading_of(f"{ENTRY} {said} {EXIT}").status == "needs_clarification"
