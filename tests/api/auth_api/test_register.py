"""POST /api/auth/register/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import AuditEvent, User
from tests.api.auth_api.conftest import bearing
from tests.conftest import PASSWORD

ADDRESS = "/api/auth/register/"
GRACE = {"username": "Grace", "email": "Grace@Example.org", "password": PASSWORD}

pytestmark = pytest.mark.django_db


def test_an_account_is_made_and_signed_in(anonymous: APIClient) -> None:
    response = anonymous.post(ADDRESS, GRACE)
    assert response.status_code == 201
    assert response["Location"] == "/api/auth/me/"
    body = response.json()
    assert set(body) == {"access", "refresh", "user"}
    assert bearing(body["access"]).get("/api/auth/me/").json() == body["user"]


def test_name_and_email_are_kept_as_given(anonymous: APIClient) -> None:
    user = anonymous.post(ADDRESS, GRACE).json()["user"]
    assert (user["username"], user["email"]) == ("Grace", "Grace@Example.org")


def test_the_answer_holds_no_password_and_no_rights(anonymous: APIClient) -> None:
    user = anonymous.post(ADDRESS, GRACE).json()["user"]
    assert set(user) == {"id", "username", "email", "first_name", "last_name", "created_at"}


def test_tokens_are_not_to_be_stored_on_the_way(anonymous: APIClient) -> None:
    assert anonymous.post(ADDRESS, GRACE)["Cache-Control"] == "no-store"


def test_rights_can_t_be_taken_by_registering(anonymous: APIClient, problem: Any) -> None:
    body = problem(anonymous.post(ADDRESS, {**GRACE, "is_superuser": True}), 400)
    assert body["details"][0]["field"] == "is_superuser"
    assert not User.objects.filter(username="Grace").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "two words"),
        ("username", "gräce"),
        ("username", "g" * 151),
        ("username", ""),
        ("email", "nowhere"),
        ("email", "grace@münchen.example"),
        ("email", None),
        ("password", "short1!"),
        ("password", "password123"),
        ("password", "73519846201"),
        ("password", "Grace@Example.org"),
        ("password", "x" * 1025),
        ("password", ["a", "list"]),
    ],
)
def test_what_can_t_be_taken_is_named(anonymous: APIClient, problem: Any, field: str, value: Any) -> None:
    body = problem(anonymous.post(ADDRESS, {**GRACE, field: value}), 400)
    assert {detail["field"] for detail in body["details"]} == {field}
    assert not User.objects.exists()


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_each_field_is_needed(anonymous: APIClient, problem: Any, field: str) -> None:
    body = problem(anonymous.post(ADDRESS, {name: value for name, value in GRACE.items() if name != field}), 400)
    assert body["details"] == [{"field": field, "message": "This field is required.", "suggestion": "give it"}]


@pytest.mark.parametrize(("field", "value"), [("username", "ADA"), ("email", "ADA@EXAMPLE.ORG")])
def test_a_name_or_email_that_is_taken_in_another_case_is_a_conflict(
    anonymous: APIClient, user: User, problem: Any, field: str, value: str
) -> None:
    body = problem(anonymous.post(ADDRESS, {**GRACE, field: value}), 409)
    assert [detail["field"] for detail in body["details"]] == [field]
    assert User.objects.count() == 1


def test_both_conflicts_are_named_at_once(anonymous: APIClient, user: User, problem: Any) -> None:
    taken = {"username": user.username, "email": user.email, "password": PASSWORD}
    body = problem(anonymous.post(ADDRESS, taken), 409)
    assert [detail["field"] for detail in body["details"]] == ["username", "email"]


def test_a_password_is_kept_to_the_last_space(anonymous: APIClient) -> None:
    spaced = f"  {PASSWORD}  "
    anonymous.post(ADDRESS, {**GRACE, "password": spaced})
    login = {"username": "grace", "password": spaced}
    assert anonymous.post("/api/auth/login/", login).status_code == 200
    assert anonymous.post("/api/auth/login/", {**login, "password": PASSWORD}).status_code == 401


def test_registering_is_in_the_audit_trail(anonymous: APIClient) -> None:
    response = anonymous.post(ADDRESS, GRACE, HTTP_USER_AGENT="curl/8.5", REMOTE_ADDR="192.0.2.7")
    event = AuditEvent.objects.get()
    assert event.kind == AuditEvent.Kind.REGISTERED
    assert event.user_id == response.json()["user"]["id"]
    assert (event.address, event.user_agent, event.request_id) == ("192.0.2.7", "curl/8.5", response["X-Request-ID"])
