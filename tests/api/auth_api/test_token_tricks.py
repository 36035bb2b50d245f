"""Tokens that are not what they seem: each is a 401 in the one shape, with the challenge."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from auth_api.models import User
from auth_api.tokens import RefreshToken
from tests.api.auth_api.conftest import SignIn, bearing
from tests.api.conftest import access_token_of

KEY = settings.SIMPLE_JWT["SIGNING_KEY"]

pytestmark = pytest.mark.django_db

Forge = Callable[[dict[str, Any]], str]


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def _altered(claims: dict[str, Any]) -> str:
    head, _, signature = jwt.encode(claims, KEY, "HS256").split(".")
    return f"{head}.{_part({**claims, 'user_id': '1000'})}.{signature}"


def _without(claim: str) -> Forge:
    return lambda claims: jwt.encode({name: value for name, value in claims.items() if name != claim}, KEY, "HS256")


def _with(**claims: Any) -> Forge:
    return lambda rest: jwt.encode({**rest, **claims}, KEY, "HS256")


FORGERIES: dict[str, Forge] = {
    "no algorithm": _unsigned,
    "no algorithm, in capitals": lambda claims: _unsigned(claims).replace(
        _part({"alg": "none", "typ": "JWT"}), _part({"alg": "NONE"})
    ),
    "another algorithm": lambda claims: jwt.encode(claims, KEY * 2, "HS512"),
    "the same key for another algorithm": lambda claims: jwt.encode(claims, KEY.ljust(64, "x"), "HS384"),
    "another key": lambda claims: jwt.encode(claims, "another-key-of-sufficient-length-" * 2, "HS256"),
    "altered after signing": _altered,
    "without its signature": lambda claims: jwt.encode(claims, KEY, "HS256").rpartition(".")[0] + ".",
    "expired": _with(exp=1_000_000_000),
    "without an expiry": _without("exp"),
    "not valid yet": _with(nbf=32_503_680_000),
    "of another issuer": _with(iss="somebody"),
    "without an issuer": _without("iss"),
    "without an id": _without("jti"),
    "without a type": _without("token_type"),
    "of an unknown type": _with(token_type="sliding"),
    "without a sign-in": _without("sign_in"),
    "without a user": _without("user_id"),
    "of a user that never was": _with(user_id="999999999"),
    "of another password": _with(hash_password="0" * 32),
    "without the mark of the password": _without("hash_password"),
    "nothing like a token": lambda claims: "nonsense",
    "three dots": lambda claims: "...",
}


def _claims(token: Any) -> dict[str, Any]:
    return dict(jwt.decode(str(token), KEY, ["HS256"], issuer="algoagent"))


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_access_token_is_refused(user: User, problem: Any, forge: Forge) -> None:
    response = bearing(forge(_claims(access_token_of(user)))).get("/api/auth/me/")
    assert problem(response, 401)["details"][0]["field"] == "Authorization"
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_refresh_token_is_refused(anonymous: APIClient, user: User, problem: Any, forge: Forge) -> None:
    token = forge(_claims(RefreshToken.for_user(user)))
    response = anonymous.post("/api/auth/refresh/", {"refresh": token})
    assert problem(response, 401)["details"][0]["field"] == "refresh"
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_is_not_verified(anonymous: APIClient, user: User, problem: Any, forge: Forge) -> None:
    token = forge(_claims(access_token_of(user)))
    assert problem(anonymous.post("/api/auth/verify/", {"token": token}), 401)["details"][0]["field"] == "token"


def test_the_claims_that_the_forgeries_begin_with_are_good(user: User) -> None:
    token = _with()(_claims(access_token_of(user)))
    assert bearing(token).get("/api/auth/me/").status_code == 200


def test_a_refresh_token_is_no_access_token(sign_in: SignIn, problem: Any) -> None:
    problem(bearing(sign_in()["refresh"]).get("/api/auth/me/"), 401)


def test_an_access_token_is_no_refresh_token(anonymous: APIClient, sign_in: SignIn, problem: Any) -> None:
    problem(anonymous.post("/api/auth/refresh/", {"refresh": sign_in()["access"]}), 401)


def _delete(user: User) -> None:
    user.delete()


def _deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _change_password(user: User) -> None:
    user.set_password("another one, set by an operator")
    user.save()


@pytest.mark.parametrize("happens", [_delete, _deactivate, _change_password])
def test_tokens_end_with_what_they_stood_for(
    anonymous: APIClient, user: User, sign_in: SignIn, problem: Any, happens: Callable[[User], None]
) -> None:
    tokens = sign_in()
    happens(user)
    problem(bearing(tokens["access"]).get("/api/auth/me/"), 401)
    problem(anonymous.post("/api/auth/refresh/", {"refresh": tokens["refresh"]}), 401)
    problem(bearing(tokens["refresh"]).get("/api/auth/refresh/"), 401)


def test_an_expired_token_says_so(user: User, problem: Any) -> None:
    token = access_token_of(user)
    token.set_exp(lifetime=-timedelta(seconds=1))
    assert problem(bearing(str(token)).get("/api/auth/me/"), 401)["error"] == "the token has expired: sign in again"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YWRhOnBhc3M=", "Token abc", "bearer", "Bearer a b"])
def test_a_header_without_a_token_is_refused(user: User, problem: Any, header: str) -> None:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=header)
    problem(client.get("/api/auth/me/"), 401)


def test_the_scheme_is_read_in_any_case(user: User) -> None:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"bearer {access_token_of(user)}")
    assert client.get("/api/auth/me/").status_code == 200


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80))
def test_no_text_is_a_token(anonymous: APIClient, db: None, text: str) -> None:
    expected = 401 if text.strip() else 400
    assert anonymous.post("/api/auth/verify/", {"token": text}).status_code == expected
    assert anonymous.post("/api/auth/refresh/", {"refresh": f"{text}.{text}.{text}"}).status_code == 401


def test_one_request_asks_the_database_twice_to_know_who_it_is(
    user: User, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = bearing(sign_in()["access"])
    with django_assert_num_queries(2):  # the user, and whether the sign-in has ended
        client.get("/api/auth/me/")
