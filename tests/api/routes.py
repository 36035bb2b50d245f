"""The API's operations, read off the URL table."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")
DOCUMENTS = ("api/schema/", "api/docs/", "api/docs/redoc/")


@dataclass(frozen=True, order=True)
class Operation:
    """One method of one route, such as `GET api/strategies/<int:strategy_id>/`."""

    route: str
    method: str

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.route}"


def operations() -> tuple[Operation, ...]:
    """Every operation below `/api/` but the schema and its pages."""
    found = {
        Operation(route, method)
        for route, view in _views(get_resolver().url_patterns, "")
        if route.startswith("api/") and route not in DOCUMENTS
        for method in METHODS
        if hasattr(view, method)
    }
    return tuple(sorted(found))


def routes() -> tuple[str, ...]:
    return tuple(sorted({operation.route for operation in operations()}))


def _views(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, type]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        elif (view := getattr(pattern.callback, "view_class", None)) is not None:
            yield route, view
