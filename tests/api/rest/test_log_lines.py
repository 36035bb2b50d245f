"""Secrets are not logged, whoever logs and however the line is written."""

import logging
from typing import Any

import pytest
import structlog

from rest.log_lines import HIDDEN, hide_secrets, logging_settings
from tests.api.rest.conftest import Raising

SECRET = "a-secret-in-a-local-variable"


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "refresh",
        "access_token",
        "JWT_SECRET",
        "Authorization",
        "set-cookie",
        "GEMINI_API_KEY",
    ],
)
def test_a_field_that_is_named_like_a_secret_is_hidden(name: str) -> None:
    assert hide_secrets(None, "info", {"event": "x", name: SECRET}) == {"event": "x", name: HIDDEN}


def test_other_fields_are_shown() -> None:
    line: Any = {"event": "x", "user_id": 7, "status": 200}
    assert hide_secrets(None, "info", dict(line)) == line


def _formatter(as_json: bool) -> logging.Formatter:
    options = dict(logging_settings(as_json=as_json, level="INFO")["formatters"]["line"])
    return structlog.stdlib.ProcessorFormatter(**{name: value for name, value in options.items() if name != "()"})


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_where_and_why_but_no_local_variable(
    raising: Raising, caplog: pytest.LogCaptureFixture, as_json: bool
) -> None:
    raising(RuntimeError("the reason"))
    record = next(record for record in caplog.records if record.name == "rest.errors")
    written = _formatter(as_json).format(record)
    assert "the reason" in written
    assert "Traceback" in written
    assert SECRET not in written
