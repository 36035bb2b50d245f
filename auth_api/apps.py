from django.apps import AppConfig


class AuthApiConfig(AppConfig):
    name = "auth_api"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from auth_api import checks, schema  # noqa: F401 - registers the checks and the security schemes
