"""What a model says of a strategy, and its proposals: rows until somebody accepts one."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction

from auth_api.models import User
from auth_api.services import language_model
from Backtest.errors import InputError, ModelFailed
from rest.errors import Conflict, Invalid
from strategy_api.models import ConversationMemory, Status, StrategyProposal, StrategyVersion
from strategy_api.selectors import proposal_get, strategy_conversation, strategy_version_get
from strategy_api.services.contents import Content, Description, content_of, content_of_turns, page_of, spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.strategies import version_add

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
        proposal = _stored(version, answered, model.provider, model.name)
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


def proposal_accept(*, user: User, strategy_id: int, proposal_id: uuid.UUID) -> StrategyVersion:
    """Make what was proposed the next version. Raises NotFound, and Conflict where it is not open, or for another one.

    The proposal is read and linted again: what it becomes is what it was shown as, or nothing.
    """
    proposal = proposal_get(user=user, strategy_id=strategy_id, proposal_id=proposal_id)
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    if proposal.state != StrategyProposal.State.OPEN:
        raise Conflict("this proposal was accepted before")
    if proposal.version_id != version.pk:
        raise Conflict(f"the proposal is for version {proposal.version.number}, the strategy is at {version.number}")
    content = _content_of(proposal, version)
    if content.status != Status.VALID or content.identity != proposal.identity:
        raise Conflict("the proposal is read differently now: ask for it again")
    with transaction.atomic():
        if not StrategyProposal.objects.filter(pk=proposal.pk, state=StrategyProposal.State.OPEN).update(
            state=StrategyProposal.State.ACCEPTED
        ):
            raise Conflict("this proposal was accepted before")
        return version_add(
            version=version,
            user=user,
            content=content,
            kind=ConversationMemory.Kind.EDIT,
            message=proposal.sentence or proposal.summary,
            answer={"proposal": str(proposal.pk), "changes": proposal.changes},
        )


def _stored(version: StrategyVersion, answered: "Answered", provider: str, model: str) -> StrategyProposal | None:
    from Backtest.canonical.document import to_document

    found = answered.proposed
    if found is None:
        return None
    return StrategyProposal.objects.create(
        version=version,
        summary=found.summary[:300],
        sentence=found.sentence,
        canonical_json=to_document(found.spec),
        identity=found.identity,
        changes=[asdict(difference) for difference in found.differences],
        provider=provider,
        model=model,
    )


def _told(answered: "Answered") -> str:
    if answered.fault:
        return f"{answered.reply} (A change was proposed that is none: {answered.fault})"
    return answered.reply


def _content_of(proposal: StrategyProposal, version: StrategyVersion) -> Content:
    if proposal.sentence:
        return _content_with(version, proposal.sentence)
    return content_of(Description(canonical_json=proposal.canonical_json))


def _content_with(version: StrategyVersion, sentence: str) -> Content:
    return content_of_turns(
        (*version.turns, sentence),
        answers={},
        earlier_answers=version.answers,
        accept_defaults=version.accept_defaults,
        change=sentence,
        said_in="message",
        page=page_of(version),
    )


def _reader(version: StrategyVersion) -> "Callable[[str], Spec | None]":
    def read(sentence: str) -> "Spec | None":
        if not version.turns:
            return None
        try:
            content = _content_with(version, sentence)
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
