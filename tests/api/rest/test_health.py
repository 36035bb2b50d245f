"""GET /api/health/"""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from tests.e2e.conftest import ROOT, environment_in, free_port


@pytest.mark.django_db
def test_a_service_that_works_says_so_to_anyone(anonymous: APIClient) -> None:
    response = anonymous.get("/api/health/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body.pop("sandbox")["self_test"] in ("untested", "holds")
    assert body == {
        "status": "ok",
        "version": settings.VERSION,
        "database": "ok",
        "source_url": settings.SOURCE_URL,
    }


@pytest.fixture
def server_without_a_database(tmp_path: Path) -> Iterator[str]:
    """The service with the address of a database at which nobody listens."""
    environment = {**environment_in(tmp_path), "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing"}
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "algoagent_api.asgi:application", "--log-level", "warning"]
    server = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=environment)
    try:
        while server.poll() is None and not _listens(port):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_without_its_database_it_still_answers_and_says_what_is_missing(server_without_a_database: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server_without_a_database}/api/health/")  # noqa: S310 - our own server
    with refused.value as answer:
        body = json.load(answer)
    assert answer.status == 503
    assert (body["status"], body["database"]) == ("degraded", "unreachable")
