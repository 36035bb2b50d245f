"""Reads of strategies: each takes the user who asks, and sees neither another user's nor what was deleted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, QuerySet

from auth_api.models import User
from rest.errors import NotFound
from strategy_api.models import ConversationMemory, Strategy, StrategyVersion

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


def names_like(*, user: User, name: str) -> set[str]:
    """The names that the user's strategies have and that begin like this one."""
    return set(_strategies(user).filter(name__startswith=name).values_list("name", flat=True))


def _strategies(user: User) -> QuerySet[Strategy]:
    return Strategy.objects.filter(user=user, deleted_at=None)
