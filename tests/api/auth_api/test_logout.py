"""POST /api/auth/logout/"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from auth_api.models import AuditEvent, EndedSignIn, User
from auth_api.tokens import RefreshToken
from tests.api.auth_api.conftest import SignIn, bearing

ADDRESS = "/api/auth/logout/"

pytestmark = pytest.mark.django_db


def test_after_it_neither_token_of_the_sign_in_is_taken(anonymous: APIClient, sign_in: SignIn) -> None:
    tokens = sign_in()
    client = bearing(tokens["access"])
    response = client.post(ADDRESS, {"refresh": tokens["refresh"]})
    assert (response.status_code, response.content) == (204, b"")
    assert client.get("/api/auth/me/").status_code == 401
    assert anonymous.post("/api/auth/refresh/", {"refresh": tokens["refresh"]}).status_code == 401
    assert bearing(tokens["refresh"]).get("/api/auth/refresh/").status_code == 401


def test_tokens_from_before_a_rotation_end_with_it(anonymous: APIClient, sign_in: SignIn) -> None:
    first = sign_in()
    second = anonymous.post("/api/auth/refresh/", {"refresh": first["refresh"]}).json()
    bearing(second["access"]).post(ADDRESS, {"refresh": second["refresh"]})
    assert bearing(first["access"]).get("/api/auth/me/").status_code == 401


def test_a_rotated_token_still_signs_out(anonymous: APIClient, sign_in: SignIn) -> None:
    first = sign_in()
    second = anonymous.post("/api/auth/refresh/", {"refresh": first["refresh"]}).json()
    assert bearing(second["access"]).post(ADDRESS, {"refresh": first["refresh"]}).status_code == 204
    assert anonymous.post("/api/auth/refresh/", {"refresh": second["refresh"]}).status_code == 401


def test_other_sign_ins_go_on(sign_in: SignIn) -> None:
    here, elsewhere = sign_in(), sign_in()
    bearing(here["access"]).post(ADDRESS, {"refresh": here["refresh"]})
    assert bearing(elsewhere["access"]).get("/api/auth/me/").status_code == 200


def test_twice_is_refused(sign_in: SignIn, problem: Any) -> None:
    tokens = sign_in()
    client = bearing(tokens["access"])
    client.post(ADDRESS, {"refresh": tokens["refresh"]})
    problem(client.post(ADDRESS, {"refresh": tokens["refresh"]}), 401)


def test_nobody_can_t_sign_out(anonymous: APIClient, sign_in: SignIn, problem: Any) -> None:
    refresh = sign_in()["refresh"]
    problem(anonymous.post(ADDRESS, {"refresh": refresh}), 401)
    assert anonymous.post("/api/auth/refresh/", {"refresh": refresh}).status_code == 200


def test_a_stranger_can_t_end_somebody_s_sign_in(
    anonymous: APIClient, strange_api: APIClient, sign_in: SignIn, problem: Any
) -> None:
    refresh = sign_in()["refresh"]
    problem(strange_api.post(ADDRESS, {"refresh": refresh}), 401)
    assert anonymous.post("/api/auth/refresh/", {"refresh": refresh}).status_code == 200


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"access": "x"}])
def test_a_body_without_a_token_is_invalid(api: APIClient, problem: Any, body: dict[str, Any]) -> None:
    assert problem(api.post(ADDRESS, body), 400)["details"]


def test_it_is_in_the_audit_trail(user: User, sign_in: SignIn) -> None:
    tokens = sign_in()
    bearing(tokens["access"]).post(ADDRESS, {"refresh": tokens["refresh"]})
    assert AuditEvent.objects.filter(kind="signed_out", user=user).count() == 1


def test_an_ended_sign_in_is_remembered_until_its_last_token_has_expired(sign_in: SignIn, settings: Any) -> None:
    tokens = sign_in()
    bearing(tokens["access"]).post(ADDRESS, {"refresh": tokens["refresh"]})
    assert EndedSignIn.objects.get().expires_at.timestamp() >= RefreshToken(tokens["refresh"])["exp"]


def test_what_has_expired_is_forgotten_when_the_next_one_ends(sign_in: SignIn) -> None:
    for _ in range(2):
        EndedSignIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        tokens = sign_in()
        bearing(tokens["access"]).post(ADDRESS, {"refresh": tokens["refresh"]})
    assert EndedSignIn.objects.count() == 1
