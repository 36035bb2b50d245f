"""The published JSON Schema."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from Backtest.canonical.document import to_document
from Backtest.canonical.schema import SCHEMA_FILE, json_schema, schema_text
from Backtest.canonical.spec import Spec
from tests.generators.documents import rsi_reversal, with_change, without
from tests.generators.specs import specs

VALIDATOR = Draft202012Validator(json_schema())


def test_it_is_a_valid_schema_of_2020_12() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$id"] == "urn:algoagent:strategy:1"


def test_the_published_file_is_the_schema_of_the_models() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_module_prints_it() -> None:
    command = [sys.executable, "-m", "Backtest.canonical.schema"]
    printed = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
    assert json.loads(printed.stdout) == json_schema()


def test_every_model_has_a_title_and_a_description() -> None:
    models = json_schema()["$defs"] | {"Spec": json_schema()}
    assert [name for name, model in models.items() if name != "JsonValue" and not model.get("description")] == []
    assert [name for name, model in models.items() if name != "JsonValue" and not model.get("title")] == []


@settings(max_examples=60, deadline=None)
@given(specs())
def test_what_the_models_accept_the_schema_accepts(spec: Spec) -> None:
    VALIDATOR.validate(to_document(spec))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/strategy_nam", "x"),
        ("/timeframe", "7h"),
        ("/indicators/0/timeframe", "7h"),
        ("/entry_rules", []),
        ("/entry_rules/0/when/type", "compar"),
        ("/entry_rules/0/when/left/shift", -1),
        ("/entry_rules/0/when/right/value", "30"),
        ("/exit_rules/0/when", None),
        ("/exit_rules/0/portion", 0),
        ("/risk/stop_loss/value", 0),
        ("/risk/stop_loss", {"type": "r", "multiple": 2}),
        ("/execution/margin", 2),
        ("/filters/hours", {"from": "9:30", "to": "16:00"}),
    ],
)
def test_what_the_models_refuse_the_schema_refuses(pointer: str, value: Any) -> None:
    document = with_change(rsi_reversal(), pointer, value)
    assert VALIDATOR.is_valid(rsi_reversal())
    assert not VALIDATOR.is_valid(document)


def test_a_missing_rule_is_refused() -> None:
    assert not VALIDATOR.is_valid(without(rsi_reversal(), "/entry_rules"))
