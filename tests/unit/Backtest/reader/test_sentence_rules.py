"""Rules of canonical JSON that are given as English sentences."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from Backtest.errors import SpecInvalid, TextRefused
from Backtest.reader.reader import read_sentence
from tests.unit.Backtest.reader.spec_forms import both, down, is_, spec, up


def test_sentences_become_the_rules_of_a_document():
    document = {
        "instruments": ["GOOG"],
        "entry_rules": ["RSI(14) drops below 30 and price is above the 200-day SMA"],
        "exit_rules": ["sell when RSI(14) rises above 70"],
    }
    read = parse_spec(document, sentence_reader=read_sentence)
    wanted = spec(both(down("RSI_14", 30), is_("Close", ">", "SMA_200")), up("RSI_14", 70))
    assert identity(read) == identity(wanted)


def test_a_sentence_may_say_its_side_and_portion():
    assert read_sentence("go short when RSI is above 70", "entry", "1d")["side"] == "short"
    assert read_sentence("sell half when RSI is above 70", "exit", "1d")["portion"] == 0.5


@pytest.mark.parametrize(
    "sentence", ["price goes up", "buy calls", "RSI crosses 50", "frobnicate", "5% stop", "it is above 70"]
)
def test_a_sentence_that_is_not_clear_is_refused(sentence):
    with pytest.raises(TextRefused) as caught:
        read_sentence(sentence, "entry", "1d")
    assert caught.value.issues


def test_the_place_of_a_bad_sentence_is_named():
    with pytest.raises(SpecInvalid) as caught:
        parse_spec({"entry_rules": ["price goes up"]}, sentence_reader=read_sentence)
    assert caught.value.issues[0].field.startswith("/entry_rules/0")


def test_periods_in_days_are_of_the_document_s_chart():
    for timeframe in ("1h", "hourly"):
        document = {"timeframe": timeframe, "entry_rules": ["price is above the 50-day SMA"]}
        assert parse_spec(document, sentence_reader=read_sentence).indicators[0].timeframe == "1d"
