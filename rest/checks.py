"""System checks of the service: what is wrong with its settings, and how to mend it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from rest.throttles import parse_rate

MIN_SECRET_BYTES = 32
_DRAW = "the output of `python -c 'import secrets; print(secrets.token_urlsafe(50))'`"
_DEVELOPMENT_KEY = "development-only"


@register()
def rates_can_be_read(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for scope, rate in settings.THROTTLE_RATES.items():
        try:
            parse_rate(rate)
        except ValueError as error:
            hint = f"Set THROTTLE_{scope.upper()} to a rate such as 20/min, 100/5min or 1000/h, or to off."
            found.append(Error(f"THROTTLE_{scope.upper()}: {error}.", hint=hint, id="rest.E001"))
    return found


@register()
def token_key_is_long_enough(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if len(settings.SIMPLE_JWT["SIGNING_KEY"].encode()) >= MIN_SECRET_BYTES:
        return []
    message = f"JWT_SECRET (or SECRET_KEY in its place) is shorter than {MIN_SECRET_BYTES} bytes: tokens can be forged."
    return [Error(message, hint=f"Set JWT_SECRET to {_DRAW}.", id="rest.E002")]


@register()
def production_has_its_own_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    keys = (settings.SECRET_KEY, settings.SIMPLE_JWT["SIGNING_KEY"])
    if settings.DEBUG or not any(key.startswith(_DEVELOPMENT_KEY) for key in keys):
        return []
    message = "The development key, which everyone knows, is used in production."
    return [Error(message, hint=f"Set SECRET_KEY (and JWT_SECRET, if it is set) to {_DRAW}.", id="rest.E003")]


@register()
def production_answers_under_a_name(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG:
        return []
    if not settings.ALLOWED_HOSTS:
        hint = "Set ALLOWED_HOSTS to the names that the service is reached by, such as api.example.org."
        return [Error("ALLOWED_HOSTS is empty: every request would be refused.", hint=hint, id="rest.E004")]
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts that the service is reached by, such as api.example.org."
        return [Warning("ALLOWED_HOSTS takes every name: links can be forged.", hint=hint, id="rest.W001")]
    return []


@register()
def production_trusts_only_encrypted_origins(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.DEBUG:
        return []
    return [
        Warning(
            f"{name} trusts {origin}, which anyone on the way can forge.",
            hint=f"Write it with https:// in {name}, or leave it out.",
            id="rest.W002",
        )
        for name in ("CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS")
        for origin in getattr(settings, name)
        if origin.startswith("http://")
    ]
