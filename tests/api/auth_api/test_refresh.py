"""POST /api/auth/refresh/ rotates; GET with the refresh token as the Bearer does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from auth_api.models import AuditEvent, User
from auth_api.services import REUSE_GRACE_S
from auth_api.tokens import RefreshToken
from tests.api.auth_api.conftest import SignIn, bearing

ADDRESS = "/api/auth/refresh/"

pytestmark = pytest.mark.django_db


def test_a_refresh_token_is_exchanged_for_new_tokens(anonymous: APIClient, sign_in: SignIn) -> None:
    first = sign_in()
    response = anonymous.post(ADDRESS, {"refresh": first["refresh"]})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    second = response.json()
    assert second["user"] == first["user"]
    assert second["refresh"] != first["refresh"]
    assert bearing(second["access"]).get("/api/auth/me/").status_code == 200
    assert anonymous.post(ADDRESS, {"refresh": second["refresh"]}).status_code == 200


def test_access_tokens_live_on_after_a_rotation(anonymous: APIClient, sign_in: SignIn) -> None:
    first = sign_in()
    anonymous.post(ADDRESS, {"refresh": first["refresh"]})
    assert bearing(first["access"]).get("/api/auth/me/").status_code == 200


def test_a_rotated_token_is_refused_and_the_new_one_is_still_good(
    anonymous: APIClient, sign_in: SignIn, problem: Any
) -> None:
    first = sign_in()
    second = anonymous.post(ADDRESS, {"refresh": first["refresh"]}).json()
    response = anonymous.post(ADDRESS, {"refresh": first["refresh"]})
    body = problem(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert body["details"][0]["field"] == "refresh"
    assert anonymous.post(ADDRESS, {"refresh": second["refresh"]}).status_code == 200


def test_a_rotated_token_that_comes_back_late_is_a_copy_and_ends_its_sign_in(
    anonymous: APIClient, sign_in: SignIn
) -> None:
    stolen, other = sign_in(), sign_in()
    second = anonymous.post(ADDRESS, {"refresh": stolen["refresh"]}).json()
    BlacklistedToken.objects.update(blacklisted_at=timezone.now() - timedelta(seconds=REUSE_GRACE_S + 1))
    assert anonymous.post(ADDRESS, {"refresh": stolen["refresh"]}).status_code == 401
    assert bearing(second["access"]).get("/api/auth/me/").status_code == 401
    assert anonymous.post(ADDRESS, {"refresh": second["refresh"]}).status_code == 401
    assert bearing(other["access"]).get("/api/auth/me/").status_code == 200
    assert AuditEvent.objects.filter(reason="used before: the sign-in was ended").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_use_one_token_at_once_exactly_one_gets_new_tokens(sign_in: SignIn) -> None:
    refresh, together = sign_in()["refresh"], Barrier(8)

    def use(number: int) -> int:
        together.wait()
        try:
            return int(APIClient(raise_request_exception=False).post(ADDRESS, {"refresh": refresh}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(use, range(8))) == [200] + [401] * 7
    assert OutstandingToken.objects.count() == 2
    assert AuditEvent.objects.filter(kind="token_refreshed").count() == 1


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": None}, {"token": "x"}, {"refresh": "x" * 5000}])
def test_a_body_without_a_token_is_invalid(anonymous: APIClient, db: None, problem: Any, body: dict[str, Any]) -> None:
    assert problem(anonymous.post(ADDRESS, body), 400)["details"]


def test_a_rotation_is_in_the_audit_trail_and_so_is_a_refusal(
    anonymous: APIClient, user: User, sign_in: SignIn
) -> None:
    refresh = sign_in()["refresh"]
    anonymous.post(ADDRESS, {"refresh": refresh})
    anonymous.post(ADDRESS, {"refresh": refresh})
    kinds = list(AuditEvent.objects.filter(user=user).order_by("id").values_list("kind", "reason"))
    assert kinds == [("signed_in", ""), ("token_refreshed", ""), ("token_refused", "used before")]


def test_an_access_token_of_another_header_does_not_stand_in_the_way(anonymous: APIClient, sign_in: SignIn) -> None:
    response = bearing("expired-or-nonsense").post(ADDRESS, {"refresh": sign_in()["refresh"]})
    assert response.status_code == 200


def test_tokens_themselves_are_not_kept(anonymous: APIClient, sign_in: SignIn) -> None:
    anonymous.post(ADDRESS, {"refresh": sign_in()["refresh"]})
    assert set(OutstandingToken.objects.values_list("token", flat=True)) == {""}


def test_a_bearer_of_the_refresh_token_gets_an_access_token_and_keeps_it(sign_in: SignIn) -> None:
    client = bearing(sign_in()["refresh"])
    for _ in range(2):
        response = client.get(ADDRESS)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert set(response.json()) == {"access"}
        assert bearing(response.json()["access"]).get("/api/auth/me/").status_code == 200
    assert not BlacklistedToken.objects.exists()


def test_a_bearer_of_an_access_token_gets_none(sign_in: SignIn, problem: Any) -> None:
    problem(bearing(sign_in()["access"]).get(ADDRESS), 401)


def test_a_bearer_of_a_rotated_refresh_token_gets_none(anonymous: APIClient, sign_in: SignIn, problem: Any) -> None:
    refresh = sign_in()["refresh"]
    anonymous.post(ADDRESS, {"refresh": refresh})
    problem(bearing(refresh).get(ADDRESS), 401)


def test_nobody_s_get_is_refused(anonymous: APIClient, db: None, problem: Any) -> None:
    problem(anonymous.get(ADDRESS), 401)


def test_head_asks_for_the_token_as_get_does(anonymous: APIClient, sign_in: SignIn) -> None:
    assert anonymous.head(ADDRESS).status_code == 401
    assert bearing(sign_in()["refresh"]).head(ADDRESS).status_code == 200


def test_a_token_that_no_sign_in_issued_is_refused(anonymous: APIClient, user: User, problem: Any) -> None:
    token = RefreshToken.for_user(user)
    del token["sign_in"]
    problem(anonymous.post(ADDRESS, {"refresh": str(token)}), 401)
