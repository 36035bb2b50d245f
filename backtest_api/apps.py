from django.apps import AppConfig


class BacktestApiConfig(AppConfig):
    name = "backtest_api"
    verbose_name = "Backtests"

    def ready(self) -> None:
        from django.conf import settings

        from Backtest.sandbox.policy import Policy
        from Backtest.sandbox.pool import POOL
        from backtest_api import checks, deletion  # noqa: F401 - registers the checks and the receivers

        POOL.policy = Policy(frozenset(settings.SANDBOX_REQUIRE))
