from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "rest"
    verbose_name = "HTTP service"

    def ready(self) -> None:
        from rest import checks  # noqa: F401 - registers them
