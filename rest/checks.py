"""System checks of the service: what is wrong with its settings, and how to mend it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from rest.throttles import parse_rate

MIN_SECRET_BYTES = 32


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
    hint = "Set JWT_SECRET to the output of `python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    return [Error(f"The key that signs tokens is shorter than {MIN_SECRET_BYTES} bytes.", hint=hint, id="rest.E002")]
