"""What a model says of a strategy, and its proposals: rows until somebody accepts one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction

from auth_api.models import User
from auth_api.services import language_model
from Backtest.errors import InputError, ModelFailed
from rest.errors import Conflict, Invalid
from strategy_api.models import ConversationMemory, Status, StrategyProposal, StrategyVersion
from strategy_api.selectors import strategy_conversation
from strategy_api.services.contents import spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.proposals import content_with, proposal_create

if TYPE_CHECKING:
    from Backtest.canonical.spec import Spec
    from Backtest.pipeline.model_chat import Answered, PastTurn

PAST_TURNS = 200
"""Of a conversation, the latest; a prompt has room for fewer."""

log = structlog.get_logger("strategy_api.model_chat")


@dataclass(frozen=True)
class ModelReply:
    """What the model said and, where it proposed a change, the row that waits to be accepted."""

    reply: str
    provider: str
    proposal: StrategyProposal | None = None


def model_is_there() -> bool:
    """Whether the settings name a model."""
    return bool(settings.LLM_PROVIDER != "offline")


def model_reply(*, user: User, version: StrategyVersion, message: str) -> ModelReply:
    """Ask the model about this version, and remember both. It changes nothing but, perhaps, by a proposal.

    Raises ModelFailed, and Conflict for a version that has no specification.
    """
    from Backtest.pipeline.model_chat import Subject, converse

    spec = spec_of(version)
    if spec is None:
        raise Conflict("this version has no specification yet that could be talked about")
    subject = Subject(version.strategy.name, version.number, spec, _past(user, version), _reader(version))
    model = language_model()
    tokens = settings.LLM_CHAT_CONTEXT_TOKENS
    answered = converse(subject, message, model, user_id=user.pk, context_tokens=tokens)
    with transaction.atomic():
        found = answered.proposed
        proposal = None
        if found is not None:
            proposal = proposal_create(
                version=version,
                spec=found.spec,
                differences=found.differences,
                summary=found.summary,
                sentence=found.sentence,
                model=model,
            )
        reply = _told(answered)
        conversation_append(
            user=user,
            strategy=version.strategy,
            session=version.strategy.session,
            kind=ConversationMemory.Kind.ASK,
            message=message,
            answer={
                "reply": reply,
                "provider": model.provider,
                "proposal": None if proposal is None else str(proposal.pk),
                "changes": [] if proposal is None else proposal.changes,
            },
            state_before=version_state(version),
            state_after=version_state(version),
        )
    return ModelReply(reply, model.provider, proposal)


def model_reply_or_reason(*, user: User, version: StrategyVersion, message: str) -> ModelReply | str:
    """As `model_reply`, or why the model gave none."""
    try:
        return model_reply(user=user, version=version, message=message)
    except ModelFailed as error:
        log.warning("model gave no reply", strategy_id=version.strategy_id, error=error.message)
        return error.message


def _told(answered: "Answered") -> str:
    if answered.fault:
        return f"{answered.reply} (A change was proposed that is none: {answered.fault})"
    return answered.reply


def _reader(version: StrategyVersion) -> "Callable[[str], Spec | None]":
    def read(sentence: str) -> "Spec | None":
        if not version.turns:
            return None
        try:
            content = content_with(version, sentence)
        except (Invalid, InputError):
            return None
        return content.spec if content.status == Status.VALID else None

    return read


def _past(user: User, version: StrategyVersion) -> "tuple[PastTurn, ...]":
    from Backtest.pipeline.model_chat import PastTurn

    rows = strategy_conversation(user=user, strategy_id=version.strategy_id).order_by("-id")[:PAST_TURNS]
    return tuple(
        PastTurn(
            kind=row.kind,
            version=(row.state_after or {}).get("version"),
            said=row.message,
            answered=str(row.answer.get("reply") or row.answer.get("status") or ""),
            symbol=str(row.answer.get("symbol") or ""),
            metrics=_metrics(row.answer) if row.kind == ConversationMemory.Kind.BACKTEST else None,
        )
        for row in reversed(rows)
    )


def _metrics(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(answer.get("metrics") or {})
