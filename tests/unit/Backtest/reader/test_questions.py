"""What is asked, with which alternatives, and what the answers make of it."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.errors import InputError, TextRefused
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from Backtest.reader.suggestions import nearest
from tests.unit.Backtest.reader.spec_forms import atr, down, either, is_, pct, spec, up

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")


def only_question(text, **options):
    reading = read_text(text, context=GOOG, **options)
    assert reading.status == "needs_clarification", reading
    assert len(reading.questions) == 1, reading.questions
    return reading.questions[0]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Buy when price crosses above the moving average. Sell when RSI is above 70.", "period"),
        ("Buy when RSI(2) is below 10 and RSI(14) is above 50. Sell when RSI is above 80.", "indicator"),
        ("Buy when price crosses the 50-day SMA. Sell when RSI is above 70.", "entry"),
        ("Buy when price closes below the lower band. Sell when RSI is above 70.", "indicator"),
        ("Buy when the price gaps down. Sell after 2 days.", "entry"),
        ("Buy when price drops 3%. Sell after 2 days.", "period"),
        ("Buy when price crosses above the 50-day SMA. Target 2R.", "stop"),
        ("Buy when price crosses above the 50-day SMA. 5% stop.", "exit"),
        ("Buy when RSI drops below 30 and then crosses above 40. Sell when RSI is above 70.", "bars"),
        ("Buy when RSI is below 30 or CCI is below -100, and MFI is below 20. Sell when RSI is above 70.", "grouping"),
        ("Buy when SPY is above its 200-day SMA. Sell after 5 days.", "instrument"),
        ("Buy when the weekly RSI is above 50. Sell when RSI is above 70.", "timeframe"),
        ("Buy when RSI is below 30. Sell when RSI is above 70. Hold for at most 2 weeks.", "bars"),
    ],
)
def test_a_choice_that_would_change_trades_is_asked(text, topic):
    assert only_question(text).topic == topic


@pytest.mark.parametrize(
    "text",
    [
        "Sell when RSI(14) is above 70. 8% take profit.",
        "On a close below the 20-day low, sell. 8% take profit.",
        "Sell half when RSI(14) is above 70. 8% take profit.",
        "Sell when price crosses below SMA(50). Buy back when price crosses above SMA(50).",
    ],
)
def test_sell_alone_is_the_exit_of_a_long_or_a_short(text):
    assert only_question(text).topic == "sell"


def test_what_a_lone_sell_is_may_be_answered():
    text = "Sell when RSI(14) is above 70. 8% take profit."
    question = only_question(text)
    short = read_text(text, context=GOOG, answers={question.id: "short"})
    assert identity(short.spec) == identity(
        read_text("Short when RSI(14) is above 70. 8% take profit.", context=GOOG).spec
    )
    answers = {question.id: "exit", "entry": "buy when RSI(14) is below 30"}
    long = read_text(text, context=GOOG, answers=answers)
    assert identity(long.spec) == identity(read_text(f"Buy when RSI(14) is below 30. {text}", context=GOOG).spec)


@pytest.mark.parametrize(
    ("text", "topic"),
    [("Long only. Sell when RSI(14) > 70.", "entry"), ("Exit when RSI(14) > 70. 5% stop.", "entry")],
)
def test_what_closes_a_position_asks_for_its_entry(text, topic):
    assert only_question(text).topic == topic


def test_what_is_covered_was_sold_short():
    said = read_text("Sell when RSI(14) > 70, cover when RSI(14) < 30.", context=GOOG)
    meant = read_text("Short when RSI(14) > 70, cover when RSI(14) < 30.", context=GOOG)
    assert identity(said.spec) == identity(meant.spec)


@pytest.mark.parametrize(
    "text",
    [
        "I want to buy GOOG when it bounces off support with good volume and get out when it loses momentum.",
        "Buy when it bounces off support. Sell when it reaches resistance.",
        "Buy at support and sell at resistance.",
        "Buy on strong volume, sell when momentum fades.",
        "Buy when the trend is strong, and exit when it weakens.",
    ],
)
def test_what_numbers_could_make_exact_is_asked_for_each_rule(text):
    reading = read_text(text, context=GOOG)
    assert reading.status == "needs_clarification"
    assert {question.topic for question in reading.questions} == {"entry", "exit"}


@pytest.mark.parametrize("words", ["price loses momentum", "it loses momentum", "price crosses below momentum"])
def test_a_price_is_not_compared_with_its_change(words):
    assert only_question(f"Buy when close > SMA(20). Sell when {words}.").topic == "exit"


@pytest.mark.parametrize("figure", ["a head and shoulders bottom", "a trend line break", "a bullish divergence"])
def test_what_no_number_makes_exact_is_unsupported(figure):
    assert read_text(f"Buy on {figure}. Sell when RSI(14) > 70.", context=GOOG).status == "unsupported"


def test_a_period_is_answered_by_a_number():
    text = "Buy when price crosses above the moving average. Sell when price crosses below it."
    question = only_question(text)
    reading = read_text(text, context=GOOG, answers={question.id: 30})
    assert identity(reading.spec) == identity(spec(up("Close", "SMA_30"), down("Close", "SMA_30")))


def test_a_missing_exit_is_answered_by_a_sentence():
    reading = read_text(
        "Buy when RSI crosses below 30.", context=GOOG, answers={"exit": "sell when RSI crosses above 70"}
    )
    assert identity(reading.spec) == identity(spec(down("RSI_14", 30), up("RSI_14", 70)))


def test_the_opposite_cross_is_offered_and_taken_as_the_default_exit():
    text = "Buy when SMA(10) crosses above SMA(30)."
    assert only_question(text).default == "sell on the opposite cross"
    reading = read_text(text, context=GOOG, accept_defaults=True)
    assert identity(reading.spec) == identity(spec(up("SMA_10", "SMA_30"), down("SMA_10", "SMA_30")))


def test_a_stop_for_risk_sizing_is_taken_by_default():
    text = "Risk 1% per trade. Buy when RSI crosses below 30, sell when RSI crosses above 70."
    reading = read_text(text, context=GOOG, accept_defaults=True)
    wanted = spec(
        down("RSI_14", 30),
        up("RSI_14", 70),
        risk={"stop_loss": atr(2)},
        atrs=(14,),
        sizing={"type": "risk", "percent": 1},
    )
    assert identity(reading.spec) == identity(wanted)


def test_a_vague_entry_is_answered_by_a_condition():
    text = "Buy when price goes up. Sell when RSI is above 70."
    question = only_question(text)
    reading = read_text(text, context=GOOG, answers={question.id: "RSI crosses above 50"})
    assert identity(reading.spec) == identity(spec(up("RSI_14", 50), is_("RSI_14", ">", 70)))


def test_a_grouping_may_be_answered_against_the_rule():
    text = "Buy when RSI is below 30 or CCI is below -100, and MFI is below 20. Sell when RSI is above 70."
    question = only_question(text)
    reading = read_text(text, context=GOOG, answers={question.id: "or_first"})
    grouped = {"type": "and", "of": [either(is_("RSI_14", "<", 30), is_("CCI_20", "<", -100)), is_("MFI_14", "<", 20)]}
    assert identity(reading.spec) == identity(spec(grouped, is_("RSI_14", ">", 70)))


def test_a_decimal_comma_is_a_question_whose_answer_is_the_number():
    text = "Buy when RSI is below 30. Sell when RSI is above 70. Stop loss 0,5%."
    reading = read_text(text, context=GOOG)
    assert reading.status == "needs_clarification"
    number = next(question for question in reading.questions if question.topic == "number")
    answered = read_text(text, context=GOOG, answers={number.id: "0.5"})
    assert identity(answered.spec) == identity(
        spec(is_("RSI_14", "<", 30), is_("RSI_14", ">", 70), risk={"stop_loss": pct(0.5)})
    )


def test_commas_inside_parentheses_separate_numbers():
    reading = read_text(
        "Buy when price is below the lower Bollinger band (20,2). Sell when price is above the middle band.",
        context=GOOG,
    )
    assert reading.spec.indicators[0].params == {"timeperiod": 20, "nbdev": 2.0}


def test_a_clause_that_is_not_understood_may_be_left_out_by_the_author():
    text = "Buy when RSI is below 30. Frobnicate the quux. Sell when RSI is above 70."
    question = only_question(text)
    assert question.span == (26, 45)
    reading = read_text(text, context=GOOG, answers={question.id: "ignore"})
    assert identity(reading.spec) == identity(spec(is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)))


def test_a_clause_may_be_said_anew():
    text = "Buy when RSI is below 30. Frobnicate the quux. Sell when RSI is above 70."
    reading = read_text(text, context=GOOG, answers={only_question(text).id: "5% stop"})
    assert reading.spec.risk.stop_loss.value == 5


def test_an_answer_to_no_question_is_refused():
    with pytest.raises(InputError) as caught:
        read_text("Buy when RSI is below 30. Sell when RSI is above 70.", answers={"exit_99": "x"})
    assert caught.value.issues[0].field == "/answers/exit_99"


def test_an_answer_that_is_no_alternative_is_refused():
    text = "Buy when price crosses the 50-day SMA. Sell when RSI is above 70."
    with pytest.raises(InputError):
        read_text(text, context=GOOG, answers={only_question(text).id: "sideways"})


def test_question_ids_do_not_change_with_the_answers_of_others():
    text = "Buy when price goes up, sell when it goes down."
    first = [question.id for question in read_text(text).questions]
    second = [question.id for question in read_text(text, answers={first[0]: "RSI is below 30"}).questions]
    assert second == first[1:]


@pytest.mark.parametrize("text", ["", "   \n", "x" * 20_001, "buy\x00sell"])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(TextRefused):
        read_text(text)


def test_the_defaults_that_were_taken_are_in_the_ledger():
    reading = read_text("Buy when RSI drops below 30. Sell when RSI rises above 70.", context=GOOG)
    taken = {(entry.topic, entry.rule): entry.value for entry in reading.assumptions}
    assert taken[("timeframe", 10)] == "1d"
    assert taken[("size", 24)] == "all"
    assert taken[("RSI timeperiod", 26)] == 14
    assert taken[("long only", 12)] is True
    assert taken[("cash", 25)] == 100_000.0


def test_a_spelling_that_was_put_right_is_in_the_ledger():
    reading = read_text(
        "buy wen price falls below the lower bolinger band, sell when price goes above the midle band", context=GOOG
    )
    spelt = [entry.value for entry in reading.assumptions if entry.topic == "spelling"]
    assert spelt == ["wen = when", "bolinger band = bollinger", "midle = middle"] or len(spelt) == 3


@pytest.mark.parametrize("word", ["better", "first", "stochastic", "supertrend", "SMA", "matter"])
def test_no_word_is_suggested_for_itself(word):
    assert (nearest(word) or "").lower() != word.lower()
    reading = read_text(f"Buy {word} when RSI(14) is below 30. Sell when RSI(14) is above 70.", context=GOOG)
    assert f"'{word}' (did you mean '{word}'" not in str([one.reason for one in reading.unresolved])
