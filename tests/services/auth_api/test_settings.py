"""What `manage.py check` says of the settings that accounts and the service stand on."""

from collections.abc import Callable

import pytest

from tests.commands.conftest import Printed

Manage = Callable[..., Printed]
KEY = "a-long-text-of-many-different-letters-0123456789-for-the-tests"
PRODUCTION = {"DEBUG": "false", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "example.org"}


def test_production_settings_are_clean_under_check_deploy(manage: Manage) -> None:
    printed = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert printed.status == 0, printed.stderr
    assert "no issues" in printed.stdout + printed.stderr


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("JWT_SECRET", "short", "rest.E002"),
        ("JWT_SECRET", "", "rest.E002"),
        ("SECRET_KEY", "development-only-and-never-used-in-production", "rest.E003"),
        ("JWT_SECRET", "development-only-and-never-used-in-production", "rest.E003"),
        ("ALLOWED_HOSTS", "", "rest.E004"),
        ("ALLOWED_HOSTS", "*", "rest.W001"),
        ("CORS_ALLOWED_ORIGINS", "http://app.example.org", "rest.W002"),
        ("CORS_ALLOWED_ORIGINS", "app.example.org", "corsheaders.E013"),
        ("CSRF_TRUSTED_ORIGINS", "http://app.example.org", "rest.W002"),
        ("CSRF_TRUSTED_ORIGINS", "app.example.org", "4_0.E001"),
        ("THROTTLE_SIGN_IN", "often", "rest.E001"),
    ],
)
def test_a_wrong_setting_is_found_and_named(manage: Manage, setting: str, value: str, found: str) -> None:
    printed = manage("check", "--fail-level", "WARNING", **{**PRODUCTION, setting: value})
    assert printed.status == 1
    assert found in printed.stderr
    assert setting in printed.stderr


@pytest.mark.parametrize(("setting", "value"), [("JWT_EXPIRY", "5"), ("JWT_REFRESH_EXPIRY", "60")])
def test_a_lifetime_out_of_range_is_refused_at_once(manage: Manage, setting: str, value: str) -> None:
    printed = manage("check", **{setting: value})
    assert printed.status != 0
    assert f"{setting} is {value}: set it to a whole number from" in printed.stderr


def test_a_wrong_key_is_not_printed(manage: Manage) -> None:
    assert "my-secret" not in manage("check", **{**PRODUCTION, "JWT_SECRET": "my-secret"}).stderr
