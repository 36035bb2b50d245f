"""Two executions of one spec, compared: what its generated code did, and what the spec itself says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from Backtest.pipeline.trusted import Trusted, trusted_run
from Backtest.proof.comparison import first_difference
from Backtest.report.record import Executor, RunRecord
from Backtest.report.verdict import UNVERIFIED, VERIFIED, Verdict
from Backtest.run_result import RunResult
from Backtest.sandbox.job import SandboxJob, SandboxOutcome

if TYPE_CHECKING:
    from Backtest.data.bars import Window

NOT_COMPARED = ("timeout", "killed")
"""How a run of the code ends that tells nothing of the code: a limit was reached before it could be compared."""


@dataclass(frozen=True)
class Proof:
    """What came of a stored run's verification: the figures that stand, who made them, and the verdict.

    `answer` is what running the code came to, where it was run for this.
    """

    result: RunResult
    executor: Executor
    verdict: Verdict
    answer: SandboxOutcome | None = None


def prove(record: RunRecord, run_code: Callable[[SandboxJob], SandboxOutcome]) -> Proof:
    """Compare the figures of a run of a spec with those of its other execution, which is made for it.

    Figures that the code reported give way to the spec's own; those of the spec are compared with what the code does in
    the sandbox, which is what `run_code` does with it. Raises IndicatorInvalid, and SandboxBroken where no sandbox can
    be had.
    """
    if record.spec is None:
        raise ValueError("a run of code alone has nothing to be compared with")
    if record.executor == "code":
        trusted = trusted_run(record.spec, record.window, record.account)
        return Proof(trusted.result, trusted.executor, compared(trusted.result, record.result, record.window))
    answer = run_code(SandboxJob(record.code, record.window, record.account, record.class_name or None))
    verdict, notices = verdict_on(Trusted(record.result, record.executor), answer, record.window)
    return Proof(with_notices(record.result, notices), record.executor, verdict, answer)


def verdict_on(trusted: Trusted, answer: SandboxOutcome, window: "Window") -> tuple[Verdict, tuple[str, ...]]:
    """What running the code says of it, and what a reader must be told beside."""
    if answer.result is not None:
        return compared(trusted.result, answer.result, window), ()
    if answer.status in NOT_COMPARED:
        return UNVERIFIED, (f"The generated code was not compared with the specification: {answer.error}",)
    message = f"The code did not run to its end: {answer.error or 'it gave no result'}"
    return Verdict("mismatch", {"message": message, "line": answer.error_line}), ()


def compared(trusted: RunResult, reported: RunResult, window: "Window") -> Verdict:
    """Whether both made the same trades, positions and equity, to the last bit; if not, where they part first."""
    found = first_difference(trusted, reported, window)
    return VERIFIED if found is None else Verdict("mismatch", found.as_dict())


def with_notices(result: RunResult, notices: tuple[str, ...]) -> RunResult:
    return replace(result, notices=(*result.notices, *notices)) if notices else result
