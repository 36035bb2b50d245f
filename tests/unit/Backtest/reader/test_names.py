"""Lines that a text names, and lines that it only points at: each comes out as if it had been written out."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import Reading, ReadingContext

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
CROSS = "Buy when EMA(15) crosses above EMA(40). Sell when EMA(15) crosses below EMA(40)."


def read(text: str, **answers: str) -> Reading:
    return read_text(text, context=GOOG, answers=answers)


def assert_same(text: str, plain: str) -> None:
    said, meant = read(text), read(plain)
    assert said.status == meant.status == "complete", (said.questions, said.unresolved, meant.questions)
    assert identity(said.spec) == identity(meant.spec)


@pytest.mark.parametrize(
    "text",
    [
        "Let F = EMA(15) and S = EMA(40). Buy when F crosses above S. Sell when F crosses below S.",
        "Let F be the 15-day EMA and S the 40-day EMA. Buy when F crosses above S, sell when F crosses below S.",
        "Buy when F crosses above S, sell when F crosses below S, where F = EMA(15) and S = EMA(40).",
        "fast := EMA(15)\nslow := EMA(40)\nBuy: fast crosses above slow\nSell: fast crosses below slow",
        "fast ma = EMA(15), slow ma = EMA(40)\nBuy when the fast ma crosses above the slow ma.\n"
        "Sell when the fast ma crosses below the slow ma.",
        "Define quick as EMA(15) and lazy as EMA(40). Buy when quick crosses above lazy. "
        "Sell when quick crosses below lazy.",
    ],
)
def test_a_line_is_what_its_name_was_given_to(text: str) -> None:
    assert_same(text, CROSS)


def test_a_name_may_be_counted_in() -> None:
    assert_same(f"{CROSS} Stop at 2N, where N is the 20-day ATR.", f"{CROSS} Stop at 2 ATR(20).")


@pytest.mark.parametrize(
    "text",
    [
        "Let F = EMA(15). Let F = EMA(40). Buy when close crosses above F. Sell when close crosses below F.",
        "Let F = EMA(15). Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
        "Let F = something good. Buy when close crosses above F. Sell when close crosses below F.",
    ],
)
def test_a_name_given_twice_to_nothing_or_in_vain_is_asked_about(text: str) -> None:
    assert read(text).status == "needs_clarification"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "Buy when the SMA(20) is rising for 3 bars and close crosses above it; sell when RSI(14) > 70.",
            "Buy when SMA(20) is rising for 3 bars and close crosses above SMA(20). Sell when RSI(14) > 70.",
        ),
        (
            "Buy when close is above SMA(200) and price touches it. Sell when RSI(14) > 70.",
            "Buy when close is above SMA(200) and price touches SMA(200). Sell when RSI(14) > 70.",
        ),
    ],
)
def test_it_is_the_line_of_the_same_condition(text: str, plain: str) -> None:
    assert_same(text, plain)


def test_it_that_may_be_either_of_two_lines_is_asked_about() -> None:
    text = "Buy when close is above SMA(200) and SMA(50) is rising and price touches it. Sell when RSI(14) > 70."
    assert read(text).status == "needs_clarification"


def test_a_band_that_is_touched_is_touched_by_the_price() -> None:
    assert_same(
        "When the lower Bollinger band (20, 2) is touched, buy. Sell when the upper Bollinger band (20, 2) is touched.",
        "Buy when price touches the lower Bollinger band (20, 2). "
        "Sell when price touches the upper Bollinger band (20, 2).",
    )


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("the 10-day low", {"below": "price closes below the 10-day low", "touch": "price touches the 10-day low"}),
        (
            "the upper Bollinger band",
            {
                "above": "price closes above the upper Bollinger band",
                "touch": "price touches the upper Bollinger band",
            },
        ),
        (
            "the 50-day SMA",
            {
                "above": "price crosses above the 50-day SMA",
                "below": "price crosses below the 50-day SMA",
                "touch": "price touches the 50-day SMA",
            },
        ),
    ],
)
def test_selling_at_a_line_asks_what_that_is_and_each_answer_is_one_rule(line: str, answers: dict[str, str]) -> None:
    entry = "Buy when RSI(14) drops below 30."
    [question] = read(f"{entry} Sell at {line}.").questions
    assert [alternative.value for alternative in question.alternatives] == list(answers)
    for value, meant in answers.items():
        said = read(f"{entry} Sell at {line}.", **{question.id: value})
        assert identity(said.spec) == identity(read(f"{entry} Sell when {meant}.").spec)


def test_a_bare_low_after_exit_is_broken() -> None:
    assert_same("Entry: 20-day high breakout\nExit: 10-day low", "Buy on a 20-day high breakout, exit on a 10-day low.")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("No new trade within 5 bars of the last exit.", "Wait 5 bars after an exit."),
        ("Cap the hold at 15 days.", "Hold for at most 15 days."),
    ],
)
def test_other_words_for_pauses_and_holds(text: str, plain: str) -> None:
    rules = "Buy when RSI(14) drops below 30. Sell when RSI(14) > 70."
    assert_same(f"{rules} {text}", f"{rules} {plain}")


def test_a_stop_order_to_enter_is_no_stop_loss() -> None:
    text = "Buy with a stop order at yesterday's high whenever close is above SMA(50). Sell when RSI(14) > 70."
    assert_same(text, text.replace("with a stop order", "stop"))
