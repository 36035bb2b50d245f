from django.apps import AppConfig


class BacktestApiConfig(AppConfig):
    name = "backtest_api"
    verbose_name = "Backtests"

    def ready(self) -> None:
        from backtest_api import checks, deletion  # noqa: F401 - registers the checks and the receivers
