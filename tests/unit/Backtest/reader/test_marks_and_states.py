"""Marks of layout, positions that exits speak of, and adjuncts that decide nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.reader.marks import without_marks
from Backtest.reader.reader import read_text
from Backtest.reader.required_words import required_words
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

PLAIN = "Buy when RSI(14) crosses below 30. Sell when RSI(14) crosses above 60. Stop 5%."
LAYOUTS = [
    "REQ-01 The system shall buy when RSI(14) crosses below 30. REQ-02 The system shall sell when RSI(14) crosses above 60. "
    "REQ-03 Stop 5%.",
    "3.1 The strategy shall buy when RSI(14) crosses below 30.\n3.2 The strategy shall sell when RSI(14) crosses above 60.\n"
    "3.3 Stop 5%.",
    "i. Buy when RSI(14) crosses below 30\nii. Sell when RSI(14) crosses above 60\niii. Stop 5%",
    "(i) Buy when RSI(14) crosses below 30, (ii) sell when RSI(14) crosses above 60, (iii) stop 5%",
    "IF RSI(14) crosses below 30 THEN buy\nIF RSI(14) crosses above 60 THEN sell\nEND IF\nStop 5%",
    "+ Buy: RSI(14) crosses below 30\n+ Sell: RSI(14) crosses above 60\n+ Stop: 5%",
    "Buy: RSI(14) crosses below 30 // Sell: RSI(14) crosses above 60 // Stop 5%",
    "Buy: RSI(14) crosses below 30 ► Sell: RSI(14) crosses above 60 ► Stop: 5%",
    "[Section 1: Rules]\nBuy when RSI(14) crosses below 30. Sell when RSI(14) crosses above 60. Stop 5%.",
    "if flat and RSI(14) crosses below 30: buy\nif long and RSI(14) crosses above 60: sell\nstop 5%",
    "When in a position and RSI(14) crosses above 60, exit. Buy when RSI(14) crosses below 30. Stop 5%.",
]
PURPOSES = [
    "as insurance",
    "as a safety net",
    "for peace of mind",
    "to protect my capital",
    "to limit the damage",
    "by way of precaution",
    "no questions asked",
    "without exception",
]
MOMENTS = ["once in", "once I'm in", "when the trade is opened", "upon entry", "right after the fill", "from day one"]


@pytest.mark.parametrize("text", LAYOUTS)
def test_a_mark_of_layout_changes_nothing(text: str) -> None:
    assert meaning(text) == meaning(PLAIN)


def test_lines_that_begin_with_a_multiple_are_no_outline() -> None:
    text = "Buy when RSI(14) crosses below 30. Sell when RSI(14) crosses above 60.\n2.5 ATR stop\n5 ATR target"
    assert meaning(text) == meaning(
        text.replace("2.5 ATR stop", "Stop 2.5 ATR.").replace("5 ATR target", "Target 5 ATR.")
    )


def test_more_of_a_position_that_is_held_is_no_exit() -> None:
    text = "Buy when RSI(14) is below 30. If long and price is 2% higher, buy more. Sell when RSI(14) is above 70."
    assert read_text(text, context=GOOG).status == "unsupported"


@pytest.mark.parametrize("adjunct", [*PURPOSES, *MOMENTS])
@pytest.mark.parametrize(
    "setting", ["Put a 5% stop {}.", "{}, put a 5% stop.", "A 5% stop goes in {}.", "The stop is 5% {}."]
)
def test_what_a_stop_is_for_and_that_it_stands_from_the_entry_on_says_nothing_more(setting: str, adjunct: str) -> None:
    said = setting.format(adjunct)
    assert meaning(f"{PLAIN[:-9]} {said[0].upper()}{said[1:]}") == meaning(PLAIN)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Exit when down 5%.", "Exit if the trade is down 5%."),
        ("If I lose 5%, get out.", "Exit if the trade is down 5%."),
        ("Exit if the position is 5% in the red.", "Exit if the trade is down 5%."),
        ("Sell when up 10%.", "Sell when the trade is up 10%."),
        ("If I make 10%, I'm out.", "Exit when the trade is up 10%."),
        ("Exit at a loss of 5%.", "Stop 5%."),
        ("-5% and I'm gone.", "Stop 5%."),
        ("At -5% I'm out.", "Stop 5%."),
        ("A 5% drop from entry stops me out.", "Stop 5%."),
        ("If it runs 5% against me, I'm stopped out.", "Stop 5%."),
        ("Close the trade at plus 10%.", "Target 10%."),
        ("A gain of 10% closes the trade.", "Target 10%."),
        ("+10% and I'm out.", "Target 10%."),
    ],
)
def test_an_exit_at_a_gain_or_a_loss_is_a_rule_on_the_close_or_a_price(said: str, plain: str) -> None:
    rules = PLAIN[: -len(" Stop 5%.")]
    assert meaning(f"{rules} {said}") == meaning(f"{rules} {plain}")


@pytest.mark.parametrize(
    "said",
    [
        "Sell at a 3% drop.",  # of a day, or of the trade
        "Sell half at a loss of 5%.",
        "Exit if the account is 5% in the red.",
        "Maybe exit at a loss of 5%.",
    ],
)
def test_a_move_that_is_not_said_to_be_the_trade_s_stays_asked(said: str) -> None:
    assert read_text(f"{PLAIN[: -len(' Stop 5%.')]} {said}", context=GOOG).status != "complete"


@given(st.text(alphabet="abehilostvx ivxREQ-[]().:/|+*#►0123\n", max_size=80))
def test_marks_keep_the_length_of_a_text(text: str) -> None:
    assert len(without_marks(text)) == len(text)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bbuy (?:the|a) dip\b", ("buy",)),
        (r"(?:alpha|beta gamma) \d+", ("alpha", "beta gamma")),
        (r"(?:very )?long(?= trades)", ("long",)),
        (r"[abc]+\d", ()),
        (r"(?P<n>\d+) shares(?! more)", ("shares",)),
        (r"colou?r", ("colo",)),
    ],
)
def test_a_pattern_needs_its_longest_words(pattern: str, needed: tuple[str, ...]) -> None:
    assert required_words(pattern) == needed
