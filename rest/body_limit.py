"""Bodies that no view could want, refused by their announced length: behind ASGI, Django stores a whole body first."""

import json
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog

from Backtest.errors import Issue

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

MOST_BYTES: Final = 21 * 1024 * 1024
"""An upload of 20 MB and the form around it."""

log = structlog.get_logger("rest.body_limit")


class BodyLimit:
    """An ASGI application that answers 413 where Content-Length is too large, and 411 where a body announces none.

    A server reads no more than was announced, so nothing larger reaches the application.
    """

    def __init__(self, application: "ASGI3Application", most_bytes: int = MOST_BYTES) -> None:
        self._application = application
        self._most_bytes = most_bytes

    async def __call__(self, scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._application(scope, receive, send)
        else:
            await _answer(send, *refusal)

    def _refusal(self, scope: "HTTPScope") -> tuple[HTTPStatus, Issue] | None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if b"transfer-encoding" in headers:
            message = "a body must announce its length"
            return HTTPStatus.LENGTH_REQUIRED, Issue("Content-Length", message, "send it whole, not in chunks")
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._most_bytes:
            message = f"the body is larger than {self._most_bytes:,} bytes"
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Issue("Content-Length", message, "send less")
        return None


async def _answer(send: "ASGISendCallable", status: HTTPStatus, issue: Issue) -> None:
    request_id = uuid.uuid4().hex
    log.info("body refused", status=int(status), request_id=request_id)
    body = {"error": issue.message, "details": [issue.as_dict()], "ai_suggestions": [], "request_id": request_id}
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"x-request-id", request_id.encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": content, "more_body": False})
