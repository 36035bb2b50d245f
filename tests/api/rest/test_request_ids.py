"""Every request has an id: in its answer, in its errors, in each line of the log."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

ADDRESS = "/api/nowhere/"


def test_a_caller_s_own_id_is_kept(anonymous: APIClient, problem: Any) -> None:
    response = anonymous.get(ADDRESS, HTTP_X_REQUEST_ID="batch-7.run_12")
    assert response["X-Request-ID"] == "batch-7.run_12"
    assert problem(response, 404)["request_id"] == "batch-7.run_12"


@pytest.mark.parametrize(
    "given_id", ["", "short", "x" * 65, "two words", "line\nbreak", "<script>alert</script>", "ünïcödé"]
)
def test_an_id_that_is_none_is_replaced(anonymous: APIClient, given_id: str) -> None:
    answered = anonymous.get(ADDRESS, HTTP_X_REQUEST_ID=given_id)["X-Request-ID"]
    assert answered != given_id
    assert len(answered) == 32


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_id=st.text(st.characters(max_codepoint=255), max_size=80))
def test_whatever_is_sent_the_answered_id_is_safe_to_print(anonymous: APIClient, given_id: str) -> None:
    answered = anonymous.get(ADDRESS, HTTP_X_REQUEST_ID=given_id)["X-Request-ID"]
    assert answered.isascii()
    assert answered.isprintable()
    assert " " not in answered


def test_no_two_requests_are_given_the_same(anonymous: APIClient) -> None:
    assert len({anonymous.get(ADDRESS)["X-Request-ID"] for _ in range(20)}) == 20


@pytest.mark.django_db
def test_a_request_is_logged_once_with_its_id_route_status_and_user(
    api: APIClient, user: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    response = api.get("/api/auth/me/?secret=1")
    lines: list[Any] = [record.msg for record in caplog.records if record.name == "rest.requests"]
    assert len(lines) == 1
    shown = {name: lines[0][name] for name in ("method", "route", "status", "user_id", "request_id")}
    assert shown == {
        "method": "GET",
        "route": "api/auth/me/",
        "status": 200,
        "user_id": user.pk,
        "request_id": response["X-Request-ID"],
    }
    assert "secret" not in str(lines[0])
