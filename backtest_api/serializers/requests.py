"""What the backtest endpoints take."""

from difflib import get_close_matches
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from Backtest.timeframes import TIMEFRAMES, parse_timeframe
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunRequest
from backtest_api.selectors import LARGEST_ID
from rest.pagination import MAX_PAGE_SIZE, PageQuery, ordering_field
from rest.serializers import StrictSerializer
from strategy_api.serializers.requests import AnswersField

LARGEST_VERSION: Final = 2**31 - 1
LONGEST_TEXT: Final = 20_000
LONGEST_CODE: Final = 64 * 1024
LONGEST_SYMBOL: Final = 32
LONGEST_DATE: Final = 40
SOURCES: Final = ("sample", "yfinance")
STRATEGY_FIELDS: Final = ("strategy_id", "canonical_json", "user_description")
MOST_POINTS: Final = 10_000


class NumberField(serializers.FloatField):
    """A number; neither a text that looks like one nor true and false."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, str | bool):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "enum": list(TIMEFRAMES), "description": "the length of a bar"})
class TimeframeField(serializers.CharField):
    """A timeframe in any spelling, as its canonical name."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        timeframe = parse_timeframe(text)
        if timeframe is None:
            near = get_close_matches(text.lower(), TIMEFRAMES, n=1)
            advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(TIMEFRAMES)}"
            raise serializers.ValidationError(f"{text[:40]!r} is no timeframe", code=f"advice:{advice}")
        return timeframe


class AccountSerializer(StrictSerializer):
    """What the run trades with; each of them beats what the strategy says."""

    cash = NumberField(required=False, help_text="what it begins with, above 0")
    commission = NumberField(required=False, help_text="a fraction of the value per side: 0.001 is 0.1 %")
    spread = NumberField(required=False, help_text="a fraction of the price: 0.0002 is 0.02 %")
    margin = NumberField(required=False, help_text="1 / leverage: 0.5 is a leverage of 2")


class BarsSerializer(StrictSerializer):
    """On which bars, with which account; a symbol of the source, or an uploaded dataset."""

    symbol = serializers.CharField(
        required=False, max_length=LONGEST_SYMBOL, help_text="the strategy's own, or GOOG, unless said"
    )
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=SOURCES, required=False, help_text="where prices come from; sample unless said"
    )
    dataset_id = serializers.UUIDField(required=False, help_text="an upload of yours in the place of a source")
    timeframe = TimeframeField(required=False)
    start_date = serializers.CharField(
        required=False, max_length=LONGEST_DATE, help_text="YYYY-MM-DD or an ISO time: the first bar that counts"
    )
    end_date = serializers.CharField(
        required=False, max_length=LONGEST_DATE, help_text="YYYY-MM-DD, that day included, or an ISO time"
    )
    account = AccountSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "source" in attrs and "dataset_id" in attrs:
            message = "a dataset and a source exclude each other"
            raise serializers.ValidationError({"source": message}, code="advice:leave one of them out")
        return attrs


class BacktestSerializer(BarsSerializer):
    """Exactly one of strategy_id, canonical_json and user_description, and what it is to be run on."""

    strategy_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_VERSION, help_text="of the strategy; the latest unless said"
    )
    canonical_json = serializers.DictField(required=False, help_text="a strategy as a canonical document")
    user_description = serializers.CharField(
        required=False, max_length=LONGEST_TEXT, trim_whitespace=False, help_text="a strategy in plain words"
    )
    answers = AnswersField(required=False)
    accept_defaults = serializers.BooleanField(
        required=False, help_text="answer the questions that have a default with it"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        said = [name for name in STRATEGY_FIELDS if name in attrs]
        if not said:
            message = "say what to run: user_description, strategy_id or canonical_json"
            raise serializers.ValidationError({"user_description": message}, code="advice:give one of the three")
        if len(said) > 1:
            message = f"give either {said[0]} or {said[1]}"
            raise serializers.ValidationError({said[1]: message}, code="advice:leave one of them out")
        if "version" in attrs and "strategy_id" not in attrs:
            message = "a version is one of a strategy"
            raise serializers.ValidationError({"version": message}, code="advice:give the strategy_id too")
        asked = [name for name in ("answers", "accept_defaults") if attrs.get(name)]
        if asked and "canonical_json" in attrs:
            message = "a canonical_json leaves no questions open"
            raise serializers.ValidationError({asked[0]: message}, code="advice:leave it out")
        return super().validate(attrs)


class SandboxRunSerializer(BarsSerializer):
    """Code of your own, and what it is to be run on."""

    code = serializers.CharField(
        max_length=LONGEST_CODE, trim_whitespace=False, help_text="a Python file with a backtesting.py Strategy"
    )


class BacktestQuery(PageQuery):
    status = serializers.ChoiceField(choices=BacktestRun.Status.choices, required=False)
    symbol = serializers.CharField(required=False, max_length=LONGEST_SYMBOL)
    timeframe = serializers.CharField(required=False, max_length=8)
    strategy_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    ordering = ordering_field("created_at", "symbol", "status", default="-created_at")


class TradesQuery(StrictSerializer):
    cursor = serializers.CharField(required=False, max_length=200, help_text="as `next` and `previous` have it")
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=50)


class WhyQuery(StrictSerializer):
    """Either a date or a trade."""

    date = serializers.CharField(
        required=False, max_length=40, help_text="of the bar: YYYY-MM-DD, with THH:MM on a chart below a day"
    )
    trade = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, help_text="its number, from 1")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            message = "give either a date or a trade" if attrs else "say which bar is meant, or which trade"
            raise serializers.ValidationError({"date": message}, code="advice:for example ?date=2005-03-02 or ?trade=1")
        return attrs


class PointsQuery(StrictSerializer):
    max_points = serializers.IntegerField(
        min_value=2, max_value=MOST_POINTS, default=1000, help_text="more bars are drawn together, extremes kept"
    )


def run_request_of(body: dict[str, Any]) -> RunRequest:
    """What a validated body asks to be run."""
    return RunRequest(**body)


def filters_of(query: dict[str, Any]) -> dict[str, Any]:
    """The columns that a validated query filters by."""
    paging = ("page", "page_size", "ordering")
    return {name: value for name, value in query.items() if name not in paging}
