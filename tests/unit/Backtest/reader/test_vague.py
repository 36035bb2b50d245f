"""What is said without the number that it needs is asked about: on the right topic, with what is missing."""

import pytest

from Backtest.reader.reader import read_text
from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import GOOG

AROUND = "Buy when RSI(14) is below 30. {} Sell when RSI(14) is above 70."

LEFT_OPEN = [
    ("Buy when price is up a lot. Sell when RSI(14) is over 70.", "entry", "how much, over how many bars"),
    ("Buy when price drops sharply. Sell when RSI(14) is over 70.", "entry", "how much, over how many bars"),
    ("Buy near support when RSI(14) is under 30. Sell when RSI(14) is over 70.", "entry", "which level"),
    ("Buy when RSI(14) is under 30. Sell near resistance.", "exit", "which level"),
    ("Buy on big volume when price is above the 50-day SMA. Sell after 5 days.", "entry", "against what"),
    ("Buy when volume is high and RSI(14) < 30. Sell after 5 days.", "entry", "against what"),
    ("Buy when price is near the 50-day SMA. Sell after 5 days.", "entry", "how near"),
    ("Buy when price is far below the 50-day SMA. Sell after 5 days.", "entry", "how far"),
    ("Buy when momentum is strong. Sell after 5 days.", "entry", "by which indicator"),
    ("Buy when the trend is up and RSI(14) is below 30. Sell after 5 days.", "entry", "how the trend is told"),
    ("Buy when price breaks out. Sell after 5 days.", "entry", "of which level"),
    ("Buy when RSI(14) is below 30. Sell after a while.", "exit", "how many bars"),
    ("Buy when RSI(14) is below 30. Sell after a few days.", "exit", "how many bars"),
    ("Buy when RSI(14) is below 30. Sell when I have a decent profit.", "exit", "how much"),
    (AROUND.format("Tight stop."), "stop", "how far from the entry"),
    (AROUND.format("With a wide stop."), "stop", "how far from the entry"),
    (AROUND.format("Use a trailing stop."), "stop", "how far the trailing stop is"),
    (AROUND.format("Use a stop loss."), "stop", "how far the stop is"),
    (AROUND.format("SL 30."), "stop", "in what this is measured"),
    (AROUND.format("I want to lose at most $400 a trade."), "stop", "a loss in money is no distance"),
    (AROUND.format("Under no circumstances may I lose more than $400 a trade."), "stop", "a loss in money"),
    (AROUND.format("Small positions."), "size", "how much in a trade"),
    (AROUND.format("A small position."), "size", "how much in a trade"),
    (
        "Buy when RSI(14) drops below 30 or 25. Sell when RSI(14) is over 70.",
        "entry",
        "which of the two is meant, 30 or 25",
    ),
    (AROUND.format("Use a 2% or 3% stop."), "stop", "which of the two is meant, 2% or 3%"),
    (AROUND.format("Stop 2-3%."), "stop", "from 2 to 3%"),
    ("Buy when price crosses above the 20 or 50 day SMA. Sell after 5 days.", "entry", "20 or 50 day"),
]


@pytest.mark.parametrize(("text", "topic", "missing"), LEFT_OPEN)
def test_what_is_left_open_is_asked_on_its_topic(text, topic, missing):
    reading = read_text(text, context=GOOG)
    assert reading.status == "needs_clarification", reading
    assert [one.topic for one in reading.questions] == [topic]
    assert missing in reading.questions[0].question


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Buy when the moving average turns up. Sell after 5 days.", "period"),
        ("Buy when price crosses above the EMA. Sell after 5 days.", "period"),
        ("Buy when RSI(14) is below 30.", "exit"),
        ("5% stop. Exit when RSI(14) is above 70.", "entry"),
        ("Buy when RSI(14) is below 30 and sell when it is above 70. Risk 1% per trade.", "stop"),
    ],
)
def test_what_is_missing_is_asked_for(text, topic):
    reading = read_text(text, context=GOOG)
    assert reading.status == "needs_clarification"
    assert [one.topic for one in reading.questions] == [topic]


@pytest.mark.parametrize(
    "text",
    [
        "Buy when RSI(14) is below 30 or CCI is below -100. Sell when RSI(14) is above 70 or after 10 days.",
        "Buy when RSI(14) is below 30. Exit at +5% or -3%.",
        "Buy when RSI(14) is below 30. Sell after 5 days. Test from 2020 to 2010.",
        "Buy when RSI(14) is below 30. Sell after 5 days. I like tight stops, but not here.",
        "Buy when price breaks out above the 20-day high. Sell after 5 days.",
        "Buy when RSI(14) is below 30. 4% stop. 8% target or 12 bars.",
    ],
)
def test_two_numbers_for_two_places_are_read(text):
    reading = read_turns([text], context=GOOG)
    assert not any("left open which" in one.question for one in reading.questions)
