"""Every error that is raised on purpose has a status, and reaches the client in the one shape."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions

from Backtest.errors import AlgoAgentError, Issue, MachineError
from rest import errors
from rest.errors import HTTP_STATUS, ServiceError, under
from tests.api.rest.conftest import Raising

KNOWN_STATUSES = {400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504, 507}


def below(kind: type[Exception]) -> Iterator[type[Exception]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


RAISABLE = [kind for root in (ServiceError, AlgoAgentError) for kind in below(root)]


@pytest.mark.parametrize("root", [ServiceError, AlgoAgentError])
def test_every_class_that_can_be_raised_has_a_status(root: type[Exception]) -> None:
    assert [kind.__name__ for kind in below(root) if kind not in HTTP_STATUS] == []


def test_no_status_is_mapped_for_what_is_no_error_of_the_trees() -> None:
    assert set(HTTP_STATUS) <= set(below(ServiceError)) | set(below(AlgoAgentError))
    assert set(HTTP_STATUS.values()) <= KNOWN_STATUSES


def test_the_drawing_of_the_tree_shows_every_class_with_its_status() -> None:
    lines = [line.split("─ ")[1].split() for line in str(errors.__doc__).splitlines() if "── " in line]
    drawn = {words[0]: int(words[1]) for words in lines}
    assert drawn == {kind.__name__: HTTP_STATUS[kind] for kind in below(ServiceError)}


@pytest.mark.parametrize("kind", RAISABLE, ids=lambda kind: kind.__name__)
def test_each_reaches_the_client_with_its_status_in_the_one_shape(
    raising: Raising, problem: Any, kind: type[ServiceError | AlgoAgentError]
) -> None:
    issue = Issue("a/0/b", "it is wrong", "write it right")
    body = problem(raising(kind("this went wrong", [issue])), HTTP_STATUS[kind])
    assert body["error"] == "this went wrong"
    expected = [] if issubclass(kind, MachineError) else [issue.as_dict()]  # a machine's issues name its own paths
    assert body["details"] == expected


@pytest.mark.parametrize(
    "kind", [kind for kind in RAISABLE if HTTP_STATUS[kind] == 401], ids=lambda kind: kind.__name__
)
def test_whoever_is_not_known_is_told_how_to_make_themselves_known(raising: Raising, kind: type[ServiceError]) -> None:
    assert raising(kind("who are you?"))["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Http404("secret table"), 404),
        (PermissionDenied("secret reason"), 403),
        (RequestDataTooBig("secret"), 413),
        (SuspiciousOperation("secret"), 400),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.ParseError("the body can't be read"), 400),
        (exceptions.MethodNotAllowed("GET"), 405),
        (exceptions.UnsupportedMediaType("text/csv"), 415),
        (ZeroDivisionError("secret divisor"), 500),
        (KeyError("secret key"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_django_s_and_the_framework_s_errors_are_in_the_same_shape(
    raising: Raising, problem: Any, error: Exception, status: int
) -> None:
    response = raising(error)
    problem(response, status)
    assert b"secret" not in response.content


def test_being_throttled_is_told_with_the_seconds_to_wait(raising: Raising, problem: Any) -> None:
    response = raising(exceptions.Throttled(wait=7))
    assert problem(response, 429)["error"] == "too many requests: try again in 7 s"
    assert response["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [("/entry_rules/0", "canonical_json/entry_rules/0"), ("", "canonical_json"), ("name", "canonical_json/name")],
)
def test_the_issues_of_a_document_become_those_of_its_field(pointer: str, expected: str) -> None:
    assert under("canonical_json", [Issue(pointer, "m", "s")]) == [Issue(expected, "m", "s")]
