"""The service with the addresses of `tests/api/rest/urls.py` in the place of its own."""

from collections.abc import Callable, Iterator

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from rest.last_resort import known_routes

RAISED: list[Exception] = []
"""What the raising views raise: the last one."""

Raising = Callable[..., Response]


@pytest.fixture
def our_routes(settings: object) -> Iterator[None]:
    """The addresses of the tests; the names of the service's own are not remembered in their place."""
    settings.ROOT_URLCONF = "tests.api.rest.urls"  # type: ignore[attr-defined]
    known_routes.cache_clear()
    yield
    known_routes.cache_clear()


@pytest.fixture
def raising(our_routes: None, anonymous: APIClient) -> Iterator[Raising]:
    """The response of a view that raises this error."""

    def respond(error: Exception, address: str = "/api/raising/") -> Response:
        RAISED.append(error)
        response: Response = anonymous.get(address)
        return response

    yield respond
    RAISED.clear()
