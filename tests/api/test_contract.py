"""The HTTP contract, the URL table and the schema name the same addresses, methods and fields.

The contract is the floor: what it names must be there; what is beside it must be in the schema.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator

from tests.api.routes import operations

# From the architecture's HTTP contract; what later issues build is left out until they do:
# POST /api/production/strategies/{id}/deploy/ and /metrics.
CONTRACT = """
POST /api/auth/register/ /api/auth/login/ /api/auth/refresh/ /api/auth/verify/ /api/auth/logout/
GET /api/auth/refresh/
GET|PATCH /api/auth/me/
GET|POST /api/strategies/
GET|PUT|PATCH|DELETE /api/strategies/{id}/
POST /api/strategies/{id}/validate/ /api/strategies/{id}/generate-code/
POST /api/strategies/{id}/generate-code-from-canonical/ /api/strategies/{id}/chat/
GET /api/strategies/{id}/versions/ /api/strategies/{id}/explain/ /api/strategies/{id}/conversation/
GET|POST /api/backtests/
POST /api/backtests/quick-run/
GET /api/backtests/{id}/ /api/backtests/{id}/trades/ /api/backtests/{id}/equity/ /api/backtests/{id}/chart/
GET /api/backtests/{id}/artifacts/{name}/
GET /api/data/indicators/ /api/data/symbols/ /api/data/sources/ /api/data/datasets/
POST /api/data/fetch/ /api/data/upload/
POST /api/production/strategies/validate-schema/ /api/production/strategies/validate-code/
POST /api/production/strategies/sandbox-test/
POST /api/production/backtests/validate-config/ /api/production/backtests/run-sandbox/
GET /api/trading/positions/ /api/trading/trades/
GET /api/health/
"""
NOT_YET = {"/api/production/strategies/{id}/deploy/", "/metrics"}
ARCHITECTURE = Path(__file__).parents[3] / "shared" / "architecture.md"
PAGES = ["/api/schema/", "/api/docs/", "/admin/"]

STRATEGY = """id name version user_id status canonical_json generated_code code_path assumptions unresolved questions
ai_recommendations created_at updated_at""".split()
QUESTION = "id topic question span alternatives default".split()
RUN = """id strategy_id version status total_pnl win_rate max_drawdown sharpe_ratio total_trades open_at_end metrics
verification verified trades_csv equity_csv report_html manifest created_at""".split()
GENERATED_CODE = "strategy_code file_path success provider validation".split()
SIGN_IN = "access refresh user".split()
RUN_REQUEST = """strategy_id version canonical_json user_description symbol source dataset_id timeframe start_date end_date
account answers accept_defaults""".split()


def contracted() -> set[tuple[str, str]]:
    return {
        (method, address)
        for line in CONTRACT.strip().splitlines()
        for methods, *addresses in [line.split()]
        for method in methods.split("|")
        for address in addresses
    }


def offered() -> set[tuple[str, str]]:
    """The URL table in the contract's words."""
    return {(operation.method.upper(), f"/{_plain(operation.route)}") for operation in operations()}


def _plain(route: str) -> str:
    return re.sub(r"<\w+:(\w+)>", lambda match: "{name}" if match[1] == "name" else "{id}", route)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_every_address_of_the_contract_is_in_the_url_table() -> None:
    assert contracted() - offered() == set()


@pytest.mark.skipif(not ARCHITECTURE.is_file(), reason="the shared documents are not beside this checkout")
def test_the_contract_above_is_that_of_the_architecture() -> None:
    known = {address for _, address in contracted()} | set(PAGES) | NOT_YET
    for line in re.findall(r"^ {4}((?:GET|POST)[|A-Z]* +/.+)$", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE):
        last = ""
        for word in re.findall(r"\S+/(?=\s|$)|/metrics", line):
            beside, below = re.sub(r"[^/]+/$", word, last), last + word
            last_known = [address for address in (word, beside, below) if address in known]
            assert last_known, f"{word} in {line!r}"
            last = last if word not in known and below in known else last_known[0]


def test_the_schema_describes_the_url_table_and_nothing_else(schema: dict[str, Any]) -> None:
    described = {
        (method.upper(), re.sub(r"\{(?!name)\w+\}", "{id}", path))
        for path, methods in schema["paths"].items()
        for method in methods
    }
    assert described == offered()


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_the_contract_are_there(page: str) -> None:
    try:
        found = resolve(page)
    except Resolver404:
        pytest.fail(f"there is no {page}")
    assert found.func.__module__ != "rest.last_resort"


@pytest.mark.parametrize(
    ("component", "fields"),
    [
        ("Strategy", STRATEGY),
        ("Question", QUESTION),
        ("Run", RUN),
        ("GeneratedCode", GENERATED_CODE),
        ("SignedIn", SIGN_IN),
        ("Error", ["error", "details", "ai_suggestions", "request_id"]),
        ("ErrorDetail", ["field", "message", "suggestion"]),
    ],
)
def test_an_answer_has_the_fields_of_the_contract(schema: dict[str, Any], component: str, fields: list[str]) -> None:
    answered = schema["components"]["schemas"][component]
    assert set(fields) - set(answered["properties"]) == set()
    assert set(fields) - set(answered["required"]) == set()


@pytest.mark.parametrize("path", ["/api/backtests/", "/api/backtests/quick-run/"])
def test_a_run_is_asked_for_with_the_fields_of_the_contract(schema: dict[str, Any], path: str) -> None:
    reference = schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    taken = schema["components"]["schemas"][reference.rsplit("/", 1)[-1]]["properties"]
    assert set(RUN_REQUEST) - set(taken) == set()


def test_each_operation_has_an_example_a_summary_and_the_one_shape_of_errors(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation.get("summary"), place
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json", {})
                if int(status) >= 400 and path != "/api/health/":
                    assert content["schema"] == {"$ref": "#/components/schemas/Error"}, f"{place} {status}"
                elif content:
                    assert content.get("examples") or content.get("example"), f"{place} {status}: no example"
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            assert body is None or body.get("examples"), f"{place}: no example of a body"
