"""What a model proposed: a row that shows its difference, and becomes a version when its user accepts it."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction

from auth_api.models import User
from rest.errors import Conflict
from strategy_api.models import ConversationMemory, Status, StrategyProposal, StrategyVersion
from strategy_api.selectors import proposal_get, strategy_version_get
from strategy_api.services.contents import Content, Description, content_of, content_of_turns, page_of
from strategy_api.services.strategies import version_add

if TYPE_CHECKING:
    from Backtest.canonical.differences import Difference
    from Backtest.canonical.spec import Spec
    from Backtest.llm.model import Model


def proposal_create(
    *,
    version: StrategyVersion,
    spec: "Spec",
    differences: "Iterable[Difference]",
    summary: str,
    model: "Model",
    sentence: str = "",
) -> StrategyProposal:
    """Store what a model would make of this version; `sentence` is one that the grammar reads as the same."""
    from Backtest.canonical.document import to_document
    from Backtest.canonical.identity import identity

    return StrategyProposal.objects.create(
        version=version,
        summary=summary[:300],
        sentence=sentence,
        canonical_json=to_document(spec),
        identity=identity(spec),
        changes=[asdict(difference) for difference in differences],
        provider=model.provider,
        model=model.name,
    )


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


def _content_of(proposal: StrategyProposal, version: StrategyVersion) -> Content:
    if proposal.sentence:
        return content_with(version, proposal.sentence)
    return content_of(Description(canonical_json=proposal.canonical_json))


def content_with(version: StrategyVersion, sentence: str) -> Content:
    """What the version's words and one more sentence come to. Raises as `content_of_turns`."""
    return content_of_turns(
        (*version.turns, sentence),
        answers={},
        earlier_answers=version.answers,
        accept_defaults=version.accept_defaults,
        change=sentence,
        said_in="message",
        page=page_of(version),
    )
