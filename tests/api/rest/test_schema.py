"""What the schema says of every operation: its errors in the one shape, and bodies without other fields."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                yield f"{method.upper()} {path}", operations[method]


def test_every_operation_declares_its_errors_in_the_one_shape(schema: dict[str, Any]) -> None:
    for name, operation in _operations(schema):
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"400", "404", "405", "406", "413", "415", "429", "500"} <= set(errors), name
        for status, answer in errors.items():
            reference = answer["content"]["application/json"]["schema"].get("$ref")
            assert reference == "#/components/schemas/Error" or (name, status) == ("GET /api/health/", "503"), name


def test_where_a_token_is_needed_its_absence_is_declared(schema: dict[str, Any]) -> None:
    for name, operation in _operations(schema):
        if any(operation.get("security", [])):
            assert "401" in operation["responses"], name


def test_a_real_error_is_as_the_schema_says(schema: dict[str, Any], anonymous: APIClient) -> None:
    error = anonymous.post("/api/auth/login/", {"usrname": "ada"}).json()
    assert error["details"]
    jsonschema.validate(error, {**schema["components"]["schemas"]["Error"], "components": schema["components"]})


def test_a_body_has_no_other_fields(schema: dict[str, Any]) -> None:
    bodies = {
        content["schema"]["$ref"].rpartition("/")[2]
        for _, operation in _operations(schema)
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }
    assert "RegisterRequest" in bodies
    assert {
        name for name in bodies if schema["components"]["schemas"][name].get("additionalProperties") is not False
    } == set()


def test_the_token_is_declared_as_a_bearer(schema: dict[str, Any]) -> None:
    schemes = schema["components"]["securitySchemes"]
    assert {name: (scheme["type"], scheme["scheme"]) for name, scheme in schemes.items()} == {
        "bearer": ("http", "bearer"),
        "refreshBearer": ("http", "bearer"),
    }
    operations = dict(_operations(schema))
    assert operations["GET /api/auth/me/"]["security"] == [{"bearer": []}]
    assert operations["GET /api/auth/refresh/"]["security"] == [{"refreshBearer": []}]
    for name in ("register", "login", "refresh", "verify"):
        assert not any(operations[f"POST /api/auth/{name}/"]["security"])
