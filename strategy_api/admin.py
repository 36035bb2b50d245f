"""Strategies, their versions, checks and conversations in the admin: to be looked at, since all of it is history."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from rest.admin_display import HistoryAdmin, row_link, rows_link
from strategy_api.models import ConversationMemory, Strategy, StrategyProposal, StrategyValidation, StrategyVersion


@admin.register(Strategy)
class StrategyAdmin(HistoryAdmin):
    list_display = (
        "id",
        "name",
        "owner",
        "status",
        "version_rows",
        "run_rows",
        "conversation_rows",
        "created_at",
        "deleted_at",
    )
    list_display_links = ("id", "name")
    list_filter = ("status", "created_at", ("deleted_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("name", "user__username", "user__email", "session")
    readonly_fields = ("owner", "version_rows", "run_rows", "conversation_rows")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Strategy]:
        counts = {name: Count(name, distinct=True) for name in ("backtests", "conversation")}
        rows: QuerySet[Strategy] = (
            super()
            .get_queryset(request)
            .annotate(run_count=counts["backtests"], conversation_count=counts["conversation"])
        )
        return rows

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: Strategy) -> SafeString:
        return row_link(row.user)

    @admin.display(description="versions", ordering="version")
    def version_rows(self, row: Strategy) -> SafeString:
        return rows_link(StrategyVersion, str(row.version), strategy__id=row.pk)

    @admin.display(description="runs", ordering="run_count")
    def run_rows(self, row: Any) -> SafeString:
        return rows_link(Strategy.backtests.rel.related_model, str(row.run_count), strategy__id=row.pk)

    @admin.display(description="conversation", ordering="conversation_count")
    def conversation_rows(self, row: Any) -> SafeString:
        return rows_link(ConversationMemory, str(row.conversation_count), strategy__id=row.pk)


@admin.register(StrategyVersion)
class StrategyVersionAdmin(HistoryAdmin):
    list_display = ("id", "strategy_row", "number", "status", "provider", "change", "validation_rows", "created_at")
    list_display_links = ("id", "number")
    list_filter = ("status", "provider", "created_at")
    list_select_related = ("strategy",)
    search_fields = ("strategy__name", "strategy__user__username", "identity", "code_file_name")
    readonly_fields = ("strategy_row", "validation_rows", "run_rows")
    code_fields = ("generated_code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StrategyVersion]:
        rows: QuerySet[StrategyVersion] = (
            super()
            .get_queryset(request)
            .annotate(validation_count=Count("validations", distinct=True), run_count=Count("backtests", distinct=True))
        )
        return rows

    @admin.display(description="strategy", ordering="strategy__name")
    def strategy_row(self, row: StrategyVersion) -> SafeString:
        return row_link(row.strategy)

    @admin.display(description="checks", ordering="validation_count")
    def validation_rows(self, row: Any) -> SafeString:
        return rows_link(StrategyValidation, str(row.validation_count), version__id=row.pk)

    @admin.display(description="runs", ordering="run_count")
    def run_rows(self, row: Any) -> SafeString:
        return rows_link(StrategyVersion.backtests.rel.related_model, str(row.run_count), version__id=row.pk)


@admin.register(StrategyValidation)
class StrategyValidationAdmin(HistoryAdmin):
    list_display = ("id", "version_row", "kind", "ok", "created_at")
    list_filter = ("kind", "ok", "created_at")
    list_select_related = ("version__strategy",)
    search_fields = ("version__strategy__name",)
    readonly_fields = ("version_row",)

    @admin.display(description="version", ordering="version__strategy__name")
    def version_row(self, row: StrategyValidation) -> SafeString:
        return row_link(row.version)


@admin.register(ConversationMemory)
class ConversationMemoryAdmin(HistoryAdmin):
    list_display = ("id", "strategy_row", "owner", "kind", "opening", "session", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("strategy", "user")
    search_fields = ("message", "session", "strategy__name", "user__username")
    readonly_fields = ("strategy_row", "owner")

    @admin.display(description="strategy", ordering="strategy__name")
    def strategy_row(self, row: ConversationMemory) -> SafeString:
        return row_link(row.strategy)

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: ConversationMemory) -> SafeString:
        return row_link(row.user)

    @admin.display(description="message", ordering="message")
    def opening(self, row: ConversationMemory) -> str:
        return row.message if len(row.message) <= 80 else f"{row.message[:80]}…"


@admin.register(StrategyProposal)
class StrategyProposalAdmin(HistoryAdmin):
    list_display = ("created_at", "version_row", "summary", "state", "provider", "model")
    list_filter = ("state", "provider", "created_at")
    list_select_related = ("version__strategy",)
    search_fields = ("summary", "sentence", "version__strategy__name")
    readonly_fields = ("version_row",)

    @admin.display(description="version", ordering="version__strategy__name")
    def version_row(self, row: StrategyProposal) -> SafeString:
        return row_link(row.version)
