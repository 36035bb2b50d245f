"""Make the first account, a superuser, where there is no account yet."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from auth_api.services import first_account_create
from rest.errors import Invalid

_PASSWORD_BYTES = 15


class Command(BaseCommand):
    help = (
        "Make a superuser where there is no account yet: FIRST_ACCOUNT_NAME (admin), FIRST_ACCOUNT_EMAIL and "
        "FIRST_ACCOUNT_PASSWORD; without a password, one is drawn and printed, this once, to stderr."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        name, given = settings.FIRST_ACCOUNT_NAME, settings.FIRST_ACCOUNT_PASSWORD
        password = given or secrets.token_urlsafe(_PASSWORD_BYTES)
        try:
            user = first_account_create(username=name, email=settings.FIRST_ACCOUNT_EMAIL, password=password)
        except Invalid as error:
            faults = "; ".join(f"FIRST_ACCOUNT_{_setting(issue.field)}: {issue.message}" for issue in error.issues)
            raise CommandError(faults) from error
        if user is None:
            self.stderr.write("there is an account already: none was made")
        elif given:
            self.stderr.write(f"the first account was made: {name}, with the password of FIRST_ACCOUNT_PASSWORD")
        else:
            self.stderr.write(f"the first account was made: {name}, password {password} (it is not shown again)")


def _setting(field: str) -> str:
    return {"username": "NAME"}.get(field, field.upper())
