"""A strategy that a generator says in English is read back as the same strategy."""

import subprocess
import sys
from pathlib import Path

import pytest

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.generators.english.layouts import STYLES, seeded

EACH = 40
RULES_WITHOUT_WORDS = {4}
"""The order of work within one bar: no text of a trader speaks of it."""


@pytest.mark.parametrize("seed", range(EACH))
@pytest.mark.parametrize("style", STYLES)
def test_what_is_said_is_read_back(style: str, seed: int) -> None:
    said = seeded(style, seed)
    reading = read_text(said.text, context=ReadingContext(symbol=said.symbol, timeframe=said.timeframe))
    assert reading.status == "complete", (said.text, reading.unresolved, reading.questions, reading.errors)
    assert reading.spec is not None
    assert identity(reading.spec) == identity(said.spec), said.text
    assert (reading.found.start, reading.found.end) == said.window, said.text


def test_the_sentences_rely_on_every_rule_that_has_words() -> None:
    relied_on = {rule for style in STYLES for seed in range(EACH) for rule in seeded(style, seed).rules}
    assert relied_on == set(range(1, 28)) - RULES_WITHOUT_WORDS


def test_the_generator_knows_nothing_of_the_reader() -> None:
    program = (
        "import sys, tests.generators.english.layouts, tests.generators.english.mangling\n"
        "sys.exit(any(name.startswith('Backtest.reader') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=True)
