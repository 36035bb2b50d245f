"""What the service itself must remember between its processes: how often someone asked."""

from django.db import models


class ThrottleWindow(models.Model):
    """How many requests of one kind someone made in one window of time."""

    key = models.CharField(max_length=160)
    window_start_s = models.BigIntegerField(help_text="seconds since 1970, a multiple of the window's length")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window_start_s"], name="throttle_window_once")]
        indexes = [models.Index(fields=["window_start_s"])]

    def __str__(self) -> str:
        return f"{self.key} from {self.window_start_s}: {self.count}"
