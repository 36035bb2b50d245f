"""The trading endpoints: two lists, empty until trading is built."""

from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from auth_api.authentication import user_of
from rest.pagination import page_response, paged
from rest.serializers import read_query
from rest.views import ApiView
from trading import examples, selectors
from trading.serializers import PositionListQuery, PositionSerializer, TradeListQuery, TradeSerializer

_TAGS: Final = ["trading"]


class PositionListView(ApiView):
    @extend_schema(
        operation_id="positions_list",
        tags=_TAGS,
        summary="Your positions in paper and live trading",
        parameters=[PositionListQuery],
        responses={200: paged("Position", PositionSerializer)},
        examples=[examples.POSITIONS],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, PositionListQuery)
        rows = selectors.position_list(user=user_of(request), symbol=query.get("symbol"), is_open=query["open"])
        return page_response(request, rows, query, PositionSerializer)


class TradeListView(ApiView):
    @extend_schema(
        operation_id="trades_list",
        tags=_TAGS,
        summary="Your fills in paper and live trading",
        parameters=[TradeListQuery],
        responses={200: paged("Trade", TradeSerializer)},
        examples=[examples.TRADES],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, TradeListQuery)
        rows = selectors.trade_list(user=user_of(request), symbol=query.get("symbol"))
        return page_response(request, rows, query, TradeSerializer)
