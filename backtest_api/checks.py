"""System checks: what is wrong with the settings, and how to mend it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from Backtest.errors import SandboxTooWeak
from Backtest.sandbox import bubblewrap
from Backtest.sandbox.cgroups import MEMORY_OF_THE_ENGINE_MB
from Backtest.sandbox.policy import REQUIRED_IN_PRODUCTION


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
def the_outer_wall_is_installed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SANDBOX_OUTER_WALL != "bubblewrap":
        return []
    try:
        bubblewrap.program()
    except SandboxTooWeak as error:
        return [Error(error.message, hint=error.issues[0].suggestion, id="backtest_api.E004")]
    return []


@register()
def all_runs_may_use_what_one_may(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not 0 < settings.SANDBOX_TOTAL_MEMORY_MB < settings.SANDBOX_MEMORY_MB + MEMORY_OF_THE_ENGINE_MB:
        return []
    return [
        Error(
            f"SANDBOX_TOTAL_MEMORY_MB ({settings.SANDBOX_TOTAL_MEMORY_MB}) does not hold the engine and one run.",
            hint=f"Set it to {settings.SANDBOX_MEMORY_MB + MEMORY_OF_THE_ENGINE_MB} at least, or leave it out.",
            id="backtest_api.E005",
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
    missing = [name for name in REQUIRED_IN_PRODUCTION if name not in settings.SANDBOX_REQUIRE]
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
