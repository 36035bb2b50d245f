"""Positions and trades of paper and live trading: nothing writes them until trading is built."""

from django.conf import settings
from django.db import models


class Position(models.Model):
    """Units of one symbol that an account holds; `size` is negative when short."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="positions")
    strategy = models.ForeignKey(
        "strategy_api.Strategy", null=True, blank=True, on_delete=models.SET_NULL, related_name="positions"
    )
    symbol = models.CharField(max_length=32)
    size = models.BigIntegerField()
    entry_price = models.FloatField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.size} {self.symbol} at {self.entry_price}"


class Trade(models.Model):
    """One fill; `size` is negative for a sale."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trades")
    position = models.ForeignKey(
        "trading.Position", null=True, blank=True, on_delete=models.SET_NULL, related_name="trades"
    )
    symbol = models.CharField(max_length=32)
    size = models.BigIntegerField()
    price = models.FloatField()
    commission = models.FloatField(default=0.0)
    filled_at = models.DateTimeField()

    class Meta:
        ordering = ["-filled_at", "-id"]

    def __str__(self) -> str:
        return f"{self.size} {self.symbol} at {self.price}"
