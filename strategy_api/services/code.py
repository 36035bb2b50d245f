"""The code of a version: compiled from its spec, or written by a model and proved; put where such files are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from auth_api.models import User
from rest.errors import Conflict
from strategy_api.models import ConversationMemory, StrategyValidation, StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services.clarity import unclear
from strategy_api.services.contents import COMPILER, Description, compiled, spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.model_code import MODEL, code_by_model, details_of, details_of_compiled, saved
from strategy_api.services.strategies import strategy_locked, strategy_update

log = structlog.get_logger("strategy_api.code")


@dataclass(frozen=True)
class GeneratedCode:
    """A version with its code, and what the scan said of it."""

    version: StrategyVersion
    validation: StrategyValidation


def code_generate(*, user: User, strategy_id: int, provider: str | None = None) -> GeneratedCode:
    """Generate the code of the latest version anew: by the model where there is one, or as `provider` says.

    A model's code is taken only when it is proved; otherwise it is the compiler's, which is the same for the same spec,
    and the validation says why. Raises NotFound, Unclear for a description that is no spec yet, Conflict for a version
    that is the user's own code and where `provider` is MODEL and there is none, ArtifactUnwritable and SandboxBroken.
    """
    version = strategy_version_get(user=user, strategy_id=strategy_id)
    spec = spec_of(version)
    if spec is None:
        raise _no_spec(version)
    said_in = "user_description" if version.turns else "canonical_json"
    code = compiled(spec, user_id=user.pk, version=version.number, said_in=said_in)
    if provider == COMPILER or (provider is None and settings.LLM_PROVIDER == "offline"):
        return _stored(user, version, code.source, code.path.name, details_of_compiled())
    generated = code_by_model(spec, user_id=user.pk, must_be_asked=provider == MODEL)
    if generated.provider == COMPILER:
        return _stored(user, version, code.source, code.path.name, details_of(generated))
    name = saved(spec, generated.source, user_id=user.pk, version=version.number)
    return _stored(user, version, generated.source, name, details_of(generated))


def code_generate_from_canonical(
    *,
    user: User,
    strategy_id: int,
    canonical_json: Mapping[str, Any] | None = None,
    provider: str | None = None,
) -> GeneratedCode:
    """As `code_generate`, from this document where one is given: it makes a version unless it is the one that stands.

    Raises Invalid as well, with the place in the document.
    """
    if canonical_json is not None:
        description = Description(canonical_json=canonical_json)
        strategy_update(user=user, strategy_id=strategy_id, description=description)
    return code_generate(user=user, strategy_id=strategy_id, provider=provider)


def _stored(
    user: User, version: StrategyVersion, source: str, file_name: str, details: Mapping[str, Any]
) -> GeneratedCode:
    provider = details["provider"]
    with transaction.atomic():
        strategy = strategy_locked(user=user, strategy_id=version.strategy_id)
        version.generated_code, version.code_file_name, version.provider = source, file_name, provider
        version.save(update_fields=["generated_code", "code_file_name", "provider"])
        validation = StrategyValidation.objects.create(
            version=version,
            kind=StrategyValidation.Kind.CODE,
            ok=True,
            details={"file_name": file_name, **details},
        )
        conversation_append(
            user=user,
            strategy=strategy,
            session=strategy.session,
            kind=ConversationMemory.Kind.GENERATE,
            message="",
            answer={
                "version": version.number,
                "file_name": file_name,
                **{name: details[name] for name in ("provider", "model", "fallback_reason", "proof")},
            },
            state_before=version_state(version),
            state_after=version_state(version),
        )
    log.info("code generated", strategy_id=strategy.pk, version=version.number, provider=provider)
    return GeneratedCode(version, validation)


def _no_spec(version: StrategyVersion) -> Exception:
    if version.generated_code:
        return Conflict("this version is code of your own: there is no specification to generate code from")
    return unclear(
        status=version.status, questions=version.questions, unresolved=version.unresolved, errors=version.errors
    )
