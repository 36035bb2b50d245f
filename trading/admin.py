from django.contrib import admin
from django.utils.safestring import SafeString

from rest.admin_display import HistoryAdmin, row_link, rows_link
from trading.models import Position, Trade


@admin.register(Position)
class PositionAdmin(HistoryAdmin):
    list_display = ("symbol", "owner", "of_strategy", "size", "entry_price", "opened_at", "closed_at", "fills")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "opened_at")
    search_fields = ("symbol", "user__username", "strategy__name")
    list_select_related = ("user", "strategy")

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: Position) -> SafeString:
        return row_link(row.user)

    @admin.display(description="strategy", ordering="strategy__name")
    def of_strategy(self, row: Position) -> SafeString:
        return row_link(row.strategy)

    @admin.display(description="trades")
    def fills(self, row: Position) -> SafeString:
        return rows_link(Trade, "trades", position__id__exact=row.pk)


@admin.register(Trade)
class TradeAdmin(HistoryAdmin):
    list_display = ("symbol", "owner", "of_position", "size", "price", "commission", "filled_at")
    list_filter = ("filled_at",)
    search_fields = ("symbol", "user__username")
    list_select_related = ("user", "position")

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: Trade) -> SafeString:
        return row_link(row.user)

    @admin.display(description="position")
    def of_position(self, row: Trade) -> SafeString:
        return row_link(row.position)
