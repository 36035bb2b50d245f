"""GET /api/backtests/{id}/artifacts/{name}/: the files of a run, made from its rows when they are asked for."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api.models import Artifact, BacktestRun
from rest.private_files import private_file_path
from tests.api.backtest_api.conftest import RUN_SANDBOX, Make, address_of

NAMES = ("trades.csv", "equity.csv", "report.html", "manifest.json")
Problem = Callable[[Any, int], dict[str, Any]]
each_name = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def settled(run: dict[str, Any]) -> dict[str, Any]:
    """A run whose figures nothing will change any more."""
    BacktestRun.objects.update(verification={"state": "verified", "counterexample": None})
    return run


def get(api: APIClient, run: dict[str, Any], name: str, **headers: str) -> Any:
    response = api.get(address_of(run, f"artifacts/{name}/"), **headers)
    assert response.status_code == 200, response.content
    return response


def test_each_is_where_the_run_says(api: APIClient, run: dict[str, Any]) -> None:
    for key in ("trades_csv", "equity_csv", "report_html", "manifest"):
        assert api.get(run[key]).status_code == 200


@pytest.mark.parametrize(
    ("name", "content_type", "disposition"),
    [
        ("trades.csv", "text/csv; charset=utf-8", "attachment"),
        ("equity.csv", "text/csv; charset=utf-8", "attachment"),
        ("report.html", "text/html; charset=utf-8", "inline"),
        ("manifest.json", "application/json", "attachment"),
    ],
)
def test_it_is_served_as_what_it_is_and_can_do_nothing_else(
    api: APIClient, run: dict[str, Any], name: str, content_type: str, disposition: str
) -> None:
    response = get(api, run, name)
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'{disposition}; filename="backtest-{run["id"]}-{name}"'
    assert response["Content-Security-Policy"] == "sandbox allow-scripts"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]


@each_name
@pytest.mark.parametrize("accept", ["text/html", "text/csv", "application/json", "*/*"])
def test_it_comes_whatever_the_request_accepts(api: APIClient, run: dict[str, Any], name: str, accept: str) -> None:
    assert get(api, run, name, HTTP_ACCEPT=accept).content


@each_name
def test_it_is_made_once_and_stored_with_its_hash(api: APIClient, settled: dict[str, Any], name: str) -> None:
    assert not Artifact.objects.exists()
    content = get(api, settled, name).content
    [stored] = Artifact.objects.all()
    path = private_file_path(stored.file_name)
    assert path.read_bytes() == content
    assert (stored.name, stored.size_bytes) == (name, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    path.write_bytes(b"as it was stored")
    assert get(api, settled, name).content == b"as it was stored"
    assert Artifact.objects.count() == 1


def test_nothing_is_kept_of_a_run_that_is_yet_to_be_verified(
    api: APIClient, run: dict[str, Any], settled: dict[str, Any]
) -> None:
    assert "verified" in get(api, settled, "report.html").content.decode()
    Artifact.objects.all().delete()
    BacktestRun.objects.update(verification={"state": "pending", "counterexample": None})
    assert get(api, run, "manifest.json").json()["verification"]["state"] == "pending"
    assert not Artifact.objects.exists()


@each_name
def test_a_file_that_went_missing_is_made_again(api: APIClient, settled: dict[str, Any], name: str) -> None:
    content = get(api, settled, name).content
    private_file_path(Artifact.objects.get().file_name).unlink()
    assert get(api, settled, name).content == content
    assert private_file_path(Artifact.objects.get().file_name).read_bytes() == content


def test_the_manifest_tells_what_the_run_was_made_of(api: APIClient, run: dict[str, Any]) -> None:
    manifest = get(api, run, "manifest.json").json()
    assert manifest["metrics"] == run["metrics"]
    assert manifest["spec"] == run["canonical_json"]
    assert manifest["code_sha256"] == hashlib.sha256(run["code"].encode()).hexdigest()
    assert manifest["data"]["content_hash"] == run["data_hash"]
    assert manifest["data"]["evaluated"]["bars"] == run["metrics"]["bars"]
    assert manifest["data"]["bars"] > manifest["data"]["evaluated"]["bars"]
    assert (manifest["account"], manifest["versions"]) == (run["account"], run["versions"])


def test_the_equity_csv_has_a_line_for_each_evaluated_bar(api: APIClient, run: dict[str, Any]) -> None:
    lines = get(api, run, "equity.csv").content.decode().splitlines()
    assert len(lines) == 1 + run["metrics"]["bars"]
    assert lines[-1].split(",")[1] == repr(run["metrics"]["equity_final"])


def test_a_report_of_mere_code_says_that_it_is_its_own_report(api: APIClient) -> None:
    code = "from backtesting import Strategy\n\n\nclass Held(Strategy):\n    def init(self):\n        pass\n\n"
    code += "    def next(self):\n        self.buy(size=1, tag='held')\n"
    run = api.post(RUN_SANDBOX, {"code": code, "symbol": "GOOG"}).json()
    page = get(api, run, "report.html").content.decode()
    assert "its figures are the code&#39;s own report" in page
    assert "<h1>Held</h1>" in page
    manifest = get(api, run, "manifest.json").content
    assert json.loads(manifest)["spec"] is None


@each_name
def test_a_run_that_waits_has_none(api: APIClient, waiting: dict[str, Any], problem: Problem, name: str) -> None:
    problem(api.get(address_of(waiting, f"artifacts/{name}/")), 409)


@pytest.mark.parametrize("name", ["trades.json", "..%2Ftrades.csv", "TRADES.CSV", "x" * 300])
def test_no_other_name_is_there(api: APIClient, run: dict[str, Any], problem: Problem, name: str) -> None:
    problem(api.get(address_of(run, f"artifacts/{name}/")), 404)


def test_files_go_with_the_account(
    api: APIClient, make: Make, settled: dict[str, Any], user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    get(api, settled, "trades.csv")
    paths = [
        private_file_path(Artifact.objects.get().file_name),
        private_file_path(BacktestRun.objects.get(pk=settled["id"]).series_file_name),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        user.delete()
    assert [path.exists() for path in paths] == [False, False]
