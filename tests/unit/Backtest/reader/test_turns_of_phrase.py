"""Turns of phrase mean what the plainer words mean that stand for them (phrases/turns.txt)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.rewordings import reworded
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning, pairs

IN = "Buy when RSI(14) crosses below 30."
OUT = "Sell when RSI(14) crosses above 60."
RULES = f"{IN} {OUT}"
ENTRIES = {
    "the bar at hand": [
        ("Buy when RSI(3) is below 40 that day.", "Buy when RSI(3) is below 40."),
        (
            "Go long when RSI(14) is below 40 and, on the same bar, the close is above the open.",
            "Go long when RSI(14) is below 40 and the close is above the open.",
        ),
    ],
    "the day's own prices": [
        (
            "If the stock opens 3% or more above yesterday's close and ends the day lower than it opened, buy.",
            "If the stock opens 3% or more above yesterday's close and closes below its open, buy.",
        ),
        ("Buy when the candle closes below its own open.", "Buy when the candle closes below its open."),
    ],
    "joints": [
        (
            "Buy when the close has been lower four days in a row yet still trades above its 200-day SMA.",
            "Buy when the close has been lower four days in a row and is above its 200-day SMA.",
        ),
        (
            "Buy when RSI(14) drops below 30 with the close above the 200-day SMA.",
            "Buy when RSI(14) drops below 30 and the close is above the 200-day SMA.",
        ),
    ],
    "conditions before what is done": [
        (
            "Big picture: price above the 100-day SMA. Dip: RSI(5) crosses above 30. Both needed to buy.",
            "Buy when price is above the 100-day SMA and RSI(5) crosses above 30.",
        ),
        (
            "Volume is over three times its 50-day average and the close is below the open. On such a day we buy.",
            "Buy when volume is over three times its 50-day average and the close is below the open.",
        ),
        (
            "The close is above the 50-day SMA and RSI(3) is below 20. If so, enter long.",
            "Enter long when the close is above the 50-day SMA and RSI(3) is below 20.",
        ),
        ("Look for a hammer. Buy it.", "Buy on a hammer."),
        (
            "Look for a hammer whose low touches the 20-day EMA. Buy it.",
            "Buy on a hammer whose low touches the 20-day EMA.",
        ),
    ],
    "verbs as nouns": [
        ("Buying is done if RSI(14) crosses below 30.", IN),
        ("A purchase is made when RSI(14) crosses below 30.", IN),
        ("Longs are opened when RSI(14) crosses below 30.", IN),
        ("Our model is fully invested whenever RSI(14) is below 30.", "Buy when RSI(14) is below 30."),
    ],
    "sequences": [
        (
            "First RSI(14) drops below 40, then the MACD histogram turns positive within 10 bars of it: buy.",
            "RSI(14) drops below 40, then within 10 bars the MACD histogram turns positive: buy.",
        ),
    ],
    "orders": [
        (
            "If RSI(2) is below 10, bid 1.5% under that close for the next 5 sessions.",
            "If RSI(2) is below 10, buy limit 1.5% below the close, good for 5 sessions.",
        ),
        (
            "Each day I'm flat and the 20 EMA is above the 100 EMA, place a buy stop at the 10-day high.",
            "When the 20 EMA is above the 100 EMA, place a buy stop at the 10-day high.",
        ),
    ],
}
REST = {
    "what comes first": [
        (
            "Exit after 4 bars, or earlier if price is below the 10-day SMA.",
            "Exit after 4 bars or if price is below the 10-day SMA.",
        ),
        (
            "Leave when RSI(14) is above 70, after 20 days at the latest.",
            "Leave when RSI(14) is above 70 or after 20 days.",
        ),
        ("Target 5%, stop 3%. If neither is touched, leave after 10 bars.", "Target 5%, stop 3%. Leave after 10 bars."),
        ("8% target, out after 20 bars if neither has been hit.", "8% target, out after 20 bars."),
    ],
    "stops": [
        ("From there a 3 ATR trailing stop does all the work.", "3 ATR trailing stop."),
        ("From then on the only thing that can end the trade is a trailing stop of 3 ATR.", "Trailing stop of 3 ATR."),
        ("We keep a stop which trails the highest close by 12%.", "Trailing stop 12%."),
        ("Instead it applies a 15% trailing stop, which is the sole exit.", "Use a 15% trailing stop."),
        ("My safety net sits 10% below.", "Stop 10% below."),
        ("I also bail out if I'm down 5%, that's a hard stop in the market.", "Stop 5%."),
        ("A break-even stop is activated after an advance of 5%. 7% stop.", "Break-even after 5%. 7% stop."),
        ("Stop at 10% to begin with.", "Stop at 10%."),
    ],
    "sizes": [
        ("Put 60 percent of equity into it.", "Use 60% of equity."),
        ("Default quantity 50% of equity. Pyramiding 0.", "Size 50% of equity."),
        (
            "7% stop. The position is sized so that 2% of equity is lost if the stop is hit.",
            "7% stop. Risk 2% of equity.",
        ),
        ("40 shares a time.", "40 shares."),
    ],
    "the account": [
        ("It starts with $50,000 and pays no commission.", "Cash $50,000, no commission."),
        ("Million-dollar account ($1,000,000).", "Account of $1,000,000."),
        ("No commission, my broker takes nothing.", "No commission."),
        ("Starting capital 20,000 EUR, 0 fees.", "Starting capital 20,000, no fees."),
    ],
    "that there is nothing else": [
        ("Stop 5%. No signal exit.", "Stop 5%."),
        ("Stop 5%. Nothing else closes it.", "Stop 5%."),
        ("Stop 5%. It never goes short.", "Stop 5%. No shorts."),
    ],
    "around the rules": [
        ("Don't forget to like and subscribe!", ""),
        ("Smash that like button if you want part two!", ""),
        ("As always, past results say little about the future.", ""),
    ],
}
TURNS = {
    "a restriction": [
        (
            "Could you restrict that to times when the close is above the 200-day SMA?",
            "only when the close is above the 200-day SMA",
        ),
        ("add a condition, close above EMA 100", "only when close is above EMA 100"),
        ("close must be above the 100-day EMA for the entry", "only when close is above the 100-day EMA"),
        ("I only want trades while price is above the 200-day SMA", "only while price is above the 200-day SMA"),
    ],
    "a level": [
        ("I'd also like a stop loss of 7%.", "add a stop loss of 7%"),
        ("I forgot to say that I would use a stop of 2 ATR.", "use a stop of 2 ATR"),
        ("replace the percentage stop with 2 ATR", "make the stop 2 ATR"),
        ("and make it 12 bars max per trade", "12 bars max per trade"),
        ("AMEND: SL 3 ATR(14)", "SL 3 ATR(14)"),
    ],
    "an account": [
        ("raise the size to 35%", "make the size 35%"),
        ("put the account at 40k with 0.15% commission", "cash 40k with 0.15% commission"),
    ],
}
STAYS_ASKED = [
    f"{RULES} If it moves 5% against me, I'm out.",  # a rule on the close, or a stop
    f"{IN} Sell when RSI(14) > 70, take 50%, the rest at 80.",
    f"{RULES} Once in profit, a 5% stop.",
    f"{IN} Don't sell until RSI(14) crosses above 60.",
    f"{RULES} The tide is with us.",
    f"{RULES} Test it over five years.",  # which five
    f"{RULES} Buying is allowed when price is above the 200-day SMA. Xylophone.",
    f"Buy when RSI(14) is below 30 and MFI(14) is below 40, as long as they stay above 10. {OUT}",  # not the price
    f"Buy on a hammer or a morning star below the 20-day SMA. {OUT}",  # the place of the last, or of both
]

BOTH = "Buy when RSI(14) < 30, short when RSI(14) > 70. Exit after 10 bars."
SIDED = [
    (
        "Close must be above the 200-day SMA for longs.",
        "Only take longs if the close is above the 200-day SMA.",
    ),
    (
        "Add a filter so longs are taken only if the close is above the 100 SMA.",
        "Only take longs if the close is above the 100 SMA.",
    ),
]


@pytest.mark.parametrize(("said", "plain"), SIDED)
def test_what_is_said_of_one_side_is_never_of_both(said: str, plain: str) -> None:
    reading = read_text(f"{BOTH} {said}", context=GOOG)
    assert reading.spec is None or identity(reading.spec) == meaning(f"{BOTH} {plain}")


def test_longs_that_are_wanted_under_a_condition_leave_the_shorts_alone() -> None:
    reading = read_text(f"{BOTH} I only want longs while price is above the 200-day SMA.", context=GOOG)
    assert reading.spec is None or reading.spec.filters.when is None


@pytest.mark.parametrize("way_out", ["The exit is triggered when", "Get rid of it when", "Let go of the position when"])
def test_a_way_out_that_names_no_side_closes_either(way_out: str) -> None:
    text = "Buy when RSI(14) crosses below 30, short when RSI(14) crosses above 70. {} RSI(14) crosses above 50."
    reading = read_text(text.format(way_out), context=GOOG)
    assert reading.spec is None or identity(reading.spec) == meaning(text.format("Exit when"))


@pytest.mark.parametrize(("said", "plain"), pairs(ENTRIES))
def test_an_entry_in_a_turn_of_phrase_is_the_plain_one(said: str, plain: str) -> None:
    assert meaning(f"{said} {OUT}") == meaning(f"{plain} {OUT}")


@pytest.mark.parametrize(("said", "plain"), pairs(REST))
def test_what_stands_beside_the_rules_means_what_the_plain_words_mean(said: str, plain: str) -> None:
    assert meaning(f"{RULES} {said}") == meaning(f"{RULES} {plain}")


@pytest.mark.parametrize(("said", "plain"), pairs(TURNS))
def test_a_later_turn_changes_what_the_plain_one_changes(said: str, plain: str) -> None:
    text = f"{RULES} Stop 5%. Use 10% of equity."
    assert meaning(text, said) == meaning(text, plain)


@pytest.mark.parametrize("text", STAYS_ASKED)
def test_a_turn_that_may_mean_two_things_stays_asked(text: str) -> None:
    assert read_text(text, context=GOOG).status == "needs_clarification"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "CCI(20) up through -100 -> long, CCI down through +100 -> flat.",
            "Buy when CCI(20) crosses above -100. Sell when CCI(20) crosses below 100.",
        ),
        (
            "Buy when price breaks up through the 50-day SMA. Sell when RSI(14) > 70.",
            "Buy when price breaks above the 50-day SMA. Sell when RSI(14) > 70.",
        ),
    ],
)
def test_through_a_level_is_a_crossing_with_and_without_a_verb(said: str, plain: str) -> None:
    assert meaning(said) == meaning(plain)


def test_the_200dma_is_of_the_daily_chart_on_any_chart() -> None:
    text = "Buy when the close is above the 200 dma. Sell when RSI(14) > 70."
    assert meaning(text, context=EURUSD) == meaning(text.replace("200 dma", "200-day SMA"), context=EURUSD)


def test_what_is_asked_about_is_quoted_in_its_author_s_words() -> None:
    text = f"{RULES} My broker takes nothing when the xylophone plays."
    (unread,) = read_text(text, context=GOOG).unresolved
    assert unread.text == text[slice(*unread.span)]


@given(st.text(alphabet="abeghilnorstuwxy 0129%$.,;:()'\n-", max_size=120))
def test_every_letter_that_is_not_of_a_turn_keeps_its_place(text: str) -> None:
    plain, spans = reworded(text)
    assert len(plain) == len(text)
    inside = {i for begin, end in spans for i in range(begin, end)}
    assert all(plain[i] == text[i] for i in range(len(text)) if i not in inside)


def test_a_span_holds_the_whole_turn() -> None:
    text = "It starts with $50,000 and pays no commission."
    plain, spans = reworded(text)
    assert [text[begin:end] for begin, end in spans] == ["It starts with", "and pays "]
    assert re.sub(r"\s+", " ", plain) == "cash $50,000 , no commission."
