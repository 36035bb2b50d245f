"""Runs, their trades and files in the admin: to be looked at, since all of it is history."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backtest_api.models import VERDICT_STATES, Artifact, BacktestRun, BacktestTrade, Optimization, Verification
from rest.admin_display import HistoryAdmin, row_link, rows_link
from strategy_api.models import ConversationMemory


class VerdictFilter(admin.SimpleListFilter):
    """Runs by what came of their verification."""

    title = "verification"
    parameter_name = "verification"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state.replace("_", " ")) for state in VERDICT_STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verification__state=self.value()) if self.value() in VERDICT_STATES else queryset


@admin.register(BacktestRun)
class BacktestRunAdmin(HistoryAdmin):
    list_display = (
        "id",
        "owner",
        "strategy_row",
        "version_row",
        "status",
        "verdict",
        "symbol",
        "timeframe",
        "total_pnl",
        "trade_rows",
        "artifact_rows",
        "self_reported",
        "created_at",
    )
    list_filter = ("status", VerdictFilter, "executor", "source", "timeframe", "self_reported", "created_at")
    list_select_related = ("user", "strategy", "version")
    search_fields = ("=id", "symbol", "user__username", "user__email", "strategy__name", "data_hash")
    readonly_fields = (
        "owner", "strategy_row", "version_row", "dataset_row", "trade_rows", "artifact_rows", "conversation_rows"
    )  # fmt: skip
    code_fields = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BacktestRun]:
        counts = {f"{name}_count": Count(name, distinct=True) for name in ("trades", "artifacts")}
        rows: QuerySet[BacktestRun] = super().get_queryset(request).annotate(**counts)
        return rows

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: BacktestRun) -> SafeString:
        return row_link(row.user)

    @admin.display(description="strategy", ordering="strategy__name")
    def strategy_row(self, row: BacktestRun) -> SafeString:
        return row_link(row.strategy)

    @admin.display(description="version", ordering="version__number")
    def version_row(self, row: BacktestRun) -> SafeString:
        return row_link(row.version, f"v{row.version.number}" if row.version else None)

    @admin.display(description="dataset")
    def dataset_row(self, row: BacktestRun) -> SafeString:
        return row_link(row.dataset)

    @admin.display(description="verification")
    def verdict(self, row: BacktestRun) -> SafeString | str:
        state = row.verification["state"]
        return format_html('<strong style="color:#ba2121">{}</strong>', state) if state == "mismatch" else state

    @admin.display(description="total P&L")
    def total_pnl(self, row: BacktestRun) -> str:
        value = row.metrics.get("total_pnl")
        return "-" if value is None else f"{value:,.2f}"

    @admin.display(description="trades", ordering="trades_count")
    def trade_rows(self, row: Any) -> SafeString:
        return rows_link(BacktestTrade, str(row.trades_count), run__id=row.pk)

    @admin.display(description="files", ordering="artifacts_count")
    def artifact_rows(self, row: Any) -> SafeString:
        return rows_link(Artifact, str(row.artifacts_count), run__id=row.pk)

    @admin.display(description="conversation")
    def conversation_rows(self, row: BacktestRun) -> SafeString:
        return (
            rows_link(ConversationMemory, "what was said", strategy__id=row.strategy_id)
            if row.strategy
            else row_link(None)
        )


@admin.register(BacktestTrade)
class BacktestTradeAdmin(HistoryAdmin):
    list_display = (
        *("id", "run_row", "number", "size", "entry_time", "entry_price"),
        *("exit_time", "exit_price", "pnl", "return_pct", "tag"),
    )
    list_filter = ("run__status", "run__symbol")
    list_select_related = ("run",)
    search_fields = ("=run__id", "run__symbol", "run__user__username", "tag")
    readonly_fields = ("run_row",)

    @admin.display(description="run", ordering="run_id")
    def run_row(self, row: BacktestTrade) -> SafeString:
        return row_link(row.run)


@admin.register(Artifact)
class ArtifactAdmin(HistoryAdmin):
    list_display = ("id", "run_row", "name", "content_type", "size_bytes", "sha256", "created_at")
    list_filter = ("name", "created_at")
    list_select_related = ("run",)
    search_fields = ("=run__id", "run__symbol", "run__user__username", "sha256")
    readonly_fields = ("run_row",)

    @admin.display(description="run", ordering="run_id")
    def run_row(self, row: Artifact) -> SafeString:
        return row_link(row.run)


@admin.register(Optimization)
class OptimizationAdmin(HistoryAdmin):
    list_display = ("id", "owner", "run_row", "status", "goal", "metric", "combinations", "done", "created_at")
    list_filter = ("status", "goal", "metric", "created_at")
    list_select_related = ("user", "run")
    search_fields = ("=id", "=run__id", "run__symbol", "user__username", "user__email")
    readonly_fields = ("owner", "run_row")

    @admin.display(description="user", ordering="user__username")
    def owner(self, row: Optimization) -> SafeString:
        return row_link(row.user)

    @admin.display(description="run", ordering="run_id")
    def run_row(self, row: Optimization) -> SafeString:
        return row_link(row.run)


@admin.register(Verification)
class VerificationAdmin(HistoryAdmin):
    list_display = ("id", "run_row", "status", "verdict", "attempts", "created_at", "started_at", "finished_at")
    list_filter = ("status", "created_at")
    list_select_related = ("run",)
    search_fields = ("=run__id", "run__symbol", "run__user__username")
    readonly_fields = ("run_row", "verdict")

    @admin.display(description="run", ordering="run_id")
    def run_row(self, row: Verification) -> SafeString:
        return row_link(row.run)

    @admin.display(description="found")
    def verdict(self, row: Verification) -> str:
        return str(row.run.verification["state"])
