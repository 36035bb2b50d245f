"""Answers as the schema shows them."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_EMPTY: Final[dict[str, Any]] = {"count": 0, "page": 1, "page_size": 50, "next": None, "previous": None, "results": []}

POSITIONS = OpenApiExample("No position yet", _EMPTY, response_only=True, status_codes=["200"])
TRADES = OpenApiExample("No trade yet", _EMPTY, response_only=True, status_codes=["200"])
