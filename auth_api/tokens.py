"""The two tokens of a sign-in: the access token that requests bear, and the refresh token that renews it.

Both carry the id of their sign-in; renewing keeps it, so that ending a sign-in ends all of its tokens.
"""

import uuid
from typing import TypeVar

from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, BlacklistMixin, Token, UntypedToken
from rest_framework_simplejwt.tokens import RefreshToken as _RefreshToken
from rest_framework_simplejwt.utils import datetime_from_epoch

from auth_api.models import User
from Backtest.errors import Issue
from rest.errors import Unauthenticated

SIGN_IN_CLAIM = "sign_in"
_Kind = TypeVar("_Kind", bound=Token)


class RefreshToken(_RefreshToken):
    """A refresh token. The database keeps the ids of those that are out, never a token itself."""

    @classmethod
    def for_user(cls, user: User) -> "RefreshToken":  # type: ignore[override]
        """The first token of a new sign-in; `outstand` lists it."""
        token: RefreshToken = super(BlacklistMixin, cls).for_user(user)
        token[SIGN_IN_CLAIM] = uuid.uuid4().hex
        return token

    def verify(self) -> None:
        """Its own claims only: whether it was used before is asked where it counts, and atomically there."""
        Token.verify(self)

    def outstand(self) -> OutstandingToken:
        """The row of this token among those that are out, made if it is missing."""
        row, _ = OutstandingToken.objects.get_or_create(
            jti=self["jti"],
            defaults={
                "user_id": int(self["user_id"]),
                "token": "",
                "created_at": datetime_from_epoch(self["iat"]),
                "expires_at": datetime_from_epoch(self["exp"]),
            },
        )
        return row


def read_token(kind: type[_Kind], text: str | bytes, field: str) -> _Kind:
    """The token with its signature, issuer, type and expiry checked; raises Unauthenticated, naming the field."""
    try:
        return kind(text)  # type: ignore[arg-type]
    except ExpiredTokenError as error:
        raise refusal("the token has expired", field) from error
    except TokenError as error:
        raise refusal("the token is not valid", field) from error


def read_either(text: str, field: str) -> Token:
    """The token, access or refresh, whichever it says it is; raises Unauthenticated."""
    token = read_token(UntypedToken, text, field)
    if token.get("token_type") not in (AccessToken.token_type, RefreshToken.token_type):
        raise refusal("the token is not valid", field)
    return token


def sign_in_id_of(token: Token) -> uuid.UUID | None:
    """The sign-in that the token belongs to; None for one that was made without a sign-in."""
    claim = token.get(SIGN_IN_CLAIM)
    return uuid.UUID(claim) if claim else None


def refusal(message: str, field: str) -> Unauthenticated:
    """What every refused token is answered with."""
    return Unauthenticated(f"{message}: sign in again", [Issue(field, message, "sign in again")])
