"""Reads of accounts, of what their tokens are still good for, and of what models were asked for them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Lower
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken
from rest_framework_simplejwt.tokens import Token
from rest_framework_simplejwt.utils import datetime_from_epoch, get_md5_hash_password

from auth_api.models import EndedSignIn, ModelCall, User
from auth_api.tokens import RefreshToken, read_either, refusal, sign_in_id_of
from Backtest.errors import Issue
from rest.errors import Invalid


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The kind of a token (access or refresh), its user and its expiry (UTC)."""

    token_type: str
    user_id: int
    expires_at: datetime


def account_find(*, username: str | None = None, email: str | None = None) -> User | None:
    """The account of this user name, or of this e-mail, in any case."""
    field, given = ("username", username) if username is not None else ("email", email)
    # Both sides are folded by the database, as its unique indexes fold them.
    folded = User.objects.alias(folded=Lower(F(field)))
    return folded.filter(folded=Lower(Value(given or "", output_field=CharField()))).first()


def account_exists() -> bool:
    return User.objects.exists()


def names_taken(*, username: str | None = None, email: str | None = None, but: User | None = None) -> list[str]:
    """Which of `username` and `email` belong to another account."""
    given = {"username": username, "email": email}
    owners = {field: account_find(**{field: value}) for field, value in given.items() if value is not None}
    return [field for field, owner in owners.items() if owner is not None and owner != but]


def model_call_list(*, user: User, purpose: str | None = None, outcome: str | None = None) -> QuerySet[ModelCall]:
    """What language models were asked for this user, with the texts where they were kept."""
    rows = ModelCall.objects.filter(user=user).select_related("text")
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    return rows if outcome is None else rows.filter(outcome=outcome)


def sign_in_has_ended(*, sign_in_id: uuid.UUID | None) -> bool:
    """Whether it was ended; a token that belongs to none was not issued by a sign-in here."""
    return sign_in_id is None or EndedSignIn.objects.filter(pk=sign_in_id).exists()


def refresh_is_spent(*, token: Token) -> bool:
    """Whether the refresh token was exchanged for another, or signed out."""
    return BlacklistedToken.objects.filter(token__jti=token["jti"]).exists()


def token_owner(*, token: Token, field: str) -> User:
    """The user of a token that was read; raises Unauthenticated where it is good for nothing any more.

    Refused are those of deleted or inactive accounts, of a password since changed and of a sign-in that has ended.
    """
    user = User.objects.filter(pk=token.get(api_settings.USER_ID_CLAIM)).first()
    if user is None or not user.is_active:
        raise refusal("the token is not valid", field)
    if token.get(api_settings.REVOKE_TOKEN_CLAIM) != get_md5_hash_password(user.password):
        raise refusal("the password was changed", field)
    if sign_in_has_ended(sign_in_id=sign_in_id_of(token)):
        raise refusal("this sign-in has ended", field)
    return user


def refresh_owner(*, token: Token, field: str) -> User:
    """The user of a refresh token that is still to be used; raises Unauthenticated."""
    user = token_owner(token=token, field=field)
    if refresh_is_spent(token=token):
        raise refusal("the token was used before", field)
    return user


def token_verify(*, text: str, field: str) -> TokenFacts:
    """What an access or a refresh token is, if it can still be used; raises Unauthenticated."""
    token = read_either(text, field)
    owner = refresh_owner if token["token_type"] == RefreshToken.token_type else token_owner
    user = owner(token=token, field=field)
    return TokenFacts(token["token_type"], user.pk, datetime_from_epoch(token["exp"]))


def local_user(*, name: str | None) -> User:
    """The account that a command of this machine works for: the one of that name, or the only one. Raises Invalid."""
    if name is not None:
        if (user := account_find(username=name)) is not None:
            return user
        raise _no_user(f"there is no account {name!r}", "choose one that is there")
    users = list(User.objects.filter(is_active=True).order_by("id")[:2])
    if len(users) == 1:
        return users[0]
    if not users:
        raise _no_user("there is no account yet", "make one: manage.py first_account")
    raise _no_user("there are several accounts", "say whose strategies these are: --user NAME")


def _no_user(message: str, advice: str) -> Invalid:
    return Invalid(message, [Issue("user", message, advice)])
