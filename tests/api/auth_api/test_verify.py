"""POST /api/auth/verify/"""

from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import User
from auth_api.tokens import RefreshToken
from tests.api.auth_api.conftest import SignIn, bearing

ADDRESS = "/api/auth/verify/"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_a_token_that_can_be_used_is_told_with_its_kind_and_expiry(
    anonymous: APIClient, user: User, sign_in: SignIn, kind: str
) -> None:
    response = anonymous.post(ADDRESS, {"token": sign_in()[kind]})
    assert response.status_code == 200
    body = response.json()
    assert (body["token_type"], body["user_id"]) == (kind, user.pk)
    assert datetime.fromisoformat(body["expires_at"]).tzinfo is not None


def test_verifying_uses_nothing_up(anonymous: APIClient, sign_in: SignIn) -> None:
    refresh = sign_in()["refresh"]
    anonymous.post(ADDRESS, {"token": refresh})
    assert anonymous.post("/api/auth/refresh/", {"refresh": refresh}).status_code == 200


def test_a_rotated_refresh_token_is_refused(anonymous: APIClient, sign_in: SignIn, problem: Any) -> None:
    refresh = sign_in()["refresh"]
    anonymous.post("/api/auth/refresh/", {"refresh": refresh})
    assert problem(anonymous.post(ADDRESS, {"token": refresh}), 401)["details"][0]["field"] == "token"


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_a_token_of_an_ended_sign_in_is_refused(anonymous: APIClient, sign_in: SignIn, problem: Any, kind: str) -> None:
    tokens = sign_in()
    bearing(tokens["access"]).post("/api/auth/logout/", {"refresh": tokens["refresh"]})
    problem(anonymous.post(ADDRESS, {"token": tokens[kind]}), 401)


def test_a_token_of_an_unknown_kind_is_refused(anonymous: APIClient, user: User, problem: Any) -> None:
    token = RefreshToken.for_user(user)
    token["token_type"] = "sliding"
    problem(anonymous.post(ADDRESS, {"token": str(token)}), 401)


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"refresh": "x"}])
def test_a_body_without_a_token_is_invalid(anonymous: APIClient, problem: Any, body: dict[str, Any]) -> None:
    assert problem(anonymous.post(ADDRESS, body), 400)["details"]
