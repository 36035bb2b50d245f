"""What holds of accounts whoever asks: the database decides, and what is past is forgotten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from auth_api.models import AuditEvent, User
from auth_api.origin import Origin, origin_of
from auth_api.selectors import account_find, names_taken
from auth_api.services import audit_record, sign_in, subject_of, tokens_rotate
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "taken", [{"username": "ADA", "email": "other@example.org"}, {"username": "other", "email": "Ada@Example.ORG"}]
)
def test_the_database_itself_refuses_a_name_or_email_in_another_case(user: User, taken: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(**taken)


@pytest.mark.parametrize(
    ("field", "value"), [("username", "ÉLAN"), ("username", "a b"), ("email", "x@münchen.example"), ("email", "")]
)
def test_what_databases_would_fold_differently_is_not_taken(field: str, value: str) -> None:
    user = User(username="ada", email="ada@example.org", password="x")
    setattr(user, field, value)
    with pytest.raises(ValidationError) as caught:
        user.full_clean()
    assert set(caught.value.message_dict) == {field}


def test_an_account_is_found_by_name_or_email_in_any_case_and_by_nothing_else(user: User) -> None:
    assert account_find(username="aDa") == account_find(email="ADA@EXAMPLE.org") == user
    assert account_find(username="ada@example.org") is None
    assert account_find(email="ada") is None
    assert account_find(username="") is None
    assert account_find(username="a%") is None


def test_a_user_s_own_name_and_email_are_not_taken_for_that_user(user: User, stranger: User) -> None:
    assert names_taken(username="ADA", email=stranger.email, but=user) == ["email"]


def test_signing_in_forgets_one_s_own_expired_tokens_and_keeps_the_others(user: User, stranger: User) -> None:
    for someone in (user, stranger):
        spent = sign_in(username=someone.username, password=PASSWORD, origin=Origin())
        tokens_rotate(refresh=str(spent.refresh), origin=Origin())
    OutstandingToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    live = sign_in(username="ada", password=PASSWORD, origin=Origin())
    assert OutstandingToken.objects.filter(user=user).count() == 1
    assert OutstandingToken.objects.filter(user=stranger).count() == 2
    assert BlacklistedToken.objects.filter(token__user=user).count() == 0
    assert tokens_rotate(refresh=str(live.refresh), origin=Origin()).user == user


def test_a_subject_is_the_same_in_any_case_and_does_not_show_the_name() -> None:
    assert subject_of("Ada@Example.org") == subject_of("ada@example.ORG") != subject_of("ada")
    assert len(subject_of("ada")) == 64
    assert "ada" not in subject_of("ada")


def test_the_audit_trail_outlives_the_account(user: User) -> None:
    audit_record(kind=AuditEvent.Kind.SIGNED_IN, user=user, origin=Origin())
    user.delete()
    event = AuditEvent.objects.get()
    assert event.user is None
    assert event.subject == subject_of("ada")


@pytest.mark.parametrize(
    ("remote", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
    ],
)
def test_an_address_is_kept_as_an_address_or_not_at_all(remote: str, kept: str | None) -> None:
    assert origin_of(RequestFactory().get("/", REMOTE_ADDR=remote)).address == kept


def test_a_client_s_name_for_itself_is_cut_and_cleaned() -> None:
    origin = origin_of(RequestFactory().get("/", headers={"User-Agent": "\x1b[31mbot\0" + "x" * 500}))
    assert origin.user_agent == ("[31mbot" + "x" * 500)[:200]
