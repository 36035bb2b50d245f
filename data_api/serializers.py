"""What the data endpoints take and answer."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from data_api.models import Dataset
from rest.pagination import PageQuery, ordering_field
from rest.serializers import StrictSerializer

SOURCES: Final = ("sample", "yfinance")
MAX_INDICATORS: Final = 50
MAX_POINTS: Final = 20_000
_DATE_HELP: Final = "`YYYY-MM-DD`, or with a time `YYYY-MM-DDTHH:MM[:SS]` and an offset; both ends count"
_ALIASES: Final = {"ticker": "symbol", "interval": "timeframe"}
_SEVERITY: Final = (("warning", "warning"), ("info", "info"))


class QualityFindingSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField(help_text="a stable name, such as gap or zero_volume")
    message = serializers.CharField()
    first_time = serializers.CharField(allow_null=True, help_text="the first bar that it is about")
    count = serializers.IntegerField()
    severity = serializers.ChoiceField(choices=_SEVERITY)


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    findings = QualityFindingSerializer(many=True, read_only=True)

    class Meta:
        model = Dataset
        fields = (
            "id", "name", "symbol", "timeframe", "zone", "first_time", "last_time", "bars", "size_bytes",
            "content_hash", "findings", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class DatasetListQuery(PageQuery):
    symbol = serializers.CharField(max_length=32, required=False)
    search = serializers.CharField(max_length=120, required=False, help_text="a text in the name")
    ordering = ordering_field("created_at", "name", "symbol", default="-created_at")


class UploadSerializer(StrictSerializer):
    file = serializers.FileField(help_text="a CSV of bars: a header, then a time, Open, High, Low, Close and Volume")
    name = serializers.CharField(max_length=120, required=False, help_text="the file's, if left out")
    symbol = serializers.CharField(max_length=32, required=False, help_text="made from the file's name, if left out")


class SourceSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    needs_network = serializers.BooleanField()
    needs_file = serializers.BooleanField(help_text="its bars are those of a dataset: name it by dataset_id")
    symbols = serializers.SerializerMethodField(help_text="those that can be listed")

    def get_symbols(self, source: Any) -> list[str]:
        return [info.symbol for info in source.symbols]


class SourcesSerializer(serializers.Serializer[Any]):
    sources = SourceSerializer(many=True)


class SymbolQuery(StrictSerializer):
    source = serializers.ChoiceField(choices=SOURCES, required=False)  # type: ignore[assignment]


class SymbolSerializer(serializers.Serializer[Any]):
    symbol = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    timeframe = serializers.CharField(help_text="of the bars as they come; longer ones are made from them")
    zone = serializers.CharField(help_text="the exchange's, by its IANA name")
    first_time = serializers.CharField()
    last_time = serializers.CharField()
    bars = serializers.IntegerField()
    currency = serializers.CharField(allow_null=True)


class SymbolsSerializer(serializers.Serializer[Any]):
    symbols = SymbolSerializer(many=True)


class ParameterSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    description = serializers.CharField()
    integer = serializers.BooleanField()
    minimum = serializers.FloatField()
    maximum = serializers.FloatField()
    default = serializers.FloatField(help_text="where it is required, only a usual value")
    required = serializers.BooleanField()  # type: ignore[assignment]


class OutputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_null=True, help_text="null where it is the only one")
    description = serializers.CharField()
    column_pattern = serializers.CharField(help_text="{..} is a parameter's value, [..] is left out where it is usual")
    lowest = serializers.FloatField(allow_null=True, help_text="null where it has no finite bound")
    highest = serializers.FloatField(allow_null=True)


class IndicatorSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    parameters = ParameterSerializer(many=True)
    default_source = serializers.CharField(allow_null=True, help_text="null where its columns can't be chosen")
    outputs = OutputSerializer(many=True)
    example = serializers.DictField(help_text="what /api/data/fetch/ takes for all its outputs")
    price_like = serializers.BooleanField(help_text="whether it lies on the scale of the prices")


class PatternSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    signs = serializers.ListField(child=serializers.IntegerField(), help_text="1: it can be bullish, -1: bearish")


class IndicatorsSerializer(serializers.Serializer[Any]):
    indicators = IndicatorSerializer(many=True)
    patterns = PatternSerializer(many=True)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "maxLength": 120, "description": "a column, such as RSI_14 or EMA_50_1D"},
            {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "description": "one of /api/data/indicators/, or an alias"},
                    "output": {"type": "string"},
                    "source": {"type": "string", "enum": ["Open", "High", "Low", "Close", "Volume"]},
                    "timeframe": {"type": "string"},
                    "params": {"type": "object", "additionalProperties": {"type": "number"}},
                },
                "additionalProperties": {"type": "number"},
            },
        ]
    }
)
class IndicatorRequestField(serializers.Field[Any, Any, Any, Any]):
    """The name of a column, or an object with a name; what they mean is read by the service."""

    default_error_messages = {
        "kind": 'write a column such as "RSI_14", or an object such as {{"name": "RSI", "timeperiod": 14}}',
        "long": "the name of a column has at most 120 characters",
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str | dict):
            self.fail("kind")
        if len(data) > 120:
            self.fail("long")
        return data


class FetchSerializer(StrictSerializer):
    symbol = serializers.CharField(max_length=40, required=False, help_text="needed without a dataset_id")
    ticker = serializers.CharField(max_length=40, required=False, help_text="another word for symbol")
    source = serializers.ChoiceField(choices=SOURCES, required=False, help_text="sample, if left out")  # type: ignore[assignment]
    dataset_id = serializers.UUIDField(required=False, help_text="bars that you uploaded, in place of a source")
    timeframe = serializers.CharField(
        max_length=20, required=False, help_text="1d, 4h, 1w ...; the source's own if not"
    )
    interval = serializers.CharField(max_length=20, required=False, help_text="another word for timeframe")
    period = serializers.CharField(
        max_length=20, required=False, help_text="back from the last bar: 5d (days with bars), 2w, 6mo, 1y, ytd or max"
    )
    start_date = serializers.CharField(max_length=40, required=False, help_text=_DATE_HELP)
    end_date = serializers.CharField(max_length=40, required=False, help_text=_DATE_HELP)
    indicators = serializers.ListField(child=IndicatorRequestField(), max_length=MAX_INDICATORS, required=False)
    max_points = serializers.IntegerField(
        min_value=1, max_value=MAX_POINTS, default=5000, help_text="more bars than this are joined to fewer"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The fields by their own names, and in `field_names` what the request called them."""
        given = dict(attrs)
        names = {}
        for alias, name in _ALIASES.items():
            if alias not in given:
                continue
            if name in given:
                raise serializers.ValidationError({alias: f"{alias} and {name} are two words for one thing"})
            given[name] = given.pop(alias)
            names[name] = alias
        return {**given, "field_names": names}


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class TimesField(serializers.ReadOnlyField):
    """Stamps as they are: there may be many."""


@extend_schema_field(
    {
        "type": "object",
        "required": ["Open", "High", "Low", "Close", "Volume"],
        "additionalProperties": {"type": "array", "items": {"type": "number", "nullable": True}},
        "properties": {
            name: {"type": "array", "items": {"type": "number"}} for name in ("Open", "High", "Low", "Close", "Volume")
        },
    }
)
class ColumnsField(serializers.ReadOnlyField):
    """Numbers as they are: there may be many."""


class FetchedBarsSerializer(serializers.Serializer[Any]):
    symbol = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    dataset_id = serializers.UUIDField(allow_null=True)
    timeframe = serializers.CharField()
    zone = serializers.CharField(help_text="of the times; days are days of this zone")
    content_hash = serializers.CharField(help_text="of all bars up to the end, in full precision")
    bars = serializers.IntegerField(help_text="of the window")
    bars_per_point = serializers.IntegerField(help_text="1 unless there are more bars than max_points")
    findings = QualityFindingSerializer(many=True)
    time = TimesField(help_text="when each bar begins: RFC 3339 with offset, or `YYYY-MM-DD` for daily bars and longer")
    columns = ColumnsField(help_text="Open, High, Low, Close, Volume and the indicators; null where not defined")
