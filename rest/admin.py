"""What the service remembers of how often it was asked, in the admin."""

from datetime import UTC, datetime

from django.contrib import admin

from rest.admin_display import HistoryAdmin
from rest.models import ThrottleWindow


@admin.register(ThrottleWindow)
class ThrottleWindowAdmin(HistoryAdmin):
    list_display = ("key", "begins_at", "count")
    search_fields = ("key",)
    ordering = ("-window_start_s", "-count")
    readonly_fields = ("begins_at",)

    @admin.display(description="window begins (UTC)", ordering="window_start_s")
    def begins_at(self, window: ThrottleWindow) -> datetime:
        return datetime.fromtimestamp(window.window_start_s, tz=UTC)
