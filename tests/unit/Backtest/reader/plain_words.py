"""What a text comes out as, to lay it beside plain words that mean the same."""

from collections.abc import Mapping, Sequence

import pytest
from _pytest.mark import ParameterSet

from Backtest.canonical.identity import identity
from Backtest.reader.reading import ReadingContext
from Backtest.reader.turns import read_turns

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
EURUSD = ReadingContext(symbol="EURUSD", timeframe="1h")


def meaning(*turns: str, context: ReadingContext = GOOG) -> str:
    """The identity of the strategy that a text, and the sentences that change it, come out as: read without a question."""
    reading = read_turns(turns, context=context)
    assert reading.status == "complete", (turns, reading.unresolved, reading.questions, reading.errors)
    assert reading.spec is not None
    return identity(reading.spec)


def pairs(table: Mapping[str, Sequence[tuple[str, str]]]) -> list[ParameterSet]:
    """What is said and its plain words, by their class."""
    return [pytest.param(*pair, id=f"{name}: {pair[0]}") for name, listed in table.items() for pair in listed]
