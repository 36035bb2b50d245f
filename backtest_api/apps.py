from django.apps import AppConfig


class BacktestApiConfig(AppConfig):
    name = "backtest_api"
    verbose_name = "Backtests"

    def ready(self) -> None:
        from django.conf import settings

        from Backtest.sandbox.policy import Policy
        from Backtest.sandbox.pool import POOL
        from Backtest.sandbox.surroundings import Surroundings
        from backtest_api import checks, deletion  # noqa: F401 - registers the checks and the receivers

        POOL.surroundings = Surroundings(
            outer_wall=settings.SANDBOX_OUTER_WALL,
            cgroup=settings.SANDBOX_CGROUP,
            memory_of_all_runs_mb=settings.SANDBOX_TOTAL_MEMORY_MB or None,
            memory_of_a_run_mb=settings.SANDBOX_MEMORY_MB,
        )
        POOL.policy = Policy(frozenset(settings.SANDBOX_REQUIRE))
