"""The API as its clients see it: real tokens, real routes, no patches."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from auth_api.models import User
from auth_api.tokens import RefreshToken


def access_token_of(user: User) -> AccessToken:
    """The access token of a new sign-in of this user."""
    return RefreshToken.for_user(user).access_token


def client_of(user: User | None) -> APIClient:
    """A client that bears the user's access token, or none."""
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token_of(user)}")
    return client


@pytest.fixture
def anonymous() -> APIClient:
    return client_of(None)


@pytest.fixture
def api(user: User) -> APIClient:
    """Signed in as the owner of what the tests make."""
    return client_of(user)


@pytest.fixture
def strange_api(stranger: User) -> APIClient:
    """Signed in as somebody else."""
    return client_of(stranger)


@pytest.fixture
def problem() -> Callable[[Response, int], dict[str, Any]]:
    """Asserts that a response is an error of the one shape, and gives its body."""

    def check(response: Response, status: int) -> dict[str, Any]:
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/json"
        body = response.json()
        assert set(body) == {"error", "details", "ai_suggestions", "request_id"}
        assert body["error"]
        assert body["request_id"] == response["X-Request-ID"]
        assert all(set(detail) == {"field", "message", "suggestion"} for detail in body["details"])
        return body

    return check
