"""Reads of strategies: each takes the user who asks, and sees neither another user's nor what was deleted."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Prefetch, QuerySet

from auth_api.models import User
from rest.errors import NotFound
from strategy_api.models import ConversationMemory, Strategy, StrategyProposal, StrategyValidation, StrategyVersion

if TYPE_CHECKING:
    from Backtest.canonical.explain import Sentence


@dataclass(frozen=True)
class Explanation:
    """A version said back in English; no sentences where it is not clear yet, or is code alone."""

    version: StrategyVersion
    sentences: "tuple[Sentence, ...]" = ()

    @property
    def explanation(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands: the latest version, what was said last, and what of it waits for an answer.

    `asked` is the sentence that left something open, with its `questions`; `tried` the one that only tried a change.
    Both are None once a version was made after them.
    """

    version: StrategyVersion
    last: ConversationMemory | None = None
    asked: str | None = None
    questions: tuple[Mapping[str, Any], ...] = ()
    tried: str | None = None


def strategy_list(*, user: User, status: str | None = None, search: str | None = None) -> QuerySet[Strategy]:
    """The user's strategies, the latest version of each as the only one of its `latest`."""
    latest = StrategyVersion.objects.filter(number=F("strategy__version"))
    rows = _strategies(user).prefetch_related(Prefetch("versions", queryset=latest, to_attr="latest"))
    if status is not None:
        rows = rows.filter(status=status)
    return rows.filter(name__icontains=search) if search else rows


def strategy_get(*, user: User, strategy_id: int) -> Strategy:
    """Raises NotFound."""
    found = _strategies(user).filter(pk=strategy_id).first()
    if found is None:
        raise NotFound(f"there is no strategy {strategy_id}")
    return found


def strategy_version_get(*, user: User, strategy_id: int, number: int | None = None) -> StrategyVersion:
    """A version with its strategy, the latest without a `number`. Raises NotFound."""
    strategy = strategy_get(user=user, strategy_id=strategy_id)
    wanted = strategy.version if number is None else number
    found = strategy.versions.select_related("strategy").filter(number=wanted).first()
    if found is None:
        raise NotFound(f"strategy {strategy_id} has no version {wanted}: its latest is {strategy.version}")
    return found


def strategy_explain(*, user: User, strategy_id: int, number: int | None = None) -> Explanation:
    """Raises NotFound."""
    version = strategy_version_get(user=user, strategy_id=strategy_id, number=number)
    if version.canonical_json is None:
        return Explanation(version)
    from Backtest.canonical.explain import explain
    from Backtest.canonical.parse import parse_spec

    return Explanation(version, explain(parse_spec(version.canonical_json)))


def strategy_versions(*, user: User, strategy_id: int) -> QuerySet[StrategyVersion]:
    """All versions of a strategy. Raises NotFound."""
    return strategy_get(user=user, strategy_id=strategy_id).versions.select_related("strategy")


def strategy_conversation(*, user: User, strategy_id: int) -> QuerySet[ConversationMemory]:
    """What was said of a strategy, the first words first. Raises NotFound."""
    return strategy_get(user=user, strategy_id=strategy_id).conversation.order_by("id")


def conversation_standing(*, user: User, strategy_id: int) -> Standing:
    """Where the conversation on a strategy stands, whoever was told so before. Raises NotFound."""
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    kinds = ConversationMemory.Kind
    said = version.strategy.conversation.filter(kind__in=(kinds.DESCRIBE, kinds.ANSWER, kinds.EDIT, kinds.WHAT_IF))
    last = said.order_by("-id").first()
    if last is None or last.state_after != last.state_before or last.state_after is None:
        return Standing(version, last, questions=tuple(version.questions))
    if last.state_after["version"] != version.number:
        return Standing(version, last, questions=tuple(version.questions))
    if last.kind == kinds.WHAT_IF:
        return Standing(version, last, tried=last.message)
    questions = tuple(last.answer.get("questions", ()))
    return Standing(version, last, asked=last.message if questions else None, questions=questions)


def strategy_proposals(*, user: User, strategy_id: int) -> QuerySet[StrategyProposal]:
    """What models proposed for a strategy. Raises NotFound."""
    strategy = strategy_get(user=user, strategy_id=strategy_id)
    return StrategyProposal.objects.filter(version__strategy=strategy).select_related("version")


def proposal_get(*, user: User, strategy_id: int, proposal_id: uuid.UUID) -> StrategyProposal:
    """Raises NotFound."""
    found = strategy_proposals(user=user, strategy_id=strategy_id).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(f"strategy {strategy_id} has no proposal {proposal_id}")
    return found


def proposal_open(*, user: User, version: StrategyVersion) -> StrategyProposal | None:
    """The latest proposal for this version that waits to be accepted."""
    rows = strategy_proposals(user=user, strategy_id=version.strategy_id)
    return rows.filter(version=version, state=StrategyProposal.State.OPEN).first()


def second_reading_get(*, user: User, strategy_id: int) -> StrategyValidation:
    """What a model's reading of the latest version's words said of it last. Raises NotFound."""
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    found = version.validations.filter(kind=StrategyValidation.Kind.READING).select_related("version").first()
    if found is None:
        raise NotFound(f"version {version.number} of strategy {strategy_id} was not read again: POST asks for it")
    return found


def names_like(*, user: User, name: str) -> set[str]:
    """The names that the user's strategies have and that begin like this one."""
    return set(_strategies(user).filter(name__startswith=name).values_list("name", flat=True))


def _strategies(user: User) -> QuerySet[Strategy]:
    return Strategy.objects.filter(user=user, deleted_at=None)
