"""A strategy changed by what is said of it next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auth_api.models import User
from rest.errors import Conflict
from strategy_api.models import ConversationMemory, Status, StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services.contents import Content, content_of_turns, page_of, spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.strategies import version_add

if TYPE_CHECKING:
    from Backtest.pipeline.author import Difference


@dataclass(frozen=True)
class ChatReply:
    """What a sentence came to: `version` is the new one, or the one that still stands, with what `content` leaves open.

    `changed` tells which; `changes` are the sentences in which the two differ.
    """

    reply: str
    version: StrategyVersion
    content: Content
    changed: bool = False
    changes: "tuple[Difference, ...]" = ()


def strategy_chat(
    *,
    user: User,
    strategy_id: int,
    message: str,
    answers: Mapping[str, Any] | None = None,
    accept_defaults: bool = False,
) -> ChatReply:
    """Change the latest version by a sentence ("add a 5% stop"); what is not clear changes nothing and is asked about.

    Raises NotFound, Invalid, Conflict for a strategy that was not told in words, and ArtifactUnwritable.
    """
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    if not version.turns:
        raise Conflict("this version was not told in words: change its canonical_json or its code instead")
    content = content_of_turns(
        (*version.turns, message),
        answers=answers or {},
        earlier_answers=version.answers,
        accept_defaults=accept_defaults or version.accept_defaults,
        change=message,
        said_in="message",
        page=page_of(version),
    )
    if content.status != Status.VALID or content.identity == version.identity:
        return _remembered(user, version, message, ChatReply(_reply_without_change(content), version, content))
    changes = _changes(version, content)
    reply = " ".join(_said(change) for change in changes)
    made = version_add(
        version=version,
        user=user,
        content=content,
        kind=ConversationMemory.Kind.EDIT,
        message=message,
        answer={"reply": reply},
    )
    return ChatReply(reply, made, content, True, changes)


def _remembered(user: User, version: StrategyVersion, message: str, reply: ChatReply) -> ChatReply:
    content, state = reply.content, version_state(version)
    conversation_append(
        user=user,
        strategy=version.strategy,
        session=version.strategy.session,
        kind=ConversationMemory.Kind.EDIT,
        message=message,
        answer={
            "reply": reply.reply,
            "status": content.status,
            "questions": list(content.questions),
            "unresolved": list(content.unresolved),
            "errors": list(content.errors),
        },
        state_before=state,
        state_after=state,
    )
    return reply


def _changes(version: StrategyVersion, content: Content) -> "tuple[Difference, ...]":
    from Backtest.canonical.explain import explain
    from Backtest.pipeline.author import Difference, differences

    before = spec_of(version)
    if content.spec is None:
        return ()
    if before is None:
        return tuple(Difference(sentence.path, None, sentence.text) for sentence in explain(content.spec))
    return differences(before, content.spec)


def _said(change: "Difference") -> str:
    if change.after is None:
        return f"No longer: {change.before}"
    return f"New: {change.after}" if change.before is None else f"Now: {change.after} (Before: {change.before})"


def _reply_without_change(content: Content) -> str:
    """Why nothing was changed, and what would help."""
    if content.status == Status.VALID:
        return "Nothing changes: the strategy says that already."
    reasons = [question["question"] for question in content.questions]
    if not reasons:
        reasons = [f"{clause['text']!r} is {clause['reason']}." for clause in content.unresolved]
        reasons += [error["message"] for error in content.errors]
    return f"Nothing was changed. {' '.join(dict.fromkeys(reasons))}"
