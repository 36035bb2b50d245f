"""Reads of positions and trades: each takes the user who asks."""

from django.db.models import QuerySet

from auth_api.models import User
from trading.models import Position, Trade


def position_list(*, user: User, symbol: str | None = None, is_open: bool | None = None) -> QuerySet[Position]:
    """The user's positions; those of one symbol, those still open or those closed, where that is asked for."""
    rows = Position.objects.filter(user=user)
    if symbol is not None:
        rows = rows.filter(symbol__iexact=symbol)
    return rows if is_open is None else rows.filter(closed_at__isnull=is_open)


def trade_list(*, user: User, symbol: str | None = None) -> QuerySet[Trade]:
    """The user's fills, of one symbol where that is asked for."""
    rows = Trade.objects.filter(user=user)
    return rows if symbol is None else rows.filter(symbol__iexact=symbol)
