"""Lists by pages: `?page=`, `page_size` (200 at most), `ordering` with the id as the tie-break."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rest.errors import NotFound
from rest.serializers import StrictSerializer

MAX_PAGE_SIZE = 200
_Row = TypeVar("_Row", bound=Model)


class PageQuery(StrictSerializer):
    """What every list takes; a list with filters adds its own fields, and `ordering` with its choices."""

    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1, help_text="counted from 1")
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=50)


def ordering_field(*names: str, default: str) -> serializers.ChoiceField:
    """An `ordering` parameter: each of the names, and each with `-` before it for the reverse."""
    choices = [choice for name in names for choice in (name, f"-{name}")]
    return serializers.ChoiceField(choices=choices, default=default)


def page_response(
    request: Request,
    rows: "QuerySet[_Row]",
    query: dict[str, Any],
    serializer: type[serializers.BaseSerializer[Any]],
) -> Response:
    """One page of the rows as `{"count", "page", "page_size", "next", "previous", "results"}`, in the asked order.

    Raises NotFound for a page beyond the last.
    """
    if ordering := query.get("ordering"):
        rows = rows.order_by(ordering, "-id" if ordering.startswith("-") else "id")
    size, page = query["page_size"], query["page"]
    count = rows.count()
    last = max(1, -(-count // size))
    if page > last:
        raise NotFound(f"there is no page {page}: the last one is {last}")
    shown = serializer(rows[(page - 1) * size : page * size], many=True, context={"request": request})
    return Response(
        {
            "count": count,
            "page": page,
            "page_size": size,
            "next": _address(request, page + 1) if page < last else None,
            "previous": _address(request, page - 1) if page > 1 else None,
            "results": shown.data,
        }
    )


def _address(request: Request, page: int) -> str:
    query = request.query_params.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def paged(name: str, serializer: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The serializer of a page of these rows, for the schema."""
    return inline_serializer(
        f"{name}Page",
        {
            "count": serializers.IntegerField(help_text="rows on all pages"),
            "page": serializers.IntegerField(),
            "page_size": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )
