from django.apps import AppConfig


class DataApiConfig(AppConfig):
    name = "data_api"
    verbose_name = "Market data"

    def ready(self) -> None:
        from data_api import file_removal  # noqa: F401 - connects it
