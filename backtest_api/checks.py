"""System checks: what is wrong with the settings, and how to mend it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from Backtest.sandbox.policy import PROTECTION_NAMES


@register()
def directories_are_writable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is {directory}, which can't be written to.",
            hint=f"Make the directory writable for this user, or set {name} to another one.",
            id="backtest_api.E001",
        )
        for name in ("BACKTEST_CODES_DIR", "BACKTEST_RUNS_DIR")
        if not _is_writable(directory := getattr(settings, name))
    ]


@register()
def limits_make_sense(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SANDBOX_WALL_S >= settings.SANDBOX_CPU_S:
        return []
    return [
        Error(
            f"SANDBOX_WALL_S ({settings.SANDBOX_WALL_S}) is below SANDBOX_CPU_S ({settings.SANDBOX_CPU_S}).",
            hint="A run would be ended by the clock before it may use its CPU time: raise SANDBOX_WALL_S.",
            id="backtest_api.E002",
        )
    ]


@register()
def something_executes_code(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.USE_BACKTESTING_PY:
        return []
    hint = "Set USE_BACKTESTING_PY to true, or leave it out."
    return [
        Error("USE_BACKTESTING_PY is false, and nothing else executes strategies.", hint=hint, id="backtest_api.E003")
    ]


@register(deploy=True)
def the_sandbox_is_required(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    missing = [name for name in PROTECTION_NAMES if name not in settings.SANDBOX_REQUIRE]
    if not missing:
        return []
    return [
        Warning(
            f"SANDBOX_REQUIRE does not name {', '.join(missing)}: users' code may run on a machine that gives less.",
            hint="Leave SANDBOX_REQUIRE out, and see what this machine gives with manage.py sandbox_selftest.",
            id="backtest_api.W001",
        )
    ]


def _is_writable(directory: Path) -> bool:
    """Whether the directory, or the nearest parent that exists, can be written to."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
