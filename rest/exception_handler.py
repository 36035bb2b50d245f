"""From whatever a view raises to the one body of errors."""

import difflib
import math
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from Backtest.errors import AlgoAgentError, Issue, MachineError, ModelFailed
from rest.errors import ServiceError, http_status
from rest.problem import problem

log = structlog.get_logger("rest.errors")

_CODE_ADVICE = {
    "required": "give it",
    "blank": "give a text that is not empty",
    "null": "leave it out, or give a value",
    "invalid_choice": "choose one of the values that the schema lists",
}


def respond(error: Exception, context: Mapping[str, Any]) -> Response:
    """The response for an error of a view: its status and the one body. What nobody meant to raise is logged."""
    request = context["request"]
    set_rollback()
    status, message, issues, headers = _described(error)
    if status >= 500:
        log.error("request failed", error=type(error).__name__, exc_info=error)
    return Response(problem(request._request, message, issues), status=status, headers=headers)


def _described(error: Exception) -> tuple[int, str, list[Issue], dict[str, str]]:
    match error:
        case ModelFailed() if error.retry_after_s is not None:
            return http_status(error), error.message, [], {"Retry-After": str(math.ceil(error.retry_after_s))}
        case MachineError():
            return http_status(error), error.message, [], {}  # its issues name this machine's paths
        case ServiceError() | AlgoAgentError():
            issues = [Issue(issue.field.removeprefix("/"), issue.message, issue.suggestion) for issue in error.issues]
            return http_status(error), error.message, issues, _challenge(http_status(error))
        case exceptions.ValidationError():
            issues = list(issues_of(error.detail))
            return 400, issues[0].message if issues else "the input is invalid", issues, {}
        case exceptions.NotAuthenticated():
            advice = "sign in at /api/auth/login/ and send the header Authorization: Bearer <access>"
            issue = Issue("Authorization", "no access token was sent", advice)
            return 401, "this needs an access token: sign in first", [issue], _challenge(401)
        case exceptions.APIException():
            return _described_by_framework(error)
        case Http404():
            return 404, "it is not there", [], {}
        case PermissionDenied():
            return 403, "this is not allowed", [], {}
        case RequestDataTooBig():
            return 413, "the body is larger than is taken", [], {}
        case SuspiciousOperation():
            return 400, "the request can't be read", [], {}
        case _:
            return 500, "something went wrong here; the request's id leads to it in the log", [], {}


def _described_by_framework(error: exceptions.APIException) -> tuple[int, str, list[Issue], dict[str, str]]:
    headers = _challenge(error.status_code)
    issues: list[Issue] = []
    if isinstance(error, exceptions.Throttled):
        wait_s = int(getattr(error, "wait", None) or 1)
        headers["Retry-After"] = str(wait_s)
        message = f"too many requests: try again in {wait_s} s"
        return 429, message, [Issue("", message, f"wait {wait_s} s")], headers
    detail = error.detail
    message = str(detail["detail"]) if isinstance(detail, dict) and "detail" in detail else _first_text(detail)
    return error.status_code, message, issues, headers


def _challenge(status: int) -> dict[str, str]:
    return {"WWW-Authenticate": 'Bearer realm="api"'} if status == 401 else {}


def _first_text(detail: Any) -> str:
    while isinstance(detail, list | dict) and detail:
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail))
    return str(detail)


def issues_of(detail: Any, field: str = "") -> Iterator[Issue]:
    """One Issue per message of a validation error; fields are JSON pointers without the first slash."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            inner = field if name == "non_field_errors" else f"{field}/{name}" if field else str(name)
            yield from issues_of(below, inner)
    elif isinstance(detail, list):
        for place, below in enumerate(detail):
            yield from issues_of(below, f"{field}/{place}" if isinstance(below, dict) and below else field)
    else:
        code = str(getattr(detail, "code", ""))
        yield Issue(field, str(detail), _suggestion(code))


def _suggestion(code: str) -> str:
    return code.removeprefix("advice:") if code.startswith("advice:") else _CODE_ADVICE.get(code, "")


def unknown_field(name: str, known: list[str]) -> exceptions.ErrorDetail:
    """The error of a field that the request does not have, with the nearest one that it has."""
    near = difflib.get_close_matches(name, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}" if known else "leave it out"
    return exceptions.ErrorDetail(f"there is no field {name[:60]!r}", code=f"advice:{advice}")
