"""What the trading endpoints take and answer."""

from rest_framework import serializers

from rest.pagination import PageQuery, ordering_field
from trading.models import Position, Trade


class PositionSerializer(serializers.ModelSerializer[Position]):
    strategy_id = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(help_text="units, negative when short")

    class Meta:
        model = Position
        fields = ("id", "strategy_id", "symbol", "size", "entry_price", "opened_at", "closed_at")
        read_only_fields = fields


class PositionListQuery(PageQuery):
    symbol = serializers.CharField(max_length=32, required=False)
    open = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="both, if left out")
    ordering = ordering_field("opened_at", "symbol", default="-opened_at")


class TradeSerializer(serializers.ModelSerializer[Trade]):
    position_id = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(help_text="units, negative for a sale")

    class Meta:
        model = Trade
        fields = ("id", "position_id", "symbol", "size", "price", "commission", "filled_at")
        read_only_fields = fields


class TradeListQuery(PageQuery):
    symbol = serializers.CharField(max_length=32, required=False)
    ordering = ordering_field("filled_at", "symbol", default="-filled_at")
