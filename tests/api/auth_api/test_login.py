"""POST /api/auth/login/"""

from typing import Any

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, MD5PasswordHasher
from rest_framework.test import APIClient

from auth_api.models import AuditEvent, User
from auth_api.services import subject_of
from tests.api.auth_api.conftest import bearing
from tests.conftest import PASSWORD

ADDRESS = "/api/auth/login/"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "who", [{"username": "ada"}, {"username": "ADA"}, {"email": "ada@example.org"}, {"email": "Ada@EXAMPLE.org"}]
)
def test_name_or_email_sign_in_whatever_their_case(anonymous: APIClient, user: User, who: dict[str, str]) -> None:
    response = anonymous.post(ADDRESS, {**who, "password": PASSWORD})
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"access", "refresh", "user"}
    assert body["user"]["id"] == user.pk
    assert bearing(body["access"]).get("/api/auth/me/").status_code == 200


def test_tokens_are_not_to_be_stored_on_the_way(anonymous: APIClient, user: User) -> None:
    assert anonymous.post(ADDRESS, {"username": "ada", "password": PASSWORD})["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        {"username": "ada", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"username": "ada@example.org", "password": PASSWORD},
        {"email": "ada", "password": PASSWORD},
        {"username": "ada", "password": PASSWORD.upper()},
    ],
)
def test_a_refusal_does_not_tell_whether_the_account_exists(
    anonymous: APIClient, user: User, problem: Any, body: dict[str, str]
) -> None:
    response = anonymous.post(ADDRESS, body)
    refused = problem(response, 401)
    assert (refused["error"], refused["details"]) == ("the name or the password is wrong", [])
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_an_inactive_account_is_refused_like_any_other(anonymous: APIClient, user: User, problem: Any) -> None:
    User.objects.update(is_active=False)
    body = problem(anonymous.post(ADDRESS, {"username": "ada", "password": PASSWORD}), 401)
    assert body["error"] == "the name or the password is wrong"


class CountingHasher(MD5PasswordHasher):
    """MD5, cheap as in the other tests, which counts how often it is asked."""

    algorithm = "counting_md5"
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_refusing_costs_one_hash_whether_the_account_exists_or_not(
    anonymous: APIClient, settings: Any, db: None, name: str
) -> None:
    assert issubclass(CountingHasher, BasePasswordHasher)
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    User.objects.create_user("ada", "ada@example.org", PASSWORD)
    before = CountingHasher.hashed
    assert anonymous.post(ADDRESS, {"username": name, "password": "wrong"}).status_code == 401
    assert CountingHasher.hashed - before == 1


@pytest.mark.parametrize(
    "body",
    [
        {"password": PASSWORD},
        {"username": "ada", "email": "ada@example.org", "password": PASSWORD},
        {"username": "ada"},
        {"username": "ada", "password": ""},
        {"username": ["ada"], "password": PASSWORD},
        {"user": "ada", "password": PASSWORD},
    ],
)
def test_a_body_that_is_no_login_is_invalid(
    anonymous: APIClient, user: User, problem: Any, body: dict[str, Any]
) -> None:
    assert problem(anonymous.post(ADDRESS, body), 400)["details"]


def test_a_misspelt_field_is_answered_with_the_right_one(anonymous: APIClient, problem: Any) -> None:
    body = problem(anonymous.post(ADDRESS, {"usrname": "ada", "password": PASSWORD}), 400)
    assert body["details"][0]["suggestion"] == "did you mean username?"


def test_signing_in_is_in_the_audit_trail_and_on_the_account(anonymous: APIClient, user: User) -> None:
    anonymous.post(ADDRESS, {"email": "ADA@example.org", "password": PASSWORD})
    event = AuditEvent.objects.get()
    assert (event.kind, event.user, event.subject) == (AuditEvent.Kind.SIGNED_IN, user, subject_of("ada"))
    user.refresh_from_db()
    assert user.last_login is not None


@pytest.mark.parametrize(
    ("name", "reason"),
    [("ada", "wrong password"), ("Nobody", "no such account"), ("mallory", "the account is inactive")],
)
def test_a_refusal_is_in_the_audit_trail_with_its_reason(
    anonymous: APIClient, user: User, stranger: User, name: str, reason: str
) -> None:
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    anonymous.post(ADDRESS, {"username": name, "password": "wrong"})
    event = AuditEvent.objects.get()
    assert (event.kind, event.reason, event.subject) == ("sign_in_refused", reason, subject_of(name.lower()))


def test_neither_the_trail_nor_the_log_keeps_a_password_or_an_unknown_name(
    anonymous: APIClient, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    anonymous.post(ADDRESS, {"username": "my-other-password", "password": "hunter2-hunter2"})
    written = caplog.text + "".join(str(value) for event in AuditEvent.objects.values() for value in event.values())
    assert "account event" in written
    assert "hunter2" not in written
    assert "my-other-password" not in written
