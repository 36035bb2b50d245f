"""Bars that users uploaded."""

import uuid

from django.conf import settings
from django.db import models


class Dataset(models.Model):
    """One uploaded CSV of bars: what was found in it, and where its bytes lie in the private storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    symbol = models.CharField(max_length=32)
    timeframe = models.CharField(max_length=8)
    zone = models.CharField(max_length=64)
    first_time = models.CharField(max_length=32, help_text="stamp of the first bar, in the zone")
    last_time = models.CharField(max_length=32)
    bars = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=80)
    findings = models.JSONField(default=list, help_text="what the quality checks found: warnings and infos")
    file_name = models.CharField(max_length=100, help_text="its name in the private storage")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=models.Q(deleted_at=None), name="dataset_name_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.symbol} {self.timeframe})"
