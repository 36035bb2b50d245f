"""Bodies that are too large, over a real socket: the server must not keep them."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MOST_BYTES = 1000
SERVER = f"""
import socket, sys
import uvicorn
from rest.body_limit import BodyLimit


async def echo(scope, receive, send):
    body = b""
    while True:
        event = await receive()
        body += event["body"]
        if not event["more_body"]:
            break
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}})
    await send({{"type": "http.response.body", "body": str(len(body)).encode()}})


listening = socket.socket(fileno=int(sys.argv[1]))
uvicorn.Server(uvicorn.Config(BodyLimit(echo, {MOST_BYTES}), lifespan="off", log_level="error")).run([listening])
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that answers how many bytes of the body reached it; its queue takes connections before it is up."""
    listening = socket.create_server(("127.0.0.1", 0))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVER, str(listening.fileno())]
    server = subprocess.Popen(command, env=environment, pass_fds=[listening.fileno()])
    yield listening.getsockname()[1]
    server.terminate()
    server.wait()
    listening.close()


def post(port: int, body: bytes | Iterable[bytes], headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/", body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_a_body_within_the_limit_reaches_the_application(port: int) -> None:
    assert post(port, b"x" * MOST_BYTES, {}) == (200, str(MOST_BYTES).encode())


def test_a_request_without_a_body_reaches_the_application(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"0"
    connection.close()


def test_a_body_that_announces_too_much_is_refused_in_the_one_shape(port: int) -> None:
    status, content = post(port, b"", {"Content-Length": str(MOST_BYTES + 1)})
    body = json.loads(content)
    assert (status, body["error"]) == (413, "the body is larger than 1,000 bytes")
    assert set(body) == {"error", "details", "ai_suggestions", "request_id"}


def test_a_body_in_chunks_which_announces_nothing_is_refused(port: int) -> None:
    status, content = post(port, b"", {"Transfer-Encoding": "chunked"})
    assert (status, json.loads(content)["details"][0]["field"]) == (411, "Content-Length")


def test_nothing_beyond_the_announced_length_reaches_the_application(port: int) -> None:
    assert post(port, b"x" * (MOST_BYTES + 500), {"Content-Length": "5"}) == (200, b"5")
