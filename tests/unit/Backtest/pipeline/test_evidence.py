"""What speaks for each answer to a question: both readings run, and where their trades part."""

from itertools import count

from Backtest.account import Account
from Backtest.data_manager import load_bars
from Backtest.kernel.interpreter import interpret
from Backtest.pipeline import BacktestRequest, prepare
from Backtest.pipeline.evidence import weigh
from Backtest.pipeline.what_if import is_acceptance, is_what_if
from Backtest.reader.questions import Question
from Backtest.reader.reading import Reading
from Backtest.reader.turns import read_turns

AVERAGE = "Buy when price is above its moving average, sell when it falls below"
NO_EXIT = "Buy when the 20-day EMA crosses above the 50-day EMA."
TWO_OPEN = "Buy when price goes up, sell when it goes down."


def weighed(text: str, **options: object) -> tuple[Question, ...]:
    request = BacktestRequest(text=text)
    reading = prepare(request, lambda step: None)
    assert isinstance(reading, Reading)
    return weigh(request, reading.questions, **options)


def test_each_answer_is_run_and_compared_with_the_first() -> None:
    (question,) = weighed(AVERAGE)
    window = load_bars(symbol="GOOG").window(None, None)
    runs = []
    for alternative in question.alternatives:
        spec = read_turns([AVERAGE], answers={question.id: alternative.value}).spec
        assert spec is not None
        runs.append(interpret(spec, window, Account()).trades)
    assert [alternative.evidence["trades"] for alternative in question.alternatives] == [len(run) for run in runs]
    second = question.alternatives[1].evidence
    parted = next(min(a.entry_time, b.entry_time) for a, b in zip(runs[0], runs[1], strict=False) if a != b)
    assert second["first_difference"] == parted
    assert second["text"] == f"{len(runs[1])} trades against {len(runs[0])}; the first differs on {parted}"


def test_answers_are_compared_with_the_default_where_there_is_one() -> None:
    (question,) = weighed(NO_EXIT)
    assert question.default == question.alternatives[0].value
    assert {a.evidence["against"] for a in question.alternatives[1:]} == {question.default}


def test_what_else_is_open_is_answered_meanwhile_and_named() -> None:
    first, second = weighed(TWO_OPEN)
    for alternative in first.alternatives:
        assert alternative.evidence["ran"]
        assert second.id in alternative.evidence["taken"]
        assert "for what else is open" in alternative.evidence["text"]


def test_what_would_begin_after_the_time_is_not_run_and_says_so() -> None:
    ticks = count()
    first, second = weighed(TWO_OPEN, budget_s=2.5, clock=lambda: float(next(ticks)))
    assert [alternative.evidence["ran"] for alternative in first.alternatives] == [True, True, False, False]
    assert {alternative.evidence["text"] for alternative in second.alternatives} == {"not run: time was up"}


def test_a_question_that_has_no_alternatives_is_left_as_it_is() -> None:
    question = Question("x_1", "x", "What?", None, ())
    assert weigh(BacktestRequest(text=AVERAGE), [question]) == (question,)


def test_what_ifs_and_what_keeps_them_are_told_from_changes() -> None:
    tries = ["what if the exit is 80?", "And what if we used a 3% stop", "What would happen if the period was 20"]
    keeps = ["keep it", "Yes, keep it.", "ok, apply that please", "accept"]
    neither = ["use 10 days instead", "keep it below 30", "try 80", "drop the volume filter", "add a 5% stop", "undo"]
    assert [is_what_if(said) for said in (*tries, *keeps, *neither)] == [True] * 3 + [False] * 10
    assert [is_acceptance(said) for said in (*tries, *keeps, *neither)] == [False] * 3 + [True] * 4 + [False] * 6
