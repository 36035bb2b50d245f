"""The main job from end to end: words or a spec in; a strategy, its code and a measured backtest out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import JsonValue, ValidationError

from Backtest import data_manager
from Backtest.account import Account
from Backtest.canonical.explain import Sentence, explain
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.risk import Execution, FixedPlusRateCommission, PerUnitCommission, RateCommission
from Backtest.canonical.spec import Assumption, Spec
from Backtest.code_store import save_code
from Backtest.codegen.compiler import compile_spec
from Backtest.data.bars import Bars, Window
from Backtest.errors import InputError, Issue, LimitReached
from Backtest.reader.questions import Question
from Backtest.reader.reader import read_sentence
from Backtest.reader.reading import Found, Reading, ReadingContext, Unresolved
from Backtest.reader.turns import read_turns
from Backtest.report.artifacts import Artifacts, RunRecord, write_artifacts
from Backtest.run_result import RunResult
from Backtest.safety.scan import scan
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.process import SandboxProcess
from Backtest.timeframes import parse_timeframe

Status = Literal["completed", "needs_clarification", "rejected", "unsupported", "failed"]
Progress = Callable[[str], None]

DEFAULT_SYMBOL = "GOOG"
CONVENTION_TIMEFRAME = 10


@dataclass(frozen=True)
class BacktestRequest:
    """What is to be run: a text (with follow-up turns) or a canonical document, on a sample, a source or a CSV.

    What is given here beats what the text says, which beats the defaults. `commission` is a fraction per side.
    """

    text: str | None = None
    turns: tuple[str, ...] = ()
    canonical_json: Mapping[str, object] | None = None
    symbol: str | None = None
    source: str = "sample"
    csv: Path | None = None
    timeframe: str | None = None
    start: str | None = None
    end: str | None = None
    cash: float | None = None
    commission: float | None = None
    answers: Mapping[str, JsonValue] = field(default_factory=dict)
    accept_defaults: bool = False


@dataclass(frozen=True)
class Workshop:
    """Where results go and what a run may use; `run_id` and `created_at` (UTC) come from whoever asks."""

    codes_dir: Path
    runs_dir: Path
    limits: Limits
    run_id: str
    created_at: datetime
    user_id: int = 0
    version: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of a request. Only a completed one has a run and artifacts; `errors` say what to mend."""

    status: Status
    spec: Spec | None = None
    sentences: tuple[Sentence, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    errors: tuple[Issue, ...] = ()
    code: str | None = None
    code_path: Path | None = None
    window: Window | None = None
    run: RunResult | None = None
    artifacts: Artifacts | None = None
    logs: str = ""


def run_backtest(request: BacktestRequest, workshop: Workshop, progress: Progress) -> Outcome:
    """Do the main job; `progress` is told each step as it begins.

    Input that is at fault comes back as an outcome with its errors; raises MachineError when this machine is.
    """
    try:
        with SandboxProcess(workshop.limits) as sandbox:  # loads its libraries while the text is read
            return _run(request, workshop, progress, sandbox)
    except InputError as error:
        return Outcome("rejected", errors=error.issues or (Issue("", error.message),))


def _run(request: BacktestRequest, workshop: Workshop, progress: Progress, sandbox: SandboxProcess) -> Outcome:
    progress("Reading the strategy")
    reading = _read(request)
    if isinstance(reading, Reading) and reading.spec is None:
        return _unfinished(reading)
    progress("Loading prices")
    chart = _chart(request, reading)
    if isinstance(chart, Outcome):
        return chart
    spec, window = chart
    outcome = Outcome("rejected", spec, explain(spec), spec.assumptions)
    if issues := lint(spec, first_close=float(window.bars.frame["Close"].iloc[window.first_bar])):
        return replace(outcome, errors=issues)
    progress("Writing the code")
    compiled = compile_spec(spec)
    scan(compiled.source).raise_if_refused()
    path = save_code(
        workshop.codes_dir, spec.strategy_name, compiled.source, user_id=workshop.user_id, version=workshop.version
    )
    outcome = replace(outcome, code=compiled.source, code_path=path, window=window)
    progress(f"Running {len(window.bars) - window.first_bar:,} bars of {window.bars.symbol}")
    account = account_of(spec.execution)
    answer = sandbox.run(SandboxJob(compiled.source, window, account, compiled.class_name))
    try:
        run = answer.result_or_raise()
    except (InputError, LimitReached) as error:
        return replace(outcome, status="failed", errors=error.issues, logs=answer.logs)
    progress("Writing the report")
    record = RunRecord(spec, compiled.source, window, account, run, workshop.created_at, workshop.run_id)
    artifacts = write_artifacts(record, workshop.runs_dir / workshop.run_id)
    return replace(outcome, status="completed", run=run, artifacts=artifacts, logs=answer.logs)


# from words to a spec


def _read(request: BacktestRequest) -> Reading | Spec:
    """The text as read, or the spec that a document means; English rules in a document are read too."""
    if request.canonical_json is not None:
        said = {"timeframe": request.timeframe} if request.timeframe else {}
        return parse_spec({**request.canonical_json, **said}, sentence_reader=read_sentence)
    turns = request.turns or ((request.text,) if request.text is not None else ())
    if not turns:
        raise InputError("nothing to run", [Issue("/text", "there is no strategy", "describe one in plain words")])
    context = ReadingContext(
        symbol=request.symbol,
        timeframe=request.timeframe,
        cash=request.cash,
        commission_rate=request.commission,
    )
    return read_turns(turns, context=context, answers=request.answers, accept_defaults=request.accept_defaults)


def _unfinished(reading: Reading) -> Outcome:
    """What stands between a text and its spec."""
    return Outcome(
        "rejected" if reading.status == "complete" else reading.status,
        assumptions=reading.assumptions,
        questions=reading.questions,
        unresolved=reading.unresolved,
        errors=reading.errors,
    )


# from a spec to bars


def _chart(request: BacktestRequest, reading: Reading | Spec) -> tuple[Spec, Window] | Outcome:
    """The spec as it will be run, and the window it runs on; an outcome where the chart at hand raises a question."""
    spec = reading.spec if isinstance(reading, Reading) else reading
    found = reading.found if isinstance(reading, Reading) else Found()
    if spec is None:
        raise ValueError("an unfinished reading has no chart")
    start, end = request.start or found.start, request.end or found.end
    symbol = request.symbol or _only_instrument(request, spec)
    assumed = []
    if symbol is None and request.csv is None:
        symbol = DEFAULT_SYMBOL
        assumed.append(Assumption(topic="instrument", path="/instruments", value=symbol))
    bars = _load(request, symbol, None, end)
    is_assumed = any(assumption.path == "/timeframe" for assumption in spec.assumptions)
    if is_assumed and request.timeframe is None and bars.timeframe != spec.timeframe:
        # Nobody named a chart: the one at hand counts, and periods in days may be another indicator there.
        reading = _read(replace(request, timeframe=bars.timeframe))
        if isinstance(reading, Reading) and reading.spec is None:
            return _unfinished(reading)
        spec = reading.spec if isinstance(reading, Reading) and reading.spec else spec
        assumed.append(
            Assumption(topic="timeframe", path="/timeframe", value=bars.timeframe, rule=CONVENTION_TIMEFRAME)
        )
    wanted = bars.timeframe if is_assumed and request.timeframe is None else request.timeframe or spec.timeframe
    if parse_timeframe(wanted) != bars.timeframe:
        bars = _load(request, symbol, wanted, end)
    assumed += _overruled(found, bars)
    return _with_request(spec, request, bars, assumed), bars.window(start, end)


def _overruled(found: Found, bars: Bars) -> list[Assumption]:
    """What the text says of the chart and the request overrules: it beats the text, and that must be seen."""
    others = [name for name in found.instruments if name.upper() != bars.symbol.upper()]
    overruled = []
    if others and bars.symbol.upper() not in {name.upper() for name in found.instruments}:
        topic = f"instrument (the request's, not the text's {', '.join(others)})"
        overruled.append(Assumption(topic=topic, path="/instruments", value=bars.symbol))
    if found.timeframe is not None and found.timeframe != bars.timeframe:
        topic = f"timeframe (the request's, not the text's {found.timeframe})"
        overruled.append(Assumption(topic=topic, path="/timeframe", value=bars.timeframe, rule=CONVENTION_TIMEFRAME))
    return overruled


def _only_instrument(request: BacktestRequest, spec: Spec) -> str | None:
    """The instrument that the spec names, if any; raises InputError where it names several and no bars were chosen."""
    if len(spec.instruments) > 1 and request.csv is None:
        message = f"one run trades one instrument, and the strategy names {', '.join(spec.instruments)}"
        raise InputError(message, [Issue("/instruments", message, "choose one of them as the symbol")])
    return next(iter(spec.instruments), None)


def _load(request: BacktestRequest, symbol: str | None, timeframe: str | None, end: str | None) -> Bars:
    return data_manager.load_bars(
        symbol=symbol, source=request.source, csv_path=request.csv, timeframe=timeframe, end=end
    )


def _with_request(spec: Spec, request: BacktestRequest, bars: Bars, assumed: list[Assumption]) -> Spec:
    """The spec with the request's account, instrument and timeframe put in; what is said is no assumption any more."""
    said = {
        "/instruments": request.symbol or request.csv,
        "/timeframe": request.timeframe,
        "/execution/cash": request.cash,
        "/execution/commission": request.commission,
    }
    paths = tuple(path for path, value in said.items() if value is not None)
    kept = [a for a in spec.assumptions if not any(a.path == path or a.path.startswith(f"{path}/") for path in paths)]
    added = [a for a in assumed if all(a.path != k.path for k in kept)]
    return spec.model_copy(
        update={
            "instruments": (bars.symbol,),
            "timeframe": bars.timeframe,
            "execution": _execution(spec.execution, request),
            "assumptions": (*kept, *added),
        }
    )


def _execution(execution: Execution, request: BacktestRequest) -> Execution:
    """The account with what the request says of it; raises InputError for figures that can't be."""
    given: dict[str, object] = {}
    if request.cash is not None:
        given["cash"] = request.cash
    if request.commission is not None:
        given["commission"] = {"type": "rate", "value": request.commission}
    try:
        return Execution.model_validate({**execution.model_dump(by_alias=True), **given})
    except ValidationError as error:
        issues = [
            Issue(f"/account/{fault['loc'][0]}", f"{fault['loc'][0]} is {fault['input']!r}: {fault['msg'].lower()}")
            for fault in error.errors()
        ]
        raise InputError(issues[0].message, issues) from error


def account_of(execution: Execution) -> Account:
    """The account a spec names, as the adapter takes it."""
    rates: dict[str, float] = {"commission_rate": 0.0}
    match execution.commission:
        case RateCommission(value=value):
            rates = {"commission_rate": value}
        case FixedPlusRateCommission(fixed=fixed, rate=rate):
            rates = {"commission_fixed": fixed, "commission_rate": rate}
        case PerUnitCommission(value=value):
            rates = {"commission_rate": 0.0, "commission_per_unit": value}
    return Account(cash=execution.cash, spread=execution.spread, margin=execution.margin, **rates)
