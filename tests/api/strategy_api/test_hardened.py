"""POST /api/production/strategies/validate-schema/ validate-code/ sandbox-test/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from strategy_api.models import Strategy

HARDENED = "/api/production/strategies/"
DOCUMENT = examples.DOCUMENT.value["canonical_json"]
BODIES = {
    "validate-schema/": {"canonical_json": DOCUMENT},
    "validate-code/": {"code": examples.OWN_CODE},
    "sandbox-test/": {"code": examples.OWN_CODE},
}
each_door = pytest.mark.parametrize(("door", "body"), BODIES.items())


@each_door
def test_nothing_is_stored(api: APIClient, door: str, body: dict[str, Any]) -> None:
    assert api.post(f"{HARDENED}{door}", body).status_code == 200
    assert not Strategy.objects.exists()


@each_door
def test_nobody_asks_without_signing_in(
    anonymous: APIClient, problem: Any, db: None, door: str, body: dict[str, Any]
) -> None:
    problem(anonymous.post(f"{HARDENED}{door}", body), 401)


@each_door
def test_a_field_that_is_missing_or_not_known_is_refused(
    api: APIClient, problem: Any, door: str, body: dict[str, Any]
) -> None:
    problem(api.post(f"{HARDENED}{door}", {}), 400)
    details = problem(api.post(f"{HARDENED}{door}", {**body, "polcy": "lax"}), 400)["details"]
    assert [detail["field"] for detail in details] == ["polcy"]


@each_door
def test_its_rate_is_that_of_what_computes(
    api: APIClient, problem: Any, settings: Any, door: str, body: dict[str, Any]
) -> None:
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "compute": "1/d"}
    assert api.post(f"{HARDENED}{door}", body).status_code == 200
    problem(api.post(f"{HARDENED}{door}", body), 429)


def test_there_is_no_deployment(api: APIClient, problem: Any) -> None:
    problem(api.post(f"{HARDENED}1/deploy/", {}), 404)


# validate-schema


def test_a_canonical_document_is_valid(api: APIClient) -> None:
    body = api.post(f"{HARDENED}validate-schema/", {"canonical_json": DOCUMENT}).json()
    assert (body["valid"], body["errors"], body["canonical_json"]) == (True, [], DOCUMENT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timeframe": "daily"}, "canonical_json/timeframe"),
        ({"schema_version": 2}, "canonical_json/schema_version"),
        ({"sizing": {"type": "fraction", "value": 50}}, "canonical_json/sizing/value"),
        ({"entry_rules": ["RSI(14) drops below 30"]}, "canonical_json/entry_rules/0"),
        ({"extra": 1}, "canonical_json/extra"),
    ],
)
def test_anything_else_is_named_by_its_place(api: APIClient, change: dict[str, Any], field: str) -> None:
    body = api.post(f"{HARDENED}validate-schema/", {"canonical_json": {**DOCUMENT, **change}}).json()
    assert not body["valid"]
    assert any(error["field"].startswith(field) for error in body["errors"]), body["errors"]


def test_a_default_that_is_left_out_is_named(api: APIClient) -> None:
    document = {name: value for name, value in DOCUMENT.items() if name != "execution"}
    body = api.post(f"{HARDENED}validate-schema/", {"canonical_json": document}).json()
    assert "canonical_json/execution" in [error["field"] for error in body["errors"]]
    assert api.post(f"{HARDENED}validate-schema/", {"canonical_json": body["canonical_json"]}).json()["valid"]


# validate-code


def test_clean_code_has_no_findings(api: APIClient) -> None:
    assert api.post(f"{HARDENED}validate-code/", {"code": examples.OWN_CODE}).json() == {"ok": True, "findings": []}


@pytest.mark.parametrize(
    ("code", "rule", "line"),
    [
        ("x = 1\nimport os\n", "import", 2),
        ("def f(:\n", "syntax", 1),
        ("x = 1\n" * 20_000, "source-size", 1),
        ("x = '\u202e'\n", "source-character", 1),
    ],
)
def test_findings_name_rule_and_line(api: APIClient, code: str, rule: str, line: int) -> None:
    body = api.post(f"{HARDENED}validate-code/", {"code": code}).json()
    assert body["ok"] is False
    assert (body["findings"][0]["rule"], body["findings"][0]["line"]) == (rule, line)


# sandbox-test


def test_code_is_run_and_its_figures_are_its_own_report(api: APIClient) -> None:
    body = api.post(f"{HARDENED}sandbox-test/", {"code": examples.OWN_CODE, "symbol": "GOOG"}).json()
    assert (body["status"], body["self_reported"], body["findings"]) == ("completed", True, [])
    assert body["metrics"]["bars"] == 2148
    assert body["layers"]


def test_code_that_the_scan_refuses_is_not_run(api: APIClient) -> None:
    body = api.post(f"{HARDENED}sandbox-test/", {"code": "import os\n"}).json()
    assert (body["status"], body["metrics"], body["layers"]) == ("refused", {}, [])
    assert body["findings"][0]["rule"] == "import"


def test_code_that_fails_tells_its_line(api: APIClient) -> None:
    code = examples.OWN_CODE.replace("self.buy()", "1 / 0")
    body = api.post(f"{HARDENED}sandbox-test/", {"code": code}).json()
    assert (body["status"], body["error_line"]) == ("failed", 10)
    assert "ZeroDivisionError" in body["error"]


def test_code_that_never_ends_is_stopped(api: APIClient, settings: Any) -> None:
    settings.SANDBOX_CPU_S = 1
    code = examples.OWN_CODE.replace("self.buy()", "\n            while True:\n                pass")
    body = api.post(f"{HARDENED}sandbox-test/", {"code": code}).json()
    assert (body["status"], body["limits_hit"]) == ("timeout", ["cpu_s"])


@pytest.mark.parametrize("symbol", ["NOWHERE", "../../etc/passwd", "x" * 33, ""])
def test_a_sample_that_is_not_there_is_refused(api: APIClient, problem: Any, symbol: str) -> None:
    response = api.post(f"{HARDENED}sandbox-test/", {"code": examples.OWN_CODE, "symbol": symbol})
    assert [detail["field"] for detail in problem(response, 400)["details"]] == ["symbol"]
