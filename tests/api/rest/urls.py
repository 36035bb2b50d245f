"""Addresses whose views do what no view of the service may: raise anything, answer NaN, list rows."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from rest.last_resort import unknown_route
from rest.models import ThrottleWindow
from rest.pagination import PageQuery, ordering_field, page_response
from rest.serializers import StrictSerializer, read_body, read_query
from rest.views import ApiView
from tests.api.rest import conftest


class _OpenView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)


class RaisingView(_OpenView):
    """Raises what the test put there."""

    def get(self, request: Request) -> Response:
        password = "a-secret-in-a-local-variable"  # noqa: F841 - it must not be logged
        raise conftest.RAISED[-1]


class NotANumberView(_OpenView):
    def get(self, request: Request) -> Response:
        return Response({"value": float("nan")})


class EchoView(_OpenView):
    """Answers the body as it was understood."""

    def post(self, request: Request) -> Response:
        return Response(request.data)


class PieceSerializer(StrictSerializer):
    name = serializers.CharField(max_length=5)
    count = serializers.IntegerField(required=False, min_value=0)


class OrderSerializer(StrictSerializer):
    title = serializers.CharField()
    pieces = PieceSerializer(many=True)


class OrderView(_OpenView):
    def post(self, request: Request) -> Response:
        return Response(read_body(request, OrderSerializer))


class WindowQuery(PageQuery):
    key = serializers.CharField(required=False)
    ordering = ordering_field("count", default="count")


class WindowSerializer(serializers.Serializer[ThrottleWindow]):
    id = serializers.IntegerField()
    count = serializers.IntegerField()


class WindowsView(_OpenView):
    def get(self, request: Request) -> Response:
        rows: QuerySet[ThrottleWindow] = ThrottleWindow.objects.all()
        return page_response(request, rows, read_query(request, WindowQuery), WindowSerializer)


def plain_view(request: HttpRequest) -> HttpResponse:
    raise conftest.RAISED[-1]


def _path(name: str, view: Any) -> Any:
    return path(f"api/{name}/", view.as_view() if isinstance(view, type) else view)


urlpatterns = [
    _path("raising", RaisingView),
    _path("plain", plain_view),
    _path("not-a-number", NotANumberView),
    _path("echo", EchoView),
    _path("orders", OrderView),
    _path("windows", WindowsView),
    path("page/", plain_view),
    re_path(r"", unknown_route),
]
handler400 = "rest.last_resort.bad_request"
handler403 = "rest.last_resort.forbidden"
handler404 = "rest.last_resort.not_found"
handler500 = "rest.last_resort.server_error"
