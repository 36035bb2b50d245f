"""What no view answers: unknown routes, hosts that are not ours, and errors that escaped everything."""

import difflib
from collections.abc import Callable, Iterator
from functools import cache

import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.decorators.csrf import csrf_exempt

from Backtest.errors import Issue
from rest.problem import problem_response

log = structlog.get_logger("rest.last_resort")


class LastResortMiddleware:
    """Turns what is raised outside the views of the API into the one body of errors, with DEBUG as without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            message = "this server does not answer under that name"
            advice = "add the name to the setting ALLOWED_HOSTS, or use one that stands there"
            return problem_response(request, 400, message, [Issue("Host", message, advice)])
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not request.path.startswith("/api/"):
            return None
        log.exception("request failed", exc_info=error)
        return server_error(request)


@csrf_exempt  # without a cookie of ours it would be a 403, and a page
def unknown_route(request: HttpRequest) -> HttpResponse:
    """404 for an address that no view has, with the nearest one that a view has."""
    message = f"there is no {request.path[:200]}"
    near = _nearest(request.path)
    return problem_response(request, 404, message, [Issue("path", message, near)] if near else [])


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(request, 400, "the request can't be read")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(request, 403, "this is not allowed")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return unknown_route(request)


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_response(request, 500, "something went wrong here; the request's id leads to it in the log")


def _nearest(path: str) -> str:
    routes = known_routes()
    if f"{path}/" in routes:
        return f"did you mean {path}/ (with the slash at its end)?"
    near = difflib.get_close_matches(path, routes, n=1, cutoff=0.75)
    return f"did you mean {near[0]}?" if near else "see /api/docs/"


@cache
def known_routes() -> tuple[str, ...]:
    """The API's addresses as they are written, such as `/api/strategies/<int:strategy_id>/`."""
    return tuple(f"/{route}" for route in _routes(get_resolver().url_patterns, "") if route.startswith("api/"))


def _routes(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
