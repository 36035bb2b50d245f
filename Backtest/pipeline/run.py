"""The main job from end to end: words, a spec or code in; a strategy, its code and a measured, verified backtest out."""

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
from Backtest.pipeline.trusted import kernel_is_at_hand, trusted_run
from Backtest.pipeline.verification import verdict_on
from Backtest.reader.questions import Question
from Backtest.reader.reading import Reading, Unresolved
from Backtest.report.artifacts import Artifacts, RunRecord
from Backtest.report.record import Executor
from Backtest.report.verdict import PENDING, UNVERIFIED, Verdict
from Backtest.run_result import RunResult
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
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

    `spec` is None for code of the user's own, whose figures are its own report. Those of a spec are `executor`'s, and
    `verdict` says what came of comparing them. `layers` names the confinements that held, `logs` is what the code
    printed (untrusted), `artifacts` is there once they were written.
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
    executor: Executor = "code"
    verdict: Verdict = UNVERIFIED
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
    """The rest of the main job, from what `prepare` gives: both executions of a spec, and what came of comparing them."""
    outcome = written(prepared, workshop, progress)
    if prepared.issues or prepared.spec is None or not kernel_is_at_hand():
        ...
    return outcome
