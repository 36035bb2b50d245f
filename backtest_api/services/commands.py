"""What the commands of this app do: the engine called with the settings' directories and limits."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from backtest_api.services.model_written import written_by_model

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest, Outcome, Prepared
    from Backtest.proof.causality import LookAhead
    from Backtest.sandbox.job import Limits, SandboxOutcome


def sandbox_limits() -> "Limits":
    """The limits that the settings set for one run."""
    from Backtest.sandbox.job import Limits

    return Limits(cpu_s=settings.SANDBOX_CPU_S, wall_s=settings.SANDBOX_WALL_S, memory_mb=settings.SANDBOX_MEMORY_MB)


def backtest_run(
    *,
    request: "BacktestRequest",
    progress: Callable[[str], None],
    by_model: bool = False,
    advised: bool = False,
) -> "Outcome":
    """Do the main job; code and artifacts go where the settings say. With `by_model` a model writes the code.

    With `advised` the outcome says what could be better.

    Input that is at fault comes back as an outcome with its errors, an open question with evidence for its answers;
    raises MachineError when this machine is.
    """
    from Backtest.code_store import save_code
    from Backtest.errors import InputError, Issue
    from Backtest.pipeline import Outcome, Workshop, record_of, run_backtest
    from Backtest.pipeline.advised import advise
    from Backtest.pipeline.evidence import weigh
    from Backtest.pipeline.second_reading import comparison_of
    from Backtest.report.artifacts import write_artifacts
    from Backtest.sandbox.process import SandboxProcess

    now = datetime.now(UTC)
    try:
        request = _read_by_model(_told(request, progress), progress)
        comparison = comparison_of(request)
    except InputError as error:
        return Outcome("rejected", errors=error.issues)
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    try:
        generated, said = None, request
        if by_model:
            request, generated = written_by_model(request=request, limits=sandbox_limits(), progress=progress)
        with SandboxProcess(sandbox_limits()) as sandbox:  # loads its libraries while the text is read
            outcome = run_backtest(request, Workshop(settings.BACKTEST_CODES_DIR), progress, sandbox)
            outcome = replace(outcome, generated=generated, reading=comparison)
    except InputError as error:
        return Outcome("rejected", errors=error.issues or (Issue("", error.message),))
    if outcome.status == "needs_clarification":
        progress("Running each answer to the open questions")
        return replace(outcome, questions=weigh(request, outcome.questions))
    if outcome.status != "completed":
        return outcome
    if outcome.code_path is None and outcome.spec is not None and outcome.code is not None:
        path = save_code(settings.BACKTEST_CODES_DIR, outcome.spec.strategy_name, outcome.code, user_id=0, version=1)
        outcome = replace(outcome, code_path=path)
    if advised:
        progress("Trying what could be advised")
        outcome = replace(outcome, advice=advise(said))
    progress("Writing the report")
    record = record_of(outcome, run_id=run_id, created_at=now)
    return replace(outcome, artifacts=write_artifacts(record, settings.BACKTEST_RUNS_DIR / run_id))


def backtest_prepare(*, request: "BacktestRequest", progress: Callable[[str], None]) -> "Prepared | Outcome":
    """What would be run; an outcome that says what stands between where it can't be. Raises MachineError."""
    from Backtest.errors import InputError
    from Backtest.pipeline import Outcome, Prepared, prepare, unfinished
    from Backtest.pipeline.run import told

    try:
        prepared = prepare(_read_by_model(_told(request, progress), progress), progress)
    except InputError as error:
        return Outcome("rejected", errors=error.issues)
    if not isinstance(prepared, Prepared):
        return unfinished(prepared)
    return told(prepared) if prepared.issues else prepared


def backtest_optimize(
    *,
    prepared: "Prepared",
    grid: Sequence[str],
    constraints: Sequence[str],
    metric: str,
    is_maximum: bool,
    top: int,
    progress: Callable[[int, int], None],
    step: Callable[[str], None],
    cancel: Callable[[], bool],
) -> dict[str, Any]:
    """Search a grid (`NAME=FROM:TO:STEP` or `NAME=A,B,C` each) of what was prepared, as `found_document` has it.

    Once `cancel` answers True it ends with what was found until then, the best of it yet to be verified. Raises
    InputError, KernelUnsupported, and SandboxBroken.
    """
    from Backtest.errors import InputError, Issue
    from Backtest.kernel.sweep import parse_axis
    from Backtest.pipeline.search import candidate_of, found_document, search_of, search_run
    from Backtest.sandbox.process import run_strategy_source

    if prepared.spec is None:
        message = "code without a specification has no numbers to vary"
        raise InputError(message, [Issue("TEXT", message)])
    axes = [parse_axis(text) for text in grid]
    search = search_of(
        prepared.spec,
        prepared.window,
        prepared.account,
        [(axis.name, axis.values) for axis in axes],
        metric=metric,
        is_maximum=is_maximum,
        top=top,
        constraints=constraints,
    )
    found = search_run(search, progress, cancel)
    candidates = []
    for rank, ranked in enumerate(found.best, start=1):
        if cancel():
            break
        step(f"Verifying the best ({rank} of {len(found.best)})")
        candidates.append(candidate_of(search, ranked.values, lambda job: run_strategy_source(job, sandbox_limits())))
    return found_document(search, found, candidates)


def _told(request: "BacktestRequest", progress: Callable[[str], None]) -> "BacktestRequest":
    """The request with the strategy that a page tells, where its text is the page's address."""
    from Backtest.pages.addresses import is_web_address
    from strategy_api.services import page_told

    if request.text is None or not is_web_address(request.text):
        return request
    progress("Fetching the page")
    page = page_told(request.text, said_in="/text")
    return replace(request, text=page.text, page=page)


def _read_by_model(request: "BacktestRequest", progress: Callable[[str], None]) -> "BacktestRequest":
    """The request with a model's reading of its text, where there is one."""
    from strategy_api.services import second_reading_of, texts_are_read_by_model

    if not (request.text or request.turns) or not texts_are_read_by_model():
        return request
    progress("The model reads the text too")
    return replace(request, second=second_reading_of(request, user_id=None)[0])


def strategy_code_run(*, code: str, symbol: str) -> "SandboxOutcome":
    """Run a user's own strategy code on a sample, isolated, with the default account. Raises AlgoAgentError."""
    from Backtest.account import Account
    from Backtest.data_manager import load_bars
    from Backtest.sandbox.job import SandboxJob
    from Backtest.sandbox.process import run_strategy_source

    window = load_bars(symbol=symbol).window(None, None)
    return run_strategy_source(SandboxJob(code, window, Account()), sandbox_limits())


def strategy_code_look_ahead(*, code: str, symbol: str) -> "LookAhead":
    """Whether the same code looks ahead: it is run beside other futures. Raises AlgoAgentError."""
    from Backtest.account import Account
    from Backtest.data_manager import load_bars
    from Backtest.pipeline.author import try_futures
    from Backtest.proof.causality import Effort

    return try_futures(code, load_bars(symbol=symbol), Account(), sandbox_limits(), Effort())


def strategy_code_read(*, path: Path) -> bytes:
    """The bytes of a strategy file, a little more than the gate accepts at most. Raises InputError."""
    from Backtest.errors import InputError, Issue
    from Backtest.safety.gate import MAX_SOURCE_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_SOURCE_BYTES + 1)
    except OSError as error:
        message = f"{path} can't be read: {error.strerror or error}"
        raise InputError(message, [Issue("file", message, "check the path")]) from error
