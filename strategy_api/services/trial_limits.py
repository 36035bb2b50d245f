"""What a run may use for whose answer somebody waits."""

from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from Backtest.sandbox.job import Limits

TRIAL_CPU_S: Final = 10
TRIAL_WALL_S: Final = 20
TRIAL_MEMORY_MB: Final = 1024


def trial_limits() -> "Limits":
    """Tighter than a run's: whoever tries code waits for the answer."""
    from Backtest.sandbox.job import Limits

    return Limits(
        cpu_s=min(settings.SANDBOX_CPU_S, TRIAL_CPU_S),
        wall_s=min(settings.SANDBOX_WALL_S, TRIAL_WALL_S),
        memory_mb=min(settings.SANDBOX_MEMORY_MB, TRIAL_MEMORY_MB),
    )
