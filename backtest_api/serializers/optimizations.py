"""What the endpoints of searches take and answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backtest_api.models import Optimization
from backtest_api.selectors import LARGEST_ID
from backtest_api.serializers.answers import VerificationSerializer
from backtest_api.serializers.requests import NumberField
from backtest_api.services import OptimizationRequest
from rest.pagination import PageQuery, ordering_field
from rest.serializers import IssueSerializer, StrictSerializer

if TYPE_CHECKING:
    from Backtest.kernel.sweep import Place

MOST_AXES: Final = 6
MOST_VALUES: Final = 1_000
LONGEST_NAME: Final = 80
MOST_CONSTRAINTS: Final = 16
MOST_SHOWN: Final = 20
FORM: Final = 'give {"from": 5, "to": 50, "step": 5} (both ends included), or a list of numbers'


_AXIS_SCHEMA: Final[dict[str, Any]] = {
    "oneOf": [
        {
            "type": "object",
            "properties": {
                "from": {"type": "number"},
                "to": {"type": "number"},
                "step": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "default": 1},
            },
            "required": ["from", "to"],
            "additionalProperties": False,
        },
        {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": MOST_VALUES},
    ]
}


@extend_schema_field(_AXIS_SCHEMA)
class AxisField(serializers.Field[Any, Any, Any, Any]):
    """The values of one name, as a range or as a list."""

    def to_internal_value(self, data: Any) -> list[float]:
        if isinstance(data, Mapping):
            return self._between(data)
        if not isinstance(data, list) or not 1 <= len(data) <= MOST_VALUES:
            raise serializers.ValidationError("these are no values", code=f"advice:{FORM}")
        number = NumberField()
        return [number.run_validation(value) for value in data]

    def _between(self, data: Mapping[str, Any]) -> list[float]:
        unknown = sorted(set(data) - {"from", "to", "step"})
        if unknown or not {"from", "to"} <= set(data):
            raise serializers.ValidationError("this is no range", code=f"advice:{FORM}")
        number = NumberField()
        start, to, step = (
            Decimal(repr(number.run_validation(value))) for value in (data["from"], data["to"], data.get("step", 1.0))
        )
        if not (start.is_finite() and to.is_finite() and step.is_finite()) or step <= 0 or to < start:
            raise serializers.ValidationError(
                "this range holds no value", code="advice:the step must be above 0, and the end not before the start"
            )
        if (to - start) / step >= MOST_VALUES:
            raise serializers.ValidationError(
                f"a name takes {MOST_VALUES:,} values at most", code="advice:take a larger step"
            )
        return [float(start + k * step) for k in range(int((to - start) / step) + 1)]

    def to_representation(self, value: Any) -> Any:
        return value


class OptimizeSerializer(StrictSerializer):
    """A grid, and the metric whose largest, or smallest, value is looked for: exactly one of the two."""

    grid = serializers.DictField(
        child=AxisField(), allow_empty=False, help_text="values by name; what can be varied is told by GET"
    )
    constraints = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=MOST_CONSTRAINTS,
        help_text="such as `fast < slow`: combinations that break one are skipped",
    )
    maximize = serializers.CharField(required=False, max_length=LONGEST_NAME, help_text="sharpe_ratio unless said")
    minimize = serializers.CharField(required=False, max_length=LONGEST_NAME)
    top = serializers.IntegerField(
        required=False,
        default=5,
        min_value=1,
        max_value=MOST_SHOWN,
        help_text="of the best are verified and shown",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "maximize" in attrs and "minimize" in attrs:
            message = "give either maximize or minimize"
            raise serializers.ValidationError({"minimize": message}, code="advice:leave one of them out")
        if len(attrs["grid"]) > MOST_AXES:
            message = f"at most {MOST_AXES} names are varied at once"
            raise serializers.ValidationError({"grid": message}, code="advice:vary fewer")
        return attrs


def optimization_request_of(body: dict[str, Any]) -> OptimizationRequest:
    """What a validated body asks to be searched."""
    return OptimizationRequest(
        grid=body["grid"],
        metric=body.get("minimize") or body.get("maximize") or "sharpe_ratio",
        is_maximum="minimize" not in body,
        top=body["top"],
        constraints=body.get("constraints", ()),
    )


class OptimizationQuery(PageQuery):
    run_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    status = serializers.ChoiceField(choices=Optimization.Status.choices, required=False)
    ordering = ordering_field("created_at", "status", default="-created_at")


class VariableSerializer(serializers.Serializer[Any]):
    """A number of the strategy that a search can vary."""

    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField(), help_text="which name it too")
    value = serializers.FloatField(help_text="now")
    whole = serializers.BooleanField(help_text="whether it is a whole number now")


class VariablesSerializer(serializers.Serializer[Any]):
    variables = VariableSerializer(many=True)


def variables_answer(places: "tuple[Place, ...]") -> dict[str, Any]:
    """What a `VariablesSerializer` shows."""
    return {
        "variables": [
            {"name": place.name, "aliases": list(place.aliases), "value": place.value, "whole": place.is_whole}
            for place in places
        ]
    }


class SpreadSerializer(serializers.Serializer[Any]):
    """The metric over all combinations that have one, from the worst to the best."""

    worst = serializers.FloatField(allow_null=True)
    lower_quartile = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    upper_quartile = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)


class BestSerializer(serializers.Serializer[Any]):
    """One of the best combinations, run again by its specification and by its code."""

    rank = serializers.IntegerField()
    values = serializers.DictField(child=serializers.FloatField())
    metrics = serializers.DictField(child=serializers.JSONField(allow_null=True))
    executor = serializers.CharField()
    verification = VerificationSerializer()
    verified = serializers.BooleanField()
    notices = serializers.ListField(child=serializers.CharField())
    canonical_json = serializers.DictField(help_text="the strategy with these values")


class HeatmapAxisSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    values = serializers.ListField(child=serializers.FloatField())


class HeatmapSerializer(serializers.Serializer[Any]):
    """The metric by the first two names of the grid; of further ones their best."""

    x = HeatmapAxisSerializer()
    y = HeatmapAxisSerializer()
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True)),
        help_text="a row for each value of y; null where it is undefined or skipped",
    )


class FoundSerializer(serializers.Serializer[Any]):
    """What a search came to, all of it on the bars that it searched."""

    metric = serializers.CharField()
    goal = serializers.ChoiceField(choices=Optimization.Goal.choices)
    complete = serializers.BooleanField()
    combinations = serializers.IntegerField(help_text="those that a constraint leaves out included")
    tried = serializers.IntegerField()
    skipped = serializers.IntegerField(help_text="they break a constraint")
    undefined = serializers.IntegerField(help_text="tried, and without a value of the metric")
    as_it_stands = serializers.FloatField(allow_null=True, help_text="the metric of the strategy before the search")
    worse_than_it_stands_share = serializers.FloatField(allow_null=True, help_text="0 to 1")
    spread = SpreadSerializer()
    caution = serializers.CharField(help_text="what the best of so many is worth")
    best = BestSerializer(many=True)
    heatmap = HeatmapSerializer(allow_null=True, help_text="of two names or more, 40,000 cells at most")


class OptimizationSerializer(serializers.Serializer[Optimization]):
    """A search, without what came of it."""

    id = serializers.IntegerField()
    run_id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Optimization.Status.choices)
    step = serializers.CharField(allow_blank=True, help_text="what a running one is doing")
    metric = serializers.CharField()
    goal = serializers.ChoiceField(choices=Optimization.Goal.choices)
    top = serializers.IntegerField()
    grid = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))
    constraints = serializers.ListField(child=serializers.CharField())
    combinations = serializers.IntegerField()
    done = serializers.IntegerField(help_text="of the combinations")
    errors = IssueSerializer(many=True)  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, row: Optimization) -> str:
        path = reverse("optimization", args=[row.pk])
        return str(self.context["request"].build_absolute_uri(path))


class OptimizationDetailSerializer(OptimizationSerializer):
    """A search with what came of it, null until it is completed."""

    result = FoundSerializer(allow_null=True)
