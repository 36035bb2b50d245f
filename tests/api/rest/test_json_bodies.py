"""Bodies are read strictly: what JSON leaves open is refused, and every fault names its place."""

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.response import Response
from rest_framework.test import APIClient

from rest.json_parser import MAX_BODY_BYTES

pytestmark = pytest.mark.usefixtures("our_routes")

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


def _post(client: APIClient, data: bytes, content_type: str = "application/json", address: str = "echo") -> Response:
    response: Response = client.generic("POST", f"/api/{address}/", data, content_type)
    return response


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(TEXT, VALUES, max_size=5))
def test_every_object_of_plain_values_is_read_as_it_is(anonymous: APIClient, body: dict[str, Any]) -> None:
    response = _post(anonymous, json.dumps(body).encode())
    assert response.status_code == 200
    assert response.json() == body


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | TEXT.map(str.encode))
def test_any_bytes_are_either_read_or_refused(anonymous: APIClient, data: bytes) -> None:
    response = _post(anonymous, data)
    assert response.status_code in (200, 400)
    assert set(response.json()) == {"error", "details", "ai_suggestions", "request_id"} or response.status_code == 200


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "b": 1}}', "twice"),
        (b'{"a": NaN}', "NaN is not a number in JSON"),
        (b'{"a": -Infinity}', "not a number in JSON"),
        (b'{"a": 1e999}', "not finite"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": }', "not JSON"),
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"null", "no JSON object"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "nested deeper"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested deeper"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "too large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_json_leaves_open_is_refused(anonymous: APIClient, problem: Any, data: bytes, says: str) -> None:
    assert says in problem(_post(anonymous, data), 400)["error"]


def test_the_place_of_a_fault_is_named(anonymous: APIClient, problem: Any) -> None:
    body = problem(_post(anonymous, b'{"a": [0, {"b": "\\u0000"}]}'), 400)
    assert [detail["field"] for detail in body["details"]] == ["a/1/b"]


def test_nothing_is_an_empty_object(anonymous: APIClient) -> None:
    assert _post(anonymous, b"").json() == {}
    assert _post(anonymous, b"  \n").json() == {}


def test_a_body_of_one_megabyte_is_taken_and_no_more(anonymous: APIClient, problem: Any) -> None:
    frame = len(b'{"a": ""}')
    assert _post(anonymous, b'{"a": "' + b"x" * (MAX_BODY_BYTES - frame) + b'"}').status_code == 200
    problem(_post(anonymous, b'{"a": "' + b"x" * (MAX_BODY_BYTES - frame + 1) + b'"}'), 413)


@pytest.mark.parametrize("kind", ["text/csv", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_of_another_type_is_refused(anonymous: APIClient, problem: Any, kind: str) -> None:
    problem(_post(anonymous, b"a=1", kind), 415)


def test_unknown_fields_are_named_with_the_nearest_known_one(anonymous: APIClient, problem: Any) -> None:
    body = problem(_post(anonymous, b'{"titel": "x", "pieces": []}', address="orders"), 400)
    assert body["details"][0] == {
        "field": "titel",
        "message": "there is no field 'titel'",
        "suggestion": "did you mean title?",
    }


def test_faults_below_are_named_by_a_pointer(anonymous: APIClient, problem: Any) -> None:
    data = {"title": "x", "pieces": [{"name": "short"}, {"name": "too long", "count": -1}]}
    body = problem(_post(anonymous, json.dumps(data).encode(), address="orders"), 400)
    assert [detail["field"] for detail in body["details"]] == ["pieces/1/name", "pieces/1/count"]


def test_a_body_with_thousands_of_unknown_fields_is_answered_briefly(anonymous: APIClient, problem: Any) -> None:
    data = {f"{number:05}" * 30: 1 for number in range(2000)}
    response = _post(anonymous, json.dumps(data).encode(), address="orders")
    problem(response, 400)
    assert len(response.content) < 20_000


def test_an_answer_is_finite(anonymous: APIClient, problem: Any) -> None:
    assert not math.isfinite(float("nan"))
    problem(anonymous.get("/api/not-a-number/"), 500)
