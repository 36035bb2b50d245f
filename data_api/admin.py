from django.contrib import admin
from django.utils.safestring import SafeString

from data_api.models import Dataset
from rest.admin_display import HistoryAdmin, row_link


@admin.register(Dataset)
class DatasetAdmin(HistoryAdmin):
    list_display = (
        "name",
        "owner",
        "symbol",
        "timeframe",
        "bars",
        "first_time",
        "last_time",
        "created_at",
        "deleted_at",
    )
    list_filter = ("timeframe", "created_at", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "symbol", "user__username", "content_hash")
    list_select_related = ("user",)

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: Dataset) -> SafeString:
        return row_link(row.user)
