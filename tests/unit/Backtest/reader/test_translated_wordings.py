"""Rules in the passive and as they are translated, each beside the plain words that it means."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning, pairs

RULES = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70."
WHOLE = [
    "One buys when RSI(14) is below 30. The position is liquidated when RSI(14) is above 70.",
    "Shares are bought when RSI(14) is below 30. They are sold when RSI(14) is above 70.",
    "The stock is bought when RSI(14) is below 30. The stock is sold when RSI(14) is above 70.",
    "A purchase is made when RSI(14) is below 30. The position is sold off when RSI(14) is above 70.",
    "Entry takes place when RSI(14) is below 30. The exit takes place when RSI(14) is above 70.",
    "The operation is opened when RSI(14) is below 30. The operation is closed when RSI(14) exceeds 70.",
    "When the RSI of 14 periods is below 30, one buys at the opening of the next day. When it is above 70, one sells.",
    f"{RULES} Sales in short are not made.",
    f"{RULES} Short sales are not made.",
    f"{RULES} Short positions are not taken.",
]
WHOLE += [
    "It is bought when RSI(14) is below 30. It is sold when RSI(14) is above 70.",
    "We proceed to buy when RSI(14) is below 30. We proceed to sell when RSI(14) is above 70.",
    "A buy order is launched when RSI(14) is below 30. The position is closed out when RSI(14) is above 70.",
    "RSI(14) below 30 gives the buy signal. One leaves when RSI(14) is above 70.",
    "Buying is done when RSI(14) is below 30. Selling is done when RSI(14) is above 70.",
    f"{RULES} No short positions are ever opened.",
    f"{RULES} Shorting is not part of this.",
    "At the moment where RSI(14) is below 30, one buys. One sells at the moment when RSI(14) is above 70.",
    f"yo. {RULES} dont short it",
    f"Been running this one on Google for a few months now. {RULES}",
]
BESIDE = {
    "what is set": [
        (f"{RULES} The loss is limited by a stop of 5%.", f"{RULES} 5% stop loss."),
        (f"{RULES} The gain is taken at 10%.", f"{RULES} 10% target."),
        (f"{RULES} The stop is of 5%, calculated from the entry.", f"{RULES} 5% stop loss."),
        (f"{RULES} Notional: 50% of equity.", f"{RULES} Half of equity per trade."),
        (f"{RULES} The position is maintained for 5 days.", f"{RULES} Hold at most 5 days."),
        (f"{RULES} The capital invested in each operation is 10% of the equity.", f"{RULES} 10% of equity per trade."),
        (f"{RULES} The initial capital amounts to 50,000 dollars.", f"{RULES} $50,000 cash."),
    ],
    "a crossing from one side to the other": [
        ("Buy when RSI(14) crosses from below to above 30.", "Buy when RSI(14) crosses above 30."),
        (
            "Buy when the closing price crosses from under to over the 50-day SMA.",
            "Buy when price crosses above the 50-day SMA.",
        ),
        (
            "Go short when price crosses from above to below the lower band of Bollinger with 20 periods and 2.5 deviations.",
            "Go short when price crosses below the lower Bollinger band (20, 2.5).",
        ),
        (
            "Buy when price crosses above the upper Bollinger band with period 20 and deviation 2.5.",
            "Buy when price crosses above the upper Bollinger band (20, 2.5).",
        ),
    ],
    "where the stop is": [
        (
            f"{RULES} A loss stop is to be placed five per cent below the entry price.",
            f"{RULES} 5% stop loss.",
        ),
        (f"{RULES} The stop loss is situated at 2 times the ATR of 14 periods.", f"{RULES} 2 ATR(14) stop."),
        (f"{RULES} The position carries a stop loss 5% below the entry.", f"{RULES} 5% stop loss."),
    ],
    "an order, and what happens once it is filled": [
        (
            "Whenever RSI(14) is below 40, the system places a buy limit order 2% below the closing price. The order "
            "remains good for 5 bars. Once the order has been filled, a stop loss applies 6% below the fill price.",
            "Place a buy limit order 2% below the close when RSI(14) is below 40, good for 5 bars. 6% stop loss.",
        ),
        (
            "Place a buy stop at the 10-day high whenever RSI(14) is above 50. The order is good for the next bar only. "
            "Once filled, the position carries a stop loss 5% below the entry.",
            "Place a buy stop at the 10-day high when RSI(14) is above 50. 5% stop loss.",
        ),
        (
            "Every evening, if I hold nothing and the close is above the 100-day SMA, I leave a buy stop at the 10-day "
            "high for the next day.",
            "Place a buy stop at the 10-day high when the close is above the 100-day SMA.",
        ),
        (
            "Each evening when I am flat and RSI(14) is above 50, I leave a buy stop at the 10-day high for the next day.",
            "Place a buy stop at the 10-day high when RSI(14) is above 50.",
        ),
    ],
}
SHORTS = [
    (
        "One sells short when RSI(14) is above 70. The position is to be closed when RSI(14) is below 30.",
        "Short when RSI(14) is above 70. Cover when RSI(14) is below 30.",
    ),
    (
        "A short position is opened when RSI(14) is above 70 and closed when RSI(14) is below 30. Purchases are not made.",
        "Short when RSI(14) is above 70. Cover when RSI(14) is below 30.",
    ),
]
STAYS_ASKED = [
    f"{RULES} The stop is placed at 5 per cent of the entry price.",
    f"{RULES} The loss is limited by a stop.",
    "I buy every evening. 5% stop loss. Exit after 5 bars.",
    f"{RULES} Sales in short are sometimes made.",
    f"{RULES} When the order has been filled twice, stop.",
    "One buys. The position is to be closed when RSI(14) is above 70.",
]


@pytest.mark.parametrize("said", WHOLE)
def test_the_passive_says_what_the_active_says(said):
    assert meaning(said) == meaning(RULES)


@pytest.mark.parametrize(("said", "plain"), [*pairs(BESIDE), *SHORTS])
def test_a_translated_wording_means_what_the_plain_words_say(said, plain):
    assert meaning(f"{said} Exit after 5 bars.") == meaning(f"{plain} Exit after 5 bars.")


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_what_says_only_half_stays_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"


@pytest.mark.parametrize("aside", ["so the daily one, not 10 hours!", "the daily one, not the hourly one"])
def test_the_chart_of_an_average_may_be_told_against_another(aside):
    said = f"Buy when RSI(14) is below 30 and price is above the 10-day EMA ({aside}). Sell when RSI(14) is above 70."
    plain = "Buy when RSI(14) is below 30 and price is above the daily EMA(10). Sell when RSI(14) is above 70."
    assert meaning(said, context=EURUSD) == meaning(plain, context=EURUSD)


def test_a_chart_that_is_told_against_itself_stays_asked():
    said = "Buy when price is above the 10-day EMA (the daily one, not the daily one). Sell when RSI(14) is above 70."
    assert read_turns([said], context=EURUSD).status != "complete"


def test_the_bear_side_is_the_short_one():
    shorts = "Short when RSI(14) is above 70. Cover when RSI(14) is below 50."
    assert meaning(f"Bear side only please. {shorts}") == meaning(shorts)


@pytest.mark.parametrize("chart", ["BTCUSD, 1mo chart.", "BTCUSD 1mo.", "BTCUSD, monthly."])
def test_a_month_may_be_written_as_charts_write_it(chart):
    reading = read_turns([f"{chart} {RULES}"])
    assert reading.status == "complete", reading.questions
    assert reading.spec.timeframe == "1mo"
