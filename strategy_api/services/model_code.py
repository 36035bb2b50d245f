"""A model's code of a spec: asked for, judged on sample bars, and told in the words that are stored and answered."""

import hashlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings

from auth_api.services import language_model, model_config
from Backtest.errors import Issue, ModelNotConfigured
from rest.errors import Conflict
from rest.turns import turn
from strategy_api.services.contents import COMPILER
from strategy_api.services.trial_limits import trial_limits

if TYPE_CHECKING:
    from Backtest.canonical.spec import Spec
    from Backtest.gemini_strategy_generator import Generated, Prover, Round
    from Backtest.sandbox.job import SandboxJob, SandboxOutcome

MODEL = "model"
"""What a request says that wants a model to write, whichever the settings name."""


def code_by_model(spec: "Spec", *, user_id: int, must_be_asked: bool) -> "Generated":
    """Code that a model wrote and that was proved, or the compiler's with the reason.

    Raises SandboxBroken, and Conflict where there is no model and `must_be_asked`.
    """
    from Backtest.gemini_strategy_generator import compiled, generate

    if must_be_asked and (problem := _problem()):
        raise Conflict(problem, [Issue("provider", problem, "leave it out, or ask for the compiler")])
    try:
        model = language_model()
    except ModelNotConfigured as error:
        return replace(compiled(spec), fallback_reason=error.message)
    prover = _prover(spec)
    if prover is None:
        reason = f"no model was asked: no sample has bars of {spec.timeframe} on which its code could be proved"
        return replace(compiled(spec), fallback_reason=reason)
    return generate(spec, model, prover, user_id=user_id, repair_rounds=settings.LLM_REPAIR_ROUNDS)


def _problem() -> str | None:
    """Why no model can be asked; None where one can."""
    if settings.LLM_PROVIDER != "offline":
        return model_config().problem()
    from Backtest.llm.offline import NO_MODEL

    return NO_MODEL


def saved(spec: "Spec", code: str, *, user_id: int, version: int) -> str:
    """The name of the file that now holds the code. Raises ArtifactUnwritable."""
    from Backtest.code_store import save_code

    return save_code(settings.BACKTEST_CODES_DIR, spec.strategy_name, code, user_id=user_id, version=version).name


def details_of(generated: "Generated") -> dict[str, Any]:
    """What a validation keeps of how code came about: the codes that were not taken only by their hash."""
    return {
        "provider": generated.provider,
        "model": generated.model,
        "rounds": [_told(made) for made in generated.rounds],
        "proof": asdict(generated.proof),
        "counterexample": generated.counterexample,
        "fallback_reason": generated.fallback_reason,
    }


def details_of_compiled() -> dict[str, Any]:
    """As `details_of`, of the compiler's code where no model was wanted; it is proved with each run."""
    from Backtest.gemini_strategy_generator import Generated

    return details_of(Generated("", COMPILER))


def _told(made: "Round") -> dict[str, Any]:
    return {
        "number": made.number,
        "stage": made.stage,
        "finding": made.finding,
        "scan_findings": [found.as_dict() for found in made.scan_findings],
        "code_sha256": hashlib.sha256(made.code.encode("utf-8", "surrogatepass")).hexdigest() if made.code else "",
    }


def _prover(spec: "Spec") -> "Prover | None":
    """The prover on sample bars of the spec's chart; None where there are none."""
    from Backtest.pipeline import account_of
    from Backtest.pipeline.author import trial_bars
    from Backtest.spec_prover import ProofOnBars

    bars = trial_bars(spec)
    if bars is None:
        return None
    return ProofOnBars(spec, bars.window(None, None), account_of(spec.execution), _run)


def _run(job: "SandboxJob") -> "SandboxOutcome":
    from Backtest.sandbox.process import run_strategy_source

    with turn():
        return run_strategy_source(job, trial_limits())
