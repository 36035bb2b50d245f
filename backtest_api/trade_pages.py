"""The trades of a run by pages, from one to the next by a cursor."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound as InvalidCursor
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer

from Backtest.errors import Issue
from backtest_api.models import BacktestTrade
from backtest_api.serializers.answers import ClosedTradeSerializer
from rest.errors import Invalid

LARGEST_NUMBER = 2**31 - 1


class TradePages(CursorPagination):
    ordering = "number"
    template = None

    def __init__(self, page_size: int) -> None:
        super().__init__()
        self._rows_each = page_size

    def get_page_size(self, request: Request) -> int:
        return self._rows_each

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The framework's, but that a made-up cursor is input at fault."""
        try:
            cursor = super().decode_cursor(request)
        except InvalidCursor as error:
            raise _not_ours() from error
        if cursor is None:
            return None
        position = str(cursor.position)
        # Numbers are unique, so that no cursor of ours has an offset beside its position.
        if cursor.offset or not (position.isascii() and position.isdecimal() and int(position) <= LARGEST_NUMBER):
            raise _not_ours()
        return cursor


def trade_page(request: Request, rows: "QuerySet[BacktestTrade]", query: dict[str, Any]) -> Response:
    """One page of the trades as `{"next", "previous", "results"}`. Raises Invalid for a cursor that is none of ours."""
    pages = TradePages(query["page_size"])
    shown = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(ListSerializer(shown, child=ClosedTradeSerializer()).data)


def _not_ours() -> Invalid:
    message = "the cursor can't be read"
    return Invalid(message, [Issue("cursor", message, "take it from `next` or `previous`, or leave it out")])
