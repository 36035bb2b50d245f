"""From words or a document to a strategy: its spec, or what stands between, what it says in English, and its code."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from Backtest.account import Account
from Backtest.canonical.document import to_document
from Backtest.canonical.explain import Sentence, explain
from Backtest.canonical.identity import identity
from Backtest.canonical.json_text import Json, read_json
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Assumption, Spec
from Backtest.canonical.walk import escape
from Backtest.code_store import save_code
from Backtest.codegen.compiler import compile_spec
from Backtest.data.bars import Bars
from Backtest.data_manager import load_bars
from Backtest.errors import InputError, Issue, SpecInvalid
from Backtest.pipeline.page_text import Told, from_page
from Backtest.proof.causality import Effort, LookAhead, look_ahead
from Backtest.reader.questions import Question
from Backtest.reader.reader import read_sentence
from Backtest.reader.reading import ReadingContext, Unresolved
from Backtest.reader.turns import read_turns
from Backtest.safety.scan import scan
from Backtest.sandbox.job import Limits, SandboxJob, SandboxOutcome
from Backtest.sandbox.process import run_strategy_source
from Backtest.second_reading.comparison import QUESTION, Comparison, compared
from Backtest.second_reading.reading import SecondReading

AuthoredStatus = Literal["valid", "needs_clarification", "unsupported", "rejected"]
CODES_REMEMBERED = 256
TRIAL_SYMBOLS = ("GOOG", "EURUSD")  # daily, hourly
TRIAL_EFFORT = Effort(simulated_bars=20_000, least_cuts=12, most_cuts=24)
"""Of a search for look-ahead that somebody waits for."""


@dataclass(frozen=True)
class Authored:
    """What a description came to. Only a valid one has `spec`, `identity` and `sentences`; the others say what is open.

    `answers` are those that the reading used: an earlier one that nothing asks for any more is left out. `comparison`
    is what a model's reading of the same text came to, where there is one.
    """

    status: AuthoredStatus
    spec: Spec | None = None
    identity: str = ""
    sentences: tuple[Sentence, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    errors: tuple[Issue, ...] = ()
    answers: Mapping[str, JsonValue] = field(default_factory=dict)
    comparison: Comparison | None = None


@dataclass(frozen=True)
class WrittenCode:
    """A generated file: its source, the name of the Strategy class in it, and where it stands."""

    source: str
    class_name: str
    path: Path


def author_text(
    turns: Sequence[str],
    *,
    answers: Mapping[str, JsonValue] | None = None,
    earlier_answers: Mapping[str, JsonValue] | None = None,
    accept_defaults: bool = False,
    context: ReadingContext | None = None,
    page: Told | None = None,
    second: SecondReading | None = None,
) -> Authored:
    """A text, and the sentences that change it, read; `answers` beat `earlier_answers`, which may have lapsed.

    `page` is the one that told the first turn, where a page did; `second` is a model's reading of all of it.

    Raises TextRefused (field `/text`) and InputError (`/answers/<id>`) for an answer that answers nothing.
    """
    given = dict(answers or {})
    kept = {name: value for name, value in (earlier_answers or {}).items() if name not in given}
    while True:
        used = {**kept, **given}
        try:
            own = {name: value for name, value in used.items() if name != QUESTION}
            reading = read_turns(turns, context=context, answers=own, accept_defaults=accept_defaults)
        except InputError as error:
            lapsed = {issue.field.removeprefix("/answers/") for issue in error.issues} & set(kept)
            if not lapsed:
                raise
            kept = {name: value for name, value in kept.items() if name not in lapsed}
        else:
            break
    reading, comparison = compared(
        reading, second, answer=used.get(QUESTION), accept_defaults=accept_defaults, context=context
    )
    reading = from_page(reading, page)
    if reading.spec is not None:
        return replace(_authored(reading.spec, used), comparison=comparison)
    return Authored(
        "rejected" if reading.status == "complete" else reading.status,
        assumptions=reading.assumptions,
        questions=reading.questions,
        unresolved=reading.unresolved,
        errors=reading.errors,
        answers=used,
        comparison=comparison,
    )


def author_document(document: Mapping[str, object]) -> Authored:
    """A canonical document, shorthands and English rules included. Raises SpecInvalid, the lint's findings included."""
    return _authored(_sound(parse_spec(document, sentence_reader=read_sentence)), {})


def check_canonical(document: Mapping[str, object]) -> Spec:
    """The spec of a document that is in canonical form as it stands.

    Raises SpecInvalid with a pointer to each place that is a shorthand, is left to a default, or can't be meant.
    """
    given = read_json(document)
    spec = parse_spec(given)
    issues = [*_departures(given, to_document(spec), ""), *lint(spec)]
    if issues:
        raise SpecInvalid(f"{issues[0].field}: {issues[0].message}", issues)
    return spec


def write_code(spec: Spec, codes_dir: Path, *, user_id: int, version: int) -> WrittenCode:
    """Compile the spec, scan what came of it, and store it under a name that no strategy name can steer.

    Raises CodeRefused where the scan finds something and ArtifactUnwritable where the file can't be stored.
    """
    compiled = compile_spec(spec)
    pass_scan(compiled.source)
    path = save_code(codes_dir, spec.strategy_name, compiled.source, user_id=user_id, version=version)
    return WrittenCode(compiled.source, compiled.class_name, path)


@lru_cache(maxsize=CODES_REMEMBERED)
def pass_scan(source: str) -> None:
    """Scan generated code, once for each text that passes. Raises CodeRefused."""
    scan(source).raise_if_refused()


def trial_bars(spec: Spec | None) -> Bars | None:
    """Sample bars that a strategy can be tried on, its own instrument's if they are there; None for a chart without.

    Code without a spec is tried on daily bars. Raises SourceUnavailable.
    """
    if spec is None:
        return load_bars(symbol=TRIAL_SYMBOLS[0])
    for symbol in (*spec.instruments, *TRIAL_SYMBOLS):
        try:
            return load_bars(symbol=symbol, timeframe=spec.timeframe)
        except InputError:
            continue  # another instrument, or its bars are too long for this chart
    return None


def try_code(code: str, bars: Bars, account: Account, limits: Limits) -> SandboxOutcome:
    """Run code that was scanned on all of these bars, isolated. Raises SandboxBroken."""
    return run_strategy_source(SandboxJob(code, bars.window(None, None), account), limits)


def try_futures(code: str, bars: Bars, account: Account, limits: Limits, effort: Effort = TRIAL_EFFORT) -> LookAhead:
    """Whether code that was scanned looks ahead on these bars: it is run beside other futures. Raises SandboxBroken."""

    def run(job: SandboxJob) -> SandboxOutcome:
        return run_strategy_source(job, limits)

    return look_ahead(code, None, bars.window(None, None), account, run, effort=effort)


def _authored(spec: Spec, answers: Mapping[str, JsonValue]) -> Authored:
    return Authored("valid", spec, identity(spec), explain(spec), spec.assumptions, answers=answers)


def _sound(spec: Spec) -> Spec:
    if issues := lint(spec):
        raise SpecInvalid(f"{issues[0].field or 'the document'}: {issues[0].message}", issues)
    return spec


def _departures(given: Json, canonical: Json, pointer: str) -> Iterator[Issue]:
    """Where a document that means the same is not written in canonical form."""
    if isinstance(given, dict) and isinstance(canonical, dict):
        for name, value in canonical.items():
            place = f"{pointer}/{escape(name)}"
            if name not in given:
                yield Issue(place, f"{name!r} is missing: the canonical form writes it out", f"add {name!r}")
            else:
                yield from _departures(given[name], value, place)
        for name in given.keys() - canonical.keys():
            yield Issue(f"{pointer}/{escape(name)}", f"{name!r} is a shorthand", "write the canonical form")
    elif isinstance(given, list) and isinstance(canonical, list) and len(given) == len(canonical):
        for number, (one, other) in enumerate(zip(given, canonical, strict=True)):
            yield from _departures(one, other, f"{pointer}/{number}")
    elif isinstance(given, bool) != isinstance(canonical, bool) or given != canonical:
        yield Issue(pointer, "this is not written in canonical form", "write the canonical form")
