"""Who asks: the bearer of an access token, or of a refresh token where that is what is asked for."""

from typing import Any, cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.tokens import AccessToken, Token

from auth_api.models import User
from auth_api.selectors import refresh_owner, token_owner
from auth_api.tokens import RefreshToken, read_token

HEADER = "Authorization"


def user_of(request: Request) -> User:
    """Who is signed in, for views that only those who are can reach."""
    return cast(User, request.user)


def token_of(request: Request) -> Any:
    """The token that the request bears, of the kind that its view asks for."""
    return request.auth


class AccessTokenAuthentication(BaseAuthentication):
    """The user of a valid access token; raises Unauthenticated for any other token."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _, text = request.headers.get(HEADER, "").strip().partition(" ")
        return self.bearer(text.strip()) if scheme.lower() == "bearer" else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def bearer(self, text: str) -> tuple[User, Token]:
        token = read_token(AccessToken, text, HEADER)
        return token_owner(token=token, field=HEADER), token


class RefreshTokenAuthentication(AccessTokenAuthentication):
    """The user of a refresh token that is borne in the place of an access token; it is not used up by that."""

    def bearer(self, text: str) -> tuple[User, Token]:
        token = read_token(RefreshToken, text, HEADER)
        return refresh_owner(token=token, field=HEADER), token
