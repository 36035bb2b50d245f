"""`manage.py first_account`: one superuser where there is no account, and nothing where there is one."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from auth_api.models import AuditEvent, User
from tests.commands.conftest import Printed

Manage = Callable[..., Printed]
GIVEN = "chosen by whoever installs it"

pytestmark = pytest.mark.django_db


def test_the_drawn_password_is_printed_to_stderr_and_signs_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("first_account")
    printed = capsys.readouterr()
    assert printed.out == ""
    shown = re.search(r"admin, password (\S+) ", printed.err)
    assert shown is not None
    user = authenticate(username="admin", password=shown[1])
    assert isinstance(user, User)
    assert user.is_superuser
    assert user.is_staff


def test_name_email_and_password_can_be_given_and_the_password_is_not_printed(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FIRST_ACCOUNT_NAME = "operator"
    settings.FIRST_ACCOUNT_EMAIL = "operator@example.org"
    settings.FIRST_ACCOUNT_PASSWORD = GIVEN
    call_command("first_account")
    printed = capsys.readouterr()
    assert "operator" in printed.err
    assert GIVEN not in printed.out + printed.err
    assert authenticate(email="operator@example.org", password=GIVEN) is not None


def test_where_there_is_an_account_none_is_made(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("first_account")
    assert "there is an account already" in capsys.readouterr().err
    assert list(User.objects.all()) == [user]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("FIRST_ACCOUNT_NAME", "two words"),
        ("FIRST_ACCOUNT_NAME", ""),
        ("FIRST_ACCOUNT_EMAIL", "nowhere"),
        ("FIRST_ACCOUNT_PASSWORD", "short"),
    ],
)
def test_a_setting_that_can_t_be_taken_is_named(settings: Any, setting: str, value: str) -> None:
    setattr(settings, setting, value)
    with pytest.raises(CommandError, match=f"{setting}: "):
        call_command("first_account")
    assert not User.objects.exists()


def test_it_is_in_the_audit_trail() -> None:
    call_command("first_account")
    event = AuditEvent.objects.get()
    assert (event.kind, event.reason, event.user) == ("registered", "the first account", User.objects.get())


def test_two_processes_make_one_account(manage: Manage, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    assert manage("migrate", "--verbosity", "0", DATABASE_URL=database).status == 0
    first = manage("first_account", DATABASE_URL=database, FIRST_ACCOUNT_PASSWORD=GIVEN)
    second = manage("first_account", DATABASE_URL=database, FIRST_ACCOUNT_PASSWORD=GIVEN)
    assert (first.status, first.stdout, second.status, second.stdout) == (0, "", 0, "")
    assert "the first account was made: admin" in first.stderr
    assert "there is an account already: none was made" in second.stderr
    assert GIVEN not in first.stderr
