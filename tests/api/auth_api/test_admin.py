"""The admin of accounts: every page opens, history can't be edited, signing in is counted and recorded."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from auth_api.models import AuditEvent, EndedSignIn, User
from rest.models import ThrottleWindow
from tests.api.auth_api.conftest import SignIn, bearing
from tests.conftest import PASSWORD

HISTORY = [AuditEvent, EndedSignIn, OutstandingToken, BlacklistedToken, ThrottleWindow]
LOGIN = "/admin/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("operator", "operator@example.org", PASSWORD)


@pytest.fixture
def pages(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def a_sign_in_that_ended(sign_in: SignIn) -> None:
    """A row of each kind of history."""
    tokens = sign_in()
    bearing(tokens["access"]).post("/api/auth/logout/", {"refresh": tokens["refresh"]})
    ThrottleWindow.objects.create(key="sign_in:address:0f", window_start_s=1_700_000_000, count=3)


def _address(model: type[Any], page: str) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"


def test_every_model_of_these_apps_is_in_the_admin() -> None:
    models = {
        model for app in ("auth_api", "rest", "token_blacklist") for model in apps.get_app_config(app).get_models()
    }
    assert models <= set(admin.site._registry)


@pytest.mark.parametrize("model", [User, *HISTORY])
def test_the_list_and_each_row_can_be_opened(pages: Client, a_sign_in_that_ended: None, model: type[Any]) -> None:
    assert model.objects.exists()
    assert pages.get(_address(model, "")).status_code == 200
    assert pages.get(_address(model, "?q=ada")).status_code == 200
    for row in model.objects.all():
        assert pages.get(_address(model, f"{row.pk}/change/")).status_code == 200


@pytest.mark.parametrize("model", HISTORY)
def test_history_can_t_be_added_changed_or_deleted(pages: Client, a_sign_in_that_ended: None, model: type[Any]) -> None:
    key = model.objects.first().pk
    before = list(model.objects.values())
    for page in ("add/", f"{key}/change/", f"{key}/delete/"):
        assert pages.post(_address(model, page), {"post": "yes"}).status_code == 403
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("model", [AuditEvent, OutstandingToken, BlacklistedToken])
def test_a_longer_list_asks_the_database_no_more_often(
    pages: Client, sign_in: SignIn, a_sign_in_that_ended: None, model: type[Any], django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as short:
        pages.get(_address(model, ""))
    asked = len(short)
    for _ in range(3):
        tokens = sign_in()
        bearing(tokens["access"]).post("/api/auth/logout/", {"refresh": tokens["refresh"]})
    with django_assert_num_queries(asked):
        pages.get(_address(model, ""))


def test_an_account_leads_to_its_audit_trail(pages: Client, user: User, a_sign_in_that_ended: None) -> None:
    link = f"/admin/auth_api/auditevent/?user__id={user.pk}"
    assert link in pages.get(_address(User, f"{user.pk}/change/")).content.decode()
    assert "signed out" in pages.get(link).content.decode()


def test_an_account_can_be_made_with_an_email_of_its_own(pages: Client, user: User) -> None:
    form = {"username": "grace", "email": "grace@example.org", "usable_password": "true"}
    form |= {"password1": PASSWORD, "password2": PASSWORD}
    taken = pages.post(_address(User, "add/"), {**form, "email": "ADA@example.org"})
    assert "this e-mail is taken" in taken.content.decode()
    assert pages.post(_address(User, "add/"), form).status_code == 302
    assert User.objects.get(username="grace").check_password(PASSWORD)


def test_signing_in_to_the_admin_is_in_the_audit_trail(operator: User) -> None:
    client = Client()
    client.post(LOGIN, {"username": "operator", "password": "wrong"})
    assert client.post(LOGIN, {"username": "OPERATOR", "password": PASSWORD}).status_code == 302
    events = list(AuditEvent.objects.filter(user=operator).order_by("id").values_list("kind", "reason"))
    assert events == [("sign_in_refused", "wrong password"), ("signed_in", "in the admin")]


def test_who_is_no_operator_can_t_sign_in_to_the_admin(user: User) -> None:
    client = Client()
    assert client.post(LOGIN, {"username": "ada", "password": PASSWORD}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_tries_in_the_admin_and_over_the_api_are_counted_together(
    anonymous: APIClient, operator: User, settings: Any
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "sign_in": "2/d"}
    client = Client()
    for _ in range(2):
        client.post(LOGIN, {"username": "operator", "password": "wrong"})
    refused = client.post(LOGIN, {"username": "operator", "password": PASSWORD})
    assert "too many tries" in refused.content.decode()
    login = {"username": "operator", "password": PASSWORD}
    assert anonymous.post("/api/auth/login/", login, REMOTE_ADDR="192.0.2.9").status_code == 429
