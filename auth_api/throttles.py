"""How often one account's password may be tried, wherever the tries come from."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from auth_api.services import subject_of
from rest.throttles import count_request, parse_rate


class PasswordThrottle(BaseThrottle):
    """Tries of one account's password at the rate `sign_in`, by the name that was given or by who is signed in."""

    _wait_s: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        name = _account_tried(request)
        self._wait_s = tries_count(name=name) if name else None
        return self._wait_s is None

    def wait(self) -> float | None:
        return self._wait_s


def tries_count(*, name: str) -> int | None:
    """Count one try of this account's password; None where it may be made, else the seconds to wait."""
    rate = parse_rate(settings.THROTTLE_RATES["sign_in"])
    return count_request(f"password:{subject_of(name)}", rate, time.time()) if rate else None


def _account_tried(request: Request) -> str | None:
    body = dict(request.data)
    if request.user is not None and request.user.is_authenticated:
        return request.user.get_username() if "current_password" in body else None
    given = body.get("username") or body.get("email")
    return given.strip() if isinstance(given, str) else None  # as the field that signs in reads it
