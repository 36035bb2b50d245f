"""The main job from end to end: words, a spec or code in; a strategy, its code and a measured backtest out."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from Backtest.account import Account
from Backtest.canonical.explain import Sentence, explain
from Backtest.canonical.spec import Assumption, Spec
from Backtest.data.bars import Window
from Backtest.errors import InputError, Issue, LimitReached
from Backtest.pipeline.author import write_code
from Backtest.pipeline.preparation import Prepared, Progress, prepare
from Backtest.pipeline.request import BacktestRequest
from Backtest.reader.questions import Question
from Backtest.reader.reading import Reading, Unresolved
from Backtest.report.artifacts import Artifacts, RunRecord
from Backtest.run_result import RunResult
from Backtest.sandbox.job import SandboxJob
from Backtest.sandbox.process import SandboxProcess

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

    `spec` is None for code of the user's own, whose figures are its own report. `layers` names the confinements that
    held, `logs` is what the code printed (untrusted), `artifacts` is there once they were written.
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
    window: Window | None = None
    account: Account | None = None
    run: RunResult | None = None
    artifacts: Artifacts | None = None
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
    """The rest of the main job, from what `prepare` gives."""
    outcome = told(prepared)
    if prepared.issues:
        return outcome
    if prepared.spec is not None:
        progress("Writing the code")
        written = write_code(prepared.spec, workshop.codes_dir, user_id=workshop.user_id, version=workshop.version)
        outcome = replace(outcome, code=written.source, code_path=written.path, class_name=written.class_name)
    if outcome.code is None:
        raise ValueError("nothing was prepared")
    window = prepared.window
    progress(f"Running {len(window.bars) - window.first_bar:,} bars of {window.bars.symbol}")
    answer = sandbox.run(SandboxJob(outcome.code, window, prepared.account, outcome.class_name))
    outcome = replace(
        outcome, class_name=answer.class_name or outcome.class_name, logs=answer.logs, layers=answer.layers
    )
    try:
        return replace(outcome, status="completed", run=answer.result_or_raise())
    except (InputError, LimitReached) as error:
        return replace(outcome, status="failed", errors=error.issues)


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
