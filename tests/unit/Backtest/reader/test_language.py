"""The parts of the reader: pieces of text, numbers in words, spelling, phrase tables, grammar."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.indicators.indicator_registry import find, find_pattern
from Backtest.reader import grammar, meanings, trees
from Backtest.reader.lexicon import known_words, tokenize
from Backtest.reader.number_words import read_number_words
from Backtest.reader.phrases import by_first_word
from Backtest.reader.spelling import correction
from Backtest.reader.syntax import Mention, Period
from Backtest.reader.tokens import atoms

MADE_OF_NUMBERS = set(
    "ARROW COLUMN NUMBER ORDINAL PERCENT MONEY BPS PIPS POINTS PERIOD RMULT RATIO SESSION TIMES CLOCK DATE TF LPAR RPAR SLASH COLON DASH COMMA TICKER".split()
)


@given(st.text(max_size=80))
def test_every_character_but_spaces_is_in_one_piece(text):
    pieces = atoms(text)
    covered = [i for piece in pieces for i in range(piece.start, piece.end)]
    assert covered == sorted(set(covered))
    assert all(text[i].isspace() for i in set(range(len(text))) - set(covered))


@given(st.text(max_size=80))
def test_a_token_is_the_text_between_its_ends(text):
    assert all(token.text == text[token.start : token.end] for token in tokenize(text))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("ten", 10),
        ("twenty five", 25),
        ("two hundred", 200),
        ("one hundred twenty", 120),
        ("three thousand", 3000),
        ("two hundred fifty", 250),
    ],
)
def test_a_number_in_words_is_read_whole(words, value):
    assert read_number_words(words.split()) == (value, len(words.split()))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("3 percent", "PERCENT", 3.0),
        ("three percent", "PERCENT", 3.0),
        ("0.5%", "PERCENT", 0.5),
        ("-5%", "PERCENT", -5.0),
        ("$25k", "MONEY", 25_000.0),
        ("$5,000", "MONEY", 5_000.0),
        ("25,000 dollars", "MONEY", 25_000.0),
        ("5 bps", "BPS", 5.0),
        ("40 pips", "PIPS", 40.0),
        ("2R", "RMULT", 2.0),
        ("2:1", "RATIO", (2.0, 1.0)),
        ("2 x", "TIMES", 2.0),
        ("twice", "TIMES", 2.0),
        ("20-day", "PERIOD", Period(20, "day")),
        ("two-hundred-day", "PERIOD", Period(200, "day")),
        ("a day", "PERIOD", Period(1, "day")),
        ("four hours", "PERIOD", Period(4, "hour")),
        ("15m", "PERIOD", Period(15, "minute")),
        ("hourly", "TF", "1h"),
        ("H4", "TF", "4h"),
        ("09:30", "CLOCK", "09:30"),
        ("2pm", "CLOCK", "14:00"),
        ("2015-01-31", "DATE", "2015-01-31"),
        ("EURUSD", "TICKER", "EURUSD"),
        ("EUR/USD", "TICKER", "EURUSD"),
        ("0,5", "DECIMAL_COMMA", "0,5"),
        ("-80", "NUMBER", -80.0),
        ("two and a half percent", "PERCENT", 2.5),
        ("half a percent", "PERCENT", 0.5),
        ("2½%", "PERCENT", 2.5),
        ("SMA_20_VOLUME", "COLUMN", Mention("SMA", numbers=(20.0,), column="Volume")),
        ("BB_UPPER_20_2p5", "COLUMN", Mention("BBANDS", "upper", (20.0, 2.5))),
        ("EMA_50_1D", "COLUMN", Mention("EMA", numbers=(50.0,), chart="1d")),
    ],
)
def test_a_measure_is_one_token(text, kind, value):
    tokens = tokenize(text)
    assert [(token.kind, token.value) for token in tokens] == [(kind, value)]


@pytest.mark.parametrize(
    ("word", "right"),
    [("wen", "when"), ("bolinger", "bollinger"), ("midle", "middle"), ("bellow", "below"), ("crosess", "crosses")],
)
def test_a_misspelt_word_is_put_right(word, right):
    assert correction(word, known_words()) == right


@pytest.mark.parametrize("word", ["nod", "tow", "fifthy", "hole", "raise", "loose", "xylophone", "form", "shot", "byu"])
def test_what_may_be_another_word_is_left_alone(word):
    assert correction(word, known_words()) is None


def test_a_correction_never_makes_a_negation_or_a_number():
    near = {correction(word, known_words()) for word in ("nott", "neverr", "withot", "tweny", "fify", "unles", "noo")}
    assert near == {None}


def test_every_rule_of_the_grammar_is_read():
    rules = {rule for expansions in grammar.grammar().rules.values() for rule in expansions}
    unread = {rule.name for rule in rules if not rule.inline and not rule.collapse and rule.name not in trees.HANDLERS}
    assert meanings.READERS
    assert unread == set()


def test_a_rule_without_a_reader_has_one_child_only():
    rules = [rule for expansions in grammar.grammar().rules.values() for rule in expansions if rule.collapse]
    wide = {
        rule.name
        for rule in rules
        if rule.name not in trees.HANDLERS and (len(rule.symbols) > 1 or rule.symbols[0].startswith("_"))
    }
    assert wide == set()


def test_no_rule_of_the_grammar_is_written_out_in_more_than_600_ways():
    """Each optional part doubles a rule, and every process makes all of them: a part with a name costs a sum instead."""
    ways = Counter(rule.name for expansions in grammar.grammar().rules.values() for rule in expansions)
    assert {name: count for name, count in ways.items() if count > 600} == {}


def test_every_terminal_of_the_grammar_has_words():
    made = {phrase.kind for phrases in by_first_word().values() for phrase in phrases} | MADE_OF_NUMBERS
    assert grammar.terminals() - made == set()


def test_every_indicator_that_has_a_name_is_in_the_registry():
    aliases = {"", "%"}
    for phrases in by_first_word().values():
        for phrase in phrases:
            if phrase.kind in {"MA", "IND", "CHANNEL", "ATR"} and phrase.value not in aliases:
                assert find(str(phrase.value)).name == phrase.value
            if phrase.kind == "OUT" and phrase.value[0] not in aliases:
                assert find(phrase.value[0]).name == phrase.value[0]
            if phrase.kind == "CANDLE" and phrase.value[0] not in {"INSIDE", "OUTSIDE"}:
                assert find_pattern(phrase.value[0]).name == phrase.value[0]
