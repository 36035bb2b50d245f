"""The main job from end to end: words, a spec or code in; a strategy, its code and a verified backtest out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from Backtest.account import Account
from Backtest.advice import Recommendation
from Backtest.canonical.explain import Sentence, explain
from Backtest.canonical.spec import Assumption, Spec
from Backtest.data.bars import Window
from Backtest.errors import InputError, Issue, LimitReached
from Backtest.gemini_strategy_generator import Generated
from Backtest.pipeline.author import write_code
from Backtest.pipeline.preparation import Prepared, Progress, prepare
from Backtest.pipeline.request import BacktestRequest
from Backtest.pipeline.trusted import Trusted, trusted_run
from Backtest.pipeline.verification import verdict_on, with_notices
from Backtest.reader.questions import Question
from Backtest.reader.reading import Reading, Unresolved
from Backtest.report.artifacts import Artifacts, RunRecord
from Backtest.report.record import Executor
from Backtest.report.verdict import PENDING, UNVERIFIED, Verdict
from Backtest.run_result import RunResult
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.process import SandboxProcess
from Backtest.second_reading.comparison import Comparison

Status = Literal["completed", "needs_clarification", "rejected", "unsupported", "failed"]


@dataclass(frozen=True)
class Workshop:
    """Where generated code goes, and whose it is."""

    codes_dir: Path
    user_id: int = 0
    version: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of a request. Only a completed one has a run; `errors` say what to mend.

    `generated` tells how a model was asked for the code, where one was, and `reading` what one made of the text.
    `spec` is None for code of the user's own, whose figures are its own report. Those of a spec are `executor`'s, and
    `verdict` says what came of comparing them. `layers` names the confinements that held, `logs` is what the code
    printed (untrusted), `artifacts` is there once they were written, and `advice` once it was asked for.
    """

    status: Status
    spec: Spec | None = None
    sentences: tuple[Sentence, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    errors: tuple[Issue, ...] = ()
    code: str | None = None
    code_path: Path | None = None
    class_name: str | None = None
    generated: Generated | None = None
    reading: Comparison | None = None
    window: Window | None = None
    account: Account | None = None
    run: RunResult | None = None
    executor: Executor = "code"
    verdict: Verdict = UNVERIFIED
    artifacts: Artifacts | None = None
    advice: tuple[Recommendation, ...] | None = None
    logs: str = ""
    layers: tuple[str, ...] = ()


def run_backtest(request: BacktestRequest, workshop: Workshop, progress: Progress, sandbox: SandboxProcess) -> Outcome:
    """Do the main job; the sandbox loads its libraries meanwhile, and `progress` is told each step as it begins.

    Raises InputError for input that is at fault before anything could be run, MachineError when this machine is.
    """
    prepared = prepare(request, progress)
    if isinstance(prepared, Reading):
        return unfinished(prepared)
    return run_prepared(prepared, workshop, progress, sandbox)


def run_prepared(prepared: Prepared, workshop: Workshop, progress: Progress, sandbox: SandboxProcess) -> Outcome:
    """The rest of the main job, from what `prepare` gives: of a spec both executions, and what comparing them says."""
    outcome = written(prepared, workshop, progress)
    if prepared.issues or outcome.spec is None:
        return outcome if prepared.issues else reported(outcome, progress, sandbox)
    spec, window, account = outcome.spec, prepared.window, prepared.account
    with ThreadPoolExecutor(1) as beside:  # while the sandbox's process works, this one would only wait
        execution = beside.submit(trusted_run, spec, window, account)
        answer = _run_code(outcome, progress, sandbox)
        return _compared(_with_answer(outcome, answer), execution.result(), answer, window)


def written(prepared: Prepared, workshop: Workshop, progress: Progress) -> Outcome:
    """What is prepared, with its code: the spec's own is written where none is given. With issues it ends here."""
    outcome = told(prepared)
    if prepared.issues or prepared.code is not None or prepared.spec is None:
        return outcome
    progress("Writing the code")
    code = write_code(prepared.spec, workshop.codes_dir, user_id=workshop.user_id, version=workshop.version)
    return replace(outcome, code=code.source, code_path=code.path, class_name=code.class_name)


def trusted(outcome: Outcome, *, most_bars_interpreted: int | None = None) -> Outcome:
    """What was written, completed with the figures of the spec's own execution; the code is yet to be compared.

    Raises as `trusted_run` does.
    """
    if outcome.spec is None or outcome.window is None or outcome.account is None:
        raise ValueError("there is no spec to execute")
    made = trusted_run(outcome.spec, outcome.window, outcome.account, most_bars_interpreted=most_bars_interpreted)
    return replace(outcome, status="completed", run=made.result, executor=made.executor, verdict=PENDING)


def reported(outcome: Outcome, progress: Progress, sandbox: SandboxProcess) -> Outcome:
    """What was written, completed with what its code says of itself, or failed; a spec's are yet to be compared.

    Where the code of a spec comes to nothing, the figures are those of the spec's own execution at once.
    """
    answer = _run_code(outcome, progress, sandbox)
    outcome = _with_answer(outcome, answer)
    if answer.result is None and outcome.spec and outcome.window and outcome.account:
        execution = trusted_run(outcome.spec, outcome.window, outcome.account)
        return _compared(outcome, execution, answer, outcome.window)
    try:
        run = answer.result_or_raise()
    except (InputError, LimitReached) as error:
        return replace(outcome, status="failed", errors=error.issues)
    return replace(outcome, status="completed", run=run, verdict=PENDING if outcome.spec else UNVERIFIED)


def _run_code(outcome: Outcome, progress: Progress, sandbox: SandboxProcess) -> SandboxOutcome:
    window = outcome.window
    if outcome.code is None or window is None or outcome.account is None:
        raise ValueError("nothing was written")
    progress(f"Running {len(window.bars) - window.first_bar:,} bars of {window.bars.symbol}")
    return sandbox.run(SandboxJob(outcome.code, window, outcome.account, outcome.class_name))


def _compared(outcome: Outcome, execution: Trusted, answer: SandboxOutcome, window: Window) -> Outcome:
    verdict, notices = verdict_on(execution, answer, window)
    result = with_notices(execution.result, notices)
    return replace(outcome, status="completed", run=result, executor=execution.executor, verdict=verdict)


def _with_answer(outcome: Outcome, answer: SandboxOutcome) -> Outcome:
    return replace(outcome, class_name=answer.class_name or outcome.class_name, logs=answer.logs, layers=answer.layers)


def unfinished(reading: Reading) -> Outcome:
    """What stands between a text and its spec."""
    return Outcome(
        "rejected" if reading.status == "complete" else reading.status,
        assumptions=reading.assumptions,
        questions=reading.questions,
        unresolved=reading.unresolved,
        errors=reading.errors,
    )


def record_of(outcome: Outcome, *, run_id: str, created_at: datetime) -> RunRecord:
    """A completed outcome as its artifacts tell it; `created_at` is aware."""
    if outcome.run is None or outcome.window is None or outcome.account is None or outcome.code is None:
        raise ValueError("only a completed run leaves artifacts")
    return RunRecord(
        spec=outcome.spec,
        code=outcome.code,
        window=outcome.window,
        account=outcome.account,
        result=outcome.run,
        created_at=created_at,
        run_id=run_id,
        class_name=outcome.class_name or "",
        executor=outcome.executor,
        verdict=outcome.verdict,
    )


def told(prepared: Prepared) -> Outcome:
    spec = prepared.spec
    return Outcome(
        "rejected",
        spec,
        explain(spec) if spec else (),
        spec.assumptions if spec else (),
        errors=prepared.issues,
        code=prepared.code,
        window=prepared.window,
        account=prepared.account,
    )
