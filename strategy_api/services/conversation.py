"""The memory of what was said: one row for each interaction, never edited."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from auth_api.models import User
from strategy_api.models import ConversationMemory, Strategy, StrategyVersion


def conversation_append(
    *,
    user: User,
    session: uuid.UUID,
    kind: ConversationMemory.Kind,
    message: str,
    answer: Mapping[str, Any],
    strategy: Strategy | None = None,
    state_before: Mapping[str, Any] | None = None,
    state_after: Mapping[str, Any] | None = None,
) -> ConversationMemory | None:
    """Note one interaction; states are those of `version_state`, None where there was no strategy.

    None where the setting USE_CONVERSATION_MEMORY forbids to remember.
    """
    if not settings.USE_CONVERSATION_MEMORY:
        return None
    return ConversationMemory.objects.create(
        user=user,
        strategy=strategy,
        session=session,
        kind=kind,
        message=message,
        answer=dict(answer),
        state_before=None if state_before is None else dict(state_before),
        state_after=None if state_after is None else dict(state_after),
    )


def version_state(version: StrategyVersion) -> dict[str, Any]:
    """What a conversation remembers of a version, which can be read again in full by its number."""
    return {"version": version.number, "status": version.status, "identity": version.identity}
