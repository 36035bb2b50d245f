"""GET and PATCH /api/auth/me/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import AuditEvent, User
from auth_api.origin import Origin
from auth_api.services import NewPassword, account_update
from auth_api.tokens import RefreshToken
from rest.errors import Conflict
from tests.api.auth_api.conftest import SignIn, bearing
from tests.conftest import PASSWORD

ADDRESS = "/api/auth/me/"
NEW = "wrong donkey charger clip"

pytestmark = pytest.mark.django_db


def test_it_tells_who_is_signed_in(api: APIClient, user: User) -> None:
    response = api.get(ADDRESS)
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"id", "username", "email", "first_name", "last_name", "created_at"}
    assert (body["id"], body["username"], body["email"]) == (user.pk, "ada", "ada@example.org")


@pytest.mark.parametrize("method", ["get", "patch"])
def test_nobody_is_refused_and_told_how_to_sign_in(anonymous: APIClient, problem: Any, method: str) -> None:
    response = getattr(anonymous, method)(ADDRESS)
    body = problem(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "/api/auth/login/" in body["details"][0]["suggestion"]


def test_email_and_names_can_be_changed(api: APIClient, user: User) -> None:
    changes = {"email": "Countess@example.org", "first_name": "Ada", "last_name": "Lovelace"}
    response = api.patch(ADDRESS, changes)
    assert response.status_code == 200
    assert {field: response.json()[field] for field in changes} == changes
    assert api.get(ADDRESS).json() == response.json()


def test_what_is_left_out_stays(api: APIClient, user: User) -> None:
    before = api.get(ADDRESS).json()
    assert api.patch(ADDRESS, {"first_name": "Ada"}).json() == {**before, "first_name": "Ada"}
    assert api.patch(ADDRESS, {}).json() == {**before, "first_name": "Ada"}


def test_one_s_own_email_can_be_written_in_another_case(api: APIClient) -> None:
    assert api.patch(ADDRESS, {"email": "ADA@example.org"}).json()["email"] == "ADA@example.org"


def test_a_stranger_s_email_in_another_case_is_a_conflict(
    api: APIClient, user: User, stranger: User, problem: Any
) -> None:
    body = problem(api.patch(ADDRESS, {"email": stranger.email.upper(), "first_name": "Ada"}), 409)
    assert [detail["field"] for detail in body["details"]] == ["email"]
    user.refresh_from_db()
    assert (user.email, user.first_name) == ("ada@example.org", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "countess"}, "username"),
        ({"is_staff": True}, "is_staff"),
        ({"id": 7}, "id"),
        ({"email": "nowhere"}, "email"),
        ({"first_name": "x" * 151}, "first_name"),
        ({"password": NEW}, "current_password"),
        ({"current_password": PASSWORD}, "password"),
        ({"password": NEW, "current_password": "wrong"}, "current_password"),
        ({"password": "password123", "current_password": PASSWORD}, "password"),
        (
            {"password": "new-mail@example.net", "current_password": PASSWORD, "email": "new-mail@example.net"},
            "password",
        ),
    ],
)
def test_what_can_t_be_changed_is_named_and_changes_nothing(
    api: APIClient, user: User, problem: Any, changes: dict[str, Any], field: str
) -> None:
    before = User.objects.values().get()
    assert [detail["field"] for detail in problem(api.patch(ADDRESS, changes), 400)["details"]] == [field]
    assert User.objects.values().get() == before


def test_a_new_password_ends_every_other_sign_in_and_goes_on_with_this_one(
    anonymous: APIClient, user: User, sign_in: SignIn
) -> None:
    here, elsewhere = sign_in(), sign_in()
    response = bearing(here["access"]).patch(ADDRESS, {"password": NEW, "current_password": PASSWORD})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    new = response.json()
    assert bearing(new["access"]).get(ADDRESS).status_code == 200
    assert RefreshToken(new["refresh"])["sign_in"] == RefreshToken(here["refresh"])["sign_in"]
    assert bearing(elsewhere["access"]).get(ADDRESS).status_code == 401
    for old in (here, elsewhere):
        assert anonymous.post("/api/auth/refresh/", {"refresh": old["refresh"]}).status_code == 401


def test_after_a_new_password_only_the_new_one_signs_in(anonymous: APIClient, api: APIClient, user: User) -> None:
    api.patch(ADDRESS, {"password": NEW, "current_password": PASSWORD})
    statuses = [
        anonymous.post("/api/auth/login/", {"username": "ada", "password": password}).status_code
        for password in (PASSWORD, NEW)
    ]
    assert statuses == [401, 200]


def test_of_two_new_passwords_at_once_one_wins(user: User) -> None:
    first, second = User.objects.get(), User.objects.get()
    token = RefreshToken.for_user(user)
    change = NewPassword(PASSWORD, NEW)
    account_update(user=first, token=token, changes={}, password=change, origin=Origin())
    with pytest.raises(Conflict, match="changed meanwhile"):
        account_update(user=second, token=token, changes={"first_name": "x"}, password=change, origin=Origin())
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.first_name == ""


def test_changes_are_in_the_audit_trail_by_field_and_never_by_value(api: APIClient, user: User) -> None:
    api.patch(ADDRESS, {"first_name": "Ada", "email": "countess@example.org"})
    api.patch(ADDRESS, {"password": NEW, "current_password": "wrong"})
    api.patch(ADDRESS, {"password": NEW, "current_password": PASSWORD})
    events = list(AuditEvent.objects.filter(user=user).order_by("id").values_list("kind", "reason"))
    assert events == [
        ("profile_changed", "email, first_name"),
        ("sign_in_refused", "wrong current password"),
        ("password_changed", ""),
    ]
