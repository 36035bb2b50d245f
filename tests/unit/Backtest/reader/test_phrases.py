"""The phrase tables themselves: what no strategy's words would show until somebody says them."""

from collections import Counter
from pathlib import Path

import pytest

from Backtest.reader.phrases import by_first_word

TABLES = sorted((Path(__file__).parents[4] / "Backtest" / "reader" / "phrases").glob("*.txt"))
ONE_SIDED = {
    "L_LONG_ENTRY": "short",
    "L_LONG_EXIT": "short",
    "L_SHORT_ENTRY": "long",
    "L_SHORT_EXIT": "long",
    "LONG": "short",
    "SHORT": "long",
}


def phrases_of(kind):
    return {p.words for phrases in by_first_word().values() for p in phrases if p.kind == kind}


@pytest.mark.parametrize("kind", ONE_SIDED)
def test_what_names_one_side_never_names_the_other(kind):
    assert phrases_of(kind)
    assert [words for words in phrases_of(kind) if ONE_SIDED[kind] in words] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_a_block_of_phrases_has_one_heading_and_no_conflict_left(table):
    lines = table.read_text(encoding="utf-8").splitlines()
    headings = Counter(line for line in lines if line.strip() and not line.startswith((" ", "#")))
    repeated = [heading for heading, count in headings.items() if count > 1]
    assert [heading for heading in repeated if not heading.startswith(("UNSUPPORTED", "ILLICIT", "UNKNOWN"))] == []
    assert [line for line in lines if line.startswith(("<<<<", "====", ">>>>"))] == []
