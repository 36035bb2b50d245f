"""How often someone may ask, counted in the database, so that it holds across processes."""

import hashlib
import re
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from rest.models import ThrottleWindow

_RATE = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)?(s|min|h|d)")
_UNIT_S = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_KEPT_S = 2 * 86_400


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    most: int
    window_s: int


def parse_rate(text: str) -> Rate | None:
    """`20/min`, `100/5min`, `1000/h`; None for `off`. Raises ValueError for anything else."""
    if text == "off":
        return None
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no rate: write 20/min, 100/5min, 1000/h, or off")
    return Rate(int(match[1]), int(match[2] or 1) * _UNIT_S[match[3]])


def count_request(key: str, rate: Rate, now_s: float) -> int | None:
    """Count one request; None where it is within the rate, else the seconds to wait. Atomic across processes."""
    start = int(now_s) // rate.window_s * rate.window_s
    table = connection.ops.quote_name(ThrottleWindow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, window_start_s, count) VALUES (%s, %s, 1) "  # noqa: S608 - our own table's name
            f"ON CONFLICT (key, window_start_s) DO UPDATE SET count = {table}.count + 1 RETURNING count",
            [key, start],
        )
        count = int(cursor.fetchone()[0])
    if count == 1:
        ThrottleWindow.objects.filter(window_start_s__lt=now_s - _KEPT_S).delete()
    return None if count <= rate.most else start + rate.window_s - int(now_s)


class Throttle(BaseThrottle):
    """The rate of the view's `throttle_scope`, by user, or by address where nobody is signed in.

    The rates are the setting `THROTTLE_RATES`, by scope; a view without a scope is not throttled.
    """

    _wait_s: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scope", None)
        rate = parse_rate(settings.THROTTLE_RATES[scope]) if scope else None
        if rate is None:
            return True
        self._wait_s = count_request(f"{scope}:{_who(request)}", rate, time.time())
        return self._wait_s is None

    def wait(self) -> float | None:
        return self._wait_s


def _who(request: Request) -> str:
    """The user, or the address as a hash: addresses are not kept."""
    if request.user is not None and request.user.pk is not None:
        return f"user:{request.user.pk}"
    address = request.META.get("REMOTE_ADDR", "")
    return f"address:{hashlib.sha256(f'{settings.SECRET_KEY}{address}'.encode()).hexdigest()[:32]}"
