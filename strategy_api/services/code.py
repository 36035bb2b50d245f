"""The code of a version: compiled from its spec, scanned, and put where generated files are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from auth_api.models import User
from rest.errors import Conflict
from strategy_api.models import ConversationMemory, StrategyValidation, StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services.clarity import unclear
from strategy_api.services.contents import COMPILER, Description, compiled, spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.strategies import strategy_locked, strategy_update

if TYPE_CHECKING:
    from Backtest.pipeline.author import WrittenCode

log = structlog.get_logger("strategy_api.code")


@dataclass(frozen=True)
class GeneratedCode:
    """A version with its code, and what the scan said of it."""

    version: StrategyVersion
    validation: StrategyValidation


def code_generate(*, user: User, strategy_id: int) -> GeneratedCode:
    """Generate the code of the latest version anew; the same spec gives the same bytes.

    Raises NotFound, Unclear for a description that is no spec yet, Conflict for a version that is the user's own code,
    and ArtifactUnwritable.
    """
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    spec = spec_of(version)
    if spec is None:
        raise _no_spec(version)
    said_in = "user_description" if version.turns else "canonical_json"
    return _stored(user, version, compiled(spec, user_id=user.pk, version=version.number, said_in=said_in))


def code_generate_from_canonical(
    *, user: User, strategy_id: int, canonical_json: Mapping[str, Any] | None = None
) -> GeneratedCode:
    """As `code_generate`, from this document where one is given: it makes a version unless it is the one that stands.

    Raises Invalid as well, with the place in the document.
    """
    if canonical_json is not None:
        description = Description(canonical_json=canonical_json)
        strategy_update(user=user, strategy_id=strategy_id, description=description)
    return code_generate(user=user, strategy_id=strategy_id)


def _stored(user: User, version: StrategyVersion, code: "WrittenCode") -> GeneratedCode:
    with transaction.atomic():
        strategy = strategy_locked(user=user, strategy_id=version.strategy_id)
        version.generated_code, version.code_file_name, version.provider = code.source, code.path.name, COMPILER
        version.save(update_fields=["generated_code", "code_file_name", "provider"])
        validation = StrategyValidation.objects.create(
            version=version, kind=StrategyValidation.Kind.CODE, ok=True, details={"file_name": code.path.name}
        )
        conversation_append(
            user=user,
            strategy=strategy,
            session=strategy.session,
            kind=ConversationMemory.Kind.GENERATE,
            message="",
            answer={"version": version.number, "provider": COMPILER, "file_name": code.path.name},
            state_before=version_state(version),
            state_after=version_state(version),
        )
    log.info("code generated", strategy_id=strategy.pk, version=version.number)
    return GeneratedCode(version, validation)


def _no_spec(version: StrategyVersion) -> Exception:
    if version.generated_code:
        return Conflict("this version is code of your own: there is no specification to generate code from")
    return unclear(
        status=version.status, questions=version.questions, unresolved=version.unresolved, errors=version.errors
    )
