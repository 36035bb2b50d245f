"""A strategy changed by what is said of it next; what is only tried, and what was left open, taken up again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from auth_api.models import User
from Backtest.errors import InputError, Issue
from rest.errors import Conflict, Invalid
from strategy_api.models import ConversationMemory, Status, StrategyProposal, StrategyVersion
from strategy_api.selectors import Standing, conversation_standing, proposal_open, strategy_version_get
from strategy_api.services.contents import Content, content_of_turns, page_of, spec_of, stored_content
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.evidence import request_of, request_of_version
from strategy_api.services.model_chat import (
    ModelReply,
    model_is_there,
    model_reply,
    model_reply_or_reason,
)
from strategy_api.services.model_reading import stored_second
from strategy_api.services.proposals import proposal_accept
from strategy_api.services.strategies import version_add

if TYPE_CHECKING:
    from Backtest.canonical.differences import Difference
    from Backtest.pipeline.what_if import TradeDifference

GRAMMAR = "grammar"
WITHOUT_A_MODEL = (
    "No language model is configured, so I read changes (“add a 5% stop”, “use 10 days instead”, “undo”) and "
    "what-ifs (“what if the exit is 80?”); GET explain/ says what the strategy does."
)


@dataclass(frozen=True)
class ChatReply:
    """What a sentence came to: `version` is the new one, or the one that still stands, with what `content` leaves open.

    `changed` tells which; `changes` are the sentences in which the two differ. A sentence that only tries a change
    ("what if the exit is 80?") has `what_if`: what it would do to the trades. `provider` is who answered, the grammar
    or a model's; what a model would change is only a `proposal`.
    """

    reply: str
    version: StrategyVersion
    content: Content
    changed: bool = False
    changes: "tuple[Difference, ...]" = ()
    what_if: "TradeDifference | None" = None
    provider: str = GRAMMAR
    proposal: StrategyProposal | None = None


def strategy_chat(
    *,
    user: User,
    strategy_id: int,
    message: str | None = None,
    answers: Mapping[str, Any] | None = None,
    accept_defaults: bool = False,
    keep: bool = False,
    symbol: str | None = None,
) -> ChatReply:
    """Change the latest version by a sentence ("add a 5% stop"); what is not clear changes nothing and is asked about.

    "What if ..." changes nothing either, unless `keep`: it tells what would become of the trades on the sample of
    `symbol`, else on the strategy's own; "keep it" makes it so. Without a message the answers are to what the last
    sentence left open. Raises NotFound, Invalid, Conflict for a strategy that was not told in words, and
    ArtifactUnwritable.
    """
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    if message is not None and (accepted := _accepted(user, version, message)):
        return accepted
    if not version.turns:
        if message is not None and model_is_there():
            return _answered(model_reply(user=user, version=version, message=message), version)
        raise Conflict("this version was not told in words: change its canonical_json or its code instead")
    said, keep = _meant(conversation_standing(user=user, strategy_id=strategy_id), message, keep)
    content = content_of_turns(
        (*version.turns, said),
        answers=answers or {},
        earlier_answers=version.answers,
        accept_defaults=accept_defaults or version.accept_defaults,
        change=said,
        said_in="message",
        page=page_of(version),
        user_id=user.pk,
        changes=version,
    )
    if content.status != Status.VALID or content.identity == version.identity:
        return _not_read(user, version, said, content, is_new=message is not None)
    changes = _changes(version, content)
    told = " ".join(_said(change) for change in changes)
    if _only_tries(said) and not keep:
        return _tried(user, said, version, content, changes, symbol)
    made = version_add(
        version=version,
        user=user,
        content=content,
        kind=ConversationMemory.Kind.EDIT,
        message=said,
        answer={"reply": told, "changes": [asdict(change) for change in changes]},
    )
    return ChatReply(told, made, content, True, changes)


def _not_read(user: User, version: StrategyVersion, said: str, content: Content, *, is_new: bool) -> ChatReply:
    """What is answered where the grammar makes no change of a sentence: by the model, where a part was not read, or
    where it only asks ("Why is that so?" changes nothing)."""
    told = _reply_without_change(content)
    asks = said.rstrip().endswith("?")
    unread = content.unresolved or (asks and content.status == Status.VALID)
    not_understood = is_new and unread and content.status != Status.REJECTED
    if not_understood and version.canonical_json is not None and model_is_there():
        reply = model_reply_or_reason(user=user, version=version, message=said)
        if not isinstance(reply, str):
            return _answered(reply, version)
        told = f"{told} (The language model could not be asked: {reply}.)"
    elif not_understood and asks:
        told = f"{told} {WITHOUT_A_MODEL}"
    return _remembered(user, said, ChatReply(told, version, content))


def _accepted(user: User, version: StrategyVersion, message: str) -> ChatReply | None:
    """What "keep it" comes to where it is said of a model's proposal."""
    from Backtest.canonical.differences import Difference
    from Backtest.pipeline.what_if import is_acceptance

    if not is_acceptance(message) or conversation_standing(user=user, strategy_id=version.strategy_id).tried:
        return None
    proposal = proposal_open(user=user, version=version)
    if proposal is None:
        return None
    made = proposal_accept(user=user, strategy_id=version.strategy_id, proposal_id=proposal.pk)
    changes = tuple(Difference(**change) for change in proposal.changes)
    return ChatReply(" ".join(_said(change) for change in changes), made, stored_content(made), True, changes)


def _answered(reply: ModelReply, version: StrategyVersion) -> ChatReply:
    """A model's reply: nothing is changed by it."""
    return ChatReply(reply.reply, version, stored_content(version), provider=reply.provider, proposal=reply.proposal)


def _meant(standing: Standing, message: str | None, keep: bool) -> tuple[str, bool]:
    """The sentence that is meant, and whether it is to be kept: what stands open where there is no new one."""
    from Backtest.pipeline.what_if import is_acceptance

    if message is not None and is_acceptance(message) and standing.tried is not None:
        return standing.tried, True
    if message is not None:
        return message, keep
    if standing.asked is None:
        fault = "nothing that was said stands open"
        raise Invalid(fault, [Issue("message", fault, "say what is to change")])
    return standing.asked, keep


def _only_tries(message: str) -> bool:
    from Backtest.pipeline.what_if import is_what_if

    return is_what_if(message)


def _tried(
    user: User,
    message: str,
    version: StrategyVersion,
    content: Content,
    changes: "tuple[Difference, ...]",
    symbol: str | None,
) -> ChatReply:
    """What a change would do, told and remembered, but not done."""
    from Backtest.pipeline.what_if import trade_difference

    told = " ".join(_said(change) for change in changes)
    before = request_of_version(version, symbol)
    after = replace(
        request_of(content.turns, content.answers, content.accept_defaults, page_of(version), symbol),
        second=stored_second(content.reading),
    )
    found: TradeDifference | None = None
    try:
        found = trade_difference(before, after)
        trades = f"On {found.symbol} {found.timeframe}: {found.text}."
    except InputError as error:
        trades = f"What it does to the trades can't be told: {error.message}."
    reply = f"{told} {trades} Nothing was changed yet: say “keep it” to keep it."
    return _remembered(user, message, ChatReply(reply, version, content, changes=changes, what_if=found))


def _remembered(user: User, message: str, reply: ChatReply) -> ChatReply:
    content, state = reply.content, version_state(reply.version)
    only_tries = bool(reply.changes)
    conversation_append(
        user=user,
        strategy=reply.version.strategy,
        session=reply.version.strategy.session,
        kind=ConversationMemory.Kind.WHAT_IF if only_tries else ConversationMemory.Kind.EDIT,
        message=message,
        answer={
            "reply": reply.reply,
            "status": content.status,
            "questions": list(content.questions),
            "unresolved": list(content.unresolved),
            "errors": list(content.errors),
            **({"changes": [asdict(change) for change in reply.changes]} if only_tries else {}),
            **({"what_if": asdict(reply.what_if)} if reply.what_if else {}),
        },
        state_before=state,
        state_after=state,
    )
    return reply


def _changes(version: StrategyVersion, content: Content) -> "tuple[Difference, ...]":
    from Backtest.canonical.differences import Difference, differences
    from Backtest.canonical.explain import explain

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
