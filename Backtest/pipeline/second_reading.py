"""A model's reading of a request's text, fetched before the text is read, and tried on the prices at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from Backtest.canonical.spec import Spec
from Backtest.errors import InputError, ModelFailed
from Backtest.llm.model import Model
from Backtest.pipeline.evidence import weigh
from Backtest.pipeline.preparation import context_of, read_request, turns_of
from Backtest.pipeline.request import BacktestRequest
from Backtest.reader.reading import Reading
from Backtest.reader.turns import read_turns
from Backtest.second_reading.comparison import QUESTION, Comparison, compared
from Backtest.second_reading.grounds import indicators_of
from Backtest.second_reading.reading import SecondReading, read_again, unanswered

LOCAL_SOURCES = ("sample", "csv")
"""Whose prices cost nothing to read once more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document that the author has agreed to, and the sentences that now change it."""

    document: Mapping[str, Any]
    changes: tuple[str, ...]


def second_reading(
    request: BacktestRequest, model: Model, *, user_id: int | None, standing: Standing | None = None
) -> SecondReading | None:
    """As `asked_reading`; a model that fails is told in the reading, and no error."""
    try:
        return asked_reading(request, model, user_id=user_id, standing=standing)
    except ModelFailed as error:
        return unanswered(turns_of(request), model, error.message)


def asked_reading(
    request: BacktestRequest, model: Model, *, user_id: int | None, standing: Standing | None = None
) -> SecondReading | None:
    """The model's reading, compared by trades where it differs; None for what no model is asked about.

    That is a document or code, and a text that the grammar rejects or knows to be outside of the language. `user_id`
    is whose budget it costs. Raises ModelFailed, and InputError as `read_request` does.
    """
    if request.canonical_json is not None or request.code is not None:
        return None
    plain = replace(request, second=None, answers=_without_question(request.answers))
    reading = read_request(plain)
    if isinstance(reading, Spec) or reading.status in ("rejected", "unsupported"):
        return None
    made = read_again(
        turns_of(request),
        model,
        user_id=user_id,
        answered=_answered(plain),
        standing=None if standing is None else standing.document,
        changes=None if standing is None else standing.changes,
        known=indicators_of(reading.draft),
        may_be_unnamed=bool(reading.unresolved),
    )
    return made if made.document is None else _weighed(replace(plain, second=made), made)


def comparison_of(request: BacktestRequest) -> Comparison | None:
    """What came of the two readings of a request; None where there is one only."""
    if request.second is None:
        return None
    plain = replace(request, second=None, answers=_without_question(request.answers))
    reading = read_request(plain)
    if isinstance(reading, Spec):
        return None
    return compared(
        reading,
        request.second,
        answer=request.answers.get(QUESTION),
        accept_defaults=request.accept_defaults,
        context=context_of(request),
    )[1]


def _weighed(request: BacktestRequest, made: SecondReading) -> SecondReading:
    """The reading with the evidence of its run beside the grammar's, and whether both made the same trades."""
    reading = read_request(request)
    questions: Sequence[Any] = reading.questions if isinstance(reading, Reading) else ()
    asked = [question for question in questions if question.id == QUESTION]
    if not asked or request.source not in LOCAL_SOURCES:
        return made
    [question] = weigh(request, asked)
    evidence = {str(each.value): each.evidence for each in question.alternatives if each.evidence is not None}
    return replace(made, evidence=evidence, same_trades=_same_trades(list(evidence.values())))


def _same_trades(evidence: Sequence[Any]) -> bool | None:
    """Whether all of them ran and made the same trades, one at least; None where they could not be compared."""
    if len(evidence) < 2 or not all(each.get("ran") for each in evidence):
        return None
    made_any = any(each["trades"] or each["open_at_end"] for each in evidence)
    return made_any and all(each.get("first_difference") is None for each in evidence)


def _answered(request: BacktestRequest) -> list[tuple[str, str]]:
    """What the author was asked and answered, by itself or by accepting the defaults, in words."""
    turns, answers = turns_of(request), dict(request.answers)
    told: dict[str, tuple[str, str]] = {}
    for _ in range(len(answers) + 1):
        known = {name: answers[name] for name in told if name in answers}
        try:
            questions = read_turns(turns, context=context_of(request), answers=known).questions
        except InputError:
            break
        new = [question for question in questions if question.id not in told]
        if not new:
            break
        for question in new:
            value = answers.get(question.id, question.default if request.accept_defaults else None)
            if value is not None:
                labels = {str(each.value): each.label for each in question.alternatives}
                told[question.id] = (question.question, labels.get(str(value), str(value)))
    return list(told.values())


def _without_question(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if name != QUESTION}
