"""What the sandbox is given and what it answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from Backtest.account import Account
from Backtest.errors import CodeFailed, InputError, Issue, RunKilled, RunTimedOut
from Backtest.run_result import RunResult

if TYPE_CHECKING:
    from Backtest.data.bars import Window

MEGABYTE = 1 << 20

Status = Literal["completed", "failed", "timeout", "killed"]


@dataclass(frozen=True)
class Limits:
    """What one run may use. `cpu_s` and `memory_mb` count from the moment the libraries are loaded, `wall_s` from the
    moment the job is handed over; of the printed text the first `log_kb` are kept. No file can be written at all."""

    cpu_s: float = 20.0
    wall_s: float = 30.0
    memory_mb: int = 1024
    open_files: int = 64
    result_mb: int = 64
    log_kb: int = 64

    def __post_init__(self) -> None:
        issues = [
            Issue(f"/{name}", f"{name} is {value!r}.", "Give a number above 0.")
            for name, value in vars(self).items()
            if not 0 < value < 1e6
        ]
        if issues:
            raise InputError("These limits can't be set.", issues)


@dataclass(frozen=True)
class SandboxJob:
    """Strategy code and what it runs on; without `class_name` the last strategy that the code defines is run.

    `record_decisions` fills the result's `decisions`: what waits on each bar, not only what was filled. Without
    `measure` the result has no metrics, which take longer than a short run itself.
    """

    code: str
    bars: "Window"
    account: Account
    class_name: str | None = None
    record_decisions: bool = False
    measure: bool = True


@dataclass(frozen=True)
class SandboxOutcome:
    """How a run ended. `result` is there when it completed, `error` otherwise, `error_line` when a line of the
    strategy is to blame; `logs` is what it printed (untrusted text); `layers` names the confinements that held and
    `limits_hit` the fields of `Limits` that were reached."""

    status: Status
    result: RunResult | None
    class_name: str | None
    error: str | None
    error_line: int | None
    logs: str
    layers: tuple[str, ...]
    limits_hit: tuple[str, ...]

    def result_or_raise(self) -> RunResult:
        """The result of a completed run; otherwise raises CodeFailed, RunTimedOut or RunKilled."""
        if self.result is not None:
            return self.result
        error = {"timeout": RunTimedOut, "killed": RunKilled}.get(self.status, CodeFailed)
        message = self.error or "The run gave no result."
        field = "code" if self.error_line is None else f"line {self.error_line}"
        raise error(f"The strategy did not complete: {message}", [Issue(field, message)])
