"""How a name and a password become a user, for the API and for the admin."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from auth_api.models import User
from auth_api.selectors import account_find


class AccountBackend(ModelBackend):
    """User name or e-mail, in any case. Refusing costs a password hash whether the account exists or not."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        email: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if password is None or (username is None and email is None):
            return None
        user = account_find(username=username, email=email)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
