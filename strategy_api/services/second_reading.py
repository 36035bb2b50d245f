"""A strategy's words read by a model too: what it says of the grammar's reading, as a check of the version."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction

from auth_api.models import User
from auth_api.services import language_model
from Backtest.errors import ModelFailed
from rest.errors import Conflict
from strategy_api.models import Status, StrategyProposal, StrategyValidation, StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services.contents import Description, page_of, spec_of
from strategy_api.services.proposals import proposal_create
from strategy_api.services.strategies import strategy_create

if TYPE_CHECKING:
    from Backtest.pipeline.second_reading import SecondReading

log = structlog.get_logger("strategy_api.second_reading")

QUESTIONS = {
    "differs": "A model reads your words differently{trades}. If it is right, accept its reading; else leave it.",
    "only_model": "A model reads what is not understood here. If its reading is what you mean, accept it.",
}


@dataclass(frozen=True)
class SecondOpinion:
    """The check as it is stored, and the model's reading as a proposal where it is another one than the grammar's."""

    version: StrategyVersion
    validation: StrategyValidation
    proposal: StrategyProposal | None = None


def strategy_read_again(*, user: User, strategy_id: int) -> SecondOpinion:
    """Let the model read the words of the latest version, and compare: by meaning and, if that differs, by trades.

    It changes nothing: another reading is a proposal. Raises NotFound, Conflict for a version without words, for
    one that was refused and where there is no model, and ModelFailed.
    """
    from Backtest.pipeline.second_reading import read_again

    version = strategy_version_get(user=user, strategy_id=strategy_id)
    if not version.turns or page_of(version) is not None:
        raise Conflict("this version was not told in words of its own: there is nothing to read again")
    if version.status == Status.REJECTED:
        raise Conflict("this text was refused, and is read by nobody else")
    if settings.LLM_PROVIDER == "offline":
        from Backtest.llm.offline import NO_MODEL

        raise Conflict(NO_MODEL)
    model = language_model()
    reading = read_again(version.turns, spec_of(version), model, user_id=user.pk)
    with transaction.atomic():
        proposal = None
        if reading.spec is not None and not reading.agrees:
            proposal = proposal_create(
                version=version,
                spec=reading.spec,
                differences=reading.differences,
                summary="what a model reads",
                model=model,
            )
        validation = StrategyValidation.objects.create(
            version=version,
            kind=StrategyValidation.Kind.READING,
            ok=reading.agrees,
            findings=_findings(reading),
            details=_details(reading, model.provider, model.name, proposal),
        )
    log.info("read again", strategy_id=strategy_id, version=version.number, state=reading.state)
    return SecondOpinion(version, validation, proposal)


def strategy_describe(*, user: User, description: Description, name: str | None = None) -> StrategyVersion:
    """As `strategy_create`, its words read by the model too where LLM_READ_TEXTS asks for it.

    A model that fails is no fault of the strategy, which is there already.
    """
    version = strategy_create(user=user, description=description, name=name)
    wanted = settings.LLM_READ_TEXTS and settings.LLM_PROVIDER != "offline" and version.turns
    if wanted and version.status != Status.REJECTED and page_of(version) is None:
        try:
            strategy_read_again(user=user, strategy_id=version.strategy_id)
        except ModelFailed as error:
            log.warning("no second reading", strategy_id=version.strategy_id, error=error.message)
    return version


def _findings(reading: "SecondReading") -> list[dict[str, Any]]:
    if reading.agrees:
        return []
    told = [
        _finding(difference.path, f"the grammar: {difference.before or '-'} The model: {difference.after or '-'}")
        for difference in reading.differences
    ]
    return told or [_finding("", reading.why_not or "the readings differ")]


def _finding(path: str, message: str) -> dict[str, Any]:
    suggestion = "accept the proposal if the model is right"
    return {
        "field": f"canonical_json{path}",
        "line": None,
        "column": None,
        "rule": None,
        "message": message,
        "suggestion": suggestion,
    }


def _details(reading: "SecondReading", provider: str, model: str, proposal: StrategyProposal | None) -> dict[str, Any]:
    trades = f" ({reading.trades.text})" if reading.trades else ""
    question = QUESTIONS.get(reading.state)
    return {
        "state": reading.state,
        "provider": provider,
        "model": model,
        "question": None if question is None else question.format(trades=trades),
        "trades": None if reading.trades is None else asdict(reading.trades),
        "why_not": reading.why_not,
        "proposal": None if proposal is None else str(proposal.pk),
    }
