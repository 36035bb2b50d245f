"""The code of a request written by a model, proved on the very bars that the request is run on."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from auth_api.services import language_model
from Backtest.errors import InputError, Issue
from Backtest.llm.offline import NO_MODEL

if TYPE_CHECKING:
    from Backtest.gemini_strategy_generator import Generated
    from Backtest.pipeline import BacktestRequest
    from Backtest.sandbox.job import Limits, SandboxJob, SandboxOutcome


def written_by_model(
    *, request: "BacktestRequest", limits: "Limits", progress: Callable[[str], None]
) -> "tuple[BacktestRequest, Generated | None]":
    """The request with a model's code, where it was proved, and how it came about: None where nothing is to write.

    Raises InputError where no model is configured and as `prepare` does, and MachineError.
    """
    from Backtest.gemini_strategy_generator import COMPILER, generate
    from Backtest.pipeline import Prepared, prepare
    from Backtest.sandbox.process import run_strategy_source
    from Backtest.spec_prover import ProofOnBars

    if settings.LLM_PROVIDER == "offline":
        raise InputError(NO_MODEL, [Issue("--provider", NO_MODEL, "leave --provider out")])
    prepared = prepare(request, progress)
    if not isinstance(prepared, Prepared) or prepared.spec is None or prepared.issues:
        return request, None

    def run(job: "SandboxJob") -> "SandboxOutcome":
        return run_strategy_source(job, limits)

    generated = generate(
        prepared.spec,
        language_model(),
        ProofOnBars(prepared.spec, prepared.window, prepared.account, run),
        user_id=None,
        repair_rounds=settings.LLM_REPAIR_ROUNDS,
        progress=progress,
    )
    if generated.provider == COMPILER:
        progress(f"The compiler writes the code: {generated.fallback_reason}")
        return request, generated
    progress(f"The code of {generated.provider} is proved on these bars after {len(generated.rounds)} of its answers")
    return replace(request, written_code=generated.source), generated
