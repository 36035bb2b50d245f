"""How often one may try: by address, by account, and over several processes."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from auth_api.models import User
from rest.models import ThrottleWindow
from tests.conftest import PASSWORD
from tests.e2e.conftest import ROOT, environment_in, free_port, wait_until_ready

WRONG = {"username": "ada", "password": "wrong"}


@pytest.fixture
def rates(settings: Any) -> Any:
    """The rates of the settings; a window of a day does not end within a test."""
    settings.THROTTLE_RATES = dict.fromkeys(settings.THROTTLE_RATES, "off")
    return settings.THROTTLE_RATES


def _statuses(client: APIClient, address: str, bodies: list[dict[str, str]], **extra: Any) -> list[int]:
    return [client.post(address, body, **extra).status_code for body in bodies]


@pytest.mark.django_db
def test_beyond_the_rate_an_address_is_refused_and_told_how_long_to_wait(
    anonymous: APIClient, user: User, rates: dict[str, str], problem: Any
) -> None:
    rates["sign_in"] = "3/d"
    bodies = [{"username": f"name{number}", "password": "wrong"} for number in range(3)]
    assert _statuses(anonymous, "/api/auth/login/", bodies) == [401] * 3
    response = anonymous.post("/api/auth/login/", {"username": "ada", "password": PASSWORD})
    body = problem(response, 429)
    wait_s = int(response["Retry-After"])
    assert 0 < wait_s <= 86_400
    assert str(wait_s) in body["error"]


@pytest.mark.django_db
def test_beyond_the_rate_an_account_s_password_can_t_be_tried_from_elsewhere_either(
    anonymous: APIClient, user: User, rates: dict[str, str], problem: Any
) -> None:
    rates["sign_in"] = "3/d"
    names = ["ada", "ADA", "Ada"]
    statuses = [
        anonymous.post("/api/auth/login/", {**WRONG, "username": name}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number, name in enumerate(names)
    ]
    assert statuses == [401] * 3
    problem(anonymous.post("/api/auth/login/", WRONG, REMOTE_ADDR="192.0.2.99"), 429)
    other = {"username": "mallory", "password": "wrong"}
    assert anonymous.post("/api/auth/login/", other, REMOTE_ADDR="192.0.2.99").status_code == 401


@pytest.mark.django_db
def test_blanks_around_a_name_make_no_other_account_of_it(
    anonymous: APIClient, user: User, rates: dict[str, str], problem: Any
) -> None:
    rates["sign_in"] = "3/d"
    for number, name in enumerate(["ada", " ada", "ada\n"]):
        address = f"192.0.2.{number}"
        assert anonymous.post("/api/auth/login/", {**WRONG, "username": name}, REMOTE_ADDR=address).status_code == 401
    problem(anonymous.post("/api/auth/login/", {**WRONG, "username": "ada  "}, REMOTE_ADDR="192.0.2.99"), 429)


@pytest.mark.django_db
def test_the_current_password_can_t_be_guessed_with_a_stolen_token(
    api: APIClient, rates: dict[str, str], problem: Any
) -> None:
    rates["sign_in"] = "2/d"
    guess = {"password": "wrong donkey charger clip", "current_password": "wrong"}
    statuses = [api.patch("/api/auth/me/", guess).status_code for _ in range(3)]
    assert statuses == [400, 400, 429]
    assert api.patch("/api/auth/me/", {"first_name": "Ada"}).status_code == 200
    assert api.get("/api/auth/me/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "address", "field"),
    [
        ("register", "/api/auth/register/", "username"),
        ("token", "/api/auth/refresh/", "refresh"),
        ("token", "/api/auth/verify/", "token"),
    ],
)
def test_the_other_doors_have_rates_of_their_own(
    anonymous: APIClient, rates: dict[str, str], scope: str, address: str, field: str
) -> None:
    rates[scope] = "2/d"
    assert 429 not in _statuses(anonymous, address, [{field: "x"}] * 2)
    assert _statuses(anonymous, address, [{field: "x"}]) == [429]


@pytest.mark.django_db
def test_neither_names_nor_addresses_are_kept_by_counting(
    anonymous: APIClient, user: User, rates: dict[str, str]
) -> None:
    rates["sign_in"] = "9/d"
    anonymous.post("/api/auth/login/", WRONG, REMOTE_ADDR="192.0.2.7")
    keys = " ".join(ThrottleWindow.objects.values_list("key", flat=True))
    assert "password:" in keys
    assert "ada" not in keys.replace("address", "")
    assert "192.0.2.7" not in keys


@pytest.fixture
def two_servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two processes of the service on one new database, each with an address of its own."""
    environment = {**environment_in(tmp_path), "THROTTLE_SIGN_IN": "6/d", "LOG_LEVEL": "ERROR"}
    manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(manage, env=environment, cwd=ROOT, check=True)
    ports = [free_port(), free_port()]
    command = [sys.executable, "-m", "uvicorn", "algoagent_api.asgi:application", "--log-level", "warning", "--port"]
    servers = [subprocess.Popen([*command, str(port)], env=environment, cwd=ROOT) for port in ports]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for address, server in zip(addresses, servers, strict=True):
            wait_until_ready(address, server)
        yield addresses
    finally:
        for server in servers:
            server.terminate()
            server.wait()


def _sign_in_status(address: str) -> int:
    body = json.dumps(WRONG).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/api/auth/login/", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as response:  # noqa: S310 - our own server
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_two_processes_count_together(two_servers: list[str]) -> None:
    first, second = two_servers
    statuses = [_sign_in_status(address) for address in (first, second) * 4]
    assert statuses == [401] * 6 + [429] * 2
