"""The one body of every error, whoever answers it: a view, Django, or the last resort."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse

from Backtest.errors import Issue
from rest.request_ids import request_id_of


def problem(request: HttpRequest, message: str, issues: Iterable[Issue] = ()) -> dict[str, Any]:
    """`{"error", "details": [{"field", "message", "suggestion"}], "ai_suggestions", "request_id"}`."""
    return {
        "error": message,
        "details": [issue.as_dict() for issue in issues],
        "ai_suggestions": [],
        "request_id": request_id_of(request),
    }


def problem_response(request: HttpRequest, status: int, message: str, issues: Iterable[Issue] = ()) -> JsonResponse:
    """The same as a response, for what answers outside the views."""
    return JsonResponse(problem(request, message, issues), status=status)
