"""What the backtest endpoints answer."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from Backtest.data.zoned_time import zoned_text
from backtest_api.models import VERDICT_STATES, BacktestRun, BacktestTrade
from rest.serializers import IssueSerializer
from strategy_api.serializers.answers import AssumptionSerializer, ReadingSerializer, SentenceSerializer

if TYPE_CHECKING:
    from backtest_api.services import RunPreview

METRICS_HELP = "every statistic by its name, units in the name; one that is undefined is null"


def moment_of(run: BacktestRun, stamp: str) -> str:
    """A stamp of the run's bars: a day, or RFC 3339 below a day."""
    return zoned_text(stamp, run.zone, run.timeframe)


class VerificationSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=list(VERDICT_STATES))
    counterexample = serializers.JSONField(
        allow_null=True, help_text="where the code and the specification part: a message, and what each side did"
    )


class OpenTradeSerializer(serializers.Serializer[Any]):
    """A trade that is open after the last bar, valued at the last close; it is in the equity, not among the trades."""

    entry_time = serializers.SerializerMethodField()
    entry_bar = serializers.IntegerField()
    size = serializers.IntegerField(help_text="units; negative when short")
    entry_price = serializers.FloatField()
    last_price = serializers.FloatField()
    unrealised_pnl = serializers.FloatField(help_text="costs aside")
    commission = serializers.FloatField()
    stop_price = serializers.FloatField(allow_null=True)
    target_price = serializers.FloatField(allow_null=True)
    tag = serializers.CharField(allow_null=True, allow_blank=True)
    duration_bars = serializers.IntegerField()

    def get_entry_time(self, trade: dict[str, Any]) -> str:
        return moment_of(self.context["run"], trade["entry_time"])


_address = extend_schema_field(serializers.URLField(allow_null=True))
_open_trades = extend_schema_field(OpenTradeSerializer(many=True))


class RunSerializer(serializers.Serializer[BacktestRun]):
    """A run. Its figures and files are null until it is completed."""

    id = serializers.IntegerField()
    strategy_id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(source="version.number", allow_null=True)
    dataset_id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=BacktestRun.Status.choices)
    step = serializers.CharField(allow_blank=True, help_text="what a running one is doing")
    symbol = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    timeframe = serializers.CharField(allow_blank=True)
    total_pnl = serializers.FloatField(source="metrics.total_pnl", allow_null=True, help_text="final equity - cash")
    win_rate = serializers.FloatField(source="metrics.win_rate", allow_null=True, help_text="0 to 1")
    max_drawdown = serializers.FloatField(
        source="metrics.max_drawdown", allow_null=True, help_text="percent, 0 or negative"
    )
    sharpe_ratio = serializers.FloatField(source="metrics.sharpe_ratio", allow_null=True)
    total_trades = serializers.IntegerField(source="metrics.total_trades", allow_null=True, help_text="closed ones")
    open_at_end = serializers.SerializerMethodField()
    metrics = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=METRICS_HELP)
    verification = VerificationSerializer()
    verified = serializers.SerializerMethodField()
    executor = serializers.ChoiceField(
        choices=BacktestRun.Executor.choices,
        help_text="whose figures these are: the kernel's or the interpreter's, which execute the specification, or "
        "the code's under backtesting.py",
    )
    self_reported = serializers.BooleanField(help_text="code without a spec: its figures are its own report")
    assumptions = AssumptionSerializer(many=True)
    reading = serializers.SerializerMethodField(help_text="what a model made of the run's text; null where none was")
    notices = serializers.ListField(
        child=serializers.CharField(), help_text="what the broker or the strategy warned of"
    )
    errors = IssueSerializer(many=True)  # type: ignore[assignment]
    trades_csv = serializers.SerializerMethodField()
    equity_csv = serializers.SerializerMethodField()
    report_html = serializers.SerializerMethodField()
    manifest = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(ReadingSerializer(allow_null=True))
    def get_reading(self, run: BacktestRun) -> dict[str, Any] | None:
        comparison: dict[str, Any] | None = (run.request.get("reading") or {}).get("comparison")
        return comparison

    def get_verified(self, run: BacktestRun) -> bool:
        return bool(run.verification["state"] == "verified")

    @_open_trades
    def get_open_at_end(self, run: BacktestRun) -> Any:
        return OpenTradeSerializer(run.open_at_end, many=True, context={"run": run}).data

    @_address
    def get_trades_csv(self, run: BacktestRun) -> str | None:
        return self._address(run, "trades.csv")

    @_address
    def get_equity_csv(self, run: BacktestRun) -> str | None:
        return self._address(run, "equity.csv")

    @_address
    def get_report_html(self, run: BacktestRun) -> str | None:
        return self._address(run, "report.html")

    @_address
    def get_manifest(self, run: BacktestRun) -> str | None:
        return self._address(run, "manifest.json")

    def _address(self, run: BacktestRun, name: str) -> str | None:
        if run.status != BacktestRun.Status.COMPLETED:
            return None
        path = reverse("backtest-artifact", args=[run.pk, name])
        return str(self.context["request"].build_absolute_uri(path))


class RunDetailSerializer(RunSerializer):
    """A run with what it ran."""

    canonical_json = serializers.DictField(allow_null=True, help_text="the strategy as it was run; null for mere code")
    code = serializers.CharField(allow_blank=True)
    class_name = serializers.CharField(allow_blank=True)
    account = serializers.DictField(child=serializers.FloatField())
    logs = serializers.CharField(allow_blank=True, help_text="what the code printed: untrusted")
    layers = serializers.ListField(child=serializers.CharField(), help_text="the confinements that held")
    zone = serializers.CharField(allow_blank=True, help_text="IANA name of the zone of the bars")
    data_hash = serializers.CharField(allow_blank=True)
    versions = serializers.DictField(child=serializers.CharField(), help_text="of what ran it")


class ClosedTradeSerializer(serializers.Serializer[BacktestTrade]):
    """A closed trade; bars count from the first that was evaluated."""

    number = serializers.IntegerField(help_text="from 1, in the order of entries")
    entry_time = serializers.SerializerMethodField()
    exit_time = serializers.SerializerMethodField()
    entry_bar = serializers.IntegerField()
    exit_bar = serializers.IntegerField()
    size = serializers.IntegerField(help_text="units; negative when short")
    entry_price = serializers.FloatField()
    exit_price = serializers.FloatField()
    pnl = serializers.FloatField(help_text="cash, net of costs")
    return_pct = serializers.FloatField()
    commission = serializers.FloatField(help_text="cash, of entry and exit")
    stop_price = serializers.FloatField(allow_null=True)
    target_price = serializers.FloatField(allow_null=True)
    tag = serializers.CharField(allow_null=True, allow_blank=True)
    duration_bars = serializers.IntegerField()
    closed_by = serializers.CharField(
        allow_null=True,
        allow_blank=True,
        help_text="an exit rule or the entry rule that reversed it, by its id; stop_loss, take_profit, trailing_stop, "
        "break_even, max_bars, ruin; null where only the code was run, which can't tell",
    )

    def get_entry_time(self, trade: BacktestTrade) -> str:
        return moment_of(trade.run, trade.entry_time)

    def get_exit_time(self, trade: BacktestTrade) -> str:
        return moment_of(trade.run, trade.exit_time)


class TradeCursorPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ClosedTradeSerializer(many=True)


def _column(child: serializers.Field[Any, Any, Any, Any], **options: Any) -> serializers.ListField:
    return serializers.ListField(child=child, **options)


class EquityColumnsSerializer(serializers.Serializer[Any]):
    bar = _column(serializers.IntegerField(), help_text="the first bar of each point")
    time = _column(serializers.CharField(), help_text="of that bar: YYYY-MM-DD, or RFC 3339 below a day")
    equity = _column(serializers.FloatField(), help_text="at the point's last close")
    equity_low = _column(serializers.FloatField())
    equity_high = _column(serializers.FloatField())
    drawdown_pct = _column(serializers.FloatField(), help_text="the deepest, 0 or negative")


class EquitySerializer(serializers.Serializer[Any]):
    """Columns of equal length; each point stands for `bars_each` bars, the last one perhaps for fewer."""

    bars = serializers.IntegerField(help_text="evaluated bars")
    bars_each = serializers.IntegerField()
    columns = EquityColumnsSerializer()


class ChartColumnsSerializer(EquityColumnsSerializer):
    open = _column(serializers.FloatField())
    high = _column(serializers.FloatField())
    low = _column(serializers.FloatField())
    close = _column(serializers.FloatField())
    volume = _column(serializers.FloatField())


class OpenMarkersSerializer(serializers.Serializer[Any]):
    size = _column(serializers.IntegerField())
    entry_bar = _column(serializers.IntegerField())
    entry_time = _column(serializers.CharField())
    entry_price = _column(serializers.FloatField())
    last_price = _column(serializers.FloatField())
    unrealised_pnl = _column(serializers.FloatField())
    tag = _column(serializers.CharField(allow_null=True, allow_blank=True))


class TradeMarkersSerializer(serializers.Serializer[Any]):
    number = _column(serializers.IntegerField())
    size = _column(serializers.IntegerField())
    entry_bar = _column(serializers.IntegerField())
    entry_time = _column(serializers.CharField())
    entry_price = _column(serializers.FloatField())
    exit_bar = _column(serializers.IntegerField())
    exit_time = _column(serializers.CharField())
    exit_price = _column(serializers.FloatField())
    pnl = _column(serializers.FloatField())
    return_pct = _column(serializers.FloatField())
    tag = _column(serializers.CharField(allow_null=True, allow_blank=True))


class ChartSerializer(serializers.Serializer[Any]):
    """As the equity, with the prices as longer bars, and the trades as columns of markers."""

    bars = serializers.IntegerField(help_text="evaluated bars")
    bars_each = serializers.IntegerField()
    columns = ChartColumnsSerializer()
    total_trades = serializers.IntegerField()
    trades = TradeMarkersSerializer(help_text="those with the largest results where there are more than points")
    open_at_end = OpenMarkersSerializer()


class PreviewSerializer(serializers.Serializer[Any]):
    """What would be run."""

    valid = serializers.BooleanField(help_text="always true: what is at fault is answered as an error")
    strategy_id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    canonical_json = serializers.DictField(allow_null=True, help_text="null for mere code")
    explanation = SentenceSerializer(many=True)
    assumptions = AssumptionSerializer(many=True)
    symbol = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    timeframe = serializers.CharField()
    zone = serializers.CharField()
    bars = serializers.IntegerField(help_text="evaluated bars")
    warm_up_bars = serializers.IntegerField(help_text="bars before them")
    start = serializers.CharField(help_text="the first evaluated bar")
    end = serializers.CharField(help_text="the last one")
    account = serializers.DictField(child=serializers.FloatField())


def preview_answer(preview: "RunPreview") -> dict[str, Any]:
    """What a `PreviewSerializer` shows."""
    from Backtest.canonical.document import to_document
    from Backtest.canonical.explain import explain

    spec, window, version = preview.prepared.spec, preview.prepared.window, preview.plan.version
    bars = window.bars
    times = bars.frame.index
    document = to_document(spec) if spec else None
    return {
        "valid": True,
        "strategy_id": version.strategy_id if version else None,
        "version": version.number if version else None,
        "canonical_json": document,
        "explanation": [{"path": each.path, "text": each.text} for each in explain(spec)] if spec else [],
        "assumptions": document["assumptions"] if document else [],
        "symbol": bars.symbol,
        "source": bars.source,
        "timeframe": bars.timeframe,
        "zone": bars.zone,
        "bars": len(bars) - window.first_bar,
        "warm_up_bars": window.first_bar,
        "start": zoned_text(times[window.first_bar].isoformat(), bars.zone, bars.timeframe),
        "end": zoned_text(times[-1].isoformat(), bars.zone, bars.timeframe),
        "account": asdict(preview.prepared.account),
    }
