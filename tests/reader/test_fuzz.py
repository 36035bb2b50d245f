"""Mangled texts: whatever comes in, a reading or one of the engine's own errors comes out, and every word is accounted for."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.errors import AlgoAgentError
from Backtest.reader.interpreter import LONGEST_TEXT
from Backtest.reader.reader import read_text
from Backtest.reader.reading import Reading
from Backtest.reader.turns import read_turns
from tests.generators.english.layouts import STYLES, seeded
from tests.generators.english.mangling import MANGLINGS, mangled

# The number of a step, with whatever was strewn into it; a line may end in any of Unicode's ways.
LIST_MARK = re.compile(r"(?:^|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029])\W*[\d²½①Ⅳ](?:[\d²½①Ⅳ]|\W)*?[.)](?=\D|$)")
"""The number of a list's item ("1.", "2)"): no word. A number in parentheses is one."""

STATUSES = {"complete", "needs_clarification", "unsupported", "rejected"}


def read(*turns: str) -> Reading | None:
    """The reading, None where the engine refused the text; any other exception is the test's failure."""
    try:
        return read_turns(list(turns))
    except AlgoAgentError:
        return None


def unaccounted(reading: Reading) -> list[str]:
    """What of the text's words is neither used nor noise nor unresolved."""
    covered = {i for mark in LIST_MARK.finditer(reading.text) for i in range(*mark.span())}
    spans = [*reading.used, *reading.noise, *(one.span for one in reading.unresolved)]
    for start, end in spans:
        covered.update(range(start, end))
    return [c for i, c in enumerate(reading.text) if i not in covered and c.isalnum()]


@settings(max_examples=60)
@pytest.mark.parametrize("mangling", MANGLINGS)
@given(randomness=st.randoms(use_true_random=False), style=st.sampled_from(sorted(STYLES)), seed=st.integers(0, 500))
def test_a_mangled_text_is_read_or_refused(mangling, randomness, style, seed):
    reading = read(mangled(seeded(style, seed).text, mangling, randomness))
    assert reading is None or reading.status in STATUSES
    assert reading is None or not unaccounted(reading)
    assert reading is None or (reading.spec is not None) == (reading.status == "complete")


@settings(max_examples=150)
@given(text=st.text(max_size=400))
def test_any_characters_are_read_or_refused(text):
    reading = read(text)
    assert reading is None or reading.status != "complete"


@pytest.mark.parametrize("seed", range(0, 600, 6))
def test_several_strategies_in_one_text_are_read_or_refused(seed):
    styles = list(STYLES)
    text = "\n".join(seeded(styles[(seed // 6) % len(styles)], seed + i).text for i in range(6))
    reading = read(text[:2_000])
    assert reading is None or reading.status in STATUSES


@settings(max_examples=60)
@given(randomness=st.randoms(use_true_random=False), seed=st.integers(0, 500))
def test_a_mangled_second_turn_is_read_or_refused(randomness, seed):
    first, second = seeded("plain", seed), seeded("chatty", seed + 1)
    reading = read(first.text, mangled(second.text, randomness.choice(sorted(MANGLINGS)), randomness))
    assert reading is None or reading.status in STATUSES


@pytest.mark.parametrize("style", STYLES)
def test_a_text_as_long_as_may_be_is_read(style):
    text = ""
    seed = 0
    while len(text) < LONGEST_TEXT:
        text += seeded(style, seed).text + "\n"
        seed += 1
    assert read(text[:LONGEST_TEXT]) is not None


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "buy ",
        "-",
        "1",
        "a",
        ". ",
        ", ",
        "and ",
        "#",
        "%",
        "\n- ",
        "RSI ",
        "not ",
        '"',
        "é",
        "🚀",
        "if ",
        "5% ",
        "∞",
        "1.",
        "then ",
    ],
)
def test_one_piece_over_and_over_is_read_or_refused(piece):
    reading = read(piece * (LONGEST_TEXT // len(piece)))
    assert reading is None or reading.status != "complete"


@pytest.mark.parametrize("form", ["NFD", "NFKD", "NFKC"])
def test_another_form_of_the_same_characters_is_read(form):
    text = "Buy when RSI(14) is below 30 – and price > SMA(200). Sell when RSI(14) is above 70. It’s my “naïve” plan."
    assert read(unicodedata.normalize(form, text)) is not None


def test_one_character_more_than_the_limit_is_refused():
    assert read("x" * (LONGEST_TEXT + 1)) is None


def test_a_surrogate_is_refused():
    assert read("buy \ud800 when RSI is below 30") is None


def test_no_word_of_a_whole_text_is_lost():
    reading = read_text(
        "Hello there! Buy when RSI is below 30, grandma. Sell when RSI is above 70 and the moon is full."
    )
    assert unaccounted(reading) == []
    assert reading.status != "complete"
