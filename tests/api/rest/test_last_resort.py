"""What no view answers is answered in the one shape too, with DEBUG as without, and tells nothing of the inside."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.rest.conftest import Raising


def test_an_unknown_address_is_answered_with_the_nearest_known_one(anonymous: APIClient, problem: Any) -> None:
    body = problem(anonymous.get("/api/strategy/"), 404)
    assert body["details"] == [
        {"field": "path", "message": "there is no /api/strategy/", "suggestion": "did you mean /api/strategies/?"}
    ]


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_forgotten_slash_is_named_whatever_the_method(anonymous: APIClient, problem: Any, method: str) -> None:
    body = problem(getattr(anonymous, method)("/api/health"), 404)
    assert body["details"][0]["suggestion"] == "did you mean /api/health/ (with the slash at its end)?"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_unknown_address_is_a_404_for_writes_without_a_cookie_too(problem: Any, method: str) -> None:
    problem(getattr(APIClient(enforce_csrf_checks=True), method)("/api/nowhere/"), 404)


@pytest.mark.parametrize(
    "address", ["/", "/nowhere", "/api/", "/api/health//", "/api/%00/", "/api/\udcff/", "/wp-login.php"]
)
def test_any_other_address_is_a_404_and_no_page(anonymous: APIClient, problem: Any, address: str) -> None:
    problem(anonymous.get(address.encode("utf-8", "surrogateescape").decode("latin-1")), 404)


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "a b", "[::1", ""])
def test_a_host_that_is_not_ours_is_refused(
    anonymous: APIClient, problem: Any, settings: Any, debug: bool, host: str
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = debug, ["example.org"]
    body = problem(anonymous.get("/api/health/", HTTP_HOST=host), 400)
    assert body["details"][0]["field"] == "Host"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("address", ["/api/raising/", "/api/plain/"])
def test_an_error_that_nobody_meant_is_a_500_without_its_words(
    raising: Raising, problem: Any, settings: Any, debug: bool, address: str
) -> None:
    settings.DEBUG = debug
    response = raising(RuntimeError("the secret of the inside"), address)
    assert problem(response, 500)["details"] == []
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content


def test_a_page_s_error_is_answered_in_the_same_shape_without_debug(
    raising: Raising, problem: Any, settings: Any
) -> None:
    settings.DEBUG = False
    problem(raising(RuntimeError("secret"), "/page/"), 500)


def test_an_error_that_nobody_meant_is_logged_with_the_request_s_id(
    raising: Raising, caplog: pytest.LogCaptureFixture
) -> None:
    response = raising(RuntimeError("the reason"))
    lines = [record.msg for record in caplog.records if record.name == "rest.errors"]
    assert [(line["event"], line["request_id"], str(line["exc_info"])) for line in lines] == [  # type: ignore[index, call-overload]
        ("request failed", response["X-Request-ID"], "the reason")
    ]


def test_another_method_is_a_405_that_names_the_allowed_ones(anonymous: APIClient, problem: Any) -> None:
    response = anonymous.post("/api/health/", {})
    problem(response, 405)
    assert "GET" in response["Allow"]


def test_only_json_is_answered(anonymous: APIClient, problem: Any) -> None:
    problem(anonymous.get("/api/health/", HTTP_ACCEPT="text/html"), 406)


@pytest.mark.django_db
def test_a_browser_that_takes_anything_gets_json(anonymous: APIClient) -> None:
    response = anonymous.get("/api/health/", HTTP_ACCEPT="text/html,*/*;q=0.8")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
