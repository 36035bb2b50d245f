"""Sign-ins as clients make them: by password, over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import User
from tests.conftest import PASSWORD

SignIn = Callable[[], dict[str, Any]]


def bearing(token: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def sign_in(user: User, anonymous: APIClient) -> SignIn:
    """A new sign-in of the user: `{"access", "refresh", "user"}`."""

    def by_password() -> dict[str, Any]:
        body: dict[str, Any] = anonymous.post(
            "/api/auth/login/", {"username": user.username, "password": PASSWORD}
        ).json()
        return body

    return by_password
