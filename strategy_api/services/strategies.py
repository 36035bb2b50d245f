"""Strategies made, changed, renamed and deleted; every change of what one says is a version."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from auth_api.models import User
from Backtest.errors import Issue
from rest.errors import Conflict, NotFound
from strategy_api.models import NAME_MAX, ConversationMemory, Strategy, StrategyVersion
from strategy_api.selectors import names_like, strategy_version_get
from strategy_api.services.contents import Content, Description, content_of, with_code
from strategy_api.services.conversation import conversation_append, version_state

log = structlog.get_logger("strategy_api.strategies")

NAME_ATTEMPTS = 20


class _NameTaken(Exception):
    """The user has another strategy of that name."""


def strategy_create(*, user: User, description: Description, name: str | None = None) -> StrategyVersion:
    """The first version of a new strategy, whether it is clear or not; without a name it gets one of its own.

    Raises Invalid for what can't be read, Conflict for a name that is taken, and ArtifactUnwritable.
    """
    if name is not None and name in names_like(user=user, name=name):
        raise _taken(name)
    content = content_of(description, user_id=user.pk)
    for _ in range(NAME_ATTEMPTS):
        chosen = name or _free_name(user, content.default_name)
        content = with_code(content, user_id=user.pk, version=1, name=chosen)
        try:
            version = _inserted(user, chosen, content, description)
        except _NameTaken:
            if name is not None:
                raise _taken(name) from None
        else:
            log.info("strategy created", strategy_id=version.strategy_id, status=version.status)
            return version
    raise Conflict("other strategies took each free name meanwhile: try again, or give a name")


def strategy_update(
    *, user: User, strategy_id: int, description: Description, name: str | None = None
) -> StrategyVersion:
    """The latest version after a change; an empty description only renames, and saying the same makes no version.

    Raises NotFound, Invalid, Conflict (a name that is taken, or a change by somebody else meanwhile) and
    ArtifactUnwritable.
    """
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    content = None if description == Description() else content_of(description, before=version, user_id=user.pk)
    if content is None or content.is_that_of(version):
        return _renamed(user, version, name) if name is not None else version
    kind = ConversationMemory.Kind.ANSWER if content.change == "answered" else ConversationMemory.Kind.EDIT
    said = description.user_description or _answers_text(description.answers)
    return version_add(version=version, user=user, content=content, kind=kind, message=said, name=name)


def version_add(
    *,
    version: StrategyVersion,
    user: User,
    content: Content,
    kind: ConversationMemory.Kind,
    message: str,
    answer: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> StrategyVersion:
    """The version after `version`, its code written, and the conversation that led there.

    Raises Conflict where `version` is not the latest any more, or the name is taken.
    """
    number = version.number + 1
    content = with_code(content, user_id=user.pk, version=number, name=name or version.strategy.name)
    with _name_is_free(name), transaction.atomic():
        strategy = strategy_locked(user=user, strategy_id=version.strategy_id)
        if strategy.version != version.number:
            raise Conflict(f"the strategy has changed meanwhile: it is at version {strategy.version}, read it again")
        made = StrategyVersion.objects.create(strategy=strategy, number=number, **content.columns())
        strategy.version, strategy.status, strategy.name = number, content.status, name or strategy.name
        strategy.save(update_fields=["version", "status", "name", "updated_at"])
        conversation_append(
            user=user,
            strategy=strategy,
            session=strategy.session,
            kind=kind,
            message=message,
            answer={**version_answer(made), **(answer or {})},
            state_before=version_state(version),
            state_after=version_state(made),
        )
    log.info("strategy changed", strategy_id=strategy.pk, version=number, status=made.status)
    return made


def strategy_delete(*, user: User, strategy_id: int) -> None:
    """Put the strategy away; its name is free again. Raises NotFound."""
    with transaction.atomic():
        strategy = strategy_locked(user=user, strategy_id=strategy_id)
        strategy.deleted_at = timezone.now()
        strategy.save(update_fields=["deleted_at", "updated_at"])
    log.info("strategy deleted", strategy_id=strategy_id)


def strategy_locked(*, user: User, strategy_id: int) -> Strategy:
    """The strategy, which nobody else changes until this transaction ends. Raises NotFound."""
    # Locked by its key first: what is read after the lock is what the one before left.
    locked = Strategy.objects.select_for_update().filter(pk=strategy_id, user=user, deleted_at=None).first()
    if locked is None:
        raise NotFound(f"there is no strategy {strategy_id}")
    return locked


def version_answer(version: StrategyVersion) -> dict[str, Any]:
    """What a conversation remembers that was answered."""
    return {
        "status": version.status,
        "questions": version.questions,
        "unresolved": version.unresolved,
        "errors": version.errors,
    }


def _inserted(user: User, name: str, content: Content, description: Description) -> StrategyVersion:
    with _names_are_unique(), transaction.atomic():
        strategy = Strategy.objects.create(user=user, name=name, status=content.status)
        version = StrategyVersion.objects.create(strategy=strategy, number=1, **content.columns())
        conversation_append(
            user=user,
            strategy=strategy,
            session=strategy.session,
            kind=ConversationMemory.Kind.DESCRIBE,
            message=description.user_description or "",
            answer=version_answer(version),
            state_after=version_state(version),
        )
    return version


def _renamed(user: User, version: StrategyVersion, name: str) -> StrategyVersion:
    with _name_is_free(name), transaction.atomic():
        strategy = strategy_locked(user=user, strategy_id=version.strategy_id)
        strategy.name = name
        strategy.save(update_fields=["name", "updated_at"])
    return strategy_version_get(user=user, strategy_id=strategy.pk)


def _free_name(user: User, wanted: str) -> str:
    """The wanted name, or the first of `wanted (2)`, `wanted (3)`, ... that the user has not used."""
    base = wanted[: NAME_MAX - 8].strip() or "Strategy"
    used = names_like(user=user, name=base)
    numbered = (f"{base} ({number})" for number in itertools.count(2))
    return next(name for name in itertools.chain([base], numbered) if name not in used)


@contextmanager
def _names_are_unique() -> Iterator[None]:
    """Raises _NameTaken where the database finds the name taken."""
    try:
        yield
    except IntegrityError as error:
        if "name" not in str(error):  # SQLite names the columns, PostgreSQL the constraint
            raise
        raise _NameTaken from error


@contextmanager
def _name_is_free(name: str | None) -> Iterator[None]:
    try:
        with _names_are_unique():
            yield
    except _NameTaken as error:
        raise _taken(name or "") from error


def _taken(name: str) -> Conflict:
    message = f"you have a strategy named {name!r} already"
    return Conflict(message, [Issue("name", message, "choose another name, or change that strategy")])


def _answers_text(answers: Mapping[str, Any]) -> str:
    return "\n".join(f"{question}: {answer}" for question, answer in answers.items())
