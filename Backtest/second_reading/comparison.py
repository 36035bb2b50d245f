"""The grammar's reading and a model's side by side: where they agree, what is asked where they don't.

A model never decides: what it reads is confirmed by somebody, or stays an opinion that is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from pydantic import JsonValue

from Backtest.canonical.differences import Difference, differences
from Backtest.canonical.explain import explain
from Backtest.canonical.identity import identity
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Assumption, Provenance, Spec
from Backtest.canonical.spec import Span as Place
from Backtest.errors import InputError, Issue, SpecInvalid
from Backtest.reader.interpreter import strategy_name
from Backtest.reader.questions import Alternative, Question
from Backtest.reader.reading import Reading, ReadingContext, Status
from Backtest.second_reading.grounds import span_of
from Backtest.second_reading.reading import SecondReading, State

QUESTION: Final = "second_reading"
TOPIC: Final = "second reading"
NO: Final = "no"
Reader = Literal["grammar", "model"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two readers made of one text. `agree` is null where there are no two whole readings.

    They agree `by` identity, or by the trades on sample bars alone. `chosen` is whose reading the spec is, null where
    there is none; `reason` says why there is no reading of the model's, and `canonical_json` is one that differs.
    """

    grammar: Status
    model: State
    agree: bool | None
    by: Literal["identity", "trades"] | None
    chosen: Reader | None
    provider: str
    model_name: str
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    canonical_json: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "differences": [asdict(each) for each in self.differences]}


def compared(
    reading: Reading,
    second: SecondReading | None,
    *,
    answer: JsonValue = None,
    accept_defaults: bool = False,
    context: ReadingContext | None = None,
) -> tuple[Reading, Comparison | None]:
    """The reading after the model's was laid beside it, and what came of that; None where no model was asked.

    `answer` is the author's to the question `second_reading`. What the grammar rejects, or knows to be outside of the
    language, stays so. Raises InputError for an answer that is none.
    """
    if answer is not None and not (isinstance(answer, str) and answer.partition("-")[0] in ("grammar", "model", NO)):
        message = f"{answer!r} does not answer the question {QUESTION!r}"
        raise InputError(message, [Issue(f"/answers/{QUESTION}", message, "give the value of an alternative")])
    if second is None or not second.is_of(reading.text):
        return (_lapsed(reading, "") if _is_models(answer) else reading), None
    spec = _spec_of(second, reading, context or ReadingContext())
    told = Comparison(
        reading.status,
        second.state,
        None,
        None,
        "grammar" if reading.spec is not None else None,
        second.provider,
        second.model,
        second.reason,
    )
    if reading.status in ("rejected", "unsupported"):
        return reading, told
    if spec is None:
        return (_lapsed(reading, second.reason), replace(told, chosen=None)) if _is_models(answer) else (reading, told)
    if reading.spec is None:
        return _offered(reading, spec, second, answer, told)
    return _two(reading, reading.spec, spec, second, answer, told, accept_defaults=accept_defaults)


def _two(
    reading: Reading,
    grammars: Spec,
    models: Spec,
    second: SecondReading,
    answer: JsonValue,
    told: Comparison,
    *,
    accept_defaults: bool,
) -> tuple[Reading, Comparison]:
    """Two whole readings."""
    if identity(grammars) == identity(models):
        return reading, replace(told, agree=True, by="identity")
    found = differences(grammars, models)
    told = replace(told, agree=False, differences=found, canonical_json=second.document)
    if answer == f"model-{second.key}":
        return _chosen(reading, models, "as the language model reads it, which you chose"), replace(
            told, chosen="model"
        )
    if answer == f"grammar-{second.key}":
        return _noted(reading, grammars, f"the language model read otherwise, and you chose: {_in_short(found)}"), told
    if _is_models(answer):
        return _asked(reading, _which(grammars, models, second, found, default=None)), replace(told, chosen=None)
    if second.same_trades:
        note = f"the language model reads otherwise, with the same trades on sample prices: {_in_short(found)}"
        return _noted(reading, grammars, note), replace(told, agree=True, by="trades")
    if accept_defaults:
        return _noted(reading, grammars, f"the language model reads otherwise: {_in_short(found)}"), told
    question = _which(grammars, models, second, found, default=f"grammar-{second.key}")
    return _asked(reading, question), replace(told, chosen=None)


def _offered(
    reading: Reading, models: Spec, second: SecondReading, answer: JsonValue, told: Comparison
) -> tuple[Reading, Comparison]:
    """The model's reading of what the grammar could not read: somebody has to confirm it."""
    told = replace(told, canonical_json=second.document)
    if answer == f"model-{second.key}":
        read = _chosen(reading, models, "as the language model reads it, which you confirmed")
        return replace(read, questions=(), unresolved=()), replace(told, chosen="model")
    unread = [clause for clause in reading.unresolved if _is_said(clause.span, second, reading.text)]
    if answer == NO or (reading.unresolved and len(unread) < len(reading.unresolved)):
        return reading, told
    what = " and ".join(repr(clause.text) for clause in unread) or "what the text leaves open"
    meant = " ".join(_sentences_of(models, [clause.span for clause in unread], second, reading.text))
    unnamed = f" The text does not name {' or '.join(second.unnamed)}." if second.unnamed else ""
    question = Question(
        QUESTION,
        TOPIC,
        f"The language model takes {what} for this: {meant}{unnamed} Is that meant?",
        unread[0].span if unread else None,
        (
            _alternative(f"model-{second.key}", f"this is meant: {_in_words(models)}", second),
            Alternative(NO, "no"),
        ),
    )
    return replace(reading, questions=(question, *reading.questions)), told


def _which(
    grammars: Spec,
    models: Spec,
    second: SecondReading,
    found: Sequence[Difference],
    *,
    default: str | None,
) -> Question:
    return Question(
        QUESTION,
        TOPIC,
        f"The text can be read in two ways. Which of the two did you mean? They differ in this: {_in_short(found)}",
        _span_of(found, grammars),
        (
            _alternative(f"grammar-{second.key}", _in_words(grammars), second),
            _alternative(f"model-{second.key}", _in_words(models), second),
        ),
        default,
    )


def _lapsed(reading: Reading, reason: str) -> Reading:
    """Somebody chose a model's reading, which is not there for this text: nothing may take its place unasked."""
    why = f" ({reason})" if reason else ""
    question = Question(
        QUESTION,
        TOPIC,
        "The language model's reading was chosen, and there is none of what is said now"
        f"{why}. Is the grammar's reading of all of it meant?",
        None,
        (Alternative("grammar", "yes" if reading.spec is None else _in_words(reading.spec)),),
    )
    return _asked(reading, question) if reading.status in ("complete", "needs_clarification") else reading


def _asked(reading: Reading, question: Question) -> Reading:
    return replace(reading, status="needs_clarification", spec=None, questions=(question, *reading.questions))


def _noted(reading: Reading, spec: Spec, value: str) -> Reading:
    assumptions = (*spec.assumptions, Assumption(topic=TOPIC, path="", value=value))
    return replace(reading, spec=spec.model_copy(update={"assumptions": assumptions}), assumptions=assumptions)


def _chosen(reading: Reading, models: Spec, note: str) -> Reading:
    return _noted(replace(reading, status="complete"), models, note)


def _spec_of(second: SecondReading, reading: Reading, context: ReadingContext) -> Spec | None:
    """The model's reading with what the request says beside the text; None where it has none that can be meant."""
    if second.document is None:
        return None
    document = dict(second.document)
    execution = dict(document.get("execution") or {})
    if context.symbol is not None:
        document["instruments"] = [context.symbol]
    if context.timeframe is not None:
        document["timeframe"] = context.timeframe
    if context.cash is not None:
        execution["cash"] = float(context.cash)
    if context.commission_rate is not None:
        execution["commission"] = {"type": "rate", "value": float(context.commission_rate)}
    document["execution"] = execution
    try:
        spec = parse_spec(document)
    except SpecInvalid:
        return None
    if lint(spec):
        return None
    places = [
        Place(path=path, start=span[0], end=span[1])
        for path, quote in second.quotes
        if (span := span_of(quote, reading.text)) is not None
    ]
    named = {"indicators": second.document.get("indicators", []), "entry_rules": second.document["entry_rules"]}
    return spec.model_copy(
        update={
            "strategy_name": strategy_name(named),
            "description": reading.text.strip(),
            "provenance": Provenance(source="model", text=reading.text, spans=tuple(places)),
        }
    )


def _is_models(answer: JsonValue) -> bool:
    return isinstance(answer, str) and answer.startswith("model")


def _is_said(span: tuple[int, int], second: SecondReading, text: str) -> bool:
    """Whether a part of the model's reading comes from there."""
    return any(_overlap(span, span_of(quote, text)) for _, quote in second.quotes)


def _overlap(one: tuple[int, int], other: tuple[int, int] | None) -> bool:
    return other is not None and one[0] < other[1] and other[0] < one[1]


def _sentences_of(spec: Spec, spans: Sequence[tuple[int, int]], second: SecondReading, text: str) -> list[str]:
    """What the parts say that come from these places; the whole where there are none."""
    paths = [path for path, quote in second.quotes if any(_overlap(span, span_of(quote, text)) for span in spans)]
    said = [s.text for s in explain(spec) if any(path == s.path or path.startswith(f"{s.path}/") for path in paths)]
    return said or [_in_words(spec)]


def _alternative(value: str, label: str, second: SecondReading) -> Alternative:
    return Alternative(value, label, second.evidence.get(value))


def _in_words(spec: Spec) -> str:
    return " ".join(sentence.text for sentence in explain(spec) if not sentence.path.startswith("/execution"))


def _in_short(found: Sequence[Difference]) -> str:
    return " ".join(f"“{each.before or 'nothing'}” or “{each.after or 'nothing'}”" for each in found)


def _span_of(found: Sequence[Difference], spec: Spec) -> tuple[int, int] | None:
    """The words that the first differing part came from."""
    for each in found:
        for place in spec.provenance.spans:
            if place.path == each.path or place.path.startswith(f"{each.path}/"):
                return place.start, place.end
    return None
