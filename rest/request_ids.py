"""Every request has an id, in its answer, in its errors and in each line that is logged for it."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger("rest.requests")


def request_id_of(request: HttpRequest) -> str:
    """The id of this request: the caller's own if it sent a sensible one, else one made here."""
    known: str | None = getattr(request, "request_id", None)
    if known is None:
        given = request.headers.get(HEADER, "")
        known = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        setattr(request, "request_id", known)  # noqa: B010 - an attribute that Django's request does not declare
    return known


class RequestIdMiddleware:
    """Binds the request's id to the log, sends it back, and logs one line when the request is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id_of(request))
        response = self._get_response(request)
        response[HEADER] = request_id_of(request)
        log.info(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else None,
            status=response.status_code,
            duration_ms=round((time.perf_counter() - began) * 1000, 1),
            user_id=getattr(getattr(request, "user", None), "pk", None),
        )
        return response
