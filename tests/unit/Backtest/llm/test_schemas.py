"""Schemas as Gemini takes them."""

from datetime import UTC, datetime

import pytest

from Backtest.canonical.schema import json_schema
from Backtest.llm.http_failures import retry_after_s
from Backtest.llm.schemas import fitting, gemini_schema, unfenced
from tests.unit.Backtest.llm.conftest import SCHEMA


def test_defaults_and_bounds_are_left_out_and_null_becomes_nullable() -> None:
    assert gemini_schema(SCHEMA) == {
        "type": "object",
        "properties": {
            "period": {"type": "integer"},
            "side": {"type": "string", "enum": ["long", "short"]},
            "note": {"type": "string", "nullable": True},
        },
        "required": ["period"],
    }


def test_references_are_written_out() -> None:
    schema = {
        "type": "object",
        "properties": {"one": {"$ref": "#/$defs/Side", "description": "which"}},
        "$defs": {"Side": {"enum": ["long", "short"], "title": "Side"}},
    }
    assert gemini_schema(schema) == {
        "type": "object",
        "properties": {"one": {"type": "string", "enum": ["long", "short"], "description": "which"}},
    }


def test_alternatives_become_one_object_whose_shared_properties_are_due() -> None:
    def option(kind: str, **more: object) -> dict[str, object]:
        return {
            "type": "object",
            "properties": {"type": {"const": kind}, **more},
            "required": ["type", *more],
        }

    schema = {"oneOf": [option("percent", value={"type": "number"}), option("atr", multiple={"type": "number"})]}
    assert gemini_schema(schema) == {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["percent", "atr"]},
            "value": {"type": "number"},
            "multiple": {"type": "number"},
        },
        "required": ["type"],
    }


@pytest.mark.parametrize("schema", [{"type": "object"}, {"type": "array"}, {}, {"type": ["string", "integer"]}])
def test_what_gemini_can_t_hold_is_told_in_words_instead(schema: dict[str, object]) -> None:
    assert gemini_schema(schema) is None


def test_the_strategy_language_refers_to_itself_so_it_is_told_in_words() -> None:
    assert gemini_schema(json_schema()) is None


def test_a_fence_around_an_answer_is_forgiven() -> None:
    assert fitting('```json\n{"period": 3}\n```', SCHEMA) == {"period": 3}
    assert unfenced("```\na = 1\n```") == "a = 1"
    assert unfenced("a = 1") == "a = 1"


NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({"Retry-After": "7"}, "", 7.0),
        ({"retry-after": "Mon, 05 Jan 2026 12:00:30 GMT"}, "", 30.0),
        ({"Retry-After": "Mon, 05 Jan 2026 11:00:00 GMT"}, "", 0.0),
        ({"Retry-After": "soon"}, "", None),
        ({}, '{"error": {"details": [{"@type": "x"}, {"retryDelay": "12.5s"}]}}', 12.5),
        ({}, '{"error": "none"}', None),
        ({}, "no JSON", None),
    ],
)
def test_how_long_to_wait_is_a_number_a_date_or_google_s_delay(
    headers: dict[str, str], body: str, expected: float | None
) -> None:
    assert retry_after_s(headers, body, NOON) == expected
