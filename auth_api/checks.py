"""System checks of the language model's settings, and how to mend them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register

from auth_api.services import model_config
from Backtest.llm.providers import NAMES

_LOCAL = ("localhost", "127.0.0.1", "::1")


@register()
def model_can_be_asked(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    config = model_config()
    problem = config.problem()
    if problem is None:
        return []
    if config.provider not in NAMES:
        return [Error(f"LLM_PROVIDER: {problem}.", hint="Set it to one of them.", id="auth_api.E001")]
    hint = "Until then everything works as without a model. docs/models.md says what each provider needs."
    return [Warning(f"No language model can be asked: {problem}.", hint=hint, id="auth_api.W001")]


@register()
def model_key_is_sent_encrypted(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    config = model_config()
    address = urlsplit(config.endpoint)
    if not config.key or address.scheme != "http" or address.hostname in _LOCAL:
        return []
    message = f"The key of the language model is sent to {address.hostname} unencrypted."
    return [Warning(message, hint="Write LLM_BASE_URL with https://, or leave the key out.", id="auth_api.W002")]
